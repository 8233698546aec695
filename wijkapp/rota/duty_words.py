"""What being on duty says to people. Dutch, B1 level; translated where it is shown."""

from dataclasses import dataclass
from datetime import datetime

from wijkapp.kit import time
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _
from wijkapp.rota.checkin import Tap
from wijkapp.rota.rules import CallFrom, CallOutcome


@dataclass(frozen=True)
class Asks:
    """What one tap is about. title: of the page behind a mail; invites: the words above its link."""

    title: str
    sentence: str
    button: str
    invites: str


ASKED = {
    Tap.HERE: Asks(
        title=_("Je dienst begint"),
        sentence=_("Je dienst begint nu. Meld je aan, dan weet iedereen dat je er bent."),
        button=_("Ik ben er"),
        invites=_("Ben je er? Meld je hier aan, inloggen hoeft niet:"),
    ),
    Tap.STEP_IN: Asks(
        title=_("Kun je inspringen?"),
        sentence=_("Niemand meldde zich aan voor deze dienst. Jij bent achterwacht: kun jij het doen?"),
        button=_("Ik spring in"),
        invites=_("Spring je in? Zeg het hier, inloggen hoeft niet:"),
    ),
    Tap.REACHED: Asks(
        title=_("Komt dit bericht aan?"),
        sentence=_("Je hebt straks dienst. Met dit bericht kijken we of meldingen bij je aankomen."),
        button=_("Ja, dit komt aan"),
        invites=_("Laat weten dat dit aankomt, inloggen hoeft niet:"),
    ),
}


def tapped_in_words(tap: Tap, until: datetime) -> tuple[str, str]:
    """What one tap did, as a title and a sentence."""
    if tap is Tap.REACHED:
        return gettext("Dank je wel"), gettext("Meldingen komen bij je aan. Goede dienst straks.")
    done = gettext("Je hebt dienst tot %(time)s. Goede dienst!", time=time.clock(until))
    return (gettext("Je bent ingesprongen") if tap is Tap.STEP_IN else gettext("Je bent aangemeld")), done


CALLERS = {
    CallFrom.ALARM_CENTRE: _("Meldkamer"),
    CallFrom.GP_POST: _("Huisartsenpost"),
    CallFrom.CLIENT: _("Cliënt of familie"),
    CallFrom.COLLEAGUE: _("Collega"),
    CallFrom.OTHER: _("Iemand anders"),
}

OUTCOMES = {
    CallOutcome.HELPED: _("Zorg gegeven"),
    CallOutcome.BY_PHONE: _("Met bellen opgelost"),
    CallOutcome.PASSED_ON: _("Doorverwezen"),
    CallOutcome.NOT_NEEDED: _("Was niet nodig"),
}
