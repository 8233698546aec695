"""Figures and codes of oversight in words. For templates."""

from wijkapp.kit.words import decimal, lazy, ngettext
from wijkapp.kit.words import gettext as _
from wijkapp.matching import reasons
from wijkapp.matching.rules import UnfillableReason
from wijkapp.oversight.rules import Balance, Period
from wijkapp.oversight.rules.position import Position
from wijkapp.oversight.service.work import Stuck

PERIODS = {
    Period.WEEK: lazy("7 dagen"),
    Period.MONTH: lazy("30 dagen"),
    Period.QUARTER: lazy("3 maanden"),
}

STUCK = {
    Stuck.NO_OFFER: lazy("niemand bood iets aan"),
    Stuck.CHOICE_WAITS: lazy("aanbod wacht op een keuze"),
    Stuck.UNFILLABLE: lazy("niet plaatsbaar"),
}
_STUCK_TAG = {Stuck.NO_OFFER: "few", Stuck.CHOICE_WAITS: "ok", Stuck.UNFILLABLE: "full"}

BALANCES = {
    Balance.FEW: lazy("te weinig keuzes om iets te zeggen"),
    Balance.LESS: lazy("minder gekozen dan zijn plek"),
    Balance.EVEN: lazy("gekozen naar zijn plek"),
    Balance.MORE: lazy("vaker gekozen dan zijn plek"),
}
_BALANCE_TAG = {Balance.FEW: "stale", Balance.LESS: "few", Balance.EVEN: "ok", Balance.MORE: "few"}


POSITIONS = {
    Position.BELOW: lazy("onder"),
    Position.MIDDLE: lazy("midden"),
    Position.ABOVE: lazy("boven"),
}
_POSITION_TAG = {Position.BELOW: "few", Position.MIDDLE: "ok", Position.ABOVE: "ok"}


def position(one: Position) -> str:
    return str(POSITIONS[one])


def position_tag(one: Position) -> str:
    return _POSITION_TAG[one]


def points(hundredths: int) -> str:
    """12,5; a whole number without decimals."""
    text = decimal(abs(hundredths) / 100, digits=1)
    return f"−{text}" if hundredths < 0 and text != "0" else text


def period(one: Period) -> str:
    return str(PERIODS[one])


def stuck(one: Stuck) -> str:
    return str(STUCK[one])


def stuck_tag(one: Stuck) -> str:
    return _STUCK_TAG[one]


def balance(one: Balance) -> str:
    return str(BALANCES[one])


def balance_tag(one: Balance) -> str:
    return _BALANCE_TAG[one]


def unfillable(one: UnfillableReason) -> str:
    return str(reasons.UNFILLABLE[one])


def span(minutes: float | None) -> str:
    """9 min, 2,5 uur, 3 dagen; a dash when it never happened."""
    if minutes is None:
        return "–"
    if minutes < 90:
        return _("%(n)s min", n=round(minutes))
    hours = minutes / 60
    if hours < 24:
        return _("%(n)s uur", n=decimal(hours, digits=1))
    return ngettext("%(num)s dag", "%(num)s dagen", round(hours / 24))


def share(part: float | None) -> str:
    """63%; a dash when there is nothing to take a part of."""
    return "–" if part is None else f"{part:.0%}"


def width(part: float | None) -> int:
    """A part in steps of 5 %, for the length of a bar."""
    return round((part or 0) * 20) * 5
