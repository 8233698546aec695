"""The first half of every end: in one transaction nobody may look any more, and what was sealed is deleted.

The second half, after the commit, is in `ends`: the key is destroyed, and with it every copy elsewhere.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from wijkapp.clients.audit_rules import Event
from wijkapp.clients.models import (
    Appointment,
    BrokenGlass,
    ClientFile,
    Consent,
    HandoverNote,
    Identity,
    Report,
)
from wijkapp.clients.rules import EndReason
from wijkapp.clients.service import audit
from wijkapp.clients.service.telling import tell
from wijkapp.kit import time
from wijkapp.kit.db import changed

SEALED: tuple[Any, ...] = (Identity, HandoverNote, Appointment, Report)
"""The tables that hold what is known of a client."""


def end_consent(db: Session, consent: Consent, reason: EndReason, by: UUID | None) -> bool:
    """This consent holds no more. False when another ended it first. The caller holds the file."""
    ended = changed(
        db,
        update(Consent)
        .where(Consent.id == consent.id, Consent.ended_at.is_(None))
        .values(ended_at=time.now(), ended_by_id=by, end_reason=reason),
    )
    return ended == 1


def empty(db: Session, file_id: UUID) -> None:
    """Delete everything that was sealed in this file. Who broke the glass and when stays; why does not."""
    # Corrections point at what they correct.
    db.execute(update(Report).where(Report.file_id == file_id).values(corrects_id=None))
    for table in SEALED:
        db.execute(delete(table).where(table.file_id == file_id))
    db.execute(update(BrokenGlass).where(BrokenGlass.file_id == file_id).values(why_sealed=b""))


def end_holder(db: Session, file_id: UUID, reason: EndReason, by: UUID | None) -> bool:
    """The consent that holds the key of this file ends, and what is in the file goes. False: none did."""
    ended = changed(
        db,
        update(Consent)
        .where(Consent.file_id == file_id, Consent.holds_key, Consent.ended_at.is_(None))
        .values(ended_at=time.now(), ended_by_id=by, end_reason=reason),
    )
    empty(db, file_id)
    return ended == 1


def end_file(db: Session, file: ClientFile, reason: EndReason, by: UUID | None = None) -> None:
    """Nothing can be put in this file any more, nor seen. The caller holds it."""
    file.ended_at = time.now()
    db.flush()
    end_holder(db, file.id, reason, by)
    tell(db, "clients.ended", file.id, but=[by] if by else [])
    audit.record(
        db, None, Event.ENDED, code=file.code, object_kind="file", object_id=file.id, detail=reason.value
    )
