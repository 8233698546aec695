"""What an import found and did, and the one way in which it is stored: all of it or nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from wijkapp.directory.imports.values import BadValue
from wijkapp.kit.db import transaction

MOST_BAD = 50
"""So many bad rows are kept to show; the rest is counted."""


@dataclass(frozen=True)
class BadRow:
    where: str  # "regel 12" or "wijken-2.json, nummer 7"
    why: str


@dataclass
class Outcome:
    """Counts for the person who imports."""

    format: str = ""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    outside: int = 0  # right, but about places this installation does not have
    bad: list[BadRow] = field(default_factory=list)
    bad_count: int = 0
    notes: list[str] = field(default_factory=list)
    stored: bool = False

    def is_bad(self, where: str, why: str) -> None:
        self.bad_count += 1
        if len(self.bad) < MOST_BAD:
            self.bad.append(BadRow(where, why))

    @contextmanager
    def row(self, where: str) -> Iterator[None]:
        """What happens inside is about this row; when it turns out bad, the row is listed and passed over."""
        try:
            yield
        except BadValue as wrong:
            self.is_bad(where, str(wrong))

    def count(self, *, new: bool, changed: bool) -> None:
        if new:
            self.new += 1
        elif changed:
            self.changed += 1
        else:
            self.unchanged += 1


class _Undo(Exception):
    """Leave the transaction without storing."""


def store(
    outcome: Outcome, apply: Callable[[Session, Outcome], None], *, dry_run: bool, skip_bad: bool
) -> Outcome:
    """Apply what was read in one transaction; undo it when it was a dry run, or when a row was bad."""
    try:
        with transaction() as db:
            apply(db, outcome)
            db.flush()
            outcome.stored = not dry_run and (skip_bad or not outcome.bad_count)
            if not outcome.stored:
                raise _Undo
    except _Undo:
        pass
    return outcome


def fill(thing: object, facts: Mapping[str, object]) -> bool:
    """Set what a file says, leave what it is silent about (None). Did anything change?"""
    told = {name: value for name, value in facts.items() if value is not None}
    different = {name: value for name, value in told.items() if getattr(thing, name) != value}
    for name, value in different.items():
        setattr(thing, name, value)
    return bool(different)
