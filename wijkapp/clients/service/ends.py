"""The second half of every end: keys of what was withdrawn, expired, handed over, replaced or erased go."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from wijkapp.clients import keys
from wijkapp.clients.audit_rules import Event
from wijkapp.clients.models import ClientFile, Consent
from wijkapp.clients.rules import EndReason
from wijkapp.clients.service import audit
from wijkapp.clients.service.audit import Seat
from wijkapp.clients.service.ending import end_file, end_holder
from wijkapp.clients.service.opening import log_refusal
from wijkapp.clients.service.standing import find
from wijkapp.clients.service.telling import tell
from wijkapp.kit import time
from wijkapp.kit.db import changed, reading, transaction
from wijkapp.kit.errors import NotAllowed, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account

log = structlog.get_logger()

ORPHANED = timedelta(days=1)
"""A key that no consent knows after so long never sealed anything: its transaction did not make it."""


def destroy_ended() -> None:
    """Destroy the keys of consents that ended; call it right after the transaction.

    A crash in between does no harm, nor a key store that is away: nobody may look, and the clock comes by.
    """
    try:
        _destroy_ended()
    except Exception:
        # What was asked has been done. Whoever asked must not read that it failed.
        log.exception("keys of consents that ended are still there; the clock tries again")


def _destroy_ended() -> int:
    with reading() as db:
        ended = db.scalars(
            select(Consent.id).where(
                Consent.holds_key, Consent.ended_at.is_not(None), Consent.key_destroyed_at.is_(None)
            )
        ).all()
    if not ended:
        return 0
    keys.destroy(ended)
    with transaction() as db:
        return sum(_note_destroyed(db, consent_id) for consent_id in ended)


def _note_destroyed(db: Session, consent_id: UUID) -> bool:
    noted = changed(
        db,
        update(Consent)
        .where(Consent.id == consent_id, Consent.key_destroyed_at.is_(None))
        .values(key_destroyed_at=time.now()),
    )
    if noted:
        reason, code = db.execute(
            select(Consent.end_reason, ClientFile.code)
            .join(ClientFile, ClientFile.id == Consent.file_id)
            .where(Consent.id == consent_id)
        ).one()
        audit.record(
            db,
            None,
            Event.DESTROYED,
            code=code,
            object_kind="key",
            object_id=consent_id,
            consent_id=consent_id,
            detail=reason.value if reason else None,
        )
    return bool(noted)


def destroy_due() -> int:
    """For the clock: end what is due (consent over, handed over long enough ago), then destroy what ended.

    Returns how many keys were destroyed.
    """
    for file_id in _due():
        with transaction() as db:
            _end_if_due(db, file_id, time.now())
    return _destroy_ended()


def _due() -> list[UUID]:
    moment = time.now()
    with reading() as db:
        expired = db.scalars(
            select(Consent.file_id).where(
                Consent.holds_key, Consent.ended_at.is_(None), Consent.until <= moment
            )
        )
        closed = db.scalars(
            select(ClientFile.id).where(ClientFile.ended_at.is_(None), ClientFile.closes_at <= moment)
        )
        return list({*expired, *closed})


def _end_if_due(db: Session, file_id: UUID, moment: datetime) -> None:
    file = db.get_one(ClientFile, file_id, with_for_update=True)
    if file.ended_at is None and file.closes_at is not None and file.closes_at <= moment:
        end_file(db, file, EndReason.HANDED_OVER)
        return
    expired = db.scalar(
        select(Consent.id).where(
            Consent.file_id == file_id, Consent.holds_key, Consent.ended_at.is_(None), Consent.until <= moment
        )
    )
    if expired and end_holder(db, file_id, EndReason.EXPIRED, None):
        tell(db, "clients.ended", file_id)


def sweep_keys() -> int:
    """For the clock: keys that should not be there. Returns how many were destroyed.

    Those of consents that ended, come back with an old copy of the key store; and those that never sealed
    anything. A key store of which this database knows not one key belongs to another: it is left alone.
    """
    there = keys.names()
    if not there:
        return 0
    with reading() as db:
        rows = db.execute(select(Consent.id, Consent.ended_at).where(Consent.id.in_(list(there))))
        known = {row.id: row.ended_at for row in rows}
    ours = there.keys() & known.keys()
    ended = [name for name in ours if known[name] is not None]
    orphans = [
        name for name, made_at in there.items() if name not in known and made_at < time.now() - ORPHANED
    ]
    if orphans and not ours:
        log.warning("a key store of another database?", keys=len(there))
        orphans = []
    return keys.destroy([*ended, *orphans])


@dataclass(frozen=True)
class KeyState:
    """How the key store stands beside the database."""

    in_force: int
    ended: int  # of consents that are over
    unknown: int  # of no consent
    missing: int  # consents in force without a key: their data is lost
    shut: int  # no master key opens them


def state_of_keys() -> KeyState:
    """For whoever hosts the app: is there a key for each consent, and no more?"""
    there = set(keys.names())
    with reading() as db:
        rows = db.execute(
            select(Consent.id, Consent.ended_at).where(
                Consent.holds_key, or_(Consent.ended_at.is_(None), Consent.id.in_(list(there)))
            )
        ).all()
    lasting = {row.id for row in rows if row.ended_at is None}
    ended = {row.id for row in rows} - lasting
    return KeyState(
        in_force=len(there & lasting),
        ended=len(there & ended),
        unknown=len(there - lasting - ended),
        missing=len(lasting - there),
        shut=keys.shut(),
    )


def erase(actor: Account, seat: Seat, file_id: UUID) -> None:
    """The client asks to be forgotten: the file ends and all that is in it is destroyed.

    Either side may. Twice does no harm. Raises NotFound, NotAllowed (planner).
    """
    refusal: Refused | None = None
    with transaction() as db:
        standing = find(db, actor, file_id, hold=True)
        if standing is None or not standing.involved:
            refusal = NotFound()
        elif not standing.speaks:
            refusal = NotAllowed(str(_("Wie met de cliënt spreekt, mag dit wissen.")))
        if standing and refusal:
            log_refusal(db, seat, standing, Event.ERASED, None, refusal)
        elif standing and standing.file.ended_at is None:
            end_file(db, standing.file, EndReason.ERASED, actor.id)
            audit.record(
                db, seat, Event.ERASED, code=standing.file.code, object_kind="file", object_id=file_id
            )
    if refusal:
        raise refusal
    destroy_ended()
