"""Somebody is on duty, or nobody says so: who hears it, once each."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import delete, select

from tests.racing import all_at_once, refusals
from tests.rota.make import Make
from wijkapp.kit import time
from wijkapp.kit.db import transaction
from wijkapp.kit.errors import NotAllowed, NotFound, Refused
from wijkapp.kit.outbox import Event
from wijkapp.people.models import Account
from wijkapp.rota import jobs
from wijkapp.rota.checkin import Step
from wijkapp.rota.models import DutyHold, DutyReach, Member
from wijkapp.rota.rules import HeldBy, Line
from wijkapp.rota.service import candidates, check_in, holding, on_duty, reach, take_over
from wijkapp.rota.service.who import NotYourDuty

TUESDAY = date(2027, 1, 5)


class Night:
    """A published night, its holder (Anna), its back-up (Bram), and everybody else."""

    def __init__(self, db, make):
        self.db, self.make, self.town = db, make, make.rota_town(organisations=2, people=3)
        plan = make.plan(self.town, weeks=1)
        self.duty = make.duty_on(plan, TUESDAY)
        self.backup = make.duty_on(plan, TUESDAY, line=Line.BACKUP)
        self.next = make.duty_on(plan, TUESDAY + timedelta(days=1), block="evening")
        self.anna, self.bram = (self.town.account(duty.member_id) for duty in (self.duty, self.backup))
        db.execute(delete(Event))

    def member(self, duty):
        return self.db.get_one(Member, duty.member_id)

    @property
    def hold(self):
        self.db.expire_all()
        return holding.last_hold(self.db, self.duty.id)

    def told(self, name):
        """Who heard this of the night; each time."""
        return list(
            self.db.scalars(
                select(Event.to_id).where(Event.name == f"rota.{name}", Event.about_id == self.duty.id)
            )
        )

    def waits(self, name):
        """Who did not hear it yet, and will."""
        waiting = select(Event.to_id).where(Event.name == f"rota.{name}", Event.done_at.is_(None))
        return list(self.db.scalars(waiting.where(Event.about_id == self.duty.id)))

    def now(self, moment):
        return on_duty.now(self.db, self.town.region.id, moment).now


@pytest.fixture
def night(db):
    return Night(db, Make(db))


@pytest.fixture
def clock(night):
    """At the start of the night."""
    with time_machine.travel(night.duty.starts_at, tick=False) as clock:
        yield clock


def go(clock, night, **later):
    """So long after the start, with everything done that is due by then."""
    clock.move_to(night.duty.starts_at + timedelta(**later))
    jobs.check_in_due()


def test_the_holder_is_reminded_an_hour_and_ten_minutes_before(night, clock):
    go(clock, night, minutes=-61)
    assert night.told("in_an_hour") == []
    for _tick in range(2):
        go(clock, night, minutes=-60)
    assert night.told("in_an_hour") == [night.anna.id]
    assert night.told("be_there") == []
    for _tick in range(2):
        go(clock, night, minutes=-10)
    assert night.told("be_there") == [night.anna.id]


def test_who_checks_in_is_on_duty_and_nobody_is_rung(night, clock):
    go(clock, night, minutes=-60)
    go(clock, night, minutes=-10)
    check_in.come(night.anna, night.duty.id)
    for minutes in (15, 25, 60):
        go(clock, night, minutes=minutes)
    assert night.told("step_in") == night.told("nobody_there") == night.told("missed") == []
    assert night.now(night.duty.starts_at)[0].checked_in


def test_no_check_in_rings_the_back_up_and_then_the_coordinator(night, clock):
    for minutes in (-60, -10, 14):
        go(clock, night, minutes=minutes)
    assert night.told("step_in") == []
    go(clock, night, minutes=15)
    assert night.told("step_in") == [night.bram.id]
    assert night.told("missed") == [night.anna.id]
    assert night.told("nobody_there") == []
    go(clock, night, minutes=25)
    assert night.told("nobody_there") == [night.town.coordinator.id]
    go(clock, night, minutes=60)
    assert len(night.told("step_in")) == len(night.told("nobody_there")) == 1


def test_the_back_up_stands_in_with_one_tap_and_is_rung_first_from_then_on(night, clock):
    for minutes in (-10, 15):
        go(clock, night, minutes=minutes)
    check_in.stand_in(night.bram, night.duty.id)
    assert night.hold.how is HeldBy.STANDS_IN
    assert night.hold.checked_in_at is not None
    chain = night.now(night.duty.starts_at + timedelta(minutes=16))
    assert [one.person.account_id for one in chain] == [night.bram.id]
    go(clock, night, minutes=60)
    assert night.told("nobody_there") == []


def test_who_comes_late_ends_the_ringing(night, clock):
    for minutes in (-10, 15, 25):
        go(clock, night, minutes=minutes)
    check_in.come(night.anna, night.duty.id)
    assert sorted(night.told("solved")) == sorted([night.bram.id, night.town.coordinator.id])
    assert night.waits("step_in") == night.waits("nobody_there") == []
    with pytest.raises(check_in.NothingToStandIn):
        check_in.stand_in(night.bram, night.duty.id)


def test_a_third_colleague_who_takes_a_missed_duty_ends_the_ringing(night, clock):
    for minutes in (-10, 15, 25):
        go(clock, night, minutes=minutes)
    assert night.waits("nobody_there") == [night.town.coordinator.id]
    able = [one.who.account_id for one in candidates.lawful(night.db, night.duty, time.now())]
    carla = night.db.get_one(Account, next(one for one in able if one != night.bram.id))
    take_over.take_over(carla, night.duty.id, night.duty.sequence)
    assert sorted(night.told("solved")) == sorted([night.bram.id, night.town.coordinator.id])
    assert night.waits("step_in") == night.waits("nobody_there") == []


def test_who_comes_when_the_back_up_is_there_hears_that(night, clock):
    for minutes in (-10, 15):
        go(clock, night, minutes=minutes)
    check_in.stand_in(night.bram, night.duty.id)
    with pytest.raises(NotAllowed, match="niet"):
        check_in.come(night.anna, night.duty.id)
    assert check_in.stand_in(night.bram, night.duty.id).id == night.duty.id, "twice is fine"


def test_without_a_back_up_the_coordinator_is_rung_at_once(night, clock):
    holding.give(
        night.db, night.backup, None, how=HeldBy.NOBODY, by=None, moment=night.duty.starts_at - timedelta(1)
    )
    night.db.flush()
    for minutes in (-10, 15):
        go(clock, night, minutes=minutes)
    assert night.told("nobody_there") == [night.town.coordinator.id]
    assert night.told("missed") == [night.anna.id]


def test_a_duty_that_nobody_has_is_told_in_the_afternoon_and_rings_the_back_up_at_its_start(night, clock):
    clock.move_to(night.duty.starts_at - timedelta(days=3))
    holding.give(
        night.db, night.duty, None, how=HeldBy.NOBODY, by=None, moment=night.duty.starts_at - timedelta(3)
    )
    night.db.flush()
    go(clock, night, hours=-7)
    planners = {one.id for one in night.town.planners}
    assert set(night.told("open_soon")) == planners | {night.town.coordinator.id}
    go(clock, night, minutes=0)
    assert night.told("step_in") == [night.bram.id]
    check_in.stand_in(night.bram, night.duty.id)
    assert night.now(night.duty.starts_at)[0].person.account_id == night.bram.id


def test_a_duty_that_went_to_another_asks_nothing_more_of_the_first(night, clock):
    go(clock, night, minutes=-60)
    other = next(one for one in night.town.members if one.account_id not in {night.anna.id, night.bram.id})
    moment = night.duty.starts_at - timedelta(minutes=30)
    clock.move_to(moment)
    holding.give(night.db, night.duty, other.id, how=HeldBy.SWAP, by=None, moment=moment)
    night.db.flush()
    go(clock, night, minutes=-10)
    go(clock, night, minutes=-9)
    assert night.told("be_there") == [other.account_id]


def test_a_clock_that_stood_still_takes_up_where_it_was(night, clock):
    go(clock, night, minutes=-60)
    go(clock, night, minutes=40)
    go(clock, night, minutes=40)
    assert night.told("be_there") == [night.anna.id]
    assert night.told("step_in") == [night.bram.id]
    go(clock, night, minutes=50)
    assert night.told("nobody_there") == [night.town.coordinator.id]


def test_checking_in_is_for_the_holder_and_near_the_start(night, clock):
    clock.move_to(night.duty.starts_at - timedelta(minutes=16))
    with pytest.raises(check_in.TooEarly, match=r"22\.45"):
        check_in.come(night.anna, night.duty.id)
    with pytest.raises(NotAllowed):
        check_in.come(night.bram, night.duty.id)
    with pytest.raises(NotAllowed):
        check_in.come(night.town.coordinator, night.duty.id)
    carla = night.make.rota_town(organisations=1, people=1).planners[0]
    with pytest.raises(NotFound):
        check_in.come(carla, night.duty.id)
    clock.move_to(night.duty.ends_at)
    with pytest.raises(check_in.TooLate):
        check_in.come(night.anna, night.duty.id)


def test_standing_in_is_for_the_back_up_when_somebody_is_missing(night, clock):
    with pytest.raises(check_in.NothingToStandIn):
        check_in.stand_in(night.bram, night.duty.id)
    for minutes in (-10, 15):
        go(clock, night, minutes=minutes)
    others = [one for one in night.town.nurses if one.id not in {night.anna.id, night.bram.id}]
    with pytest.raises(NotAllowed):
        check_in.stand_in(others[0], night.duty.id)
    with pytest.raises(NotAllowed):
        check_in.stand_in(night.anna, night.duty.id)


def test_nobody_stands_in_when_the_duty_is_over(night, clock):
    for minutes in (-10, 15):
        go(clock, night, minutes=minutes)
    clock.move_to(night.duty.ends_at)
    with pytest.raises(check_in.TooLate):
        check_in.stand_in(night.bram, night.duty.id)
    clock.move_to(night.duty.ends_at - timedelta(minutes=1))
    check_in.stand_in(night.bram, night.duty.id)
    clock.move_to(night.duty.ends_at)
    assert check_in.stand_in(night.bram, night.duty.id).id == night.duty.id, "twice is fine"


def test_going_off_duty_is_for_the_end(night, clock):
    go(clock, night, minutes=-10)
    check_in.come(night.anna, night.duty.id)
    clock.move_to(night.duty.ends_at - timedelta(minutes=31))
    with pytest.raises(check_in.TooEarly, match=r"6\.30"):
        check_in.leave(night.anna, night.duty.id)
    clock.shift(60)
    for _twice in range(2):
        check_in.leave(night.anna, night.duty.id)
    assert night.hold.checked_out_at == night.duty.ends_at - timedelta(minutes=30)


def test_the_first_screen_asks_to_come_then_to_go_then_for_the_handover(night, clock):
    clock.move_to(night.duty.starts_at - timedelta(hours=2))
    assert check_in.mine(night.db, night.anna) == ()
    clock.move_to(night.duty.starts_at - timedelta(minutes=30))
    [mine] = check_in.mine(night.db, night.anna)
    assert (mine.may_come, mine.on, mine.asks_handover) == (False, False, False)
    clock.move_to(night.duty.starts_at)
    [mine] = check_in.mine(night.db, night.anna)
    assert (mine.may_come, mine.is_late) == (True, True)
    check_in.come(night.anna, night.duty.id)
    [mine] = check_in.mine(night.db, night.anna)
    assert (mine.may_come, mine.on, mine.may_leave) == (False, True, False)
    clock.move_to(night.duty.ends_at + timedelta(minutes=5))
    [mine] = check_in.mine(night.db, night.anna)
    assert (mine.on, mine.may_leave, mine.asks_handover) == (False, True, True)


def test_the_handover_is_asked_for_and_its_absence_told_to_the_next(night, clock):
    go(clock, night, minutes=-10)
    check_in.come(night.anna, night.duty.id)
    clock.move_to(night.duty.ends_at - timedelta(minutes=30))
    jobs.check_in_due()
    assert night.told("handover_due") == [night.anna.id]
    clock.move_to(night.duty.ends_at)
    jobs.check_in_due()
    assert set(night.told("no_handover")) == {night.anna.id, night.member(night.next).account_id}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_clocks_take_each_step_once_and_one_back_up_stands_in(kind, fresh_database, request):
    fresh_database(kind)
    with transaction() as db:
        night = Night(db, Make(db))
        start, duty, bram = night.duty.starts_at, night.duty.id, night.bram
        _roles = bram.role_set, bram.organisation
    with time_machine.travel(start - timedelta(minutes=10)):
        all_at_once([jobs.check_in_due] * 4)
    with time_machine.travel(start + timedelta(minutes=15)):
        all_at_once([jobs.check_in_due] * 4)
        assert refusals(all_at_once([lambda: check_in.stand_in(bram, duty)] * 4)) == {}
    with transaction() as db:
        names = sorted(db.scalars(select(Event.name).where(Event.about_id == duty)))
        assert names == ["rota.be_there", "rota.duty_gone", "rota.missed", "rota.step_in"]
        holds = db.scalars(select(DutyHold).where(DutyHold.duty_id == duty).order_by(DutyHold.number)).all()
        assert [one.how for one in holds] == [HeldBy.PUBLISHED, HeldBy.STANDS_IN]
        assert holds[0].step == Step.RELIEVED


# --- the afternoon before


def afternoon(clock, night, hour, minute=0):
    clock.move_to(night.duty.starts_at - timedelta(hours=23) + timedelta(hours=hour, minutes=minute))
    jobs.reach_due()


def test_the_afternoon_before_everybody_who_is_next_is_tested_once(night, clock):
    afternoon(clock, night, 15, 59)
    assert night.told("reach_test") == []
    for minute in (0, 1):
        afternoon(clock, night, 16, minute)
    assert night.told("reach_test") == [night.anna.id]


def test_who_is_not_heard_of_by_eight_is_told_to_those_who_plan_of_that_organisation(night, clock):
    afternoon(clock, night, 16)
    afternoon(clock, night, 19, 59)
    assert night.told("not_reached") == []
    for minute in (0, 1):
        afternoon(clock, night, 20, minute)
    planner = next(one for one in night.town.planners if one.organisation_id == night.anna.organisation_id)
    assert set(night.told("not_reached")) == {planner.id, night.town.coordinator.id} - {night.anna.id}


def test_whom_our_message_reached_is_not_told_about(night, clock):
    afternoon(clock, night, 16)
    reach.reached(night.anna, night.duty.id)
    with pytest.raises(NotAllowed):
        reach.reached(night.bram, night.duty.id)
    afternoon(clock, night, 20)
    assert night.told("not_reached") == []
    assert night.db.scalar(select(DutyReach.reached_at).where(DutyReach.duty_id == night.duty.id))


def test_who_gets_the_duty_afterwards_is_tested_too(night, clock):
    afternoon(clock, night, 16)
    other = next(one for one in night.town.members if one.account_id not in {night.anna.id, night.bram.id})
    moment = night.duty.starts_at - timedelta(hours=5)
    holding.give(night.db, night.duty, other.id, how=HeldBy.SWAP, by=None, moment=moment)
    night.db.flush()
    afternoon(clock, night, 18)
    assert night.told("reach_test") == [night.anna.id, other.account_id]
    afternoon(clock, night, 20)
    assert night.told("not_reached").count(night.town.coordinator.id) == 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_when_the_holder_and_the_back_up_tap_at_once_one_of_them_is_on_duty(kind, fresh_database):
    fresh_database(kind)
    with transaction() as db:
        night = Night(db, Make(db))
        start, duty, region = night.duty.starts_at, night.duty.id, night.town.region.id
        people = {night.anna: check_in.come, night.bram: check_in.stand_in}
        _loaded = [(one.role_set, one.organisation) for one in people]
    for minutes in (-10, 15):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            jobs.check_in_due()

    with time_machine.travel(start + timedelta(minutes=16)):
        said = all_at_once([lambda who=who, does=does: does(who, duty) for who, does in people.items()])
        with transaction() as db:
            first = on_duty.now(db, region, start + timedelta(minutes=17)).now[0]
    assert first.checked_in
    [refused] = refusals(said)
    assert refused in {check_in.NothingToStandIn, check_in.SomebodyStandsIn, NotYourDuty}
    [took] = [who.id for who, one in zip(people, said, strict=True) if not isinstance(one, Refused)]
    assert first.person.account_id == took
