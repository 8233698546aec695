"""What others get to see of a thread: plain values, made for whoever looks."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from wijkapp.chat.rules import Kind
from wijkapp.people.models import Account


@dataclass(frozen=True)
class Head:
    """One thread: what it is about and what may be done in it."""

    id: UUID
    kind: Kind
    title: str  # "Zorg Oost", "Iedereen in Lunetten"
    about: str  # one line below it: "Zorgvraag in Lunetten"
    back: str | None  # path of the page it is about
    opened_at: datetime
    closed_at: datetime | None  # read only since then
    wipe_at: datetime | None  # UTC; then everything in it goes


@dataclass(frozen=True)
class ThreadLine:
    """One thread in the list of threads."""

    head: Head
    excerpt: str | None  # of the newest message; None: nothing said yet, or the newest was deleted
    by: str | None  # who said it
    mine: bool  # it was me
    last_at: datetime | None
    unread: int  # messages
    priority_waits: bool  # somebody waits for an acknowledgement of my organisation


@dataclass(frozen=True)
class Acknowledged:
    """What one organisation did with a priority message."""

    organisation_id: UUID
    organisation: str
    at: datetime | None  # None: still asked
    by: str | None


@dataclass(frozen=True)
class Line:
    """One message, the same for everybody who reads it."""

    id: UUID
    thread_id: UUID
    seq: int
    author_id: UUID
    author: str
    organisation_id: UUID
    organisation: str
    text: str  # empty once deleted
    priority: bool
    said_at: datetime
    edited_at: datetime | None
    deleted: bool
    mentions: tuple[UUID, ...] = ()  # accounts
    acknowledgements: tuple[Acknowledged, ...] = ()  # of a priority message only


@dataclass(frozen=True)
class ReadBy:
    """How far an organisation has read."""

    organisation_id: UUID
    organisation: str
    seq: int  # every message up to this one
    at: datetime | None


@dataclass(frozen=True)
class Page:
    """A piece of a thread, oldest message first."""

    head: Head
    lines: tuple[Line, ...]
    before: int | None  # give this to `show` for what came earlier; None: this is the beginning
    last_seq: int  # of the newest message of the thread
    read_seq: int  # how far I had read
    read_by: tuple[ReadBy, ...]  # the other organisations
    as_of: datetime  # give this to `since` after a while without a line


@dataclass(frozen=True)
class News:
    """What a page that was away for a while missed."""

    lines: tuple[Line, ...]  # new ones, and known ones that were changed; in order of seq
    more: bool  # there is more than fits: better load the page again
    last_seq: int
    read_by: tuple[ReadBy, ...]
    as_of: datetime
    closed: bool


@dataclass(frozen=True)
class Said:
    """A message is stored. `line` goes to everybody who has the thread open."""

    line: Line
    told: tuple[UUID, ...] = ()  # accounts whose phone will ring; their open pages hear it at once
    again: bool = False  # it was stored before: this is a repeat


@dataclass(frozen=True)
class Read:
    """Somebody read up to here."""

    thread_id: UUID
    read_by: ReadBy | None  # None: their organisation knew already


@dataclass(frozen=True)
class Mark:
    """How far somebody has read, on a page that is open."""

    account: Account
    thread_id: UUID
    seq: int


@dataclass(frozen=True)
class Yes:
    """A priority message was acknowledged for an organisation."""

    thread_id: UUID
    message_id: UUID
    acknowledged: Acknowledged


@dataclass(frozen=True)
class Member:
    """Somebody who takes part now, whom one can mention."""

    account_id: UUID
    name: str
    job_title: str | None
    organisation: str


@dataclass(frozen=True)
class Members:
    """Who takes part, and three answers that are often given in such a thread."""

    members: tuple[Member, ...]
    quick_replies: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """One message that has the words."""

    head: Head
    line: Line


@dataclass(frozen=True)
class Transcript:
    """A whole thread, to keep in the own record before it goes."""

    head: Head
    parties: tuple[str, ...]
    opened_at: datetime
    made_at: datetime
    lines: tuple[Line, ...] = field(default=())
    left_out: int = 0  # older messages that are no longer in it
