"""An account that is closed, or a member who stops: their duties become gaps; on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tests.racing import all_at_once
from tests.rota.make import Make
from tests.servers import KINDS
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.outbox import Event
from wijkapp.people.models import Account
from wijkapp.rota import jobs
from wijkapp.rota.checkin import Step
from wijkapp.rota.models import Duty, DutyHold, Member
from wijkapp.rota.rules import HeldBy
from wijkapp.rota.service import holding, leaving, publish
from wijkapp.rota.service.publish import GapsNotSeen

pytestmark = pytest.mark.parametrize("kind", KINDS)

BEFORE = datetime(2026, 12, 21, 11, tzinfo=UTC)
TUESDAY = date(2027, 1, 12)


class Scene:
    """Anna has the night of the 12th, and more."""

    def __init__(self):
        with transaction() as db:
            make = Make(db)
            self.town = make.rota_town(organisations=2, people=4)
            self.plan = make.plan(self.town, weeks=2)
            self.duty = make.duty_on(self.plan, TUESDAY)
            self.anna = self.duty.member_id

    def stops(self, closed=False):
        with transaction() as db:
            member = db.get_one(Member, self.anna)
            if closed:
                db.get_one(Account, member.account_id).active = False
            else:
                member.active = False

    def left(self):
        """How many duties are still Anna's."""
        with reading() as db:
            return db.scalar(select(func.count()).where(Duty.member_id == self.anna))

    def given_up(self):
        """The holds of nobody since the rota was published."""
        with reading() as db:
            return db.scalars(
                select(DutyHold).where(DutyHold.how == HeldBy.NOBODY, DutyHold.number > 1)
            ).all()

    def told(self):
        with reading() as db:
            return sorted(db.scalars(select(Event.to_id).where(Event.name == leaving.LEFT_OPEN)))


@pytest.fixture
def scene(fresh_database, kind):
    fresh_database(kind)
    with time_machine.travel(BEFORE, tick=False) as clock:
        scene = Scene()
        scene.clock = clock
        yield scene


@pytest.mark.parametrize("closed", [False, True])
def test_the_duties_of_who_stops_are_gaps_and_who_plans_hears_it_once(scene, closed):
    had = scene.left()
    assert had > 1
    assert jobs.leavers_due() == 0

    scene.stops(closed)

    assert jobs.leavers_due() == 1
    assert (scene.left(), len(scene.given_up())) == (0, had)
    planners = {one.id for one in (scene.town.coordinator, *scene.town.planners)}
    expected = planners - ({scene.town.account(scene.anna).id} if closed else set())
    assert scene.told() == sorted(expected)
    assert jobs.leavers_due() == 0
    assert scene.told() == sorted(expected)


def test_who_stops_fills_nothing_in_a_rota_in_the_making_and_nobody_hears_of_that(scene):
    with transaction() as db:
        make = Make(db)
        draft = make.draft(scene.town, TUESDAY + timedelta(weeks=2), weeks=1, filled=False)
        for duty in make.duties(draft)[:2]:
            duty.member_id, duty.locked = scene.anna, True
    scene.stops()
    jobs.leavers_due()
    with reading() as db:
        duties = db.scalars(select(Duty).where(Duty.plan_id == draft.id)).all()
        assert not [one for one in duties if one.member_id or one.locked]
        held = select(func.count()).select_from(DutyHold).join(Duty, Duty.id == DutyHold.duty_id)
        assert db.scalar(held.where(Duty.plan_id == draft.id)) == 0
        about = select(Event.id).where(Event.name == leaving.LEFT_OPEN, Event.about_id == draft.id)
        assert db.scalars(about).all() == []
    with pytest.raises(GapsNotSeen):
        publish.publish(scene.town.planners[1], draft.id, {})
    assert jobs.leavers_due() == 0


def test_two_clocks_do_it_once(scene):
    had = scene.left()
    scene.stops()

    said = all_at_once([lambda: leaving.open_up(scene.anna, time.now())] * 4)

    assert sorted(said) == [False, False, False, True]
    assert len(scene.given_up()) == had
    assert len(scene.told()) == len(set(scene.told()))


def test_what_is_over_stays_with_who_did_it(scene):
    scene.clock.move_to(scene.duty.ends_at)
    scene.stops()
    jobs.leavers_due()
    with reading() as db:
        assert db.get_one(Duty, scene.duty.id).member_id == scene.anna


def test_of_a_running_duty_whoever_is_behind_it_is_rung_at_once(scene):
    scene.clock.move_to(scene.duty.starts_at + timedelta(hours=1))
    scene.stops(closed=True)
    assert jobs.leavers_due() == 1
    jobs.check_in_due()
    with reading() as db:
        hold = holding.last_hold(db, scene.duty.id)
        assert (hold.member_id, hold.how) == (None, HeldBy.NOBODY)
        assert hold.from_at == time.now()
        assert hold.step in {Step.TO_BACKUP, Step.TO_COORDINATOR}


def test_who_is_back_before_the_clock_came_keeps_everything(scene):
    had = scene.left()
    assert leaving.open_up(scene.anna, time.now()) is False
    assert scene.left() == had
