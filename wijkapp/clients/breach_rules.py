"""A breach of personal data: kinds, risk, and the clock of 72 hours. Needs no database."""

from datetime import datetime, timedelta
from enum import StrEnum

TELL_WITHIN = timedelta(hours=72)
"""From finding it to telling the authority. Source: AVG art. 33 lid 1."""

REMIND_AFTER = timedelta(hours=48)
"""A day before the time is up, the admins are reminded; and once more when it is up."""

LONGEST_WORDS = 4000


class Kind(StrEnum):
    """What went wrong; the words of the authority's own form."""

    SENT_WRONG = "sent_wrong"  # to the wrong person
    LOST = "lost"  # a phone, a paper, a stick
    SEEN = "seen"  # somebody looked who should not have
    BROKEN_IN = "broken_in"  # hacked, phished, malware
    PUBLISHED = "published"
    DESTROYED = "destroyed"  # gone or unreachable, not seen by others
    OTHER = "other"


class Risk(StrEnum):
    """For the people whom the data is about."""

    NONE = "none"  # unlikely: need not be told to the authority, must be written down
    SOME = "some"  # to the authority
    HIGH = "high"  # to the authority, and to the people themselves (art. 34)


class State(StrEnum):
    RUNNING = "running"  # the clock ticks
    OVERDUE = "overdue"
    TOLD = "told"  # to the authority
    NOT_NEEDED = "not_needed"  # unlikely to harm anybody
    CLOSED = "closed"


def tell_before(found_at: datetime) -> datetime:
    """The last moment to tell the authority."""
    return found_at + TELL_WITHIN


def first_reminder(found_at: datetime, moment: datetime) -> datetime:
    """When the clock must speak up; found long ago: at once."""
    return max(found_at + REMIND_AFTER, moment)


def next_reminder(found_at: datetime, reminded_at: datetime) -> datetime | None:
    """After the reminder of this moment; None: no more."""
    last = tell_before(found_at)
    return last if reminded_at < last else None


def state(
    found_at: datetime,
    risk: Risk,
    reported_at: datetime | None,
    closed_at: datetime | None,
    moment: datetime,
) -> State:
    """How it stands."""
    if closed_at:
        return State.CLOSED
    if reported_at:
        return State.TOLD
    if risk is Risk.NONE:
        return State.NOT_NEEDED
    return State.OVERDUE if moment > tell_before(found_at) else State.RUNNING
