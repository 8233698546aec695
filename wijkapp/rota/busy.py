"""When somebody works elsewhere, out of a calendar (iCal) or a list (CSV): from when until when, and no more.

What an appointment is about, where and with whom is never read into anything that is kept.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr

from wijkapp.kit import time
from wijkapp.kit.words import lazy as _
from wijkapp.rota import spreadsheet
from wijkapp.rota.problem import Interval, joined
from wijkapp.rota.rules import AbsenceKind, Source

MOST = 2_000
"""So many moments are taken; a calendar with more has something else in it."""

LONGEST_SHIFT = timedelta(hours=16)
"""What lasts longer is no shift but a time that somebody is away."""

MOST_REPEATED = 100
"""So many rules of appointments that repeat are worked out."""

MOST_TIMES = 20_000
"""What comes so often by one rule is no shift: that is five a day, for as long as we look back."""

OLDEST = 2015
"""An appointment that repeats since before this year is a mistake, or a birthday."""

_BYTES_OF_ICAL = b"BEGIN:VCALENDAR"
_START = frozenset({"van", "begin", "start", "from", "starttijd", "begintijd", "dtstart", "starts"})
_END = frozenset({"tot", "t/m", "einde", "eind", "end", "until", "eindtijd", "dtend", "ends"})
_DAY = frozenset({"datum", "dag", "date", "day"})
_HOURS = ("%H:%M", "%H.%M", "%H:%M:%S")


@dataclass(frozen=True)
class Found:
    """What was in a file.

    wrong  row or appointment number -> why it cannot be used, in the reader's language; never what was in it
    """

    source: Source
    moments: tuple[tuple[AbsenceKind, Interval], ...]
    wrong: Mapping[int, Any] = field(default_factory=dict)

    @property
    def is_unreadable(self) -> bool:
        """There is something in it, and nothing of use."""
        return bool(self.wrong) and not self.moments


class NoCalendar(ValueError):
    """This is neither iCal nor a list of moments."""


def read(data: bytes, around: Interval) -> Found:
    """The moments of a file that fall within `around`. Raises NoCalendar."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").upper().startswith(_BYTES_OF_ICAL):
        return _read_ical(data, around)
    return _read_csv(data, around)


def _found(source: Source, intervals: Iterable[Interval], wrong: dict[int, Any], around: Interval) -> Found:
    near = [one for one in intervals if one.overlaps(around)]
    shifts = joined([one for one in near if one.end - one.start <= LONGEST_SHIFT])
    away = joined([one for one in near if one.end - one.start > LONGEST_SHIFT])
    moments = [(AbsenceKind.BUSY, one) for one in shifts] + [(AbsenceKind.UNAVAILABLE, one) for one in away]
    if len(moments) > MOST:
        wrong[0] = _("Er staan meer dan %(most)s momenten in. De rest is overgeslagen.", most=MOST)
    return Found(source, tuple(moments[:MOST]), wrong)


# --- iCal


