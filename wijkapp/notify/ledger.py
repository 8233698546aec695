"""What was delivered, written down in batches: one transaction for many people."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import sleep
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wijkapp.kit import letters, outbox, time
from wijkapp.kit.db import new_id, transaction
from wijkapp.kit.letters import Letter
from wijkapp.kit.outbox import Event, Queued
from wijkapp.notify.models import Channel, Delivery, PostedMail, PushSubscription
from wijkapp.notify.push import Outcome

log = structlog.get_logger()

GATHER = 0.03  # seconds to wait for more to write down in the same transaction

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass
class Entry:
    """How telling one person one thing went.

    row       what was claimed
    reached   (channel, target, outcome) to keep, so that a retry skips it
    again     it did not reach everything now: try again, `wait` at the least
    lost      the lease ran out before all was tried; the row comes back by itself
    """

    row: Queued
    reached: list[tuple[Channel, str, Outcome | str]] = field(default_factory=list)
    posted: PostedMail | None = None
    again: bool = False
    wait: timedelta | None = None
    lost: bool = False


class Ledger:
    """Takes entries from many threads; one of them writes."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._lock = threading.Lock()
        self._news = threading.Event()

    def add(self, *entries: Entry) -> None:
        """Write these down soon."""
        with self._lock:
            self._entries += entries
        self._news.set()

    def keep(self, stopped: Callable[[], bool]) -> None:
        """Write what comes in until stopped, then what is left."""
        while not stopped():
            if self._news.wait(timeout=0.5):
                sleep(GATHER)
            self.write()
        self.write()

    def write(self) -> None:
        """Write what is there. What cannot be written now is kept; leases make up for what never is."""
        self._news.clear()
        with self._lock:
            entries, self._entries = self._entries, []
        if not entries:
            return
        try:
            _store(entries)
        except IntegrityError:
            self._one_by_one(entries)
        except Exception:
            log.exception("cannot write down deliveries now", count=len(entries))
            with self._lock:
                self._entries = entries + self._entries

    def _one_by_one(self, entries: Sequence[Entry]) -> None:
        """An account or a device was deleted meanwhile: the others' deliveries are written all the same."""
        for entry in entries:
            try:
                _store([entry])
            except IntegrityError:
                log.warning("delivery to somebody who is gone", row=str(entry.row.id))


def _store(entries: Sequence[Entry]) -> None:
    with transaction(lightly=True) as db:  # lost in a power cut: told again
        _insert_deliveries(db, entries)
        db.add_all([entry.posted for entry in entries if entry.posted])
        done = [entry.row for entry in entries if not entry.again and not entry.lost]
        outbox.finish(db, [row for row in done if isinstance(row, Event)])
        for row in done:
            if isinstance(row, Letter):
                letters.sent(db, row)
        for entry in entries:
            if entry.again:
                outbox.retry(db, entry.row, entry.wait)


def _insert_deliveries(db: Session, entries: Sequence[Entry]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "event_id": entry.row.id,
            "channel": channel,
            "target": target,
            "outcome": str(outcome),
        }
        for entry in entries
        if isinstance(entry.row, Event)
        for channel, target, outcome in entry.reached
    ]
    if rows:
        insert = _INSERT[db.get_bind().dialect.name]
        db.execute(
            insert(Delivery).on_conflict_do_nothing(), [row | {"delivered_at": time.now()} for row in rows]
        )
    pushed = [row for row in rows if row["channel"] is Channel.PUSH]
    _mark(db, {UUID(row["target"]) for row in pushed if row["outcome"] == Outcome.DELIVERED}, "delivered_at")
    _mark(db, {UUID(row["target"]) for row in pushed if row["outcome"] == Outcome.RETIRED}, "retired_at")


def _mark(db: Session, subscription_ids: set[UUID], column: str) -> None:
    if subscription_ids:
        db.execute(
            update(PushSubscription)
            .where(PushSubscription.id.in_(subscription_ids))
            .values({column: time.now()})
        )
