"""Codes of a client's file as words: what a professional says, in Dutch at B1 level."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from flask_babel.speaklater import LazyString

from wijkapp.clients.rules import (
    Answer,
    ConsentState,
    Data,
    EmergencyReason,
    EndReason,
    GivenBy,
    How,
    Purpose,
    Scope,
    Verdict,
)
from wijkapp.kit import time
from wijkapp.kit.phones import to_e164
from wijkapp.kit.words import lazy as _

Words = Mapping[StrEnum, LazyString]

STATES: Words = {
    ConsentState.WAITING: _("toestemming vragen"),
    ConsentState.GIVEN: _("toestemming"),
    ConsentState.REFUSED: _("cliënt zei nee"),
    ConsentState.ENDED: _("gestopt"),
}
STATE_TAGS: Mapping[StrEnum, str] = {
    ConsentState.WAITING: "few",
    ConsentState.GIVEN: "ok",
    ConsentState.REFUSED: "full",
    ConsentState.ENDED: "stale",
}
ANSWERS: Words = {
    Answer.GIVEN: _("Toestemming gegeven"),
    Answer.REFUSED: _("De cliënt zei nee"),
    Answer.OBJECTION: _("Bezwaar"),
}
GIVEN_BY: Words = {
    GivenBy.CLIENT: _("De cliënt zelf"),
    GivenBy.REPRESENTATIVE: _("De vertegenwoordiger"),
}
HOW: Words = {
    How.SPOKEN: _("Mondeling"),
    How.WRITTEN: _("Op papier"),
    How.DIGITAL: _("Digitaal"),
}
PURPOSES: Words = {
    Purpose.HANDOVER: _("Zorg overdragen"),
    Purpose.CONTINUITY: _("Samen zorg geven"),
    Purpose.EVALUATION: _("Samen terugkijken"),
}
DATA: Words = {
    Data.IDENTITY: _("Wie de cliënt is"),
    Data.APPOINTMENTS: _("Afspraken met de cliënt"),
    Data.REPORTS: _("Berichten over de cliënt"),
    Data.HANDOVER: _("Overdracht"),
}
SCOPES: Words = {
    Scope.ALL: _("Alles"),
    Scope.REPORTS: _("Planning en berichten"),
    Scope.PLANNING: _("Alleen planning"),
    Scope.NONE: _("Niets"),
}
SCOPE_HINTS: Words = {
    Scope.ALL: _("wie, afspraken, berichten en overdracht"),
    Scope.REPORTS: _("wie, afspraken en berichten"),
    Scope.PLANNING: _("wie, waar en wanneer"),
    Scope.NONE: _("kan niets zien"),
}
ENDS: Words = {
    EndReason.WITHDRAWN: _("De cliënt trok de toestemming in."),
    EndReason.EXPIRED: _("De toestemming gold tot een datum, en die is voorbij."),
    EndReason.HANDED_OVER: _("De overdracht is klaar en de bewaartijd is voorbij."),
    EndReason.PLACEMENT_ENDED: _("De plaatsing is gestopt."),
    EndReason.ERASED: _("De cliënt vroeg om alles te wissen."),
    EndReason.REPLACED: _("Er kwam een nieuwe toestemming voor in de plaats."),
}
EMERGENCIES: Words = {
    EmergencyReason.LIFE: _("Gevaar voor leven of gezondheid"),
    EmergencyReason.UNREACHABLE: _("Niemand bereikbaar en de zorg kan niet wachten"),
    EmergencyReason.FOUND: _("Cliënt gevonden die niet kan zeggen wie zorg geeft"),
}
VERDICTS: Words = {
    Verdict.JUSTIFIED: _("terecht"),
    Verdict.UNJUSTIFIED: _("niet terecht"),
}


def state(one: ConsentState) -> str:
    return str(STATES[one])


def state_tag(one: ConsentState) -> str:
    return STATE_TAGS[one]


def answer(one: Answer) -> str:
    return str(ANSWERS[one])


def given_by(one: GivenBy) -> str:
    return str(GIVEN_BY[one])


def how(one: How) -> str:
    return str(HOW[one])


def ended(one: EndReason) -> str:
    return str(ENDS[one])


def scope(one: Scope) -> str:
    return str(SCOPES[one])


def scope_hint(one: Scope) -> str:
    return str(SCOPE_HINTS[one])


def emergency(one: EmergencyReason) -> str:
    return str(EMERGENCIES[one])


def verdict(one: Verdict) -> str:
    return str(VERDICTS[one])


def data(kinds: Iterable[str]) -> str:
    """Kinds of data in a row, in the order of the page; all of them are "alles"."""
    held = {Data(kind) for kind in kinds}
    if not held or held == set(Data):
        return str(_("alles"))
    return ", ".join(str(word).lower() for kind, word in DATA.items() if kind in held)


def purposes(codes: Iterable[str]) -> str:
    return ", ".join(str(PURPOSES[Purpose(code)]).lower() for code in codes)


def whole_day(value: date) -> str:
    """12 maart 1941 as it is written on a card: 12-03-1941."""
    return f"{value:%d-%m-%Y}"


def dial(written: str) -> str | None:
    """The number to call, when what was written is one."""
    return to_e164(written) if written else None


def years(born: date) -> int:
    """How old somebody is today."""
    today = time.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def day_of(moment: datetime) -> date:
    return time.local(moment).date()


def last_day(until: datetime) -> date:
    """The last day that something may be seen, of when it ends. Midnight ends the day before."""
    return day_of(until - timedelta(microseconds=1))
