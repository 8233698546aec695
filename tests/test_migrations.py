"""Migrations: up, down and up again, on both engines, and at the top exactly the tables the models say."""

import re
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from subprocess import PIPE

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect

from tests import servers
from wijkapp.cli import alembic_config
from wijkapp.kit.db import Base


@pytest.fixture(params=servers.KINDS)
def empty(request, tmp_path, worker_id):
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    name = f"empty_{worker_id}"
    yield servers.empty_postgresql(name)
    servers.drop("postgresql", name)


def looked_at(url: str, look):
    """What `look` sees on a connection of its own."""
    engine: Engine = create_engine(url)
    with engine.connect() as connection:
        seen = look(connection)
    engine.dispose()
    return seen


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def test_up_down_and_up_again_leave_what_the_models_say(empty):
    config = alembic_config(empty)

    command.upgrade(config, "head")
    command.downgrade(config, "base")
    assert looked_at(empty, tables) == {"alembic_version"}

    command.upgrade(config, "head")
    assert looked_at(empty, tables) == {*Base.metadata.tables, "alembic_version"}
    command.check(alembic_config(empty))  # raises when the models say more, or less


FAILS_HALFWAY = """
from alembic import op
import sqlalchemy as sa
revision = "9999_fails"
down_revision = {head!r}

def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer()))
    raise RuntimeError("halfway")
"""


def test_a_migration_that_fails_halfway_leaves_the_database_as_it_was(empty, tmp_path):
    config = alembic_config(empty)
    head = ScriptDirectory.from_config(config).get_current_head()
    copied = shutil.copytree("migrations", tmp_path / "migrations")
    (copied / "versions" / "9999_fails.py").write_text(FAILS_HALFWAY.format(head=head))
    config.set_main_option("script_location", str(copied))

    with pytest.raises(RuntimeError, match="halfway"):
        command.upgrade(config, "head")

    assert looked_at(empty, tables) <= {"alembic_version"}


def test_two_processes_that_migrate_at_once_do_it_once(empty, tmp_path):
    migrate = [sys.executable, "-c", "from wijkapp.cli import main; main()", "migrate"]
    settings = {"WIJKAPP_DATABASE_URL": empty, "WIJKAPP_INSTANCE": str(tmp_path / "instance")}
    with ExitStack() as stack:
        both = [
            stack.enter_context(servers.serving(migrate, settings, stderr=PIPE, text=True)) for _ in range(2)
        ]
        said = [one.communicate(timeout=50)[1] for one in both]

    assert [one.returncode for one in both] == [0, 0], said
    command.check(alembic_config(empty))  # raises when the models say more, or less


def test_migrations_form_one_chain_of_number_and_words():
    scripts = ScriptDirectory.from_config(alembic_config("sqlite://"))
    chain = list(scripts.walk_revisions())[::-1]

    assert len(scripts.get_heads()) == 1
    for number, script in enumerate(chain, 1):
        assert re.fullmatch(rf"{number:04d}_[a-z_]+", script.revision)
        assert Path(script.path).stem == script.revision
