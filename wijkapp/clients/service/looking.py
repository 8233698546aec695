"""What is known of a client, to those who may see it: each look is a line in the log per kind of data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.clients import sealing
from wijkapp.clients.audit_rules import Event
from wijkapp.clients.models import Appointment, BrokenGlass, HandoverNote, Identity, Report
from wijkapp.clients.rules import Data, EmergencyReason
from wijkapp.clients.service.audit import Seat
from wijkapp.clients.service.opening import Damaged, Opened, in_file
from wijkapp.kit.crypto import CannotOpen
from wijkapp.kit.db import Base
from wijkapp.people.models import Account, Organisation


@dataclass(frozen=True)
class Person:
    """Who the client is. Empty text: not known."""

    name: str
    birth_date: date | None = None
    address: str = ""
    phone: str = ""
    contact: str = ""  # representative or family: name and phone
    entry: str = ""  # how to get in: key box, alarm


@dataclass(frozen=True)
class Sbar:
    """The handover of care in four parts."""

    situation: str
    background: str = ""
    assessment: str = ""
    recommendation: str = ""


log = structlog.get_logger()

SBAR_PARTS = ("situation", "background", "assessment", "recommendation")


@dataclass(frozen=True)
class Written:
    """When and by whom."""

    at: datetime
    by: str  # name
    organisation: str
    by_id: UUID


@dataclass(frozen=True)
class HandoverShown:
    id: UUID
    sbar: Sbar
    written: Written


@dataclass(frozen=True)
class AppointmentShown:
    id: UUID
    at: datetime
    what: str
    organisation_id: UUID  # who comes
    organisation: str
    cancelled_at: datetime | None
    written: Written


@dataclass(frozen=True)
class ReportShown:
    id: UUID
    text: str
    corrects_id: UUID | None
    corrected_by_id: UUID | None  # a later report that corrects this one
    written: Written


@dataclass(frozen=True)
class EmergencyShown:
    """Why somebody broke the glass, in words."""

    id: UUID
    by: str
    organisation: str
    reason: EmergencyReason
    why: str
    opened_at: datetime


@dataclass(frozen=True)
class Content:
    """All of one file that this person may see now."""

    file_id: UUID
    code: str
    sees: frozenset[Data]
    writes: frozenset[Data]
    person: Person | None
    person_written: Written | None
    handovers: tuple[HandoverShown, ...]  # newest first; [0] is the one in force
    appointments: tuple[AppointmentShown, ...]  # by moment
    reports: tuple[ReportShown, ...]  # oldest first
    emergencies: tuple[EmergencyShown, ...]  # for who may review them
    closes_at: datetime | None
    emergency: bool  # seen because the glass is broken


AnyRow = TypeVar("AnyRow", HandoverNote, Appointment, Report, BrokenGlass)


def look(actor: Account, seat: Seat, file_id: UUID) -> Content:
    """Open the file: a line in the log for each kind of data that is shown.

    Raises NotFound (no party), NoConsent (for this party or role), Gone (destroyed): lines in the log too.
    Raises Damaged.
    """
    return _look(actor, seat, file_id, Event.READ)


def take_out(actor: Account, seat: Seat, file_id: UUID) -> Content:
    """All of it at once, to give to the client; in the log as that. Raises as `look`."""
    return _look(actor, seat, file_id, Event.EXPORTED)


def _look(actor: Account, seat: Seat, file_id: UUID, event: Event) -> Content:
    # The log first, and its commit; only then is anything opened, and nobody waits for that.
    rows = in_file(actor, seat, file_id, event, None, lambda db, opened: _fetch(db, opened, event))
    try:
        return _content(rows)
    except CannotOpen as damaged:
        log.error("a sealed value does not open", place=str(damaged))
        raise Damaged from None


def _fetch(db: Session, opened: Opened, event: Event) -> "_Rows":
    rows = _Rows(db, opened)
    for kind in Data:  # in the order of the enum, so that the log reads alike each time
        if kind in opened.standing.sees:
            opened.log(db, event, kind)
    return rows


def _content(rows: "_Rows") -> Content:
    standing = rows.opened.standing
    return Content(
        file_id=standing.file.id,
        code=standing.file.code,
        sees=standing.sees,
        writes=standing.writes,
        **_person(rows),
        handovers=_handovers(rows),
        appointments=_appointments(rows),
        reports=_reports(rows),
        emergencies=_emergencies(rows),
        closes_at=standing.closes_at,
        emergency=bool(standing.seen_by_glass),
    )


class _Rows:
    """The rows of one file that its reader may see, and the names that go with them."""

    def __init__(self, db: Session, opened: Opened) -> None:
        file_id, sees = opened.standing.file.id, opened.standing.sees
        self.opened = opened
        self.identity = db.get(Identity, file_id) if Data.IDENTITY in sees else None
        self.handovers = _all(db, HandoverNote, file_id) if Data.HANDOVER in sees else []
        self.appointments = _all(db, Appointment, file_id) if Data.APPOINTMENTS in sees else []
        self.reports = _all(db, Report, file_id) if Data.REPORTS in sees else []
        self.glass = _all(db, BrokenGlass, file_id) if opened.standing.asks else []
        self.people = _people(db, self._writers())
        self.names = _names(db, {one.organisation_id for one in self.appointments})

    def _writers(self) -> set[UUID]:
        found = {one.account_id for one in self.glass}
        for rows in (self.handovers, self.appointments, self.reports):
            found |= {row.written_by_id for row in rows}
        return found | ({self.identity.written_by_id} if self.identity else set())

    def text(self, row: Base, name: str) -> str:
        return sealing.read(self.opened.key, row, name)

    def written(self, row: Identity | HandoverNote | Appointment | Report) -> Written:
        name, organisation = self.people[row.written_by_id]
        return Written(row.written_at, name, organisation, row.written_by_id)


def _all(db: Session, table: type[AnyRow], file_id: UUID) -> Sequence[AnyRow]:
    return db.scalars(select(table).where(table.file_id == file_id).order_by(table.id)).all()


def _people(db: Session, account_ids: set[UUID]) -> Mapping[UUID, tuple[str, str]]:
    rows = db.execute(
        select(Account.id, Account.name, Organisation.name)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(Account.id.in_(account_ids))
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _names(db: Session, organisation_ids: set[UUID]) -> Mapping[UUID, str]:
    rows = db.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(organisation_ids)))
    return {row[0]: row[1] for row in rows}


def _person(rows: _Rows) -> dict[str, Any]:
    row = rows.identity
    if row is None:
        return {"person": None, "person_written": None}
    born = rows.text(row, "birth_date")
    person = Person(
        name=rows.text(row, "name"),
        birth_date=date.fromisoformat(born) if born else None,
        address=rows.text(row, "address"),
        phone=rows.text(row, "phone"),
        contact=rows.text(row, "contact"),
        entry=rows.text(row, "entry"),
    )
    return {"person": person, "person_written": rows.written(row)}


def _handovers(rows: _Rows) -> tuple[HandoverShown, ...]:
    return tuple(
        HandoverShown(row.id, Sbar(**{part: rows.text(row, part) for part in SBAR_PARTS}), rows.written(row))
        for row in reversed(rows.handovers)
    )


def _appointments(rows: _Rows) -> tuple[AppointmentShown, ...]:
    shown = [
        AppointmentShown(
            id=row.id,
            at=datetime.fromisoformat(rows.text(row, "at")),
            what=rows.text(row, "what"),
            organisation_id=row.organisation_id,
            organisation=rows.names[row.organisation_id],
            cancelled_at=row.cancelled_at,
            written=rows.written(row),
        )
        for row in rows.appointments
    ]
    return tuple(sorted(shown, key=lambda one: (one.at, one.id)))


def _reports(rows: _Rows) -> tuple[ReportShown, ...]:
    corrected = {row.corrects_id: row.id for row in rows.reports if row.corrects_id}
    return tuple(
        ReportShown(row.id, rows.text(row, "text"), row.corrects_id, corrected.get(row.id), rows.written(row))
        for row in rows.reports
    )


def _emergencies(rows: _Rows) -> tuple[EmergencyShown, ...]:
    return tuple(
        EmergencyShown(row.id, *rows.people[row.account_id], row.reason, rows.text(row, "why"), row.opened_at)
        for row in rows.glass
        if row.why_sealed
    )
