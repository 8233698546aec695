"""What an organisation has to do under the agreements it takes part in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.agreements.models import Agreement, Document, Item, Party, Signer, State, Version
from wijkapp.agreements.register import ItemStatus, Phase
from wijkapp.agreements.service.documents import document_of
from wijkapp.agreements.service.dossier import is_forbidden
from wijkapp.agreements.service.register import words_of
from wijkapp.agreements.service.signing import waits_for
from wijkapp.kit.db import reading
from wijkapp.people.models import Account


@dataclass(frozen=True)
class Task:
    """An open point that somebody of the organisation owns."""

    agreement_id: UUID
    title: str
    item_id: UUID
    words: str
    owner: str
    due_on: date | None


@dataclass(frozen=True)
class ToSign:
    """A document that waits for somebody's signature."""

    agreement_id: UUID
    title: str
    kind: str


def to_sign(actor: Account) -> Sequence[ToSign]:
    """What waits for the signature of this person, the longest waiting first."""
    with reading() as db:
        asked = db.execute(
            select(Agreement.id, Agreement.title, Document.kind)
            .select_from(Document)
            .join(Version, Version.document_id == Document.id)
            .join(Signer, Signer.version_id == Version.id)
            .join(Agreement, Agreement.id == Document.agreement_id)
            .where(
                Signer.account_id == actor.id,
                Version.state == State.OFFERED,
                Agreement.phase != Phase.ENDED,
            )
            .order_by(Version.offered_at)
        )
        return [
            ToSign(*row)
            for row in asked
            if (document := document_of(db, row.id, row.kind))
            and waits_for(document, actor.id)
            and not is_forbidden(db, row.id)
        ]


def own_tasks(actor: Account) -> Sequence[Task]:
    """What the actor's own organisation has to do."""
    with reading() as db:
        return tasks_of(db, actor.organisation_id)


def tasks_of(db: Session, organisation_id: UUID) -> Sequence[Task]:
    """The first to be done first; those without a day last."""
    takes_part = select(Party.agreement_id).where(
        Party.organisation_id == organisation_id, Party.left_on.is_(None)
    )
    rows = db.execute(
        select(Item, Agreement, Account.name)
        .join(Agreement, Agreement.id == Item.agreement_id)
        .join(Account, Account.id == Item.owner_id)
        .where(
            Account.organisation_id == organisation_id,
            Item.status == ItemStatus.OPEN,
            Agreement.phase != Phase.ENDED,
            Agreement.id.in_(takes_part),
        )
        .order_by(Item.due_on.is_(None), Item.due_on, Agreement.title, Item.code)
    )
    found = ((*row, words_of(row[1]).point(row[0].code)) for row in rows)
    return [
        Task(agreement.id, agreement.title, item.id, point.words, owner, item.due_on)
        for item, agreement, owner, point in found
        if point is not None
    ]
