"""The terms a wijk agrees on, with the defaults that hold where nothing was agreed."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from wijkapp.directory.rules import Distance


class Urgency(StrEnum):
    """How soon care must start. Agreed words, because each has its own answering term."""

    TODAY = "today"  # spoed
    DAY = "day"  # within 24 hours
    THREE_WORKDAYS = "three_workdays"
    PLANNED = "planned"  # on a date


@dataclass(frozen=True)
class Terms:
    """What holds in one wijk at one moment.

    answer_within  how long the providers asked in a round have to answer, per urgency
    rounds         who is asked in each round, nearest first; a round takes in the ones before it
    fresh_for      a capacity figure confirmed less long ago counts as it stands
    stale_after    one confirmed longer ago is shown as unknown; between the two it is ageing
    messages_kept  how long messages about something are kept once it is over
    """

    answer_within: dict[Urgency, timedelta] = field(
        default_factory=lambda: {
            Urgency.TODAY: timedelta(minutes=30),
            Urgency.DAY: timedelta(hours=2),
            Urgency.THREE_WORKDAYS: timedelta(hours=4),
            Urgency.PLANNED: timedelta(hours=24),
        }
    )
    rounds: tuple[frozenset[Distance], ...] = (
        frozenset({Distance.WIJK, Distance.NEIGHBOUR}),
        frozenset({Distance.WIJK, Distance.NEIGHBOUR, Distance.REGION}),
    )
    fresh_for: timedelta = timedelta(hours=24)
    stale_after: timedelta = timedelta(hours=72)
    messages_kept: timedelta = timedelta(days=30)


DEFAULTS = Terms()
