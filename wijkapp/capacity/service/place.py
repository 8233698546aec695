"""What a placement does to a team's free places. Each function joins the placement's transaction."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.capacity import rules
from wijkapp.capacity.models import Capacity, CapacityChange, CapacityTake
from wijkapp.capacity.rules import NO_WEEK, Change
from wijkapp.directory.models import Team
from wijkapp.directory.service import contacts_for
from wijkapp.kit import outbox, time
from wijkapp.kit.db import insert_new, new_id
from wijkapp.kit.errors import Refused
from wijkapp.kit.words import lazy as _


class NoPlaceLeft(Refused):
    """Another placement was first, or the team said it is full."""

    sentence = _(
        "Dit team heeft geen plek meer. Kies een ander aanbod, of vraag het team om een plek open te zetten."
    )


def take(db: Session, team_id: UUID, product: str, minutes_week: tuple[int, ...]) -> CapacityTake:
    """One client goes to this team: take a place, and of what the client needs a week what there is.

    minutes_week  what the client needs, 28 slots of minutes a week; a team may fit in more than it published

    A team that never published anything for this product and yet offered, made room for this client: the
    placement stands, nothing is taken, and the team stands at no places from then on.
    Raises NoPlaceLeft when the team has a figure and it holds no place.
    """
    moment = time.now()
    took = _take_place(db, team_id, product, minutes_week, moment) or _make_room(db, team_id, product, moment)
    if took is None:
        raise NoPlaceLeft
    db.add(took)
    db.flush()
    tell(db, took.capacity_id, moment)
    return took


def _take_place(
    db: Session, team_id: UUID, product: str, wanted: tuple[int, ...], moment: datetime
) -> CapacityTake | None:
    left = db.execute(
        update(Capacity)
        .where(
            Capacity.team_id == team_id,
            Capacity.product == product,
            Capacity.places >= 1,
            Capacity.full.is_(False),
        )
        .values(places=Capacity.places - 1, version=Capacity.version + 1)
        .returning(Capacity.id, Capacity.week)
        .execution_options(synchronize_session="fetch")
    ).one_or_none()
    if left is None:
        return None
    taken = rules.take(left.week, wanted)
    # The row is ours until the transaction ends, so the week cannot have changed since.
    _set_week(db, left.id, rules.minus(left.week, taken))
    note(db, left.id, Change.TAKEN, moment)
    return CapacityTake(capacity_id=left.id, places=1, week=taken, taken_at=moment)


def _make_room(db: Session, team_id: UUID, product: str, moment: datetime) -> CapacityTake | None:
    capacity_id = new_id()
    figure = {"id": capacity_id, "team_id": team_id, "product": product, "confirmed_at": moment}
    insert_new(db, Capacity, [figure | {"from_date": time.local(moment).date()}])
    if db.get(Capacity, capacity_id) is None:  # there is a figure already, and it holds no place
        return None
    note(db, capacity_id, Change.TAKEN, moment)
    return CapacityTake(capacity_id=capacity_id, places=0, week=NO_WEEK, taken_at=moment)


def open_place(db: Session, by_id: UUID, team_id: UUID, product: str) -> bool:
    """A full team offers to take somebody: that is one place open, so that the client can choose it.

    False when it had a place already, or never published anything (then `take` makes the room).
    """
    moment = time.now()
    opened = db.scalar(
        update(Capacity)
        .where(
            Capacity.team_id == team_id,
            Capacity.product == product,
            (Capacity.places == 0) | Capacity.full,
        )
        .values(
            places=1, full=False, confirmed_at=moment, confirmed_by_id=by_id, version=Capacity.version + 1
        )
        .returning(Capacity.id)
    )
    if opened is None:
        return False
    note(db, opened, Change.PUBLISHED, moment, by_id)
    tell(db, opened, moment)
    return True


def give_back(db: Session, take_id: UUID) -> bool:
    """The placement fell through: the team gets back exactly what was taken. False when it already had."""
    moment = time.now()
    taken = db.execute(
        update(CapacityTake)
        .where(CapacityTake.id == take_id, CapacityTake.given_back_at.is_(None))
        .values(given_back_at=moment)
        .returning(CapacityTake.capacity_id, CapacityTake.places, CapacityTake.week)
        .execution_options(synchronize_session="fetch")
    ).one_or_none()
    if taken is None:
        return False
    week = db.scalars(
        update(Capacity)
        .where(Capacity.id == taken.capacity_id)
        .values(places=Capacity.places + taken.places, version=Capacity.version + 1)
        .returning(Capacity.week)
        .execution_options(synchronize_session="fetch")
    ).one()
    _set_week(db, taken.capacity_id, rules.plus(week, taken.week))
    note(db, taken.capacity_id, Change.GIVEN_BACK, moment)
    tell(db, taken.capacity_id, moment)
    return True


def tell(db: Session, capacity_id: UUID, moment: datetime) -> None:
    """The team's contact persons see the figure move on an open page."""
    team = db.execute(
        select(Team.organisation_id, Team.wijk_id).join(Capacity).where(Capacity.id == capacity_id)
    ).one()
    contacts = contacts_for(db, team.organisation_id, team.wijk_id, time.local(moment).date())
    outbox.record(db, "capacity.taken", about=capacity_id, to=[contact.id for contact in contacts])


def _set_week(db: Session, capacity_id: UUID, week: tuple[int, ...]) -> None:
    db.execute(
        update(Capacity)
        .where(Capacity.id == capacity_id)
        .values(week=week)
        .execution_options(synchronize_session="fetch")
    )


def note(db: Session, capacity_id: UUID, what: Change, moment: datetime, by_id: UUID | None = None) -> None:
    """Keep for the team's history what its figure became."""
    places, full = db.execute(select(Capacity.places, Capacity.full).where(Capacity.id == capacity_id)).one()
    db.add(
        CapacityChange(
            capacity_id=capacity_id,
            what=what,
            places=places,
            full=full,
            changed_at=moment,
            changed_by_id=by_id,
        )
    )
