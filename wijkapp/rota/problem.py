"""What a rota is made of, and how it is written down: plain values, in UTC, nothing of the web or a database.

The JSON is for others too, so its names stay. Points (weight, balance, load) may have two decimals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo


class BadInput(ValueError):
    """The file cannot be used. fields: for each place in the file (`people[2].share`) a sentence in Dutch."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__("; ".join(f"{where}: {what}" for where, what in self.fields.items()))


class Kind(StrEnum):
    """How somebody is on duty; on-call from home is no work until the phone rings."""

    WORK = "work"
    REACHABLE = "bereikbaarheid"
    ON_CALL = "consignatie"
    PRESENT = "aanwezigheid"

    @property
    def works(self) -> bool:
        """Does every hour count as work? Source: Arbeidstijdenbesluit art. 4.8:1 for presence at the site."""
        return self in (Kind.WORK, Kind.PRESENT)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From (included) to (not included), in UTC."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Interval") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Organisation:
    """key: its part of the work, as a number beside those of the others (FTE, clients or a fixed share)."""

    id: str
    key: Fraction


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes duties.

    share          FTE
    busy           shifts at their own organisation; those that touch count as one
    avoid          ids of duties they would rather not have
    balance        points done beyond their part before this rota; negative: still owed
    holidays       holiday duties in earlier years
    exempt_nights  may not be asked for nights (55 years and older)
    """

    id: str
    organisation: str
    level: int
    share: Fraction
    unavailable: tuple[Interval, ...] = ()
    busy: tuple[Interval, ...] = ()
    avoid: frozenset[str] = frozenset()
    balance: Fraction = Fraction(0)
    holidays: int = 0
    exempt_nights: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """One block for one person. weight: points, with what a holiday adds already in it."""

    id: str
    start: datetime
    end: datetime
    kind: Kind = Kind.WORK
    level: int = 2
    weight: Fraction = Fraction(1)
    holiday: bool = False

    @property
    def interval(self) -> Interval:
        return Interval(self.start, self.end)


@dataclass(frozen=True)
class Problem:
    """Everything the planner and the checker know.

    rules  figures the region set itself, by name; None switches a rule off
    keep   duty id -> person id: not to be changed
    """

    timezone: str
    organisations: tuple[Organisation, ...]
    people: tuple[Person, ...]
    duties: tuple[Duty, ...]
    rules: Mapping[str, float | bool | None] = field(default_factory=dict)
    keep: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def person(self) -> Mapping[str, Person]:
        return {person.id: person for person in self.people}

    @cached_property
    def duty(self) -> Mapping[str, Duty]:
        return {duty.id: duty for duty in self.duties}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why nobody can have a duty. kind: as in `wording.REASONS`; facts: what it tells, as JSON."""

    kind: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Open:
    """A duty that nobody has, and why nobody can.

    why      in Dutch, as in the file
    reasons  the facts those sentences are made of; none when they came out of a file
    """

    duty: str
    why: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Rota:
    """Who has which duty, and how fair that is.

    load       points per person in this rota; organisation_load: the same per organisation
    target     points that were meant for each person
    balance    points per person to carry to the next rota
    objective  what is left to wish for, the first number weighs most: open duties, largest deviation of an
               organisation, of a person, of a person's holidays, all deviations together, wishes not met
    bound      no rota can do better than this, in the same order
    proven     objective and bound are the same
    seconds    work of the solver, in seconds it counts itself: the same on every machine
    """

    assignments: Mapping[str, str]
    open: tuple[Open, ...] = ()
    load: Mapping[str, Fraction] = field(default_factory=dict)
    organisation_load: Mapping[str, Fraction] = field(default_factory=dict)
    target: Mapping[str, Fraction] = field(default_factory=dict)
    balance: Mapping[str, Fraction] = field(default_factory=dict)
    objective: tuple[Fraction, ...] = ()
    bound: tuple[Fraction, ...] = ()
    proven: bool = False
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """As in the file; people, organisations and duties in the order of their ids."""
        return {
            "assignments": dict(sorted(self.assignments.items())),
            "open": [{"duty": one.duty, "why": list(one.why)} for one in self.open],
            "load": _points(self.load),
            "organisation_load": _points(self.organisation_load),
            "target": _points(self.target),
            "balance": _points(self.balance),
            "bound": [plain(number) for number in self.bound],
            "objective": [plain(number) for number in self.objective],
            "proven": self.proven,
            "seconds": self.seconds,
        }


def plain(number: Fraction) -> int | float:
    """A number as people write it: whole when it is, otherwise in four decimals."""
    return int(number) if number.denominator == 1 else round(float(number), 4)


def _points(values: Mapping[str, Fraction]) -> dict[str, int | float]:
    return {name: plain(value) for name, value in sorted(values.items())}


def joined(intervals: list[Interval]) -> tuple[Interval, ...]:
    """In order, with those that overlap or touch made into one."""
    found: list[Interval] = []
    for one in sorted(intervals):
        if found and one.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return tuple(found)


def in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
