"""The demo region in a test's own database."""

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from tests import servers
from tests.conftest import forgetting
from wijkapp.demo import fill, history
from wijkapp.directory import service as directory
from wijkapp.kit import db as kit_db


@pytest.fixture(scope="session")
def _filled(database_url: str, worker_id: str) -> Iterator[kit_db._Database | None]:
    """The demo region with its history, written once for all tests that ask for it."""
    kind, name, kept = make_url(database_url).get_backend_name(), f"demo_{worker_id}", kit_db._database
    engine = kit_db.connect(servers.migrated(kind, name))
    with kit_db.transaction() as db:
        directory.seed_reference(db)
        fill.fill(db)
        history.write(db)
    filled, kit_db._database = kit_db._database, kept
    yield filled
    engine.dispose()
    servers.drop(kind, name)


@pytest.fixture
def region(_filled: kit_db._Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """The demo region with its history, as it was before any test."""
    with forgetting(_filled, monkeypatch) as session:
        yield session
