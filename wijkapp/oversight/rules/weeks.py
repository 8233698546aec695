"""Weeks from Monday, and quarters of whole weeks. Pure.

A quarter here is thirteen ISO weeks, and the last of a year that has a week 53 fourteen. Weeks never lie in
two quarters, so that no figure of a part of a week can be worked out from two others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(days=7)
SETTLED = timedelta(days=14)
"""So long after a week it is shown: while requests are judged, two days differ by one or two of them."""
_WEEKS = 13


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks_between(first: date, last: date) -> Sequence[date]:
    """The Mondays from one to another, both included."""
    return [first + WEEK * n for n in range((last - first).days // 7 + 1)]


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """year: that of the ISO weeks; number: 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        year, week, _weekday = day.isocalendar()
        return cls(year, min((week - 1) // _WEEKS + 1, 4))

    @classmethod
    def read(cls, text: str) -> "Quarter | None":
        """As it stands in an address: 2026-4. None for anything else."""
        year, _, number = text.partition("-")
        if len(year) == 4 and year.isascii() and year.isdigit() and number in {"1", "2", "3", "4"}:
            return cls(int(year), int(number)) if 2000 <= int(year) <= 2999 else None
        return None

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def first(self) -> date:
        """Its first Monday."""
        return date.fromisocalendar(self.year, (self.number - 1) * _WEEKS + 1, 1)

    @property
    def last(self) -> date:
        """Its last Sunday."""
        return self.after.first - timedelta(days=1)

    @property
    def after(self) -> "Quarter":
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def weeks(self) -> Sequence[date]:
        """The Mondays of its weeks."""
        return [self.first + WEEK * n for n in range((self.after.first - self.first).days // 7)]

    def is_over(self, day: date) -> bool:
        return self.last < day


def settled(today: date) -> date:
    """The day up to which may be shown what became of the requests."""
    return today - SETTLED


def last_whole(day: date) -> Quarter:
    """The newest quarter that is over."""
    return Quarter.of(day).before


def quarters_until(last: Quarter, count: int) -> Sequence[Quarter]:
    """So many quarters, the last one last."""
    found = [last]
    while len(found) < count:
        found.append(found[-1].before)
    return found[::-1]
