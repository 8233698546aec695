"""Time: aware and in UTC inside, Europe/Amsterdam when shown."""

from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
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


def clock(at: datetime | hour) -> str:
    """14.05, and 0.05 just after midnight. A moment is shown by a clock in Amsterdam."""
    shown = local(at) if isinstance(at, datetime) else at
    return f"{shown.hour}.{shown:%M}"


def today() -> date:
    """The day it is in Amsterdam (between 22:00 and 00:00 UTC that is tomorrow's)."""
    return local(now()).date()


def day_starts(day: date) -> datetime:
    """The moment a day begins in Amsterdam, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=AMSTERDAM).astimezone(UTC)


def quiet_until(moment: datetime, start: hour, end: hour) -> datetime | None:
    """When somebody's quiet hours end, as a clock says where they are; None when these are not quiet hours.

    moment      aware, in the zone the hours are meant in
    start, end  as in 22:00 and 07:00; equal means never quiet

    At the change to summer time an end that does not exist (02:30) comes an hour of the clock later.
    """
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    clock = moment.time()
    quiet = start <= clock < end if start < end else (clock >= start or clock < end)
    if start == end or not quiet:
        return None
    day = moment.date() + timedelta(days=clock >= end)
    return datetime.combine(day, end, tzinfo=moment.tzinfo)
