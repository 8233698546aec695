"""Putting something in a client's file: sealed under the key of the consent, and a line in the log."""

import re
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from wijkapp.clients import sealing
from wijkapp.clients.audit_rules import Event
from wijkapp.clients.models import Appointment, HandoverNote, Identity, Report
from wijkapp.clients.rules import LONGEST_LINE, LONGEST_TEXT, Data
from wijkapp.clients.service.audit import Seat
from wijkapp.clients.service.looking import SBAR_PARTS, Person, Sbar
from wijkapp.clients.service.opening import Opened, in_file
from wijkapp.clients.service.telling import tell
from wijkapp.kit import time
from wijkapp.kit.db import changed, new_id
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What no database keeps and no reader sees; doors leave it out already."""


def write_identity(actor: Account, seat: Seat, file_id: UUID, person: Person) -> None:
    """Who the client is; takes the place of what was there. Raises Invalid, NotFound, NotAllowed, Gone."""
    texts = {
        "name": person.name,
        "birth_date": person.birth_date.isoformat() if person.birth_date else "",
        "address": person.address,
        "phone": person.phone,
        "contact": person.contact,
        "entry": person.entry,
    }
    _check(texts, LONGEST_LINE, needed="name")

    def do(db: Session, opened: Opened) -> None:
        row = db.get(Identity, file_id)
        event = Event.CORRECTED if row else Event.WRITTEN
        row = row or Identity(file_id=file_id)
        row.consent_id, row.written_at, row.written_by_id = opened.consent.id, time.now(), actor.id
        db.add(sealing.write(opened.key, row, **texts))
        _wrote(db, opened, "clients.changed", event, Data.IDENTITY, None)

    in_file(actor, seat, file_id, Event.WRITTEN, Data.IDENTITY, do)


def write_handover(actor: Account, seat: Seat, file_id: UUID, sbar: Sbar) -> UUID:
    """A new version of the handover; the older ones stay. Raises as `write_identity`."""
    texts = {part: getattr(sbar, part) for part in SBAR_PARTS}
    _check(texts, LONGEST_TEXT, needed="situation")

    def do(db: Session, opened: Opened) -> UUID:
        row = HandoverNote(id=new_id(), **_marks(opened))
        db.add(sealing.write(opened.key, row, **texts))
        _wrote(db, opened, "clients.handover", Event.WRITTEN, Data.HANDOVER, row.id)
        return row.id

    return in_file(actor, seat, file_id, Event.WRITTEN, Data.HANDOVER, do)


def add_appointment(
    actor: Account, seat: Seat, file_id: UUID, at: datetime, what: str, organisation_id: UUID
) -> UUID:
    """Somebody of this party will come. Raises as `write_identity`."""
    _check({"what": what}, LONGEST_LINE, needed="what")

    def do(db: Session, opened: Opened) -> UUID:
        if organisation_id not in opened.standing.parties:
            raise Invalid(fields={"organisation_id": str(_("Kies een van de partijen."))})
        row = Appointment(id=new_id(), organisation_id=organisation_id, **_marks(opened))
        db.add(sealing.write(opened.key, row, at=at.astimezone(UTC).isoformat(), what=what.strip()))
        _wrote(db, opened, "clients.changed", Event.WRITTEN, Data.APPOINTMENTS, row.id)
        return row.id

    return in_file(actor, seat, file_id, Event.WRITTEN, Data.APPOINTMENTS, do)


def cancel_appointment(actor: Account, seat: Seat, file_id: UUID, appointment_id: UUID) -> None:
    """It does not go on. Twice does no harm. Raises as `write_identity`."""

    def do(db: Session, opened: Opened) -> None:
        row = db.get(Appointment, appointment_id)
        if row is None or row.file_id != file_id:
            raise NotFound
        cancelled = changed(
            db,
            update(Appointment)
            .where(Appointment.id == appointment_id, Appointment.cancelled_at.is_(None))
            .values(cancelled_at=time.now()),
        )
        if cancelled:
            _wrote(db, opened, "clients.changed", Event.CANCELLED, Data.APPOINTMENTS, appointment_id)

    in_file(actor, seat, file_id, Event.CANCELLED, Data.APPOINTMENTS, do)


def add_report(actor: Account, seat: Seat, file_id: UUID, text: str, corrects: UUID | None = None) -> UUID:
    """A message to the other parties. Raises as `write_identity`.

    corrects: the report that this one puts right; both stay, as in any record of care
    """
    _check({"text": text}, LONGEST_TEXT, needed="text")
    event = Event.CORRECTED if corrects else Event.WRITTEN

    def do(db: Session, opened: Opened) -> UUID:
        corrected = db.get(Report, corrects) if corrects else None
        if corrects and (corrected is None or corrected.file_id != file_id):
            raise NotFound
        row = Report(id=new_id(), corrects_id=corrects, **_marks(opened))
        db.add(sealing.write(opened.key, row, text=text.strip()))
        _wrote(db, opened, "clients.report", event, Data.REPORTS, row.id)
        return row.id

    return in_file(actor, seat, file_id, event, Data.REPORTS, do)


def _marks(opened: Opened) -> dict[str, object]:
    return {
        "file_id": opened.standing.file.id,
        "consent_id": opened.consent.id,
        "written_at": time.now(),
        "written_by_id": opened.standing.actor.id,
    }


def _wrote(db: Session, opened: Opened, told: str, event: Event, kind: Data, row_id: UUID | None) -> None:
    """Stored; those who may see this kind of data hear of it, and the log has its line."""
    standing = opened.standing
    db.flush()
    readers = [party for party in standing.parties if kind in standing.seen_by(party)]
    tell(db, told, standing.file.id, but=[standing.actor.id], only=readers)
    opened.log(db, event, kind, row_id)


def _check(texts: dict[str, str], longest: int, *, needed: str) -> None:
    wrong = {
        name: str(_("Dit is te lang: hooguit %(most)s tekens.", most=longest))
        for name, text in texts.items()
        if len(text) > longest
    }
    if not texts[needed].strip():
        wrong[needed] = str(_("Vul dit in."))
    for name, text in texts.items():
        if _UNSTORABLE.search(text):
            wrong[name] = str(_("Hier staan tekens in die niet te lezen zijn."))
    if wrong:
        raise Invalid(fields=wrong)
