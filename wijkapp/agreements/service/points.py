"""The lists of an agreement: look at one, and say how far a point is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements.lists import Checklist
from wijkapp.agreements.lists import Point as Words
from wijkapp.agreements.models import Agreement, Item
from wijkapp.agreements.register import ItemStatus, Path
from wijkapp.agreements.service import meanwhile, proofs
from wijkapp.agreements.service.dossier import lists_of
from wijkapp.agreements.service.proofs import Pointer, Shown
from wijkapp.agreements.service.register import Hands, managed, seen, seen_inside, words_of
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account


@dataclass(frozen=True)
class Row:
    """One point, with its words. shown: a document or paper it points at."""

    words: Words
    item: Item
    shown: Shown | None

    @property
    def proof_is_gone(self) -> bool:
        return self.item.proof is not None and self.shown is None


@dataclass(frozen=True)
class ListPage:
    """One list of an agreement. people: who can be its owner; can_show: what a single point can point at."""

    agreement: Agreement
    hands: Hands
    list: Checklist
    rows: Sequence[Row]
    people: Sequence[Account]
    can_show: Sequence[Shown] = ()


@dataclass(frozen=True)
class Said:
    """How far a point is. evidence: where it can be seen; with NOT_NEEDED: why not. shows: what shows it."""

    status: ItemStatus
    evidence: str = ""
    owner_id: UUID | None = None
    due_on: date | None = None
    done_on: date | None = None
    shows: Pointer | None = None


def list_page(actor: Account, agreement_id: UUID, code: str) -> ListPage:
    """One list. Raises NotFound when the agreement has none of this name."""
    with reading() as db:
        agreement, hands = seen_inside(db, actor, agreement_id)
        found = next((one for one in lists_of(agreement) if one.code == code), None)
        if found is None:
            raise NotFound
        return ListPage(
            agreement=agreement,
            hands=hands,
            list=found,
            rows=_rows(db, agreement_id, found),
            people=_people(db, agreement, actor),
        )


def _rows(db: Session, agreement_id: UUID, found: Checklist) -> list[Row]:
    items = {
        item.code: item
        for item in db.scalars(
            select(Item)
            .options(joinedload(Item.owner))
            .where(Item.agreement_id == agreement_id, Item.code.startswith(f"{found.code}."))
        )
    }
    shown = proofs.shown(db, items.values())
    return [Row(point, item, shown.get(item.id)) for point in found.points if (item := items.get(point.code))]


def _people(db: Session, agreement: Agreement, actor: Account) -> Sequence[Account]:
    """Everybody of the parties, and who leads the region."""
    ours = {party.organisation_id for party in agreement.taking_part}
    return db.scalars(
        select(Account)
        .where(Account.organisation_id.in_(ours | {actor.organisation_id}), Account.active)
        .order_by(Account.name, Account.id)
    ).all()


def steps(actor: Account, agreement_id: UUID) -> Sequence[ListPage]:
    """All lists of a light agreement, for its one page; nothing for a full one or for who is outside."""
    with reading() as db:
        agreement, hands = seen(db, actor, agreement_id)
        if agreement.path is Path.FULL or not hands.inside:
            return ()
        return [
            ListPage(agreement, hands, one, _rows(db, agreement_id, one), ()) for one in lists_of(agreement)
        ]


def point_page(actor: Account, agreement_id: UUID, item_id: UUID) -> ListPage:
    """One point, as a list of its own. Raises NotFound."""
    with reading() as db:
        agreement, hands = seen_inside(db, actor, agreement_id)
        item = _item(db, agreement_id, item_id)
        found = words_of(agreement).list_of(item.code)
        rows = [one for one in _rows(db, agreement_id, found) if one.item.id == item_id] if found else []
        if found is None or not rows:
            raise NotFound
        can_show = proofs.to_choose(db, actor, agreement, item) if hands.manage else ()
        return ListPage(agreement, hands, found, rows, _people(db, agreement, actor), can_show)


def _item(db: Session, agreement_id: UUID, item_id: UUID) -> Item:
    item = db.get(Item, item_id)
    if item is None or item.agreement_id != agreement_id:
        raise NotFound
    return item


def say(actor: Account, agreement_id: UUID, item_id: UUID, said: Said, *, seen: str = "") -> None:
    """Say how far a point is. seen: its stamp, `meanwhile.how_far`. Raises TypedOver, Invalid or NotFound."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        item = _item(db, agreement_id, item_id)
        meanwhile.unless_changed(seen, meanwhile.how_far(item))
        wrong: dict[str, str] = {}
        if said.status is ItemStatus.NOT_NEEDED and not said.evidence:
            wrong["evidence"] = str(_("Schrijf op waarom dit niet hoeft."))
        if said.done_on and said.done_on > time.today():
            wrong["done_on"] = str(_("Deze dag moet nog komen."))
        if said.owner_id and said.owner_id not in {one.id for one in _people(db, agreement, actor)}:
            wrong["owner"] = str(_("Kies iemand uit de lijst."))
        can_show = {one.pointer for one in proofs.to_choose(db, actor, agreement, item)}
        if said.shows and said.shows not in can_show:
            wrong["shows"] = str(_("Kies iets uit de lijst."))
        if wrong:
            raise Invalid(fields=wrong)
        proofs.point_at(item, said.shows)
        item.evidence, item.owner_id, item.due_on = said.evidence, said.owner_id, said.due_on
        _set(item, actor, said.status, said.done_on)


def tick(actor: Account, agreement_id: UUID, item_id: UUID, *, done: bool = True) -> None:
    """Done today, or open again; what else is known of it stays. The same once more changes nothing."""
    status = ItemStatus.DONE if done else ItemStatus.OPEN
    with transaction() as db:
        managed(db, actor, agreement_id)
        item = _item(db, agreement_id, item_id)
        if item.status is not status:
            _set(item, actor, status)


def _set(item: Item, actor: Account, status: ItemStatus, done_on: date | None = None) -> None:
    item.status = status
    if status is ItemStatus.OPEN:
        item.done_on = None
    else:
        item.done_on, item.reopened_at = done_on or time.today(), None
    item.changed_by_id, item.changed_at = actor.id, time.now()
