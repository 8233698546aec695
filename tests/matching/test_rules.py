"""The steps a request goes through; nothing leaves the table."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkapp.agreements.rules import Urgency
from wijkapp.capacity.rules import SLOTS
from wijkapp.kit.errors import Refused
from wijkapp.matching.rules import (
    FINISHED,
    STEPS,
    AlreadyEnded,
    AlreadyPlaced,
    IllegalStep,
    NoOfferStands,
    NotOpenYet,
    NotYetPlaced,
    OnHold,
    RequestStatus,
    Step,
    after,
    start_day,
    week_of_minutes,
)

S = RequestStatus
BEFORE, PLACED = {S.DRAFT, S.TRIAGE}, {S.MATCHED, S.HANDED_OVER, S.IN_CARE}
WAITING = {S.OPEN, S.OFFERED}
CANCEL = {Step.WITHDRAW, Step.EXPIRE, Step.GIVE_UP}

# What each status allows, written out once more by hand.
ALLOWED = {
    S.DRAFT: {Step.START_TRIAGE: S.TRIAGE, Step.WITHDRAW: S.WITHDRAWN, Step.EXPIRE: S.EXPIRED},
    S.TRIAGE: {Step.BROADCAST: S.OPEN, Step.WITHDRAW: S.WITHDRAWN, Step.EXPIRE: S.EXPIRED},
    S.OPEN: {
        Step.OFFER: S.OFFERED,
        Step.HOLD: S.ON_HOLD,
        Step.WITHDRAW: S.WITHDRAWN,
        Step.EXPIRE: S.EXPIRED,
        Step.GIVE_UP: S.UNFILLABLE,
    },
    S.OFFERED: {
        Step.OFFER: S.OFFERED,
        Step.LOSE_OFFERS: S.OPEN,
        Step.CHOOSE: S.MATCHED,
        Step.HOLD: S.ON_HOLD,
        Step.WITHDRAW: S.WITHDRAWN,
        Step.EXPIRE: S.EXPIRED,
        Step.GIVE_UP: S.UNFILLABLE,
    },
    S.MATCHED: {
        Step.HAND_OVER: S.HANDED_OVER,
        Step.WITHDRAW: S.WITHDRAWN,
        Step.REOPEN: S.OPEN,
    },
    S.HANDED_OVER: {Step.START_CARE: S.IN_CARE, Step.WITHDRAW: S.WITHDRAWN, Step.REOPEN: S.OPEN},
    S.IN_CARE: {Step.CLOSE: S.CLOSED, Step.WITHDRAW: S.WITHDRAWN, Step.REOPEN: S.OPEN},
    S.ON_HOLD: {
        Step.RESUME: S.OPEN,
        Step.WITHDRAW: S.WITHDRAWN,
        Step.EXPIRE: S.EXPIRED,
        Step.GIVE_UP: S.UNFILLABLE,
    },
    S.CLOSED: {},
    S.WITHDRAWN: {},
    S.EXPIRED: {},
    S.UNFILLABLE: {},
}
EVERY_PAIR = [(status, step) for status in S for step in Step]


def refusal(status: S, step: Step) -> type[IllegalStep]:
    """What somebody should hear who tries a step that is not in ALLOWED."""
    if status in FINISHED:
        return AlreadyEnded
    if status in BEFORE:
        return NotOpenYet
    if status is S.ON_HOLD:
        return OnHold
    if status in PLACED:
        before_placing = not any(step in ALLOWED[one] for one in PLACED)
        return AlreadyPlaced if before_placing else IllegalStep
    return NoOfferStands if step is Step.CHOOSE else NotYetPlaced


@pytest.mark.parametrize(("status", "step"), EVERY_PAIR)
def test_a_step_leads_where_the_table_says_or_is_refused_by_name(status, step):
    if step in ALLOWED[status]:
        assert after(status, step) is ALLOWED[status][step]
        return
    with pytest.raises(IllegalStep) as refused:
        after(status, step)
    assert type(refused.value) is refusal(status, step)
    assert refused.value.status == 409
    assert str(refused.value.sentence).endswith(".")


@pytest.mark.parametrize(
    "kind", [AlreadyPlaced, AlreadyEnded, NotOpenYet, OnHold, NoOfferStands, NotYetPlaced]
)
def test_every_refusal_has_a_sentence_of_its_own(kind):
    assert str(kind.sentence) != str(Refused.sentence)


@pytest.mark.parametrize("status", [status for status in S if status not in FINISHED])
def test_from_every_status_a_request_can_come_to_an_end(status):
    seen, look = set(), {status}
    while look:
        seen |= look
        look = {leads_to for one in look for leads_to in ALLOWED[one].values()} - seen
    assert seen & FINISHED


def test_nothing_leaves_an_end():
    for allowed, _leads_to in STEPS.values():
        assert not allowed & FINISHED


def test_every_status_but_the_first_is_reached_by_some_step():
    assert {leads_to for _allowed, leads_to in STEPS.values()} == set(S) - {S.DRAFT}


@given(st.lists(st.sampled_from(Step), max_size=40))
def test_whatever_people_try_a_request_stays_within_the_table(steps):
    status = S.DRAFT
    for step in steps:
        try:
            now = after(status, step)
        except IllegalStep:
            continue
        assert now is ALLOWED[status][step]
        status = now
    assert status in set(S)


# --- the minutes of a week

weeks = st.lists(st.integers(0, 6), min_size=SLOTS, max_size=SLOTS)


@given(weeks.filter(any), st.integers(0, 10_080))
def test_the_minutes_of_a_week_add_up_exactly_and_fall_only_where_care_is_asked(moments, minutes):
    week = week_of_minutes(moments, minutes)
    assert sum(week) == minutes
    assert len(week) == SLOTS
    assert all(not here for here, visits in zip(week, moments, strict=True) if not visits)


@given(weeks.filter(any), st.integers(0, 10_080))
def test_every_visit_gets_its_share_give_or_take_a_minute(moments, minutes):
    in_all = sum(moments)
    for here, visits in zip(week_of_minutes(moments, minutes), moments, strict=True):
        assert abs(here * in_all - visits * minutes) <= visits * in_all  # whole numbers: a share may be 7 5/6


def test_a_week_without_moments_has_no_minutes():
    assert week_of_minutes([0] * SLOTS, 300) == (0,) * SLOTS


# --- when care starts

SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("urgency", "chosen", "starts"),
    [
        (Urgency.TODAY, None, SATURDAY),
        (Urgency.TODAY, date(2026, 12, 24), SATURDAY),  # a date left over in the form counts for nothing
        (Urgency.DAY, None, date(2026, 11, 22)),
        (Urgency.THREE_WORKDAYS, None, date(2026, 11, 25)),
        (Urgency.PLANNED, date(2026, 12, 24), date(2026, 12, 24)),
        (Urgency.PLANNED, None, SATURDAY),
    ],
)
def test_an_urgency_says_on_which_day_care_starts(urgency, chosen, starts):
    assert start_day(urgency, SATURDAY, chosen) == starts


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_three_workdays_is_a_weekday_three_to_five_days_on(day):
    starts = start_day(Urgency.THREE_WORKDAYS, day, None)
    assert starts.weekday() < 5
    assert timedelta(days=3) <= starts - day <= timedelta(days=5)
