"""What the app has to tell people: one row per recipient, stored with the fact itself, delivered afterwards.

Ids only: no name and no care detail can leak by a push, a mail or a log. Delivery is at least once; whoever
receives tolerates a repeat.
"""

import threading
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from wijkapp.kit import time
from wijkapp.kit.db import Base, WithId, after_commit, new_id, transaction

LEASE = timedelta(seconds=30)
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=30)

bell = threading.Event()
"""Rung after each commit that has news; the dispatcher of this process waits for it."""


class Event(WithId, Base):
    """Something one person must hear. Not what it says: `notify.wording` knows the sentence by its name."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_to_tell", "try_at", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
        Index("ix_event_about", "about_id"),
    )

    name: Mapped[str] = mapped_column(String(64))  # room.what_happened
    about_id: Mapped[UUID]
    to_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    happened_at: Mapped[datetime]
    try_at: Mapped[datetime]  # not before this moment; while leased: when the lease ends
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[UUID | None]  # which claim holds it
    done_at: Mapped[datetime | None]


def record(db: Session, name: str, *, about: UUID, to: Iterable[UUID]) -> None:
    """Tell these accounts, once the caller's transaction has been stored."""
    moment = time.now()
    rows = [
        {"id": new_id(), "name": name, "about_id": about, "to_id": account, "happened_at": moment, "try_at": moment}
        for account in dict.fromkeys(to)
    ]
    if rows:
        db.execute(insert(Event), rows)
        after_commit(db, bell.set)


def claim(most: int = 200) -> Sequence[Event]:
    """Take events that are due, for LEASE. Two dispatchers never hold the same one; a dead one's come back."""
    moment, lease = time.now(), new_id()
    due = (
        select(Event.id)
        .where(Event.done_at.is_(None), Event.try_at <= moment)
        .order_by(Event.try_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    with transaction() as db:
        claimed = db.scalars(
            update(Event)
            .where(Event.id.in_(due.scalar_subquery()), Event.done_at.is_(None), Event.try_at <= moment)
            .values(lease=lease, try_at=moment + LEASE, attempts=Event.attempts + 1)
            .returning(Event)
        )
        return sorted(claimed, key=lambda one: one.id)


def finish(db: Session, events: Iterable[Event]) -> None:
    """These people know. An event whose lease was lost meanwhile is told again: at least once."""
    for lease, ids in _by_lease(events).items():
        db.execute(
            update(Event).where(Event.id.in_(ids), Event.lease == lease).values(done_at=time.now(), lease=None)
        )


def retry(db: Session, event: Event) -> None:
    """It did not reach this person now: again later, each time after a longer wait."""
    wait = min(FIRST_RETRY * 2 ** min(event.attempts - 1, 20), LONGEST_RETRY)
    db.execute(
        update(Event)
        .where(Event.id == event.id, Event.lease == event.lease)
        .values(try_at=time.now() + wait, lease=None)
    )


def _by_lease(events: Iterable[Event]) -> dict[UUID | None, list[UUID]]:
    leases: dict[UUID | None, list[UUID]] = {}
    for event in events:
        leases.setdefault(event.lease, []).append(event.id)
    return leases


def next_due(db: Session) -> datetime | None:
    """When the next event may be tried, in UTC; None when everybody has been told."""
    return db.scalar(select(Event.try_at).where(Event.done_at.is_(None)).order_by(Event.try_at).limit(1))
