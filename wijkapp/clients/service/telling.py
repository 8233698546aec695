"""Telling the parties of a file that something changed; never what."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.clients.models import FileParty
from wijkapp.clients.rules import CARERS
from wijkapp.kit import outbox
from wijkapp.people.models import Account, AccountRole


def tell(
    db: Session,
    event: str,
    file_id: UUID,
    *,
    but: Collection[UUID] = (),
    only: Collection[UUID] | None = None,
) -> None:
    """Tell the parties, in the caller's transaction. Every page that shows the file hears of it too.

    but   accounts that know already
    only  organisations to tell; None: all parties
    """
    parties = db.scalars(select(FileParty).where(FileParty.file_id == file_id)).all()
    told: list[UUID] = []
    for party in parties:
        if only is None or party.organisation_id in only:
            told += _at(db, party)
    outbox.record(db, event, about=file_id, to=[one for one in told if one not in but] or told)


def _at(db: Session, party: FileParty) -> list[UUID]:
    """Who hears of a file at one party: its contact, else everybody who may speak with the client."""
    carers = list(
        db.scalars(
            select(Account.id)
            .join(AccountRole, AccountRole.account_id == Account.id)
            .where(
                Account.organisation_id == party.organisation_id,
                Account.active,
                AccountRole.role.in_(CARERS),
            )
            .distinct()
        )
    )
    return [party.contact_id] if party.contact_id in carers else carers
