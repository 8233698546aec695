"""How a provider usually answers, worked out from its own history. Pure: values in, values out.

The chance that it has answered after so many minutes is learned per step of EDGES: of the times it was still
silent when a step began, how often did the answer come within it? That copes with being asked when the
request was placed by somebody else soon after. Where its own history is short, it counts as the others do:
each step begins with PRIOR_ASKED times that it was asked, of which the share of PRIOR_WITHIN was answered
(a Beta prior). What happened under another urgency or at another time of the week counts for less.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from wijkapp.agreements.rules import Urgency

EDGES = (0.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 1440.0)
"""Minutes since it was rung."""

PRIOR_WITHIN = (0.0, 0.06, 0.18, 0.34, 0.44, 0.58, 0.68, 0.76, 0.82, 0.86, 0.90)
"""Chance of an answer within each of EDGES where nothing is known: phones of colleagues who are working."""

PRIOR_ASKED = 3.0
PRIOR_OFFERS = 0.4
PRIOR_ANSWERS = 3.0

OTHER_URGENCY = 0.5
OTHER_TIME = 0.4
"""What counts less than once: an answer under another urgency, or in another part of the week."""


class WeekPart(StrEnum):
    """Part of the week in which people answer differently; as the clock in Amsterdam says."""

    WORKDAY = "workday"  # Monday to Friday, 7 to 18
    EVENING = "evening"  # 18 to 23
    NIGHT = "night"  # 23 to 7
    WEEKEND = "weekend"  # Saturday and Sunday, 7 to 18


def week_part(local: datetime) -> WeekPart:
    """In: a moment as it is on a clock in Amsterdam."""
    if local.hour >= 23 or local.hour < 7:
        return WeekPart.NIGHT
    if local.hour >= 18:
        return WeekPart.EVENING
    return WeekPart.WEEKEND if local.weekday() >= 5 else WeekPart.WORKDAY


@dataclass(frozen=True)
class Past:
    """One time that a provider was rung.

    minutes  from ringing to its answer; None when it stayed silent
    watched  minutes that it could have answered: until it did, or the request was placed or ended
    offered  the answer was an offer
    """

    urgency: Urgency
    part: WeekPart
    minutes: float | None
    watched: float
    offered: bool = False


@dataclass(frozen=True)
class Habit:
    """How a provider answers, as far as is known.

    within  chance that it has answered after each of EDGES minutes; never falls
    offers  which part of its answers is an offer
    known   how many times it was rung before; 0: nothing is known of this provider
    """

    within: tuple[float, ...] = PRIOR_WITHIN
    offers: float = PRIOR_OFFERS
    known: int = 0

    def answered_within(self, minutes: float) -> float:
        """Chance that it has answered so many minutes after it was rung."""
        if minutes <= 0:
            return 0.0
        step = bisect_right(EDGES, minutes)
        if step == len(EDGES):
            return self.within[-1]
        start, end = EDGES[step - 1], EDGES[step]
        low, high = self.within[step - 1], self.within[step]
        return low + (high - low) * (minutes - start) / (end - start)

    def offer_within(self, minutes: float, silent_for: float = 0.0) -> float:
        """Chance of an offer in the coming minutes, when it has been silent for a while already."""
        silent = self.answered_within(silent_for)
        if silent >= 1.0:
            return 0.0
        coming = self.answered_within(silent_for + minutes) - silent
        return self.offers * coming / (1.0 - silent)

    def usual_minutes(self) -> float | None:
        """Half of its answers come within so many minutes; None when nothing is known."""
        if not self.known:
            return None
        half = self.within[-1] / 2
        for (start, low), (end, high) in pairwise(zip(EDGES, self.within, strict=True)):
            if high >= half:
                return start + (end - start) * (half - low) / (high - low)
        return None


NOTHING_KNOWN = Habit()


def habit_of(history: Iterable[Past], urgency: Urgency, part: WeekPart) -> Habit:
    """How this provider will answer a request of this urgency, in this part of the week."""
    asked, answered = [0.0] * len(EDGES), [0.0] * len(EDGES)  # per step, by its end
    answers = offers = 0.0
    known = 0
    for past in history:
        known += 1
        weight = _weight(past, urgency, part)
        _count(past, weight, asked, answered)
        if past.minutes is not None:
            answers += weight
            offers += weight * past.offered
    if not known:
        return NOTHING_KNOWN
    share = (PRIOR_OFFERS * PRIOR_ANSWERS + offers) / (PRIOR_ANSWERS + answers)
    return Habit(_curve(asked, answered), share, known)


def _weight(past: Past, urgency: Urgency, part: WeekPart) -> float:
    return (1.0 if past.urgency is urgency else OTHER_URGENCY) * (1.0 if past.part is part else OTHER_TIME)


def _count(past: Past, weight: float, asked: list[float], answered: list[float]) -> None:
    for step in range(1, len(EDGES)):
        if past.minutes is not None and past.minutes < EDGES[step]:
            asked[step] += weight
            answered[step] += weight
            return
        if past.watched < EDGES[step]:  # nobody knows whether the answer would have come in this step
            return
        asked[step] += weight


def _curve(asked: list[float], answered: list[float]) -> tuple[float, ...]:
    silent, within = 1.0, [0.0]
    for step in range(1, len(EDGES)):
        before, after = PRIOR_WITHIN[step - 1], PRIOR_WITHIN[step]
        usual = (after - before) / (1.0 - before)  # of those still silent, who answers in this step
        silent *= 1.0 - (PRIOR_ASKED * usual + answered[step]) / (PRIOR_ASKED + asked[step])
        within.append(1.0 - silent)
    return tuple(within)
