"""Reading: the list of threads, one thread page by page, what was missed, searching, taking a copy along."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from wijkapp.chat.models import Acknowledgement, Mention, Message, Reader, Thread, ThreadParty
from wijkapp.chat.rules import LONGEST_SEARCH, QUICK_REPLIES
from wijkapp.chat.service.heads import heads
from wijkapp.chat.service.lines import (
    Acknowledged,
    Found,
    Line,
    Member,
    Members,
    News,
    Page,
    ReadBy,
    ThreadLine,
    Transcript,
)
from wijkapp.chat.service.membership import VISIBLE, WIJKEN, empty, params_of, people_in, thread_of
from wijkapp.clients import guard
from wijkapp.kit import time
from wijkapp.kit.db import reading, rows
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext as _
from wijkapp.people import access
from wijkapp.people.models import Account, Organisation

MOST_THREADS = 200
MOST_NEWS = 200  # messages at once, for a page that was away
MOST_FOUND = 50
MOST_EXPORTED = 5_000
EXCERPT = 140  # characters

SLACK = timedelta(seconds=10)
"""A change may carry a moment just before it could be seen."""

# How far one has read; who never opened it begins where the own organisation is.
_READ_SEQ = func.coalesce(Reader.read_seq, ThreadParty.read_seq, 0)
_WITH_READING = (
    select(Thread, _READ_SEQ)
    .outerjoin(Reader, and_(Reader.thread_id == Thread.id, Reader.account_id == bindparam("me")))
    .outerjoin(
        ThreadParty,
        and_(ThreadParty.thread_id == Thread.id, ThreadParty.organisation_id == bindparam("us")),
    )
)
_THREADS = (
    _WITH_READING.where(VISIBLE)
    .order_by(func.coalesce(Thread.last_at, Thread.opened_at).desc(), Thread.id)
    .limit(MOST_THREADS)
)
_UNREAD = _WITH_READING.with_only_columns(func.count()).where(Thread.last_seq > _READ_SEQ, VISIBLE)
_HOW_FAR = _WITH_READING.with_only_columns(_READ_SEQ).where(Thread.id == bindparam("thread"))


# --- the list


def my_threads(actor: Account) -> list[ThreadLine]:
    """Every thread this person takes part in, newest message first; also a wijk without any yet."""
    access.require(actor, "chat.use")
    with reading() as db:
        rows = db.execute(_THREADS, params_of(actor)).all()
        read = {thread.id: seq for thread, seq in rows}
        threads = [thread for thread, _seq in rows]
        silent = [empty(wijk_id) for wijk_id in db.scalars(WIJKEN, params_of(actor)) if wijk_id not in read]
        heading = heads(db, actor, [*threads, *silent])
        last = {line.thread_id: line for line in _lines(db, _newest(threads))}
        waiting = _threads_that_wait(db, actor, read)
        return [
            _thread_line(
                actor,
                thread,
                heading[thread.id],
                last.get(thread.id),
                thread.last_seq - read.get(thread.id, 0),
                thread.id in waiting,
            )
            for thread in [*threads, *sorted(silent, key=lambda one: heading[one.id].title)]
        ]


def _thread_line(
    actor: Account, thread: Thread, head: Any, last: Line | None, unread: int, waits: bool
) -> ThreadLine:
    text = last.text if last and not last.deleted else None
    return ThreadLine(
        head=head,
        excerpt=" ".join(text[: 2 * EXCERPT].split())[:EXCERPT] if text else None,
        by=last.author if last else None,
        mine=last is not None and last.author_id == actor.id,
        last_at=thread.last_at,
        unread=max(unread, 0),
        priority_waits=waits,
    )


def _newest(threads: Sequence[Thread]) -> ColumnElement[bool]:
    # By way of the threads: a few look-ups by key, however long each of them is.
    return and_(
        Thread.id.in_([thread.id for thread in threads if thread.last_seq]),
        Message.thread_id == Thread.id,
        Message.seq == Thread.last_seq,
    )


def _threads_that_wait(db: Session, actor: Account, thread_ids: Any) -> set[UUID]:
    """Where a priority message waits for an answer of the own organisation."""
    return set(
        db.scalars(
            select(Message.thread_id).where(
                Message.id.in_(
                    select(Acknowledgement.message_id).where(
                        Acknowledgement.organisation_id == actor.organisation_id,
                        Acknowledgement.acknowledged_at.is_(None),
                    )
                ),
                Message.thread_id.in_(list(thread_ids)),
            )
        )
    )


def unread_count(actor: Account) -> int:
    """In how many threads something is new for this person; one query, for the tab."""
    if not access.may(actor, "chat.use"):
        return 0
    with reading() as db:
        return rows(db, _UNREAD, params_of(actor)).scalar_one()


# --- one thread


def show(actor: Account, thread_id: UUID, before: int | None = None, limit: int = 50) -> Page:
    """The newest messages, or those before a seq. Raises NotFound to whoever takes no part."""
    as_of = time.now()
    with reading() as db:
        thread = thread_of(db, actor, thread_id)
        seen = Message.thread_id == thread.id
        if before is not None:
            seen = and_(seen, Message.seq < before)
        lines = _lines(db, seen, newest_first=True, limit=max(1, min(limit, MOST_NEWS)))[::-1]
        read_seq = db.scalar(_HOW_FAR, params_of(actor) | {"thread": thread.id})
        return Page(
            head=heads(db, actor, [thread])[thread.id],
            lines=tuple(lines),
            before=lines[0].seq if lines and lines[0].seq > 1 else None,
            last_seq=thread.last_seq,
            read_seq=read_seq or 0,
            read_by=_read_by(db, thread, actor),
            as_of=as_of,
        )


def last_seq(actor: Account, thread_id: UUID) -> int:
    """The number of the newest message. Raises NotFound to whoever takes no part."""
    with reading() as db:
        return thread_of(db, actor, thread_id).last_seq


def not_in(account_id: UUID, thread_ids: Sequence[UUID]) -> set[UUID]:
    """In which of these threads does this person take no part any more?"""
    with reading() as db:
        actor = db.get(Account, account_id)
        if actor is None or not access.may(actor, "chat.use"):
            return set(thread_ids)
        mine = select(Thread.id).where(Thread.id.in_(thread_ids), VISIBLE)
        here = {*db.scalars(mine, params_of(actor)), *db.scalars(WIJKEN, params_of(actor))}
        return set(thread_ids) - here


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
    moment = time.now()
    with reading() as db:
        thread = thread_of(db, actor, thread_id)
        fresh = and_(Message.thread_id == thread.id, Message.seq > seq)
        lines = _lines(db, fresh, limit=MOST_NEWS + 1)
        if shown_from is not None and as_of is not None:
            since_then = or_(Message.edited_at > as_of - SLACK, Message.deleted_at > as_of - SLACK)
            shown = and_(Message.thread_id == thread.id, Message.seq.between(shown_from, seq), since_then)
            lines = _lines(db, shown, limit=MOST_NEWS) + lines
        return News(
            lines=tuple(lines[: 2 * MOST_NEWS]),
            more=bool(lines) and lines[-1].seq < thread.last_seq,
            last_seq=thread.last_seq,
            read_by=_read_by(db, thread, actor),
            as_of=moment,
            closed=thread.closed_at is not None,
        )


def members(actor: Account, thread_id: UUID) -> Members:
    """Who takes part now, and three quick replies."""
    with reading() as db:
        thread = thread_of(db, actor, thread_id)
        people = people_in(db, thread)
    return Members(
        members=tuple(Member(*row) for row in people if row[0] != actor.id),
        quick_replies=tuple(_(text) for text in QUICK_REPLIES[thread.kind]),
    )


def _read_by(db: Session, thread: Thread, actor: Account) -> tuple[ReadBy, ...]:
    rows = db.execute(
        select(ThreadParty, Organisation.name)
        .join(Organisation, Organisation.id == ThreadParty.organisation_id)
        .where(ThreadParty.thread_id == thread.id, ThreadParty.organisation_id != actor.organisation_id)
        .order_by(Organisation.name)
    )
    return tuple(ReadBy(party.organisation_id, name, party.read_seq, party.read_at) for party, name in rows)


# --- messages


def one_line(db: Session, message_id: UUID) -> Line:
    """A message that is there."""
    return _lines(db, Message.id == message_id)[0]


def _lines(
    db: Session, which: ColumnElement[bool], *, newest_first: bool = False, limit: int | None = None
) -> list[Line]:
    order = Message.seq.desc() if newest_first else Message.seq.asc()
    rows = db.execute(
        select(Message, Account.name, Organisation.name)
        .join(Account, Account.id == Message.author_id)
        .join(Organisation, Organisation.id == Message.organisation_id)
        .where(which)
        .order_by(order)
        .limit(limit)
    ).all()
    ids = [message.id for message, _author, _organisation in rows]
    mentions = _mentions(db, ids)
    answers = _acknowledgements(db, [row[0].id for row in rows if row[0].priority])
    return [
        line_of(
            message,
            author,
            organisation,
            mentions=tuple(mentions.get(message.id, ())),
            acknowledgements=tuple(answers.get(message.id, ())),
        )
        for message, author, organisation in rows
    ]


def line_of(
    message: Message,
    author: str,
    organisation: str,
    *,
    mentions: tuple[UUID, ...] = (),
    acknowledgements: tuple[Acknowledged, ...] = (),
) -> Line:
    """A message as others see it."""
    return Line(
        id=message.id,
        thread_id=message.thread_id,
        seq=message.seq,
        author_id=message.author_id,
        author=author,
        organisation_id=message.organisation_id,
        organisation=organisation,
        text=message.text,
        priority=message.priority,
        said_at=message.said_at,
        edited_at=message.edited_at,
        deleted=message.deleted_at is not None,
        mentions=mentions,
        acknowledgements=acknowledgements,
    )


def _mentions(db: Session, message_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    if message_ids:
        for one in db.scalars(select(Mention).where(Mention.message_id.in_(message_ids))):
            found.setdefault(one.message_id, []).append(one.account_id)
    return found


def _acknowledgements(db: Session, message_ids: Sequence[UUID]) -> dict[UUID, list[Acknowledged]]:
    found: dict[UUID, list[Acknowledged]] = {}
    if not message_ids:
        return found
    rows = db.execute(
        select(Acknowledgement, Organisation.name, Account.name)
        .join(Organisation, Organisation.id == Acknowledgement.organisation_id)
        .outerjoin(Account, Account.id == Acknowledgement.acknowledged_by_id)
        .where(Acknowledgement.message_id.in_(message_ids))
        .order_by(Organisation.name)
    )
    for one, organisation, name in rows:
        found.setdefault(one.message_id, []).append(
            Acknowledged(one.organisation_id, organisation, one.acknowledged_at, name)
        )
    return found


# --- searching, and taking along


def search(actor: Account, words: str, *, vouched: bool = False) -> list[Found]:
    """Messages with all these words in the own threads, newest first, at most fifty.

    What is searched for passes the guard like any text, and is written down nowhere.
    Raises ClientDataFound, Invalid.
    """
    access.require(actor, "chat.use")
    wanted = words.split()
    if not wanted or len(words) > LONGEST_SEARCH:
        raise Invalid(fields={"words": _("Zoek op één of meer woorden, samen hooguit 100 tekens.")})
    guard.check(words, vouched=vouched)
    with reading() as db:
        threads = select(Thread.id).where(VISIBLE)
        has_all = [Message.text.icontains(word, autoescape=True) for word in wanted]
        ids = db.scalars(
            select(Message.id)
            .where(Message.thread_id.in_(threads), Message.deleted_at.is_(None), *has_all)
            .order_by(Message.said_at.desc(), Message.id)
            .limit(MOST_FOUND),
            params_of(actor),
        ).all()
        lines = sorted(_lines(db, Message.id.in_(ids)), key=lambda line: line.said_at, reverse=True)
        found = select(Thread).where(Thread.id.in_({line.thread_id for line in lines}))
        heading = heads(db, actor, db.scalars(found))
        return [Found(heading[line.thread_id], line) for line in lines]


def export(actor: Account, thread_id: UUID) -> Transcript:
    """The whole thread as it stands, oldest first; of a very long one the newest part."""
    with reading() as db:
        thread = thread_of(db, actor, thread_id)
        here = Message.thread_id == thread.id
        lines = _lines(db, here, newest_first=True, limit=MOST_EXPORTED)[::-1]
        parties = dict.fromkeys(organisation for _id, _name, _job, organisation in people_in(db, thread))
        parties |= dict.fromkeys(line.organisation for line in lines)
        return Transcript(
            head=heads(db, actor, [thread])[thread.id],
            parties=tuple(sorted(parties)),
            opened_at=thread.opened_at,
            made_at=time.now(),
            lines=tuple(lines),
            left_out=thread.last_seq - len(lines),
        )
