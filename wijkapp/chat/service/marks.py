"""How far people, and so their organisations, have read. Marks never go back."""

from collections.abc import Collection, Sequence
from itertools import groupby
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from wijkapp.chat.models import Reader, Thread, ThreadParty
from wijkapp.chat.service import telling
from wijkapp.chat.service.lines import Mark, Read, ReadBy
from wijkapp.chat.service.membership import thread_of
from wijkapp.kit import outbox, time
from wijkapp.kit.db import insert_new, transaction
from wijkapp.people.models import Account

# Every message, and everybody who reads it, asks these: they are made once.
_LEAVE_ALONE = {"synchronize_session": False}  # nothing that is loaded shows these figures
_MY_MARK = (
    update(Reader)
    .where(
        Reader.thread_id == bindparam("thread"),
        Reader.account_id == bindparam("me"),
        Reader.read_seq < bindparam("seq"),
    )
    .values(read_seq=bindparam("seq"))
    .returning(Reader.told_seq)
    .execution_options(**_LEAVE_ALONE)
)
_OUR_MARK = (
    update(ThreadParty)
    .where(
        ThreadParty.thread_id == bindparam("thread"),
        ThreadParty.organisation_id == bindparam("us"),
        ThreadParty.read_seq < bindparam("seq"),
    )
    .values(read_seq=bindparam("seq"), read_at=bindparam("now"), read_by_id=bindparam("me"))
    .returning(ThreadParty.read_seq)
    .execution_options(**_LEAVE_ALONE)
)
_LAST = select(Thread.last_seq).where(Thread.id == bindparam("thread"))
_READERS = select(Reader.account_id, Reader.read_seq, Reader.told_seq).where(
    Reader.thread_id == bindparam("thread"), Reader.account_id.in_(bindparam("some", expanding=True))
)


def mark_read(actor: Account, thread_id: UUID, seq: int) -> Read:
    """This person, and so their organisation, has read up to here."""
    with transaction(lightly=True) as db:
        thread = thread_of(db, actor, thread_id)
        seq = min(seq, thread.last_seq)
        return Read(thread_id, has_read(db, thread_id, actor, seq) if seq > 0 else None)


def mark_all_read(marks: Collection[Mark]) -> list[Read]:
    """What many people read just now. That they may was looked at when they opened the thread.

    Gives what is new to an organisation. A transaction per thread: who says something need not wait for all.
    """
    read: list[Read] = []
    by_thread = sorted(marks, key=lambda mark: (mark.thread_id, mark.account.id))
    for thread_id, here in groupby(by_thread, key=lambda mark: mark.thread_id):
        with transaction(lightly=True) as db:
            last = db.scalar(_LAST, {"thread": thread_id}) or 0
            if last:
                read += _all_of_one(db, thread_id, list(here), last)
    return read


def _all_of_one(db: Session, thread_id: UUID, marks: Sequence[Mark], last: int) -> list[Read]:
    far = {mark.account.id: min(mark.seq, last) for mark in marks}
    known = {row[0]: row for row in db.execute(_READERS, {"thread": thread_id, "some": list(far)})}
    told = [one for one, read_seq, told_seq in known.values() if read_seq < told_seq and read_seq < far[one]]
    outbox.take_back(db, (telling.SAID, telling.MENTIONED), about=thread_id, to=told)
    for one, row in known.items():
        if row[1] < far[one]:
            db.execute(_MY_MARK, {"thread": thread_id, "me": one, "seq": far[one]})
    new = [one for one in far if one not in known]
    insert_new(
        db,
        Reader,
        [{"thread_id": thread_id, "account_id": one, "read_seq": far[one], "told_seq": 0} for one in new],
    )
    furthest: dict[UUID, Mark] = {}
    for mark in sorted(marks, key=lambda mark: mark.seq):
        furthest[mark.account.organisation_id] = mark
    found = (_our_mark(db, thread_id, one.account, min(one.seq, last)) for one in furthest.values())
    return [Read(thread_id, one) for one in found if one is not None]


def has_read(db: Session, thread_id: UUID, actor: Account, seq: int) -> ReadBy | None:
    """Moves the marks of one person on. None when the organisation knew already."""
    told_seq = db.scalar(_MY_MARK, {"thread": thread_id, "me": actor.id, "seq": seq})
    if told_seq is None:
        new = {"thread_id": thread_id, "account_id": actor.id, "read_seq": seq, "told_seq": 0}
        insert_new(db, Reader, [new])
    elif told_seq:
        outbox.take_back(db, (telling.SAID, telling.MENTIONED), about=thread_id, to=[actor.id])
    return _our_mark(db, thread_id, actor, seq)


def _our_mark(db: Session, thread_id: UUID, actor: Account, seq: int) -> ReadBy | None:
    moment = time.now()
    own = {"thread": thread_id, "us": actor.organisation_id, "me": actor.id, "seq": seq, "now": moment}
    if db.scalar(_OUR_MARK, own) is None and not _first_mark(db, thread_id, actor, seq):
        return None
    return ReadBy(actor.organisation_id, actor.organisation.name, seq, moment)


def _first_mark(db: Session, thread_id: UUID, actor: Account, seq: int) -> bool:
    """False when the organisation had one, that is further."""
    keys = {"thread_id": thread_id, "organisation_id": actor.organisation_id}
    if db.get(ThreadParty, keys) is not None:
        return False
    insert_new(db, ThreadParty, [keys | {"read_seq": seq, "read_at": time.now(), "read_by_id": actor.id}])
    return True
