"""Who comes first when a care request is broadcast, and why. Pure: values in, values out.

Never by price, size or turnover (ACM: no exclusion without a reason). Whoever is not rung is still in the
list, with the reason, and may answer like the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID

from wijkapp.capacity.rules import Freshness, take
from wijkapp.directory.rules import Distance


class Reason(StrEnum):
    """Why a provider stands where it stands; `reasons.py` has the sentences."""

    FITS = "fits"  # a place now, on all moments asked
    ROOM = "room"  # a place now, dayparts not filled in
    FITS_PARTLY = "fits_partly"
    OPENS_LATER = "opens_later"
    UNCONFIRMED = "unconfirmed"  # has a figure, too old to trust
    NO_FIGURE = "no_figure"
    IN_WIJK = "in_wijk"
    NEIGHBOUR = "neighbour"
    IN_REGION = "in_region"
    SPEAKS = "speaks"
    CONTRACT = "contract"
    NO_CONTRACT = "no_contract"
    PROPOSED = "proposed"  # asked once more: the wijkregisseur thinks it could
    # why it is not asked
    FULL = "full"
    CLOSED = "closed"  # takes nobody for a while: a holiday, or it stopped
    NOT_OFFERED = "not_offered"
    SKILL_MISSING = "skill_missing"
    LEVEL_TOO_LOW = "level_too_low"
    NEXT_ROUND = "next_round"
    NEXT_WAVE = "next_wave"  # in reach of this round, and rung as soon as the others are not enough
    QUIET = "quiet"  # rung when the quiet hours are over
    NOBODY_TO_REACH = "nobody_to_reach"
    ASKS_ITSELF = "asks_itself"


NOT_ASKED = frozenset(
    {
        Reason.FULL,
        Reason.CLOSED,
        Reason.NOT_OFFERED,
        Reason.SKILL_MISSING,
        Reason.LEVEL_TOO_LOW,
        Reason.NEXT_ROUND,
        Reason.NEXT_WAVE,
        Reason.QUIET,
        Reason.NOBODY_TO_REACH,
        Reason.ASKS_ITSELF,
    }
)

WAITING = frozenset({Reason.NEXT_WAVE, Reason.QUIET})
"""It is asked in this round, and its phone has not rung yet."""

UNSUITED = frozenset({Reason.NOT_OFFERED, Reason.SKILL_MISSING, Reason.LEVEL_TOO_LOW})
"""It cannot give this care, however much room it has."""

HAS_ROOM = frozenset({Reason.FITS, Reason.ROOM, Reason.FITS_PARTLY})
"""A place now, as far as is known."""

# How well the published capacity fits, best first.
_FIT_ORDER = (
    Reason.FITS,
    Reason.ROOM,
    Reason.FITS_PARTLY,
    Reason.OPENS_LATER,
    Reason.UNCONFIRMED,
    Reason.NO_FIGURE,
)
# Whoever is asked in a later round stands, and hears that, before what another of its teams lacks.
_FIT_RANK = {reason: position for position, reason in enumerate((*_FIT_ORDER, Reason.NEXT_ROUND))}
_NEARNESS = {Distance.WIJK: 0, Distance.NEIGHBOUR: 1, Distance.REGION: 2}
_NEARNESS_REASON = {
    Distance.WIJK: Reason.IN_WIJK,
    Distance.NEIGHBOUR: Reason.NEIGHBOUR,
    Distance.REGION: Reason.IN_REGION,
}


@dataclass(frozen=True)
class Need:
    """What a request asks, as far as ranking looks at it.

    week     minutes a week per daypart slot, 28; start_on is the first day of care
    shuffle  any value of the request itself: decides between equals, the same way each time
    """

    products: frozenset[str]
    skills: frozenset[str]
    level: int
    week: tuple[int, ...]
    start_on: date
    language: str | None
    uzovi: str | None
    shuffle: bytes
    asker_id: UUID | None = None


@dataclass(frozen=True)
class Figure:
    """One published capacity figure of a team. `week` may be all zeros: dayparts not filled in."""

    product: str
    places: int
    week: tuple[int, ...]
    from_date: date
    full: bool
    fresh: Freshness
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """One team in reach."""

    team_id: UUID
    organisation_id: UUID
    wijk_id: UUID
    distance: Distance
    products: frozenset[str]
    skills: frozenset[str]
    level: int
    languages: frozenset[str]
    contracts: frozenset[str]
    figures: tuple[Figure, ...] = ()
    reachable: bool = True
    closed: bool = False  # it takes nobody now, whatever its figures say


@dataclass(frozen=True)
class Ranked:
    """A provider's place in the list (from 1), by its best team, with the reasons that put it there."""

    candidate: Candidate
    rank: int
    asked: bool
    reasons: tuple[Reason, ...]


