"""What a wijkregisseur has to see coming: a contact person who leaves, and a point past its date."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements.lists import seeds
from wijkapp.agreements.models import Agreement, Item
from wijkapp.agreements.register import ItemStatus, Phase
from wijkapp.directory import service as directory
from wijkapp.directory.models import ContactPerson, Team, Wijk
from wijkapp.directory.rules import ContactDuty
from wijkapp.people.models import Account, Organisation

AHEAD = timedelta(days=30)
MOST = 100


@dataclass(frozen=True)
class Face:
    """A provider in a wijk that has no contact person, or one who leaves soon.

    leaves     the last day; None: there is nobody
    successor  who takes over; None: nobody yet
    """

    wijk: Wijk
    organisation: Organisation
    leaves: date | None
    successor: Account | None


@dataclass(frozen=True)
class Overdue:
    """A point of an agreement past its date. owner: whose it is; None: nobody's."""

    agreement_id: UUID
    item_id: UUID
    title: str
    words: str
    due_on: date
    owner: Account | None


def faces(db: Session, wijk_ids: Sequence[UUID], today: date) -> list[Face]:
    """Providers that work in these wijken and have, or soon will have, nobody to call; those first."""
    teams = directory.teams_in(db, wijk_ids)
    places = {(team.organisation_id, team.wijk_id): team for team in teams}
    held: dict[tuple[UUID, UUID], list[ContactPerson]] = {place: [] for place in places}
    for one in _contacts(db, wijk_ids, today):
        held.get((one.organisation_id, one.wijk_id), []).append(one)
    found = [_face(places[place], contacts, today) for place, contacts in held.items()]
    return sorted((one for one in found if one), key=_pressing)[:MOST]


def _contacts(db: Session, wijk_ids: Sequence[UUID], today: date) -> Sequence[ContactPerson]:
    return db.scalars(
        select(ContactPerson)
        .join(ContactPerson.account)
        .options(joinedload(ContactPerson.account))
        .where(
            ContactPerson.wijk_id.in_(wijk_ids),
            ContactPerson.duty == ContactDuty.CONTACT,
            ContactPerson.valid_until.is_(None) | (ContactPerson.valid_until >= today),
            Account.active,
            Account.organisation_id == ContactPerson.organisation_id,
        )
        .order_by(ContactPerson.valid_from, ContactPerson.id)
    ).all()


def _face(team: Team, contacts: Sequence[ContactPerson], today: date) -> Face | None:
    """None when somebody can be called for longer than we look ahead."""
    now = [one for one in contacts if one.valid_from <= today]
    if any(one.valid_until is None or one.valid_until > today + AHEAD for one in now):
        return None
    coming = [one.account for one in contacts if one.valid_from > today]
    leaves = max((one.valid_until for one in now if one.valid_until), default=None)
    return Face(team.wijk, team.organisation, leaves, coming[0] if coming else None)


def _pressing(one: Face) -> tuple[bool, date, str, str]:
    return one.successor is not None, one.leaves or date.min, one.wijk.name, one.organisation.name


def overdue(db: Session, region_ids: Collection[UUID], today: date) -> list[Overdue]:
    """Points of agreements in these regions that should have been done, longest ago first."""
    rows = db.execute(
        select(Item, Agreement)
        .join(Agreement, Agreement.id == Item.agreement_id)
        .options(joinedload(Item.owner).joinedload(Account.organisation))
        .where(
            Agreement.region_id.in_(region_ids),
            Agreement.phase != Phase.ENDED,
            Item.status == ItemStatus.OPEN,
            Item.due_on < today,
        )
        .order_by(Item.due_on, Item.id)
        .limit(MOST)
    )
    return [_overdue(item, agreement, item.due_on) for item, agreement in rows if item.due_on]


def _overdue(item: Item, agreement: Agreement, due_on: date) -> Overdue:
    point = seeds(agreement.seeds).point(item.code)
    words = point.words if point else item.code
    return Overdue(agreement.id, item.id, agreement.title, words, due_on, item.owner)
