"""The terms a wijk agrees on, with the defaults that hold where nothing was agreed."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any

from wijkapp.directory.rules import Distance
from wijkapp.kit.words import lazy as _


class Urgency(StrEnum):
    """How soon care must start. Agreed words, because each has its own answering term."""

    TODAY = "today"  # spoed
    DAY = "day"  # within 24 hours
    THREE_WORKDAYS = "three_workdays"
    PLANNED = "planned"  # on a date


class Escalation(StrEnum):
    """What happens to a request that everybody in reach was asked about, and nobody can take."""

    COORDINATOR = "coordinator"  # the wijkregisseur is told
    SHARED_MAIL = "shared_mail"  # the mail group of the providers of the wijk is told
    UNFILLABLE = "unfillable"  # it is "niet plaatsbaar", with the reason, on the wijkregisseur's list


@dataclass(frozen=True)
class EscalationStep:
    """One step of the ladder after the last round. after: since the term of that round ended."""

    who: Escalation
    after: timedelta


@dataclass(frozen=True)
class Terms:
    """What holds in one wijk at one moment.

    answer_within     how long the providers asked in a round have to answer, per urgency
    rounds            who is asked in each round, nearest first; a round takes in the ones before it
    fresh_for         a capacity figure confirmed less long ago counts as it stands
    stale_after       one confirmed longer ago is shown as unknown; between the two it is ageing
    weekend_counts    Saturday, Sunday and holidays make a figure older too
    messages_kept     how long messages about something are kept once it is over
    wanted_chance     a wave rings as few phones as give this chance of one suitable offer in time
    widen_when_short  a round in which everybody was rung and that chance is not there is followed by the next
                      at once; without it the next round waits until the term is over
    quiet             nobody is rung between these hours in Amsterdam, but for today; equal means never quiet
    escalation        what happens after the last round, in order of time
    take_back_within  how long an offer may be taken back as if it never was
    public_figures    free places stand on the public page of the wijk
    hold_while_offered  a place that is offered is shown as being talked about
    remind_capacity   teams are reminded of figures that fade
    """

    answer_within: dict[Urgency, timedelta] = field(
        default_factory=lambda: {
            Urgency.TODAY: timedelta(minutes=30),
            Urgency.DAY: timedelta(hours=2),
            Urgency.THREE_WORKDAYS: timedelta(hours=4),
            Urgency.PLANNED: timedelta(hours=24),
        }
    )
    rounds: tuple[frozenset[Distance], ...] = (
        frozenset({Distance.WIJK, Distance.NEIGHBOUR}),
        frozenset({Distance.WIJK, Distance.NEIGHBOUR, Distance.REGION}),
    )
    fresh_for: timedelta = timedelta(hours=24)
    stale_after: timedelta = timedelta(hours=72)
    weekend_counts: bool = False
    messages_kept: timedelta = timedelta(days=30)
    wanted_chance: float = 0.95
    widen_when_short: bool = True
    quiet: tuple[time, time] = (time(22), time(7))
    escalation: tuple[EscalationStep, ...] = (
        EscalationStep(Escalation.COORDINATOR, timedelta(0)),
        EscalationStep(Escalation.SHARED_MAIL, timedelta(0)),
        EscalationStep(Escalation.UNFILLABLE, timedelta(hours=24)),
    )
    take_back_within: timedelta = timedelta(minutes=10)
    public_figures: bool = False
    hold_while_offered: bool = True
    remind_capacity: bool = True

    @property
    def tells_group(self) -> bool:
        """Is the shared mail group written to when nobody can?"""
        return any(step.who is Escalation.SHARED_MAIL for step in self.escalation)


DEFAULTS = Terms()

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=7)  # an answering term
LONGEST_LADDER = timedelta(days=14)


def wrong_in(terms: Terms) -> dict[str, Any]:
    """What cannot be agreed, by the name of the clause."""
    wrong: dict[str, Any] = {}
    if not all(SHORTEST <= within <= LONGEST for within in terms.answer_within.values()):
        wrong["answer_within"] = _("Kies een tijd tussen 5 minuten en 7 dagen.")
    if not timedelta(0) < terms.fresh_for < terms.stale_after <= LONGEST_LADDER:
        wrong["stale_after"] = _("Onbekend worden duurt langer dan grijs worden, en hooguit 14 dagen.")
    if not 0.5 <= terms.wanted_chance <= 0.99:
        wrong["wanted_chance"] = _("Kies een kans tussen 50 en 99 procent.")
    if not timedelta(0) <= terms.take_back_within <= timedelta(hours=1):
        wrong["take_back_within"] = _("Kies hooguit 60 minuten.")
    if not timedelta(days=1) <= terms.messages_kept <= timedelta(days=30):
        wrong["messages_kept"] = _("Kies 1 tot en met 30 dagen.")
    if not terms.rounds or any(a - b for a, b in pairwise(terms.rounds)):
        wrong["rounds"] = _("Een ronde neemt de vorige mee.")
    return wrong | _wrong_ladder(terms.escalation)


def _wrong_ladder(steps: tuple[EscalationStep, ...]) -> dict[str, Any]:
    who = [step.who for step in steps]
    if Escalation.COORDINATOR not in who or len(set(who)) != len(who):
        return {"escalation": _("De wijkregisseur hoort het altijd.")}
    waits = [step.after for step in steps]
    if waits != sorted(waits) or not timedelta(0) <= waits[0] <= waits[-1] <= LONGEST_LADDER:
        return {"escalation": _("De stappen volgen op elkaar, binnen 14 dagen.")}
    if Escalation.UNFILLABLE in who and who[-1] is not Escalation.UNFILLABLE:
        return {"escalation": _("Niet plaatsbaar is de laatste stap.")}
    return {}


def to_plain(terms: Terms) -> dict[str, Any]:
    """The terms by the name of each clause, as JSON can hold them."""
    return {one.name: _WRITE.get(one.name, _itself)(getattr(terms, one.name)) for one in fields(Terms)}


def to_json(terms: Terms) -> str:
    """The terms as they are stored: with a version, and as a snapshot with a running request."""
    return json.dumps(to_plain(terms), separators=(",", ":"), sort_keys=True)


@lru_cache(maxsize=500)
def from_json(text: str) -> Terms:
    """The terms that were stored. What did not exist yet when they were agreed is as the defaults say."""
    plain: Mapping[str, Any] = json.loads(text)
    known = {one.name for one in fields(Terms)}
    return Terms(**{name: _READ.get(name, _itself)(value) for name, value in plain.items() if name in known})


def _itself(value: Any) -> Any:
    return value


def _seconds(value: timedelta) -> int:
    return int(value.total_seconds())


def _span(value: float) -> timedelta:
    return timedelta(seconds=value)


def _rounds(value: Iterable[Iterable[str]]) -> tuple[frozenset[Distance], ...]:
    return tuple(frozenset(Distance(one) for one in distances) for distances in value)


def _steps(value: Iterable[tuple[str, float]]) -> tuple[EscalationStep, ...]:
    return tuple(EscalationStep(Escalation(who), _span(after)) for who, after in value)


_SPANS = ("fresh_for", "stale_after", "messages_kept", "take_back_within")

_WRITE: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_SPANS, _seconds),
    "answer_within": lambda value: {urgency.value: _seconds(within) for urgency, within in value.items()},
    "rounds": lambda value: [sorted(one.value for one in distances) for distances in value],
    "quiet": lambda value: [one.isoformat("minutes") for one in value],
    "escalation": lambda value: [(step.who.value, _seconds(step.after)) for step in value],
}
_READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_SPANS, _span),
    "answer_within": lambda value: {Urgency(urgency): _span(within) for urgency, within in value.items()},
    "rounds": _rounds,
    "quiet": lambda value: tuple(time.fromisoformat(one) for one in value),
    "escalation": _steps,
}
