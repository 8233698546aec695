"""The log of client data: one chain, whoever writes; what was done to it afterwards is found."""

import threading
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests.house import ROOT
from tests.make import Make
from wijkapp.cli import main
from wijkapp.clients.audit_rules import FIRST, Break, Broken, Event, Outcome, first_break, line_hash
from wijkapp.clients.models import AuditEvent, AuditHead
from wijkapp.clients.service import audit
from wijkapp.clients.service.audit import Seat
from wijkapp.clients.service.register import _log_has_own_role
from wijkapp.kit.db import new_id, transaction


@pytest.fixture
def seat(db):
    nurse = Make(db).account(name="Anna de Wit")
    return Seat(nurse, nurse.role_set, nurse.organisation, ip="127.0.0.1", device_id=new_id())


def written(db, seat, number=4, code="K7QM-4X2P"):
    for _ in range(number):
        audit.record(db, seat, Event.READ, code=code, object_kind="identity", object_id=new_id())
    db.flush()


def fails_after_a_line(seat):
    with transaction() as db:
        audit.record(db, seat, Event.READ)
        raise ZeroDivisionError


# --- writing


def test_each_line_says_who_what_when_where_and_hangs_on_the_one_before(db, seat):
    written(db, seat, 2)
    first, second = db.scalars(select(AuditEvent).order_by(AuditEvent.seq))

    assert (first.seq, first.hash_before) == (1, FIRST)
    assert (second.seq, second.hash_before) == (2, first.hash)
    assert (second.account_name, second.roles) == ("Anna de Wit", "nurse")
    assert second.organisation_name == seat.organisation.name == second.on_behalf_of
    assert (second.ip, second.device_id, second.outcome) == ("127.0.0.1", seat.device_id, Outcome.DONE)
    assert audit.verify() is None


def test_what_the_app_does_by_itself_is_a_line_of_nobody(db):
    audit.record(db, None, Event.DESTROYED, code="K7QM-4X2P")

    assert db.scalar(select(AuditEvent.account_id)) is None
    assert audit.verify() is None


def test_an_empty_log_is_whole(db):
    assert audit.verify() is None
    assert audit.head() == audit.End(0, FIRST)


def test_a_line_of_a_transaction_that_failed_is_not_there_and_leaves_no_gap(db, seat):
    written(db, seat, 1)
    with pytest.raises(ZeroDivisionError):
        fails_after_a_line(seat)
    with transaction() as own:
        audit.record(own, seat, Event.READ)

    assert list(db.scalars(select(AuditEvent.seq).order_by(AuditEvent.seq))) == [1, 2]
    assert audit.verify() is None


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_twenty_at_once_make_one_unbroken_chain(fresh_database, kind):
    fresh_database(kind)
    start, failed = threading.Barrier(20), []

    def look() -> None:
        start.wait()
        try:
            for _ in range(5):
                with transaction() as db:
                    audit.record(db, None, Event.READ, code="K7QM-4X2P")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=look) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert failed == []
    assert audit.head().seq == 100
    assert audit.verify() is None


# --- the database refuses what the app would never do


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET account_name = 'Niemand' WHERE seq = 2",
        "UPDATE audit_event SET hash = 'x' WHERE seq = 2",
        "DELETE FROM audit_event WHERE seq = 2",
        "DELETE FROM audit_event",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 1",
    ],
)
def test_no_line_can_be_changed_or_removed(db, seat, statement):
    written(db, seat)
    with pytest.raises(DBAPIError, match="only ever added"), db.begin_nested():
        db.execute(text(statement))
    assert audit.verify() is None


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("table", ["audit_event", "audit_head"])
def test_the_log_cannot_be_emptied_at_once(db, seat, table):
    written(db, seat)
    with pytest.raises(DBAPIError, match="only ever added"), db.begin_nested():
        db.execute(text(f"TRUNCATE {table}"))


@pytest.mark.database("sqlite")
def test_a_line_cannot_be_put_in_the_place_of_another(db, seat):
    written(db, seat)
    for table in ("audit_event", "audit_head"):
        with pytest.raises(DBAPIError, match="only ever added"), db.begin_nested():
            db.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"))


