"""A roll-up: what is kept of the requests of a day or a week. Pure; adding two is that of both.

Times are kept as how many fell in each band, so that a median or p90 over any wijken and weeks can be said
without the requests: "half of them within 20 minutes" is true of the requests themselves too.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from wijkapp.matching.rules import UnfillableReason
from wijkapp.oversight.rules.figures import Asked

BANDS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 4320, 10080)
"""Minutes: each band ends at one of these, and what takes longer is in one more. Only ever add a last one."""

REASONS = tuple(UnfillableReason)
"""The order in which `Tally.unplaced` counts. Only ever add a last one."""

Counts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the requests of a wijk.

    judged, in_time  with an offer or with their term over; and of those, with a suitable offer in time
    pending          of which something may still change
    unplaced         per reason of REASONS; zeros at the end are left out, as in the three below
    answer, offer, placement  how many of each band of BANDS
    """

    requests: int = 0
    judged: int = 0
    in_time: int = 0
    placed: int = 0
    pending: int = 0
    unplaced: Counts = ()
    answer: Counts = ()
    offer: Counts = ()
    placement: Counts = ()

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.requests + other.requests,
            self.judged + other.judged,
            self.in_time + other.in_time,
            self.placed + other.placed,
            self.pending + other.pending,
            added(self.unplaced, other.unplaced),
            added(self.answer, other.answer),
            added(self.offer, other.offer),
            added(self.placement, other.placement),
        )


NOTHING = Tally()


def added(one: Counts, other: Counts) -> Counts:
    """Place by place; the shorter one goes on with zeros."""
    if not one or not other:
        return one or other
    return tuple(a + b for a, b in zip_longest(one, other, fillvalue=0))


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together. Added up per count: a page of a region has tens of thousands to add."""
    those = [one for one in tallies if one is not NOTHING]
    return Tally(
        sum([one.requests for one in those]),
        sum([one.judged for one in those]),
        sum([one.in_time for one in those]),
        sum([one.placed for one in those]),
        sum([one.pending for one in those]),
        *(tuple(map(sum, zip_longest(*counts, fillvalue=0))) for counts in _lists(those)),
    )


def _lists(those: Sequence[Tally]) -> tuple[list[Counts], ...]:
    return (
        [one.unplaced for one in those if one.unplaced],
        [one.answer for one in those if one.answer],
        [one.offer for one in those if one.offer],
        [one.placement for one in those if one.placement],
    )


def tally(asked: Sequence[Asked], moment: datetime) -> Tally:
    """The roll-up of these requests, as things stand at this moment."""
    judged = [one for one in asked if one.is_judged(moment)]
    return Tally(
        requests=len(asked),
        judged=len(judged),
        in_time=sum(one.in_time for one in judged),
        placed=sum(one.placed_at is not None for one in asked),
        pending=sum(one.runs or not one.is_judged(moment) for one in asked),
        unplaced=_counted([REASONS.index(one.unfillable) for one in asked if one.unfillable is not None]),
        answer=_banded(one.minutes_to(one.answered_at) for one in asked),
        offer=_banded(one.minutes_to(one.suitable_at) for one in asked),
        placement=_banded(one.minutes_to(one.placed_at) for one in asked),
    )


def _banded(minutes: Iterable[float | None]) -> Counts:
    return _counted([bisect_left(BANDS, one) for one in minutes if one is not None])


def _counted(places: Sequence[int]) -> Counts:
    return tuple(places.count(n) for n in range(max(places, default=-1) + 1))


@dataclass(frozen=True, slots=True)
class Within:
    """Part of the times were this long or shorter. minutes: the end of a band; None: longer than any."""

    minutes: int | None


def within(bands: Counts, part: float) -> Within | None:
    """Within which time that part of them was, as `figures.times` counts; None without any."""
    count = sum(bands)
    if not count:
        return None
    # The same one as in the sorted list of times: of ten the fifth is the median, the ninth is p90.
    rank = (count - 1) // 2 if part == 0.5 else (count - 1) * 9 // 10
    seen = 0
    for number, here in enumerate(bands):
        seen += here
        if seen > rank:
            return Within(BANDS[number] if number < len(BANDS) else None)
    raise AssertionError("a rank beyond the count")
