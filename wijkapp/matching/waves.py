"""Whom to ring now. Pure: values in, values out.

Within a round not everybody is rung at once: a wave rings the fewest phones, best ranked first, that give
the wanted chance of one suitable offer before the term is over. Who was rung already and is silent counts for
what may still come of it. Whoever waits sees the request all the same and may answer it; the reason stands
beside its name. Nobody is passed over: a wave takes the next in rank, never a faster one further down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wijkapp.matching.answering import NOTHING_KNOWN, Habit
from wijkapp.matching.ranking import Reason

FITS = {
    Reason.FITS: 0.9,
    Reason.ROOM: 0.75,
    Reason.FITS_PARTLY: 0.45,
    Reason.OPENS_LATER: 0.35,
    Reason.UNCONFIRMED: 0.5,
    Reason.NO_FIGURE: 0.5,
}
"""Chance that what a provider offers is suitable, by what it published."""

LOOKS_AGAIN = (0.25, 0.5, 0.75)
"""At which parts of the term the chance is worked out again, and more phones ring when it fell short."""


@dataclass(frozen=True)
class Chance:
    """One provider that the running round asks.

    rank        its place in the list, from 1
    habit       how it usually answers
    fits        chance that its offer is a suitable one
    silent_for  minutes since it was rung; None: it was not rung yet
    answered    it said no, or it is known not to come: not rung, and nothing is expected of it
    """

    organisation_id: UUID
    rank: int
    habit: Habit = NOTHING_KNOWN
    fits: float = 1.0
    silent_for: float | None = None
    answered: bool = False

    def suitable_within(self, minutes: float) -> float:
        """Chance that a suitable offer of this provider comes in the coming minutes, if rung now at last."""
        if self.answered:
            return 0.0
        return self.fits * self.habit.offer_within(minutes, self.silent_for or 0.0)


@dataclass(frozen=True)
class Wave:
    """Who is rung now, and what may be expected of it.

    ring    best ranked first
    chance  of at least one suitable offer in the time that is left, with those rung earlier
    waits   why each of the others is not rung now
    """

    ring: tuple[UUID, ...]
    chance: float
    waits: dict[UUID, Reason]


def next_wave(providers: Sequence[Chance], *, wanted: float, minutes_left: float) -> Wave:
    """The fewest phones, in order of rank, that give at least the wanted chance; all when that is not enough.

    minutes_left  of the running term; with nothing left everybody is rung
    """
    nothing_comes = 1.0  # chance that no suitable offer comes
    for one in providers:
        if one.silent_for is not None:
            nothing_comes *= 1.0 - one.suitable_within(minutes_left)
    ring: list[UUID] = []
    waits: dict[UUID, Reason] = {}
    for one in sorted(providers, key=lambda provider: provider.rank):
        if one.silent_for is not None or one.answered:
            continue
        if 1.0 - nothing_comes >= wanted:
            waits[one.organisation_id] = Reason.NEXT_WAVE
            continue
        ring.append(one.organisation_id)
        nothing_comes *= 1.0 - one.suitable_within(minutes_left)
    return Wave(tuple(ring), 1.0 - nothing_comes, waits)


def looks_again(start: datetime, answer_by: datetime, moment: datetime) -> datetime:
    """When the chance of a running term is worked out next (UTC); at the latest when the term is over."""
    for part in LOOKS_AGAIN:
        look = start + (answer_by - start) * part
        if look > moment:
            return min(look, answer_by)
    return answer_by
