"""Duties laid out for the eye: by day and block, with who has them and where nobody does. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Protocol

from wijkapp.kit import time
from wijkapp.rota.on_duty import OnDuty, Turn, held_at

DAY = timedelta(days=1)
NIGHT_ENDS = timedelta(hours=7)


@dataclass(frozen=True, slots=True)
class Slot:
    """One block of one day: who has it, and who stands behind them.

    row  the place of the block in a day, the same in each day of a week: 1, 2 …
    """

    block: str
    name: str
    starts_at: datetime
    ends_at: datetime
    row: int
    main: tuple[OnDuty, ...]
    backup: tuple[OnDuty, ...]
    runs: bool
    is_over: bool

    @property
    def all(self) -> tuple[OnDuty, ...]:
        return (*self.main, *self.backup)

    @property
    def gaps(self) -> int:
        """How many of its duties nobody has and somebody still could."""
        return 0 if self.is_over else sum(one.is_gap for one in self.all)

    @property
    def is_gap(self) -> bool:
        """Nobody of the main line: nobody comes."""
        return not self.is_over and any(one.is_gap for one in self.main)

    @property
    def is_dark(self) -> bool:
        return is_dark(self.starts_at)


@dataclass(frozen=True, slots=True)
class Day:
    """One day. published: the rota of this day is; without it an empty day means nothing."""

    day: date
    published: bool
    holiday: bool
    slots: tuple[Slot, ...]

    @property
    def gaps(self) -> int:
        return sum(one.gaps for one in self.slots)


def days(
    turns: Iterable[Turn], first: date, count: int, moment: datetime, published: Collection[tuple[date, date]]
) -> tuple[Day, ...]:
    """So many days from this one, each with its duties, as things are at this moment.

    published  first and last day of each rota that is
    """
    shown = sorted(turns, key=lambda one: (one.starts_at, one.ends_at, one.block))
    rows = rows_of(shown)
    by_day = {day: tuple(ones) for day, ones in groupby(shown, lambda one: time.local(one.starts_at).date())}
    return tuple(
        Day(
            day=day,
            published=any(start <= day <= end for start, end in published),
            holiday=any(one.holiday for one in by_day.get(day, ())),
            slots=tuple(_slots(by_day.get(day, ()), rows, moment)),
        )
        for day in (first + n * DAY for n in range(count))
    )


def as_it_is(turn: Turn, moment: datetime) -> OnDuty:
    """Who has this duty: now when it runs, otherwise in the end."""
    return OnDuty(turn, held_at(turn, moment) if turn.runs(moment) else turn.last)


def is_dark(start: datetime) -> bool:
    """Does it begin in the evening or the night? For its colour."""
    return time.local(start).hour >= 17 or time.local(start).hour < 6


class Begins(Protocol):
    """A duty, in whatever form: which block it is and when it begins."""

    @property
    def block(self) -> str: ...

    @property
    def starts_at(self) -> datetime: ...


def rows_of(turns: Iterable[Begins]) -> dict[str, int]:
    """The place of each block in a day, by the clock."""
    begins = {one.block: time.local(one.starts_at).time() for one in turns}
    ordered = sorted(begins, key=lambda block: (begins[block], block))
    return {block: number for number, block in enumerate(ordered, start=1)}


def _slots(turns: Sequence[Turn], rows: dict[str, int], moment: datetime) -> Iterable[Slot]:
    for block, some in groupby(turns, lambda one: one.block):
        ones = tuple(some)
        shown = sorted((as_it_is(one, moment) for one in ones), key=lambda one: one.turn.seat)
        yield Slot(
            block=block,
            name=ones[0].name,
            starts_at=ones[0].starts_at,
            ends_at=ones[0].ends_at,
            row=rows[block],
            main=tuple(one for one in shown if one.is_main),
            backup=tuple(one for one in shown if not one.is_main),
            runs=ones[0].runs(moment),
            is_over=ones[0].ends_at <= moment,
        )


def day_of(moment: datetime) -> date:
    """The day whose duties are about: after midnight still the one on which the night began."""
    return time.local(moment - NIGHT_ENDS).date()


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
