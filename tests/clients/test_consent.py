"""What the client said: yes, no, and a new yes in place of an older one."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.clients.make import ROOS, SBAR, seat
from wijkapp.clients import keys, sealing, service
from wijkapp.clients.models import Consent, Identity
from wijkapp.clients.rules import ConsentState, Data, EndReason, GivenBy, How, Purpose, Scope
from wijkapp.clients.service import consent, ends, vault
from wijkapp.clients.service.consent import FileEnded, Given, Objection, StandingObjection
from wijkapp.kit import time
from wijkapp.kit.db import new_id, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound


def given(case, **more):
    said = {"given_by": GivenBy.CLIENT, "how": How.SPOKEN, "purposes": (Purpose.HANDOVER,)}
    return Given(**said | {"scopes": case.scopes()} | more)


def test_a_consent_says_who_what_how_for_what_and_until_when(db, make, told):
    case = make.case()
    made = make.consented(
        case,
        given_by=GivenBy.REPRESENTATIVE,
        how=How.WRITTEN,
        data=(Data.APPOINTMENTS, Data.IDENTITY),
        purposes=(Purpose.CONTINUITY, Purpose.HANDOVER),
        mitz_checked=True,
    )
    row = db.get_one(Consent, made)
    assert (row.given_by, row.how, row.mitz_checked) == (GivenBy.REPRESENTATIVE, How.WRITTEN, True)
    assert (row.data, row.purposes) == (("identity", "appointments"), ("handover", "continuity"))
    assert row.until - row.since == timedelta(days=366)
    assert (row.recorded_by_id, row.told_version, row.holds_key) == (case.asker.id, "2026-11", True)
    assert list(keys.names()) == [made]
    assert told("clients.consented") == ["Noor Nurse"]


def test_only_the_source_writes_a_consent_down_and_not_who_plans(make, logged):
    case = make.case()
    for account, refusal in ((case.nurse, NotAllowed), (case.planner, NotAllowed), (case.carla, NotFound)):
        with pytest.raises(refusal):
            consent.record(account, seat(account), case.file_id, given(case))
        assert logged(account) == [("consent_given", "file", "refused")]
    assert keys.names() == {}


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("purposes", {"purposes": ()}),
        ("scopes", {"scopes": {}}),
        ("scopes", {"scopes": {new_id(): Scope.ALL}}),
        ("until", {"until": time.now() - timedelta(minutes=1)}),
        ("until", {"until": time.now() + timedelta(days=400)}),
    ],
)
def test_a_consent_that_says_too_little_or_too_much_is_refused_at_its_field(make, field, more):
    case = make.case()
    with pytest.raises(Invalid) as wrong:
        consent.record(case.asker, seat(case.asker), case.file_id, given(case, **more))
    assert list(wrong.value.fields) == [field]
    assert keys.names() == {}


def test_a_new_consent_takes_everything_over_to_a_new_key_and_destroys_the_old_one(db, make, look, logged):
    case = make.case(filled=True)
    (old,) = keys.names()
    old_key = keys.get(old)
    sealed = db.scalars(select(Identity.name_sealed)).one()
    new = make.consented(case, scopes=case.scopes(provider=Scope.REPORTS))

    assert list(keys.names()) == [new]
    assert keys.get(new) != old_key
    assert db.scalars(select(Identity.name_sealed)).one() != sealed
    db.expire_all()
    before = db.get_one(Consent, old)
    assert (before.end_reason, before.key_destroyed_at is not None) == (EndReason.REPLACED, True)
    seen = look(case.asker, case.file_id)
    assert (seen.person, seen.handovers[0].sbar) == (ROOS, SBAR)
    assert (len(seen.appointments), len(seen.reports)) == (1, 1)
    assert ("destroyed", "key", "done") in logged()


def test_when_resealing_fails_all_stays_as_it_was(make, look, monkeypatch):
    case = make.case(filled=True)
    before = keys.names()

    def fails(*_args):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(sealing, "reseal", fails)
        with pytest.raises(ZeroDivisionError):
            make.consented(case)
    assert before.keys() < keys.names().keys()  # an orphan, swept later: nobody knows what was stored
    assert look(case.nurse, case.file_id).person == ROOS


def test_what_is_damaged_is_not_taken_over_but_can_be_withdrawn(db, make):
    case = make.case(filled=True)
    (before,) = keys.names()
    db.execute(update(Identity).values(name_sealed=b"beschadigd"))
    with pytest.raises(vault.Damaged):
        make.consented(case)
    assert list(keys.names()) == [before]
    consent.withdraw(case.nurse, seat(case.nurse), case.file_id)
    make.consented(case)


def test_a_new_consent_after_the_old_key_is_gone_starts_with_an_empty_file(make, look):
    case = make.case(filled=True)
    keys.destroy(list(keys.names()))
    make.consented(case)
    seen = look(case.nurse, case.file_id)
    assert (seen.person, seen.handovers, seen.appointments, seen.reports) == (None, (), (), ())


def test_a_no_is_kept_and_shows_on_the_outside(make, look):
    case = make.case()
    no = Objection(GivenBy.CLIENT, How.SPOKEN)
    answer = consent.refuse(case.nurse, seat(case.nurse), case.file_id, no)
    assert consent.refuse(case.nurse, seat(case.nurse), case.file_id, no) == answer  # a double tap
    shell = service.show_file(case.asker, case.file_id)
    assert (shell.state, len(shell.answers)) == (ConsentState.REFUSED, 1)
    with pytest.raises(vault.NoConsent):
        look(case.asker, case.file_id)


def test_who_plans_and_who_is_no_party_cannot_say_no_for_the_client(make):
    case = make.case(filled=True)
    no = Objection(GivenBy.CLIENT, How.SPOKEN)
    for account, refusal in ((case.planner, NotAllowed), (case.carla, NotFound)):
        for say in (consent.refuse, consent.record_objection):
            with pytest.raises(refusal):
                say(account, seat(account), case.file_id, no)
        with pytest.raises(refusal):
            consent.withdraw(account, seat(account), case.file_id)
        with pytest.raises(refusal):
            ends.erase(account, seat(account), case.file_id)
    assert len(keys.names()) == 1


def test_asked_again_the_client_may_say_yes_but_an_objection_must_be_taken_back_first(make, look):
    case = make.case()
    consent.refuse(case.asker, seat(case.asker), case.file_id, Objection(GivenBy.CLIENT, How.SPOKEN))
    make.consented(case)
    assert look(case.nurse, case.file_id).sees == frozenset(Data)

    no = make.objected(case)
    assert keys.names() == {}  # an objection to everything ends what was given
    with pytest.raises(StandingObjection):
        make.consented(case)
    consent.lift(case.asker, seat(case.asker), case.file_id, no)
    make.consented(case)
    assert service.show_file(case.asker, case.file_id).state is ConsentState.GIVEN


def test_a_refusal_of_everything_destroys_what_was_there(make, look):
    case = make.case(filled=True)
    consent.refuse(case.nurse, seat(case.nurse), case.file_id, Objection(GivenBy.CLIENT, How.SPOKEN))
    assert keys.names() == {}
    with pytest.raises(vault.NoConsent):
        look(case.nurse, case.file_id)


def test_an_objection_to_a_party_that_is_none_is_refused(make):
    case = make.case()
    with pytest.raises(Invalid):
        make.objected(case, organisation_id=case.carla.organisation_id)


def test_to_a_placement_that_is_over_nobody_consents(make):
    case = make.case()
    with transaction() as db:
        service.end_file(db, case.about)
    with pytest.raises(FileEnded):
        make.consented(case)
    with pytest.raises(FileEnded):
        make.objected(case)


def test_an_answer_of_another_file_cannot_be_taken_back_here(make):
    case, other = make.case(), make.case()
    no = make.objected(other)
    with pytest.raises(NotFound):
        consent.lift(case.asker, seat(case.asker), case.file_id, no)
