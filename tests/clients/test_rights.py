"""A client's rights: who looked, everything there is, put right and forgotten."""

import json

import pytest
from sqlalchemy import select

from tests.clients.make import ROOS, seat
from wijkapp.clients import privacy_papers as papers
from wijkapp.clients import privacy_wording as says
from wijkapp.clients.audit_rules import Event, Outcome
from wijkapp.clients.models import AuditEvent
from wijkapp.clients.rules import Data, Scope
from wijkapp.clients.service import audit, consent, ends, rights, vault
from wijkapp.clients.service.access_log import access_log
from wijkapp.kit import time
from wijkapp.kit.errors import NotAllowed, NotFound
from wijkapp.people.rules import Role

WORDS = ("Roos", "Velden", "Kanaalweg", "1941", "Marijke", "kluis 4471", "Gevallen", "Wondzorg", "at goed")


@pytest.fixture
def case(make):
    return make.case(filled=True)


def everything(case, who=None):
    who = who or case.asker
    return rights.everything(who, seat(who), case.file_id)


# --- who looked


def test_the_log_says_who_did_what_and_why_without_anything_of_the_client(case):
    vault.look(case.nurse, seat(case.nurse), case.file_id)
    log = access_log(case.asker, case.file_id)

    last = log.happened[0]
    assert (last.who, last.event, set(last.kinds)) == ("Noor Nurse", Event.READ, set(Data))
    said = says.did(last)
    assert said.startswith("bekeek ")
    assert "naam en adres" in said
    assert "toestemming" in says.why(last)
    everything_said = json.dumps([papers._line(one) for one in log.happened])
    assert not any(word in everything_said for word in WORDS)


def test_somebody_who_was_refused_stands_in_it(case, make):
    make.consented(case, scopes=case.scopes(provider=Scope.NONE))
    with pytest.raises(vault.NoConsent):
        vault.look(case.nurse, seat(case.nurse), case.file_id)
    last = access_log(case.asker, case.file_id).happened[0]
    assert (last.who, last.outcome) == ("Noor Nurse", Outcome.REFUSED)
    assert "mocht dat niet" in says.did(last)


def test_each_event_and_refusal_has_words(case):
    (one,) = access_log(case.asker, case.file_id).happened[:1]
    for event in Event:
        for outcome in Outcome:
            happened = one.__class__(**{**one.__dict__, "event": event, "outcome": outcome})
            assert says.did(happened)
            assert "%" not in says.did(happened)


def test_a_period_holds_its_own_days_only(case):
    today = time.today()
    assert access_log(case.asker, case.file_id, since=today, until=today).happened
    tomorrow = today.fromordinal(today.toordinal() + 1)
    assert access_log(case.asker, case.file_id, since=tomorrow).happened == ()
    yesterday = today.fromordinal(today.toordinal() - 1)
    assert access_log(case.asker, case.file_id, until=yesterday).happened == ()


def test_a_long_log_comes_in_pieces_that_join(case):
    whole = access_log(case.asker, case.file_id)
    seen, before = [], None
    while True:
        piece = access_log(case.asker, case.file_id, before=before, most=3)
        seen += [kind for one in piece.happened for kind in one.kinds]
        before = piece.older
        if before is None:
            break
    assert len(seen) == sum(len(one.kinds) for one in whole.happened)


def test_only_parties_read_it(case):
    for who in (case.nurse, case.planner, case.asker):
        assert access_log(who, case.file_id).code
    with pytest.raises(NotFound):
        access_log(case.carla, case.file_id)
    with pytest.raises(NotAllowed):
        access_log(case.admin, case.file_id)


def test_it_is_readable_after_everything_was_destroyed(case):
    consent.withdraw(case.asker, seat(case.asker), case.file_id)
    log = access_log(case.nurse, case.file_id)
    assert Event.WITHDRAWN in {one.event for one in log.happened}
    assert papers.access_log(log, "Huisartsen Lunetten").startswith(b"%PDF")


# --- everything


def test_a_copy_holds_all_of_it_and_making_it_is_in_the_log(case, db):
    found = everything(case)

    text = json.dumps(rights.for_computers(found))
    assert all(word in text for word in WORDS)
    lines = db.scalars(select(AuditEvent).where(AuditEvent.event == Event.EXPORTED)).all()
    assert {line.object_kind for line in lines} == set(Data)
    assert {line.account_id for line in lines} == {case.asker.id}
    assert found.log.happened[0].event is Event.EXPORTED
    assert papers.everything(found).startswith(b"%PDF")
    assert audit.verify() is None


def test_after_withdrawal_a_copy_holds_what_is_left_and_says_why(case):
    consent.withdraw(case.asker, seat(case.asker), case.file_id)
    found = everything(case)

    text = json.dumps(rights.for_computers(found))
    assert not any(word in text for word in WORDS if word != "1941")
    assert found.content is None
    assert "vernietigd" in (found.why_not or "")
    assert found.shell.answers
    assert papers.everything(found).startswith(b"%PDF")


def test_what_the_client_keeps_from_this_organisation_is_left_out_and_named(case, make):
    make.objected(case, organisation_id=case.practice.id, data=(Data.REPORTS,))
    found = rights.for_computers(everything(case))
    assert found["left_out"] == ["reports"]
    assert found["reports"] == []


def test_only_who_asked_for_consent_and_speaks_with_clients_makes_it(case, make):
    desk = make.account(case.practice, Role.ADMIN)
    for who, refusal in (
        (case.nurse, NotAllowed),
        (case.planner, NotAllowed),
        (case.carla, NotFound),
        (desk, NotFound),
    ):
        with pytest.raises(refusal):
            everything(case, who)


def test_what_typst_would_run_is_only_text(case):
    words = '#panic() *x* $ \\ " ] } // </script>'
    vault.write_identity(case.asker, seat(case.asker), case.file_id, vault.Person(name=words))
    vault.add_report(case.asker, seat(case.asker), case.file_id, words + "\n\U0001f469\u200d\u2695\ufe0f")
    assert papers.everything(everything(case)).startswith(b"%PDF")


# --- put right, forgotten


def test_putting_right_is_in_the_log_and_strikes_the_old_words(case, logged):
    report = vault.look(case.asker, seat(case.asker), case.file_id).reports[0]
    vault.add_report(case.asker, seat(case.asker), case.file_id, "Mevrouw at weinig", corrects=report.id)
    vault.write_identity(case.asker, seat(case.asker), case.file_id, ROOS)

    old, new = vault.look(case.asker, seat(case.asker), case.file_id).reports
    assert (old.corrected_by_id, new.corrects_id) == (new.id, old.id)
    assert ("corrected", "reports", "done") in logged()
    assert ("corrected", "identity", "done") in logged()
    assert papers._reports(everything(case).content)[0]["struck"]


def test_forgetting_leaves_the_log(case):
    ends.erase(case.asker, seat(case.asker), case.file_id)
    found = everything(case)
    assert found.content is None
    assert Event.ERASED in {one.event for one in found.log.happened}
    assert audit.verify() is None
