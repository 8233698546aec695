"""What is known of a client: read with a line in the log for each kind of data, written, and corrected."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from wijkapp.clients.rules import Data, EmergencyReason
from wijkapp.clients.service.audit import Seat
from wijkapp.people.models import Account


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


def look(actor: Account, seat: Seat, file_id: UUID) -> Content:
    """Open the file: a line in the log for each kind of data that is shown.

    Raises NotFound (no party), NotAllowed (no consent for this party or role), Gone (data destroyed);
    these are lines in the log too.
    """
    raise NotImplementedError


def write_identity(actor: Account, seat: Seat, file_id: UUID, person: Person) -> None:
    """Who the client is; takes the place of what was there. Raises Invalid, NotFound, NotAllowed, Gone."""
    raise NotImplementedError


def write_handover(actor: Account, seat: Seat, file_id: UUID, sbar: Sbar) -> UUID:
    """A new version of the handover."""
    raise NotImplementedError


def add_appointment(
    actor: Account, seat: Seat, file_id: UUID, at: datetime, what: str, organisation_id: UUID
) -> UUID:
    """Somebody of this party will come."""
    raise NotImplementedError


def cancel_appointment(actor: Account, seat: Seat, file_id: UUID, appointment_id: UUID) -> None:
    """It does not go on. Twice does no harm."""
    raise NotImplementedError


def add_report(actor: Account, seat: Seat, file_id: UUID, text: str, corrects: UUID | None = None) -> UUID:
    """A message to the other parties. corrects: the report that this one puts right."""
    raise NotImplementedError
