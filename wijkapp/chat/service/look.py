"""Reading: the list of threads, one thread page by page, what was missed, searching, taking a copy along."""

from datetime import datetime
from uuid import UUID

from wijkapp.chat.service.lines import Found, Members, News, Page, ThreadLine, Transcript
from wijkapp.people.models import Account


def my_threads(actor: Account) -> list[ThreadLine]:
    """Every thread this person takes part in, newest message first; also a wijk where nothing was said yet."""
    raise NotImplementedError


def unread_count(actor: Account) -> int:
    """In how many threads something is new for this person; one query, for the tab."""
    raise NotImplementedError


def show(actor: Account, thread_id: UUID, before: int | None = None, limit: int = 50) -> Page:
    """The newest messages, or those before a seq. Raises NotFound to whoever takes no part."""
    raise NotImplementedError


def since(
    actor: Account,
    thread_id: UUID,
    seq: int,
    *,
    shown_from: int | None = None,
    as_of: datetime | None = None,
) -> News:
    """What came after message `seq`.

    shown_from, as_of  with these also what changed after `as_of` in the messages from `shown_from` on
    """
    raise NotImplementedError


def members(actor: Account, thread_id: UUID) -> Members:
    """Who takes part now, and three quick replies."""
    raise NotImplementedError


def search(actor: Account, words: str, *, vouched: bool = False) -> list[Found]:
    """Messages with all these words in the own threads, newest first, at most fifty.

    What is searched for passes the guard like any text, and is written down nowhere.
    Raises ClientDataFound, Invalid.
    """
    raise NotImplementedError


def export(actor: Account, thread_id: UUID) -> Transcript:
    """The whole thread as it stands, oldest first."""
    raise NotImplementedError
