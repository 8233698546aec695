"""What the tests of the client vault may ask for."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.clients.make import Make, seat
from wijkapp.clients import keys
from wijkapp.clients.models import AuditEvent
from wijkapp.clients.service import vault
from wijkapp.clients.service.vault import Content
from wijkapp.kit import crypto
from wijkapp.kit.outbox import Event
from wijkapp.people.models import Account


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key store of this test alone, in use."""
    monkeypatch.setattr(keys, "_store", None)
    path = tmp_path / "keys.sqlite"
    masters = [crypto.MasterKey(crypto.new_key())]
    keys.use(f"sqlite:///{path}", lambda: masters)
    return path


@pytest.fixture
def make(db: Session, key_file: Path) -> Make:
    return Make(db)


@pytest.fixture
def look() -> Callable[[Account, UUID], Content]:
    """`look(account, file_id)`: what this person sees in the file."""
    return lambda account, file_id: vault.look(account, seat(account), file_id)


@pytest.fixture
def logged(db: Session) -> Callable[..., list[tuple[str, str | None, str]]]:
    """`logged()`: event, kind of thing and outcome of each line in the log; `logged(account)`: of one."""

    def lines(by: Account | None = None) -> list[tuple[str, str | None, str]]:
        found = select(AuditEvent.event, AuditEvent.object_kind, AuditEvent.outcome).order_by(AuditEvent.seq)
        if by:
            found = found.where(AuditEvent.account_id == by.id)
        return [tuple(row) for row in db.execute(found)]

    return lines


@pytest.fixture
def told(db: Session) -> Callable[[str], list[str]]:
    """`told("clients.withdrawn")`: the names of whom were told; sorted."""

    def names(event: str) -> list[str]:
        return sorted(
            db.scalars(select(Account.name).join(Event, Event.to_id == Account.id).where(Event.name == event))
        )

    return names
