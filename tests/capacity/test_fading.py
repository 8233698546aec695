"""How a figure fades, by table: over a weekend, holidays and both nights that the clock changes."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as hour

import pytest

from wijkapp.agreements.rules import Terms
from wijkapp.capacity import rhythm
from wijkapp.capacity.rhythm import Asked
from wijkapp.capacity.rules import Freshness, freshness
from wijkapp.kit.time import AMSTERDAM, local

FRESH, AGEING, STALE = Freshness
WORKDAYS = Terms(weekend_counts=False)  # 24 and 72 hours, weekends and holidays left out
EVERY_DAY = Terms(weekend_counts=True)


def at(text: str) -> datetime:
    """A moment on a clock in Amsterdam."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=AMSTERDAM)


# Confirmed, looked at, by working days, by every day. 2026: Easter 5 April, Koningsdag Monday 27 April,
# Hemelvaart 14 May, Pinksteren 24 May, Christmas on Friday and Saturday; 5 May is a day off in 2025 and 2030.
FADES = [
    # On working days both count alike.
    ("2026-11-24 09:00", "2026-11-25 08:59", FRESH, FRESH),
    ("2026-11-24 09:00", "2026-11-25 09:00", AGEING, AGEING),
    ("2026-11-24 09:00", "2026-11-27 08:59", AGEING, AGEING),
    ("2026-11-24 09:00", "2026-11-27 09:00", STALE, STALE),
    # Over a weekend: Friday at nine is Monday at nine.
    ("2026-11-20 09:00", "2026-11-23 08:59", FRESH, AGEING),
    ("2026-11-20 09:00", "2026-11-23 09:00", AGEING, STALE),
    ("2026-11-20 09:00", "2026-11-25 08:59", AGEING, STALE),
    ("2026-11-20 09:00", "2026-11-25 09:00", STALE, STALE),
    # Confirmed on Saturday: it begins to age on Monday at midnight.
    ("2026-11-21 15:00", "2026-11-22 23:59", FRESH, AGEING),
    ("2026-11-21 15:00", "2026-11-23 23:59", FRESH, AGEING),
    ("2026-11-21 15:00", "2026-11-24 00:00", AGEING, AGEING),
    ("2026-11-21 15:00", "2026-11-26 00:00", STALE, STALE),
    # Over Christmas: Thursday at noon, then Friday to Sunday off.
    ("2026-12-24 12:00", "2026-12-28 11:59", FRESH, STALE),
    ("2026-12-24 12:00", "2026-12-28 12:00", AGEING, STALE),
    ("2026-12-24 12:00", "2026-12-30 12:00", STALE, STALE),
    # Over New Year: Thursday, a holiday, a weekend.
    ("2026-12-31 16:00", "2027-01-04 15:59", FRESH, STALE),
    ("2026-12-31 16:00", "2027-01-04 16:00", AGEING, STALE),
    # Easter Monday, Koningsdag, Hemelvaart, Pinksteren: single days in a week.
    ("2026-04-03 09:00", "2026-04-07 08:59", FRESH, STALE),
    ("2026-04-03 09:00", "2026-04-07 09:00", AGEING, STALE),
    ("2026-04-24 09:00", "2026-04-28 08:59", FRESH, STALE),
    ("2026-05-13 09:00", "2026-05-15 08:59", FRESH, AGEING),
    ("2026-05-13 09:00", "2026-05-15 09:00", AGEING, AGEING),
    ("2026-05-22 09:00", "2026-05-26 08:59", FRESH, STALE),
    ("2026-05-04 09:00", "2026-05-05 09:00", AGEING, AGEING),  # 5 May is a working day in 2026
    ("2030-05-03 09:00", "2030-05-06 08:59", FRESH, AGEING),  # Friday to Monday, as any weekend
    ("2025-05-02 09:00", "2025-05-06 09:00", AGEING, STALE),  # 5 May 2025: a Monday off
    # The night of 29 March 2026 has no hour between two and three: that day is 23 hours long.
    ("2026-03-28 12:00", "2026-03-29 12:59", FRESH, FRESH),
    ("2026-03-28 12:00", "2026-03-29 13:00", FRESH, AGEING),
    ("2026-03-28 12:00", "2026-03-31 12:59", AGEING, AGEING),
    ("2026-03-28 12:00", "2026-03-31 13:00", AGEING, STALE),
    ("2026-03-27 09:00", "2026-03-30 09:00", AGEING, AGEING),  # Friday to Monday: 71 hours that passed
    ("2026-03-27 09:00", "2026-03-30 10:00", AGEING, STALE),
    # The night of 25 October 2026 has the hour between two and three twice: 25 hours.
    ("2026-10-24 12:00", "2026-10-25 10:59", FRESH, FRESH),
    ("2026-10-24 12:00", "2026-10-25 11:00", FRESH, AGEING),
    ("2026-10-23 09:00", "2026-10-26 08:00", FRESH, STALE),
    ("2026-10-23 09:00", "2026-10-26 09:00", AGEING, STALE),
    # Years ago, and by a clock that runs behind.
    ("2019-11-24 09:00", "2026-11-24 09:00", STALE, STALE),
    ("2026-11-24 09:01", "2026-11-24 09:00", FRESH, FRESH),
]


