"""Neem nu over: a duty that runs or is about to begin goes to whoever lawfully takes it, and back again."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import delete, select

from tests.rota.make import Make
from wijkapp.kit.errors import NotAllowed, NotFound
from wijkapp.kit.outbox import Event
from wijkapp.people.models import Account
from wijkapp.people.rules import Role
from wijkapp.rota.models import Duty, Swap
from wijkapp.rota.rules import HeldBy, Line, SwapState
from wijkapp.rota.service import candidates, holding, on_duty, swap_look
from wijkapp.rota.service.balance import balance_of
from wijkapp.rota.service.candidates import NotLawful
from wijkapp.rota.service.swap import Question, ask
from wijkapp.rota.service.take_over import NoMember, YoursAlready, take_over, undo
from wijkapp.rota.swapping import AlreadyTaken, DutyIsOver, NoWayBack, TooEarly

pytestmark = pytest.mark.database("sqlite")
TUESDAY = date(2027, 1, 12)
HOUR = timedelta(hours=1)


class Night:
    """A night that runs since an hour; Anna has it, Bram is its back-up, Carla may take it."""

    def __init__(self, db, clock):
        self.db, self.clock, self.make = db, clock, Make(db)
        self.town = self.make.rota_town(organisations=3, people=4)
        self.plan = self.make.plan(self.town, weeks=2)
        self.duty = self.make.duty_on(self.plan, TUESDAY)
        self.backup = self.make.duty_on(self.plan, TUESDAY, line=Line.BACKUP)
        self.anna, self.bram = (
            self.town.account(self.duty.member_id),
            self.town.account(self.backup.member_id),
        )
        self.at(HOUR)
        able = [self.town.account(one.who.member_id) for one in self.lawful()]
        self.carla = next(one for one in able if one not in (self.anna, self.bram))
        self.others = [one for one in able if one not in (self.anna, self.bram, self.carla)]
        self.unable = next(
            one
            for one in (self.town.account(member.id) for member in self.town.members)
            if one not in able and one != self.anna
        )
        db.execute(delete(Event))

    def at(self, after):
        """So long after the night began."""
        self.moment = self.duty.starts_at + after
        self.clock.move_to(self.moment)

    def lawful(self):
        return candidates.lawful(self.db, self.duty, self.moment)

    def take(self, account, seen=None):
        self.db.expire_all()
        return take_over(account, self.duty.id, self.duty.sequence if seen is None else seen)

    @property
    def rung(self):
        """Who is rung first."""
        return on_duty.now(self.db, self.town.region.id, self.moment).now[0].person

    def told(self, name):
        rows = self.db.scalars(
            select(Account.name).join(Event, Event.to_id == Account.id).where(Event.name == f"rota.{name}")
        )
        return set(rows)


@pytest.fixture
def night(db):
    with time_machine.travel(0, tick=False) as clock:
        yield Night(db, clock)


def test_who_takes_over_is_rung_from_then_on_and_whoever_had_it_is_told(night):
    assert night.rung.account_id == night.anna.id
    until = night.take(night.carla)
    assert night.rung.account_id == night.carla.id
    assert until == night.moment + timedelta(minutes=10)
    assert night.told("duty_gone") == {night.anna.name}
    last = holding.last_hold(night.db, night.duty.id)
    assert (last.how, last.from_at) == (HeldBy.TAKEOVER, night.moment)


def test_who_was_on_duty_before_stays_in_the_story(night):
    night.take(night.carla)
    turn = on_duty.turn(night.db, night.duty.id)
    assert [one.person.account_id for one in turn.holds] == [night.anna.id, night.carla.id]
    before = on_duty.now(night.db, night.town.region.id, night.moment - timedelta(minutes=1)).now[0]
    assert before.person.account_id == night.anna.id


def test_the_points_go_to_who_does_the_work_each_their_part(night):
    start, end = night.duty.starts_at, night.duty.ends_at
    night.at((end - start) / 2)
    before = balance_of(night.db, night.town.region.id)
    night.take(night.carla)
    after = balance_of(night.db, night.town.region.id)
    anna, carla = (night.town.member(one).id for one in (night.anna, night.carla))
    half = night.duty.weight // 2
    assert before[anna] - after[anna] == half
    assert after[carla] - before[carla] == half


def test_the_back_up_may_take_over_and_need_not_be_in_two_places(night):
    night.take(night.bram)
    assert night.rung.account_id == night.bram.id


def test_who_may_not_is_told_which_rule_forbids_it(night):
    with pytest.raises(NotLawful) as refused:
        night.take(night.unable)
    assert night.unable.name in str(refused.value.sentence)
    assert night.rung.account_id == night.anna.id


def test_only_the_rest_of_the_night_counts_for_who_takes_it_over(night):
    member = night.town.member(night.carla)
    night.make.absence(member, night.duty.starts_at - HOUR, night.duty.starts_at + 2 * HOUR)
    with pytest.raises(NotLawful):
        night.take(night.carla)
    night.at(2 * HOUR)
    night.take(night.carla)
    assert night.rung.account_id == night.carla.id


def test_a_duty_of_tonight_can_be_taken_over_and_one_of_tomorrow_cannot(night):
    night.at(-12 * HOUR)
    night.take(night.carla)
    night.at(-13 * HOUR)
    with pytest.raises(TooEarly):
        night.take(night.others[0])
    night.at(8 * HOUR)
    with pytest.raises(DutyIsOver):
        night.take(night.others[0])


def test_of_two_who_look_at_the_same_page_the_second_hears_that_another_was_first(night):
    seen = night.duty.sequence
    night.take(night.carla, seen)
    with pytest.raises(AlreadyTaken):
        night.take(night.others[0], seen)
    with pytest.raises(YoursAlready):
        night.take(night.carla)
    assert night.rung.account_id == night.carla.id


def test_only_who_takes_duties_here_takes_one_over(night):
    with pytest.raises(NoMember):
        night.take(night.town.coordinator)
    with pytest.raises(NotAllowed):
        night.take(night.town.referrer)
    with pytest.raises(NotFound):
        night.take(night.make.account(None, Role.NURSE))


def test_a_mistake_is_undone_within_ten_minutes_by_either_of_the_two(night):
    for who in (night.carla, night.anna, night.town.coordinator):
        night.take(night.carla)
        undo(who, night.duty.id)
        assert night.rung.account_id == night.anna.id
        assert holding.last_hold(night.db, night.duty.id).how is HeldBy.UNDO


def test_undoing_is_not_for_others_nor_for_later_nor_twice(night):
    night.take(night.carla)
    with pytest.raises(NoWayBack):
        undo(next(one for one in night.others if one in night.town.nurses), night.duty.id)
    night.at(HOUR + timedelta(minutes=10))
    with pytest.raises(NoWayBack):
        undo(night.carla, night.duty.id)
    night.take(night.others[0])
    undo(night.others[0], night.duty.id)
    with pytest.raises(NoWayBack):
        undo(night.others[0], night.duty.id)
    assert night.rung.account_id == night.carla.id


def test_the_region_may_agree_on_longer(night):
    night.make.rota_terms(night.town, undo_within=timedelta(minutes=30))
    night.take(night.carla)
    night.at(HOUR + timedelta(minutes=29))
    undo(night.carla, night.duty.id)
    assert night.rung.account_id == night.anna.id


def test_taking_over_ends_the_question_that_ran(night):
    night.at(-5 * HOUR)
    swap_id = ask(night.anna, night.duty.id, Question())
    night.take(night.carla)
    swap = night.db.get_one(Swap, swap_id, populate_existing=True)
    assert (swap.state, swap.taken_by_id) == (SwapState.DONE, night.town.member(night.carla).id)
    assert night.others[0].name in night.told("swap_taken")


def test_taking_over_ends_a_trade_without_trading(night):
    night.at(-12 * HOUR)
    back = swap_look.ask_page(night.anna, night.duty.id).trades[0]
    swap_id = ask(night.anna, night.duty.id, Question(return_duty_id=back.turn.duty_id))
    taker = next(one for one in (night.carla, *night.others) if one.name != back.who.name)
    night.take(taker)
    assert night.db.get_one(Swap, swap_id, populate_existing=True).state is SwapState.WITHDRAWN
    other = night.db.get_one(Duty, back.turn.duty_id, populate_existing=True)
    assert other.member_id == back.who.member_id


def test_the_page_of_a_duty_offers_what_can_be_done(night):
    part = swap_look.part(night.carla, night.duty.id)
    assert part.may_take
    assert part.why_not == ()
    assert swap_look.part(night.unable, night.duty.id).why_not != ()
    assert not swap_look.part(night.anna, night.duty.id).may_take
    assert swap_look.part(night.town.referrer, night.duty.id) is None
    night.take(night.carla)
    assert swap_look.part(night.carla, night.duty.id).undo_until == night.moment + timedelta(minutes=10)
    assert swap_look.part(night.others[0], night.duty.id).undo_until is None
