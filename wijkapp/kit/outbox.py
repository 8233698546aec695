"""What the app has to tell people: one row per recipient, stored with the fact itself, delivered afterwards.

Ids only: no name and no care detail can leak by a push, a mail or a log. Delivery is at least once; whoever
receives tolerates a repeat. `kit.letters` queues by the same means mail to people who have no account yet.
"""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Uuid, bindparam, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from wijkapp.kit import time
from wijkapp.kit.db import Base, WithId, after_commit, new_id, transaction

LEASE = timedelta(seconds=30)
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=30)

bell = threading.Event()
"""Rung after each commit that has news; the dispatcher of this process waits for it."""


class Queued(WithId):
    """What a row needs to be claimed, tried, and tried again."""

    try_at: Mapped[datetime]  # not before this moment; while leased: when the lease ends
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[UUID | None]  # which claim holds it
    done_at: Mapped[datetime | None]


Row = TypeVar("Row", bound=Queued)


def to_do(name: str) -> Index:
    """The index of what still waits. In: its name."""
    waits = text("done_at IS NULL")
    return Index(name, "try_at", sqlite_where=waits, postgresql_where=waits)


class Event(Queued, Base):
    """Something one person must hear. Not what it says: `notify.wording` knows the sentence by its name."""

    __tablename__ = "event"
    __table_args__ = (to_do("ix_event_to_tell"), Index("ix_event_about", "about_id"))

    name: Mapped[str] = mapped_column(String(64))  # room.what_happened
    about_id: Mapped[UUID]
    to_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    happened_at: Mapped[datetime]


def record(
    db: Session, name: str, *, about: UUID, to: Iterable[UUID], wait: Mapping[UUID, datetime] | None = None
) -> None:
    """Tell these accounts, once the caller's transaction has been stored.

    wait  until when (UTC) who of them is left alone first, as in quiet hours
    """
    moment = time.now()
    rows = [
        {
            "id": new_id(),
            "name": name,
            "about_id": about,
            "to_id": account,
            "happened_at": moment,
            "try_at": (wait or {}).get(account, moment),
        }
        for account in dict.fromkeys(to)
    ]
    if rows:
        db.execute(insert(Event), rows)
    if any(row["try_at"] == moment for row in rows):  # who waits is found when the wait is over
        after_commit(db, bell.set)


def claim(most: int = 200, kind: type[Row] = Event) -> Sequence[Row]:  # type: ignore[assignment]
    """Take rows that are due, for LEASE. Two dispatchers never hold the same one; a dead one's come back."""
    moment, lease = time.now(), new_id()
    due = (
        select(kind.id)
        .where(kind.done_at.is_(None), kind.try_at <= moment)
        .order_by(kind.try_at)
        .limit(most)
        .with_for_update(skip_locked=True)
        # A CTE is looked up once; as a plain subquery PostgreSQL may run it again for each row, past `most`.
        .cte("due")
    )
    with transaction(lightly=True) as db:
        claimed = db.scalars(
            update(kind)
            .where(kind.id.in_(select(due.c.id)), kind.done_at.is_(None), kind.try_at <= moment)
            .values(lease=lease, try_at=moment + LEASE, attempts=kind.attempts + 1)
            .returning(kind)
        )
        return sorted(claimed, key=lambda one: one.id)


def finish(db: Session, rows: Iterable[Queued], **also: Any) -> None:
    """These have arrived. A row whose lease was lost meanwhile is told again: at least once.

    also  further columns to set, as in `sealed=b""`
    """
    for (kind, lease), ids in _by_lease(rows).items():
        db.execute(
            update(kind)
            .where(kind.id.in_(ids), kind.lease == lease)
            .values(done_at=time.now(), lease=None, **also)
        )


def retry(db: Session, row: Queued, at_least: timedelta | None = None) -> None:
    """It did not reach this person now: again later, each time after a longer wait.

    at_least  how long the other side asked to be left alone
    """
    kind = type(row)
    wait = max(min(FIRST_RETRY * 2 ** min(row.attempts - 1, 20), LONGEST_RETRY), at_least or timedelta(0))
    db.execute(
        update(kind)
        .where(kind.id == row.id, kind.lease == row.lease)
        .values(try_at=time.now() + wait, lease=None)
    )


def _by_lease(rows: Iterable[Queued]) -> dict[tuple[type[Queued], UUID | None], list[UUID]]:
    leases: dict[tuple[type[Queued], UUID | None], list[UUID]] = {}
    for row in rows:
        leases.setdefault((type(row), row.lease), []).append(row.id)
    return leases


def take_back(db: Session, names: Iterable[str], *, about: UUID, to: Collection[UUID]) -> None:
    """These people know already: what still waits to be told need not be. What is under way goes on."""
    if to:
        db.execute(_TAKE_BACK, {"to": list(to), "about": about, "names": list(names), "now": time.now()})


_TAKE_BACK = (
    update(Event)
    .where(
        Event.to_id.in_(bindparam("to", type_=Uuid(), expanding=True)),  # its table is not known here yet
        Event.about_id == bindparam("about"),
        Event.name.in_(bindparam("names", expanding=True)),
        Event.done_at.is_(None),
        Event.lease.is_(None),
    )
    .values(done_at=bindparam("now"))
    .execution_options(synchronize_session=False)
)


def next_due(db: Session, kind: type[Queued] = Event) -> datetime | None:
    """When the next row may be tried, in UTC; None when everything has arrived."""
    return db.scalar(select(kind.try_at).where(kind.done_at.is_(None)).order_by(kind.try_at).limit(1))
