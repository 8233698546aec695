"""Which offers together cover a whole request. Pure: values in, values out.

Among twelve offers the answer is exact: no smaller combination exists, and none of that size is left out but
because there are too many to show. Nobody is put first by price, size or rank.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from heapq import nsmallest
from itertools import combinations, islice
from uuid import UUID

MOST_SHOWN = 5
"""Combinations somebody still can choose between."""

EXACT_AMONG = 12
"""Offers of which every combination is looked at; with more the search stops at MOST_TRIED."""

MOST_TRIED = 1 << EXACT_AMONG

_DRAWS = 1 << 64
_FIELD = 24  # bits per daypart slot; a sum of minutes needs fewer, so the highest bit is free


@dataclass(frozen=True, slots=True)
class Part:
    """What one offer takes of a request: minutes a week per daypart slot (28), from a day on."""

    offer_id: UUID
    week: tuple[int, ...]
    start_on: date


@dataclass(frozen=True, slots=True)
class Combination:
    """Offers that together cover all that is asked, and none of them can be missed.

    offer_ids  in the order in which the offers were given
    start_on   the first day that the whole need is covered
    """

    offer_ids: tuple[UUID, ...]
    start_on: date


def smallest(
    need: Sequence[int],
    parts: Sequence[Part],
    *,
    visits: Sequence[int] | None = None,
    shuffle: bytes = b"",
    most: int = MOST_SHOWN,
) -> list[Combination]:
    """The smallest combinations that cover the whole need, at most `most` of them.

    need     minutes a week per daypart slot, 28
    visits   visits per slot; given, a part counts in whole visits: two halves of one visit are no visit
    shuffle  any value of the request itself: decides between equals, the same way each time

    Earliest full cover first, then an order that favours nobody. Empty when all together do not cover it.
    One offer that covers it all is a combination too.
    """
    wanted = _wanted(need, visits)
    if not any(wanted):
        return []
    packed = [_pack(_counted(part.week, need, visits)) for part in parts]
    enough = _pack([(1 << _FIELD - 1) - count for count in wanted])
    found = _smallest_sets(packed, enough, _pack([1 << _FIELD - 1] * len(need)))
    draws = [_draw(shuffle, part) for part in parts]

    def place(one: tuple[int, ...]) -> tuple[date, int]:
        return max([parts[index].start_on for index in one]), sum([draws[index] for index in one]) % _DRAWS

    return [_combination([parts[index] for index in one]) for one in nsmallest(most, found, key=place)]


def missing(
    need: Sequence[int], parts: Sequence[Part], *, visits: Sequence[int] | None = None
) -> tuple[int, ...]:
    """What nobody takes when all these offers are taken together, in minutes per slot."""
    left = list(need)
    for share in shares(need, parts, visits=visits):
        left = [have - took for have, took in zip(left, share, strict=True)]
    return tuple(left)


def shares(
    need: Sequence[int], parts: Sequence[Part], *, visits: Sequence[int] | None = None
) -> list[tuple[int, ...]]:
    """Who takes how much when these are taken together: minutes per slot for each part, in the same order.

    Where two can do the same daypart the first takes it, so no slot is given out twice.
    """
    left = _wanted(need, visits)
    made = []
    for part in parts:
        counts = [min(can, open_) for can, open_ in zip(_counted(part.week, need, visits), left, strict=True)]
        before, left = left, [open_ - count for open_, count in zip(left, counts, strict=True)]
        made.append(_minutes(need, _wanted(need, visits), before, left))
    return made


def _minutes(
    need: Sequence[int], whole: Sequence[int], before: Sequence[int], after: Sequence[int]
) -> tuple[int, ...]:
    """Minutes that go with counts: the shares of one slot add up to exactly what is asked of it."""
    # By what was given out before and after, so that the minute that does not divide is not lost.
    return tuple(
        minutes * (count - open_after) // count - minutes * (count - open_before) // count if count else 0
        for minutes, count, open_before, open_after in zip(need, whole, before, after, strict=True)
    )


def _wanted(need: Sequence[int], visits: Sequence[int] | None) -> list[int]:
    """How much each slot needs: minutes, or visits when those are given."""
    if visits is None:
        return list(need)
    return [count if minutes else 0 for minutes, count in zip(need, visits, strict=True)]


def _counted(week: Sequence[int], need: Sequence[int], visits: Sequence[int] | None) -> list[int]:
    """What a part does of each slot, never more than is asked."""
    if visits is None:
        return [min(can, asked) for can, asked in zip(week, need, strict=True)]
    return [
        min(count, can // max(asked // count, 1)) if count and asked else 0
        for can, asked, count in zip(week, need, visits, strict=True)
    ]


def _pack(counts: Sequence[int]) -> int:
    """All slots in one number, so that adding and comparing 28 of them is one step."""
    packed = 0
    for count in reversed(counts):
        packed = packed << _FIELD | count
    return packed


def _smallest_sets(packed: Sequence[int], enough: int, full: int) -> list[tuple[int, ...]]:
    """The smallest sets of indexes whose sum covers every slot.

    enough  what, added to a sum, sets the highest bit of each slot that has enough; full: those bits
    """
    if (sum(packed) + enough) & full != full:
        return []  # all together are not enough
    if len(packed) <= EXACT_AMONG:
        return _exactly(packed, enough, full)
    for tried, one in enumerate(_by_size(len(packed))):
        if (sum([packed[index] for index in one]) + enough) & full == full:
            return _as_small(packed, enough, full, len(one))
        if tried > MOST_TRIED:
            break
    return [_greedy(packed, enough, full)]


def _exactly(packed: Sequence[int], enough: int, full: int) -> list[tuple[int, ...]]:
    sums = [enough]  # of every set of offers; the bits of its index say which are in it
    for one in packed:
        sums += [each + one for each in sums]
    covering = [index for index, each in enumerate(sums) if each & full == full]
    size = min(index.bit_count() for index in covering)
    return [
        tuple(place for place in range(len(packed)) if index >> place & 1)
        for index in covering
        if index.bit_count() == size
    ]


def _by_size(count: int) -> Iterator[tuple[int, ...]]:
    for size in range(1, count + 1):
        yield from combinations(range(count), size)


def _as_small(packed: Sequence[int], enough: int, full: int, size: int) -> list[tuple[int, ...]]:
    """Of many offers: the combinations of this size, as far as they are found in as many tries again."""
    return [
        one
        for one in islice(combinations(range(len(packed)), size), 2 * MOST_TRIED)
        if (sum([packed[index] for index in one]) + enough) & full == full
    ]


def _greedy(packed: Sequence[int], enough: int, full: int) -> tuple[int, ...]:
    """A combination of many offers: all of them, less each that the others can do without."""
    kept = list(range(len(packed)))
    for index in range(len(packed)):
        others = [each for each in kept if each != index]
        if (sum(packed[each] for each in others) + enough) & full == full:
            kept = others
    return tuple(kept)


def _combination(parts: Sequence[Part]) -> Combination:
    return Combination(tuple(part.offer_id for part in parts), max(part.start_on for part in parts))


def _draw(shuffle: bytes, part: Part) -> int:
    """A number that favours nobody. Of a combination the sum: the order in which offers came is no matter."""
    return int.from_bytes(blake2b(shuffle + part.offer_id.bytes, digest_size=8).digest())
