"""The two databases, SQLite and PostgreSQL, used in one way.

Law 1: a function whose first argument is `db` joins its caller's transaction; a function without one opens
its own with `transaction()` (or `reading()`). Nobody else commits.
"""

import json
import sqlite3
import threading
import time as clock
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVarTuple, cast
from uuid import UUID

import uuid_utils
from gevent import monkey
from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    DateTime,
    Engine,
    Enum,
    MetaData,
    Text,
    TypeDecorator,
    UpdateBase,
    create_engine,
    event,
    literal,
    or_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    Session,
    mapped_column,
    sessionmaker,
)
from sqlalchemy.sql.selectable import TypedReturnsRows

from wijkapp.kit.aside import aside

Columns = TypeVarTuple("Columns")

BUSY = 15  # seconds to wait for who writes to SQLite
# SQLite keeps so many questions ready to ask again. The pages have more than its usual 128, and making those
# of one page ready takes as long as answering them twice.
MOST_QUESTIONS = 1_000


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Refuses naive values, stores UTC, gives back aware UTC (SQLite itself knows no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonTuple(TypeDecorator[tuple[Any, ...]]):
    """A short, fixed list of plain values in one column; a tuple, so that nobody changes it in place."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: Any) -> str | None:
        return None if value is None else json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Any) -> tuple[Any, ...] | None:
        return None if value is None else _read_tuple(value)


@lru_cache(maxsize=10_000)
def _read_tuple(text: str) -> tuple[Any, ...]:
    """Rows mostly hold the same few lists; reading each only once saves a quarter of ranking a large city."""
    return tuple(json.loads(text))


class Base(DeclarativeBase):
    """What every table has: a time-ordered key, constraint names, aware moments, enums as text."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime,
        tuple[int, ...]: JsonTuple,
        tuple[str, ...]: JsonTuple,
        # Plain text holding the value ("open"), so that a new member needs no ALTER TYPE.
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=False,
            length=32,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


def new_id() -> UUID:
    """A UUIDv7: unique, and sorted by the time it was made."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


class WithId:
    """For tables whose rows are known by an id."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class _Database:
    """The engine in use.

    `lock` lets one greenlet at a time write to SQLite: one that yields inside a write transaction would
    otherwise leave the others spinning in `busy_timeout`, and with them the whole process.
    """

    def __init__(self, bare: Engine) -> None:
        # Nothing listens to what looks: asking listeners takes as long as many a question itself.
        read_only = bare.execution_options(postgresql_readonly=True)
        self.engine = engine = bare.execution_options()
        is_sqlite = engine.dialect.name == "sqlite"
        event.listen(engine, "begin", _begin_sqlite if is_sqlite else _begin_postgresql)
        self.lock: threading.Lock | None = threading.Lock() if is_sqlite else None
        self.write = sessionmaker(engine, expire_on_commit=False)
        self.write_lightly = sessionmaker(
            engine.execution_options(wijkapp_lightly=True), expire_on_commit=False
        )
        self.read = sessionmaker(read_only, expire_on_commit=False, autoflush=False)


_database: _Database | None = None
_inside: ContextVar[bool] = ContextVar("inside_transaction", default=False)
_looking: ContextVar[Session | None] = ContextVar("looking", default=None)


def connect(url: str) -> Engine:
    """Use this database from now on, in this process.

    url  `sqlite:///path` (a file) or `postgresql+psycopg://...`

    Parameters stay out of error texts, and so out of the log: they are people's names and addresses.
    """
    global _database
    if url.startswith("sqlite"):
        driver = {"timeout": BUSY, "check_same_thread": False, "cached_statements": MOST_QUESTIONS}
        engine = create_engine(url, hide_parameters=True, connect_args=driver)
        event.listen(engine, "connect", _set_up_sqlite)
        cast(Any, engine.dialect).do_begin = _begin_look
        if monkey.is_module_patched("threading"):
            cast(Any, engine.dialect).do_commit = _commit_aside
    else:
        engine = create_engine(url, hide_parameters=True, pool_size=10, max_overflow=30, pool_pre_ping=True)
    _database = _Database(engine)
    return _database.engine


def engine() -> Engine:
    """The engine in use, for migrations and health checks."""
    return _in_use().engine


def _in_use() -> _Database:
    if _database is None:
        raise RuntimeError("no database yet: call kit.db.connect first")
    return _database


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # Python's own BEGIN comes too late and not before SAVEPOINT
    _use_wal(connection)
    # What is deleted is overwritten with zeros, as what a wiped thread promises; `settle` does the log.
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _use_wal(connection: Any) -> None:
    # Going over to WAL, once in the life of a file, does not wait for who has it locked, so we do.
    patience = clock.monotonic() + BUSY
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError:
            if clock.monotonic() > patience:
                raise
            clock.sleep(0.05)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A write transaction takes its lock at once: upgrading later gives "database is locked".
    lightly = connection.get_execution_options().get("wijkapp_lightly")
    connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if lightly else 'FULL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_look(connection: Any) -> None:
    if not connection.in_transaction:  # as it is after _begin_sqlite
        connection.execute("BEGIN").close()


def _commit_aside(connection: Any) -> None:
    """Wait for the disk in a real thread: meanwhile the other greenlets go on.

    A commit takes as long as the disk does. Done where the pages and the live line are served it stops them
    all, which at fifty messages a second is half of the time.
    """
    aside(connection.commit)


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("wijkapp_lightly"):
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")


@contextmanager
def transaction(*, lightly: bool = False) -> Iterator[Session]:
    """One thing that happens: all of it is stored, or none. Then tells whoever waits for news.

    lightly  does not wait for the disk. Nothing is lost when the process is killed; a power cut may take the
             last moments. Only for what is then simply done again, such as claiming an outbox row.

    Raises RuntimeError inside another transaction(): a function that joins takes `db`.
    """
    if _inside.get():
        raise RuntimeError("transaction() inside transaction(): pass `db` instead")
    database = _in_use()
    mark = _inside.set(True)
    if database.lock:
        database.lock.acquire()
    try:
        with (database.write_lightly if lightly else database.write).begin() as db:
            yield db
    finally:
        if database.lock:
            database.lock.release()
        _inside.reset(mark)
    for ring in db.info.pop("after_commit", ()):
        ring()


def after_commit(db: Session, ring: Callable[[], object]) -> None:
    """Call this, once, when the transaction has been stored; never when it was not."""
    rings = db.info.setdefault("after_commit", [])
    if ring not in rings:
        rings.append(ring)


def changed(db: Session, statement: UpdateBase) -> int:
    """Run an UPDATE or DELETE; how many rows it hit. Law 2: whoever claims something looks at this."""
    return cast("CursorResult[Any]", db.execute(statement)).rowcount


def rows(
    db: Session, question: TypedReturnsRows[*Columns], given: Mapping[str, Any] | None = None
) -> CursorResult[*Columns]:
    """The rows of a question about columns. For what is asked all the time: `db.execute` looks in each
    answer for whole objects, which takes as long as many a question itself.
    """
    if db.autoflush:
        db.flush()  # as `db.execute` does
    return db.connection().execute(question, given)


def one_of(column: InstrumentedAttribute[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Is it one of these few fixed values? For what is asked all the time: the list of an `in_` is written
    into the question again at each asking, which takes as long as many an answer."""
    return or_(*(column == value for value in sorted(values)))


def insert_new(db: Session, kind: type[Base], rows: list[dict[str, Any]]) -> int:
    """Add these rows, but for those that are there already, also when another adds them at this moment.

    Gives how many are new: who gets 0 was not the first.
    """
    if not rows:
        return 0
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    added = dialect.insert(kind).on_conflict_do_nothing().returning(literal(1))
    return len(db.scalars(added, rows).all())


@contextmanager
def reading() -> Iterator[Session]:
    """One consistent look at the data; cannot change it on PostgreSQL, and takes no lock on SQLite.

    Inside another reading() it is that same look: whoever calls several who look can make it one.
    """
    around = _looking.get()
    if around is not None:
        yield around
        return
    with _in_use().read() as db:
        mark = _looking.set(db)
        try:
            yield db
        finally:
            _looking.reset(mark)


def settle() -> None:
    """Empty the log of a SQLite file: it still holds the old pages of what was deleted meanwhile."""
    if _in_use().lock is not None:
        with _in_use().engine.connect() as connection:
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


@contextmanager
def within(connection: Connection) -> Iterator[None]:
    """Run everything on one open connection, each transaction as a savepoint. For tests that roll back."""
    database = _in_use()
    kept = database.write, database.write_lightly, database.read
    joined = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
    database.write = database.write_lightly = database.read = joined
    try:
        yield
    finally:
        database.write, database.write_lightly, database.read = kept
