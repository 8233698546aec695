"""Everything that ends: access at once, the key right after, and what a crash or an old copy leaves."""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from tests.clients.make import ROOS, Make, seat
from wijkapp.clients import keys, sealing, service
from wijkapp.clients.models import (
    Appointment,
    BrokenGlass,
    ClientFile,
    Consent,
    HandoverNote,
    Identity,
    Report,
)
from wijkapp.clients.rules import ConsentState, EmergencyReason, EndReason
from wijkapp.clients.service import consent, ends, glass, vault
from wijkapp.kit import crypto, time
from wijkapp.kit.crypto import CannotOpen
from wijkapp.kit.db import new_id, reading, transaction

SEALED = (Identity, HandoverNote, Appointment, Report)


@pytest.fixture
def later(monkeypatch):
    """`later(days=3)`: from now on it is so much later."""

    def go(**span):
        moment = time.now() + timedelta(**span)
        monkeypatch.setattr(time, "now", lambda: moment)

    return go


def withdrawn(case, by=None):
    by = by or case.nurse
    consent.withdraw(by, seat(by), case.file_id)


def assert_gone(db, case, look, reason):
    """Nobody can look, no key is left, no sealed row, and the outside says why."""
    for account in (case.asker, case.nurse, case.planner):
        with pytest.raises(vault.Gone):
            look(account, case.file_id)
    assert keys.names() == {}
    db.expire_all()
    assert [len(db.scalars(select(one)).all()) for one in SEALED] == [0, 0, 0, 0]
    shell = service.show_file(case.nurse, case.file_id)
    assert (shell.state, shell.end_reason) == (ConsentState.ENDED, reason)
    row = db.scalars(select(Consent).where(Consent.holds_key)).one()
    assert (row.end_reason, row.key_destroyed_at is not None) == (reason, True)


def test_withdrawing_ends_it_for_everybody_at_once_and_the_others_hear(db, make, look, told, logged):
    case = make.case(filled=True)
    withdrawn(case)
    withdrawn(case)  # twice does no harm
    assert_gone(db, case, look, EndReason.WITHDRAWN)
    assert told("clients.withdrawn") == ["Anna Asker"]
    assert [line for line in logged() if line[0] in {"withdrawn", "destroyed"}] == [
        ("withdrawn", "consent", "done"),
        ("destroyed", "key", "done"),
    ]


def test_either_side_writes_a_withdrawal_down_and_a_new_consent_starts_empty(make, look):
    case = make.case(filled=True)
    withdrawn(case, by=case.asker)
    make.consented(case)
    seen = look(case.nurse, case.file_id)
    assert (seen.person, seen.handovers, seen.appointments, seen.reports) == (None, (), (), ())


def test_when_its_time_is_over_the_clock_destroys_it(db, make, look, later, told):
    case = make.case(filled=True)
    make.consented(case, until=time.now() + timedelta(days=7))
    later(days=6)
    assert ends.destroy_due() == 0
    later(days=1, seconds=1)
    assert ends.destroy_due() == 1
    db.expire_all()
    row = db.scalars(select(Consent).where(Consent.end_reason == EndReason.EXPIRED)).one()
    assert row.key_destroyed_at is not None
    assert keys.names() == {}
    assert told("clients.ended") == ["Anna Asker", "Noor Nurse"]
    with pytest.raises(vault.Gone):
        look(case.nurse, case.file_id)


def test_fourteen_days_after_the_handover_it_is_destroyed(db, make, look, later):
    case = make.case(filled=True)
    for _ in range(2):
        with transaction() as own:
            service.handed_over(own, case.about)
    closes_at = service.show_file(case.nurse, case.file_id).closes_at
    later(days=13)
    assert ends.destroy_due() == 0
    assert look(case.nurse, case.file_id).person == ROOS
    later(days=1, seconds=1)
    with pytest.raises(vault.Gone):  # before the clock comes by
        look(case.nurse, case.file_id)
    assert closes_at <= time.now()
    assert ends.destroy_due() == 1
    assert_gone(db, case, look, EndReason.HANDED_OVER)


