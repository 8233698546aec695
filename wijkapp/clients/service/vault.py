"""The vault of one client: look, write, correct. A look is `looking`'s, what is written `writing`'s."""

from wijkapp.clients.service.looking import (
    AppointmentShown,
    Content,
    EmergencyShown,
    HandoverShown,
    Person,
    ReportShown,
    Sbar,
    Written,
    look,
)
from wijkapp.clients.service.opening import Busy, Damaged, Gone, NoConsent
from wijkapp.clients.service.writing import (
    add_appointment,
    add_report,
    cancel_appointment,
    write_handover,
    write_identity,
)

__all__ = [
    "AppointmentShown",
    "Busy",
    "Content",
    "Damaged",
    "EmergencyShown",
    "Gone",
    "HandoverShown",
    "NoConsent",
    "Person",
    "ReportShown",
    "Sbar",
    "Written",
    "add_appointment",
    "add_report",
    "cancel_appointment",
    "look",
    "write_handover",
    "write_identity",
]
