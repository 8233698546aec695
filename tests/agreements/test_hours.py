"""Quiet hours and terms that stand still in them: nights, weekends, holidays, and the nights of the clock."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkapp.agreements.hours import ringing_time, rings_at, term_ends
from wijkapp.agreements.rules import Terms, Urgency
from wijkapp.kit.calendar import is_free_day, working_time

TERMS = Terms()  # quiet from 22:00 to 07:00
NEVER_QUIET = replace(TERMS, quiet=(time(0), time(0)))
AT_NOON = replace(TERMS, quiet=(time(12), time(13)))
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(text: str) -> datetime:
    """A moment as a clock in Amsterdam says it."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("posted", "urgency", "rings"),
    [
        ("2026-11-24 15:00", Urgency.DAY, "2026-11-24 15:00"),
        ("2026-11-24 21:59", Urgency.DAY, "2026-11-24 21:59"),
        ("2026-11-24 22:00", Urgency.DAY, "2026-11-25 07:00"),
        ("2026-11-25 03:00", Urgency.DAY, "2026-11-25 07:00"),
        ("2026-11-25 07:00", Urgency.DAY, "2026-11-25 07:00"),
        ("2026-11-25 03:00", Urgency.TODAY, "2026-11-25 03:00"),  # spoed rings at night
        ("2026-11-28 03:00", Urgency.PLANNED, "2026-11-28 07:00"),  # a Saturday is a day like others
        ("2026-12-25 23:00", Urgency.PLANNED, "2026-12-26 07:00"),  # and so is Christmas
        ("2026-03-28 23:00", Urgency.DAY, "2026-03-29 07:00"),  # the night to summer time
        ("2026-10-24 23:00", Urgency.DAY, "2026-10-25 07:00"),  # the night to winter time
    ],
)
def test_nobody_is_rung_in_the_quiet_hours_but_for_today(posted, urgency, rings):
    assert rings_at(at(posted), TERMS, urgency) == at(rings)


@pytest.mark.parametrize(
    ("posted", "urgency", "ends"),
    [
        ("2026-11-24 15:00", Urgency.TODAY, "2026-11-24 15:30"),
        ("2026-11-24 23:00", Urgency.TODAY, "2026-11-24 23:30"),  # spoed goes on by night
        ("2026-11-24 15:00", Urgency.DAY, "2026-11-24 17:00"),
        ("2026-11-24 21:30", Urgency.DAY, "2026-11-25 08:30"),  # half an hour tonight, the rest tomorrow
        ("2026-11-24 23:00", Urgency.DAY, "2026-11-25 09:00"),
        ("2026-11-24 20:00", Urgency.DAY, "2026-11-25 07:00"),  # what ends as it gets quiet, ends after it
        ("2026-11-24 19:00", Urgency.THREE_WORKDAYS, "2026-11-25 08:00"),
        ("2026-11-27 16:00", Urgency.PLANNED, "2026-11-28 16:00"),  # a day is a day, on a Friday too
        ("2026-11-27 23:00", Urgency.PLANNED, "2026-11-29 07:00"),
        ("2026-12-24 16:00", Urgency.PLANNED, "2026-12-25 16:00"),
        ("2026-03-28 16:00", Urgency.PLANNED, "2026-03-29 16:00"),  # 23 hours on a stopwatch
        ("2026-10-24 16:00", Urgency.PLANNED, "2026-10-25 16:00"),  # and 25
        ("2026-03-28 21:00", Urgency.DAY, "2026-03-29 08:00"),
        ("2026-10-24 21:00", Urgency.DAY, "2026-10-25 08:00"),
    ],
)
def test_hours_of_a_term_count_while_people_may_be_rung_and_a_day_is_a_day(posted, urgency, ends):
    assert term_ends(at(posted), TERMS, urgency) == at(ends)


def test_a_wijk_that_is_never_quiet_counts_every_hour_also_when_the_clock_changes():
    for night in ("2026-03-28 23:00", "2026-10-24 23:00"):
        assert term_ends(at(night), NEVER_QUIET, Urgency.THREE_WORKDAYS) == at(night) + timedelta(hours=4)


def test_quiet_hours_may_lie_within_one_day():
    assert rings_at(at("2026-11-24 12:30"), AT_NOON, Urgency.DAY) == at("2026-11-24 13:00")
    assert term_ends(at("2026-11-24 11:30"), AT_NOON, Urgency.DAY) == at("2026-11-24 14:30")


def test_a_whole_night_is_no_time_to_answer():
    assert ringing_time(at("2026-11-24 21:00"), at("2026-11-25 08:00"), TERMS, Urgency.DAY) == timedelta(
        hours=2
    )
    assert ringing_time(at("2026-11-24 21:00"), at("2026-11-25 08:00"), TERMS, Urgency.TODAY) == timedelta(
        hours=11
    )


@settings(max_examples=60)
@given(
    minutes=st.integers(0, 2 * 365 * 24 * 60),
    urgency=st.sampled_from(list(Urgency)),
    quiet=st.tuples(st.times(), st.times()),
)
def test_a_term_never_ends_while_it_is_quiet_nor_before_it_began(minutes, urgency, quiet):
    moment = at("2026-01-01 00:00") + timedelta(minutes=minutes)
    terms = replace(TERMS, quiet=tuple(one.replace(second=0, microsecond=0) for one in quiet))
    ends = term_ends(moment, terms, urgency)
    assert ends > rings_at(moment, terms, urgency) >= moment
    assert rings_at(ends, terms, urgency) == ends
    hours = terms.answer_within[urgency]
    if urgency not in {Urgency.TODAY, Urgency.PLANNED}:
        assert ringing_time(moment, ends, terms, urgency) == hours


@pytest.mark.parametrize(
    ("day", "free"),
    [
        ("2026-11-24", False),
        ("2026-11-28", True),  # Saturday
        ("2026-04-06", True),  # Easter Monday
        ("2026-04-03", False),  # Good Friday
        ("2026-04-27", True),  # King's day
        ("2026-05-05", False),
        ("2025-05-05", True),  # once in five years
        ("2026-05-14", True),  # Ascension
        ("2026-12-25", True),
    ],
)
def test_the_days_off_are_those_of_home_care(day, free):
    assert is_free_day(at(day).astimezone(AMSTERDAM).date()) is free


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-27 12:00", "2026-11-30 12:00", 24),  # over a weekend
        ("2026-12-24 12:00", "2026-12-28 12:00", 24),  # over Christmas and a weekend
        ("2026-11-28 12:00", "2026-11-28 18:00", 0),
        ("2026-03-27 12:00", "2026-03-30 12:00", 24),  # the clock changes in a weekend
        ("2026-11-24 12:00", "2026-11-24 12:00", 0),
        ("2026-11-24 12:00", "2026-11-23 12:00", 0),
    ],
)
def test_working_time_leaves_out_the_days_off(start, end, hours):
    assert working_time(at(start), at(end)) == timedelta(hours=hours)
