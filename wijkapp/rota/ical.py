"""Duties as a calendar that others subscribe to; RFC 5545. Pure: entries in, bytes out.

An entry keeps its UID for ever and counts its changes, so a calendar that has it knows what to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vRecur

from wijkapp.kit.time import AMSTERDAM

ZONE = "Europe/Amsterdam"
LOOK_AGAIN = timedelta(hours=1)
WINTER, SUMMER = timedelta(hours=1), timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Entry:
    """One duty in a calendar.

    sequence   goes up with every change
    changed    when it changed last
    cancelled  not a duty of this calendar any more: whoever has it in theirs takes it out
    """

    duty_id: UUID
    sequence: int
    changed: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    says: str
    address: str
    cancelled: bool = False


def calendar(name: str, entries: Iterable[Entry]) -> bytes:
    """The whole calendar, as a file."""
    made = Calendar()
    made.add("PRODID", "-//wijkapp//dienst//NL")
    made.add("VERSION", "2.0")
    made.add("CALSCALE", "GREGORIAN")
    made.add("METHOD", "PUBLISH")
    made.add("X-WR-CALNAME", name)
    made.add("X-WR-TIMEZONE", ZONE)
    made.add("REFRESH-INTERVAL", vDuration(LOOK_AGAIN), parameters={"VALUE": "DURATION"})  # RFC 7986
    made.add("X-PUBLISHED-TTL", vDuration(LOOK_AGAIN))
    made.add_component(_amsterdam())
    for entry in entries:
        made.add_component(_event(entry))
    written: bytes = made.to_ical()
    return written


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("UID", f"{entry.duty_id}@wijkapp")
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", entry.changed.astimezone(UTC))
    event.add("LAST-MODIFIED", entry.changed.astimezone(UTC))
    event.add("DTSTART", entry.starts_at.astimezone(AMSTERDAM))
    event.add("DTEND", entry.ends_at.astimezone(AMSTERDAM))
    event.add("SUMMARY", entry.title)
    event.add("DESCRIPTION", entry.says)
    event.add("URL", entry.address)
    event.add("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    return event


def _amsterdam() -> Timezone:
    """Summer time as the EU has it since 1996: from 1:00 UTC on the last Sundays of March and October.

    Written out, because an onset is told in the time that was before it, and libraries get that wrong.
    """
    zone = Timezone()
    zone.add("TZID", ZONE)
    summer, winter = TimezoneDaylight(), TimezoneStandard()
    for part, name, start, month, before, after in (
        (summer, "CEST", datetime(1996, 3, 31, 2), 3, WINTER, SUMMER),  # noqa: DTZ001 - on a clock
        (winter, "CET", datetime(1996, 10, 27, 3), 10, SUMMER, WINTER),  # noqa: DTZ001 - on a clock
    ):
        part.add("TZNAME", name)
        part.add("DTSTART", start)
        part.add("RRULE", vRecur(FREQ="YEARLY", BYMONTH=month, BYDAY="-1SU"))
        part.add("TZOFFSETFROM", before)
        part.add("TZOFFSETTO", after)
        zone.add_component(part)
    return zone
