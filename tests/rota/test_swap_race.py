"""Several take the same duty at the same moment: one has it, the others are told; on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tests.racing import all_at_once, refusals
from tests.rota.make import Make
from tests.servers import KINDS
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Refused
from wijkapp.rota import jobs
from wijkapp.rota.models import Duty, DutyHold, Swap, SwapAsk
from wijkapp.rota.rules import HeldBy, SwapState
from wijkapp.rota.service import candidates, holding, swap_look
from wijkapp.rota.service.candidates import NotLawful
from wijkapp.rota.service.swap import Question, ask
from wijkapp.rota.service.swap_answer import take, withdraw
from wijkapp.rota.service.take_over import take_open, take_over
from wijkapp.rota.swapping import AlreadyAsked, AlreadyTaken, SwapIsOver

pytestmark = pytest.mark.parametrize("kind", KINDS)

BEFORE = datetime(2026, 12, 21, 11, tzinfo=UTC)
TUESDAY = date(2027, 1, 12)


class Scene:
    """Anna has the night of the 12th; ten others may lawfully take it."""

    def __init__(self):
        with transaction() as db:
            make = Make(db)
            self.town = make.rota_town(organisations=4, people=6)
            self.plan = make.plan(self.town, weeks=2)
            self.duty = make.duty_on(self.plan, TUESDAY)
            self.anna = self.town.account(self.duty.member_id)
            able = [one.who.member_id for one in candidates.lawful(db, self.duty, BEFORE)]
            self.takers = [self.town.account(one) for one in able][:10]
        assert len(self.takers) == 10

    def holders(self):
        """Who has the night, and how many ever had it."""
        with reading() as db:
            duty = db.get_one(Duty, self.duty.id)
            holds = db.scalar(select(func.count()).where(DutyHold.duty_id == duty.id))
            return self.town.account(duty.member_id), holds


@pytest.fixture
def scene(fresh_database, kind):
    fresh_database(kind)
    with time_machine.travel(BEFORE, tick=False) as clock:
        scene = Scene()
        scene.clock = clock
        yield scene


def test_of_ten_who_take_one_swap_one_has_it_and_nine_are_told(scene):
    swap_id = ask(scene.anna, scene.duty.id, Question())

    said = all_at_once([lambda one=one: take(one, swap_id) for one in scene.takers])

    assert refusals(said) == {AlreadyTaken: 9}
    assert all("net voor" in str(one.sentence) for one in said if isinstance(one, Refused))
    winner = scene.takers[said.index(SwapState.DONE)]
    holder, holds = scene.holders()
    assert (holder.id, holds) == (winner.id, 2)
    with reading() as db:
        assert db.scalar(select(func.count()).where(SwapAsk.answer == "take")) == 1


def test_of_ten_who_take_over_a_running_duty_one_has_it(scene):
    scene.clock.move_to(scene.duty.starts_at)

    said = all_at_once([lambda one=one: take_over(one, scene.duty.id, 0) for one in scene.takers])

    assert refusals(said) == {AlreadyTaken: 9}
    assert scene.holders()[1] == 2


def test_of_ten_who_take_a_duty_of_nobody_one_has_it(scene):
    with transaction() as db:
        duty = db.get_one(Duty, scene.duty.id)
        holding.give(db, duty, None, how=HeldBy.NOBODY, by=None, moment=BEFORE)
        seen = duty.sequence

    said = all_at_once([lambda one=one: take_open(one, scene.duty.id, seen) for one in scene.takers])

    assert refusals(said) == {AlreadyTaken: 9}
    assert scene.holders()[1] == 3


def test_ten_taps_on_ask_are_one_question(scene):
    said = all_at_once([lambda: ask(scene.anna, scene.duty.id, Question())] * 10)
    assert refusals(said) == {AlreadyAsked: 9}


def test_taking_and_withdrawing_at_once_is_one_story(scene):
    swap_id = ask(scene.anna, scene.duty.id, Question())

    said = all_at_once(
        [
            lambda: withdraw(scene.anna, swap_id),
            *(lambda one=one: take(one, swap_id) for one in scene.takers[:5]),
        ]
    )

    assert set(refusals(said)) <= {AlreadyTaken, SwapIsOver}
    with reading() as db:
        state = db.get_one(Swap, swap_id).state
    assert (state, scene.holders()[1]) in {(SwapState.DONE, 2), (SwapState.WITHDRAWN, 1)}


def test_two_clocks_follow_up_once(scene):
    ask(scene.anna, scene.duty.id, Question())
    scene.clock.move_to(BEFORE + timedelta(hours=24))
    assert sum(all_at_once([jobs.ask_again] * 4)) == 1


def test_who_takes_two_duties_at_once_that_do_not_go_together_has_one(scene):
    """The night, and the evening before it: each is lawful alone."""
    with transaction() as db:
        evening = Make(db).duty_on(scene.plan, TUESDAY, "evening")
        both = {one.who.member_id for one in candidates.lawful(db, evening, BEFORE)}
        taker = next(one for one in scene.takers if scene.town.member(one).id in both)
        asks = [(scene.town.account(one.member_id), one.id) for one in (scene.duty, evening)]
    swaps = [ask(account, duty_id, Question()) for account, duty_id in asks]

    said = all_at_once([lambda one=one: take(taker, one) for one in swaps])

    assert refusals(said) == {NotLawful: 1}


def test_two_trades_across_each_other_never_wait_for_each_other(scene):
    back = swap_look.ask_page(scene.anna, scene.duty.id).trades[0]
    bram = scene.town.account(back.who.member_id)
    there = ask(scene.anna, scene.duty.id, Question(return_duty_id=back.turn.duty_id))
    again = ask(bram, back.turn.duty_id, Question(return_duty_id=scene.duty.id))

    said = all_at_once([lambda: take(bram, there), lambda: take(scene.anna, again)])

    assert refusals(said) == {SwapIsOver: 1}
    assert scene.holders()[0].id == bram.id
