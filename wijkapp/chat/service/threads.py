"""Threads open with what they are about, and close with it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from wijkapp.chat.rules import Kind
from wijkapp.people.models import Account


def open_thread(
    db: Session,
    kind: Kind,
    about: UUID,
    *,
    parties: Iterable[UUID],
    page_id: UUID,
    wijk_id: UUID,
    readers: Iterable[UUID] = (),
) -> UUID:
    """Open a thread about something, or open it again; in the caller's transaction. Returns its id.

    about    an invitation or a duty: its thread has the same id
    parties  organisations
    page_id  the request or duty, for the way back
    readers  accounts that have to do with it and must hear of messages
    """
    raise NotImplementedError


def close_thread(db: Session, kind: Kind, about: UUID, moment: datetime) -> None:
    """What it is about is over: read only from now on, and gone after the term of the wijk's agreement."""
    raise NotImplementedError


def thread_for_contact(actor: Account, organisation_id: UUID, wijk_id: UUID) -> UUID:
    """The thread between the own organisation and another about a wijk; opened when there is none.

    Raises NotFound, NotYours when colleagues are contact persons in this wijk and the actor is not.
    """
    raise NotImplementedError


def may_contact(actor: Account, wijk_id: UUID) -> bool:
    """May this person write to other organisations about this wijk? For showing the button."""
    raise NotImplementedError
