"""What may happen to a swap, and when its next step is."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from wijkapp.rota import swapping
from wijkapp.rota.rules import HeldBy, SwapKind, SwapState
from wijkapp.rota.swapping import (
    AlreadyTaken,
    DutyIsOver,
    NotYetTaken,
    Step,
    SwapIsOver,
    TooEarly,
    TooLate,
)

S = SwapState
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "step", "leads_to"),
    [
        (S.OPEN, Step.TAKE, S.DONE),
        (S.OPEN, Step.OFFER, S.APPROVAL),
        (S.OPEN, Step.WITHDRAW, S.WITHDRAWN),
        (S.OPEN, Step.LAPSE, S.LAPSED),
        (S.APPROVAL, Step.APPROVE, S.DONE),
        (S.APPROVAL, Step.REFUSE, S.REFUSED),
        (S.APPROVAL, Step.LET_GO, S.OPEN),
        (S.APPROVAL, Step.WITHDRAW, S.WITHDRAWN),
        (S.APPROVAL, Step.LAPSE, S.LAPSED),
    ],
)
def test_a_step_leads_on(state, step, leads_to):
    assert swapping.after(state, step) is leads_to


@pytest.mark.parametrize(
    ("state", "step", "why"),
    [
        (S.DONE, Step.TAKE, AlreadyTaken),
        (S.APPROVAL, Step.TAKE, AlreadyTaken),
        (S.APPROVAL, Step.OFFER, AlreadyTaken),
        (S.WITHDRAWN, Step.TAKE, SwapIsOver),
        (S.LAPSED, Step.TAKE, SwapIsOver),
        (S.OPEN, Step.APPROVE, NotYetTaken),
        (S.DONE, Step.WITHDRAW, SwapIsOver),
        (S.DONE, Step.LAPSE, SwapIsOver),
    ],
)
def test_a_step_that_cannot_be_says_why(state, step, why):
    with pytest.raises(why):
        swapping.after(state, step)


def test_nothing_follows_on_what_is_over():
    ended = set(SwapState) - swapping.UNDER_WAY
    assert not any(allowed & ended for allowed, _leads_to in swapping.STEPS.values())


def test_a_planner_who_asked_it_need_not_agree_with_it():
    assert swapping.needs_approval(SwapKind.POOL, agreed=True)
    assert not swapping.needs_approval(SwapKind.PLANNER, agreed=True)
    assert not swapping.needs_approval(SwapKind.TRADE, agreed=False)


def test_a_question_ends_two_hours_before_the_duty():
    assert swapping.ends_at(NOON + DAY, NOON) == NOON + 22 * HOUR


def test_a_question_for_this_afternoon_runs_until_the_duty_begins():
    assert swapping.ends_at(NOON + 2.5 * HOUR, NOON) == NOON + 2.5 * HOUR


def test_a_duty_that_runs_is_not_swapped():
    with pytest.raises(TooLate):
        swapping.ends_at(NOON, NOON)


def test_who_did_not_answer_is_asked_daily_and_more_often_as_the_end_comes_near():
    end, moment, asked = NOON + 4 * DAY, NOON, []
    while moment < end:
        moment = swapping.next_ask(moment, end, DAY)
        asked.append(moment)
    assert asked[:3] == [NOON + DAY, NOON + 2 * DAY, NOON + 3 * DAY]
    assert asked[3] == NOON + 3 * DAY + 12 * HOUR
    assert asked[-1] == end
    assert all(b - a >= swapping.SHORTEST_PAUSE for a, b in pairwise(asked[:-1]))


def test_what_begins_tonight_may_ring_now():
    assert swapping.may_ring_at_night(NOON + 12 * HOUR, NOON)
    assert not swapping.may_ring_at_night(NOON + 13 * HOUR, NOON)


def test_taking_over_is_for_a_duty_that_runs_or_begins_within_twelve_hours():
    swapping.check_take_over(NOON - HOUR, NOON + HOUR, NOON)
    swapping.check_take_over(NOON + 12 * HOUR, NOON + 20 * HOUR, NOON)
    with pytest.raises(TooEarly):
        swapping.check_take_over(NOON + 13 * HOUR, NOON + 20 * HOUR, NOON)
    with pytest.raises(DutyIsOver):
        swapping.check_take_over(NOON - 8 * HOUR, NOON, NOON)


def test_taking_over_can_be_undone_for_a_while_and_a_swap_cannot():
    within = timedelta(minutes=10)
    assert swapping.may_undo(HeldBy.TAKEOVER, NOON, NOON + timedelta(minutes=9), within)
    assert not swapping.may_undo(HeldBy.TAKEOVER, NOON, NOON + within, within)
    assert not swapping.may_undo(HeldBy.SWAP, NOON, NOON, within)
