"""Breaking the glass: in an emergency a nurse of the region opens a file, and others look back at it."""

from uuid import UUID

from wijkapp.clients.rules import EmergencyReason, Verdict
from wijkapp.clients.service.audit import Seat
from wijkapp.people.models import Account


def break_glass(actor: Account, seat: Seat, code: str, reason: EmergencyReason, why: str) -> UUID:
    """Open the file with this code for 48 hours, for this person alone. Returns the file's id; then `look`.

    The source hears of it at once and looks back at it. Raises NotFound (no such file in the own region, or no
    consent in force: then there is nothing to see), Objected (the client objects to this organisation), Invalid.
    """
    raise NotImplementedError


def review(actor: Account, seat: Seat, glass_id: UUID, verdict: Verdict) -> None:
    """The source looks back: was it right? Unjustified closes the file for that person at once.

    Raises NotFound, NotAllowed (the one who did it), AlreadyReviewed.
    """
    raise NotImplementedError