# --- and whoever gets past the database is found


def around_the_triggers(db, *statements):
    """As somebody who owns the database can."""
    if db.get_bind().dialect.name == "postgresql":
        for table in ("audit_event", "audit_head"):
            db.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    else:
        names = db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in list(names):
            db.execute(text(f"DROP TRIGGER {name}"))
    for statement in statements:
        db.execute(text(statement))
    db.expire_all()


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE audit_event SET account_name = 'Niemand' WHERE seq = 2"], Break(2, Broken.CHANGED)),
        (["UPDATE audit_event SET client_code = NULL WHERE seq = 4"], Break(4, Broken.CHANGED)),
        (["DELETE FROM audit_event WHERE seq = 2"], Break(2, Broken.MISSING)),
        (["DELETE FROM audit_event WHERE seq = 1"], Break(1, Broken.MISSING)),
        (["DELETE FROM audit_event WHERE seq = 4"], Break(4, Broken.CUT_OFF)),
        (["DELETE FROM audit_event"], Break(1, Broken.CUT_OFF)),
        (["DELETE FROM audit_head"], Break(5, Broken.CUT_OFF)),
        (["UPDATE audit_head SET seq = 3"], Break(4, Broken.ADDED)),
        (["UPDATE audit_head SET hash = 'x'"], Break(4, Broken.UNTIED)),
        (
            [
                "UPDATE audit_event SET seq = 9 WHERE seq = 2",
                "UPDATE audit_event SET seq = 2 WHERE seq = 3",
                "UPDATE audit_event SET seq = 3 WHERE seq = 9",
            ],
            Break(2, Broken.MOVED),
        ),
        (
            ["DELETE FROM audit_event WHERE seq = 2", "UPDATE audit_event SET seq = seq - 1 WHERE seq = 3"],
            Break(2, Broken.MOVED),
        ),
    ],
)
def test_what_was_done_to_the_log_is_found(db, seat, statements, found):
    written(db, seat)
    around_the_triggers(db, *statements)

    assert audit.verify() == found


def test_cutting_off_lines_and_head_together_is_found_by_what_was_noted_elsewhere(db, seat):
    written(db, seat)
    noted = audit.head()
    before = db.scalar(select(AuditEvent.hash).where(AuditEvent.seq == 3))
    around_the_triggers(
        db,
        "DELETE FROM audit_event WHERE seq = 4",
        f"UPDATE audit_head SET seq = 3, hash = '{before}'",
    )

    assert audit.verify() is None  # the chain alone cannot tell
    assert audit.verify(noted) == Break(4, Broken.CUT_OFF)


def test_a_log_that_is_written_anew_is_found_by_what_was_noted_elsewhere(db, seat):
    written(db, seat)
    noted = audit.head()
    around_the_triggers(db, "DELETE FROM audit_event", f"UPDATE audit_head SET seq = 0, hash = '{FIRST}'")
    written(db, seat, 5)

    assert audit.verify() is None
    assert audit.verify(noted) == Break(4, Broken.OTHER_THAN_NOTED)


def test_lines_removed_after_five_years_leave_a_log_that_can_be_checked(db, seat):
    written(db, seat)
    second = audit.End(2, db.scalar(select(AuditEvent.hash).where(AuditEvent.seq == 2)))
    around_the_triggers(db, "DELETE FROM audit_event WHERE seq <= 2")

    assert audit.verify() == Break(1, Broken.MISSING)
    assert audit.verify(kept_from=second) is None


# --- any change of any chain


def chain(number):
    lines, before = [], FIRST
    for seq in range(1, number + 1):
        line = {"seq": seq, "at": datetime(2026, 11, 24, seq % 24, tzinfo=UTC), "account_name": f"n{seq}"}
        line |= {"client_code": None, "hash_before": before}
        line["hash"] = before = line_hash(line)
        lines.append(line)
    return lines


