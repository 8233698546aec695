"""Whose phone rings for a message: once until its owner has read; at every mention and priority message."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from wijkapp.chat.models import Acknowledgement, Reader, Thread, ThreadParty
from wijkapp.chat.rules import ASK_AGAIN, GRACE
from wijkapp.chat.service.membership import Hearer, inbox, organisations_in
from wijkapp.kit import outbox, time
from wijkapp.kit.db import insert_new
from wijkapp.people.models import Account

SAID, MENTIONED, PRIORITY = "chat.said", "chat.mentioned", "chat.priority"

_CLAIM_RING = (
    update(Reader)
    .where(
        Reader.thread_id == bindparam("thread"),
        Reader.account_id.in_(bindparam("some", expanding=True)),
        Reader.told_seq <= Reader.read_seq,
    )
    .values(told_seq=bindparam("seq"))
    .returning(Reader.account_id)
    .execution_options(synchronize_session=False)
)


@dataclass(frozen=True)
class Rung:
    """Who is told of one message."""

    priority: set[UUID]
    mentioned: set[UUID]
    others: set[UUID]

    @property
    def all(self) -> tuple[UUID, ...]:
        return tuple(self.priority | self.mentioned | self.others)


def ring(
    db: Session, thread: Thread, seq: int, author: Account, *, mentions: Collection[Hearer], priority: bool
) -> Rung:
    """Tell who must hear of message `seq`. Never its author."""
    heard = {one.account_id: one for one in (*inbox(db, thread), *mentions) if one.account_id != author.id}
    urgent = {
        account
        for account, one in heard.items()
        if priority and one.organisation_id != author.organisation_id
    }
    mentioned = {one.account_id for one in mentions} - urgent - {author.id}
    fresh = _not_told_since_they_read(db, thread, seq, heard.values())
    rung = Rung(urgent, mentioned, fresh - urgent - mentioned)
    wait = _when_they_may_be_disturbed(heard[one] for one in rung.mentioned | rung.others)
    outbox.record(db, PRIORITY, about=thread.id, to=rung.priority)
    outbox.record(db, MENTIONED, about=thread.id, to=rung.mentioned, wait=wait)
    outbox.record(db, SAID, about=thread.id, to=rung.others, wait=wait)
    return rung


def _not_told_since_they_read(db: Session, thread: Thread, seq: int, heard: Iterable[Hearer]) -> set[UUID]:
    """Claims it: of two messages at once, one rings."""
    silent = [one for one in heard if one.told_seq is None or one.told_seq <= (one.read_seq or 0)]
    if not silent:
        return set()
    add_readers(db, thread.id, [one.account_id for one in silent if one.told_seq is None])
    some = [one.account_id for one in silent]
    return set(db.scalars(_CLAIM_RING, {"thread": thread.id, "some": some, "seq": seq}))


def add_readers(db: Session, thread_id: UUID, accounts: Collection[UUID]) -> None:
    """From now on it is known how far these have read. They begin where their organisation is."""
    if not accounts:
        return
    read = dict(
        db.execute(
            select(Account.id, ThreadParty.read_seq)
            .join(ThreadParty, ThreadParty.organisation_id == Account.organisation_id)
            .where(Account.id.in_(accounts), ThreadParty.thread_id == thread_id)
        ).all()
    )
    insert_new(
        db,
        Reader,
        [
            {"thread_id": thread_id, "account_id": one, "read_seq": read.get(one, 0), "told_seq": 0}
            for one in accounts
        ],
    )


def _when_they_may_be_disturbed(heard: Iterable[Hearer]) -> dict[UUID, datetime]:
    """Not in their quiet hours; and not while they are just reading it."""
    moment = time.now()
    return {
        one.account_id: time.quiet_until(time.local(moment), one.quiet_from, one.quiet_until)
        or moment + GRACE
        for one in heard
    }


def ask_every_party(db: Session, thread: Thread, message_id: UUID, author: Account) -> None:
    """A priority message: every other organisation owes an answer."""
    asked = set(organisations_in(db, thread)) - {author.organisation_id}
    db.add_all(
        Acknowledgement(message_id=message_id, organisation_id=one, ask_at=time.now() + ASK_AGAIN)
        for one in asked
    )


def ring_again(db: Session, thread: Thread, organisation_id: UUID) -> None:
    """Nobody of this organisation has acknowledged yet."""
    heard = {one.account_id for one in inbox(db, thread) if one.organisation_id == organisation_id}
    outbox.record(db, PRIORITY, about=thread.id, to=heard)
