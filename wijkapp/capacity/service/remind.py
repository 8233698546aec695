"""Asking a team whether its figures are still right, before they fade."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements.rules import Terms
from wijkapp.agreements.service import terms_for, terms_of
from wijkapp.capacity import rhythm
from wijkapp.capacity.models import Capacity, CapacityAsk, CapacityChange, CapacityRhythm
from wijkapp.capacity.rhythm import Asked
from wijkapp.capacity.rules import Change
from wijkapp.capacity.service.pause import pauses
from wijkapp.directory.models import CareProduct, Team
from wijkapp.directory.service import contacts_for, products
from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, insert_new, new_id, transaction
from wijkapp.people import access
from wijkapp.people.models import Account

REMIND = "capacity.remind"
BY_PEOPLE = (Change.PUBLISHED, Change.CONFIRMED, Change.CORRECTED)


def without_rhythm(db: Session) -> Sequence[UUID]:
    """Teams that published something and of which it is not written down when to look again."""
    return db.scalars(
        select(Capacity.team_id)
        .join(Capacity.team)
        .outerjoin(CapacityRhythm, CapacityRhythm.team_id == Capacity.team_id)
        .where(CapacityRhythm.team_id.is_(None), Team.active)
        .distinct()
    ).all()


def begin_rhythm(db: Session, team_ids: Collection[UUID]) -> None:
    """Look at these teams from now on, at the default moment until their own is known."""
    moment = time.now()
    places = db.execute(select(Team.id, Team.wijk_id).where(Team.id.in_(team_ids)))
    wijk_of = {place.id: place.wijk_id for place in places}
    terms = terms_of(db, set(wijk_of.values()), moment)
    rows = [
        {"team_id": team_id, "remind_at": rhythm.next_moment(None, moment, terms[wijk_id])}
        for team_id, wijk_id in wijk_of.items()
    ]
    insert_new(db, CapacityRhythm, rows)


def due(db: Session, moment: datetime, most: int) -> Sequence[UUID]:
    """Teams whose moment has come, longest ago first."""
    return db.scalars(
        select(CapacityRhythm.team_id)
        .where(CapacityRhythm.remind_at <= moment)
        .order_by(CapacityRhythm.remind_at)
        .limit(most)
    ).all()


def remind(team_id: UUID) -> bool:
    """Ask this team, when its moment has come and a figure fades. True when somebody was asked.

    Claims the moment, so that two clocks ask once.
    """
    moment = time.now()
    with transaction() as db:
        team = db.get_one(Team, team_id)
        terms = terms_for(db, team.wijk_id, moment)
        minute = usual_minute(db, team_id, moment)
        following = rhythm.next_moment(minute, moment, terms)
        claimed = changed(
            db,
            update(CapacityRhythm)
            .where(CapacityRhythm.team_id == team_id, CapacityRhythm.remind_at <= moment)
            .values(remind_at=following),
        )
        if claimed != 1:  # another clock was first
            return False
        return _is_there(db, team, terms, moment) and _ask(db, team, terms, moment, following)


def usual_minute(db: Session, team_id: UUID, moment: datetime) -> int | None:
    """The minute of the day that this team usually looks at its figures; None when that is not known yet."""
    looked = db.scalars(
        select(CapacityChange.changed_at)
        .join(Capacity, Capacity.id == CapacityChange.capacity_id)
        .where(
            Capacity.team_id == team_id,
            CapacityChange.what.in_(BY_PEOPLE),
            CapacityChange.changed_by_id.is_not(None),
            CapacityChange.changed_at > moment - rhythm.HABIT_OF,
        )
    )
    return rhythm.usual_minute(looked)


def _is_there(db: Session, team: Team, terms: Terms, moment: datetime) -> bool:
    """A moment that passed while the clock stood still is let go when it would ring at night."""
    if not team.active or not terms.remind_capacity or not rhythm.may_ring(moment, terms):
        return False
    return team.id not in pauses(db, [team.id], time.local(moment).date())


def _ask(db: Session, team: Team, terms: Terms, moment: datetime, following: datetime) -> bool:
    figures = db.scalars(
        select(Capacity).where(Capacity.team_id == team.id, Capacity.product.in_(team.products))
    ).all()
    fading = [one for one in figures if rhythm.is_fading(one.confirmed_at, moment, following, terms)]
    if not fading:
        return False
    before = _asked_before(db, team.id, max(one.confirmed_at for one in figures))
    people = _people(db, team, moment, figures, before)
    if before.enough(moment) or not people:
        return False
    ask = CapacityAsk(
        id=new_id(),
        team_id=team.id,
        asked_at=moment,
        figures=tuple(f"{one.id} {one.version}" for one in fading),
    )
    db.add(ask)
    wait = {
        one.id: ends
        for one in people
        if (ends := time.quiet_until(time.local(moment), one.quiet_from, one.quiet_until))
    }
    outbox.record(db, REMIND, about=ask.id, to=[one.id for one in people], wait=wait)
    return True


def _asked_before(db: Session, team_id: UUID, looked: datetime) -> Asked:
    asked = select(func.count(), func.max(CapacityAsk.asked_at)).where(
        CapacityAsk.team_id == team_id, CapacityAsk.asked_at > looked
    )
    often, last = db.execute(asked).one()
    return Asked(often, last)


def _people(
    db: Session, team: Team, moment: datetime, figures: Sequence[Capacity], before: Asked
) -> list[Account]:
    """Who looked last, alone; when that did not help, every contact person of the wijk."""
    contacts = [
        one
        for one in contacts_for(db, team.organisation_id, team.wijk_id, time.local(moment).date())
        if access.may(one, "capacity.publish", organisation_id=team.organisation_id)
    ]
    last = max(figures, key=lambda one: one.confirmed_at).confirmed_by_id
    usual = [one for one in contacts if one.id == last]
    return usual if usual and not before.often else contacts


@dataclass(frozen=True, slots=True)
class Asking:
    """One reminder as it reads now. lines: what nobody changed or confirmed since."""

    id: UUID
    team: Team
    lines: tuple[tuple[CareProduct, Capacity], ...]
    answered_by: str | None  # name of who was first; None: nobody yet


def asking(db: Session, ask_id: UUID) -> Asking | None:
    """What is asked, in the order of the list of products; None when the team is gone."""
    ask = db.get(CapacityAsk, ask_id)
    if ask is None:
        return None
    team = db.scalars(select(Team).options(joinedload(Team.wijk)).where(Team.id == ask.team_id)).one()
    name = db.scalar(select(Account.name).where(Account.id == ask.tapped_by_id)) if ask.tapped_by_id else None
    figures = {one.product: one for one in unchanged(db, ask, team)}
    lines = tuple((product, figures[product.code]) for product in products(db) if product.code in figures)
    return Asking(ask.id, team, lines, name)


def unchanged(db: Session, ask: CapacityAsk, team: Team) -> list[Capacity]:
    """Of the figures that were asked about, those that nobody changed or confirmed since."""
    versions = dict(one.split(" ") for one in ask.figures)
    figures = db.scalars(select(Capacity).where(Capacity.id.in_([UUID(one) for one in versions])))
    same = [one for one in figures if versions[str(one.id)] == str(one.version)]
    return [one for one in same if one.product in team.products and one.confirmed_at <= ask.asked_at]
