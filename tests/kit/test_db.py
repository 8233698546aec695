"""One thing that happens is stored whole or not at all; the two databases agree about it."""

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from tests.servers import KINDS
from wijkapp.directory.models import Insurer, Skill
from wijkapp.directory.rules import InsurerStatus
from wijkapp.kit import db as kit_db
from wijkapp.kit import time
from wijkapp.kit.db import after_commit, changed, insert_new, new_id, one_of, reading, rows, transaction
from wijkapp.matching.models import CareRequest
from wijkapp.people.models import Device, Organisation
from wijkapp.people.rules import OrganisationKind


def skill(code: str) -> Skill:
    return Skill(code=code, name=code, reserved_act=False)


def codes() -> set[str]:
    with reading() as db:
        return set(db.scalars(select(Skill.code)))


def test_adding_what_is_new_says_how_many_that_were(db):
    rows = [
        {"code": code, "name": code, "reserved_act": False, "position": 0} for code in ("first", "second")
    ]
    with transaction() as own:
        assert insert_new(own, Skill, []) == 0
        assert insert_new(own, Skill, rows[:1]) == 1
        assert insert_new(own, Skill, rows) == 1
        assert insert_new(own, Skill, rows) == 0
    assert codes() == {"first", "second"}


def test_a_savepoint_that_fails_leaves_the_rest_of_the_transaction(db):
    with transaction() as own:
        own.add(skill("first"))
        own.flush()
        with pytest.raises(IntegrityError), own.begin_nested():
            own.execute(
                text("INSERT INTO skill (code, name, reserved_act, position) VALUES ('first', 'x', true, 0)")
            )
        own.add(skill("last"))
    assert codes() == {"first", "last"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_savepoint_threw_away_is_not_stored_and_the_rest_is(fresh_database, kind):
    fresh_database(kind)
    with transaction() as own:
        own.add(skill("kept"))
        thrown_away = own.begin_nested()
        own.add(skill("dropped"))
        own.flush()
        thrown_away.rollback()
    assert codes() == {"kept"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_transaction_inside_a_transaction_is_refused_and_both_are_undone(fresh_database, kind):
    fresh_database(kind)

    def nested() -> None:
        with transaction() as outer:
            outer.add(skill("outer"))
            with transaction() as inner:
                inner.add(skill("inner"))

    with pytest.raises(RuntimeError, match="pass `db`"):
        nested()
    assert codes() == set()
    with transaction() as again:  # the lock is free
        again.add(skill("later"))
    assert codes() == {"later"}


@pytest.mark.parametrize("kind", KINDS)
def test_news_is_rung_once_after_the_commit_and_never_when_it_failed(fresh_database, kind):
    fresh_database(kind)
    rung = []

    def ring() -> None:
        rung.append(codes())  # what others see at that moment

    with transaction() as own:
        own.add(skill("stored"))
        after_commit(own, ring)
        after_commit(own, ring)
        assert rung == []
    assert rung == [{"stored"}]

    def fail() -> None:
        with transaction() as own:
            after_commit(own, ring)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert len(rung) == 1


def test_who_rings_may_begin_a_transaction_of_its_own(db):
    def more() -> None:
        with transaction() as own:
            own.add(skill("after"))

    with transaction() as own:
        after_commit(own, more)
    assert codes() == {"after"}


def test_looking_does_not_change_anything_on_postgresql(fresh_database):
    fresh_database("postgresql")
    with reading() as db:
        db.add(skill("sneaked"))
        with pytest.raises(DBAPIError, match="read-only"):
            db.flush()
    assert codes() == set()


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_who_looks_does_not_wait_for_somebody_who_writes(fresh_database, kind):
    fresh_database(kind)
    with transaction() as own:
        own.add(skill("half way"))
        own.flush()
        assert codes() == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_look_inside_a_look_is_of_the_same_moment(fresh_database, kind):
    fresh_database(kind)
    with reading() as db:
        before = codes()
        with transaction() as own:
            own.add(skill("meanwhile"))
        if kind == "sqlite":  # PostgreSQL looks per question
            assert codes() == before
        with reading() as again:
            assert again is db
    assert codes() == before | {"meanwhile"}


def test_rows_know_what_the_transaction_did_so_far(db):
    with transaction() as own:
        own.add(skill("just now"))
        asked = select(Skill.code).where(one_of(Skill.code, ("just now", "never")))
        assert rows(own, asked).scalars().all() == ["just now"]


def test_changed_counts_the_rows_that_were_hit(db):
    db.add_all([skill("one"), skill("two")])
    db.flush()
    with transaction() as own:
        assert changed(own, Skill.__table__.update().values(position=1)) == 2
        assert changed(own, Skill.__table__.update().where(Skill.code == "none").values(position=2)) == 0


# --- what columns do

AMSTERDAM_NIGHT = [
    datetime(2026, 3, 29, 0, 59, 59, 999999, tzinfo=UTC),  # 01:59 in Amsterdam; the next hour is skipped
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # 03:00
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 02:30
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # 02:30 once more
]


@pytest.mark.parametrize("moment", AMSTERDAM_NIGHT)
@pytest.mark.parametrize("zone", [UTC, time.AMSTERDAM, timezone(timedelta(hours=-9))])
def test_a_moment_comes_back_as_the_same_moment_in_utc(db, moment, zone):
    organisation = Organisation(kind=OrganisationKind.SOLO, name="Zzp", joined_at=moment.astimezone(zone))
    db.add(organisation)
    db.flush()
    db.refresh(organisation)
    assert organisation.joined_at == moment
    assert organisation.joined_at.tzinfo is UTC
    assert db.scalar(select(Organisation.id).where(Organisation.joined_at == moment)) == organisation.id


def test_moments_sort_by_time_on_both_databases(db):
    for moment in reversed(AMSTERDAM_NIGHT):
        db.add(Organisation(kind=OrganisationKind.SOLO, name="Zzp", joined_at=moment))
    db.flush()
    assert (
        db.scalars(select(Organisation.joined_at).order_by(Organisation.joined_at)).all() == AMSTERDAM_NIGHT
    )


def test_a_naive_moment_is_refused(db):
    db.add(Organisation(kind=OrganisationKind.SOLO, name="Zzp", joined_at=datetime(2026, 1, 1)))  # noqa: DTZ001
    with pytest.raises(StatementError, match="naive"):
        db.flush()


def test_an_enum_is_stored_as_its_value(db):
    db.add(Insurer(uzovi="3311", name="Zilveren Kruis", concern="Achmea", status=InsurerStatus.CONFIRMED))
    db.flush()
    assert db.scalar(text("SELECT status FROM insurer")) == "confirmed"


def test_a_foreign_key_to_nothing_is_refused_on_sqlite_too(db):
    db.add(Device(account_id=new_id(), label="Chrome op Android"))
    with pytest.raises(IntegrityError):
        db.flush()


def test_ids_sort_by_the_time_they_were_made():
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000
    assert {one.version for one in made} == {7}


def test_sqlite_loses_no_commit_when_the_power_fails(fresh_database):
    engine = fresh_database("sqlite")
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 2  # FULL
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_what_is_deleted_is_nowhere_in_the_files_once_the_log_has_settled(fresh_database):
    fresh_database("sqlite")
    with transaction() as db:
        db.execute(text("CREATE TABLE said (words TEXT)"))
        db.execute(text("INSERT INTO said VALUES ('paardebloem')"))
    with transaction() as db:
        db.execute(text("DELETE FROM said"))
    kit_db.settle()

    file = Path(kit_db.engine().url.database)
    kept = [path.read_bytes() for path in file.parent.glob(f"{file.name}*")]
    assert kept
    assert not [one for one in kept if b"paardebloem" in one]


def test_without_a_database_the_app_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(kit_db, "_database", None)
    with pytest.raises(RuntimeError, match="connect first"), transaction():
        pass


def test_the_index_for_the_clock_holds_only_requests_with_a_next_step():
    [due] = [index for index in CareRequest.__table__.indexes if index.name == "ix_care_request_due"]
    for engine in KINDS:
        assert str(due.dialect_options[engine]["where"]) == "status IN ('open', 'offered')"


def test_who_opens_a_new_sqlite_while_another_writes_waits_for_it(tmp_path, monkeypatch):
    monkeypatch.setattr(kit_db, "_database", None)
    path = tmp_path / "new.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE one (id INTEGER)")
        other.execute("BEGIN IMMEDIATE")  # as somebody who migrates, before the file is a WAL file
        threading.Timer(0.5, other.execute, ["COMMIT"]).start()

        engine = kit_db.connect(f"sqlite:///{path}")
        with engine.connect() as mine:
            assert mine.scalar(text("PRAGMA journal_mode")) == "wal"
        engine.dispose()
