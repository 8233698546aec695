"""The pages of a client's file: who gets in, what stands there, and what a browser may keep of it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.clients.make import ROOS, Case, seat
from tests.web import Visitor, make_app
from wijkapp.clients import abouts, keys, service
from wijkapp.clients.models import AuditEvent, Consent, HandoverNote, Identity, Report
from wijkapp.clients.rules import Answer, Data, Scope
from wijkapp.clients.service import vault
from wijkapp.kit import time
from wijkapp.people.models import Account
from wijkapp.people.rules import OrganisationKind, Role

pytestmark = pytest.mark.database("sqlite")  # what pages say does not depend on the database

EVERY_WORD = (
    "Roos",
    "Velden",
    "Kanaalweg",
    "-1941",
    "Marijke",
    "kluis 4471",
    "Gevallen",
    "Wondzorg",
    "at goed",
)
PLANNING = ("Roos", "Kanaalweg", "kluis 4471", "Wondzorg")
PART = {"HX-Request": "true"}


@pytest.fixture(scope="session")
def clients_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_app(database_url, tmp_path_factory.mktemp("instance"), demo=True)


@pytest.fixture
def enter(clients_app: Flask, db: object, make: object) -> Callable[[Account], Visitor]:
    """`enter(account)`: this person's browser, logged in; on the key store of the test."""
    return lambda account: Visitor(clients_app).signs_in(account)


@pytest.fixture
def case(make) -> Case:
    return make.case(filled=True)


def looked(visitor: Visitor, case: Case, **more: object):
    return visitor.post(f"/clienten/{case.file_id}/inzien", **more)


# --- who gets in


def test_a_carer_of_a_party_opens_the_file_and_sees_all_of_it(enter, case):
    answer = looked(enter(case.nurse), case)
    assert answer.status_code == 200
    assert all(word in answer.text for word in EVERY_WORD)


def test_who_plans_sees_who_where_and_when_and_no_more(enter, case):
    text = looked(enter(case.planner), case, headers=PART).text
    assert all(word in text for word in PLANNING)
    assert not any(word in text for word in EVERY_WORD if word in ("Gevallen", "at goed"))
    assert "/overdracht" not in text
    assert "/berichten" not in text


@pytest.mark.parametrize("path", ["", "/stand", "/toestemming"])
def test_carla_of_another_organisation_never_gets_in(enter, case, path):
    assert enter(case.carla).get(f"/clienten/{case.file_id}{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["inzien", "wie", "overdracht", "afspraken", "berichten", "toestemming", "intrekken", "wissen"]
)
def test_carla_changes_nothing_either(enter, case, path):
    assert enter(case.carla).post(f"/clienten/{case.file_id}/{path}").status_code == 404


def test_an_insurer_and_an_admin_never_get_in(enter, make, case):
    insurer = make.account(make.organisation(kind=OrganisationKind.INSURER, name="Verzekeraar"), Role.VIEWER)
    for account in (insurer, case.admin):
        visitor = enter(account)
        assert visitor.get("/clienten").status_code == 403
        assert visitor.get(f"/clienten/{case.file_id}").status_code == 403
        assert looked(visitor, case).status_code == 403


def test_without_consent_there_is_nothing_to_open(enter, make):
    waiting = make.case()
    visitor = enter(waiting.nurse)
    page = visitor.get(f"/clienten/{waiting.file_id}")
    assert "Wacht op toestemming" in page.text
    assert looked(visitor, waiting).status_code == 403


def test_what_the_client_did_not_want_to_share_is_not_on_the_page(enter, make):
    case = make.case()
    make.consented(case, scopes=case.scopes(provider=Scope.REPORTS))
    make.filled(case)
    text = looked(enter(case.nurse), case).text
    assert "at goed" in text
    assert "Gevallen" not in text


# --- what a browser may keep


def test_looking_is_a_post_and_the_page_itself_says_nothing_of_the_client(enter, case, logged):
    visitor = enter(case.nurse)
    for path in ("", "/stand"):
        text = visitor.get(f"/clienten/{case.file_id}{path}").text
        assert not any(word in text for word in EVERY_WORD)
    again = visitor.get(f"/clienten/{case.file_id}/inzien")
    assert again.location == f"/clienten/{case.file_id}"
    assert logged(case.nurse) == []
    looked(visitor, case)
    assert {kind for _event, kind, _outcome in logged(case.nurse)} == set(Data)


@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/stand", "/nood"])
def test_no_page_of_a_file_is_kept_anywhere(enter, case, path):
    answer = enter(case.nurse).get("/clienten" + path.format(id=case.file_id))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("headers", [{}, PART])
