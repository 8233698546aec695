"""Saying, changing, taking back, reading and acknowledging. Each is one transaction.

After the call the door tells open pages, by `wijkapp.chat.sockets`: `tell_message(said)` and so on.
"""

from collections.abc import Collection
from uuid import UUID

from wijkapp.chat.service.lines import Read, Said, Yes
from wijkapp.people.models import Account


def say(
    actor: Account,
    thread_id: UUID,
    message_id: UUID,
    text: str,
    *,
    priority: bool = False,
    mentions: Collection[UUID] = (),
    vouched: bool = False,
) -> Said:
    """Say something. The same message id again is the same message: what was stored comes back.

    message_id  made by the sender's device
    mentions    accounts that hear it at once
    vouched     the writer looked at what the guard asked about, and it is no client

    Raises NotFound, ThreadClosed, Invalid (field `text` or `mentions`), ClientDataFound, TooMany.
    """
    raise NotImplementedError


def edit(actor: Account, message_id: UUID, text: str, *, vouched: bool = False) -> Said:
    """Change one's own message, within five minutes. Raises TooLate, ThreadClosed and what `say` raises."""
    raise NotImplementedError


def delete(actor: Account, message_id: UUID) -> Said:
    """Take back one's own message: the words go, that there was one stays. Twice is fine."""
    raise NotImplementedError


def mark_read(actor: Account, thread_id: UUID, seq: int) -> Read:
    """This person, and so their organisation, has read up to here. Never goes back."""
    raise NotImplementedError


def acknowledge(actor: Account, message_id: UUID) -> Yes:
    """Say yes to a priority message for the own organisation. Twice is fine; the first one counts."""
    raise NotImplementedError
