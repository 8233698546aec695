"""Quiet hours, and terms that stand still in them. Pure: values in, values out; moments are UTC.

Nobody is rung in the quiet hours of a wijk, but for care that is needed today. Hours of a term count while
people may be rung; a whole day of a term is a day on the calendar, whatever the clock does that night.
"""

from datetime import UTC, datetime, time, timedelta

from wijkapp.agreements.rules import Terms, Urgency
from wijkapp.kit.time import AMSTERDAM, local, quiet_until

DAY = timedelta(days=1)
Quiet = tuple[time, time]


def rings_at(moment: datetime, terms: Terms, urgency: Urgency) -> datetime:
    """This moment, or when the quiet hours it falls in are over."""
    return moment if urgency is Urgency.TODAY else _quiet_ends(moment, terms.quiet) or moment


def term_ends(start: datetime, terms: Terms, urgency: Urgency) -> datetime:
    """When the answering term that starts now is over."""
    within = terms.answer_within[urgency]
    if urgency is Urgency.TODAY:
        return start + within
    moment = rings_at(start, terms, urgency)
    days, hours = divmod(within, DAY)
    moment = _at(moment, local(moment).time(), days) if days else moment
    return _after_ringing(moment, hours, terms.quiet)


def ringing_time(start: datetime, end: datetime, terms: Terms, urgency: Urgency) -> timedelta:
    """How much of this time people may be rung."""
    if urgency is Urgency.TODAY or _never(terms.quiet):
        return max(end - start, timedelta(0))
    counted, moment = timedelta(0), rings_at(start, terms, urgency)
    while moment < end:
        begins = _quiet_begins(moment, terms.quiet)
        counted += min(begins, end) - moment
        moment = _quiet_ends(begins, terms.quiet) or begins
    return counted


def _after_ringing(moment: datetime, hours: timedelta, quiet: Quiet) -> datetime:
    while hours and not _never(quiet):
        begins = _quiet_begins(moment, quiet)
        if hours < begins - moment:
            break
        hours -= begins - moment
        moment = _quiet_ends(begins, quiet) or begins
    return moment + hours


def _never(quiet: Quiet) -> bool:
    return quiet[0] == quiet[1]


def _quiet_ends(moment: datetime, quiet: Quiet) -> datetime | None:
    """When these quiet hours end; None when it is not quiet."""
    end = quiet_until(local(moment), *quiet)
    return end and end.astimezone(UTC)


def _quiet_begins(moment: datetime, quiet: Quiet) -> datetime:
    """The next time that they begin. It is not quiet now."""
    today = _at(moment, quiet[0], 0)
    return today if today > moment else _at(moment, quiet[0], 1)


def _at(moment: datetime, clock: time, days: int) -> datetime:
    """So late on the clock in Amsterdam, so many days after the day of this moment."""
    day = local(moment).date() + timedelta(days=days)
    # Through UTC: an hour that the clock skips or repeats is a moment there.
    return datetime.combine(day, clock, AMSTERDAM).astimezone(UTC)
