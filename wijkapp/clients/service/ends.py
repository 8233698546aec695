"""Everything that ends: keys of what was withdrawn, expired, handed over long enough ago, replaced or erased."""

from uuid import UUID

from wijkapp.clients.service.audit import Seat
from wijkapp.people.models import Account


def destroy_ended() -> int:
    """Destroy the keys of consents that ended; call it right after the transaction. Returns how many.

    A crash in between does no harm: nobody may look, and the clock comes by.
    """
    raise NotImplementedError


def destroy_due() -> int:
    """For the clock: end what is due (consent over, handed over long enough ago), then destroy what ended.

    Also destroys keys that came back with an old copy of the key store, and those that never sealed anything.
    """
    raise NotImplementedError


def erase(actor: Account, seat: Seat, file_id: UUID) -> None:
    """The client asks to be forgotten: the file ends and all that is in it is destroyed. Either side may."""
    raise NotImplementedError
