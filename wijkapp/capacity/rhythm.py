"""When to remind a team of its figures: at the moment of the day that it usually looks by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from statistics import median_low

from wijkapp.agreements.rules import Terms
from wijkapp.capacity.rules import Freshness, freshness
from wijkapp.kit import time
from wijkapp.kit.calendar import is_free_day

DEFAULT_MINUTE = 9 * 60
"""Of the day, for a team whose habit is not known yet: after the morning's handover."""

LEAST_DAYS = 3  # on which somebody looked, before that counts as a habit
HABIT_OF = timedelta(weeks=6)  # people change: what was longer ago says nothing
IN_A_ROW = 3  # reminders that nobody answered; after that one a week
THEN_EVERY = timedelta(days=7)


def usual_minute(looked: Iterable[datetime]) -> int | None:
    """The minute of the day in Amsterdam that somebody usually looks; None when that is not known yet.

    looked  aware moments that somebody confirmed or changed a figure. Of each day the first counts: who steps
            a figure five times looked once.
    """
    first: dict[date, int] = {}
    for moment in sorted(looked):
        shown = time.local(moment)
        first.setdefault(shown.date(), shown.hour * 60 + shown.minute)
    return median_low(first.values()) if len(first) >= LEAST_DAYS else None


def may_ring(moment: datetime, terms: Terms) -> bool:
    """Not in the quiet hours of the wijk, and not on a day that makes no figure older."""
    shown = time.local(moment)
    counts = terms.weekend_counts or not is_free_day(shown.date())
    return counts and time.quiet_until(shown, *terms.quiet) is None


def next_moment(minute: int | None, after: datetime, terms: Terms) -> datetime:
    """The first moment after `after` to remind a team, in UTC.

    minute  of the day in Amsterdam; None for the default. In quiet hours it becomes their end.
    """
    day = time.local(after).date()
    while True:
        shown = datetime.combine(day, _clock(minute), tzinfo=time.AMSTERDAM)
        moment = (time.quiet_until(shown, *terms.quiet) or shown).astimezone(UTC)
        # Friday's quiet hours end on Saturday, so it is asked of the moment and not of the day.
        if moment > after.astimezone(UTC) and may_ring(moment, terms):
            return moment
        day += timedelta(days=1)


def _clock(minute: int | None) -> hour:
    hours, minutes = divmod(DEFAULT_MINUTE if minute is None else minute, 60)
    return hour(hours, minutes)


def is_fading(confirmed_at: datetime, moment: datetime, following: datetime, terms: Terms) -> bool:
    """Must this figure be asked about now, because at the following moment it would be too late?

    What was confirmed a short while ago is left alone, also when it will be old by tomorrow.
    """
    half = replace(terms, fresh_for=terms.fresh_for / 2)
    return (
        freshness(confirmed_at, moment, half) is not Freshness.FRESH
        and freshness(confirmed_at, following, terms) is not Freshness.FRESH
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Reminders that nobody answered since somebody last looked."""

    often: int
    last: datetime | None

    def enough(self, moment: datetime) -> bool:
        """Is asking again no use? Whoever does not answer is not rung every day for ever."""
        return self.often >= IN_A_ROW and self.last is not None and moment - self.last < THEN_EVERY