@pytest.mark.parametrize(("confirmed", "looked", "by_workdays", "by_every_day"), FADES)
def test_a_figure_fades_by_what_its_wijk_agreed(confirmed, looked, by_workdays, by_every_day):
    assert freshness(at(confirmed), at(looked), WORKDAYS) is by_workdays
    assert freshness(at(confirmed), at(looked), EVERY_DAY) is by_every_day


def test_a_wijk_may_agree_on_other_spans():
    short = Terms(fresh_for=timedelta(hours=8), stale_after=timedelta(hours=20), weekend_counts=True)

    assert freshness(at("2026-11-24 09:00"), at("2026-11-24 16:59"), short) is FRESH
    assert freshness(at("2026-11-24 09:00"), at("2026-11-24 17:00"), short) is AGEING
    assert freshness(at("2026-11-24 09:00"), at("2026-11-25 05:00"), short) is STALE


# --- the usual moment


def on(*texts: str) -> list[datetime]:
    return [at(f"2026-11-{text}") for text in texts]


@pytest.mark.parametrize(
    ("looked", "minute"),
    [
        ([], None),
        (on("23 08:10", "24 08:20"), None),  # two days are no habit
        (on("23 08:10", "23 08:11", "23 08:12"), None),  # one day, in which somebody stepped three figures
        (on("23 08:10", "24 08:20", "25 08:30"), 8 * 60 + 20),
        (on("23 08:10", "23 17:00", "24 08:20", "25 08:30"), 8 * 60 + 20),  # of a day the first look counts
        (on("20 08:00", "23 08:10", "24 08:20", "25 23:30"), 8 * 60 + 10),  # one late evening changes nothing
        ([at("2026-10-23 08:15"), at("2026-10-26 08:15"), at("2026-10-27 08:15")], 8 * 60 + 15),
    ],
)
def test_the_usual_moment_is_learned_from_when_a_team_looked_before(looked, minute):
    assert rhythm.usual_minute(looked) == minute


NINE, HALF_PAST_TWO, LATE = 9 * 60, 2 * 60 + 30, 23 * 60
QUIET = replace(WORKDAYS, quiet=(hour(22), hour(7)))
NEVER_QUIET = replace(EVERY_DAY, quiet=(hour(0), hour(0)))


