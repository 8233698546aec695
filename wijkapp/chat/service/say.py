"""Saying, changing, taking back, reading and acknowledging. Each is one transaction.

Doors use `wijkapp.chat.sockets` (`say_and_tell` and so on), which calls these and then tells open pages.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy import delete as remove
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wijkapp.chat.models import Acknowledgement, Mention, Message, Thread
from wijkapp.chat.rules import EDITABLE, LONGEST, MOST_MENTIONS
from wijkapp.chat.service import telling
from wijkapp.chat.service.lines import Acknowledged, Said, Yes
from wijkapp.chat.service.look import line_of, one_line
from wijkapp.chat.service.marks import has_read
from wijkapp.chat.service.membership import Hearer, members_among, stored, thread_of
from wijkapp.clients import guard
from wijkapp.kit import time
from wijkapp.kit.db import changed, reading, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account

# Every message asks these, so they are made once.
_LEAVE_ALONE = {"synchronize_session": False}  # nothing that is loaded shows these figures
_NEXT_SEQ = (
    update(Thread)
    .where(Thread.id == bindparam("thread"), Thread.closed_at.is_(None))
    .values(last_seq=Thread.last_seq + 1, last_at=bindparam("now"))
    .returning(Thread.last_seq)
    .execution_options(**_LEAVE_ALONE)
)


class ThreadClosed(Refused):
    """What it was about is over."""

    sentence = _("Dit gesprek is gesloten. Je kunt het nog lezen.")


class TooLate(Refused):
    """Others may have acted on it."""

    sentence = _("Een bericht kun je tot 5 minuten later aanpassen. Stuur een nieuw bericht.")


class IdTaken(Refused):
    """Another message has this id; a device makes its ids at random, so this is no accident."""

    sentence = _("Dit bericht kon niet worden bewaard. Stuur het nog eens.")


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

    Raises NotFound, ThreadClosed, Invalid (field `text` or `mentions`), ClientDataFound.
    """
    text = _sayable(text, vouched)
    try:
        with transaction() as db:
            thread = thread_of(db, actor, thread_id)
            known = db.get(Message, message_id)
            if known is not None:
                return _repeat(db, actor, known, thread_id)
            return _say(db, actor, thread, message_id, text, priority, set(mentions))
    except IntegrityError:  # it came twice at the same moment, and the other was first
        with transaction() as db:
            known = db.get(Message, message_id)
            if known is None:
                raise
            return _repeat(db, actor, known, thread_id)


def said_before(actor: Account, thread_id: UUID, message_id: UUID) -> Said:
    """A message that this person is known to have said, as it is now. Raises NotFound, IdTaken."""
    with reading() as db:
        thread_of(db, actor, thread_id)
        known = db.get(Message, message_id)
        if known is None:
            raise NotFound
        return _repeat(db, actor, known, thread_id)


def _sayable(text: str, vouched: bool) -> str:
    text = text.strip()
    if not text:
        raise Invalid(fields={"text": gettext("Schrijf eerst iets.")})
    if len(text) > LONGEST:
        raise Invalid(
            fields={"text": gettext("Dit is te lang. Een bericht heeft hooguit %(n)s tekens.", n=LONGEST)}
        )
    guard.check(text, vouched=vouched)
    return text


def _repeat(db: Session, actor: Account, known: Message, thread_id: UUID) -> Said:
    if (known.author_id, known.thread_id) != (actor.id, thread_id):
        raise IdTaken
    return Said(one_line(db, known.id), again=True)


def _say(
    db: Session,
    actor: Account,
    thread: Thread,
    message_id: UUID,
    text: str,
    priority: bool,
    mentions: set[UUID],
) -> Said:
    mentions -= {actor.id}
    mentioned = _mentioned(db, thread, mentions)
    stored(db, thread)
    message = Message(
        id=message_id,
        thread_id=thread.id,
        seq=_next_seq(db, thread.id),
        author_id=actor.id,
        organisation_id=actor.organisation_id,
        text=text,
        priority=priority,
        said_at=time.now(),
        edited_at=None,
        deleted_at=None,
    )
    db.add(message)
    db.flush()
    db.add_all(Mention(message_id=message_id, account_id=one) for one in mentions)
    if priority:
        telling.ask_every_party(db, thread, message_id, actor)
    has_read(db, thread.id, actor, message.seq)  # whoever answers has read
    rung = telling.ring(db, thread, message.seq, actor, mentions=mentioned, priority=priority)
    if priority:
        db.flush()
        return Said(one_line(db, message_id), rung.all)
    names = actor.name, actor.organisation.name
    return Said(line_of(message, *names, mentions=tuple(mentions)), rung.all)


