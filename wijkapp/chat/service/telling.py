"""Whose phone rings for a message: once until its owner has read; at every mention and priority message."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.chat.models import Acknowledgement, Reader, Thread, ThreadParty
from wijkapp.chat.rules import ASK_AGAIN, GRACE, quiet_until
from wijkapp.chat.service.membership import Inbox, inbox, organisations_in
from wijkapp.kit import outbox, time
from wijkapp.kit.db import insert_new
from wijkapp.people.models import Account

SAID, MENTIONED, PRIORITY = "chat.said", "chat.mentioned", "chat.priority"


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
    db: Session, thread: Thread, seq: int, author: Account, *, mentions: Collection[UUID], priority: bool
) -> Rung:
    """Tell who must hear of message `seq`. Never its author."""
    heard = inbox(db, thread)
    others = set().union(*heard.values()) - {author.id}
    urgent = others - heard.get(author.organisation_id, set()) if priority else set()
    mentioned = set(mentions) - urgent - {author.id}
    fresh = _not_told_since_they_read(db, thread, seq, others | mentioned)
    rung = Rung(urgent, mentioned, fresh - urgent - mentioned)
    patient = rung.mentioned | rung.others
    wait = _when_they_may_be_disturbed(db, patient)
    outbox.record(db, PRIORITY, about=thread.id, to=rung.priority)
    outbox.record(db, MENTIONED, about=thread.id, to=rung.mentioned, wait=wait)
    outbox.record(db, SAID, about=thread.id, to=rung.others, wait=wait)
    return rung


def _not_told_since_they_read(db: Session, thread: Thread, seq: int, accounts: set[UUID]) -> set[UUID]:
    """Claims it: of two messages at once, one rings."""
    known = set(db.scalars(select(Reader.account_id).where(Reader.thread_id == thread.id)))
    add_readers(db, thread.id, accounts - known)
    return set(
        db.scalars(
            update(Reader)
            .where(
                Reader.thread_id == thread.id,
                Reader.account_id.in_(accounts),
                Reader.told_seq <= Reader.read_seq,
            )
            .values(told_seq=seq)
            .returning(Reader.account_id)
        )
    )


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


def _when_they_may_be_disturbed(db: Session, accounts: Collection[UUID]) -> dict[UUID, datetime]:
    """Not in their quiet hours; and not while they are just reading it."""
    if not accounts:
        return {}
    moment = time.now()
    hours = db.execute(
        select(Account.id, Account.quiet_from, Account.quiet_until).where(Account.id.in_(accounts))
    )
    return {one: quiet_until(time.local(moment), start, end) or moment + GRACE for one, start, end in hours}


def ask_every_party(db: Session, thread: Thread, message_id: UUID, author: Account) -> None:
    """A priority message: every other organisation owes an answer."""
    asked = set(db.scalars(organisations_in(thread))) - {author.organisation_id}
    db.add_all(
        Acknowledgement(message_id=message_id, organisation_id=one, ask_at=time.now() + ASK_AGAIN)
        for one in asked
    )


def ring_again(db: Session, thread: Thread, organisation_id: UUID) -> None:
    """Nobody of this organisation has acknowledged yet."""
    heard: Inbox = inbox(db, thread)
    outbox.record(db, PRIORITY, about=thread.id, to=heard.get(organisation_id, ()))
