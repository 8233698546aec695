"""The key store: a data key for each consent, in a database of its own. No key, no data, in any copy.

Each key is wrapped by the vault's master key, which comes from a file or a command and is in no database.
Nothing here joins a transaction: a key is made before it, and destroyed after it (law 3).
"""

import os
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    create_engine,
    delete,
    event,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from wijkapp.kit import time
from wijkapp.kit.config import BadSettings
from wijkapp.kit.crypto import CannotOpen, MasterKey, new_key
from wijkapp.kit.db import BUSY
from wijkapp.kit.errors import Refused
from wijkapp.kit.words import lazy as _

Masters = Callable[[], Sequence[MasterKey]]
"""The master keys: the first wraps, each of them opens."""

data_key = Table(
    "data_key",
    MetaData(),  # not that of the database: no migration and no backup may take it along
    Column("name", Uuid, primary_key=True),  # the consent
    Column("wrapped", LargeBinary, nullable=False),
    Column("made_at", String(32), nullable=False),  # ISO, UTC
)

log = structlog.get_logger()

LOCK = 7_305_114_281_009  # PostgreSQL advisory lock of whoever makes the table


class KeysAway(Refused):
    """The key is there, but no master key opens it; only whoever hosts wijkapp can help."""

    status = 503
    sentence = _(
        "De cliëntgegevens zijn nu niet te openen. Vraag wie wijkapp beheert om naar de sleutels te kijken."
    )


class NoCopy(Exception):
    """This file holds no keys."""


@dataclass(frozen=True)
class _Store:
    engine: Engine
    masters: Masters


_store: _Store | None = None


def use(url: str, masters: Masters) -> None:
    """Keep the keys here from now on, in this process.

    url  a database of its own: SQLite or PostgreSQL
    """
    global _store
    if url.startswith("sqlite"):
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": BUSY})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        _make_private(engine.url.database)
    else:
        engine = create_engine(url, hide_parameters=True, pool_size=2, max_overflow=10, pool_pre_ping=True)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # IF NOT EXISTS does not wait for another who makes it
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        data_key.metadata.create_all(connection)
    if _store:
        _store.engine.dispose()
    _store = _Store(engine, masters)


def _make_private(path: str | None) -> None:
    if path and path != ":memory:":
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    # What is deleted is overwritten with zeros, and no log of old pages stays behind as with WAL.
    for pragma in (
        f"busy_timeout={BUSY * 1000}",
        "journal_mode=DELETE",
        "secure_delete=ON",
        "synchronous=FULL",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    looks = connection.get_execution_options().get("wijkapp_read_only")
    connection.exec_driver_sql("BEGIN" if looks else "BEGIN IMMEDIATE")


def _in_use() -> _Store:
    if _store is None:
        raise RuntimeError("no key store yet: call clients.keys.use first")
    return _store


def _place(name: UUID) -> str:
    return f"data_key|{name}"


def make(name: UUID) -> bytes:
    """A new key, stored under this name before anything is sealed with it."""
    store, key = _in_use(), new_key()
    wrapped = _masters(store)[0].wrap(key, _place(name))
    with store.engine.begin() as connection:
        connection.execute(
            insert(data_key).values(name=name, wrapped=wrapped, made_at=time.now().isoformat())
        )
    return key


def get(name: UUID) -> bytes | None:
    """The key of this name; None when it was destroyed. Raises KeysAway."""
    store = _in_use()
    with _reading(store) as connection:
        wrapped = connection.scalar(select(data_key.c.wrapped).where(data_key.c.name == name))
    return None if wrapped is None else _unwrapped(_masters(store), name, wrapped)


def destroy(names: Collection[UUID]) -> int:
    """Destroy these keys for good. Returns how many there were; a name that is gone does no harm."""
    store = _in_use()
    if not names:
        return 0
    with store.engine.begin() as connection:
        gone = connection.execute(delete(data_key).where(data_key.c.name.in_(list(names)))).rowcount
    if gone and store.engine.dialect.name == "postgresql":
        # PostgreSQL keeps deleted rows in its pages; a small table is rewritten in a moment.
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM FULL data_key"))
    return gone


def names() -> dict[UUID, datetime]:
    """Every key there is, and when it was made."""
    with _reading(_in_use()) as connection:
        rows = connection.execute(select(data_key.c.name, data_key.c.made_at))
        return {row.name: datetime.fromisoformat(row.made_at) for row in rows}


def shut() -> int:
    """How many keys open with none of the master keys; 0 when all is well."""
    store = _in_use()
    masters = _masters(store)
    with _reading(store) as connection:
        rows = connection.execute(select(data_key.c.name, data_key.c.wrapped)).all()
    return sum(not any(_opens(master, name, wrapped) for master in masters) for name, wrapped in rows)


def rewrap() -> int:
    """Wrap every key with the first master key; the data need not be touched. Returns how many changed.

    Raises KeysAway when one opens with none of the master keys; then nothing has changed.
    """
    store = _in_use()
    masters = _masters(store)
    with store.engine.begin() as connection:
        rows = connection.execute(select(data_key.c.name, data_key.c.wrapped).with_for_update()).all()
        old = [(name, wrapped) for name, wrapped in rows if not _opens(masters[0], name, wrapped)]
        for name, wrapped in old:
            again = masters[0].wrap(_unwrapped(masters, name, wrapped), _place(name))
            connection.execute(update(data_key).where(data_key.c.name == name).values(wrapped=again))
    return len(old)


def _masters(store: _Store) -> Sequence[MasterKey]:
    try:
        return store.masters()
    except (BadSettings, OSError) as wrong:
        log.error("no master key for the vault", why=str(wrong))
        raise KeysAway from None


def _opens(master: MasterKey, name: UUID, wrapped: bytes) -> bool:
    try:
        master.unwrap(wrapped, _place(name))
    except CannotOpen:
        return False
    return True


def _unwrapped(masters: Sequence[MasterKey], name: UUID, wrapped: bytes) -> bytes:
    for master in masters:
        with suppress(CannotOpen):
            return master.unwrap(wrapped, _place(name))
    raise KeysAway


def _reading(store: _Store) -> Connection:
    return store.engine.connect().execution_options(wijkapp_read_only=True)


# --- copies


def copy_to(path: Path) -> int:
    """All keys, still wrapped, in a SQLite file for the backup. Returns how many. Raises FileExistsError."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    with _reading(_in_use()) as connection:
        rows = [dict(row) for row in connection.execute(select(data_key)).mappings()]
    copy = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    event.listen(copy, "connect", _set_up_sqlite)
    with copy.begin() as connection:
        data_key.metadata.create_all(connection)
        if rows:
            connection.execute(insert(data_key), rows)
    return len(rows)


def add_from(path: Path) -> int:
    """Put back the keys of a copy that are not here. Those of consents that ended must be destroyed again."""
    copy = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", poolclass=NullPool)
    try:
        with copy.connect() as connection:
            rows = [dict(row) for row in connection.execute(select(data_key)).mappings()]
    except DatabaseError:
        raise NoCopy("dit is geen kopie van de sleutels") from None
    with _in_use().engine.begin() as connection:
        here = set(connection.scalars(select(data_key.c.name)))
        missing = [row for row in rows if row["name"] not in here]
        if missing:
            connection.execute(insert(data_key), missing)
    return len(missing)