def test_a_placement_that_ends_takes_its_file_along(db, make, look, told):
    case = make.case(filled=True)
    for _ in range(2):
        with transaction() as own:
            service.end_file(own, case.about)
    with pytest.raises(vault.Gone):  # in the transaction itself
        look(case.nurse, case.file_id)
    assert len(keys.names()) == 1
    ends.destroy_ended()
    assert_gone(db, case, look, EndReason.PLACEMENT_ENDED)
    assert told("clients.ended") == ["Anna Asker", "Noor Nurse"]


def test_a_placement_without_a_file_ends_quietly(db, make, logged, told):
    other = make.case(filled=True)
    before = logged(), told("clients.changed")
    with transaction() as own:
        service.end_file(own, new_id())
        service.handed_over(own, new_id())
    assert (logged(), told("clients.changed")) == before
    assert told("clients.ended") == []
    file = db.scalars(select(ClientFile)).one()
    assert (file.id, file.ended_at, file.handed_over_at) == (other.file_id, None, None)


def test_erasing_ends_the_file_for_good(db, make, look, told):
    case = make.case(filled=True)
    for _ in range(2):
        ends.erase(case.nurse, seat(case.nurse), case.file_id)
    assert_gone(db, case, look, EndReason.ERASED)
    assert told("clients.ended") == ["Anna Asker"]
    with pytest.raises(consent.FileEnded):
        make.consented(case)


def test_who_broke_the_glass_stays_known_but_not_why(db, make):
    case = make.case(filled=True)
    glass.break_glass(
        case.carla, seat(case.carla), make.code(case), EmergencyReason.LIFE, "Bewusteloos thuis"
    )
    withdrawn(case)
    db.expire_all()
    row = db.scalars(select(BrokenGlass)).one()
    assert (row.account_id, row.why_sealed) == (case.carla.id, b"")


# --- a crash, and old copies


def test_a_crash_between_the_commit_and_the_key_is_healed_by_the_clock(db, make, look, monkeypatch, logged):
    case = make.case(filled=True)

    def crashes(_names):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(keys, "destroy", crashes)
        with pytest.raises(SystemExit):
            withdrawn(case)
    assert len(keys.names()) == 1
    with pytest.raises(vault.Gone):  # access ended in the transaction
        look(case.nurse, case.file_id)
    assert ends.destroy_due() == 1
    assert_gone(db, case, look, EndReason.WITHDRAWN)
    assert ends.destroy_due() == 0
    assert logged().count(("destroyed", "key", "done")) == 1


def test_a_key_store_that_is_away_does_not_stop_a_withdrawal(db, make, look, monkeypatch):
    case = make.case(filled=True)

    def away(_names):
        raise OSError("away")

    with monkeypatch.context() as patch:
        patch.setattr(keys, "destroy", away)
        withdrawn(case)
        with pytest.raises(OSError, match="away"):  # the clock says so in the log, and comes again
            ends.destroy_due()
    assert ends.destroy_due() == 1
    assert_gone(db, case, look, EndReason.WITHDRAWN)


def test_a_crash_after_the_key_and_before_it_was_noted_is_noted_by_the_clock(db, make, look, monkeypatch):
    case = make.case(filled=True)

    def crashes(*_args):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(ends, "_note_destroyed", crashes)
        with pytest.raises(SystemExit):
            withdrawn(case)
    assert keys.names() == {}
    assert ends.destroy_due() == 1
    assert_gone(db, case, look, EndReason.WITHDRAWN)


def test_a_crash_while_consent_is_recorded_leaves_a_key_that_is_swept_after_a_day(
    make, look, monkeypatch, later
):
    case = make.case(filled=True)
    mine = set(keys.names())

    def crashes(*_args):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(consent, "_record", crashes)
        with pytest.raises(SystemExit):
            make.consented(case)
    assert len(keys.names()) == 2
    assert ends.sweep_keys() == 0  # somebody may be about to use it
    later(days=1, seconds=1)
    assert ends.sweep_keys() == 1
    assert set(keys.names()) == mine
    assert look(case.nurse, case.file_id).person == ROOS


