"""Freshness and the traffic light, by table; also in the nights the clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkapp.agreements.rules import DEFAULTS, Terms
from wijkapp.capacity.rules import SLOTS, Freshness, Light, freshness, light, minus, plus, take

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAY, LATER = date(2026, 11, 24), date(2026, 12, 1)
FRESH, AGEING, STALE = Freshness
EVERY_DAY = Terms(weekend_counts=True)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("age", "fresh"),
    [
        (timedelta(0), FRESH),
        (DEFAULTS.fresh_for - SECOND, FRESH),
        (DEFAULTS.fresh_for, AGEING),
        (DEFAULTS.stale_after - SECOND, AGEING),
        (DEFAULTS.stale_after, STALE),
        (timedelta(days=400), STALE),
        (-SECOND, FRESH),  # two machines whose clocks differ a little
    ],
)
@pytest.mark.parametrize(
    "moment",
    [
        NOW,
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # half an hour after 2 became 3 o'clock
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # half past two, for the second time
    ],
)
def test_a_figure_ages_by_hours_that_passed_and_not_by_what_a_clock_shows(moment, age, fresh):
    assert freshness(moment - age, moment, EVERY_DAY) is fresh


@pytest.mark.parametrize(
    ("places", "full", "from_date", "fresh", "colour"),
    [
        (2, False, DAY, FRESH, Light.FREE),
        (2, False, DAY, AGEING, Light.FREE),
        (1, False, DAY, FRESH, Light.FEW),
        (2, False, LATER, FRESH, Light.LATER),
        (1, False, LATER, FRESH, Light.LATER),
        (0, False, DAY, FRESH, Light.FULL),
        (2, True, DAY, FRESH, Light.FULL),
        (0, False, LATER, FRESH, Light.FULL),
        (2, True, LATER, AGEING, Light.FULL),
        (2, False, DAY, STALE, Light.UNKNOWN),
        (0, True, LATER, STALE, Light.UNKNOWN),
    ],
)
def test_the_light_of_a_figure(places, full, from_date, fresh, colour):
    assert light(places=places, full=full, from_date=from_date, day=DAY, fresh=fresh) is colour


@given(st.integers(0, 9), st.booleans(), st.dates(DAY, LATER), st.sampled_from(Freshness))
def test_green_is_only_shown_for_a_place_that_is_free_today_and_known_to_be(places, full, from_date, fresh):
    if light(places=places, full=full, from_date=from_date, day=DAY, fresh=fresh) is Light.FREE:
        assert places > 1
        assert not full
        assert from_date <= DAY
        assert fresh is not STALE


weeks = st.lists(st.integers(0, 1440), min_size=SLOTS, max_size=SLOTS)


@given(weeks, weeks)
def test_what_is_taken_and_given_back_leaves_the_week_as_it_was(week, wanted):
    taken = take(week, wanted)
    left = minus(week, taken)
    assert min(left) >= 0
    assert plus(left, taken) == tuple(week)
    assert all(took <= want for took, want in zip(taken, wanted, strict=True))
