"""Days on which an office is closed, and time that passes while it is open. Amsterdam's calendar."""

from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays

from wijkapp.kit import time


def is_free_day(day: date) -> bool:
    """A Saturday, a Sunday or a national holiday."""
    return day.weekday() >= 5 or day in _holidays(day.year)


def holiday(day: date) -> str | None:
    """The Dutch name of the holiday this day is; None on any other day."""
    return _holidays(day.year).get(day)


@lru_cache(maxsize=50)
def _holidays(year: int) -> dict[date, str]:
    # 5 May is a day off once in five years, as the library has it; Good Friday is one for banks only.
    days = holidays.country_holidays("NL", years=year, language="nl")
    return {day: name for day, name in days.items() if name != "Goede vrijdag"}


def working_time(start: datetime, end: datetime) -> timedelta:
    """How much of this time was not on a Saturday, Sunday or holiday.

    start, end  aware; a day on which the clock changes has 23 or 25 hours
    """
    counted = timedelta(0)
    if end <= start:
        return counted
    day = time.local(start).date()
    while True:
        begins, ends, is_free = _bounds(day)
        if not is_free:
            counted += min(ends, end) - max(begins, start)
        if ends >= end:
            return counted
        day += timedelta(days=1)


@lru_cache(maxsize=1_000)
def _bounds(day: date) -> tuple[datetime, datetime, bool]:
    """When a day begins and ends, in UTC, and whether it is free. Asked for every figure of a region."""
    return time.day_starts(day), time.day_starts(day + timedelta(days=1)), is_free_day(day)
