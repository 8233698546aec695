"""How each provider of a region was treated. Exact figures of one provider never go to another."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import Text, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from wijkapp.capacity import service as capacity
from wijkapp.directory import service as directory
from wijkapp.directory.models import Team
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.matching.models import CareRequest, Invitation, Offer
from wijkapp.matching.ranking import UNSUITED, Reason
from wijkapp.oversight import rules
from wijkapp.oversight.rules import Compared, Period, Treated
from wijkapp.oversight.service import facts
from wijkapp.oversight.service.seen import WorksAtProvider, seen
from wijkapp.people import access
from wijkapp.people.models import Account


@dataclass(frozen=True)
class Fairness:
    """The page of the wijkregisseur: every provider of the region, beside what it had free."""

    name: str
    period: Period
    first_day: date
    providers: Compared


def fairness(actor: Account, period: Period) -> Fairness:
    """Raises NotAllowed, also for a wijkregisseur who works at a provider."""
    first = rules.first_day(period, time.today())
    since = time.day_starts(first)
    with reading() as db:
        here = seen(db, actor)
        if actor.organisation.is_provider:
            raise WorksAtProvider
        teams = directory.teams_in(db, list(here.wijken))
        names = {team.organisation_id: team.organisation.name for team in teams}
        rows = _treated(db, names, since, Invitation.organisation_id.in_(names), here.wijken)
        places = _places(db, teams)
    with_places = [
        replace(one, places=places.get(one.organisation_id, 0) + one.chosen)
        for one in sorted(rows, key=lambda one: (one.name.casefold(), one.organisation_id))
    ]
    compared = Compared(tuple(with_places))
    judged = [
        replace(one, balance=rules.balance(one.chosen, compared.chosen, one.places, compared.places))
        for one in compared.rows
    ]
    return Fairness(here.name, period, first, Compared(tuple(judged)))


@dataclass(frozen=True)
class OwnLine:
    """What one provider sees of itself; nothing of the others, not even a total to work it out from."""

    period: Period
    first_day: date
    us: Treated


def own_line(actor: Account, period: Period) -> OwnLine:
    """How the actor's own organisation was treated, and what it did. Raises NotAllowed."""
    access.require(actor, "oversight.own", organisation_id=actor.organisation_id)
    first = rules.first_day(period, time.today())
    own = actor.organisation_id
    with reading() as db:
        wijken = set(
            db.scalars(
                select(CareRequest.wijk_id)
                .join(Invitation, Invitation.care_request_id == CareRequest.id)
                .where(Invitation.organisation_id == own)
                .distinct()
            )
        )
        names = {own: actor.organisation.name}
        (us,) = _treated(db, names, time.day_starts(first), Invitation.organisation_id == own, wijken)
    return OwnLine(period, first, us)


_FIRST_REASON = type_coerce(Invitation.reasons, Text)
_UNSUITED = or_(*(_FIRST_REASON.like(f'["{one.value}"%') for one in sorted(UNSUITED | {Reason.ASKS_ITSELF})))

ABLE = ~_UNSUITED
"""Of an Invitation: the provider gives this care."""


def _treated(
    db: Session, names: dict[UUID, str], since: datetime, which: Any, wijk_ids: Collection[UUID]
) -> list[Treated]:
    """A line for each of these providers, over the requests of these wijken since then."""
    requests = (CareRequest.wijk_id.in_(wijk_ids), CareRequest.posted_at >= since)
    counted = db.execute(
        select(
            Invitation.organisation_id,
            func.count().label("in_reach"),
            func.count(Invitation.asked_at).label("asked"),
            func.count(Invitation.answered_at).label("answered"),
        )
        .join(CareRequest, CareRequest.id == Invitation.care_request_id)
        .where(which, ABLE, *requests)
        .group_by(Invitation.organisation_id)
    )
    reached = {row.organisation_id: row for row in counted}
    offers = _offers(db, names, requests)
    chosen = facts.chosen(db, wijk_ids, since)
    minutes = _minutes(db, which, requests)
    hits = capacity.hit_rate(db, list(names), since)
    return [
        Treated(
            organisation_id=id,
            name=name,
            in_reach=reached[id].in_reach if id in reached else 0,
            asked=reached[id].asked if id in reached else 0,
            answered=reached[id].answered if id in reached else 0,
            offered=offers.get(id, 0),
            chosen=sum(provider == id for _wijk, provider in chosen),
            minutes=minutes.get(id),
            hit_rate=hits[id].share if id in hits else None,
        )
        for id, name in names.items()
    ]


def _offers(db: Session, names: Collection[UUID], requests: tuple[Any, ...]) -> dict[UUID, int]:
    rows = db.execute(
        select(Offer.organisation_id, func.count(Offer.care_request_id.distinct()))
        .join(CareRequest, CareRequest.id == Offer.care_request_id)
        .where(Offer.organisation_id.in_(names), *requests)
        .group_by(Offer.organisation_id)
    )
    return {row[0]: row[1] for row in rows}


def _minutes(db: Session, which: Any, requests: tuple[Any, ...]) -> dict[UUID, float]:
    """In how many minutes half of the answers of each came."""
    rows = db.execute(
        select(Invitation.organisation_id, Invitation.asked_at, Invitation.answered_at)
        .join(CareRequest, CareRequest.id == Invitation.care_request_id)
        .where(which, Invitation.asked_at.is_not(None), Invitation.answered_at.is_not(None), *requests)
    )
    found: dict[UUID, list[float]] = {}
    for organisation_id, asked_at, answered_at in rows:
        if (minutes := rules.answered_in(asked_at, answered_at)) is not None:
            found.setdefault(organisation_id, []).append(minutes)
    return {organisation_id: median(spans) for organisation_id, spans in found.items()}


def _places(db: Session, teams: Collection[Team]) -> dict[UUID, int]:
    """What each provider has free now in these wijken, as it published it."""
    owner = {team.id: team.organisation_id for team in teams}
    found: dict[UUID, int] = {}
    for one in capacity.figures(db, list(owner)):
        if not one.full:
            found[owner[one.team_id]] = found.get(owner[one.team_id], 0) + one.places
    return found
