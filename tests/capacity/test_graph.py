"""How figures moved, day by day, and where that stands in the drawing."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from wijkapp.capacity import graph
from wijkapp.capacity.graph import Move
from wijkapp.capacity.rules import Change
from wijkapp.kit.time import AMSTERDAM

CARE, WOUNDS = UUID(int=1), UUID(int=2)
MONDAY = date(2026, 11, 16)


def move(text: str, places: int, what: Change = Change.PUBLISHED, figure: UUID = CARE, by_hand=True) -> Move:
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=AMSTERDAM)
    return Move(figure, what, places, moment, by_hand)


def test_each_day_has_what_was_free_at_its_end_and_what_happened():
    moves = [
        move("2026-11-01 09:00", 3),  # before the first day: it still stands
        move("2026-11-17 09:00", 3, Change.CONFIRMED),
        move("2026-11-17 09:00", 2, Change.CONFIRMED, WOUNDS),  # one look at two figures
        move("2026-11-18 14:00", 2, Change.TAKEN, by_hand=False),
        move("2026-11-18 16:00", 3, Change.GIVEN_BACK, by_hand=False),
        move("2026-11-18 17:00", 2, Change.TAKEN, by_hand=False),
    ]

    found = graph.days(moves, MONDAY, MONDAY + timedelta(days=3))

    shown = [(day.day.day, day.places, day.confirmed, day.placed, day.given_back) for day in found]
    assert shown == [(16, 3, 0, 0, 0), (17, 5, 1, 0, 0), (18, 4, 0, 2, 1), (19, 4, 0, 0, 0)]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-28 23:59", 28),
        ("2026-03-29 00:00", 29),
        ("2026-03-29 03:00", 29),
        ("2026-03-29 23:59", 29),
        ("2026-10-25 23:59", 25),
        ("2026-10-26 00:00", 26),
    ],
)
def test_a_day_is_one_of_amsterdam_also_when_the_clock_changes(moment, day):
    month = int(moment[5:7])
    first = date(2026, month, 25 if month == 10 else 28)
    found = graph.days([move(moment, 2)], first, first + timedelta(days=2))

    assert [one.day.day for one in found if one.confirmed] == [day]


def test_before_anything_was_filled_in_there_is_no_line():
    found = graph.days([move("2026-11-18 09:00", 2)], MONDAY, MONDAY + timedelta(days=4))

    assert [day.places for day in found] == [None, None, 2, 2, 2]
    assert graph.draw(found).line.count(",") == 2 * 3
    assert graph.draw(graph.days([], MONDAY, MONDAY)).line == ""


def test_everything_stands_within_the_drawing():
    moves = [move(f"2026-11-{day} 09:00", day % 7 * 14, Change.TAKEN) for day in range(16, 29)]
    drawn = graph.draw(graph.days(moves, MONDAY, MONDAY + timedelta(days=13)))

    points = [tuple(map(float, one.split(","))) for one in (drawn.line + " " + drawn.area).split()]
    points += [(x, y) for x, y, _placed in drawn.dots]
    assert all(graph.LEFT <= x <= graph.WIDTH and graph.TOP <= y <= graph.BOTTOM for x, y in points)
    assert [places for _y, places in drawn.levels] == [0, 42, 84]
    assert [day for _x, day in drawn.weeks] == [MONDAY, MONDAY + timedelta(days=7)]
