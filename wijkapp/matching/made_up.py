"""A made-up region to try ways of asking in: who works there, what is really free, what they say and when.

Nothing in here knows how requests are asked. What providers do is settled by the seed alone, so two ways of
asking meet the same people: a provider that would answer a request after nine minutes does so in both.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from math import log
from random import Random
from uuid import UUID

from wijkapp.agreements.rules import Terms, Urgency
from wijkapp.capacity.rules import DAYPARTS, SLOTS, freshness
from wijkapp.directory.rules import Distance
from wijkapp.kit.time import AMSTERDAM, local
from wijkapp.matching.answering import WeekPart, week_part
from wijkapp.matching.ranking import Candidate, Figure, Need
from wijkapp.matching.rules import VISIT_MINUTES, start_day

FIRST_DAY = date(2026, 1, 5)  # a Monday
PRODUCTS = {"verpleging": 0.8, "persoonlijke_verzorging": 0.9, "casemanagement_dementie": 0.35}
"""Kinds of care, and which part of the teams gives each."""

ASKED = {"verpleging": 5, "persoonlijke_verzorging": 4, "casemanagement_dementie": 1}
URGENCIES = {Urgency.TODAY: 3, Urgency.DAY: 7, Urgency.THREE_WORKDAYS: 7, Urgency.PLANNED: 3}
"""How often each is asked, compared with the others."""

ANSWERS_IN = {WeekPart.WORKDAY: 1.0, WeekPart.EVENING: 0.7, WeekPart.WEEKEND: 0.7, WeekPart.NIGHT: 0.35}
SLOWER_IN = {WeekPart.WORKDAY: 1.0, WeekPart.EVENING: 2.0, WeekPart.WEEKEND: 2.0, WeekPart.NIGHT: 3.0}
SLOWER_FOR = {Urgency.TODAY: 0.6, Urgency.DAY: 1.0, Urgency.THREE_WORKDAYS: 1.3, Urgency.PLANNED: 2.0}

# Visits a day in morning, afternoon, evening and night, and on which days.
MOMENTS = ((1, 0, 0, 0), (1, 0, 0, 0), (1, 0, 1, 0), (0, 0, 1, 0), (1, 1, 1, 0))
DAYS = (range(7), range(7), range(5), (0, 2, 4))


@dataclass(frozen=True)
class Settings:
    """How the region is. Everything about people is a guess that can be changed; nothing is about the app.

    answers         chance that a provider answers at all when it is rung in working hours: least, most
    answer_minutes  half of the answers of a middling provider come within so many minutes
    spread          how much providers differ in that, and one its own times (deviation of the logarithm)
    willing         chance that it offers when it really has room
    freed, taken    places a day that come free, and go without the app, for each team and product
    confirms_hours  between two times that a provider looks at its figures, on average: least, most
    fills_in_week   part of the teams that publish dayparts
    decides         minutes in which the client chooses once there is a suitable offer, in half of the cases
    """

    seed: int = 1
    wijken: tuple[int, int] = (4, 3)  # across, down
    providers: int = 48
    most_wijken: int = 5  # in which one provider works
    requests_a_day: float = 20.0  # on a working day
    warm_up: int = 28  # days before measuring: habits are learned from something
    days: int = 28
    answers: tuple[float, float] = (0.55, 0.95)
    answer_minutes: float = 14.0
    spread: tuple[float, float] = (0.7, 0.9)
    willing: float = 0.75
    freed: float = 0.15
    taken: float = 0.15
    confirms_hours: tuple[float, float] = (8.0, 120.0)
    fills_in_week: float = 0.7
    decides: float = 20.0


@dataclass(eq=False)
class Room:
    """What one team has of one product: truly, and as it was last published."""

    pattern: tuple[int, ...]  # minutes per slot that one place is worth
    published_week: bool
    places: int
    shown: int
    confirmed_at: datetime

    def covers(self, week: tuple[int, ...]) -> bool:
        """Is there truly room for all of this?"""
        return self.places > 0 and all(
            minutes * self.places >= need for minutes, need in zip(self.pattern, week, strict=True)
        )


@dataclass(frozen=True, eq=False)
class Team:
    candidate: Candidate  # `distance` and figures are filled in for each request
    wijk: int
    rooms: dict[str, Room]


@dataclass(frozen=True, eq=False)
class Provider:
    """How somebody behaves, which the app can only learn from what it sees."""

    id: UUID
    teams: tuple[Team, ...]
    answers: float
    minutes: float
    spread: float

    def answers_after(self, urgency: Urgency, rung_at: datetime, dice: Random) -> timedelta | None:
        """From being rung to its answer; None: it never answers."""
        part = week_part(local(rung_at))
        luck, pace = dice.random(), dice.gauss(0, self.spread)
        if luck >= self.answers * ANSWERS_IN[part]:
            return None
        middle = self.minutes * SLOWER_IN[part] * SLOWER_FOR[urgency]
        return timedelta(minutes=middle * 2.718281828459045**pace)


@dataclass(frozen=True, eq=False)
class Asked:
    """One request, and everything about it that chance decides."""

    id: UUID
    wijk: int
    posted_at: datetime
    urgency: Urgency
    product: str
    need: Need
    decides_after: timedelta

    def dice(self, who: UUID) -> Random:
        """What this provider does with this request: the same in each way of asking."""
        return Random(self.id.int ^ who.int)  # noqa: S311 - a simulation


@dataclass(frozen=True)
class Change:
    """What happens to a team whatever is asked: a client leaves or comes, or it looks at its figure."""

    at: datetime
    room: Room
    places: int  # 0: it publishes what it has

    def happen(self) -> None:
        if self.places:
            self.room.places = min(max(self.room.places + self.places, 0), 4)
        else:
            self.room.shown, self.room.confirmed_at = self.room.places, self.at


@dataclass(frozen=True, eq=False)
class MadeUp:
    """A region at its first moment, with everything that is going to happen to it."""

    settings: Settings
    providers: dict[UUID, Provider]
    asked: tuple[Asked, ...]
    changes: tuple[Change, ...]
    measured_from: datetime
    around: dict[int, dict[int, Distance]] = field(repr=False)

    def candidates(
        self, asked: Asked, asked_at: frozenset[Distance], terms: Terms, moment: datetime
    ) -> list[Candidate]:
        """Every team as ranking sees it at this moment; who is not asked yet without its figures."""
        near = self.around[asked.wijk]
        return [
            replace(
                team.candidate,
                distance=near[team.wijk],
                figures=_figures(team, asked, terms, moment) if near[team.wijk] in asked_at else (),
            )
            for provider in self.providers.values()
            for team in provider.teams
        ]


def _figures(team: Team, asked: Asked, terms: Terms, moment: datetime) -> tuple[Figure, ...]:
    room = team.rooms.get(asked.product)
    if room is None:
        return ()
    week = tuple(minutes * room.shown for minutes in room.pattern) if room.published_week else (0,) * SLOTS
    fresh = freshness(room.confirmed_at, moment, terms)
    return (Figure(asked.product, room.shown, week, FIRST_DAY, room.shown == 0, fresh),)


def make(settings: Settings) -> MadeUp:
    """The region of these settings; the same one each time."""
    dice = Random(settings.seed)  # noqa: S311 - a simulation
    start = datetime.combine(FIRST_DAY, time(0), AMSTERDAM).astimezone(UTC)
    end = start + timedelta(days=settings.warm_up + settings.days)
    providers = [_provider(settings, dice, number, start) for number in range(settings.providers)]
    changes = [change for one in providers for change in _changes(settings, dice, one, start, end)]
    asked = tuple(_requests(settings, dice, end))
    return MadeUp(
        settings=settings,
        providers={one.id: one for one in providers},
        asked=asked,
        changes=tuple(sorted(changes, key=lambda change: change.at)),
        measured_from=start + timedelta(days=settings.warm_up),
        around=_around(*settings.wijken),
    )


def _around(across: int, down: int) -> dict[int, dict[int, Distance]]:
    def distance(one: int, other: int) -> Distance:
        steps = abs(one % across - other % across) + abs(one // across - other // across)
        return Distance.WIJK if steps == 0 else Distance.NEIGHBOUR if steps == 1 else Distance.REGION

    wijken = range(across * down)
    return {one: {other: distance(one, other) for other in wijken} for one in wijken}


def _provider(settings: Settings, dice: Random, number: int, start: datetime) -> Provider:
    known = UUID(int=dice.getrandbits(128), version=4)
    across, down = settings.wijken
    home = number % (across * down)
    # Large ones work in the wijken after their own too, so that neighbours share providers.
    count = min(across * down, 1 + int(dice.random() ** 1.5 * settings.most_wijken))
    teams = tuple(
        _team(settings, dice, known, (home + step) % (across * down), start) for step in range(count)
    )
    return Provider(
        id=known,
        teams=teams,
        answers=dice.uniform(*settings.answers),
        minutes=dice.lognormvariate(log(settings.answer_minutes), settings.spread[0]),
        spread=settings.spread[1],
    )


def _team(settings: Settings, dice: Random, provider: UUID, wijk: int, start: datetime) -> Team:
    gives = [product for product, part in PRODUCTS.items() if dice.random() < part] or ["verpleging"]
    filled_in = dice.random() < settings.fills_in_week
    # Mornings are scarce: everybody wants to be washed at eight.
    morning, other = (dice.choices((0, 30, 60), (1, 4, 3))[0], dice.choices((0, 30, 60), (1, 2, 3))[0])
    pattern = (morning, other, max(other, 30), 0) * (SLOTS // len(DAYPARTS))
    rooms = {}
    for product in gives:
        places = dice.choices((0, 1, 2, 3), (5, 3, 2, 1))[0]
        rooms[product] = Room(pattern, filled_in, places, places, start - timedelta(hours=dice.random() * 60))
    candidate = Candidate(
        team_id=UUID(int=dice.getrandbits(128), version=4),
        organisation_id=provider,
        wijk_id=UUID(int=wijk),
        distance=Distance.WIJK,
        products=frozenset(gives),
        skills=frozenset(),
        level=dice.choices((3, 4, 5), (3, 2, 2))[0],
        languages=frozenset(),
        contracts=frozenset(),
    )
    return Team(candidate, wijk, rooms)


def _changes(
    settings: Settings, dice: Random, provider: Provider, start: datetime, end: datetime
) -> Iterator[Change]:
    hours = dice.uniform(*settings.confirms_hours)
    for team in provider.teams:
        for room in team.rooms.values():
            yield from (Change(at, room, 1) for at in _times(dice, settings.freed, start, end))
            yield from (Change(at, room, -1) for at in _times(dice, settings.taken, start, end))
            yield from (
                Change(at, room, 0)
                for at in _times(dice, 24 / hours, start, end)
                if week_part(local(at)) is not WeekPart.NIGHT
            )


def _times(dice: Random, a_day: float, start: datetime, end: datetime) -> Iterator[datetime]:
    moment = start
    while a_day and (moment := moment + timedelta(days=dice.expovariate(a_day))) < end:
        yield moment


def _requests(settings: Settings, dice: Random, end: datetime) -> Iterator[Asked]:
    day = FIRST_DAY
    last = local(end).date()
    while day < last:
        for _number in range(_how_many(dice, settings.requests_a_day * (0.3 if day.weekday() > 4 else 1))):
            yield _request(settings, dice, day)
        day += timedelta(days=1)


def _how_many(dice: Random, expected: float) -> int:
    """Poisson: arrivals until the day is full."""
    count, left = 0, dice.expovariate(1)
    while left < expected:
        count, left = count + 1, left + dice.expovariate(1)
    return count


def _request(settings: Settings, dice: Random, day: date) -> Asked:
    urgency = dice.choices(list(URGENCIES), list(URGENCIES.values()))[0]
    hour = dice.choices((12.5, 20.0, 3.0), (90, 9, 1 if urgency is Urgency.TODAY else 0))[0]
    half = {12.5: 4.5, 20.0: 2.0, 3.0: 3.0}[hour]  # 8 to 17, 18 to 22, and at night what cannot wait
    posted_at = datetime.combine(day, time(0), AMSTERDAM).astimezone(UTC) + timedelta(
        hours=dice.uniform(hour - half, hour + half)
    )
    visits, days = dice.choice(MOMENTS), dice.choice(DAYS)
    week = [0] * SLOTS
    for weekday in days:
        for part, count in enumerate(visits):
            week[weekday * len(DAYPARTS) + part] = count * VISIT_MINUTES
    known = UUID(int=dice.getrandbits(128), version=4)
    product = dice.choices(list(ASKED), list(ASKED.values()))[0]
    return Asked(
        id=known,
        wijk=dice.randrange(settings.wijken[0] * settings.wijken[1]),
        posted_at=posted_at,
        urgency=urgency,
        product=product,
        need=Need(
            products=frozenset({product}),
            skills=frozenset(),
            level=dice.choices((3, 4, 5), (6, 2, 1))[0],
            week=tuple(week),
            start_on=start_day(urgency, day, day + timedelta(days=7)),
            language=None,
            uzovi=None,
            shuffle=known.bytes,
        ),
        decides_after=timedelta(minutes=dice.lognormvariate(log(settings.decides), 0.8)),
    )