def _read_ical(data: bytes, around: Interval) -> Found:
    from icalendar import Calendar  # takes a while to load, needed now and then

    try:
        calendars = Calendar.from_ical(data, multiple=True)
    except (
        ValueError,
        IndexError,
        KeyError,
        AttributeError,
        TypeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise NoCalendar from error
    events = [event for one in calendars for event in one.walk("VEVENT")]
    moved = {(str(one.get("UID")), _moment_of(one, "RECURRENCE-ID")) for one in events}
    intervals: list[Interval] = []
    wrong: dict[int, Any] = {}
    repeated = 0
    for number, event in enumerate(events, 1):
        repeated += len(_rules(event))
        if _is_free(event) or repeated > MOST_REPEATED:
            continue
        try:
            found = list(_times_of(event, around, moved))
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
            wrong[number] = _("De tijd van deze afspraak is niet te lezen.")
            continue
        intervals += found[: MOST + 1]
    if repeated > MOST_REPEATED:
        wrong[0] = _("Er herhaalt zich te veel. Maak een bestand met minder afspraken.")
    return _found(Source.ICAL, intervals, wrong, around)


def _is_free(event: Any) -> bool:
    """Does it not take time: cancelled, or shown as free?"""
    said = (str(event.get("STATUS", "")).upper(), str(event.get("TRANSP", "")).upper())
    return said[0] == "CANCELLED" or said[1] == "TRANSPARENT"


def _times_of(event: Any, around: Interval, moved: set[tuple[str, datetime | None]]) -> Iterator[Interval]:
    start = event.decoded("DTSTART")
    end = event.decoded("DTEND") if "DTEND" in event else None
    if end is None:
        length = event.decoded("DURATION") if "DURATION" in event else None
        end = start + (length or (timedelta(0) if isinstance(start, datetime) else timedelta(days=1)))
    if "RRULE" not in event and "RDATE" not in event:
        yield from _interval(start, end)
        return
    # By the clock: an early shift begins at seven before and after the clock changes.
    length = end - start
    for again in _repeats(event, start, around):
        if (str(event.get("UID")), _utc(again)) not in moved:
            last = again + length if not isinstance(again, datetime) else _later(again, length)
            yield from _interval(again, last)


def _repeats(event: Any, start: date, around: Interval) -> Iterator[date]:
    naive, zone = _naive(start), getattr(start, "tzinfo", None)
    if naive.year < OLDEST:
        raise ValueError("so long ago nothing was planned that still repeats")
    first = time.local(around.start).replace(tzinfo=None) - timedelta(days=8)
    last = time.local(around.end).replace(tzinfo=None) + timedelta(days=1)
    found = {_naive(_in_zone(again, zone)) for again in _dates(event, "RDATE")} | {naive}
    for rule in _rules(event):
        found.update(_by_rule(rule.to_ical().decode().upper(), naive, last, zone))
    gone = {_naive(_in_zone(again, zone)) for again in _dates(event, "EXDATE")}
    for again in sorted(one for one in found - gone if first <= one <= last):
        yield again.replace(tzinfo=zone) if isinstance(start, datetime) else again.date()


def _rules(event: Any) -> list[Any]:
    rules = event.get("RRULE", [])
    return rules if isinstance(rules, list) else [rules]


def _by_rule(rule: str, start: datetime, last: datetime, zone: Any) -> list[datetime]:
    """When it is again, until `last`: a rule without an end, or one that never comes true, ends there too."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if part)
    if parts.get("FREQ") in {"SECONDLY", "MINUTELY", "HOURLY"} or int(parts.get("INTERVAL", 1)) < 1:
        raise ValueError("no shift repeats so often")
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    if until:
        last = min(last, _until(until, zone))
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    again = islice(rrulestr(text, dtstart=start).replace(until=last), int(count) if count else None)
    times = list(islice(again, MOST_TIMES + 1))
    if len(times) > MOST_TIMES:
        raise ValueError("no shift repeats so often")
    return times


def _until(stamp: str, zone: Any) -> datetime:
    """The end of a rule, on the clock that its appointment is on."""
    if len(stamp) == len("20261231"):
        return datetime.strptime(stamp, "%Y%m%d") + timedelta(days=1)  # noqa: DTZ007
    naive = datetime.strptime(stamp.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
    if not stamp.endswith("Z"):
        return naive
    return naive.replace(tzinfo=UTC).astimezone(zone or time.AMSTERDAM).replace(tzinfo=None)


def _dates(event: Any, name: str) -> list[date]:
    value = event.get(name)
    rows = value if isinstance(value, list) else [value] if value is not None else []
    return [one.dt for row in rows for one in row.dts]


def _in_zone(moment: date, zone: Any) -> date:
    if isinstance(moment, datetime) and moment.tzinfo and zone:
        return moment.astimezone(zone)
    return moment


def _naive(moment: date) -> datetime:
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime.combine(moment, hour())


def _later(start: datetime, length: timedelta) -> datetime:
    """So many hours later, not so much later on the clock."""
    return _utc(start) + length


def _moment_of(event: Any, name: str) -> datetime | None:
    try:
        return _utc(event.decoded(name)) if name in event else None
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
        return None


def _utc(moment: date) -> datetime:
    """A day begins at midnight in Amsterdam; a time without a zone is one on a clock there."""
    if not isinstance(moment, datetime):
        return time.day_starts(moment)
    return (moment if moment.tzinfo else moment.replace(tzinfo=time.AMSTERDAM)).astimezone(UTC)


def _interval(start: date, end: date) -> Iterator[Interval]:
    first, last = _utc(start), _utc(end)
    if last < first:
        raise ValueError("ends before it starts")
    if last > first:
        yield Interval(_minute(first), _minute(last))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


# --- CSV


def _read_csv(data: bytes, around: Interval) -> Found:
    try:
        rows = spreadsheet.rows_of(data)
    except spreadsheet.NoTable as error:
        raise NoCalendar from error
    columns = _columns(rows[0]) if rows else None
    intervals: list[Interval] = []
    wrong: dict[int, Any] = {}
    for number, row in enumerate(rows, 1):
        if not any(cell.strip() for cell in row) or (number == 1 and columns):
            continue
        try:
            intervals += _interval(*_row(row, columns))
        except (ValueError, IndexError, OverflowError):
            wrong[number] = _("Hier staat geen begin en einde dat ik kan lezen.")
    if not intervals and (len(wrong) == len(rows) or not rows):
        raise NoCalendar
    return _found(Source.CSV, intervals, wrong, around)


def _columns(heading: Sequence[str]) -> dict[str, int] | None:
    """Which column is what, when the first row says so."""
    words = [cell.strip().lower() for cell in heading]
    found = {}
    for name, known in (("day", _DAY), ("start", _START), ("end", _END)):
        place = next((n for n, word in enumerate(words) if word in known), None)
        if place is not None:
            found[name] = place
    return found if {"start", "end"} <= set(found) else None


def _row(row: Sequence[str], columns: Mapping[str, int] | None) -> tuple[datetime, datetime]:
    if columns is None:
        # Without a heading: begin and end, or day, begin and end.
        columns = {"start": 0, "end": 1} if _has_day(row[0]) and _has_day(row[1]) else _THREE
    start, end = row[columns["start"]].strip(), row[columns["end"]].strip()
    if "day" not in columns:
        return _csv_moment(start), _csv_moment(end)
    day = spreadsheet.day_of(row[columns["day"]].strip())
    first, last = _csv_hour(start), _csv_hour(end)
    until = day + timedelta(days=1) if last <= first else day  # a night ends on the day after
    return (
        datetime.combine(day, first, tzinfo=time.AMSTERDAM),
        datetime.combine(until, last, tzinfo=time.AMSTERDAM),
    )


_THREE = {"day": 0, "start": 1, "end": 2}


def _has_day(cell: str) -> bool:
    return bool(re.match(r"\s*\d{1,4}[-/]\d{1,2}[-/]\d{2,4}[ T]+\d", cell))


def _csv_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day, clock = re.split(r"[ T]+", text, maxsplit=1)
        moment = datetime.combine(spreadsheet.day_of(day), _csv_hour(clock))
    return moment if moment.tzinfo else moment.replace(tzinfo=time.AMSTERDAM)


def _csv_hour(text: str) -> hour:
    return spreadsheet.first_that_fits(text, _HOURS).time()
