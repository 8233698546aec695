"""Each figure of a wijk, out of what happened to its requests."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from wijkapp.agreements.rules import DEFAULTS, Urgency
from wijkapp.matching.rules import UnfillableReason
from wijkapp.oversight import wording
from wijkapp.oversight.rules import (
    Aids,
    Asked,
    Balance,
    Figures,
    Period,
    Times,
    balance,
    first_day,
    indicators,
    times,
)

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
LATE = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)  # half past nine in Amsterdam
WIJK = UUID(int=1)


def asked(posted_at=NOON, urgency=Urgency.DAY, **minutes) -> Asked:
    """A request; offer=5: a suitable offer came after five minutes."""
    after = {
        f"{name}_at": posted_at + timedelta(minutes=minutes.pop(key))
        for key, name in (("answer", "answered"), ("offer", "suitable"), ("placement", "placed"))
        if key in minutes
    }
    return Asked(WIJK, posted_at, urgency, DEFAULTS, **after, **minutes)


def test_times_are_those_of_what_happened():
    found = indicators([asked(answer=2, offer=4), asked(answer=8), asked()], [], NOON + timedelta(days=2))
    assert found.answer == Times(2, 2.0, 2.0)
    assert found.offer == Times(1, 4.0, 4.0)
    assert found.placement == Times()


def test_half_is_faster_than_the_median_and_nine_of_ten_than_p90():
    assert times(float(n) for n in range(1, 12)) == Times(11, 6.0, 10.0)
    assert times([None, None]) == Times()


def test_the_night_does_not_count_but_for_what_is_needed_today():
    # Half an hour until ten, and half an hour after seven.
    assert asked(LATE, offer=10 * 60).minutes_to(LATE + timedelta(hours=10)) == 60
    assert asked(LATE, Urgency.TODAY).minutes_to(LATE + timedelta(hours=10)) == 600


def test_within_term_counts_what_is_over_or_answered():
    two_hours = DEFAULTS.answer_within[Urgency.DAY]
    fast, slow, silent, running = asked(offer=30), asked(offer=121), asked(), asked(NOON + two_hours)
    found = indicators([fast, slow, silent, running], [], NOON + two_hours)
    assert (found.judged, found.in_time) == (3, 1)
    assert found.within_term == pytest.approx(1 / 3)


def test_who_still_waits_for_its_turn_is_not_spared_yet():
    over, running = asked(rung=4, spared=6, offer=3), asked(rung=1, spared=9, waits=True)
    found = indicators([over, running], [], NOON)
    assert (found.calls, found.spared, found.waiting) == (5, 6, 1)
    assert found.spared_share == pytest.approx(6 / 11)


def test_what_was_not_placed_is_counted_by_reason_the_most_first():
    full, silent = UnfillableReason.ALL_FULL, UnfillableReason.NO_ANSWER
    found = indicators(
        [asked(unfillable=one) for one in (silent, full, full)] + [asked(outside=True)], [], NOON
    )
    assert list(found.unplaced.items()) == [(full, 2), (silent, 1)]
    assert found.outside == 1


def test_the_spread_says_no_names():
    one, other = UUID(int=7), UUID(int=8)
    found = indicators([], [one, other, one, one], NOON)
    assert found.chosen == (3, 1)
    assert found.largest_share == 0.75


def test_without_anything_there_are_no_shares():
    found = indicators([], [], NOON)
    parts = (found.within_term, found.spared_share, found.placed_share, found.largest_share)
    assert parts == (None,) * 4
    assert (Figures().stale_share, Aids().share) == (None, None)
    assert (Figures(4, 1) + Figures(1, 1)).stale_share == 0.4


@pytest.mark.parametrize(
    ("chosen", "places", "says"),
    [
        (5, 5, Balance.EVEN),
        (6, 5, Balance.EVEN),
        (9, 5, Balance.MORE),
        (2, 5, Balance.LESS),
        (0, 0, Balance.EVEN),
    ],
)
def test_being_chosen_is_held_against_the_places_one_had(chosen, places, says):
    assert balance(chosen, 20, places, 20) is says


def test_a_few_choices_say_nothing():
    assert balance(4, 4, 1, 20) is Balance.FEW
    assert balance(4, 20, 0, 0) is Balance.FEW


def test_today_is_the_last_day_of_a_period():
    assert first_day(Period.WEEK, date(2026, 11, 24)) == date(2026, 11, 18)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (None, "–"),
        (0.2, "0 min"),
        (9.4, "9 min"),
        (89, "89 min"),
        (90, "1,5 uur"),
        (120, "2 uur"),
        (4320, "3 dagen"),
    ],
)
def test_minutes_in_words(minutes, words):
    assert wording.span(minutes) == words
