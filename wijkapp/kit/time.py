"""Time: aware and in UTC inside, Europe/Amsterdam when shown."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from wijkapp.kit.words import mark

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

WEEKDAYS = (mark("ma"), mark("di"), mark("wo"), mark("do"), mark("vr"), mark("za"), mark("zo"))
MONTHS = (
    mark("jan"),
    mark("feb"),
    mark("mrt"),
    mark("apr"),
    mark("mei"),
    mark("jun"),
    mark("jul"),
    mark("aug"),
    mark("sep"),
    mark("okt"),
    mark("nov"),
    mark("dec"),
)


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
