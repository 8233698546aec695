"""Teams are asked at their own moment, about what fades, once, and no more than helps."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from datetime import time as hour

import pytest
import time_machine
from sqlalchemy import select

from tests.capacity.make import Make
from tests.capacity.town import TUESDAY, Town
from wijkapp.capacity import jobs
from wijkapp.capacity import service as capacity
from wijkapp.capacity.models import CapacityAsk, CapacityChange, CapacityRhythm
from wijkapp.capacity.rules import Change, PauseReason
from wijkapp.capacity.service import remind
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.outbox import Event

DAY = timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel(TUESDAY, tick=False) as travels:
        yield travels


@pytest.fixture
def town(make, clock):
    return Town(make)


def _ticks(clock, moment: datetime) -> int:
    clock.move_to(moment)
    return jobs.remind_due()


def test_the_team_is_asked_a_day_later_at_the_default_moment_about_all_that_fades(town, clock):
    town.figure()
    town.figure("wondzorg", 0)
    assert _ticks(clock, TUESDAY) == 0
    assert _ticks(clock, TUESDAY + DAY - timedelta(minutes=1)) == 0

    assert _ticks(clock, TUESDAY + DAY) == 1

    (ask,) = town.asked()
    assert len(ask.figures) == 2
    assert town.told() == ["Anna"]  # who looked last, alone
    assert _ticks(clock, TUESDAY + DAY) == 0, "once"


def test_a_team_that_looks_at_half_past_two_is_asked_then(town, clock):
    figure = town.figure(age=timedelta(hours=20))
    for days in range(1, 6):
        looked = TUESDAY.replace(hour=14, minute=30) - days * DAY
        town.make._keep(
            CapacityChange(
                capacity_id=figure.id,
                what=Change.CONFIRMED,
                places=2,
                full=False,
                changed_at=looked,
                changed_by_id=town.anna.id,
            )
        )
    _ticks(clock, TUESDAY)  # at the default moment its habit is looked up; and it is asked, for it fades
    _ticks(clock, TUESDAY + timedelta(minutes=1))

    due = town.db.scalars(select(CapacityRhythm.remind_at)).one()
    assert time.local(due) == TUESDAY + DAY  # begun by the default, as nobody knew

    _ticks(clock, TUESDAY + DAY)
    due = town.db.scalars(select(CapacityRhythm.remind_at).execution_options(populate_existing=True)).one()
    assert time.local(due) == TUESDAY.replace(hour=14, minute=30) + DAY


def test_who_confirmed_this_morning_is_left_alone(town, clock):
    figure = town.figure()
    _ticks(clock, TUESDAY)
    clock.move_to(TUESDAY + DAY - timedelta(hours=2))
    capacity.confirm(town.anna, figure.id)

    assert _ticks(clock, TUESDAY + DAY) == 0
    assert _ticks(clock, TUESDAY + 2 * DAY) == 1


def test_without_an_answer_the_others_hear_it_too_and_after_three_days_it_is_once_a_week(town, clock):
    town.figure()
    _ticks(clock, TUESDAY)
    asked = [day for day in range(1, 22) if _ticks(clock, TUESDAY + day * DAY)]

    # Wednesday to Friday; then weekly, on the first working day after a week.
    assert asked == [1, 2, 3, 10, 17]
    assert town.told()[:5] == ["Anna", "Anna", "Daan", "Anna", "Daan"]


@pytest.mark.parametrize("why", ["closed", "told not to", "stopped working", "no longer offered"])
def test_who_has_nothing_to_answer_is_not_asked(town, clock, why):
    town.figure()
    _ticks(clock, TUESDAY)
    if why == "closed":
        today = time.today()
        capacity.pause(town.anna, [town.team.id], PauseReason.HOLIDAY, today, today + 9 * DAY)
    if why == "told not to":
        town.agrees(remind_capacity=False)
    if why == "stopped working":
        town.team.active = False
    if why == "no longer offered":
        town.team.products = ("wondzorg",)
    town.db.flush()

    assert _ticks(clock, TUESDAY + DAY) == 0
    assert town.asked() == []


def test_after_a_holiday_the_team_is_asked_on_the_first_day(town, clock):
    town.figure()
    today = time.today()
    capacity.pause(town.anna, [town.team.id], PauseReason.HOLIDAY, today, today + DAY)  # to Wednesday

    assert [_ticks(clock, TUESDAY + day * DAY) for day in range(3)] == [0, 0, 1]


def test_a_clock_that_stood_still_does_not_ring_at_night(town, clock):
    town.figure()
    _ticks(clock, TUESDAY)

    assert _ticks(clock, TUESDAY.replace(hour=23) + DAY) == 0
    assert _ticks(clock, TUESDAY + 2 * DAY) == 1


def test_who_has_quiet_hours_of_her_own_hears_it_when_they_end(town, clock):
    town.anna.quiet_from, town.anna.quiet_until = hour(20), hour(10)
    town.figure()
    _ticks(clock, TUESDAY)
    _ticks(clock, TUESDAY + DAY)

    event = town.db.scalars(select(Event).where(Event.name == "capacity.remind")).one()
    assert time.local(event.try_at) == TUESDAY.replace(hour=10) + DAY


def test_who_may_not_answer_is_not_asked(town, clock, make):
    admin = make.organisation("Alleen een beheerder")
    boss = make.account(admin, *town.bram.role_set)
    team = make.team(admin, town.wijk)
    make.contact(boss, town.wijk)
    make.capacity(team)
    _ticks(clock, TUESDAY)

    assert _ticks(clock, TUESDAY + DAY) == 0


def test_a_figure_that_changed_since_is_no_longer_asked_about(town, clock):
    figure, other = town.figure(), town.figure("wondzorg", 1)
    _ticks(clock, TUESDAY)
    _ticks(clock, TUESDAY + DAY)
    (ask,) = town.asked()
    capacity.set_places(town.anna, figure.id, 5, seen=1)

    with reading() as db:
        asking = capacity.asking(db, ask.id)

    assert [product.code for product, _figure in asking.lines] == ["wondzorg"]
    assert asking.lines[0][1].id == other.id


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_clocks_ask_once(kind, fresh_database):
    fresh_database(kind)
    with time_machine.travel(TUESDAY, tick=False) as clock:
        with transaction() as db:
            Town(Make(db)).figure()
        jobs.remind_due()
        clock.move_to(TUESDAY + DAY)
        with reading() as db:
            (team_id,) = remind.due(db, time.now(), 10)

        with ThreadPoolExecutor(4) as clocks:
            asked = list(clocks.map(remind.remind, [team_id] * 4))

        assert sorted(asked) == [False, False, False, True]
        with reading() as db:
            assert len(db.scalars(select(CapacityAsk)).all()) == 1
