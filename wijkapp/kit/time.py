"""Time: aware and in UTC inside, Europe/Amsterdam when shown."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def now() -> datetime:
    """The moment, in UTC. The only place that asks the machine's clock."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment on a clock in Amsterdam."""
    return moment.astimezone(AMSTERDAM)


def today() -> date:
    """The day it is in Amsterdam (between 22:00 and 00:00 UTC that is tomorrow's)."""
    return local(now()).date()


def day_starts(day: date) -> datetime:
    """The moment a day begins in Amsterdam, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=AMSTERDAM).astimezone(UTC)
