"""Runs the migrations: all of them in one transaction, and one process at a time.

Foreign keys by name need every table, so the models of every room are imported here.
"""

import importlib
from pathlib import Path

from alembic import context
from sqlalchemy import Connection, DateTime, Engine, Enum, Text, create_engine, event, pool, text

import wijkapp
from wijkapp.kit.db import Base, JsonTuple, UtcDateTime
from wijkapp.kit.freetext import FreeText

TOOLBOX = ("wijkapp.kit.letters", "wijkapp.kit.outbox")
MODELS = (  # a file, or a folder of them
    path.parent if path.name == "__init__.py" else path
    for pattern in ("*/models.py", "*/models/__init__.py")
    for path in Path(wijkapp.__file__).parent.glob(pattern)
)
ROOMS = (f"wijkapp.{path.parent.name}.models" for path in MODELS)
for module in (*TOOLBOX, *ROOMS):
    importlib.import_module(module)

LOCK = 7_305_114_281_005
"""PostgreSQL advisory lock of whoever migrates; any number, as long as it is always this one."""


def migrate(connection: Connection) -> None:
    """Do what was asked (up or down) on this connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,  # SQLite changes a column by making the table again
        transactional_ddl=True,  # SQLite can, when BEGIN comes first: see `_begin`
        compare_type=True,
        render_item=_plain_type,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            _refuse_broken_keys(connection)


def _plain_type(kind: str, thing: object, _autogen: object) -> str | bool:
    """Our own types as a new migration writes them: a migration must run when the code has moved on."""
    if kind == "type" and isinstance(thing, Enum):
        return f"sa.String(length={thing.length})"
    if kind == "type" and isinstance(thing, UtcDateTime):
        return f"sa.{DateTime(timezone=True)!r}"
    if kind == "type" and isinstance(thing, FreeText):
        return f"sa.String(length={thing.length})"
    return f"sa.{Text()!r}" if kind == "type" and isinstance(thing, JsonTuple) else False


def _refuse_broken_keys(connection: Connection) -> None:
    # Foreign keys are off meanwhile: making a table again would cascade into the rows that point at it.
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken:
        raise RuntimeError(f"the migration leaves {broken[0]} pointing at a {broken[2]} that is gone")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # a second process waits here


def _engine_of(url: str) -> Engine:
    engine = create_engine(url, poolclass=pool.NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda raw, _record: setattr(raw, "isolation_level", None))
        event.listen(engine, "begin", _begin)
    return engine


if context.is_offline_mode():
    raise SystemExit("wijkapp migrates a database it can reach; there is no SQL-only mode")

given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with _engine_of(context.config.get_main_option("sqlalchemy.url")).connect() as opened:
        migrate(opened)
