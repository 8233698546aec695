"""Which phones ring, and how a provider usually answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkapp.agreements.rules import Urgency
from wijkapp.matching.answering import (
    EDGES,
    NOTHING_KNOWN,
    PRIOR_OFFERS,
    PRIOR_WITHIN,
    Habit,
    Past,
    WeekPart,
    habit_of,
    week_part,
)
from wijkapp.matching.ranking import Reason
from wijkapp.matching.waves import Chance, looks_again, next_wave

SURE = Habit(within=(0.0, *[1.0] * (len(EDGES) - 1)), offers=1.0, known=9)  # offers within two minutes
COIN = replace(SURE, offers=0.5)
NEVER = Habit(within=(0.0,) * len(EDGES), offers=0.5, known=9)


def provider(rank: int, habit: Habit = COIN, **more: object) -> Chance:
    return Chance(UUID(int=rank), rank, habit, **more)


def ranks(wave) -> list[int]:
    return [organisation_id.int for organisation_id in wave.ring]


# --- waves


@pytest.mark.parametrize(("wanted", "phones"), [(0.5, 1), (0.75, 2), (0.9, 4), (0.95, 5), (0.99, 7)])
def test_a_wave_rings_the_fewest_phones_that_give_the_wanted_chance(wanted, phones):
    wave = next_wave([provider(rank) for rank in range(1, 21)], wanted=wanted, minutes_left=60)
    assert ranks(wave) == list(range(1, phones + 1))
    assert wave.chance >= wanted
    assert wave.waits == {UUID(int=rank): Reason.NEXT_WAVE for rank in range(phones + 1, 21)}


def test_the_best_ranked_ring_first_also_when_a_faster_one_stands_further_down():
    wave = next_wave([provider(3, SURE), provider(2), provider(1)], wanted=0.6, minutes_left=60)
    assert ranks(wave) == [1, 2]


def test_who_never_answers_is_not_passed_over():
    wave = next_wave([provider(1, NEVER), provider(2, SURE)], wanted=0.9, minutes_left=60)
    assert ranks(wave) == [1, 2]


def test_everybody_rings_when_all_together_are_not_chance_enough():
    wave = next_wave([provider(rank, NEVER) for rank in range(1, 9)], wanted=0.95, minutes_left=60)
    assert ranks(wave) == list(range(1, 9))
    assert (wave.chance, wave.waits) == (0.0, {})


@pytest.mark.parametrize(
    ("silent_for", "phones"),
    [
        (0.0, []),  # was rung just now: the same chance as a moment ago
        (60.0, [6, 7, 8, 9, 10]),  # whoever did not answer in an hour will not
    ],
)
def test_who_was_rung_counts_for_what_may_still_come_of_it(silent_for, phones):
    rung = [provider(rank, silent_for=silent_for) for rank in range(1, 6)]
    others = [provider(rank) for rank in range(6, 21)]
    assert ranks(next_wave([*rung, *others], wanted=0.95, minutes_left=60)) == phones


def test_one_who_says_no_makes_room_for_the_next():
    rung = [provider(rank, silent_for=0.0) for rank in range(1, 5)]
    no = provider(5, silent_for=0.0, answered=True)
    assert ranks(next_wave([*rung, no, provider(6), provider(7)], wanted=0.95, minutes_left=60)) == [6]


def test_without_time_left_everybody_rings():
    assert len(next_wave([provider(rank) for rank in range(1, 9)], wanted=0.9, minutes_left=0).ring) == 8


def test_who_can_do_a_part_only_is_half_a_chance():
    wave = next_wave([provider(rank, SURE, fits=0.5) for rank in range(1, 9)], wanted=0.9, minutes_left=60)
    assert ranks(wave) == [1, 2, 3, 4]


def test_there_may_be_nobody_at_all():
    assert next_wave([], wanted=0.95, minutes_left=60).ring == ()


habits = st.builds(
    lambda jumps, offers: Habit(
        tuple(1 - 1 / (1 + sum(jumps[:step])) for step in range(len(EDGES))), offers, 5
    ),
    st.lists(st.floats(0, 3), min_size=len(EDGES), max_size=len(EDGES)),
    st.floats(0, 1),
)
anybody = st.lists(
    st.tuples(habits, st.floats(0, 1), st.none() | st.floats(0, 500), st.booleans()), max_size=12
)


@settings(max_examples=60)
@given(anybody, st.floats(0.5, 0.99), st.floats(0, 1500))
def test_nobody_is_skipped_without_a_reason_and_no_phone_rings_for_nothing(people, wanted, minutes_left):
    providers = [
        Chance(UUID(int=rank), rank, habit, fits, silent_for, answered)
        for rank, (habit, fits, silent_for, answered) in enumerate(people, 1)
    ]
    wave = next_wave(providers, wanted=wanted, minutes_left=minutes_left)

    free = [one for one in providers if one.silent_for is None and not one.answered]
    assert [*wave.ring, *wave.waits] == [one.organisation_id for one in free]  # a piece from the front
    assert wave.chance >= wanted or not wave.waits
    if wave.ring:
        last = next(one for one in free if one.organisation_id == wave.ring[-1])
        without = 1 - (1 - wave.chance) / max(1 - last.suitable_within(minutes_left), 1e-9)
        assert without < wanted or last.suitable_within(minutes_left) == 1


@pytest.mark.parametrize(
    ("minutes", "next_look"), [(0, 30), (29, 30), (30, 60), (60, 90), (90, 120), (119, 120), (120, 120)]
)
def test_the_chance_is_worked_out_again_at_each_quarter_of_the_term(minutes, next_look):
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    minute = timedelta(minutes=1)
    looks = looks_again(start, start + 120 * minute, start + minutes * minute)
    assert looks == start + next_look * minute


# --- how a provider answers


def rung(minutes: float | None, *, offered: bool = True, watched: float = 1440, **more: object) -> Past:
    past = {"urgency": Urgency.DAY, "part": WeekPart.WORKDAY} | more
    return Past(minutes=minutes, watched=watched if minutes is None else minutes, offered=offered, **past)


def habit(*history: Past) -> Habit:
    return habit_of(history, Urgency.DAY, WeekPart.WORKDAY)


def test_of_whom_nothing_is_known_one_expects_what_is_usual():
    assert habit() == NOTHING_KNOWN
    assert [NOTHING_KNOWN.answered_within(edge) for edge in EDGES] == list(PRIOR_WITHIN)
    assert NOTHING_KNOWN.usual_minutes() is None


def test_who_always_answers_in_five_minutes_is_expected_to():
    quick = habit(*[rung(4.0)] * 30)
    assert quick.answered_within(5) > 0.9
    assert quick.offers > 0.9
    assert 2 < quick.usual_minutes() < 5
    assert quick.known == 30


def test_who_stays_silent_is_expected_to_stay_silent():
    assert habit(*[rung(None)] * 30).answered_within(1440) < 0.3


def test_who_always_says_no_gives_little_chance_however_quick():
    no = habit(*[rung(4.0, offered=False)] * 30)
    assert no.answered_within(5) > 0.9
    assert no.offer_within(60) < 0.1


def test_one_answer_changes_little():
    assert abs(habit(rung(4.0)).offers - PRIOR_OFFERS) < 0.2


def test_being_too_late_because_somebody_was_first_is_no_silence():
    """Placed after three minutes: nobody knows whether an answer would have come."""
    beaten = habit(*[rung(None, watched=3.0)] * 30)
    assert beaten.answered_within(1440) > 0.8 * NOTHING_KNOWN.answered_within(1440)


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"urgency": Urgency.PLANNED},
        {"part": WeekPart.NIGHT},
        {"urgency": Urgency.TODAY, "part": WeekPart.WEEKEND},
    ],
)
def test_another_urgency_or_part_of_the_week_says_less(elsewhere):
    here, there = habit(*[rung(4.0)] * 5), habit(*[rung(4.0, **elsewhere)] * 5)
    assert NOTHING_KNOWN.answered_within(5) < there.answered_within(5) < here.answered_within(5)


@pytest.mark.parametrize(
    ("local", "part"),
    [
        ("2026-11-24 07:00", WeekPart.WORKDAY),
        ("2026-11-24 17:59", WeekPart.WORKDAY),
        ("2026-11-24 18:00", WeekPart.EVENING),
        ("2026-11-24 23:00", WeekPart.NIGHT),
        ("2026-11-24 06:59", WeekPart.NIGHT),
        ("2026-11-28 12:00", WeekPart.WEEKEND),
        ("2026-11-28 20:00", WeekPart.EVENING),
    ],
)
def test_people_answer_differently_by_day_by_night_and_in_the_weekend(local, part):
    assert week_part(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Amsterdam"))) is part


pasts = st.builds(
    lambda minutes, more, urgency, part, offered: Past(
        urgency, part, minutes, (minutes or 0) + more, offered and minutes is not None
    ),
    st.none() | st.floats(0, 3000),
    st.floats(0, 3000),
    st.sampled_from(list(Urgency)),
    st.sampled_from(list(WeekPart)),
    st.booleans(),
)


@settings(max_examples=60)
@given(st.lists(pasts, max_size=30), st.floats(0, 3000), st.floats(0, 3000))
def test_a_chance_is_a_chance_and_never_falls_with_time(history, minutes, silent_for):
    known = habit(*history)
    assert all(0 <= low <= high <= 1 for low, high in pairwise(known.within))
    assert 0 <= known.offers <= 1
    assert known.answered_within(minutes) <= known.answered_within(minutes + silent_for)
    assert 0 <= known.offer_within(minutes, silent_for) <= 1