def test_the_inside_is_not_kept_either_nor_is_a_refusal(enter, case, headers):
    for account in (case.nurse, case.carla):
        answer = looked(enter(account), case, headers=headers)
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_s_own_script_gets_the_inside_alone(enter, case):
    text = looked(enter(case.nurse), case, headers=PART).text
    assert "<html" not in text
    assert 'id="gegevens"' in text


def test_the_leaflet_is_for_everybody_and_of_nobody(clients_app):
    answer = Visitor(clients_app).get("/clienten/informatie.pdf")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert "public" in answer.headers["Cache-Control"]


# --- asking for consent

YES = {
    "given_by": "client",
    "how": "spoken",
    "purposes": ["handover", "continuity"],
    "data_kinds": ["identity", "appointments", "reports", "handover"],
    "lasts": "91",
}


def scopes(case: Case, provider: str = "all", practice: str = "all") -> dict[str, str]:
    return {f"scopes-{case.provider.id}": provider, f"scopes-{case.practice.id}": practice}


def test_the_defaults_of_the_page_are_a_consent(enter, make, db):
    case = make.case()
    visitor = enter(case.asker)
    page = visitor.get(f"/clienten/{case.file_id}/toestemming").text
    names = " en ".join(party.name for party in service.show_file(case.asker, case.file_id).parties)
    assert f"We delen je gegevens met {names}." in page
    assert "De cliënt zegt ja" in page
    answer = visitor.post(f"/clienten/{case.file_id}/toestemming", YES)
    assert answer.status_code == 302
    given = db.scalars(select(Consent)).one()
    assert (given.answer, given.told_version, given.mitz_checked) == (Answer.GIVEN, "2026-11", False)
    assert looked(visitor, case).status_code == 200


def test_a_party_may_see_less(enter, make):
    case = make.case()
    answer = enter(case.asker).post(
        f"/clienten/{case.file_id}/toestemming", YES | scopes(case, provider="planning")
    )
    assert answer.status_code == 302
    make.filled(case)
    text = looked(enter(case.nurse), case).text
    assert "Kanaalweg" in text
    assert "at goed" not in text


def test_a_no_is_written_down_and_nothing_is_shared(enter, make, db):
    case = make.case()
    answer = enter(case.asker).post(f"/clienten/{case.file_id}/toestemming/nee", YES)
    assert answer.status_code == 302
    assert db.scalars(select(Consent.answer)).one() is Answer.REFUSED
    assert "De cliënt zei nee" in enter(case.nurse).get(f"/clienten/{case.file_id}").text


def test_an_objection_to_one_kind_of_data_takes_that_away_and_can_be_taken_back(enter, case):
    nurse, asker = enter(case.nurse), enter(case.asker)
    said = {
        "b-party": str(case.provider.id),
        "b-kinds": ["handover"],
        "b-given_by": "client",
        "b-how": "spoken",
    }
    assert asker.post(f"/clienten/{case.file_id}/toestemming/bezwaar", said).status_code == 302
    assert "Gevallen" not in looked(nurse, case).text

    page = asker.get(f"/clienten/{case.file_id}").text
    lift = page.split('action="')[1:]
    path = next(one.split('"')[0] for one in lift if one.split('"')[0].endswith("/terug"))
    assert asker.post(path).status_code == 302
    assert "Gevallen" in looked(nurse, case).text


def test_who_receives_the_client_does_not_ask_for_consent_but_writes_an_objection_down(enter, case):
    nurse = enter(case.nurse)
    assert nurse.post(f"/clienten/{case.file_id}/toestemming", YES).status_code == 403
    page = nurse.get(f"/clienten/{case.file_id}/toestemming").text
    assert "De cliënt zegt ja" not in page
    assert "Leg het bezwaar vast" in page


def test_who_plans_does_not_speak_for_the_client(enter, case):
    planner = enter(case.planner)
    assert planner.get(f"/clienten/{case.file_id}/toestemming").status_code == 403
    for path in ("toestemming/nee", "toestemming/bezwaar", "intrekken", "wissen"):
        said = YES | {"b-given_by": "client", "b-how": "spoken", "b-party": ""}
        assert planner.post(f"/clienten/{case.file_id}/{path}", said).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"purposes": []}, "Kies waarvoor"),
        ({"data_kinds": []}, "Kies welke gegevens"),
        ({"lasts": "9999"}, "Kies iets uit de lijst"),
        ({"how": "gezongen"}, "Kies iets uit de lijst"),
    ],
)
def test_a_consent_that_is_not_complete_says_what_is_missing_and_keeps_the_rest(
    enter, make, wrong, complaint
):
    case = make.case()
    said = YES | scopes(case, practice="none") | wrong
    answer = enter(case.asker).post(f"/clienten/{case.file_id}/toestemming", said)
    assert answer.status_code == 422
    assert complaint in answer.text
    assert 'value="none" selected' in answer.text


