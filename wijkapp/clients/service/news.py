"""What changed in a file, by its lines in the log: who has not seen it yet, and whether a page is of now."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select

from wijkapp.clients.audit_rules import Event, Outcome
from wijkapp.clients.models import AuditEvent, ClientFile
from wijkapp.kit.db import reading
from wijkapp.people.models import Account

_WRITES = (Event.WRITTEN, Event.CORRECTED, Event.CANCELLED)


def unseen(actor: Account, file_ids: Collection[UUID]) -> frozenset[UUID]:
    """The files in which somebody else wrote since this person last looked, or looked at never."""
    written = func.max(AuditEvent.seq).filter(
        AuditEvent.event.in_(_WRITES), AuditEvent.account_id.is_distinct_from(actor.id)
    )
    looked = func.max(AuditEvent.seq).filter(
        AuditEvent.event == Event.READ, AuditEvent.account_id == actor.id
    )
    lines = (
        select(ClientFile.id)
        .join(AuditEvent, AuditEvent.client_code == ClientFile.code)
        .where(ClientFile.id.in_(file_ids), AuditEvent.outcome == Outcome.DONE)
        .group_by(ClientFile.id)
        .having(written > func.coalesce(looked, 0))
    )
    with reading() as db:
        return frozenset(db.scalars(lines))


def version(file_id: UUID) -> int:
    """Higher after anything in this file changed: what was written, what the client said, who may look."""
    last = (
        select(func.max(AuditEvent.seq))
        .join(ClientFile, AuditEvent.client_code == ClientFile.code)
        .where(ClientFile.id == file_id, AuditEvent.event != Event.READ, AuditEvent.outcome == Outcome.DONE)
    )
    with reading() as db:
        return db.scalar(last) or 0
