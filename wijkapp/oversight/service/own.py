"""What a provider sees of itself: its place in each wijk, its tasks, its duties, its papers.

Of the others only a place among them: never a figure or a name, and nothing when they are few.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkapp.agreements.service.tasks import Task, tasks_of
from wijkapp.capacity import service as capacity
from wijkapp.directory import service as directory
from wijkapp.directory.models import Region, Team, Wijk
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.matching.models import CareRequest, Invitation, Offer
from wijkapp.oversight import rules
from wijkapp.oversight.rules import Period
from wijkapp.oversight.rules.position import LEAST_ASKED, Position, position
from wijkapp.oversight.service.fairness import ABLE
from wijkapp.people import access
from wijkapp.people.models import Account
from wijkapp.people.service.papers import Paper, papers_of
from wijkapp.rota.models import Member, Plan, PlanTarget
from wijkapp.rota.service.balance import balance_of


@dataclass(frozen=True)
class InWijk:
    """Where we stand in a wijk. None: too little was asked of us, or too few others work there."""

    name: str
    code: str
    answers: Position | None
    speed: Position | None
    offers: Position | None
    right: Position | None  # how often "vrij" was so


@dataclass(frozen=True)
class OurDuties:
    """What our people do in the rotas of a region, in hundredths of points, and the part that was meant."""

    region: str
    people: int
    done: int
    part: int


@dataclass(frozen=True)
class Ours:
    """What stands under a provider's own line."""

    wijken: Sequence[InWijk]
    tasks: Sequence[Task]
    duties: Sequence[OurDuties]
    papers: Sequence[Paper]
    today: date


def ours(actor: Account, period: Period) -> Ours:
    """Of the actor's own organisation. Raises NotAllowed."""
    access.require(actor, "oversight.own", organisation_id=actor.organisation_id)
    own, today = actor.organisation_id, time.today()
    since = time.day_starts(rules.first_day(period, today))
    with reading() as db:
        return Ours(
            wijken=_places(db, own, since),
            tasks=tasks_of(db, own),
            duties=_duties(db, own),
            papers=papers_of(db, own),
            today=today,
        )


@dataclass(frozen=True)
class _Did:
    """What a provider did in a wijk. Stays within this file."""

    answers: float
    offers: float
    minutes: float | None


def _places(db: Session, own: UUID, since: datetime) -> list[InWijk]:
    here = select(Team.wijk_id).where(Team.organisation_id == own, Team.active)
    wijken = db.scalars(select(Wijk).where(Wijk.id.in_(here)).order_by(Wijk.name, Wijk.code)).all()
    teams = directory.teams_in(db, [wijk.id for wijk in wijken])
    at_work = {(team.wijk_id, team.organisation_id) for team in teams}
    did = _did(db, [wijk.id for wijk in wijken], since)
    found = capacity.hit_rate(db, list({provider for _wijk, provider in at_work}), since)
    hits = {id: one.share for id, one in found.items() if one.share is not None and one.asked >= LEAST_ASKED}
    return [_place(wijk, own, {p for w, p in at_work if w == wijk.id}, did, hits) for wijk in wijken]


def _place(
    wijk: Wijk,
    own: UUID,
    providers: Collection[UUID],
    did: dict[tuple[UUID, UUID], _Did],
    hits: dict[UUID, float],
) -> InWijk:
    us = did.get((wijk.id, own))
    others = [one for p in providers if p != own and (one := did.get((wijk.id, p)))]
    return InWijk(
        wijk.name,
        wijk.code,
        answers=position(us.answers if us else None, [one.answers for one in others]),
        speed=position(
            us.minutes if us else None,
            [one.minutes for one in others if one.minutes is not None],
            low_is_good=True,
        ),
        offers=position(us.offers if us else None, [one.offers for one in others]),
        right=position(hits.get(own), [hits[p] for p in providers if p != own and p in hits]),
    )


def _did(db: Session, wijk_ids: Collection[UUID], since: datetime) -> dict[tuple[UUID, UUID], _Did]:
    """By wijk and provider, of those that were asked often enough for what they give."""
    requests = (CareRequest.wijk_id.in_(wijk_ids), CareRequest.posted_at >= since)
    asked = db.execute(
        select(
            CareRequest.wijk_id,
            Invitation.organisation_id,
            Invitation.asked_at,
            Invitation.answered_at,
        )
        .join(CareRequest, CareRequest.id == Invitation.care_request_id)
        .where(Invitation.asked_at.is_not(None), ABLE, *requests)
    )
    spans: dict[tuple[UUID, UUID], list[float | None]] = defaultdict(list)
    for wijk_id, provider, asked_at, answered_at in asked:
        spans[wijk_id, provider].append(rules.answered_in(asked_at, answered_at))
    offered = {(row[0], row[1]): row[2] for row in db.execute(_OFFERED.where(*requests))}
    return {who: _of(times, offered.get(who, 0)) for who, times in spans.items() if len(times) >= LEAST_ASKED}


_OFFERED = (
    select(CareRequest.wijk_id, Offer.organisation_id, func.count(Offer.care_request_id.distinct()))
    .join(CareRequest, CareRequest.id == Offer.care_request_id)
    .group_by(CareRequest.wijk_id, Offer.organisation_id)
)


def _of(times: Sequence[float | None], offered: int) -> _Did:
    known = [one for one in times if one is not None]
    return _Did(len(known) / len(times), offered / len(times), median(known) if known else None)


def _duties(db: Session, own: UUID) -> list[OurDuties]:
    """Over all published rotas of each region, as everybody's balance is."""
    rows = db.execute(
        select(Member.id, Member.region_id, Member.first_balance, Member.active)
        .join(Account, Account.id == Member.account_id)
        .where(Account.organisation_id == own)
    ).all()
    members = [row.id for row in rows]
    targets = db.execute(
        select(PlanTarget.member_id, func.sum(PlanTarget.points))
        .join(Plan, Plan.id == PlanTarget.plan_id)
        .where(Plan.published_at.is_not(None), PlanTarget.member_id.in_(members))
        .group_by(PlanTarget.member_id)
    )
    meant = {member_id: int(points) for member_id, points in targets}
    names = select(Region.id, Region.name).where(Region.id.in_({row.region_id for row in rows}))
    found = []
    for region_id, name in db.execute(names.order_by(Region.name)):
        balance = balance_of(db, region_id)
        here = [row for row in rows if row.region_id == region_id]
        part = sum(meant.get(row.id, 0) for row in here)
        beyond = sum(balance[row.id] - row.first_balance for row in here)
        found.append(OurDuties(name, sum(row.active for row in here), part + beyond, part))
    return found