def test_a_consent_for_nobody_is_none(enter, make):
    case = make.case()
    said = YES | scopes(case, "none", "none")
    answer = enter(case.asker).post(f"/clienten/{case.file_id}/toestemming", said)
    assert answer.status_code == 422
    assert "Minstens één organisatie" in answer.text


def test_taken_back_in_one_tap_by_either_side(enter, case):
    nurse = enter(case.nurse)
    assert "Ja, trek de toestemming nu in" in nurse.get(f"/clienten/{case.file_id}").text
    assert nurse.post(f"/clienten/{case.file_id}/intrekken").status_code == 302
    page = nurse.get(f"/clienten/{case.file_id}").text
    assert "De cliënt trok de toestemming in." in page
    assert "Bekijk de gegevens" in page  # the template of the closed door
    assert looked(enter(case.asker), case).status_code == 410


def test_forgotten_when_the_client_asks(enter, case, db):
    assert enter(case.asker).post(f"/clienten/{case.file_id}/wissen").status_code == 302
    assert db.scalar(select(func.count()).select_from(Identity)) == 0
    assert "De cliënt vroeg om alles te wissen." in enter(case.nurse).get(f"/clienten/{case.file_id}").text


# --- writing

TYPED = {
    "wie": {"name": "", "address": "Dorpsstraat 1", "entry": "achterom"},
    "overdracht": {"situation": "", "background": "Woont boven de bakker"},
    "afspraken": {"day": "2020-01-01", "hour": "25.00", "what": "Wassen en kleden"},
    "berichten": {"text": "x" * 4001},
}


@pytest.mark.parametrize("path", TYPED)
@pytest.mark.parametrize("headers", [{}, PART])
def test_bad_input_is_said_at_its_field_and_everything_typed_is_kept(enter, case, path, headers):
    answer = enter(case.nurse).post(f"/clienten/{case.file_id}/{path}", TYPED[path], headers=headers)
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert all(value in answer.text for value in TYPED[path].values())
    assert ("<html" in answer.text) is (headers == {})


def test_who_the_client_is_can_be_changed_and_is_shown_as_it_is_said(enter, case):
    nurse = enter(case.nurse)
    typed = {"name": "Roos van der Velden", "birth_date": "9-3-1942", "phone": "06 12345678"}
    assert nurse.post(f"/clienten/{case.file_id}/wie", typed).status_code == 302
    text = looked(nurse, case).text
    assert "09-03-1942" in text
    assert "tel:+31612345678" in text
    assert "Kanaalweg" not in text


def test_an_appointment_is_at_the_hour_of_amsterdam_and_can_be_called_off(enter, case):
    nurse = enter(case.nurse)
    typed = {
        "day": time.today().isoformat(),
        "hour": "23:30",
        "what": "Nachtzorg",
        "organisation_id": str(case.practice.id),
    }
    assert nurse.post(f"/clienten/{case.file_id}/afspraken", typed).status_code == 302
    text = looked(nurse, case).text
    assert "23.30" in text
    assert "Nachtzorg" in text
    cancel = next(one.split('"')[0] for one in text.split('action="')[1:] if "afzeggen" in one.split('"')[0])
    assert nurse.post(cancel, headers=PART).status_code == 204


def test_a_report_is_corrected_by_who_wrote_it_and_the_first_stays(enter, case, db):
    asker = enter(case.asker)
    first = db.scalars(select(Report.id)).one()
    typed = {"text": "Mevrouw at matig vandaag\nen dronk goed", "corrects": str(first)}
    assert asker.post(f"/clienten/{case.file_id}/berichten", typed).status_code == 302
    text = looked(asker, case).text
    assert "Later verbeterd." in text
    assert "Mevrouw at goed vandaag" in text
    assert "Mevrouw at matig vandaag\nen dronk goed" in text


def test_who_plans_writes_appointments_only(enter, case, db):
    planner = enter(case.planner)
    before = db.scalar(select(func.count()).select_from(HandoverNote))
    assert planner.post(f"/clienten/{case.file_id}/overdracht", {"situation": "Iets"}).status_code == 403
    assert planner.post(f"/clienten/{case.file_id}/berichten", {"text": "Iets"}).status_code == 403
    assert db.scalar(select(func.count()).select_from(HandoverNote)) == before


