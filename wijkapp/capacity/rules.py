"""The week in 28 dayparts, freshness, and the traffic light."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

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


class Light(StrEnum):
    """What the field calls the stoplicht, with the word that stands beside the colour."""

    FREE = "free"  # groen: plek
    FEW = "few"  # oranje: nog één plek
    LATER = "later"  # oranje: pas vanaf een datum
    FULL = "full"  # rood: vol
    UNKNOWN = "unknown"  # grijs: te lang niet bevestigd


def freshness(
    confirmed_at: datetime, moment: datetime, fresh_for: timedelta, stale_after: timedelta
) -> Freshness:
    """Can a figure still be trusted? All moments UTC; the terms come from the wijk's agreement."""
    age = moment - confirmed_at
    if age < fresh_for:
        return Freshness.FRESH
    return Freshness.AGEING if age < stale_after else Freshness.STALE


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
