"""Many at the same moment, with real threads on real databases: nothing is lost, and nothing stays behind."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from tests import servers
from tests.clients.make import ROOS, Case, Make, seat
from tests.racing import all_at_once
from wijkapp.clients import keys
from wijkapp.clients.models import AuditEvent, BrokenGlass, Consent, Identity, Report
from wijkapp.clients.rules import EmergencyReason
from wijkapp.clients.service import audit, consent, ends, glass, vault
from wijkapp.kit import crypto
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Refused
from wijkapp.kit.outbox import Event


@pytest.fixture(params=servers.KINDS)
def case(request, fresh_database, tmp_path, worker_id, monkeypatch) -> Iterator[Case]:
    """A filled file in a database that really commits, and its keys in a store of the same kind."""
    monkeypatch.setattr(keys, "_store", None)
    fresh_database(request.param)
    name, masters = f"race_keys_{worker_id}", [crypto.MasterKey(crypto.new_key())]
    url = f"sqlite:///{tmp_path}/keys" if request.param == "sqlite" else servers.empty_postgresql(name)
    keys.use(url, lambda: masters)
    with transaction() as db:
        make = Make(db)
        parties = make.parties()
    made = make.opened(parties)
    make.consented(made)
    make.filled(made)
    yield made
    assert audit.verify() is None
    keys._store.engine.dispose()
    if request.param == "postgresql":
        servers.drop("postgresql", name)


def look(case: Case, account=None):
    account = account or case.nurse
    return vault.look(account, seat(account), case.file_id)


def report(case: Case, text: str):
    return vault.add_report(case.nurse, seat(case.nurse), case.file_id, text)


def withdraw(case: Case, account):
    consent.withdraw(account, seat(account), case.file_id)


def consented_again(case: Case):
    return Make.consented(None, case)


def count(kind, *where: object) -> int:
    with reading() as db:
        return db.scalar(select(func.count()).select_from(kind).where(*where))


def test_what_is_written_while_consent_is_renewed_is_readable_afterwards(case):
    said = all_at_once(
        [lambda n=n: report(case, f"Bericht {n}") for n in range(6)]
        + [lambda: consented_again(case), lambda: consented_again(case)]
    )
    assert {type(one) for one in said if isinstance(one, Refused)} <= {vault.Busy}
    stored = {one for one in said[:6] if not isinstance(one, Refused)}
    seen = look(case)
    assert stored <= {one.id for one in seen.reports}
    assert seen.person == ROOS
    assert len(keys.names()) == 1
    assert count(Consent, Consent.holds_key, Consent.ended_at.is_(None)) == 1


def test_who_looks_while_the_client_withdraws_sees_all_or_nothing_and_afterwards_nothing(case):
    said = all_at_once([lambda: look(case)] * 5 + [lambda: withdraw(case, case.asker)])
    assert all(isinstance(one, vault.Gone) or one.person == ROOS for one in said[:5])
    with pytest.raises(vault.Gone):
        look(case)
    assert keys.names() == {}
    assert count(Identity) == 0


def test_what_is_written_while_the_client_withdraws_does_not_stay(case):
    said = all_at_once(
        [lambda n=n: report(case, f"Bericht {n}") for n in range(5)] + [lambda: withdraw(case, case.asker)]
    )
    assert {type(one) for one in said if isinstance(one, Refused)} <= {vault.Gone}
    assert (count(Report), keys.names()) == (0, {})


def test_of_withdrawals_at_one_moment_one_counts(case):
    acts = [lambda: withdraw(case, case.asker), lambda: withdraw(case, case.nurse)] * 3
    assert all_at_once(acts) == [None] * 6
    assert count(AuditEvent, AuditEvent.event == "withdrawn") == 1
    assert count(AuditEvent, AuditEvent.event == "destroyed") == 1
    assert count(Event, Event.name == "clients.withdrawn") == 1


def test_a_consent_and_a_withdrawal_at_one_moment_leave_one_or_the_other_whole(case):
    all_at_once([lambda: consented_again(case), lambda: withdraw(case, case.nurse)])
    holders = count(Consent, Consent.holds_key, Consent.ended_at.is_(None))
    assert len(keys.names()) == holders
    if holders:
        look(case)  # what is there opens
    else:
        with pytest.raises(vault.Gone):
            look(case)


def test_two_clocks_destroy_once(case):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ends, "destroy_ended", lambda: None)
        withdraw(case, case.nurse)
    assert sum(all_at_once([ends.destroy_due] * 4)) == 1
    assert count(AuditEvent, AuditEvent.event == "destroyed") == 1


def test_a_double_tap_in_an_emergency_is_one_emergency(case):
    def broken():
        return glass.break_glass(
            case.carla, seat(case.carla), code, EmergencyReason.LIFE, "Bewusteloos thuis"
        )

    with reading() as db:
        code = db.scalars(select(AuditEvent.client_code).where(AuditEvent.client_code.is_not(None))).first()
    assert all_at_once([broken] * 4) == [case.file_id] * 4
    assert count(BrokenGlass) == 1