def test_keys_that_came_back_with_a_copy_of_the_key_store_are_destroyed_again(make, tmp_path):
    case, other = make.case(filled=True), make.case(filled=True)
    keys.copy_to(tmp_path / "copy.sqlite")
    withdrawn(case)
    keys.add_from(tmp_path / "copy.sqlite")
    assert len(keys.names()) == 2
    assert ends.sweep_keys() == 1
    assert service.my_files(other.nurse)[0].may_look
    vault.look(other.nurse, seat(other.nurse), other.file_id)


def test_a_key_store_of_another_database_is_left_alone(db, key_file, later):
    keys.make(new_id())
    later(days=30)
    assert ends.sweep_keys() == 0


# --- a backup of the whole database


def test_a_backup_from_before_the_withdrawal_cannot_be_opened_afterwards(
    fresh_database, key_file, tmp_path, look
):
    """The whole chain on a real file: with the keys of before it opens, with those of after it never does."""
    engine = fresh_database("sqlite")
    case = _filled_for_real()
    live, backup, keys_then = engine.url.database, tmp_path / "backup.sqlite", tmp_path / "keys-then.sqlite"
    with closing(sqlite3.connect(live)) as connection:
        connection.execute("VACUUM INTO ?", (str(backup),))
    shutil.copy(key_file, keys_then)
    assert _read_backup(backup) == ROOS.name  # so that the test can fail

    withdrawn(case)
    with pytest.raises(vault.Gone):
        look(case.nurse, case.file_id)
    with pytest.raises(_NoKey):
        _read_backup(backup)
    # The truth about copies of the key store: one of before the withdrawal opens it, as long as it is kept.
    keys.use(f"sqlite:///{keys_then}", keys._store.masters)
    assert _read_backup(backup) == ROOS.name
    # And without the master key of then, not even that.
    keys.use(f"sqlite:///{keys_then}", lambda: [crypto.MasterKey(crypto.new_key())])
    with pytest.raises(keys.KeysAway):
        _read_backup(backup)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_that_is_put_back_from_before_the_withdrawal_opens_nothing(
    fresh_database, key_file, tmp_path, look, kind
):
    fresh_database(kind)
    case = _filled_for_real()
    rows = _rows()
    withdrawn(case)
    _put_back(rows)
    with reading() as db:
        assert db.scalars(select(Consent.ended_at)).all() == [None]
        assert len(db.scalars(select(Identity)).all()) == 1
    with pytest.raises(vault.Gone):
        look(case.nurse, case.file_id)
    with reading() as db:
        row = db.scalars(select(Identity)).one()
    for key in [*(keys.get(name) for name in keys.names()), crypto.new_key()]:
        with pytest.raises(CannotOpen):
            sealing.read(key, row, "name")


class _NoKey(Exception):
    """The key store has no key for what is in the backup."""


def _filled_for_real():
    """A file with something in it, in a database that really commits."""
    with transaction() as db:
        make = Make(db)
        case = make.parties()
    case = make.opened(case)
    make.consented(case)
    make.filled(case)
    return case


def _read_backup(path):
    """What somebody reads in a copy of the database who has the key store that is in use."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with Session(engine) as db:
        row = db.scalars(select(Identity)).one()
    if row.consent_id not in keys.names():
        raise _NoKey
    return sealing.read(keys.get(row.consent_id), row, "name")


def _rows():
    """Everything about clients, as it is now."""
    with reading() as db:
        return {
            table: [dict(row) for row in db.execute(select(table.__table__)).mappings()]
            for table in (ClientFile, Consent, *SEALED)
        }


def _put_back(rows):
    with transaction() as db:
        for table in SEALED:
            db.execute(insert(table), rows[table])
        for table in (ClientFile, Consent):
            for row in rows[table]:
                db.execute(update(table.__table__).where(table.id == row["id"]).values(**row))
