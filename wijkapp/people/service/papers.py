"""Until when the papers of an organisation are valid; its admins are told in time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, insert_new, new_id, reading, transaction
from wijkapp.people import access
from wijkapp.people.models import Account, AccountRole, OrganisationPaper
from wijkapp.people.rules import REMIND_LAST, REMIND_SOON, PaperKind, PaperState, Role, paper_state


@dataclass(frozen=True)
class Paper:
    """A paper, its last day and how near that is."""

    kind: PaperKind
    valid_until: date
    state: PaperState


def papers_of(db: Session, organisation_id: UUID) -> list[Paper]:
    """Of this organisation: the first to end first."""
    rows = db.scalars(
        select(OrganisationPaper)
        .where(OrganisationPaper.organisation_id == organisation_id)
        .order_by(OrganisationPaper.valid_until, OrganisationPaper.kind)
    )
    today = time.today()
    return [Paper(one.kind, one.valid_until, paper_state(one.valid_until, today)) for one in rows]


def papers(actor: Account) -> list[Paper]:
    """Of the actor's own organisation. Raises NotAllowed."""
    access.require(actor, "people.manage", organisation_id=actor.organisation_id)
    with reading() as db:
        return papers_of(db, actor.organisation_id)


def save_papers(actor: Account, days: Mapping[PaperKind, date | None]) -> None:
    """The last day of each paper; None: it is not kept here. A new day is reminded of again."""
    access.require(actor, "people.manage", organisation_id=actor.organisation_id)
    own = actor.organisation_id
    with transaction() as db:
        for kind, day in days.items():
            this = (OrganisationPaper.organisation_id == own, OrganisationPaper.kind == kind)
            if day is None:
                db.execute(delete(OrganisationPaper).where(*this))
                continue
            row = {"id": new_id(), "organisation_id": own, "kind": kind, "valid_until": day}
            insert_new(db, OrganisationPaper, [row])
            another = update(OrganisationPaper).where(*this, OrganisationPaper.valid_until != day)
            db.execute(another.values(valid_until=day, reminded_at=None))


def remind() -> int:
    """Tell the admins 60 and 14 days before the last day, each once. Returns how many papers."""
    with reading() as db:
        due = _due(db)
    told = 0
    for one in due:
        with transaction() as db:
            told += _claimed(db, one)
    return told


def _due(db: Session) -> Sequence[OrganisationPaper]:
    today = time.today()
    rows = db.scalars(
        select(OrganisationPaper).where(OrganisationPaper.valid_until.between(today, today + REMIND_SOON))
    )
    return [one for one in rows if _is_due(one, today)]


def _is_due(one: OrganisationPaper, today: date) -> bool:
    if one.reminded_at is None:
        return True
    last = one.valid_until - REMIND_LAST
    return today >= last and time.local(one.reminded_at).date() < last


def _claimed(db: Session, one: OrganisationPaper) -> bool:
    """Was it ours to tell? Of two clocks one is."""
    seen = OrganisationPaper.reminded_at
    claim = update(OrganisationPaper).where(
        OrganisationPaper.id == one.id,
        OrganisationPaper.valid_until == one.valid_until,
        seen.is_(None) if one.reminded_at is None else seen == one.reminded_at,
    )
    if not changed(db, claim.values(reminded_at=time.now())):
        return False
    outbox.record(db, "people.paper_ends", about=one.id, to=_admins(db, one.organisation_id))
    return True


def _admins(db: Session, organisation_id: UUID) -> Sequence[UUID]:
    return db.scalars(
        select(Account.id)
        .join(AccountRole)
        .where(Account.organisation_id == organisation_id, Account.active, AccountRole.role == Role.ADMIN)
    ).all()
