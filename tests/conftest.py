"""What every test may ask for: a migrated database that forgets, on SQLite and PostgreSQL, and a Valkey."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import time
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from redis import Redis
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from xdist.scheduler import LoadScopeScheduling

from tests import servers
from tests.web import Visitor, make_app
from wijkapp.agreements import rules as terms
from wijkapp.agreements.service import signing
from wijkapp.clients import guard
from wijkapp.clients.service import breach
from wijkapp.kit import db as kit_db
from wijkapp.kit import freetext, letters, tickets
from wijkapp.kit.crypto import MasterKey, new_key

_numbers = count()
KEPT_KEYS = {letters: "_key", tickets: "_key", signing: "_signer", breach: "_key"}

# The same examples in each run, however slow the machine; `--hypothesis-profile=search` looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("same")


# Tests of one kind stay on one worker: what takes long to make is made for them once. The walk past every
# page takes as long as all the others with a browser, so it has a server of its own.
TOGETHER = {
    "tests/browser/test_every_page.py": "pages",
    "tests/browser/": "browser",
    "tests/demo/test_region.py": "region",
    "tests/test_guarded.py": "source",
    "tests/test_house_rules.py": "source",
    "tests/test_words.py": "source",
}


class Together(LoadScopeScheduling):
    """Any other test goes to whichever worker is free."""

    def _split_scope(self, nodeid: str) -> str:
        return next((kind for path, kind in TOGETHER.items() if nodeid.startswith(path)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that stay together go first: at the end all workers have something small to do."""
    items.sort(key=lambda item: not item.nodeid.startswith(tuple(TOGETHER)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: half the time a worker waits for a browser or a database."""
    return (os.cpu_count() or 1) + 1


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="make the pictures of docs/ too")


def pytest_configure(config: pytest.Config) -> None:
    freetext.guarded_by(guard)  # as the app does when it is made, and the key of an installation
    for room in KEPT_KEYS:
        room.use(MasterKey(new_key()))
    if not hasattr(config, "workerinput"):  # an xdist worker uses its starter's run
        servers.open_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        servers.close_run()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("database")
        kinds = only.args if only else servers.KINDS
        metafunc.parametrize("database_url", kinds, indirect=True, scope="session")


@pytest.fixture(autouse=True)
def _key_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes an app, or another installation, leaves the next test the key that was there."""
    for room, name in KEPT_KEYS.items():
        monkeypatch.setattr(room, name, getattr(room, name))


@pytest.fixture(autouse=True)
def _rung_at_any_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run by night too: nobody is left alone then, but in wijken that agreed on quiet hours.

    And in a town of three providers, where the chance is never enough, a round still takes its term.
    """
    plain = replace(terms.DEFAULTS, quiet=(time(0), time(0)), widen_when_short=False)
    monkeypatch.setattr(terms, "DEFAULTS", plain)


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, worker_id: str) -> Iterator[str]:
    """This worker's migrated database, in use by kit.db; the test runs once on each kind.

    `@pytest.mark.database("sqlite")` keeps a test to one kind. Whoever asks for this without `db` cleans
    up behind itself.
    """
    name = f"tests_{worker_id}"
    url = servers.migrated(request.param, name)
    engine = kit_db.connect(url)
    yield url
    engine.dispose()
    servers.drop(request.param, name)


@pytest.fixture(scope="session")
def _database(database_url: str) -> object:
    return kit_db._database


@contextmanager
def forgetting(database: kit_db._Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session on a database that forgets; it and the app's own transactions see one another's rows."""
    monkeypatch.setattr(kit_db, "_database", database)  # another test may have connected elsewhere
    with database.engine.connect() as connection:
        outer = connection.begin()
        with (
            kit_db.within(connection),
            Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session,
        ):
            yield session
        outer.rollback()


@pytest.fixture
def db(_database: kit_db._Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session on an empty database that forgets."""
    with forgetting(_database, monkeypatch) as session:
        yield session


@pytest.fixture(scope="session")
def demo_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_app(database_url, tmp_path_factory.mktemp("instance"), demo=True)


@pytest.fixture
def visitor(demo_app: Flask, db: Session) -> Callable[..., Visitor]:
    """`visitor(account)`: somebody's browser, logged in; `visitor()`: a stranger's. The app is a demo."""
    return lambda account=None: Visitor(demo_app).signs_in(account) if account else Visitor(demo_app)


@pytest.fixture
def fresh_database(worker_id: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Engine]]:
    """`fresh_database(kind)`: a migrated database of this test alone, in use by kit.db; really commits.

    For threads and processes: its `engine.url` can be opened by others too.
    """
    monkeypatch.setattr(kit_db, "_database", None)
    made: list[tuple[str, str, Engine]] = []

    def make(kind: str) -> Engine:
        name = f"fresh_{worker_id}_{next(_numbers)}"
        engine = kit_db.connect(servers.migrated(kind, name))
        made.append((kind, name, engine))
        return engine

    yield make
    for kind, name, engine in made:
        engine.dispose()
        servers.drop(kind, name)


@pytest.fixture(scope="session")
def _valkey(worker_id: str) -> Iterator[str]:
    with servers.valkey(f"valkey_{worker_id}") as url:
        yield url


@pytest.fixture
def redis_url(_valkey: str) -> str:
    """An empty Valkey of this worker alone."""
    with Redis.from_url(_valkey) as client:
        client.flushall()
    return _valkey
