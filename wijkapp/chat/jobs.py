"""What the clock does here: ring again for a priority message, and let threads go when their time is up."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import delete, select, update

from wijkapp.chat.models import Acknowledgement, Message, Thread
from wijkapp.chat.rules import ASK_AGAIN
from wijkapp.chat.service.membership import inbox
from wijkapp.chat.service.telling import ring_again
from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, reading, transaction

log = structlog.get_logger()

MOST = 100  # per tick; the rest is still due at the next one


def ask_again() -> int:
    """Ring again for every priority message that nobody there has acknowledged. Returns how many."""
    moment = time.now()
    with reading() as db:
        due = db.execute(
            select(Acknowledgement.message_id, Acknowledgement.organisation_id)
            .where(Acknowledgement.ask_at <= moment, Acknowledgement.acknowledged_at.is_(None))
            .order_by(Acknowledgement.ask_at)
            .limit(MOST)
        ).all()
    for message_id, organisation_id in due:
        try:
            _ask_again(message_id, organisation_id, moment)
        except Exception:
            # The others must not wait for one that fails; it is still due at the next tick.
            log.exception("could not ring again", message=str(message_id))
    return len(due)


def _ask_again(message_id: UUID, organisation_id: UUID, moment: datetime) -> None:
    with transaction() as db:
        claimed = changed(
            db,
            update(Acknowledgement)
            .where(
                Acknowledgement.message_id == message_id,
                Acknowledgement.organisation_id == organisation_id,
                Acknowledgement.ask_at <= moment,
                Acknowledgement.acknowledged_at.is_(None),
            )
            .values(ask_at=moment + ASK_AGAIN, asked=Acknowledgement.asked + 1),
        )
        if claimed != 1:  # another clock was first, or the answer came
            return
        thread = db.scalars(select(Thread).join(Message).where(Message.id == message_id)).one()
        if thread.closed_at is None:
            ring_again(db, thread, organisation_id)
        else:  # what it was about is over: nobody need answer any more
            db.execute(
                delete(Acknowledgement).where(
                    Acknowledgement.message_id == message_id,
                    Acknowledgement.organisation_id == organisation_id,
                )
            )


def wipe_due() -> int:
    """Let go of every thread whose time is up: messages, marks, everything. Returns how many."""
    moment = time.now()
    with reading() as db:
        due = db.scalars(select(Thread.id).where(Thread.wipe_at <= moment).limit(MOST)).all()
    for thread_id in due:
        try:
            _wipe(thread_id, moment)
        except Exception:
            log.exception("a thread could not be wiped", thread=str(thread_id))
    return len(due)


def _wipe(thread_id: UUID, moment: datetime) -> None:
    """Whoever took part hears it: an open page and a phone drop what they still show."""
    with transaction() as db:
        thread = db.scalar(
            select(Thread).where(Thread.id == thread_id, Thread.wipe_at <= moment).with_for_update()
        )
        if thread is None:  # another clock was first, or it was opened again
            return
        heard = {one.account_id for one in inbox(db, thread)}
        db.execute(delete(Thread).where(Thread.id == thread_id))  # the rest goes with it
        outbox.record(db, "chat.wiped", about=thread_id, to=heard)
