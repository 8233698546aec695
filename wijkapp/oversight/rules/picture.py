"""A quarter of a region as somebody from outside may see it: every figure through `protect`. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from uuid import UUID

from wijkapp.matching.rules import UnfillableReason
from wijkapp.oversight.rules.protect import Part, Released, Vector, part_of, partition, release
from wijkapp.oversight.rules.tally import NOTHING, REASONS, Counts, Tally, Within, total, within
from wijkapp.oversight.rules.weeks import WEEK, Quarter

Counted = Mapping[UUID, Mapping[date, Tally]]
"""Per wijk the weeks that had requests, by their Monday."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Half of them within `median`, nine of ten within `p90`. None: too few to say."""

    median: Within | None = None
    p90: Within | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a wijk, a week or the region. None: protected, or nothing to say."""

    requests: int | None = None
    in_time: Part | None = None
    placed: Part | None = None
    answer: Pace = Pace()
    offer: Pace = Pace()
    placement: Pace = Pace()


HIDDEN = Shown()


@dataclass(frozen=True)
class _Family:
    """Counts that are parts of the requests, and what of them may be shown."""

    number: Released[int]
    norm: Released[int]
    placed: Released[int]


def _number(one: Tally) -> Vector:
    return (one.requests,)


def _norm(one: Tally) -> Vector:
    return one.in_time, one.judged - one.in_time, one.requests - one.judged


def _placed(one: Tally) -> Vector:
    return one.placed, one.requests - one.placed


class Picture:
    """One quarter. Only weeks that are over on `day` count; wijken are shown once the quarter is.

    wijken  all of the region, also those without a request
    """

    def __init__(
        self, quarter: Quarter, wijken: Sequence[UUID], counted: Counted, day: date, least: int
    ) -> None:
        self.quarter, self.least = quarter, least
        self.weeks = [week for week in quarter.weeks if week + WEEK <= day]
        self.over = quarter.is_over(day)
        # By number: a UUID takes Python long to look up, and a region has thousands of cells.
        self._number = {wijk: number for number, wijk in enumerate(wijken)}
        self._cells = [
            [here.get(week, NOTHING) for week in self.weeks]
            for here in (counted.get(wijk, {}) for wijk in wijken)
        ]
        self._may = _Family(*(self._released(vector) for vector in (_number, _norm, _placed)))

    def _released(self, vector: Callable[[Tally], Vector]) -> Released[int]:
        table = {number: [vector(one) for one in row] for number, row in enumerate(self._cells)}
        return release(table, len(self.weeks), self.least, over=self.over)

    @cached_property
    def _whole(self) -> Tally:
        return total(one for row in self._cells for one in row)

    @property
    def region(self) -> Shown:
        may = self._may
        shown = self._shown(self._whole, may.number.total, may.norm.total, may.placed.total)
        return replace(
            shown,
            in_time=shown.in_time if self._may_bound(may.norm) else None,
            placed=shown.placed if self._may_bound(may.placed) else None,
        )

    def _may_bound(self, one: Released[int]) -> bool:
        """May be said that a number of the region is under `least`? Not with as many weeks of 1 at least."""
        return one.total or len(self.weeks) - len(one.columns) != self.least - 1

    def wijk(self, wijk: UUID) -> Shown:
        may, row = self._may, self._number[wijk]
        shown = (row in one.rows for one in (may.number, may.norm, may.placed))
        return self._shown(total(self._cells[row]), *shown)

    def week(self, week: date) -> Shown:
        """The region in one week."""
        may, number = self._may, self.weeks.index(week)
        shown = (number in one.columns for one in (may.number, may.norm, may.placed))
        return self._shown(total(row[number] for row in self._cells), *shown)

    @property
    def reasons(self) -> tuple[dict[UnfillableReason, int], int | None]:
        """Why requests of the region were not placed, and how many of the others: they may still run."""
        if not (self._may.number.total and self._may.placed.total):
            return {}, None
        whole = self._whole
        counts = dict(zip(REASONS, whole.unplaced, strict=False))
        rest = whole.requests - whole.placed - sum(counts.values())
        return partition(counts, max(rest, 0), self.least)

    def _shown(self, one: Tally, number: bool, norm: bool, placed: bool) -> Shown:
        if not number:
            return HIDDEN
        late, unjudged = one.judged - one.in_time, one.requests - one.judged
        may_say = norm or not unjudged
        return Shown(
            requests=one.requests,
            in_time=part_of(one.in_time, late, self.least, shown=norm) if may_say else None,
            placed=part_of(one.placed, one.requests - one.placed, self.least, shown=placed),
            answer=self._pace(one.answer),
            offer=self._pace(one.offer),
            placement=self._pace(one.placement),
        )

    def _pace(self, bands: Counts) -> Pace:
        if sum(bands) < self.least:
            return Pace()
        return Pace(within(bands, 0.5), within(bands, 0.9))
