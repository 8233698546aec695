"""Emergencies: a nurse of the region opens a file, the parties hear of it, and the source looks back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.clients.make import ROOS, seat
from wijkapp.clients import service
from wijkapp.clients.models import AuditEvent, BrokenGlass
from wijkapp.clients.rules import GLASS_OPEN, Data, EmergencyReason, Scope, Verdict
from wijkapp.clients.service import consent, glass
from wijkapp.kit import time
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound
from wijkapp.people.rules import Role

WHY = "Gevonden op straat, kan niet praten"


def broken(case, make, by=None, code=None, why=WHY):
    by = by or case.carla
    return glass.break_glass(
        by, seat(by), make.code(case) if code is None else code, EmergencyReason.FOUND, why
    )


def test_in_an_emergency_a_nurse_of_the_region_reads_everything_for_48_hours(make, look, told, monkeypatch):
    case = make.case(filled=True)
    with pytest.raises(NotFound):
        look(case.carla, case.file_id)
    assert broken(case, make) == case.file_id

    seen = look(case.carla, case.file_id)
    assert (seen.person, seen.emergency, seen.writes) == (ROOS, True, frozenset())
    assert seen.sees == frozenset(Data)
    (line,) = service.my_files(case.carla)
    assert (line.emergency, line.source) == (True, False)
    assert told("clients.glass") == ["Anna Asker", "Noor Nurse"]

    later = time.now() + GLASS_OPEN + timedelta(seconds=1)
    monkeypatch.setattr(time, "now", lambda: later)
    with pytest.raises(NotFound):
        look(case.carla, case.file_id)
    assert service.my_files(case.carla) == []


def test_each_look_in_an_emergency_is_logged_as_one(db, make, look):
    case = make.case(filled=True)
    broken(case, make)
    look(case.carla, case.file_id)
    lines = db.scalars(
        select(AuditEvent).where(AuditEvent.account_id == case.carla.id).order_by(AuditEvent.seq)
    ).all()
    assert [(one.event, one.detail) for one in lines] == [("glass_broken", "found")] + [("read", None)] * 4
    assert {one.legal_basis for one in lines} == {"vital_interest"}


def test_nobody_else_of_that_organisation_gets_in_by_it(make, look):
    case = make.case(filled=True)
    broken(case, make)
    colleague = make.account(case.carla.organisation, Role.NURSE)
    with pytest.raises(NotFound):
        look(colleague, case.file_id)


def test_a_party_that_may_see_little_gets_the_rest_in_an_emergency(make, look):
    case = make.case(filled=True)
    make.consented(case, scopes=case.scopes(provider=Scope.PLANNING))
    assert Data.HANDOVER not in look(case.nurse, case.file_id).sees
    broken(case, make, by=case.nurse)
    seen = look(case.nurse, case.file_id)
    assert (seen.sees, seen.writes) == (frozenset(Data), {Data.IDENTITY, Data.APPOINTMENTS})


def test_the_code_may_be_typed_as_people_type(make):
    case = make.case(filled=True)
    code = make.code(case)
    assert broken(case, make, code=f"  {code.lower().replace('-', ' ')} ") == case.file_id
    assert broken(case, make) == case.file_id  # a double tap is the same emergency


@pytest.mark.parametrize("code", ["", "K7QM-4X2P", "x" * 500, "'; --", "ＡＢＣＤ-1234", "\x00"])
def test_a_code_that_is_not_there_opens_nothing(make, code):
    with pytest.raises(glass.NoSuchFile):
        broken(make.case(filled=True), make, code=code)


def test_out_of_the_region_there_is_no_such_file_and_the_try_is_logged(make, logged):
    case = make.case(filled=True)
    elsewhere = make.organisation("Zorg Ver Weg")
    make.region(members=[elsewhere])
    dora = make.account(elsewhere, Role.NURSE)
    with pytest.raises(glass.NoSuchFile):
        broken(case, make, by=dora)
    assert logged(dora) == [("glass_broken", "file", "refused")]


def test_only_a_nurse_breaks_the_glass(make):
    case = make.case(filled=True)
    for account in (case.planner, case.asker, case.admin):
        with pytest.raises(NotAllowed):
            broken(case, make, by=account)


@pytest.mark.parametrize("why", ["", "spoed", " " * 40, "x" * 4001])
def test_why_must_be_said_in_words(make, why):
    with pytest.raises(Invalid) as wrong:
        broken(make.case(filled=True), make, why=why)
    assert list(wrong.value.fields) == ["why"]


def test_without_consent_there_is_nothing_to_open(make):
    case = make.case(filled=True)
    consent.withdraw(case.nurse, seat(case.nurse), case.file_id)
    with pytest.raises(glass.NoSuchFile):
        broken(case, make)


def test_an_objection_holds_in_an_emergency_too(make, look):
    case = make.case(filled=True)
    make.objected(case, data=(Data.REPORTS,))
    broken(case, make)
    assert look(case.carla, case.file_id).sees == frozenset(Data) - {Data.REPORTS}

    make.objected(case, organisation_id=case.provider.id)
    with pytest.raises(glass.Objected):
        broken(case, make, by=case.nurse)


def test_a_withdrawal_closes_what_was_broken_open(make, look):
    case = make.case(filled=True)
    broken(case, make)
    consent.withdraw(case.asker, seat(case.asker), case.file_id)
    make.consented(case)  # asked again, given again: that emergency is over
    with pytest.raises(NotFound):
        look(case.carla, case.file_id)


def test_a_new_consent_keeps_the_emergency_and_its_words(make, look):
    case = make.case(filled=True)
    broken(case, make)
    make.consented(case)
    assert look(case.carla, case.file_id).person == ROOS
    (why,) = look(case.asker, case.file_id).emergencies
    assert (why.why, why.by, why.organisation) == (WHY, "Carla Elders", "Zorg West")


# --- looking back


def test_the_source_reads_why_and_looks_back(db, make, look):
    case = make.case(filled=True)
    broken(case, make)
    (why,) = look(case.asker, case.file_id).emergencies
    assert why.why == WHY
    assert look(case.nurse, case.file_id).emergencies == ()
    assert WHY.encode() not in db.scalars(select(BrokenGlass.why_sealed)).one()

    (line,) = service.show_file(case.asker, case.file_id).emergencies
    assert line.may_review
    glass.review(case.asker, seat(case.asker), line.id, Verdict.JUSTIFIED)
    (line,) = service.show_file(case.nurse, case.file_id).emergencies
    assert (line.verdict, line.may_review) == (Verdict.JUSTIFIED, False)
    assert look(case.carla, case.file_id).person == ROOS
    with pytest.raises(glass.AlreadyReviewed):
        glass.review(case.asker, seat(case.asker), line.id, Verdict.UNJUSTIFIED)


def test_what_was_not_right_closes_at_once(make, look, told):
    case = make.case(filled=True)
    broken(case, make)
    (line,) = service.show_file(case.asker, case.file_id).emergencies
    glass.review(case.asker, seat(case.asker), line.id, Verdict.UNJUSTIFIED)
    with pytest.raises(NotFound):
        look(case.carla, case.file_id)
    assert "Carla Elders" in told("clients.changed")


def test_nobody_else_looks_back(make):
    case = make.case(filled=True)
    broken(case, make)
    (line,) = service.show_file(case.asker, case.file_id).emergencies
    for account, refusal in ((case.nurse, NotAllowed), (case.carla, NotFound), (case.admin, NotFound)):
        with pytest.raises(refusal):
            glass.review(account, seat(account), line.id, Verdict.JUSTIFIED)


def test_nobody_looks_back_at_the_own_emergency(db, make):
    case = make.case(filled=True)
    organisation = make.organisation("Bron")
    nurse = make.account(case.practice, Role.NURSE)
    make.consented(case, scopes=case.scopes(practice=Scope.PLANNING))
    broken(case, make, by=nurse)
    (line,) = service.show_file(nurse, case.file_id).emergencies
    assert not line.may_review
    with pytest.raises(NotAllowed):
        glass.review(nurse, seat(nurse), line.id, Verdict.JUSTIFIED)
    assert organisation
