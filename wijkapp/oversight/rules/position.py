"""Where a provider stands among the others of a wijk, without a figure of any of them. Pure."""

from collections.abc import Sequence
from enum import StrEnum

LEAST_OTHERS = 4  # with fewer a place says too much of one of them
LEAST_ASKED = 3  # times a provider was asked, before its figure says anything


class Position(StrEnum):
    BELOW = "below"
    MIDDLE = "middle"
    ABOVE = "above"


def position(own: float | None, others: Sequence[float], *, low_is_good: bool = False) -> Position | None:
    """ABOVE: better than three of four of the others. None: too few to say anything."""
    if own is None or len(others) < LEAST_OTHERS:
        return None
    lower, higher = sum(one < own for one in others), sum(one > own for one in others)
    better, worse = (higher, lower) if low_is_good else (lower, higher)
    if 4 * better >= 3 * len(others):
        return Position.ABOVE
    return Position.BELOW if 4 * worse >= 3 * len(others) else Position.MIDDLE