def rank(need: Need, candidates: Iterable[Candidate], asked_at: frozenset[Distance]) -> list[Ranked]:
    """Every provider in reach once, best first.

    asked_at  the distances that the running round asks
    """
    judged = [(_reasons(need, one, asked_at), one) for one in candidates]
    judged.sort(key=lambda pair: _order(need, *pair))
    best: dict[UUID, Ranked] = {}
    for reasons, one in judged:
        if one.organisation_id not in best:
            asked = not NOT_ASKED.intersection(reasons)
            best[one.organisation_id] = Ranked(one, len(best) + 1, asked, reasons)
    return list(best.values())


def _reasons(need: Need, one: Candidate, asked_at: frozenset[Distance]) -> tuple[Reason, ...]:
    refusal = _why_not(need, one, asked_at)
    near = _NEARNESS_REASON[one.distance]
    if refusal:
        return (refusal, near)
    reasons = [_fit(need, one), near]
    if need.language and need.language in one.languages:
        reasons.append(Reason.SPEAKS)
    if need.uzovi:
        reasons.append(Reason.CONTRACT if need.uzovi in one.contracts else Reason.NO_CONTRACT)
    return tuple(reasons)


def excluded(need: Need, one: Candidate, asked_at: frozenset[Distance]) -> Reason | None:
    """Why this team is not asked, whatever it has free and whoever works there; None when it may be."""
    if one.organisation_id == need.asker_id:
        return Reason.ASKS_ITSELF
    if not need.products <= one.products:
        return Reason.NOT_OFFERED
    if not need.skills <= one.skills:
        return Reason.SKILL_MISSING
    if one.level < need.level:
        return Reason.LEVEL_TOO_LOW
    if one.distance not in asked_at:
        return Reason.NEXT_ROUND
    return None


def _why_not(need: Need, one: Candidate, asked_at: frozenset[Distance]) -> Reason | None:
    found = excluded(need, one, asked_at)
    if found is None and one.closed:
        return Reason.CLOSED
    if found is None and _is_full(need, one):
        return Reason.FULL
    if found is None and not one.reachable:
        return Reason.NOBODY_TO_REACH
    return found


def _asked_figures(need: Need, one: Candidate) -> list[Figure]:
    return [figure for figure in one.figures if figure.product in need.products]


def _is_full(need: Need, one: Candidate) -> bool:
    """Says so itself, and not too long ago to be believed."""
    return any(
        (figure.full or figure.places == 0) and figure.fresh is not Freshness.STALE
        for figure in _asked_figures(need, one)
    )


def _fit(need: Need, one: Candidate) -> Reason:
    figures = _asked_figures(need, one)
    if {figure.product for figure in figures} != need.products:
        return Reason.NO_FIGURE
    if any(figure.fresh is Freshness.STALE for figure in figures):
        return Reason.UNCONFIRMED
    if any(figure.from_date > need.start_on for figure in figures):
        return Reason.OPENS_LATER
    if not all(_covers(figure.week, need.week) for figure in figures):
        return Reason.FITS_PARTLY
    return Reason.FITS if any(any(figure.week) for figure in figures) else Reason.ROOM


def _covers(week: Sequence[int], wanted: Sequence[int]) -> bool:
    return not any(week) or take(week, wanted) == tuple(wanted)


def _order(need: Need, reasons: tuple[Reason, ...], one: Candidate) -> tuple[object, ...]:
    ageing = any(figure.fresh is Freshness.AGEING for figure in _asked_figures(need, one))
    return (
        reasons[0] in NOT_ASKED,
        _FIT_RANK.get(reasons[0], len(_FIT_RANK)),
        ageing,
        _NEARNESS[one.distance],
        Reason.NO_CONTRACT in reasons,
        bool(need.language) and Reason.SPEAKS not in reasons,
        # Equals in an order that favours nobody, but is the same each time one looks.
        blake2b(need.shuffle + one.organisation_id.bytes, digest_size=8).digest(),
        one.team_id.bytes,
    )
