"""What is asked of the database for the figures: a line per request, and what became of it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Text, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rules import Terms
from wijkapp.capacity import service as capacity
from wijkapp.capacity.rules import Freshness, freshness
from wijkapp.directory import service as directory
from wijkapp.directory.models import Team, Wijk
from wijkapp.kit import time
from wijkapp.matching.models import CareRequest, Invitation, Offer, Placement
from wijkapp.matching.ranking import WAITING
from wijkapp.matching.rules import OfferStatus, RequestStatus
from wijkapp.oversight.rules import Asked, Figures
from wijkapp.rota.models import Duty, Plan
from wijkapp.rota.rules import Line


def _of_request(what: Any, *which: Any) -> Any:
    return select(what).where(*which).correlate(CareRequest).scalar_subquery()


def waits_its_turn() -> Any:
    """Of an Invitation: a provider of a round that ran, whose phone did not have to ring."""
    # The most telling reason comes first in the list, and only that one says that it waits.
    first = type_coerce(Invitation.reasons, Text)
    return Invitation.asked_at.is_(None) & or_(*(first.like(f'["{code.value}"%') for code in sorted(WAITING)))


_INVITED = Invitation.care_request_id == CareRequest.id
_OFFERED = Offer.care_request_id == CareRequest.id

_REQUESTS = select(
    CareRequest.wijk_id,
    CareRequest.posted_at,
    CareRequest.urgency,
    CareRequest.terms,
    CareRequest.status,
    CareRequest.ended_at,
    CareRequest.unfillable_reason,
    CareRequest.outside_at,
    _of_request(func.min(Invitation.answered_at), _INVITED).label("answered_at"),
    _of_request(func.count(Invitation.asked_at), _INVITED).label("rung"),
    _of_request(func.count(), _INVITED, waits_its_turn()).label("spared"),
    _of_request(
        func.min(Offer.offered_at),
        _OFFERED,
        Offer.minutes_per_week >= CareRequest.minutes_per_week,
        Offer.counter.is_(None),
    ).label("whole_at"),
    # Of a choice among parts: when the last of them came.
    _of_request(func.max(Offer.offered_at), _OFFERED, Offer.status == OfferStatus.CHOSEN).label("chosen_at"),
    _of_request(func.min(Placement.placed_at), Placement.care_request_id == CareRequest.id).label(
        "placed_at"
    ),
)


def asked(db: Session, wijk_ids: Collection[UUID], since: datetime, moment: datetime) -> list[Asked]:
    """Every request of these wijken since then."""
    terms = agreements.terms_of(db, wijk_ids, moment)
    rows = db.execute(
        _REQUESTS.where(CareRequest.wijk_id.in_(wijk_ids), CareRequest.posted_at >= since).order_by(
            CareRequest.posted_at
        )
    )
    return [_asked(row, terms[row.wijk_id]) for row in rows]


def asked_on(db: Session, day: date, moment: datetime) -> list[Asked]:
    """Every request that was posted on this day in Amsterdam, in any wijk."""
    since, until = time.day_starts(day), time.day_starts(day + timedelta(days=1))
    rows = db.execute(_REQUESTS.where(CareRequest.posted_at >= since, CareRequest.posted_at < until)).all()
    terms = agreements.terms_of(db, {row.wijk_id for row in rows if row.terms is None}, moment)
    return [_asked(row, row.terms or terms[row.wijk_id]) for row in rows]


def _asked(row: Row[Any], now_agreed: Terms) -> Asked:
    whole = [one for one in (row.whole_at, row.chosen_at) if one is not None]
    return Asked(
        wijk_id=row.wijk_id,
        posted_at=row.posted_at,
        urgency=row.urgency,
        terms=row.terms or now_agreed,
        answered_at=row.answered_at,
        suitable_at=min(whole) if whole else row.placed_at,
        placed_at=row.placed_at,
        ended_at=row.ended_at,
        rung=row.rung,
        spared=row.spared,
        waits=row.status is RequestStatus.OPEN,
        runs=row.status in {RequestStatus.OPEN, RequestStatus.OFFERED},
        unfillable=row.unfillable_reason if row.status is RequestStatus.UNFILLABLE else None,
        outside=row.outside_at is not None,
    )


_CHOSEN = (
    select(CareRequest.wijk_id, Offer.organisation_id)
    .join(Offer, Offer.care_request_id == CareRequest.id)
    .join(Placement, Placement.offer_id == Offer.id)
)


def chosen(db: Session, wijk_ids: Collection[UUID], since: datetime) -> list[tuple[UUID, UUID]]:
    """Wijk and provider of each choice of a client since then."""
    rows = db.execute(_CHOSEN.where(CareRequest.wijk_id.in_(wijk_ids), Placement.placed_at >= since))
    return [(row.wijk_id, row.organisation_id) for row in rows]


AHEAD = timedelta(days=7)


def duties(db: Session, wijk_ids: Collection[UUID], moment: datetime) -> dict[UUID, tuple[int, int]]:
    """Per wijk the duties of the coming week in its region, and those that somebody has.

    Of published plans, and of those who are called first. A region without such a plan is not in it.
    """
    found = db.execute(
        select(Duty.region_id, func.count(), func.count(Duty.member_id))
        .join(Plan, Plan.id == Duty.plan_id)
        .where(
            Plan.published_at.is_not(None),
            Duty.line == Line.MAIN,
            Duty.ends_at > moment,
            Duty.starts_at < moment + AHEAD,
        )
        .group_by(Duty.region_id)
    )
    regions = {region_id: (blocks, covered) for region_id, blocks, covered in found}
    wijken = db.execute(select(Wijk.id, Wijk.region_id).where(Wijk.id.in_(wijk_ids)))
    return {wijk_id: regions[region_id] for wijk_id, region_id in wijken if region_id in regions}


def figures(db: Session, wijk_ids: Collection[UUID], moment: datetime) -> dict[UUID, Figures]:
    """Per wijk: how many figures its teams published, and how many are too old to trust."""
    teams: dict[UUID, Team] = {team.id: team for team in directory.teams_in(db, wijk_ids)}
    terms = agreements.terms_of(db, wijk_ids, moment)
    found: dict[UUID, Figures] = {}
    for one in capacity.figures(db, list(teams)):
        team = teams[one.team_id]
        stale = freshness(one.confirmed_at, moment, terms[team.wijk_id]) is Freshness.STALE
        this = Figures(1, int(stale), frozenset({team.organisation_id}))
        found[team.wijk_id] = found.get(team.wijk_id, Figures()) + this
    return found
