"""The chat on the live line: join a thread, say, catch up. And telling open pages, for every door of chat.

A page that has a thread open is in room `thread:<id>` and hears `chat.message` and `chat.changed` (a message,
see `as_json`), `chat.read` and `chat.acknowledged`. Numbers (`seq`) have no gaps: a page that misses one asks
`chat.since`. Nobody is told before the fact is stored.

Asked by a page: chat.open {thread}, chat.say {thread, id, text, priority?, mentions?, vouched?},
chat.since {thread, seq, shown_from?, as_of?}, chat.read {thread, seq}, chat.acknowledge {id}.
"""

from dataclasses import dataclass
from time import sleep
from typing import Annotated, Any, cast
from uuid import UUID

from flask import request
from flask_socketio import join_room, leave_room
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from wijkapp.chat import service
from wijkapp.chat.rules import MOST_MENTIONS, PER_MINUTE
from wijkapp.chat.service import Acknowledged, Line, Mark, News, Read, ReadBy, Said, Yes
from wijkapp.kit import limits
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.forms import prose
from wijkapp.kit.socket import on, on_the_line, socketio
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account
from wijkapp.people.session import signed_in

BREATH = 0.01  # seconds: whoever says something need not wait until all marks are stored
MOST_TOLD = 5_000
MOST_OPEN = 20  # threads one line may have open

Seq = Annotated[int, Field(ge=0, lt=2**62)]


# --- what a page may ask


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Of(_Asked):
    thread: UUID


class Saying(Of):
    id: UUID
    text: str
    priority: bool = False
    mentions: Annotated[list[UUID], Field(max_length=MOST_MENTIONS)] = []
    vouched: bool = False


class Since(Of):
    seq: Seq
    shown_from: Seq | None = None
    as_of: AwareDatetime | None = None


class ReadUpTo(Of):
    seq: Seq


class Acknowledging(_Asked):
    id: UUID


@dataclass
class _OnTheLine:
    account: Account
    threads: dict[UUID, None]  # in the order they were opened


_open: dict[str, _OnTheLine] = {}
"""Who has which threads open in this process, by Socket.IO id."""


class UnderWay(Refused):
    """The same message came again before it was answered: a busy server need not do it twice."""

    status = 503
    sentence = _("Dit bericht is onderweg.")


_under_way: set[UUID] = set()

_told: dict[UUID, None] = {}
"""The last messages that this process told, oldest first: a repeat of one need not be told again."""

_marks: dict[tuple[UUID, UUID], tuple[Account, int]] = {}
"""Thread and account -> who it is, and how far they have read, as long as it is not stored."""


@on("chat.open")
def open_one(message: Any) -> dict[str, Any]:
    """A page shows this thread: from now on it hears everything in it."""
    asked, actor = Of.model_validate(message), signed_in()
    last_seq = service.last_seq(actor, asked.thread)  # raises NotFound to whoever takes no part
    here = _open.setdefault(request.sid, _OnTheLine(actor, {}))  # type: ignore[attr-defined]
    here.threads[asked.thread] = None
    join_room(_room(asked.thread))
    if len(here.threads) > MOST_OPEN:
        oldest = next(iter(here.threads))
        del here.threads[oldest]
        leave_room(_room(oldest))
    return {"ok": True, "last_seq": last_seq}


@on("chat.say")
def say(message: Any) -> dict[str, Any]:
    """Say something; the answer comes after everybody who has the thread open was told."""
    asked, actor = Saying.model_validate(message), signed_in()
    if asked.id in _told:  # everybody heard it; only this answer got lost
        return {"ok": True, "message": as_json(service.said_before(actor, asked.thread, asked.id).line)}
    if asked.id in _under_way:
        raise UnderWay
    count_one_more(actor)
    _under_way.add(asked.id)
    try:
        said = _say(actor, asked)
    finally:
        _under_way.discard(asked.id)
    return {"ok": True, "message": as_json(said.line)}


def _say(actor: Account, asked: Saying) -> Said:
    said = service.say(
        actor,
        asked.thread,
        asked.id,
        prose(asked.text),
        priority=asked.priority,
        mentions=asked.mentions,
        vouched=asked.vouched,
    )
    tell_message(said)
    return said


@on("chat.since")
def since(message: Any) -> dict[str, Any]:
    """A page that missed a number, or was away for a while, catches up."""
    asked = Since.model_validate(message)
    news = service.since(signed_in(), asked.thread, asked.seq, shown_from=asked.shown_from, as_of=asked.as_of)
    return {"ok": True, **news_as_json(news)}