@pytest.mark.parametrize(
    ("minute", "after", "terms", "moment"),
    [
        (NINE, "2026-11-24 08:00", QUIET, "2026-11-24 09:00"),
        (NINE, "2026-11-24 09:00", QUIET, "2026-11-25 09:00"),
        (None, "2026-11-24 08:00", QUIET, "2026-11-24 09:00"),  # the default
        (NINE, "2026-11-20 09:00", QUIET, "2026-11-23 09:00"),  # Friday, Monday
        (NINE, "2026-12-24 10:00", QUIET, "2026-12-28 09:00"),  # over Christmas and a weekend
        (NINE, "2026-11-20 09:00", NEVER_QUIET, "2026-11-21 09:00"),  # where the weekend counts
        (LATE, "2026-11-24 20:00", QUIET, "2026-11-25 07:00"),  # in quiet hours: when these end
        (LATE, "2026-11-24 07:00", QUIET, "2026-11-25 07:00"),
        # By the clock people see, before and after it changes.
        (NINE, "2026-03-27 09:00", QUIET, "2026-03-30 09:00"),
        (NINE, "2026-10-23 09:00", QUIET, "2026-10-26 09:00"),
        (HALF_PAST_TWO, "2026-03-28 12:00", NEVER_QUIET, "2026-03-29 03:30"),  # 02:30 does not exist
        (HALF_PAST_TWO, "2026-10-24 12:00", NEVER_QUIET, "2026-10-25 02:30"),  # the first of the two
    ],
)
def test_a_team_is_reminded_at_its_own_moment(minute, after, terms, moment):
    assert rhythm.next_moment(minute, at(after), terms).astimezone(AMSTERDAM) == at(moment)


@pytest.mark.parametrize(
    ("moment", "terms", "may"),
    [
        ("2026-11-24 09:00", QUIET, True),
        ("2026-11-24 23:00", QUIET, False),
        ("2026-11-24 06:59", QUIET, False),
        ("2026-11-22 12:00", QUIET, False),  # Sunday
        ("2026-12-25 12:00", QUIET, False),
        ("2026-11-22 12:00", NEVER_QUIET, True),
        ("2026-03-29 06:30", QUIET, False),
    ],
)
def test_nobody_is_rung_at_night_or_on_a_day_that_makes_no_figure_older(moment, terms, may):
    assert rhythm.may_ring(at(moment), terms) is may


@pytest.mark.parametrize(
    ("confirmed", "fading"),
    [
        ("2026-11-24 08:00", False),  # an hour ago, though it will be old by tomorrow at nine
        ("2026-11-23 22:00", False),  # eleven hours
        ("2026-11-23 20:00", True),  # thirteen hours, and tomorrow it is too late
        ("2026-11-23 10:00", True),
        ("2026-11-18 10:00", True),
    ],
)
def test_a_figure_is_asked_about_before_it_fades_and_not_just_after_somebody_looked(confirmed, fading):
    moment, following = at("2026-11-24 09:00"), at("2026-11-25 09:00")
    assert rhythm.is_fading(at(confirmed), moment, following, QUIET) is fading


@pytest.mark.parametrize(
    ("often", "days_ago", "enough"),
    [
        (0, None, False),
        (1, 1, False),
        (2, 1, False),
        (3, 1, True),
        (3, 6, True),
        (3, 7, False),
        (9, 7, False),
    ],
)
def test_who_does_not_answer_is_asked_three_days_and_then_once_a_week(often, days_ago, enough):
    moment = at("2026-11-24 09:00")
    last = None if days_ago is None else moment - timedelta(days=days_ago)
    assert Asked(often, last).enough(moment) is enough


def test_the_next_moment_is_always_to_come_and_never_in_quiet_hours():
    for days in range(0, 366, 5):
        for minute in (0, NINE, LATE):
            after = at("2026-01-01 12:00") + timedelta(days=days)
            moment = rhythm.next_moment(minute, after, QUIET)
            assert after < moment <= after + timedelta(days=6)
            assert rhythm.may_ring(moment, QUIET)
            assert local(moment).date() >= date(2026, 1, 1)
