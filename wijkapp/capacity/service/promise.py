"""Who says "vrij" and is asked: was there room? The share of promises kept, and putting a figure right."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from wijkapp.agreements.service import terms_of
from wijkapp.capacity import rules
from wijkapp.capacity.models import Capacity, CapacityPromise
from wijkapp.capacity.rules import Change, Light, Outcome
from wijkapp.capacity.service.look import Figure, figures
from wijkapp.capacity.service.place import note, tell
from wijkapp.directory.models import Team
from wijkapp.kit import time
from wijkapp.kit.db import insert_new, new_id, rows

FREE = frozenset({Light.FREE, Light.FEW})


def asked(db: Session, care_request_id: UUID, teams: Mapping[UUID, Collection[str]]) -> None:
    """These teams are rung for this request now: keep of whom the figures say that there is room.

    teams  which products are asked of each team; each of them must stand on "vrij" to be a promise

    Called again, for a next wave or round, it adds the teams that were not asked before.
    """
    moment = time.now()
    free = _free(db, teams, moment)
    rows = [
        {
            "id": new_id(),
            "care_request_id": care_request_id,
            "organisation_id": organisation_id,
            "team_id": team_id,
            "asked_at": moment,
        }
        for team_id, (organisation_id, products) in free.items()
        if set(teams[team_id]) <= products
    ]
    insert_new(db, CapacityPromise, rows)


def _free(db: Session, team_ids: Collection[UUID], moment: datetime) -> dict[UUID, tuple[UUID, set[str]]]:
    """Of these teams the organisation, and what stands on "vrij" at this moment."""
    places = db.execute(
        select(Team.id, Team.organisation_id, Team.wijk_id).where(Team.id.in_(team_ids))
    ).all()
    terms = terms_of(db, {place.wijk_id for place in places}, moment)
    free: dict[UUID, tuple[UUID, set[str]]] = {place.id: (place.organisation_id, set()) for place in places}
    wijk_of = {place.id: place.wijk_id for place in places}
    for one in figures(db, team_ids):
        fresh = rules.freshness(one.confirmed_at, moment, terms[wijk_of[one.team_id]])
        if _light(one, moment, fresh) in FREE:
            free[one.team_id][1].add(one.product)
    return free


def _light(one: Figure, moment: datetime, fresh: rules.Freshness) -> Light:
    day = time.local(moment).date()
    return rules.light(places=one.places, full=one.full, from_date=one.from_date, day=day, fresh=fresh)


def answered(db: Session, care_request_id: UUID, team_id: UUID, outcome: Outcome) -> None:
    """The team answered. The first answer counts, but an offer after a decline makes the promise kept."""
    may_change: ColumnElement[bool] = CapacityPromise.outcome.is_(None)
    if outcome is Outcome.KEPT:
        may_change = or_(may_change, CapacityPromise.outcome != Outcome.KEPT)
    db.execute(
        update(CapacityPromise)
        .where(
            CapacityPromise.care_request_id == care_request_id,
            CapacityPromise.team_id == team_id,
            may_change,
        )
        .values(outcome=outcome, answered_at=time.now())
    )


def correct(db: Session, actor_id: UUID, team_id: UUID, product: str) -> bool:
    """The figure said "vrij" and there is no room: it is full from now on.

    False when it says so already, or was never filled in. Who may do this, the caller asks.
    """
    moment = time.now()
    corrected = db.scalar(
        update(Capacity)
        .where(
            Capacity.team_id == team_id,
            Capacity.product == product,
            Capacity.places > 0,
            Capacity.full.is_(False),
        )
        .values(full=True, confirmed_at=moment, confirmed_by_id=actor_id, version=Capacity.version + 1)
        .returning(Capacity.id)
    )
    if corrected is None:
        return False
    note(db, corrected, Change.CORRECTED, moment, actor_id)
    tell(db, corrected, moment)
    return True


@dataclass(frozen=True, slots=True)
class HitRate:
    """Of the times an organisation was asked while its figure said "vrij".

    asked    how often that was
    kept     how often it offered
    no_room  how often it then declined for lack of room
    """

    asked: int
    kept: int
    no_room: int

    @property
    def share(self) -> float | None:
        """How often the figure was right, of the answers that tell; None without any."""
        told = self.kept + self.no_room
        return self.kept / told if told else None


# Every look at the own figures asks this, so it is made once.
_OUTCOMES = (
    select(CapacityPromise.organisation_id, CapacityPromise.outcome, func.count())
    .where(
        CapacityPromise.organisation_id.in_(bindparam("organisations", expanding=True)),
        CapacityPromise.asked_at >= bindparam("since"),
    )
    .group_by(CapacityPromise.organisation_id, CapacityPromise.outcome)
)


def hit_rate(db: Session, organisation_ids: Collection[UUID], since: datetime) -> dict[UUID, HitRate]:
    """Per organisation, over what was asked since then (UTC); not in it: who was never asked on a "vrij".

    For the organisation itself and the wijkregisseur; nobody else may see it, so a page asks first.
    """
    counts: dict[UUID, dict[Outcome | None, int]] = {}
    given = {"organisations": organisation_ids, "since": since}
    for organisation_id, outcome, count in rows(db, _OUTCOMES, given):
        counts.setdefault(organisation_id, {})[outcome] = count
    return {
        organisation_id: HitRate(
            asked=sum(one.values()), kept=one.get(Outcome.KEPT, 0), no_room=one.get(Outcome.NO_ROOM, 0)
        )
        for organisation_id, one in counts.items()
    }
