"""The clock and the calendar: nights when it jumps, leap days, week 53, holidays."""

from datetime import date, time, timedelta

import pytest

from tests.rota.make import AMSTERDAM, duty, person, problem
from wijkapp.agreements.rota_terms import LiberationDay
from wijkapp.agreements.rule_sets import newest, on_day
from wijkapp.rota.calendar import Calendar, block, holidays_in
from wijkapp.rota.checker import check_rota
from wijkapp.rota.problem import Rota

SHORT_NIGHTS = [
    "2026-03-28",
    "2027-03-27",
    "2028-03-25",
    "2029-03-24",
    "2030-03-30",
    "2031-03-29",
    "2032-03-27",
    "2033-03-26",
    "2034-03-25",
    "2035-03-24",
]
LONG_NIGHTS = [
    "2026-10-24",
    "2027-10-30",
    "2028-10-28",
    "2029-10-27",
    "2030-10-26",
    "2031-10-25",
    "2032-10-30",
    "2033-10-29",
    "2034-10-28",
    "2035-10-27",
]


def night(day: str):
    return block(date.fromisoformat(day), time(23), time(7), AMSTERDAM)


@pytest.mark.parametrize(("day", "hours"), [*((d, 7) for d in SHORT_NIGHTS), *((d, 9) for d in LONG_NIGHTS)])
def test_a_night_in_which_the_clock_jumps_lasts_7_or_9_hours(day, hours):
    assert night(day).end - night(day).start == timedelta(hours=hours)


@pytest.mark.parametrize("day", [*SHORT_NIGHTS, *LONG_NIGHTS])
def test_the_nights_around_it_last_8_hours(day):
    for other in (-1, 1):
        when = block(date.fromisoformat(day) + timedelta(days=other), time(23), time(7), AMSTERDAM)
        assert when.end - when.start == timedelta(hours=8)


@pytest.mark.parametrize(
    ("day", "starts", "enough"),
    [
        *((day, "09:59", False) for day in (*SHORT_NIGHTS, *LONG_NIGHTS)),
        *((day, "10:00", False) for day in SHORT_NIGHTS),
        *((day, "11:00", True) for day in SHORT_NIGHTS),
        *((day, "09:00", True) for day in LONG_NIGHTS),
    ],
)
def test_rest_over_such_a_night_is_counted_in_hours(day, starts, enough):
    """From 23:00 to 10:00 is 10 hours in March and 12 in October."""
    sunday = date.fromisoformat(day) + timedelta(days=1)
    duties = [
        duty("late", f"{day} 17:00", f"{day} 23:00"),
        duty("early", f"{sunday} {starts}", f"{sunday} 15:00"),
    ]
    made = problem([person("anna")], duties)
    found = [one.rule for one in check_rota(made, Rota({"late": "anna", "early": "anna"}))]
    enough = enough or day in LONG_NIGHTS
    assert found == ([] if enough else ["daily_rest"])


@pytest.mark.parametrize("year", [2028, 2032, 2036])
def test_a_leap_day_is_a_day(year):
    when = block(date(year, 2, 28), time(23), time(7), AMSTERDAM)
    assert when.end.date() == date(year, 2, 29)
    calendar = Calendar(AMSTERDAM, newest())
    days = list(calendar.days(*(night(f"{year}-02-29").start, night(f"{year}-02-29").end)))
    assert days == [date(year, 2, 29), date(year, 3, 1)]


@pytest.mark.parametrize("year", [2026, 2032, 2037])
def test_week_53_is_a_week_like_others_and_shared_by_two_years(year):
    assert date(year, 12, 31).isocalendar().week == 53
    calendar = Calendar(AMSTERDAM, newest())
    eve, day = night(f"{year}-12-31"), block(date(year + 1, 1, 1), time(7), time(17), AMSTERDAM)
    (monday,) = calendar.weeks(eve.start, day.end)
    assert monday.isocalendar().week == 53


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, "01-01 04-05 04-06 04-27 05-14 05-24 05-25 12-25 12-26"),
        (2027, "01-01 03-28 03-29 04-27 05-06 05-16 05-17 12-25 12-26"),
        (2028, "01-01 04-16 04-17 04-27 05-25 06-04 06-05 12-25 12-26"),
        (2029, "01-01 04-01 04-02 04-27 05-10 05-20 05-21 12-25 12-26"),
        (2030, "01-01 04-21 04-22 04-27 05-05 05-30 06-09 06-10 12-25 12-26"),
        (2031, "01-01 04-13 04-14 04-26 05-22 06-01 06-02 12-25 12-26"),
        (2035, "01-01 03-25 03-26 04-27 05-03 05-05 05-13 05-14 12-25 12-26"),
    ],
)
def test_holidays(year, days):
    assert {f"{day:%m-%d}" for day in holidays_in(year)} == set(days.split())


@pytest.mark.parametrize("year", [2025, 2031, 2036])
def test_kings_day_on_a_sunday_is_kept_a_day_earlier(year):
    assert date(year, 4, 27).weekday() == 6
    assert date(year, 4, 26) in holidays_in(year)
    assert date(year, 4, 27) not in holidays_in(year)


@pytest.mark.parametrize(
    ("setting", "years"),
    [
        (LiberationDay.NEVER, set()),
        (LiberationDay.LUSTRUM, {2025, 2030, 2035}),
        (LiberationDay.ALWAYS, set(range(2024, 2036))),
    ],
)
def test_5_may_is_a_holiday_as_the_region_says(setting, years):
    assert {year for year in range(2024, 2036) if date(year, 5, 5) in holidays_in(year, setting)} == years


def test_5_may_stays_when_it_is_ascension_day_too():
    assert date(2016, 5, 5) in holidays_in(2016, LiberationDay.NEVER)


def test_a_rota_has_the_rules_of_when_it_starts():
    assert on_day(date(2026, 6, 1)).version == "2026-1"
    assert on_day(date(2020, 1, 1)).version == "2026-1"  # the oldest there is
