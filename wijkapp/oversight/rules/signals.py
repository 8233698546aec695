"""When a wijk misses the agreed answering time for so long that somebody must hear. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wijkapp.oversight.rules.tally import Tally

NORM_SHARE = 0.8
"""Of the requests of a week, so many should have a suitable offer within the agreed term.

A choice of this project, of November 2026: what a wijk agrees is a term, not how often it may be missed.
"""

WEEKS_RUNNING = 4
LEAST_JUDGED = 10  # requests over those weeks together; fewer say too little, and are too few to show


@dataclass(frozen=True)
class Missed:
    """Weeks running in which the norm was missed, up to now."""

    first_week: date
    last_week: date
    weeks: int


def missed(weeks: Sequence[tuple[date, Tally]]) -> Missed | None:
    """Weeks running, up to the last one, that missed the norm. In: whole weeks, oldest first.

    A week in which nothing could be judged says nothing: it neither counts nor ends a run.
    """
    run: list[tuple[date, Tally]] = []
    for week, one in reversed(weeks):
        if not one.judged:
            continue
        if one.in_time / one.judged >= NORM_SHARE:
            break
        run.append((week, one))
    if len(run) < WEEKS_RUNNING or sum(one.judged for _week, one in run) < LEAST_JUDGED:
        return None
    return Missed(run[-1][0], run[0][0], len(run))


def steps_due(agreed: Collection[int], told: Collection[int], began: datetime, moment: datetime) -> list[int]:
    """The steps of a ladder, each as days after it began, that are due now and were not told yet."""
    return [days for days in sorted(set(agreed) - set(told)) if began + timedelta(days=days) <= moment]
