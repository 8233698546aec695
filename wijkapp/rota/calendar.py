"""Days, weeks, nights and holidays of a region as moments in UTC: the clock may jump, the hours do not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from wijkapp.agreements.rota_terms import LiberationDay
from wijkapp.agreements.rule_sets import RuleSet
from wijkapp.rota.problem import Interval

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
SATURDAY, SUNDAY = 5, 6


@cache
def holidays_in(year: int, liberation_day: LiberationDay = LiberationDay.LUSTRUM) -> frozenset[date]:
    """Days on which a duty counts as a holiday. King's Day moves to the 26th when the 27th is a Sunday.

    Good Friday is none: it is a day off in few agreements. Source: Algemene termijnenwet art. 3.
    """
    import holidays  # a large library, needed when a region plans

    found = set(holidays.country_holidays("NL", years=year, language="nl"))
    easter = next(day for day in found if _is_easter(day, found))
    found -= {easter - 2 * DAY, date(year, 5, 5)} - {easter + 39 * DAY, easter + 49 * DAY, easter + 50 * DAY}
    if liberation_day is LiberationDay.ALWAYS or (liberation_day is LiberationDay.LUSTRUM and year % 5 == 0):
        found.add(date(year, 5, 5))
    return frozenset(found)


def _is_easter(day: date, found: set[date]) -> bool:
    """Easter is the Sunday in spring with a Monday after it and Ascension 39 days on."""
    return day.weekday() == SUNDAY and day + DAY in found and day + 39 * DAY in found


def block(day: date, starts: time, ends: time, zone: ZoneInfo) -> Interval:
    """A duty by the clock, as 23:00 to 07:00; an end that is not later is on the next day. In UTC."""
    last = day + DAY if ends <= starts else day
    start, end = (datetime.combine(d, t, tzinfo=zone) for d, t in ((day, starts), (last, ends)))
    return Interval(start.astimezone(UTC), end.astimezone(UTC))


class Calendar:
    """What a stretch of time touches, on the clock of a region; for the checker."""

    def __init__(self, zone: ZoneInfo, rules: RuleSet) -> None:
        self.zone = zone
        self.night = rules.number("night_from"), rules.number("night_to")
        self.late = rules.number("night_late")
        self.wraps = self.night[0] > self.night[1]  # a night from 22 to 6 begins on the day before
        self.dark_hours = rules.hours("night_work")

    def day_starts(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def days(self, start: datetime, end: datetime) -> Iterator[date]:
        """Every date on which some of it falls."""
        day = start.astimezone(self.zone).date()
        while self.day_starts(day) < end:
            yield day
            day += DAY

    def weeks(self, start: datetime, end: datetime) -> Iterator[date]:
        """The Monday of every week in which some of it falls."""
        yield from {day - day.weekday() * DAY: None for day in self.days(start, end)}

    def weekends(self, start: datetime, end: datetime) -> Iterator[date]:
        """The Saturday of every weekend in which some of it falls."""
        touched = (day for day in self.days(start, end) if day.weekday() in (SATURDAY, SUNDAY))
        yield from {day - (day.weekday() - SATURDAY) * DAY: None for day in touched}

    def sundays(self, start: datetime, end: datetime) -> Iterator[date]:
        yield from (day for day in self.days(start, end) if day.weekday() == SUNDAY)

    def _clock(self, day: date, hour: float) -> datetime:
        """A moment by the clock; the hour may be a part (0,5) and stays within the day."""
        clock = time(int(hour) % 24, round(hour % 1 * 60) % 60)
        return datetime.combine(day + DAY * (hour >= 24), clock, tzinfo=self.zone).astimezone(UTC)

    def _nights(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, datetime]]:
        """Every night that may touch it: when it begins, when it is late, when it ends."""
        late_before = self.wraps and self.late >= self.night[0]
        for day in self.days(start, end + DAY * self.wraps):
            begins, late = (day - DAY * before for before in (self.wraps, late_before))
            yield (
                self._clock(begins, self.night[0]),
                self._clock(late, self.late),
                self._clock(day, self.night[1]),
            )

    def is_dark(self, start: datetime, end: datetime) -> bool:
        """Is more of it in the night than may be without being a night duty?"""
        longest = timedelta(0)
        for begins, _late, ends in self._nights(start, end):
            longest += max(timedelta(0), min(end, ends) - max(start, begins))
        return longest > self.dark_hours

    def ends_late(self, start: datetime, end: datetime) -> bool:
        """Is some of it in the late part of a night?"""
        return any(start < ends and late < end for _begins, late, ends in self._nights(start, end))
