"""What the pages about swapping call things. Dutch, B1 level; translated where they are shown."""

from fractions import Fraction

from wijkapp.kit.words import decimal, gettext
from wijkapp.kit.words import lazy as _
from wijkapp.rota.rules import SwapState

STATES = {
    SwapState.OPEN: _("loopt"),
    SwapState.APPROVAL: _("wacht op de planner"),
    SwapState.DONE: _("gelukt"),
    SwapState.WITHDRAWN: _("ingetrokken"),
    SwapState.REFUSED: _("afgekeurd"),
    SwapState.LAPSED: _("niet gelukt"),
}

TAGS = {
    SwapState.OPEN: "few",
    SwapState.APPROVAL: "few",
    SwapState.DONE: "ok",
    SwapState.REFUSED: "full",
    SwapState.LAPSED: "full",
}
"""State -> the colour of its tag; the others have none."""


def behind(points: Fraction) -> str:
    """How much somebody has left to do after taking a duty, for who chooses: a number of points."""
    number = decimal(abs(points), digits=1)
    if round(float(points), 1) == 0:
        return gettext("precies op het eigen deel")
    if points > 0:
        return gettext("houdt %(n)s punten over om te doen", n=number)
    return gettext("komt %(n)s punten boven het eigen deel", n=number)
