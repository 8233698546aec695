"""Which sums of a quarter may be shown, so that nobody can work out a small number. Pure.

A table has a row per wijk and a column per week; a count in it is a vector of parts, such as requests in time
and too late. Small is 1 up to but not including `least`, in any part. Nought says nothing about anybody.

Shown are only: the total, columns (the region in a week) and, beside the total, rows (a wijk over the
quarter). What can be worked out by adding and subtracting these are unions of rows, with the hidden ones as
one, and of columns, with the hidden ones as one. Each of those is safe here, so each union is; and none is a
sum that only one set of hidden numbers has. tests/oversight/test_protect.py tries all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
Vector = tuple[int, ...]
Table = Mapping[Row, Sequence[Vector]]


@dataclass(frozen=True)
class Released(Generic[Row]):
    """What of a table may be shown. columns: their numbers."""

    total: bool
    rows: frozenset[Row]
    columns: frozenset[int]


def is_safe(vector: Vector, least: int) -> bool:
    for part in vector:  # noqa: SIM110 - asked tens of thousands of times for one page
        if 0 != part < least:
            return False
    return True


def release(table: Table[Row], width: int, least: int, *, over: bool = True) -> Released[Row]:
    """What may be shown of a quarter.

    width  columns, of `parts` each
    over   is it over? While it runs only columns are shown: rows would grow by a week at a time

    A column that may be shown while the quarter runs, may be so when it is over: nobody forgets what he saw.
    """
    return _Search(table, width, least).found(over)


class _Search(Generic[Row]):
    def __init__(self, table: Table[Row], width: int, least: int) -> None:
        self.table, self.least = table, least
        self.weeks = range(width)
        self.columns = [_sum([row[week] for row in table.values()]) for week in self.weeks]
        self.shown_columns = [week for week in self.weeks if self.safe(self.columns[week])]
        self.hidden_columns = [week for week in self.weeks if not self.safe(self.columns[week])]
        self.totals = {row: _sum(cells) for row, cells in table.items()}

    def safe(self, vector: Vector) -> bool:
        return is_safe(vector, self.least)

    def found(self, over: bool) -> Released[Row]:
        columns = frozenset(self.shown_columns)
        hidden = [self.columns[week] for week in self.hidden_columns]
        if over and self.safe(_sum(self.columns)) and self._hides(hidden):
            rows = self._rows()
            if rows is not None:
                return Released(True, rows, columns)
        return Released(False, frozenset(), columns)

    def _rows(self) -> frozenset[Row] | None:
        """Beside the total: those that are large enough, less the smallest until the others hide each other.

        None: also all rows together do not.
        """
        shown = {row for row in self.table if self.safe(self.totals[row])}
        while not self._hides([self.totals[row] for row in self.table if row not in shown]):
            left = [row for row in shown if any(self.totals[row])]
            if not left:
                return None
            shown.discard(min(left, key=lambda row: sum(self.totals[row])))
        return frozenset(shown)

    def _hides(self, group: Sequence[Vector]) -> bool:
        """Of whose sum is known: is that large enough, and does it not tell each of them?

        A hidden number is 1 to least - 1: when all of them are the one, or all the other, their sum says so.
        """
        if not self.safe(_sum(group)):
            return False
        parts = (set(part) - {0} for part in zip(*group, strict=True))
        return all(part not in ({1}, {self.least - 1}) for part in parts)


def _sum(vectors: Sequence[Vector]) -> Vector:
    return tuple(map(sum, zip(*vectors, strict=True)))


@dataclass(frozen=True, slots=True)
class Part:
    """A share. More or less exact: low and high are the same, or say between which it must be."""

    low: float
    high: float

    @property
    def exact(self) -> bool:
        return self.low == self.high


def part_of(count: int, rest: int, least: int, *, shown: bool) -> Part | None:
    """The share of `count` in both, as far as it may be known.

    shown  both numbers may be known; else only that one is small or nought, when just that one is
    """
    whole = count + rest
    if not whole:
        return None
    if shown:
        return Part(count / whole, count / whole)
    if whole < least:
        return None
    if rest < least <= count:
        return Part((whole - least + 1) / whole, 1.0)
    if count < least <= rest:
        return Part(0.0, (least - 1) / whole)
    return None


def partition(counts: Mapping[Row, int], rest: int, least: int) -> tuple[dict[Row, int], int | None]:
    """Of the parts of a known whole: those that may be shown, and the others together (None: also hidden).

    rest  what is in none of these parts
    """
    shown = {key: count for key, count in counts.items() if count >= least}
    other = rest + sum(counts.values()) - sum(shown.values())
    while shown and not is_safe((other,), least):
        smallest = min(shown, key=lambda key: shown[key])
        other += shown.pop(smallest)
    return shown, other if is_safe((other,), least) else None