def _next_seq(db: Session, thread_id: UUID) -> int:
    """Holds the thread: messages are stored in the order of their numbers, without a gap."""
    seq = db.scalar(_NEXT_SEQ, {"thread": thread_id, "now": time.now()})
    if seq is None:
        raise ThreadClosed
    return seq


def _mentioned(db: Session, thread: Thread, mentions: set[UUID]) -> list[Hearer]:
    if not mentions:
        return []
    wrong = Invalid(fields={"mentions": gettext("Noem alleen mensen die aan dit gesprek meedoen.")})
    if len(mentions) > MOST_MENTIONS:
        raise wrong
    here = members_among(db, thread, mentions)
    if {one.account_id for one in here} != mentions:
        raise wrong
    return here


# --- changing and taking back


def edit(actor: Account, message_id: UUID, text: str, *, vouched: bool = False) -> Said:
    """Change one's own message, within five minutes. Raises TooLate, ThreadClosed and what `say` raises."""
    text = _sayable(text, vouched)
    moment = time.now()
    with transaction() as db:
        message = _own(db, actor, message_id)
        if thread_of(db, actor, message.thread_id).closed_at is not None:
            raise ThreadClosed
        edited = changed(
            db,
            update(Message)
            .where(
                Message.id == message_id, Message.deleted_at.is_(None), Message.said_at >= moment - EDITABLE
            )
            .values(text=text, edited_at=moment),
        )
        if edited != 1:
            raise TooLate
        db.expire(message)
        return Said(one_line(db, message_id))


def delete(actor: Account, message_id: UUID) -> Said:
    """Take back one's own message: the words go, that there was one stays. Twice is fine."""
    with transaction() as db:
        message = _own(db, actor, message_id)
        db.execute(
            update(Message)
            .where(Message.id == message_id, Message.deleted_at.is_(None))
            .values(text="", deleted_at=time.now(), edited_at=None)
        )
        for what in (Mention, Acknowledgement):  # nobody need answer any more
            db.execute(remove(what).where(what.message_id == message_id))
        db.expire(message)
        return Said(one_line(db, message_id))


def _own(db: Session, actor: Account, message_id: UUID) -> Message:
    """A message the actor wrote, in a thread the actor still takes part in. Raises NotFound."""
    message = db.scalar(select(Message).where(Message.id == message_id, Message.author_id == actor.id))
    if message is None:
        access.require(actor, "chat.use")
        raise NotFound
    thread_of(db, actor, message.thread_id)
    return message


# --- saying yes


def acknowledge(actor: Account, message_id: UUID) -> Yes:
    """Say yes to a priority message for the own organisation. Twice is fine; the first one counts."""
    moment = time.now()
    with transaction() as db:
        asked = (
            Acknowledgement.message_id == message_id,
            Acknowledgement.organisation_id == actor.organisation_id,
        )
        thread_id = db.scalar(
            select(Message.thread_id)
            .join(Acknowledgement, Acknowledgement.message_id == Message.id)
            .where(*asked)
        )
        if thread_id is None:
            access.require(actor, "chat.use")
            raise NotFound
        thread_of(db, actor, thread_id)
        db.execute(
            update(Acknowledgement)
            .where(*asked, Acknowledgement.acknowledged_at.is_(None))
            .values(acknowledged_at=moment, acknowledged_by_id=actor.id)
        )
        answers = one_line(db, message_id).acknowledgements
    return Yes(thread_id, message_id, _of(answers, actor.organisation_id))


def _of(answers: Collection[Acknowledged], organisation_id: UUID) -> Acknowledged:
    return next(one for one in answers if one.organisation_id == organisation_id)
