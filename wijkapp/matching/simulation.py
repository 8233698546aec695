"""What a way of asking does in a made-up region: how soon there is an offer, and how many phones ring for it.

A discrete-event simulation: time jumps from one event to the next, nothing waits. Who is in reach, in which
order, whom a wave rings and what the clock does next come from the same engines as in the app (`ranking`,
`waves`, `answering`, `ladder`); only the people are made up.
"""

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from math import inf
from statistics import fmean
from typing import Protocol
from uuid import UUID

from wijkapp.agreements.hours import ringing_time, term_ends
from wijkapp.agreements.rules import DEFAULTS, Terms
from wijkapp.kit.time import local
from wijkapp.matching.answering import Past, week_part
from wijkapp.matching.made_up import Asked, MadeUp, Provider, Room
from wijkapp.matching.ranking import Ranked, rank

REMEMBERED = 40  # times that a provider was rung, as the app looks at


@dataclass(eq=False)
class Case:
    """One request while it runs."""

    asked: Asked
    rung: dict[UUID, datetime] = field(default_factory=dict)
    answered: dict[UUID, tuple[datetime, bool]] = field(default_factory=dict)  # when, and was it an offer?
    calls: int = 0
    held: list[Room] = field(default_factory=list)  # places of suitable offers, until the client chooses
    suitable_at: datetime | None = None
    placed_at: datetime | None = None
    ended: bool = False


@dataclass(frozen=True)
class Outcome:
    """What one way of asking did, over the requests that were measured.

    median, p90    minutes to the first suitable offer, as far as people may be rung; infinite when half of
                   the requests, or one in ten, never got one
    within_term    part of all requests with a suitable offer within the term of the agreement
    placed         part of all requests that were placed
    phones         rung for one request, on average
    """

    way: str
    requests: int
    median: float
    p90: float
    within_term: float
    placed: float
    phones: float


class Way(Protocol):
    """A way of asking. It rings; the region answers."""

    @property
    def name(self) -> str:
        """What it is called in a table."""

    def begin(self, run: "Run", case: Case) -> None:
        """This request is posted now."""

    def answered(self, run: "Run", case: Case) -> None:
        """Somebody answered it now."""


class Run:
    """The made-up region, moving on from one event to the next."""

    def __init__(self, region: MadeUp, way: Way, terms: Terms = DEFAULTS) -> None:
        self.region = region
        self.terms = terms
        self.way = way
        self.now = region.measured_from
        self.cases: list[Case] = []
        self.history: dict[UUID, deque[Past]] = {one: deque(maxlen=REMEMBERED) for one in region.providers}
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = count()  # events of one moment happen in the order in which they were planned

    def at(self, moment: datetime, what: Callable[[], None]) -> None:
        """Let this happen then."""
        heapq.heappush(self._events, (moment, next(self._number), what))

    def go(self) -> Outcome:
        """Everything, to the end."""
        for change in self.region.changes:
            self.at(change.at, change.happen)
        for asked in self.region.asked:
            self.at(asked.posted_at, partial(self._post, Case(asked)))
        while self._events:
            self.now, _number, what = heapq.heappop(self._events)
            what()
        return outcome(self)

    def _post(self, case: Case) -> None:
        self.cases.append(case)
        self.way.begin(self, case)

    def in_reach(self, case: Case, turn: int) -> list[Ranked]:
        """Every provider as the app ranks it now for this round."""
        asked_at = self.terms.rounds[turn - 1]
        candidates = self.region.candidates(case.asked, asked_at, self.terms, self.now)
        return rank(case.asked.need, candidates, asked_at)

    def ring(self, case: Case, one: Ranked) -> None:
        """This provider's phone rings; what comes of it is settled by the region."""
        provider = self.region.providers[one.candidate.organisation_id]
        if provider.id in case.rung:
            return
        case.rung[provider.id] = self.now
        case.calls += 1
        dice = case.asked.dice(provider.id)
        after = provider.answers_after(case.asked.urgency, self.now, dice)
        willing = dice.random() < self.region.settings.willing
        if after is not None:
            team = one.candidate.team_id
            self.at(self.now + after, lambda: self.answer(case, provider, team, willing=willing))

    def answer(self, case: Case, provider: Provider, team_id: UUID, *, willing: bool) -> None:
        """It looked: it offers what it truly has, or says no. Too late is no answer."""
        if case.ended or provider.id in case.answered:
            return
        room = next(team for team in provider.teams if team.candidate.team_id == team_id).rooms[
            case.asked.product
        ]
        offers = willing and room.places > 0
        case.answered[provider.id] = self.now, offers
        if offers and room.covers(case.asked.need.week):
            self._hold(case, room)
        self.way.answered(self, case)

    def _hold(self, case: Case, room: Room) -> None:
        room.places -= 1
        case.held.append(room)
        if case.suitable_at is None:
            case.suitable_at = self.now
            self.at(self.now + case.asked.decides_after, lambda: self._choose(case))

    def _choose(self, case: Case) -> None:
        """The first suitable offer is taken; the places of the others are free again."""
        case.placed_at = self.now
        taken, *others = case.held
        taken.shown = max(taken.shown - 1, 0)
        for room in others:
            room.places += 1
        self.end(case)

    def end(self, case: Case) -> None:
        """Nobody need answer any more; what each did is remembered."""
        case.ended = True
        for provider_id, rung_at in case.rung.items():
            self.history[provider_id].append(_past(case, provider_id, rung_at, self.now))


def _past(case: Case, provider_id: UUID, rung_at: datetime, ended_at: datetime) -> Past:
    answered_at, offered = case.answered.get(provider_id, (None, False))
    minutes = None if answered_at is None else _minutes(answered_at - rung_at)
    watched = _minutes(ended_at - rung_at) if minutes is None else minutes
    return Past(case.asked.urgency, week_part(local(rung_at)), minutes, watched, offered)


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def outcome(run: Run) -> Outcome:
    """The figures of a run that is over."""
    measured = [case for case in run.cases if case.asked.posted_at >= run.region.measured_from]
    times = sorted(_until_offer(run, case) for case in measured)
    in_time = [
        case.suitable_at is not None
        and case.suitable_at <= term_ends(case.asked.posted_at, run.terms, case.asked.urgency)
        for case in measured
    ]
    return Outcome(
        way=run.way.name,
        requests=len(measured),
        median=times[len(times) // 2],
        p90=times[len(times) * 9 // 10],
        within_term=fmean(in_time),
        placed=fmean(case.placed_at is not None for case in measured),
        phones=fmean(case.calls for case in measured),
    )


def _until_offer(run: Run, case: Case) -> float:
    if case.suitable_at is None:
        return inf
    asked = case.asked
    return _minutes(ringing_time(asked.posted_at, case.suitable_at, run.terms, asked.urgency))
