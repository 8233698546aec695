"""What is known of a client: only for the parties, by the client's word and by role; each look is logged."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.clients.make import ROOS, SBAR, TOMORROW, seat
from wijkapp.clients import keys, sealing, service
from wijkapp.clients.models import Appointment, AuditEvent, HandoverNote, Identity, Report
from wijkapp.clients.rules import ConsentState, Data, Scope
from wijkapp.clients.service import consent, vault
from wijkapp.kit import time
from wijkapp.kit.crypto import CannotOpen
from wijkapp.kit.db import new_id
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound

EVERYTHING = frozenset(Data)
PLANNING = frozenset({Data.IDENTITY, Data.APPOINTMENTS})


def test_without_consent_nobody_can_look_or_write(make, look, logged):
    case = make.case()
    for account in (case.asker, case.nurse, case.planner):
        with pytest.raises(vault.NoConsent):
            look(account, case.file_id)
    with pytest.raises(vault.NoConsent):
        vault.write_identity(case.asker, seat(case.asker), case.file_id, ROOS)
    assert logged(case.nurse) == [("read", "file", "refused")]
    assert logged(case.asker) == [("read", "file", "refused"), ("written", "identity", "refused")]


def test_what_one_party_writes_the_other_reads_as_it_was_written(make, look):
    case = make.case(filled=True)
    seen = look(case.nurse, case.file_id)

    assert (seen.person, seen.handovers[0].sbar) == (ROOS, SBAR)
    assert seen.person_written.by == "Anna Asker"
    assert seen.person_written.organisation == "Huisartsen Lunetten"
    (appointment,) = seen.appointments
    assert (appointment.at, appointment.what) == (TOMORROW, "Wondzorg")
    assert appointment.organisation == "Zorg Oost"
    assert [report.text for report in seen.reports] == ["Mevrouw at goed vandaag"]
    assert (seen.sees, seen.writes, seen.emergency) == (EVERYTHING, EVERYTHING, False)


def test_each_look_is_a_line_in_the_log_for_each_kind_of_data(db, make, look, logged):
    case = make.case(filled=True)
    look(case.nurse, case.file_id)
    look(case.planner, case.file_id)

    assert logged(case.nurse) == [
        ("read", kind, "done") for kind in ("identity", "handover", "appointments", "reports")
    ]
    assert logged(case.planner) == [("read", "identity", "done"), ("read", "appointments", "done")]
    line = db.scalars(select(AuditEvent).where(AuditEvent.account_id == case.nurse.id)).first()
    assert (line.client_code, line.ip, line.purpose) == (make.code(case), "192.0.2.7", "handover")
    assert (line.legal_basis, line.consent_id) == ("consent", vault_key(case))


def vault_key(case):
    (name,) = keys.names()
    return name


@pytest.mark.parametrize(
    ("scope", "nurse_sees", "planner_sees"),
    [
        (Scope.ALL, EVERYTHING, PLANNING),
        (Scope.REPORTS, EVERYTHING - {Data.HANDOVER}, PLANNING),
        (Scope.PLANNING, PLANNING, PLANNING),
    ],
)
def test_a_party_sees_as_much_as_the_client_said_and_who_plans_never_more_than_planning(
    make, look, scope, nurse_sees, planner_sees
):
    case = make.case(filled=True)
    make.consented(case, scopes=case.scopes(provider=scope))

    seen = look(case.nurse, case.file_id)
    assert seen.sees == nurse_sees
    assert seen.person
    assert seen.appointments
    assert bool(seen.handovers) is (Data.HANDOVER in nurse_sees)
    assert bool(seen.reports) is (Data.REPORTS in nurse_sees)
    planned = look(case.planner, case.file_id)
    assert (planned.sees, planned.handovers, planned.reports) == (planner_sees, (), ())
    assert planned.writes == {Data.APPOINTMENTS}


def test_a_party_that_the_client_shut_out_sees_nothing_but_that_there_is_a_file(make, look):
    case = make.case(filled=True)
    make.consented(case, scopes=case.scopes(provider=Scope.NONE))
    with pytest.raises(vault.NoConsent):
        look(case.nurse, case.file_id)
    assert service.show_file(case.nurse, case.file_id).sees == frozenset()
    assert look(case.asker, case.file_id).sees == EVERYTHING


def test_who_is_no_party_or_has_no_role_for_clients_does_not_find_the_file(make, look, logged):
    case = make.case(filled=True)
    before = len(logged())
    for stranger in (case.carla, case.admin):
        with pytest.raises(NotFound):
            look(stranger, case.file_id)
        with pytest.raises(NotFound):
            service.show_file(stranger, case.file_id)
        with pytest.raises(NotFound):
            service.watch(stranger, case.file_id)
        with pytest.raises(NotFound):
            vault.add_report(stranger, seat(stranger), case.file_id, "Hallo")
        assert service.my_files(stranger) == []
        assert logged(stranger) == [("read", "file", "refused"), ("written", "reports", "refused")]
    assert len(logged()) == before + 4


def test_a_file_that_is_not_there_is_not_found(make, look):
    with pytest.raises(NotFound):
        look(make.case().nurse, new_id())


# --- objections at every look


def test_an_objection_to_one_party_shuts_that_party_out_at_its_next_look(make, look, told):
    case = make.case(filled=True)
    look(case.nurse, case.file_id)
    make.objected(case, organisation_id=case.provider.id)

    with pytest.raises(vault.NoConsent):
        look(case.nurse, case.file_id)
    assert look(case.asker, case.file_id).person == ROOS
    assert told("clients.refused") == ["Noor Nurse"]


def test_an_objection_to_one_kind_of_data_hides_that_kind_for_everybody(make, look):
    case = make.case(filled=True)
    make.objected(case, by=case.nurse, data=(Data.REPORTS,))
    for account in (case.asker, case.nurse):
        seen = look(account, case.file_id)
        assert (seen.sees, seen.reports) == (EVERYTHING - {Data.REPORTS}, ())
    with pytest.raises(NotAllowed):
        vault.add_report(case.asker, seat(case.asker), case.file_id, "Toch")


def test_an_objection_to_one_kind_for_one_party_leaves_the_rest(make, look):
    case = make.case(filled=True)
    make.objected(case, organisation_id=case.provider.id, data=(Data.HANDOVER,))
    assert look(case.nurse, case.file_id).sees == EVERYTHING - {Data.HANDOVER}
    assert look(case.asker, case.file_id).sees == EVERYTHING


def test_an_objection_that_is_taken_back_no_longer_counts(make, look):
    case = make.case(filled=True)
    no = make.objected(case, organisation_id=case.provider.id)
    with pytest.raises(NotAllowed):  # the source asks, so the source writes this down
        consent.lift(case.nurse, seat(case.nurse), case.file_id, no)
    consent.lift(case.asker, seat(case.asker), case.file_id, no)
    consent.lift(case.asker, seat(case.asker), case.file_id, no)
    assert look(case.nurse, case.file_id).sees == EVERYTHING


# --- writing


def test_a_correction_takes_the_place_of_the_identity_and_is_a_line_of_its_own(db, make, look, logged):
    case = make.case(filled=True)
    right = vault.Person(name="Roos van de Velden")
    vault.write_identity(case.nurse, seat(case.nurse), case.file_id, right)
    assert look(case.asker, case.file_id).person == right
    assert logged(case.nurse) == [("corrected", "identity", "done")]
    assert len(db.scalars(select(Identity)).all()) == 1


def test_a_new_handover_and_a_corrected_report_keep_the_older_ones(make, look):
    case = make.case(filled=True)
    old = look(case.asker, case.file_id).reports[0].id
    vault.write_handover(case.asker, seat(case.asker), case.file_id, vault.Sbar("Nu beter"))
    new = vault.add_report(case.asker, seat(case.asker), case.file_id, "Ze at niet", corrects=old)

    seen = look(case.nurse, case.file_id)
    assert [one.sbar.situation for one in seen.handovers] == ["Nu beter", "Gevallen in huis"]
    first, second = seen.reports
    assert (first.corrected_by_id, second.corrects_id, second.id) == (new, old, new)


def test_who_plans_writes_appointments_and_nothing_else(make, look):
    case = make.case(filled=True)
    place = seat(case.planner)
    made = vault.add_appointment(case.planner, place, case.file_id, TOMORROW, "Wassen", case.provider.id)
    vault.cancel_appointment(case.planner, place, case.file_id, made)
    vault.cancel_appointment(case.planner, place, case.file_id, made)
    cancelled = {one.what: bool(one.cancelled_at) for one in look(case.nurse, case.file_id).appointments}
    assert cancelled == {"Wondzorg": False, "Wassen": True}
    with pytest.raises(NotAllowed):
        vault.write_identity(case.planner, place, case.file_id, ROOS)
    with pytest.raises(NotAllowed):
        vault.write_handover(case.planner, place, case.file_id, SBAR)
    with pytest.raises(NotAllowed):
        vault.add_report(case.planner, place, case.file_id, "Hallo")


def test_what_belongs_to_another_file_is_not_found_in_this_one(make, look):
    case, other = make.case(filled=True), make.case(filled=True)
    report = look(other.asker, other.file_id).reports[0].id
    appointment = look(other.asker, other.file_id).appointments[0].id
    place = seat(case.asker)
    with pytest.raises(NotFound):
        vault.add_report(case.asker, place, case.file_id, "Nee", corrects=report)
    with pytest.raises(NotFound):
        vault.cancel_appointment(case.asker, place, case.file_id, appointment)
    with pytest.raises(Invalid):
        vault.add_appointment(case.asker, place, case.file_id, TOMORROW, "x", other.provider.id)


@pytest.mark.parametrize("text", ["", "   ", "a" * 4001, "a\x00b", "\ud800"])
def test_text_that_cannot_be_kept_is_refused_at_its_field(make, text):
    case = make.case(consented=True)
    with pytest.raises(Invalid) as wrong:
        vault.add_report(case.asker, seat(case.asker), case.file_id, text)
    assert list(wrong.value.fields) == ["text"]


@pytest.mark.parametrize("text", ["👵🏽" * 900, "\u202egnihtemos", "رغد العمري", "Zoë 𝓡"])
def test_any_writing_comes_back_as_it_went_in(make, look, text):
    case = make.case(consented=True)
    vault.add_report(case.asker, seat(case.asker), case.file_id, text)
    assert look(case.nurse, case.file_id).reports[0].text == text


def test_the_others_hear_that_something_was_written_and_those_who_may_not_see_it_do_not(make, told):
    case = make.case(filled=True)
    assert told("clients.report") == told("clients.handover") == ["Noor Nurse"]
    make.consented(case, scopes=case.scopes(provider=Scope.PLANNING))
    vault.add_report(case.asker, seat(case.asker), case.file_id, "Alleen voor ons")
    assert told("clients.report").count("Noor Nurse") == 1


# --- at rest


def test_no_word_of_the_client_is_in_the_database(db, make):
    case = make.case(filled=True)
    words = [
        b"Roos",
        b"Velden",
        b"Kanaalweg",
        b"kluis 4471",
        b"1941-",
        b"Marijke",
        b"Heup",
        b"Wondzorg",
        b"goed",
    ]
    for table in (Identity, HandoverNote, Appointment, Report):
        for row in db.scalars(select(table).where(table.file_id == case.file_id)):
            held = [getattr(row, column.key) for column in table.__table__.columns]
            raw = b"".join(one if isinstance(one, bytes) else str(one).encode() for one in held)
            assert not any(word in raw for word in words)


def test_a_sealed_value_opens_in_no_other_row_column_or_table(db, make):
    case = make.case(filled=True)
    key = keys.get(vault_key(case))
    row = db.get_one(Identity, case.file_id)
    assert sealing.read(key, row, "name") == ROOS.name
    name = row.name_sealed
    row.address_sealed = name
    with pytest.raises(CannotOpen):
        sealing.read(key, row, "address")
    elsewhere = Identity(file_id=new_id(), name_sealed=name)
    with pytest.raises(CannotOpen):
        sealing.read(key, elsewhere, "name")
    report = Report(id=case.file_id, text_sealed=name)
    with pytest.raises(CannotOpen):
        sealing.read(key, report, "text")


def test_what_was_moved_or_changed_in_the_database_does_not_open_and_is_not_shown(db, make, look, logged):
    case, other = make.case(filled=True), make.case(filled=True)
    theirs = db.get_one(Identity, other.file_id)
    mine = db.get_one(Identity, case.file_id)
    mine.name_sealed, theirs.phone_sealed = theirs.name_sealed, b"kort"
    db.flush()
    for one in (case, other):
        with pytest.raises(vault.Damaged):
            look(one.nurse, one.file_id)
    assert ("read", "identity", "done") in logged(case.nurse)


# --- the outside


def test_the_outside_shows_code_parties_and_what_the_client_said_but_nothing_of_the_client(make, logged):
    case = make.case(filled=True)
    make.objected(case, organisation_id=case.provider.id, data=(Data.REPORTS,))
    before = logged()
    shell = service.show_file(case.nurse, case.file_id)

    assert logged() == before
    assert (shell.state, shell.code) == (ConsentState.GIVEN, make.code(case))
    assert [(one.name, one.source, one.scope) for one in shell.parties] == [
        ("Huisartsen Lunetten", True, Scope.ALL),
        ("Zorg Oost", False, Scope.ALL),
    ]
    assert shell.parties[1].sees == EVERYTHING - {Data.REPORTS}
    assert [one.answer.value for one in shell.answers] == ["objection", "given"]
    assert shell.answers[0].organisation == "Zorg Oost"
    assert (shell.may_record, shell.may_refuse, shell.may_withdraw) == (False, True, True)
    assert not any(word in repr(shell) for word in ("Roos", "Velden", "Kanaalweg", "Wondzorg"))


def test_my_files_are_those_of_my_organisation_and_planners_find_them_too(make):
    case = make.case(filled=True)
    make.case()
    for account in (case.asker, case.nurse, case.planner):
        (line,) = service.my_files(account)
        assert (line.file_id, line.may_look, line.state) == (case.file_id, True, ConsentState.GIVEN)
    (line,) = service.my_files(case.nurse)
    assert (line.others, line.source, line.emergency) == (("Huisartsen Lunetten",), False, False)


def test_the_page_of_a_placement_asks_how_its_file_stands(db, make):
    case = make.case()
    state = service.file_about(db, case.nurse, case.about)
    assert (state.file_id, state.state, state.may_look) == (case.file_id, ConsentState.WAITING, False)
    make.consented(case)
    assert service.file_about(db, case.nurse, case.about).may_look
    assert service.file_about(db, case.carla, case.about) is None
    assert service.file_about(db, case.nurse, new_id()) is None


def test_codes_differ_and_can_be_read_aloud(db, make):
    codes = {make.code(make.case()) for _ in range(20)}
    assert len(codes) == 20
    assert not any(set(code) & set("01ILO") for code in codes)


# --- when it is gone


def test_a_consent_whose_time_is_over_shows_nothing_before_the_clock_comes_by(make, look, monkeypatch):
    case = make.case(filled=True)
    soon = time.now() + timedelta(minutes=5)
    make.consented(case, until=soon)
    monkeypatch.setattr(time, "now", lambda: soon)
    with pytest.raises(vault.Gone):
        look(case.nurse, case.file_id)
    assert service.show_file(case.nurse, case.file_id).end_reason.value == "expired"


def test_a_key_that_is_missing_says_that_the_data_is_gone(make, look):
    case = make.case(filled=True)
    keys.destroy(list(keys.names()))  # a database put back from before the client withdrew
    with pytest.raises(vault.Gone):
        look(case.nurse, case.file_id)
    with pytest.raises(vault.Gone):
        vault.add_report(case.asker, seat(case.asker), case.file_id, "Toch")


def test_after_a_new_consent_the_key_that_was_fetched_before_is_fetched_again(make, look, monkeypatch):
    case = make.case(filled=True)
    fetched, get = [], keys.get

    def slow(name):
        fetched.append(name)
        if len(fetched) == 1:  # between fetching the key and opening the file
            make.consented(case)
            return None
        return get(name)

    monkeypatch.setattr(keys, "get", slow)
    assert look(case.nurse, case.file_id).person == ROOS
    assert len(set(fetched)) == 2


def test_when_others_keep_changing_the_consent_one_is_asked_to_try_again(make, look, monkeypatch):
    case = make.case(filled=True)
    monkeypatch.setattr("wijkapp.clients.service.opening.key_name", lambda _file_id: new_id())
    with pytest.raises(vault.Busy):
        look(case.nurse, case.file_id)
