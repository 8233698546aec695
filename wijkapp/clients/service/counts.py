"""How often the guard spoke up, and how often people said that it was wrong. Kinds and numbers, never text.

What is noticed waits in memory until the door is done: a refusal undoes its transaction, and must not undo
the count. A process that is killed loses a few numbers; nothing hangs on them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from threading import Lock

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from wijkapp.clients.models import GuardCount
from wijkapp.kit import time
from wijkapp.kit.db import insert_new, reading, transaction


class Outcome(StrEnum):
    """What came of it when the guard found something."""

    BLOCKED = "blocked"  # certain: it could not be sent like that
    ASKED = "asked"  # likely: the writer was asked
    VOUCHED = "vouched"  # the writer said that it is no client
    WRONG = "wrong"  # it was blocked, and the writer says that it is no client


@dataclass(frozen=True)
class Figure:
    """One kind over some days. The sum of `vouched` and `wrong` is what people called a false alarm."""

    kind: str
    blocked: int = 0
    asked: int = 0
    vouched: int = 0
    wrong: int = 0


_waiting: Counter[tuple[str, str]] = Counter()
_lock = Lock()


def noticed(outcome: Outcome, kinds: Iterable[str]) -> None:
    """Remember it until `write_down`."""
    with _lock:
        _waiting.update((str(kind), outcome.value) for kind in kinds)


def waiting() -> bool:
    """Is there anything to write down?"""
    return bool(_waiting)


def write_down() -> None:
    """Store what was noticed. Doors call it when they are done, outside any transaction."""
    with _lock:
        taken = dict(_waiting)
        _waiting.clear()
    if taken:
        with transaction() as db:
            for (kind, outcome), number in sorted(taken.items()):
                _add(db, time.today(), kind, outcome, number)


def _add(db: Session, day: date, kind: str, outcome: str, number: int) -> None:
    insert_new(db, GuardCount, [{"day": day, "kind": kind, "outcome": outcome}])
    db.execute(
        update(GuardCount)
        .where(GuardCount.day == day, GuardCount.kind == kind, GuardCount.outcome == outcome)
        .values(number=GuardCount.number + number)
    )


def figures(days: int = 30) -> list[Figure]:
    """Per kind over so many days up to today, the kind that was found most first."""
    total = func.sum(GuardCount.number)
    with reading() as db:
        rows = db.execute(
            select(GuardCount.kind, GuardCount.outcome, total)
            .where(GuardCount.day > time.today() - timedelta(days=days))
            .group_by(GuardCount.kind, GuardCount.outcome)
        ).all()
    found: dict[str, dict[str, int]] = {}
    for kind, outcome, number in rows:
        found.setdefault(kind, {})[outcome] = number
    made = [Figure(kind, **numbers) for kind, numbers in found.items()]
    return sorted(made, key=lambda one: (-one.blocked - one.asked, one.kind))
