"""Moments are in UTC, days are in Amsterdam, also in the nights the clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from wijkapp.kit import time


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 24, 22, 59, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), date(2026, 11, 25)),  # winter: midnight at 23 UTC
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),  # summer: at 22 UTC
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_today_is_the_day_it_is_in_amsterdam(moment, day):
    with time_machine.travel(moment, tick=False):
        assert time.today() == day


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 24), 24)],
)
def test_a_day_lasts_as_long_as_it_does_in_amsterdam(day, hours):
    lasts = time.day_starts(day + timedelta(days=1)) - time.day_starts(day)
    assert lasts == timedelta(hours=hours)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_begins_on_that_day_and_a_moment_before_it_is_the_day_before(day):
    starts = time.day_starts(day)
    assert time.local(starts).date() == day
    assert time.local(starts - timedelta(microseconds=1)).date() == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("utc", "clock"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "01:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "03:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "02:30"),
    ],
)
def test_a_clock_in_amsterdam_skips_an_hour_in_spring_and_has_one_twice_in_autumn(utc, clock):
    assert time.local(utc).strftime("%H:%M") == clock


def test_now_is_aware_and_in_utc():
    assert time.now().tzinfo is UTC
