"""When will there be a place again? For whoever finds nothing free."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.agreements.service import terms_of
from wijkapp.capacity import rules
from wijkapp.capacity.rules import Freshness
from wijkapp.capacity.service.look import Figure, figures
from wijkapp.directory.models import Team
from wijkapp.kit import time


@dataclass(frozen=True, slots=True)
class Opening:
    """A team expects to have a place from this day on."""

    team_id: UUID
    product: str
    day: date
    published: bool  # a place that is free from that day; False: the day they think one comes free


def next_opening(db: Session, team_ids: Collection[UUID], product: str, day: date) -> Opening | None:
    """The first day on or after `day` that one of these teams expects a place; None when nobody knows.

    A figure that is too old to be trusted says nothing. A place that is free on `day` opens on `day` itself.
    """
    moment = time.now()
    places = db.execute(select(Team.id, Team.wijk_id).where(Team.id.in_(team_ids)))
    wijk_of = {place.id: place.wijk_id for place in places}
    terms = terms_of(db, set(wijk_of.values()), moment)
    openings = []
    for one in figures(db, wijk_of, [product]):
        fresh = rules.freshness(one.confirmed_at, moment, terms[wijk_of[one.team_id]])
        if fresh is not Freshness.STALE and (opening := _opening(one, day)):
            openings.append(opening)
    # The same day: a place that is there goes before one that is hoped for.
    return min(openings, key=lambda one: (one.day, not one.published, one.team_id), default=None)


def _opening(one: Figure, day: date) -> Opening | None:
    if one.places and not one.full:
        return Opening(one.team_id, one.product, max(one.from_date, day), published=True)
    if one.expected_on and one.expected_on >= day:
        return Opening(one.team_id, one.product, max(one.expected_on, one.from_date), published=False)
    return None
