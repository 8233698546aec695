"""The week in 28 dayparts, freshness, and the traffic light."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from wijkapp.agreements.rules import Terms
from wijkapp.kit.calendar import working_time
from wijkapp.kit.words import mark

DAYPARTS = (mark("ochtend"), mark("middag"), mark("avond"), mark("nacht"))
"""07-12, 12-17, 17-23 and 23-07 hours."""

SLOTS = 28
"""A week is 7 days x 4 dayparts; slot = day * 4 + daypart, Monday morning is 0."""

NO_WEEK: tuple[int, ...] = (0,) * SLOTS

MOST_PLACES = 99
MOST_MINUTES = 7 * 24 * 60
MOST_SLOT_MINUTES = 24 * 60  # of a whole team in one daypart

LONGEST_BACK = timedelta(days=31)  # "from" dates in the past mean: now
LONGEST_AHEAD = timedelta(days=366)
LONGEST_PAUSE = timedelta(days=366)

WORKDAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})


class Freshness(StrEnum):
    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"


class Change(StrEnum):
    """What happened to a figure."""

    PUBLISHED = "published"
    CONFIRMED = "confirmed"
    TAKEN = "taken"  # by a placement
    GIVEN_BACK = "given_back"
    CORRECTED = "corrected"  # set to full after it said "vrij" and there was no room


class PauseKind(StrEnum):
    """Why a whole team takes nobody."""

    CLOSED = "closed"  # holidays: from a day to a day
    STOPPED = "stopped"  # until they expect to go on


class PauseReason(StrEnum):
    HOLIDAY = "holiday"
    PUBLIC_HOLIDAYS = "public_holidays"
    TRAINING = "training"
    SHORT_STAFFED = "short_staffed"
    ILLNESS = "illness"
    HEAVY_CARE = "heavy_care"  # the clients they have need more than usual
    CEILING = "ceiling"  # what the insurer pays this year is used up
    REORGANISING = "reorganising"


REASONS: dict[PauseKind, tuple[PauseReason, ...]] = {
    PauseKind.CLOSED: (PauseReason.HOLIDAY, PauseReason.PUBLIC_HOLIDAYS, PauseReason.TRAINING),
    PauseKind.STOPPED: (
        PauseReason.SHORT_STAFFED,
        PauseReason.ILLNESS,
        PauseReason.HEAVY_CARE,
        PauseReason.CEILING,
        PauseReason.REORGANISING,
    ),
}
"""Codes, no words of one's own: these are shown to others."""


def kind_of(reason: PauseReason) -> PauseKind:
    """Each reason goes with one kind."""
    return next(kind for kind, reasons in REASONS.items() if reason in reasons)


class Outcome(StrEnum):
    """What came of asking a team that stood on "vrij"."""

    KEPT = "kept"  # it offered
    NO_ROOM = "no_room"  # it declined for lack of room: the figure was wrong
    OTHER = "other"  # it declined for another reason, which says nothing about the figure


class Tap(StrEnum):
    """The answers to a reminder."""

    CONFIRM = "confirm"  # klopt nog
    FULL = "full"  # vol


class Light(StrEnum):
    """What the field calls the stoplicht, with the word that stands beside the colour."""

    FREE = "free"  # groen: plek
    FEW = "few"  # oranje: nog één plek
    LATER = "later"  # oranje: pas vanaf een datum
    FULL = "full"  # rood: vol
    CLOSED = "closed"  # rood: gesloten of gestopt, tot en met een dag
    UNKNOWN = "unknown"  # grijs: te lang niet bevestigd


SURELY_OLD = timedelta(days=14)


def freshness(confirmed_at: datetime, moment: datetime, terms: Terms) -> Freshness:
    """Can a figure still be trusted, by what its wijk agreed? Aware moments, in any zone."""
    # In UTC: within one zone Python subtracts clock times and misses the hour of DST.
    confirmed_at, moment = confirmed_at.astimezone(UTC), moment.astimezone(UTC)
    age = moment - confirmed_at
    if age >= terms.fresh_for and not terms.weekend_counts:  # a younger one is fresh whatever counts
        # Nobody counts the days of a figure that is a year old: so long holds enough working days anyhow.
        age = working_time(max(confirmed_at, moment - 2 * terms.stale_after - SURELY_OLD), moment)
    if age < terms.fresh_for:
        return Freshness.FRESH
    return Freshness.AGEING if age < terms.stale_after else Freshness.STALE


def light(*, places: int, full: bool, from_date: date, day: date, fresh: Freshness) -> Light:
    """The colour for one figure on one day. An old figure is unknown, whatever it says."""
    if fresh is Freshness.STALE:
        return Light.UNKNOWN
    if full or places == 0:
        return Light.FULL
    if from_date > day:
        return Light.LATER
    return Light.FEW if places == 1 else Light.FREE


def dayparts_in(week: Sequence[int]) -> tuple[int, ...]:
    """Which dayparts have free minutes on some day, as indexes into DAYPARTS."""
    return tuple(part for part in range(len(DAYPARTS)) if any(week[part :: len(DAYPARTS)]))


def days_in(week: Sequence[int]) -> frozenset[int]:
    """Which days have free minutes, Monday is 0."""
    return frozenset(slot // len(DAYPARTS) for slot, minutes in enumerate(week) if minutes)


def take(week: Sequence[int], wanted: Sequence[int]) -> tuple[int, ...]:
    """What can be taken from each daypart for `wanted`: never more than there is. Minutes a week."""
    return tuple(min(have, want) for have, want in zip(week, wanted, strict=True))


def minus(week: Sequence[int], taken: Sequence[int]) -> tuple[int, ...]:
    """The week that is left; never negative."""
    return tuple(max(have - took, 0) for have, took in zip(week, taken, strict=True))


def plus(week: Sequence[int], given: Sequence[int]) -> tuple[int, ...]:
    """The week after something was given back."""
    return tuple(have + gave for have, gave in zip(week, given, strict=True))
