"""How a team's figures moved, and how often its "vrij" was right: for the team itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements.service import terms_for
from wijkapp.capacity import graph, rhythm
from wijkapp.capacity.graph import Day, Move
from wijkapp.capacity.models import Capacity, CapacityChange
from wijkapp.capacity.service.own import own_team
from wijkapp.capacity.service.promise import HitRate, hit_rate
from wijkapp.capacity.service.remind import usual_minute
from wijkapp.directory.models import CareProduct, Team
from wijkapp.directory.service import products
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import NotFound
from wijkapp.people import access
from wijkapp.people.models import Account

PROMISES_OF = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Story:
    """What there is to tell about one team's figures.

    product        the one it is about; None: all together
    usual_minute   of the day that this team is reminded, when a figure fades; None: it is not reminded
    is_habit       that is when it usually looks; otherwise nobody knows yet
    """

    team: Team
    products: tuple[CareProduct, ...]
    product: CareProduct | None
    days: Sequence[Day]
    changes: Sequence[CapacityChange]
    usual_minute: int | None
    is_habit: bool


def story(actor: Account, team_id: UUID, product: str = "", most: int = 20) -> Story:
    """The last weeks of one own team. Raises NotFound, NotAllowed."""
    with reading() as db:
        own_team(db, actor, team_id)
        team = db.scalars(select(Team).options(joinedload(Team.wijk)).where(Team.id == team_id)).one()
        offered = tuple(one for one in products(db) if one.code in team.products)
        about = next((one for one in offered if one.code == product), None)
        if product and about is None:
            raise NotFound
        asked = [about.code] if about else list(team.products)
        last = time.today()
        first = last - timedelta(days=last.weekday(), weeks=graph.WEEKS - 1)
        minute, is_habit = _reminded(db, team)
        return Story(
            team=team,
            products=offered,
            product=about,
            days=graph.days(_moves(db, team_id, asked), first, last),
            changes=_changes(db, team_id, asked, most),
            usual_minute=minute,
            is_habit=is_habit,
        )


def _moves(db: Session, team_id: UUID, asked: Sequence[str]) -> list[Move]:
    rows = db.execute(
        select(
            CapacityChange.capacity_id,
            CapacityChange.what,
            CapacityChange.places,
            CapacityChange.full,
            CapacityChange.changed_at,
            CapacityChange.changed_by_id,
        )
        .join(Capacity, Capacity.id == CapacityChange.capacity_id)
        .where(Capacity.team_id == team_id, Capacity.product.in_(asked))
    )
    return [
        Move(figure, what, 0 if full else places, moment, by_hand=by is not None)
        for figure, what, places, full, moment, by in rows
    ]


def _changes(db: Session, team_id: UUID, asked: Sequence[str], most: int) -> Sequence[CapacityChange]:
    return db.scalars(
        select(CapacityChange)
        .join(Capacity, Capacity.id == CapacityChange.capacity_id)
        .options(joinedload(CapacityChange.changed_by), joinedload(CapacityChange.capacity))
        .where(Capacity.team_id == team_id, Capacity.product.in_(asked))
        .order_by(CapacityChange.changed_at.desc(), CapacityChange.id.desc())
        .limit(most)
    ).all()


def _reminded(db: Session, team: Team) -> tuple[int | None, bool]:
    moment = time.now()
    if not terms_for(db, team.wijk_id, moment).remind_capacity:
        return None, False
    minute = usual_minute(db, team.id, moment)
    return (rhythm.DEFAULT_MINUTE if minute is None else minute), minute is not None


def own_hit_rate(actor: Account) -> HitRate | None:
    """How often the own "vrij" was right in the last months; None when it was never put to the test."""
    access.require(actor, "capacity.publish", organisation_id=actor.organisation_id)
    with reading() as db:
        rates = hit_rate(db, [actor.organisation_id], time.now() - PROMISES_OF)
        return rates.get(actor.organisation_id)
