"""How a team's free places moved, per day, and where that stands in a drawing. Plain values only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from wijkapp.capacity.rules import Change
from wijkapp.kit import time

WEEKS = 8
LOOKED = frozenset({Change.PUBLISHED, Change.CONFIRMED, Change.CORRECTED})


@dataclass(frozen=True, slots=True)
class Move:
    """One change of one figure. places: after it, 0 when it said full. by_hand: not by a placement."""

    figure: UUID
    what: Change
    places: int
    moment: datetime
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A team on one day in Amsterdam.

    places      free at the end of it, over all figures; None before anything was filled in
    confirmed   how often somebody looked
    placed      clients that came; given_back: placements that fell through
    """

    day: date
    places: int | None
    confirmed: int
    placed: int
    given_back: int


def days(moves: Iterable[Move], first: date, last: date) -> list[Day]:
    """Every day from the first to the last, also those on which nothing happened."""
    waiting = sorted(moves, key=lambda move: move.moment)
    places: dict[UUID, int] = {}
    found, at = [], 0
    day = first
    while day <= last:
        ends = time.day_starts(day + timedelta(days=1))
        today = []
        while at < len(waiting) and waiting[at].moment < ends:
            places[waiting[at].figure] = waiting[at].places
            if time.local(waiting[at].moment).date() == day:
                today.append(waiting[at])
            at += 1
        found.append(_day(day, today, places))
        day += timedelta(days=1)
    return found


def _day(day: date, today: Sequence[Move], places: dict[UUID, int]) -> Day:
    return Day(
        day=day,
        places=sum(places.values()) if places else None,
        confirmed=len({move.moment for move in today if move.what in LOOKED and move.by_hand}),
        placed=sum(move.what is Change.TAKEN for move in today),
        given_back=sum(move.what is Change.GIVEN_BACK for move in today),
    )


@dataclass(frozen=True, slots=True)
class Drawing:
    """The same as points in a drawing of WIDTH by HEIGHT.

    line, area  of the places, as the `points` of an SVG polyline and polygon; a step per day
    dots        placements; ticks: days that somebody looked; weeks: Mondays with where they stand
    levels      numbers of places with where their line stands
    """

    line: str
    area: str
    dots: tuple[tuple[float, float, int], ...]
    ticks: tuple[float, ...]
    weeks: tuple[tuple[float, date], ...]
    levels: tuple[tuple[float, int], ...]


WIDTH, HEIGHT = 400, 210
LEFT, TOP, BOTTOM = 24, 14, 164  # the drawing proper; under it ticks and weeks


def draw(found: Sequence[Day]) -> Drawing:
    """Where everything stands."""
    step = (WIDTH - LEFT) / max(len(found), 1)
    highest = max((day.places or 0 for day in found), default=0)
    top = max(highest, 4)
    top += top % 2  # the line halfway is a whole number

    def x(number: float) -> float:
        return round(LEFT + number * step, 1)

    def y(places: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * places / top, 1)

    placed = [(number, day) for number, day in enumerate(found) if day.placed]
    known = [(number, day.places) for number, day in enumerate(found) if day.places is not None]
    corners = [(x(number + side), y(places)) for number, places in known for side in (0, 1)]
    line = _points(corners)
    ends = [(corners[-1][0], BOTTOM), (corners[0][0], BOTTOM)] if corners else []
    return Drawing(
        line=line,
        area=_points([*corners, *ends]),
        dots=tuple((x(number + 0.5), y(day.places or 0), day.placed) for number, day in placed),
        ticks=tuple(x(number + 0.5) for number, day in enumerate(found) if day.confirmed),
        weeks=tuple((x(number), day.day) for number, day in enumerate(found) if day.day.weekday() == 0),
        levels=tuple((y(places), places) for places in (0, top // 2, top)),
    )


def _points(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in corners)
