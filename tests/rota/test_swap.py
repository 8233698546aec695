"""A duty is asked of others: only of who may, until one says yes, and until then it stays where it was."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import delete, select

from tests.rota.make import Make
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound
from wijkapp.kit.outbox import Event
from wijkapp.people.models import Account
from wijkapp.people.rules import Role
from wijkapp.rota import jobs
from wijkapp.rota.checker import check_rota
from wijkapp.rota.models import Duty, Member, Swap, SwapAsk
from wijkapp.rota.rules import HeldBy, SwapKind, SwapState
from wijkapp.rota.service import candidates, holding, swap_look
from wijkapp.rota.service.balance import balance_of
from wijkapp.rota.service.candidates import NotLawful
from wijkapp.rota.service.problem import problem_of, rota_of
from wijkapp.rota.service.swap import NobodyCan, NotYours, Question, ask
from wijkapp.rota.service.swap_answer import NotAsked, approve, decline, refuse, take, withdraw
from wijkapp.rota.service.take_over import take_open
from wijkapp.rota.swapping import AlreadyAsked, AlreadyTaken, NotYetTaken, SwapIsOver, TooLate

pytestmark = pytest.mark.database("sqlite")  # takers at the same moment, on both: test_swap_race.py

BEFORE = datetime(2026, 12, 21, 11, tzinfo=UTC)  # noon in Amsterdam, two weeks before the rota begins
TUESDAY = date(2027, 1, 12)


class Region:
    """A published rota of two weeks; Anna has the night of the 12th."""

    def __init__(self, db, make):
        self.db, self.make = db, make
        self.town = make.rota_town(organisations=3, people=4)
        self.plan = make.plan(self.town, weeks=2)
        self.duty = make.duty_on(self.plan, TUESDAY)
        self.anna = self.town.account(self.duty.member_id)
        self.planner = next(one for one in self.town.planners if one != self.anna)
        db.execute(delete(Event))

    def able(self, duty=None) -> list[Account]:
        found = candidates.lawful(self.db, duty or self.duty, BEFORE)
        return [self.town.account(one.who.member_id) for one in found]

    def unable(self) -> Account:
        able = self.able()
        return next(
            one
            for one in (self.town.account(member.id) for member in self.town.members)
            if one not in able and one != self.anna
        )

    def member(self, account) -> Member:
        return self.town.member(account)

    def holder(self, duty=None) -> Account | None:
        self.db.expire_all()
        held = self.db.get_one(Duty, (duty or self.duty).id).member_id
        return self.town.account(held) if held else None

    def swap(self, swap_id) -> Swap:
        self.db.expire_all()
        return self.db.get_one(Swap, swap_id)

    def told(self, name) -> set[str]:
        rows = self.db.scalars(
            select(Account.name).join(Event, Event.to_id == Account.id).where(Event.name == f"rota.{name}")
        ).all()
        assert len(rows) == len(set(rows)), "nobody hears the same thing twice"
        return set(rows)

    def forget(self):
        self.db.execute(delete(Event))


@pytest.fixture
def region(db):
    return Region(db, Make(db))


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(BEFORE, tick=False) as clock:
        yield clock


def names(accounts):
    return {one.name for one in accounts}


def to(*members):
    return Question(frozenset(one.id for one in members))


def a_trade(region):
    with_return = swap_look.ask_page(region.anna, region.duty.id).trades[0]
    return with_return.turn, region.town.account(with_return.who.member_id)


# --- asking


def test_a_pool_asks_everybody_who_may_and_nobody_else(region):
    able = region.able()
    swap_id = ask(region.anna, region.duty.id, Question())
    assert region.told("swap_asked") == names(able)
    assert region.anna not in able
    assert 0 < len(able) < len(region.town.members) - 1
    assert region.swap(swap_id).kind is SwapKind.POOL
    assert region.holder() == region.anna


def test_everybody_who_is_asked_may_by_the_checker_and_the_others_may_not(region):
    problem = problem_of(region.db, region.plan, keep={})
    rota = rota_of(region.db, region.plan, problem)
    before = len(check_rota(problem, rota))
    able = {region.member(one).id for one in region.able()}
    for member in region.town.members:
        if member.id == region.duty.member_id:
            continue
        moved = {**rota.assignments, str(region.duty.id): str(member.id)}
        lawful = len(check_rota(problem, type(rota)(moved, rota.open))) <= before
        assert lawful == (member.id in able)


def test_one_colleague_can_be_asked(region):
    bram = region.able()[0]
    swap_id = ask(region.anna, region.duty.id, to(region.member(bram)))
    assert region.told("swap_asked") == {bram.name}
    assert region.swap(swap_id).kind is SwapKind.ONE


def test_who_may_not_cannot_be_asked_and_the_sentence_says_which_rule(region):
    bram = region.unable()
    with pytest.raises(NotLawful) as refused:
        ask(region.anna, region.duty.id, to(region.member(bram)))
    assert bram.name in str(refused.value.sentence)
    assert str(region.member(bram).id) not in str(refused.value.sentence)
    assert region.db.scalars(select(Swap)).all() == []


def test_who_is_away_is_not_asked_and_nothing_says_why(region):
    bram = region.able()[0]
    region.make.absence(region.member(bram), region.duty.starts_at, region.duty.ends_at)
    assert bram not in region.able()
    ask(region.anna, region.duty.id, Question())
    assert bram.name not in region.told("swap_asked")


def test_a_question_for_which_nobody_is_able_is_refused(region):
    for account in region.able():
        region.make.absence(region.member(account), region.duty.starts_at, region.duty.ends_at)
    with pytest.raises(NobodyCan):
        ask(region.anna, region.duty.id, Question())


def test_one_question_at_a_time(region):
    ask(region.anna, region.duty.id, Question())
    with pytest.raises(AlreadyAsked):
        ask(region.anna, region.duty.id, Question())


def test_only_who_has_it_or_who_plans_asks(region):
    colleague = next(one for one in region.town.nurses if one not in (region.anna, region.planner))
    with pytest.raises(NotYours):
        ask(colleague, region.duty.id, Question())
    elsewhere = region.make.account(None, Role.NURSE, Role.PLANNER, Role.COORDINATOR)
    with pytest.raises(NotFound):
        ask(elsewhere, region.duty.id, Question())
    with pytest.raises(NotAllowed):
        ask(region.town.referrer, region.duty.id, Question())


def test_a_duty_of_a_rota_that_is_not_published_is_not_asked(region):
    draft = region.make.draft(region.town, date(2027, 2, 1), weeks=1)
    duty = region.make.duties(draft)[0]
    with pytest.raises(NotFound):
        ask(region.town.account(duty.member_id), duty.id, Question())


def test_a_duty_that_began_is_not_asked(region, clock):
    clock.move_to(region.duty.starts_at)
    with pytest.raises(TooLate):
        ask(region.anna, region.duty.id, Question())


def test_nobody_is_rung_in_their_quiet_hours_when_it_can_wait(region, clock):
    night = BEFORE + timedelta(hours=12)  # midnight
    clock.move_to(night)
    ask(region.anna, region.duty.id, Question())
    asked = region.db.scalars(select(Event).where(Event.name == "rota.swap_asked")).all()
    assert {one.try_at for one in asked} == {BEFORE + timedelta(hours=19)}  # seven in the morning


def test_when_the_duty_is_tonight_quiet_hours_do_not_count(region, clock):
    moment = region.duty.starts_at - timedelta(hours=4)
    clock.move_to(moment)
    for account in region.able():
        account.quiet_from, account.quiet_until = time(0), time(23, 59)
    region.db.flush()
    ask(region.anna, region.duty.id, Question())
    asked = region.db.scalars(select(Event).where(Event.name == "rota.swap_asked")).all()
    assert {one.try_at for one in asked} == {moment}


# --- answering


def test_who_takes_it_has_it_and_the_points_and_the_others_need_not_answer(region):
    bram, *others = region.able()
    swap_id = ask(region.anna, region.duty.id, Question())
    before = balance_of(region.db, region.town.region.id)
    region.forget()

    assert take(bram, swap_id) is SwapState.DONE

    assert region.holder() == bram
    assert region.told("swap_taken") == names(others)
    assert region.told("duty_gone") == {region.anna.name}
    assert region.told("duty_given") == set()  # took it by an own tap
    last = holding.last_hold(region.db, region.duty.id)
    assert (last.how, last.number, last.by_id) == (HeldBy.SWAP, 2, bram.id)
    after = balance_of(region.db, region.town.region.id)
    bram_id, anna_id = region.member(bram).id, region.member(region.anna).id
    assert after[bram_id] - before[bram_id] == region.duty.weight == before[anna_id] - after[anna_id]


def test_a_tap_twice_is_one_tap(region):
    bram = region.able()[0]
    swap_id = ask(region.anna, region.duty.id, Question())
    assert take(bram, swap_id) is take(bram, swap_id) is SwapState.DONE
    assert len(holding.holds_of(region.db, region.duty.id)) == 2


def test_the_second_who_wants_it_hears_that_another_was_first(region):
    bram, carla, *_others = region.able()
    swap_id = ask(region.anna, region.duty.id, Question())
    take(bram, swap_id)
    with pytest.raises(AlreadyTaken) as refused:
        take(carla, swap_id)
    assert "net voor" in str(refused.value.sentence)
    assert region.holder() == bram


def test_who_was_not_asked_cannot_take_it(region):
    bram, carla, *_others = region.able()
    swap_id = ask(region.anna, region.duty.id, to(region.member(bram)))
    with pytest.raises(NotAsked):
        take(carla, swap_id)
    with pytest.raises(NotAsked):
        take(region.anna, swap_id)
    with pytest.raises(NotAllowed):
        take(region.town.coordinator, swap_id)
    with pytest.raises(NotFound):
        take(region.make.account(None, Role.NURSE), swap_id)


def test_who_has_become_unable_since_cannot_take_it(region):
    bram = region.able()[0]
    swap_id = ask(region.anna, region.duty.id, Question())
    region.make.absence(region.member(bram), region.duty.starts_at, region.duty.ends_at)
    with pytest.raises(NotLawful):
        take(bram, swap_id)
    assert region.swap(swap_id).state is SwapState.OPEN


def test_a_no_of_the_one_who_was_asked_ends_it_and_the_original_knows_it_is_still_theirs(region):
    bram = region.able()[0]
    swap_id = ask(region.anna, region.duty.id, to(region.member(bram)))
    decline(bram, swap_id)
    assert region.swap(swap_id).state is SwapState.LAPSED
    assert region.told("swap_lapsed") == {region.anna.name}
    assert region.holder() == region.anna


def test_a_no_of_everybody_is_told_at_once_and_the_question_stays_open(region):
    able = region.able()
    swap_id = ask(region.anna, region.duty.id, Question())
    for account in able[:-1]:
        decline(account, swap_id)
    assert region.told("swap_no") == set()
    decline(able[-1], swap_id)
    decline(able[-1], swap_id)
    assert region.told("swap_no") == {region.anna.name}
    assert region.swap(swap_id).state is SwapState.OPEN
    assert take(able[0], swap_id) is SwapState.DONE  # changed their mind


def test_withdrawing_leaves_it_as_it_was_and_tells_who_was_asked(region):
    able = region.able()
    swap_id = ask(region.anna, region.duty.id, Question())
    with pytest.raises(NotYours):
        withdraw(next(one for one in able if one in region.town.nurses), swap_id)
    withdraw(region.anna, swap_id)
    withdraw(region.anna, swap_id)
    assert region.told("swap_withdrawn") == names(able)
    with pytest.raises(SwapIsOver):
        take(able[0], swap_id)
    assert region.holder() == region.anna


def test_nobody_keeps_why_somebody_cannot():
    kept = {column.name for table in (Swap, SwapAsk) for column in table.__table__.columns}
    assert not [name for name in kept if "reason" in name or "why" in name or "remark" in name]


# --- a trade


def test_a_trade_goes_both_ways_at_once(region):
    back, bram = a_trade(region)
    swap_id = ask(region.anna, region.duty.id, Question(return_duty_id=back.duty_id))
    assert region.told("swap_asked") == {bram.name}
    take(bram, swap_id)
    assert region.holder() == bram
    assert region.holder(region.db.get_one(Duty, back.duty_id)) == region.anna
    assert region.told("duty_gone") == region.told("duty_given") == {region.anna.name}


def test_a_trade_of_which_the_other_duty_went_to_somebody_else_is_over(region):
    back, bram = a_trade(region)
    swap_id = ask(region.anna, region.duty.id, Question(return_duty_id=back.duty_id))
    other = region.db.get_one(Duty, back.duty_id)
    holding.give(region.db, other, None, how=HeldBy.NOBODY, by=None, moment=BEFORE)
    with pytest.raises(SwapIsOver):
        take(bram, swap_id)
    assert region.holder() == region.anna


def test_a_trade_for_a_duty_of_ones_own_or_of_nobody_is_refused(region):
    own = next(
        one
        for one in region.make.duties(region.plan)
        if one.member_id == region.duty.member_id and one.id != region.duty.id
    )
    with pytest.raises(Invalid):
        ask(region.anna, region.duty.id, Question(return_duty_id=own.id))
    with pytest.raises(Invalid):
        ask(region.anna, region.duty.id, Question(return_duty_id=region.plan.id))


def test_a_trade_may_be_with_a_duty_of_the_next_rota_and_both_rotas_stay_lawful(region):
    later = region.make.plan(region.town, region.plan.last_day + timedelta(days=1), weeks=2)
    found = swap_look.ask_page(region.anna, region.duty.id).trades
    ours = {one.id for one in region.make.duties(later)}
    across = [one for one in found if one.turn.duty_id in ours]
    assert 0 < len(across) < len(found)
    before = [wrong_in(region, plan) for plan in (region.plan, later)]
    back, bram = across[0].turn, region.town.account(across[0].who.member_id)
    swap_id = ask(region.anna, region.duty.id, Question(return_duty_id=back.duty_id))
    take(bram, swap_id)
    assert region.holder(region.db.get_one(Duty, back.duty_id)) == region.anna
    assert [wrong_in(region, plan) for plan in (region.plan, later)] == before


def test_a_trade_with_a_duty_far_away_is_not_offered_and_may_still_be_asked(region):
    later = region.make.plan(region.town, region.plan.last_day + timedelta(weeks=8), weeks=1)
    found = {one.turn.duty_id for one in swap_look.ask_page(region.anna, region.duty.id).trades}
    far = [one for one in region.make.duties(later) if one.member_id != region.duty.member_id]
    assert found.isdisjoint(one.id for one in far)
    for one in far:
        try:
            swap_id = ask(region.anna, region.duty.id, Question(return_duty_id=one.id))
        except NotLawful:
            continue
        take(region.town.account(one.member_id), swap_id)
        assert region.holder(one) == region.anna
        return
    pytest.fail("none of these duties could lawfully be traded")


def wrong_in(region, plan):
    problem = problem_of(region.db, plan, keep={})
    return check_rota(problem, rota_of(region.db, plan, problem))


def test_the_planner_does_not_trade_for_others(region):
    back, _bram = a_trade(region)
    with pytest.raises(NotYours):
        ask(region.town.coordinator, region.duty.id, Question(return_duty_id=back.duty_id))


# --- the planner


def test_the_planner_asks_on_behalf_and_whoever_has_it_is_told_and_may_keep_it(region):
    swap_id = ask(region.town.coordinator, region.duty.id, Question())
    assert region.told("swap_for_you") == {region.anna.name}
    assert region.swap(swap_id).kind is SwapKind.PLANNER
    withdraw(region.anna, swap_id)
    assert region.told("swap_withdrawn") >= {region.town.coordinator.name}


def test_what_the_planner_asks_needs_no_second_planner_and_the_planner_hears_who_comes(region):
    region.make.rota_terms(region.town, swap_approval=True)
    bram = region.able()[0]
    swap_id = ask(region.town.coordinator, region.duty.id, to(region.member(bram)))
    assert take(bram, swap_id) is SwapState.DONE
    assert region.told("swap_agreed") == {region.town.coordinator.name}
    assert holding.last_hold(region.db, region.duty.id).how is HeldBy.PLANNER


def test_a_no_of_the_one_the_planner_asked_ends_the_question(region):
    bram = region.able()[0]
    swap_id = ask(region.town.coordinator, region.duty.id, to(region.member(bram)))
    decline(bram, swap_id)
    assert region.swap(swap_id).state is SwapState.LAPSED
    assert region.told("swap_lapsed") == {region.anna.name, region.town.coordinator.name}


def test_where_a_planner_has_to_agree_nothing_changes_before_that(region):
    region.make.rota_terms(region.town, swap_approval=True)
    bram = region.able()[0]
    swap_id = ask(region.anna, region.duty.id, Question())
    with pytest.raises(NotYetTaken):
        approve(region.town.coordinator, swap_id)
    assert take(bram, swap_id) is SwapState.APPROVAL
    assert region.holder() == region.anna
    assert region.town.coordinator.name in region.told("swap_to_approve")
    with pytest.raises(NotYours):
        approve(next(one for one in region.town.nurses if one != bram), swap_id)
    approve(region.town.coordinator, swap_id)
    approve(region.town.coordinator, swap_id)
    assert region.holder() == bram
    assert region.told("duty_given") == {bram.name}


def test_a_planner_who_does_not_agree_tells_both(region):
    region.make.rota_terms(region.town, swap_approval=True)
    bram = region.able()[0]
    swap_id = ask(region.anna, region.duty.id, Question())
    take(bram, swap_id)
    refuse(region.town.coordinator, swap_id)
    assert region.told("swap_refused") == {region.anna.name, bram.name}
    assert region.holder() == region.anna


def test_who_said_yes_and_cannot_after_all_gives_it_back_to_the_pool(region):
    region.make.rota_terms(region.town, swap_approval=True)
    bram, carla, *_others = region.able()
    swap_id = ask(region.anna, region.duty.id, Question())
    take(bram, swap_id)
    decline(bram, swap_id)
    assert region.swap(swap_id).state is SwapState.OPEN
    assert take(carla, swap_id) is SwapState.APPROVAL


# --- follow-ups


def test_who_did_not_answer_is_asked_again_every_day_and_who_said_no_is_not(region, clock):
    bram, *others = region.able()
    swap_id = ask(region.anna, region.duty.id, Question())
    decline(bram, swap_id)
    clock.move_to(BEFORE + timedelta(hours=23))
    assert jobs.ask_again() == 0
    clock.move_to(BEFORE + timedelta(hours=24))
    assert jobs.ask_again() == 1
    assert jobs.ask_again() == 0  # a second clock
    assert region.told("swap_asked_again") == names(others)
    assert region.swap(swap_id).ask_again_at == BEFORE + timedelta(hours=48)


def test_who_has_become_able_is_asked_too(region, clock):
    bram = region.able()[0]
    away = region.make.absence(region.member(bram), region.duty.starts_at, region.duty.ends_at)
    swap_id = ask(region.anna, region.duty.id, Question())
    region.forget()
    region.db.delete(away)
    region.db.flush()
    clock.move_to(BEFORE + timedelta(hours=24))
    jobs.ask_again()
    assert region.told("swap_asked") == {bram.name}
    assert bram.name not in region.told("swap_asked_again")
    assert take(bram, swap_id) is SwapState.DONE


def test_what_nobody_takes_lapses_in_time_and_who_has_it_knows(region, clock):
    swap_id = ask(region.anna, region.duty.id, Question())
    clock.move_to(region.duty.starts_at - timedelta(hours=2, minutes=1))
    jobs.ask_again()
    assert region.told("swap_lapsed") == set()
    clock.move_to(region.duty.starts_at - timedelta(hours=2))
    jobs.ask_again()
    assert region.swap(swap_id).state is SwapState.LAPSED
    assert region.told("swap_lapsed") == {region.anna.name}
    assert region.holder() == region.anna
    with pytest.raises(SwapIsOver):
        take(region.able()[0], swap_id)


def test_a_question_about_a_duty_that_went_to_another_ends_by_itself(region, clock):
    swap_id = ask(region.anna, region.duty.id, Question())
    other = region.member(region.able()[0])
    holding.give(region.db, region.duty, other.id, how=HeldBy.PLANNER, by=None, moment=BEFORE)
    clock.move_to(BEFORE + timedelta(hours=24))
    jobs.ask_again()
    assert region.swap(swap_id).state is SwapState.WITHDRAWN


# --- a duty that nobody has


@pytest.fixture
def gap(region):
    holding.give(region.db, region.duty, None, how=HeldBy.NOBODY, by=None, moment=BEFORE)
    region.forget()
    return region.duty


def test_whoever_may_takes_a_duty_that_nobody_has(region, gap):
    bram, carla, *_others = region.able(gap)
    take_open(bram, gap.id, gap.sequence)
    assert region.holder() == bram
    with pytest.raises(AlreadyTaken):
        take_open(carla, gap.id, gap.sequence)
    shown = swap_look.swaps(bram).past
    assert [(one.swap.state, one.taker.name) for one in shown] == [(SwapState.DONE, bram.name)]


def test_who_may_not_cannot_take_a_duty_that_nobody_has(region, gap):
    with pytest.raises(NotLawful):
        take_open(region.unable(), gap.id, gap.sequence)


def test_the_planner_asks_for_a_duty_that_nobody_has_and_whoever_just_takes_it_ends_the_question(region, gap):
    able = region.able(gap)
    swap_id = ask(region.town.coordinator, gap.id, Question())
    assert region.told("swap_asked") == names(able)
    take_open(able[0], gap.id, gap.sequence)
    assert region.swap(swap_id).state is SwapState.DONE
    assert region.told("swap_taken") == names(able[1:])


# --- what the pages show


def test_the_page_shows_what_is_asked_of_me_and_what_i_asked(region):
    bram = region.able()[0]
    swap_id = ask(region.anna, region.duty.id, Question())
    assert [one.swap.id for one in swap_look.swaps(bram).to_me] == [swap_id]
    assert [one.swap.id for one in swap_look.swaps(region.anna).mine] == [swap_id]
    assert region.duty.id in [one.turn.duty_id for one in swap_look.swaps(region.anna).duties]
    decline(bram, swap_id)
    [shown] = swap_look.swaps(region.anna).mine
    assert (shown.no, shown.asked) == (1, len(region.able()))


def test_a_swap_of_others_is_no_business_of_mine(region):
    bram = region.able()[0]
    swap_id = ask(region.anna, region.duty.id, to(region.member(bram)))
    assert swap_look.swap(bram, swap_id).may_answer
    outsider = next(one for one in region.town.nurses if one not in (region.anna, bram))
    with pytest.raises(NotFound):
        swap_look.swap(outsider, swap_id)
    assert swap_look.swap(region.town.coordinator, swap_id).may_withdraw
