"""The figures of a wijk or region, each worked out in one place. Pure: values in, values out.

Times are minutes in which people may be rung: the hours of a night in which nobody is asked do not count.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from wijkapp.agreements.hours import ringing_time, term_ends
from wijkapp.agreements.rules import Terms, Urgency
from wijkapp.matching.rules import UnfillableReason


class Period(StrEnum):
    WEEK = "week"
    MONTH = "maand"
    QUARTER = "kwartaal"


DAYS = {Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 91}


def first_day(period: Period, today: date) -> date:
    """The first day that counts; today is the last."""
    return today - timedelta(days=DAYS[period] - 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of one request. Moments are UTC; None: it did not happen.

    suitable_at  when an offer that takes all of it came first, or when the choice among parts was possible
    rung         providers that were rung for it; spared: those of its rounds that did not have to be
    """

    wijk_id: UUID
    posted_at: datetime
    urgency: Urgency
    terms: Terms
    answered_at: datetime | None = None
    suitable_at: datetime | None = None
    placed_at: datetime | None = None
    ended_at: datetime | None = None
    rung: int = 0
    spared: int = 0
    waits: bool = False  # nobody offered yet, and it is still asked
    runs: bool = False  # asked or offered: what becomes of it is not known yet
    unfillable: UnfillableReason | None = None
    outside: bool = False

    @property
    def term_ends(self) -> datetime:
        return term_ends(self.posted_at, self.terms, self.urgency)

    def is_judged(self, moment: datetime) -> bool:
        """May be said now whether it was in time: an offer came, or the term is over."""
        return self.suitable_at is not None or moment >= self.term_ends

    @property
    def in_time(self) -> bool:
        return self.suitable_at is not None and self.suitable_at <= self.term_ends

    def minutes_to(self, moment: datetime | None) -> float | None:
        if moment is None:
            return None
        return ringing_time(self.posted_at, moment, self.terms, self.urgency).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class Times:
    """Minutes: half of them within `median`, nine of ten within `p90`. count: how many there were."""

    count: int = 0
    median: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The published figures of the teams of a wijk, as they stand now. by: whose they are."""

    total: int = 0
    stale: int = 0
    by: frozenset[UUID] = frozenset()

    @property
    def stale_share(self) -> float | None:
        return self.stale / self.total if self.total else None

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.total + other.total, self.stale + other.stale, self.by | other.by)


@dataclass(frozen=True, slots=True)
class Aids:
    """How often an aid or e-health was looked at first, and how often it did all or part of it."""

    asked: int = 0
    helped: int = 0

    @property
    def share(self) -> float | None:
        return self.helped / self.asked if self.asked else None

    def __add__(self, other: "Aids") -> "Aids":
        return Aids(self.asked + other.asked, self.helped + other.helped)


@dataclass(frozen=True)
class Indicators:
    """What one wijk, or the whole region, did in a period.

    within_term  of the requests whose term is over or that have an offer, those with a suitable one in time
    calls, spared  phones of providers that rang, and that did not have to
    chosen       how often each provider was chosen, most first; without names
    """

    requests: int
    answer: Times
    offer: Times
    placement: Times
    judged: int
    in_time: int
    placed: int
    waiting: int
    calls: int
    spared: int
    unplaced: dict[UnfillableReason, int]
    outside: int
    chosen: tuple[int, ...]
    figures: Figures = Figures()
    aids: Aids = Aids()

    @property
    def within_term(self) -> float | None:
        return self.in_time / self.judged if self.judged else None

    @property
    def spared_share(self) -> float | None:
        return self.spared / (self.calls + self.spared) if self.calls + self.spared else None

    @property
    def placed_share(self) -> float | None:
        return self.placed / self.requests if self.requests else None

    @property
    def largest_share(self) -> float | None:
        """Which part of all choices fell on one provider."""
        return self.chosen[0] / sum(self.chosen) if self.chosen else None


def indicators(
    asked: Sequence[Asked],
    chosen: Iterable[UUID],
    moment: datetime,
    figures: Figures = Figures(),
    aids: Aids = Aids(),
) -> Indicators:
    """The figures over these requests.

    chosen  the provider of each placement
    """
    judged = [one for one in asked if one.is_judged(moment)]
    reasons = Counter(one.unfillable for one in asked if one.unfillable is not None)
    return Indicators(
        requests=len(asked),
        answer=times(one.minutes_to(one.answered_at) for one in asked),
        offer=times(one.minutes_to(one.suitable_at) for one in asked),
        placement=times(one.minutes_to(one.placed_at) for one in asked),
        judged=len(judged),
        in_time=sum(one.in_time for one in judged),
        placed=sum(one.placed_at is not None for one in asked),
        waiting=sum(one.waits for one in asked),
        calls=sum(one.rung for one in asked),
        # Who waits its turn may still be rung: only what is over spared anybody a call.
        spared=sum(one.spared for one in asked if not one.waits),
        unplaced=dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
        outside=sum(one.outside for one in asked),
        chosen=tuple(sorted(Counter(chosen).values(), reverse=True)),
        figures=figures,
        aids=aids,
    )


def answered_in(asked_at: datetime | None, answered_at: datetime | None) -> float | None:
    """Minutes in which a provider answered; None: it did not, or was never asked."""
    if asked_at is None or answered_at is None:
        return None
    return max((answered_at - asked_at).total_seconds() / 60, 0.0)


def times(minutes: Iterable[float | None]) -> Times:
    """Median and p90 of what did happen."""
    known = sorted(one for one in minutes if one is not None)
    if not known:
        return Times()
    return Times(len(known), known[(len(known) - 1) // 2], known[(len(known) - 1) * 9 // 10])


class Balance(StrEnum):
    """How often a provider was chosen, against the part of the free places that it had."""

    FEW = "few"  # too few choices to say anything
    LESS = "less"
    EVEN = "even"
    MORE = "more"


LEAST_CHOICES = 5  # in all, before a share says anything
CLEARLY = 1.5  # times its share, or one divided by it


def balance(chosen: int, all_chosen: int, places: int, all_places: int) -> Balance:
    """Is this provider chosen in proportion to the places it had?

    places  free now, and taken by the choices of the period
    """
    if all_chosen < LEAST_CHOICES or not all_places:
        return Balance.FEW
    expected = all_chosen * places / all_places
    if chosen > expected * CLEARLY and chosen - expected >= 1:
        return Balance.MORE
    if chosen * CLEARLY < expected and expected - chosen >= 1:
        return Balance.LESS
    return Balance.EVEN


@dataclass(frozen=True)
class Treated:
    """How one provider was treated, and what it did. Only for itself and for the wijkregisseur.

    in_reach  requests it was in reach of and gives the care for; asked: its phone rang for
    places    free now in the region, and taken by the choices of the period
    """

    organisation_id: UUID
    name: str
    in_reach: int = 0
    asked: int = 0
    answered: int = 0
    offered: int = 0
    chosen: int = 0
    places: int = 0
    minutes: float | None = None  # to its answer, half of the times
    hit_rate: float | None = None  # of the times its figure said "vrij", how often that was so
    balance: Balance = Balance.FEW


@dataclass(frozen=True)
class Compared:
    """Every provider of a region, by name: an order that says nothing."""

    rows: tuple[Treated, ...] = ()
    chosen: int = field(init=False)
    places: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "chosen", sum(one.chosen for one in self.rows))
        object.__setattr__(self, "places", sum(one.places for one in self.rows))