@on_the_line("chat.read")
def read(sid: str, message: Any) -> dict[str, Any]:
    """Everything up to here was in sight: noted now, stored within a second with what others read.

    Whoever opened the thread may read it; that is looked at again every half minute (`show_out`).
    """
    try:
        asked = ReadUpTo.model_validate(message)
    except ValidationError:
        return {"error": str(Invalid.sentence), "status": Invalid.status}
    here = _open.get(sid)
    if here is None or asked.thread not in here.threads:
        return {"error": str(NotFound.sentence), "status": NotFound.status}
    mark = (asked.thread, here.account.id)
    _marks[mark] = (here.account, max(asked.seq, _marks.get(mark, (None, 0))[1]))
    return {"ok": True}


def write_marks() -> None:
    """Store how far everybody on a line of this process has read, and tell open pages.

    What a killed process did not store is said again with the next message somebody reads.
    """
    marks: dict[UUID, list[Mark]] = {}
    for (thread, _account), (account, seq) in _marks.items():
        marks.setdefault(thread, []).append(Mark(account, thread, seq))
    _marks.clear()
    for here in marks.values():
        for one in service.mark_all_read(here):
            tell_read(one)
        sleep(BREATH)


@on("chat.acknowledge")
def acknowledge(message: Any) -> dict[str, Any]:
    yes = service.acknowledge(signed_in(), Acknowledging.model_validate(message).id)
    tell_yes(yes)
    return {"ok": True, "acknowledged": _answer_as_json(yes.acknowledged)}


def count_one_more(actor: Account) -> None:
    """Every door that stores words asks this first. Raises TooMany."""
    limits.keep_pace("chat", str(actor.id), PER_MINUTE, 60)


def hung_up(sid: str) -> None:
    """This line ended. In: its Socket.IO id."""
    _open.pop(sid, None)


def show_out() -> None:
    """Who no longer takes part in a thread hears nothing more of it, also on a page that is still open."""
    for sid, here in list(_open.items()):
        for thread_id in service.not_in(here.account.id, list(here.threads)):
            here.threads.pop(thread_id, None)
            cast(Any, socketio).server.leave_room(sid, _room(thread_id), "/")
            socketio.emit("chat.closed", {"thread": str(thread_id)}, to=sid)


# --- telling open pages


def tell_message(said: Said) -> None:
    """Open pages get the whole message; other pages of whoever must hear it get `told`. After the commit."""
    thread = str(said.line.thread_id)
    socketio.emit("chat.message", as_json(said.line), to=_room(said.line.thread_id))
    _told[said.line.id] = None
    if len(_told) > MOST_TOLD:
        del _told[next(iter(_told))]
    for account in said.told:  # now; what the outbox holds for them waits a little, for their phone
        socketio.emit("told", {"name": "chat.said", "about": thread}, to=f"account:{account}")


def tell_change(said: Said) -> None:
    """A message was edited or deleted."""
    socketio.emit("chat.changed", as_json(said.line), to=_room(said.line.thread_id))


def tell_read(read: Read) -> None:
    """An organisation has read further."""
    if read.read_by:
        told = {"thread": str(read.thread_id), **_read_as_json(read.read_by)}
        socketio.emit("chat.read", told, to=_room(read.thread_id))


def tell_yes(yes: Yes) -> None:
    """An organisation acknowledged."""
    told = {"thread": str(yes.thread_id), "id": str(yes.message_id), **_answer_as_json(yes.acknowledged)}
    socketio.emit("chat.acknowledged", told, to=_room(yes.thread_id))


def as_json(line: Line) -> dict[str, Any]:
    """A message as pages get it: the same for everybody, so `author_id` tells whether it is one's own."""
    return {
        "id": str(line.id),
        "thread": str(line.thread_id),
        "seq": line.seq,
        "author_id": str(line.author_id),
        "author": line.author,
        "organisation_id": str(line.organisation_id),
        "organisation": line.organisation,
        "text": line.text,
        "priority": line.priority,
        "said_at": line.said_at.isoformat(),
        "edited_at": line.edited_at.isoformat() if line.edited_at else None,
        "deleted": line.deleted,
        "mentions": [str(one) for one in line.mentions],
        "acknowledgements": [_answer_as_json(one) for one in line.acknowledgements],
    }


def news_as_json(news: News) -> dict[str, Any]:
    """What a page missed."""
    return {
        "messages": [as_json(line) for line in news.lines],
        "more": news.more,
        "last_seq": news.last_seq,
        "read_by": [_read_as_json(one) for one in news.read_by],
        "as_of": news.as_of.isoformat(),
        "closed": news.closed,
    }


def _answer_as_json(one: Acknowledged) -> dict[str, Any]:
    return {
        "organisation_id": str(one.organisation_id),
        "organisation": one.organisation,
        "at": one.at.isoformat() if one.at else None,
        "by": one.by,
    }


def _read_as_json(one: ReadBy) -> dict[str, Any]:
    return {
        "organisation_id": str(one.organisation_id),
        "organisation": one.organisation,
        "seq": one.seq,
        "at": one.at.isoformat() if one.at else None,
    }


def _room(thread_id: UUID) -> str:
    return f"thread:{thread_id}"