def test_the_page_s_own_script_is_told_that_it_was_stored(enter, case):
    answer = enter(case.nurse).post(f"/clienten/{case.file_id}/berichten", {"text": "Dank"}, headers=PART)
    assert answer.status_code == 204
    assert answer.headers["HX-Trigger"] == "file-written"


def test_markup_is_text(enter, case):
    nurse = enter(case.nurse)
    nurse.post(f"/clienten/{case.file_id}/berichten", {"text": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in looked(nurse, case).text


# --- the list


def test_the_list_has_codes_and_no_names_and_says_what_is_new(enter, make, case):
    nurse = enter(case.nurse)
    text = nurse.get("/clienten").text
    assert make.code(case) in text
    assert "nieuw" in text
    assert not any(word in text for word in EVERY_WORD)
    looked(nurse, case)
    assert ">nieuw<" not in nurse.get("/clienten").text
    vault.add_report(case.asker, seat(case.asker), case.file_id, "Nog iets")
    assert ">nieuw<" in nurse.get("/clienten").text


def test_the_list_says_what_care_a_file_goes_with(enter, case, monkeypatch):
    about = abouts.About("Wondzorg, 2× per dag", "3524 Lunetten", "/zorgvragen/x")
    monkeypatch.setattr(abouts, "_describe", lambda ids: dict.fromkeys(ids, about))
    text = enter(case.nurse).get("/clienten").text
    assert "Wondzorg, 2× per dag" in text
    assert "3524 Lunetten" in text


def test_an_empty_list_says_when_there_will_be_something(enter, case):
    assert "Nog geen cliëntgegevens" in enter(case.carla).get("/clienten").text


# --- emergencies

NOOD = {"reason": "life", "why": "Ligt op de vloer en is verward."}


def test_a_nurse_of_the_region_opens_a_file_in_an_emergency_and_the_source_looks_back(
    enter, make, case, logged
):
    carla, asker = enter(case.carla), enter(case.asker)
    code = make.code(case).lower().replace("-", " ")
    answer = carla.post("/clienten/nood", NOOD | {"code": code})
    assert answer.location == f"/clienten/{case.file_id}"
    assert "Noodtoegang tot" in carla.get(answer.location).text
    text = looked(carla, case, headers=PART).text
    assert "Roos" in text
    assert "/berichten" not in text  # to read, not to write

    outside = asker.get(f"/clienten/{case.file_id}").text
    assert "Carla Elders" in outside
    assert "verward" not in outside
    inside = looked(asker, case).text
    assert "Ligt op de vloer en is verward." in inside
    verdict = next(
        one.split('"')[0] for one in inside.split('action="')[1:] if "oordeel" in one.split('"')[0]
    )
    assert asker.post(verdict, {}).status_code == 422
    assert asker.post(verdict, {"verdict": "unjustified"}).status_code == 302
    assert looked(carla, case).status_code == 404
    assert "niet terecht" in asker.get(f"/clienten/{case.file_id}").text


@pytest.mark.parametrize(
    "wrong", [{"code": "K7QM"}, {"code": "K7QM-0000"}, {"reason": "zin in"}, {"why": "x"}]
)
def test_an_emergency_that_is_not_clear_opens_nothing_and_keeps_what_was_typed(enter, make, case, wrong):
    typed = NOOD | {"code": make.code(case)} | wrong
    answer = enter(case.carla).post("/clienten/nood", typed)
    assert answer.status_code == 422
    assert typed["why"] in answer.text
    assert typed["code"] in answer.text


def test_a_planner_and_a_doctor_have_no_emergency_door(enter, case):
    for account in (case.planner, case.asker):
        assert enter(account).get("/clienten/nood").status_code == 403
        assert "Noodtoegang" not in enter(account).get("/clienten").text


def test_each_refusal_is_a_line_in_the_log(enter, case, logged):
    looked(enter(case.carla), case)
    assert [outcome for *_rest, outcome in logged(case.carla)] == ["refused"]


def test_the_log_knows_the_address_and_the_device(enter, case, db):
    looked(enter(case.nurse), case)
    line = db.scalars(select(AuditEvent).where(AuditEvent.account_id == case.nurse.id).limit(1)).one()
    assert line.ip == "127.0.0.1"
    assert line.device_id is not None


def test_a_key_that_is_away_is_said_in_a_sentence(enter, case, monkeypatch):
    monkeypatch.setattr(keys, "get", lambda _name: None)
    answer = looked(enter(case.nurse), case)
    assert answer.status_code == 410
    assert ROOS.name not in answer.text