EDITS = st.sampled_from(["change", "drop", "swap", "renumber", "repeat", "cut", "rehash"])


def edited(lines, edit, place, other):
    """One thing somebody did; the lines come back by number, as the database gives them."""
    lines = [dict(line) for line in lines]
    one, two = lines[place], lines[other]
    if edit == "change":
        one["account_name"] += "x"
    elif edit == "rehash":
        one["account_name"] += "x"
        one["hash"] = line_hash(one)
    elif edit == "drop":
        lines.remove(one)
    elif edit == "swap":
        one["seq"], two["seq"] = two["seq"], one["seq"]
    elif edit == "renumber":
        one["seq"] += len(lines)
    elif edit == "repeat":
        lines.append(dict(one, seq=len(lines) + 1))
    elif edit == "cut":
        del lines[place:]
    return sorted(lines, key=lambda line: line["seq"])


@given(data=st.data(), number=st.integers(1, 12))
def test_any_edit_of_any_chain_is_found(data, number):
    lines = chain(number)
    end = (number, lines[-1]["hash"])
    assert first_break(lines, end) is None

    for _ in range(data.draw(st.integers(1, 3))):
        if not lines:
            break
        place = data.draw(st.integers(0, len(lines) - 1))
        lines = edited(lines, data.draw(EDITS), place, data.draw(st.integers(0, len(lines) - 1)))

    assert (first_break(lines, end) is None) == (lines == chain(number))


# --- the command


@pytest.fixture
def own(fresh_database, monkeypatch, tmp_path):
    """The command on a database of its own."""
    engine = fresh_database("sqlite")
    monkeypatch.setenv("WIJKAPP_DATABASE_URL", str(engine.url))
    monkeypatch.setenv("WIJKAPP_INSTANCE", str(tmp_path))
    with transaction() as db:
        written(db, None)
    return engine


def run(*words):
    return CliRunner().invoke(main, ["audit", *words])


def test_the_command_says_that_the_log_is_whole_and_where_it_ends(own):
    said = run("verify")
    assert said.exit_code == 0, said.output
    assert "klopt: 4 regels" in said.output
    assert run("head").output.strip() in said.output


def test_the_command_names_the_first_broken_line_and_fails(own):
    noted = run("head").output.strip()
    with own.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_event_no_update"))
        connection.execute(text("UPDATE audit_event SET account_name = 'Niemand' WHERE seq >= 3"))
    said = run("verify", "--noted", noted)
    assert said.exit_code == 1
    assert "Regel 3 is veranderd" in said.output


@pytest.mark.parametrize("noted", ["", "3", "drie:abc", "3:" + "g" * 64, "-1:" + "0" * 64])
def test_an_end_that_is_none_is_refused(own, noted):
    assert run("verify", "--noted", noted).exit_code == 2


def test_the_head_is_one_row(db, seat):
    written(db, seat)
    assert db.scalar(select(func.count()).select_from(AuditHead)) == 1


@pytest.mark.database("postgresql")
def test_a_role_as_hosting_md_makes_it_adds_lines_and_changes_none(db, seat):
    """The statements of docs/hosting.md, by a role that does not own the tables."""
    statements = (ROOT / "docs/hosting.md").read_text().split("```sql\n")[1].split("```")[0]
    for statement in statements.replace("'…'", "'x'").split(";\n"):
        if statement.strip():
            db.execute(text(statement))
    try:
        db.execute(text("SET LOCAL ROLE wijkapp_app"))
        written(db, seat, 2)
        assert audit.verify() is None
        assert _log_has_own_role(db) is True
        for forbidden in (
            "UPDATE audit_event SET detail = 'x'",
            "DELETE FROM audit_event",
            "TRUNCATE audit_event",
            "ALTER TABLE audit_event DISABLE TRIGGER USER",
            "DELETE FROM audit_head",
        ):
            with pytest.raises(DBAPIError, match=r"permission denied|must be owner"), db.begin_nested():
                db.execute(text(forbidden))
    finally:
        db.execute(text("RESET ROLE"))
