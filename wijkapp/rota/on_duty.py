"""Who is on duty at a moment: one answer for page, calendar, telephone switch, paper and escalation.

Pure: what is known of the duties goes in, a list of whom to ring, in order, comes out. All moments in UTC.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wijkapp.rota.problem import Kind
from wijkapp.rota.rules import HeldBy, Line


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes duties, as others see them. active: the account still is."""

    member_id: UUID
    account_id: UUID
    name: str
    phone: str | None  # E.164
    organisation_id: UUID
    organisation: str
    active: bool = True

    @property
    def works_at(self) -> str:
        """The organisation; of a zzp'er, whose organisation has the same name, only what is added to it."""
        return self.organisation.removeprefix(self.name).lstrip(" ,·-") or self.organisation


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody holds a duty from a moment on; person None: nobody does."""

    hold_id: UUID
    person: Person | None
    from_at: datetime
    how: HeldBy
    made_at: datetime
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    missed: bool = False  # should have said that they are there, and did not


@dataclass(frozen=True, slots=True)
class Turn:
    """A published duty with everybody who ever held it, in order; the last one counts.

    name  of the block, as the region agreed it: avond
    """

    duty_id: UUID
    region_id: UUID
    block: str
    name: str
    line: Line
    seat: int
    starts_at: datetime
    ends_at: datetime
    kind: Kind
    level: int
    holiday: bool
    sequence: int
    holds: tuple[Held, ...]

    def runs(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at

    @property
    def last(self) -> Held | None:
        """Who has it as things are: before it starts, while it runs, and after it."""
        return self.holds[-1] if self.holds else None


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One line of whom to ring."""

    turn: Turn
    held: Held | None

    @property
    def person(self) -> Person | None:
        """None: nobody has it, or whoever has it does not work here any more. A gap."""
        person = self.held.person if self.held else None
        return person if person and person.active else None

    @property
    def until(self) -> datetime:
        return self.turn.ends_at

    @property
    def is_main(self) -> bool:
        return self.turn.line is Line.MAIN

    @property
    def is_gap(self) -> bool:
        return self.person is None

    @property
    def checked_in(self) -> bool:
        return self.held is not None and self.held.checked_in_at is not None

    @property
    def is_missed(self) -> bool:
        """It runs, and whoever has it did not say in time that they are there."""
        return self.held is not None and self.held.missed and not self.checked_in


def held_at(turn: Turn, moment: datetime) -> Held | None:
    """Who had, has or will have this duty at this moment, as things are known now.

    Of a duty that has not begun at that moment: whoever has it last.
    """
    if moment < turn.starts_at:
        return turn.last
    # A hold is from the start on, or from when it was given while the duty ran; the last one counts.
    return next((one for one in reversed(turn.holds) if one.from_at <= moment), None)


def spans(turn: Turn) -> tuple[tuple[Held, datetime, datetime], ...]:
    """Who held this duty from when until when, in order; who had it for no time at all is left out."""
    times = within(turn.starts_at, turn.ends_at, [one.from_at for one in turn.holds])
    held = zip(turn.holds, times, strict=True)
    return tuple((one, since, until) for one, (since, until) in held if since < until)


def within(start: datetime, end: datetime, since: Sequence[datetime]) -> list[tuple[datetime, datetime]]:
    """From when until when somebody had it, for each of those who got it at these moments, in order.

    Never before the duty or after it; for no time at all when another got it at once.
    """
    begins = [min(max(one, start), end) for one in since]
    return list(zip(begins, [*begins[1:], end], strict=False))


def chain(turns: Iterable[Turn], moment: datetime) -> tuple[OnDuty, ...]:
    """Whom to ring at this moment, in order: those of the main line, then the back-ups.

    Nobody is in it twice: a back-up who stands in is rung first, and not again. A gap stays visible.
    """
    running = sorted((one for one in turns if one.runs(moment)), key=_in_order)
    return _each_once(OnDuty(one, held_at(one, moment)) for one in running)


def following(turns: Iterable[Turn], moment: datetime) -> tuple[OnDuty, ...]:
    """The same for whoever comes next: the duties that begin first after this moment."""
    later = [one for one in turns if one.starts_at > moment]
    first = min((one.starts_at for one in later), default=None)
    return beginning(later, first) if first else ()


def beginning(turns: Iterable[Turn], start: datetime) -> tuple[OnDuty, ...]:
    """The same for the duties that begin at this very moment, as things are."""
    begin = sorted((one for one in turns if one.starts_at == start), key=_in_order)
    return _each_once(OnDuty(one, one.last) for one in begin)


def to_ring(duties: Iterable[OnDuty]) -> tuple[Person, ...]:
    """The people of a chain, the first to be rung first; gaps left out."""
    return tuple(one.person for one in duties if one.person)


def _in_order(turn: Turn) -> tuple[bool, datetime, str, int]:
    return (turn.line is not Line.MAIN, turn.starts_at, turn.block, turn.seat)


def _each_once(duties: Iterable[OnDuty]) -> tuple[OnDuty, ...]:
    seen: set[UUID] = set()
    found = []
    for one in duties:
        if one.person and one.person.account_id in seen:
            continue
        if one.person:
            seen.add(one.person.account_id)
        found.append(one)
    return tuple(found)
