"""The duties a region agreed on, laid out over the days: nobody has them yet. Pure; the clock may jump."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from wijkapp.agreements.rota_terms import Days, DutyBlock, LiberationDay, RotaTerms
from wijkapp.kit import time
from wijkapp.rota import calendar
from wijkapp.rota.calendar import DAY, SATURDAY
from wijkapp.rota.problem import Interval, Kind
from wijkapp.rota.rules import Line


@dataclass(frozen=True, slots=True)
class Planned:
    """One block for one person.

    day           on which it starts, in Amsterdam
    start, end    UTC
    seat          1, 2 … when several are needed at once
    weight        points; what a holiday adds is in it
    holiday       more of it falls on holidays than not
    """

    day: date
    block: str
    line: Line
    seat: int
    start: datetime
    end: datetime
    kind: Kind
    level: int
    weight: Fraction
    holiday: bool


def duties_of(terms: RotaTerms, first: date, last: date) -> tuple[Planned, ...]:
    """Every duty that starts on one of these days (both included), in the order of the clock."""
    days = (first + n * DAY for n in range((last - first).days + 1))
    found = [duty for day in days for block in terms.blocks for duty in _of_block(terms, day, block)]
    return tuple(sorted(found, key=_order))


def _order(one: Planned) -> tuple[datetime, datetime, str, bool, int]:
    return (one.start, one.end, one.block, one.line is Line.BACKUP, one.seat)


def is_holiday(day: date, liberation_day: str) -> bool:
    """Does a duty on this day count as one on a holiday?"""
    return day in calendar.holidays_in(day.year, LiberationDay(liberation_day))


def is_free(day: date, liberation_day: str) -> bool:
    """A Saturday, a Sunday or a holiday: there is duty by day too."""
    return day.weekday() >= SATURDAY or is_holiday(day, liberation_day)


def _of_block(terms: RotaTerms, day: date, block: DutyBlock) -> Iterator[Planned]:
    if block.days is Days.FREE and not is_free(day, terms.liberation_day):
        return
    when = calendar.block(day, block.starts, block.ends, time.AMSTERDAM)
    if when.end <= when.start:
        return  # 02:00 to 02:30 in the night in which that half hour does not exist
    holiday = _mostly_holiday(when, terms.liberation_day)
    times = terms.holiday_times if holiday else Fraction(1)
    lines = [(Line.MAIN, seat, Kind(block.kind), block.points) for seat in range(1, block.seats + 1)]
    if block.backup:
        lines.append((Line.BACKUP, 1, Kind.REACHABLE, block.backup_points))
    for line, seat, kind, points in lines:
        yield Planned(
            day=day,
            block=block.code,
            line=line,
            seat=seat,
            start=when.start,
            end=when.end,
            kind=kind,
            level=block.level,
            weight=points * times,
            holiday=holiday,
        )


def _mostly_holiday(when: Interval, liberation_day: str) -> bool:
    """What counts is most of the time: the night before Christmas is a holiday, the night after it is not."""
    on_holiday = timedelta(0)
    day = when.start.astimezone(time.AMSTERDAM).date()
    while (start := time.day_starts(day)) < when.end:
        if is_holiday(day, liberation_day):
            on_holiday += min(when.end, time.day_starts(day + DAY)) - max(when.start, start)
        day += DAY
    return 2 * on_holiday > when.end - when.start
