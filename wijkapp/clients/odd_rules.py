"""What stands out in the log of client data: to look at once a month, not to accuse anybody of."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from wijkapp.clients.audit_rules import Event, Outcome

MANY_FILES = 10
"""More files than this within MANY_WITHIN by one person; a round of care seldom has as many new clients."""

MANY_WITHIN = timedelta(hours=1)
NIGHT_BEGINS, NIGHT_ENDS = 23, 6  # o'clock in Amsterdam
SETTLED = timedelta(hours=24)
"""So long after the handover whoever handed over may still answer a question; then looking needs a reason."""

ONLY_LOOKED = 5
"""From so many files on, somebody who looks and never writes anything stands out."""

MANY_EXPORTS = 3  # in one month, by one person

WRITES = frozenset(
    {
        Event.WRITTEN,
        Event.CORRECTED,
        Event.CANCELLED,
        Event.CONSENT_GIVEN,
        Event.CONSENT_REFUSED,
        Event.OBJECTED,
        Event.LIFTED,
        Event.WITHDRAWN,
    }
)


class Rule(StrEnum):
    """Why something is on the list."""

    MANY_FILES = "many_files"
    AT_NIGHT = "at_night"
    EMERGENCY = "emergency"
    REFUSED = "refused"
    AFTER_HANDOVER = "after_handover"
    ONLY_LOOKED = "only_looked"
    EXPORTS = "exports"


class Verdict(StrEnum):
    """What whoever looked made of it."""

    FINE = "fine"  # it belongs to the work
    DISCUSSED = "discussed"  # talked about with who did it
    BREACH = "breach"  # it was not right: goes on in the log of breaches


@dataclass(frozen=True)
class Line:
    """One line of the log, as far as these rules need it. local: its time on a clock in Amsterdam."""

    seq: int
    at: datetime
    local: datetime
    event: Event
    outcome: Outcome
    code: str | None
    account_id: UUID | None
    organisation_id: UUID | None


@dataclass(frozen=True)
class Handover:
    """When a file was handed over, and who did."""

    at: datetime
    source_id: UUID  # organisation


@dataclass(frozen=True)
class Odd:
    """Something that stands out; the rule and its first line tell it from everything else."""

    rule: Rule
    account_id: UUID
    lines: tuple[Line, ...]

    @property
    def first_seq(self) -> int:
        return self.lines[0].seq

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.code for line in self.lines if line.code))


OnDuty = Callable[[UUID, datetime], bool]


def nobody(_account_id: UUID, _moment: datetime) -> bool:
    """Whether somebody was on duty, where no rota is kept."""
    return False


def odd(
    lines: Iterable[Line],
    handovers: Mapping[str, Handover],
    wrote_before: Collection[UUID] = (),
    on_duty: OnDuty = nobody,
) -> list[Odd]:
    """Everything that stands out in these lines, by first line.

    lines         of one month, by seq
    handovers     by code of the file
    wrote_before  accounts that wrote something in an earlier month
    on_duty       was this account on duty at that moment?
    """
    by_person: defaultdict[UUID, list[Line]] = defaultdict(list)
    for line in lines:
        if line.account_id:
            by_person[line.account_id].append(line)
    found: list[Odd] = []
    for person, own in by_person.items():
        looked = [one for one in own if one.event is Event.READ and one.outcome is Outcome.DONE]
        found += [Odd(Rule.MANY_FILES, person, tuple(some)) for some in _many(looked)]
        found += [Odd(Rule.AT_NIGHT, person, some) for some in _at_night(looked, on_duty)]
        found += [Odd(Rule.EMERGENCY, person, (one,)) for one in own if one.event is Event.GLASS_BROKEN]
        found += [Odd(Rule.REFUSED, person, some) for some in _refused(own)]
        found += [Odd(Rule.AFTER_HANDOVER, person, some) for some in _after_handover(looked, handovers)]
        found += [
            Odd(Rule.ONLY_LOOKED, person, tuple(looked)) for _ in _only_looked(own, looked, wrote_before)
        ]
        exports = [one for one in own if one.event is Event.EXPORTED and one.outcome is Outcome.DONE]
        found += [Odd(Rule.EXPORTS, person, tuple(exports))] if len(exports) > MANY_EXPORTS else []
    return sorted(found, key=lambda one: (one.first_seq, one.rule))


def _many(looked: Sequence[Line]) -> Iterable[Sequence[Line]]:
    """Stretches in which more than MANY_FILES files were opened within MANY_WITHIN; none overlap."""
    start = 0
    while start < len(looked):
        end = start
        while end < len(looked) and looked[end].at - looked[start].at <= MANY_WITHIN:
            end += 1
        if len({line.code for line in looked[start:end]}) > MANY_FILES:
            yield looked[start:end]
            start = end
        else:
            start += 1


def _at_night(looked: Sequence[Line], on_duty: OnDuty) -> Iterable[tuple[Line, ...]]:
    nights: defaultdict[date, list[Line]] = defaultdict(list)
    for line in looked:
        night = line.local.hour >= NIGHT_BEGINS or line.local.hour < NIGHT_ENDS
        if night and line.account_id and not on_duty(line.account_id, line.at):
            # The night belongs to the evening it began.
            nights[(line.local - timedelta(hours=NIGHT_ENDS)).date()].append(line)
    return [tuple(some) for some in nights.values()]


def _refused(own: Sequence[Line]) -> Iterable[tuple[Line, ...]]:
    days: defaultdict[date, list[Line]] = defaultdict(list)
    for line in own:
        if line.outcome is Outcome.REFUSED:
            days[line.local.date()].append(line)
    return [tuple(some) for some in days.values()]


def _after_handover(looked: Sequence[Line], handovers: Mapping[str, Handover]) -> Iterable[tuple[Line, ...]]:
    files: defaultdict[str, list[Line]] = defaultdict(list)
    for line in looked:
        handover = handovers.get(line.code or "")
        if handover and line.organisation_id == handover.source_id and line.at > handover.at + SETTLED:
            files[line.code or ""].append(line)
    return [tuple(some) for some in files.values()]


def _only_looked(own: Sequence[Line], looked: Sequence[Line], wrote_before: Collection[UUID]) -> list[bool]:
    wrote = any(line.event in WRITES for line in own) or own[0].account_id in wrote_before
    return [True] if not wrote and len({line.code for line in looked}) >= ONLY_LOOKED else []
