"""The privacy pages: who gets in, what they say, and nonsense that is typed."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.clients.make import Case, seat
from tests.web import Visitor, make_app
from wijkapp.clients.models import AuditEvent, AuditReview, Breach
from wijkapp.clients.rules import EmergencyReason
from wijkapp.clients.service import glass
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.people.rules import Role

pytestmark = pytest.mark.database("sqlite")  # what pages say does not depend on the database

WORDS = ("Roos", "Velden", "Kanaalweg", "Marijke", "kluis 4471", "Gevallen", "Wondzorg", "at goed")
BREACH = {
    "found_on": "",
    "found_at": "0.01",
    "kind": "lost",
    "what": "Telefoon kwijt",
    "risk": "some",
    "measures": "",
    "people_touched": "",
}


@pytest.fixture(scope="session")
def privacy_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_app(database_url, tmp_path_factory.mktemp("instance"), demo=True)


@pytest.fixture
def enter(privacy_app: Flask, db: object, make: object) -> Callable[..., Visitor]:
    """`enter(account)`: this person's browser, logged in; `enter()`: a stranger's."""
    return lambda account=None: Visitor(privacy_app).signs_in(account) if account else Visitor(privacy_app)


@pytest.fixture
def case(make) -> Case:
    return make.case(filled=True)


def breach_today(**more):
    return BREACH | {"found_on": time.today().isoformat()} | more


# --- for everybody


def test_everybody_reads_what_is_kept_without_logging_in(enter):
    page = enter().get("/privacy/bewaren")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "14 dagen na de overdracht" in page.text
    assert "5 jaar" in page.text


def test_the_log_in_page_and_the_account_page_point_to_it(enter, case):
    assert "/privacy/bewaren" in enter().get("/inloggen").text
    assert "/privacy/bewaren" in enter(case.nurse).get("/account").text
    assert "/privacy" in enter(case.admin).get("/organisatie").text


# --- who looked


def test_a_party_reads_who_looked_without_a_word_of_the_client(enter, case, make):
    page = enter(case.nurse).get(f"/privacy/clienten/{case.file_id}/wie-keek")
    assert page.status_code == 200
    assert "Anna Asker" in page.text
    assert make.code(case) in page.text
    assert not any(word in page.text for word in WORDS)
    assert page.headers["Cache-Control"] == "no-store"


def test_reading_the_log_writes_nothing(enter, case, db):
    before = db.scalar(select(func.count()).select_from(AuditEvent))
    enter(case.nurse).get(f"/privacy/clienten/{case.file_id}/wie-keek")
    enter(case.nurse).get(f"/privacy/clienten/{case.file_id}/wie-keek.pdf")
    assert db.scalar(select(func.count()).select_from(AuditEvent)) == before


def test_the_log_on_paper(enter, case):
    paper = enter(case.nurse).get(f"/privacy/clienten/{case.file_id}/wie-keek.pdf?van=2026-01-01")
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF")
    assert paper.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?van=gisteren", 422),
        ("?van=2026-02-30", 422),
        ("?van=2026-11-24&tot=2026-11-01", 422),
        ("?tot=9999-12-31", 422),
        ("?van=0001-01-01", 422),
        ("?van=1900-01-01&tot=2199-12-31", 200),
        ("?voor=abc", 200),
        ("?voor=99999999999999999999999", 200),
        ("?voor=-1", 200),
        ("?van=%00", 422),
        ("?van=٢٠٢٦-١١-٢٤", 422),
    ],
)
def test_a_period_that_is_none_is_said_at_its_field(enter, case, query, status):
    for kind in ("wie-keek", "wie-keek.pdf"):
        page = enter(case.nurse).get(f"/privacy/clienten/{case.file_id}/{kind}{query}")
        assert page.status_code == status, kind


def test_anna_may_bram_may_not_carla_never(enter, case, make):
    """The log for parties, the rights for who asked, the rest for admins."""
    at = f"/privacy/clienten/{case.file_id}"
    admin, carla = case.admin, make.account(None, *Role)
    expected = {
        f"{at}/wie-keek": {case.asker: 200, case.nurse: 200, case.planner: 200, admin: 403, carla: 404},
        f"{at}/rechten": {case.asker: 200, case.nurse: 403, case.planner: 403, admin: 403, carla: 404},
        "/privacy": {case.nurse: 403, case.planner: 403, admin: 200, carla: 200},
        "/privacy/controle": {case.nurse: 403, admin: 200, carla: 200},
        "/privacy/datalekken": {case.nurse: 403, admin: 200, carla: 200},
        "/privacy/register": {case.nurse: 403, admin: 200, carla: 200},
        "/privacy/dpia": {case.nurse: 403, admin: 200, carla: 200},
    }
    for path, who in expected.items():
        for account, status in who.items():
            assert enter(account).get(path).status_code == status, (path, account.name)
        assert enter().get(path).status_code == 302


# --- a copy


def test_a_copy_is_made_by_a_post_and_is_in_the_log(enter, case, make):
    anna = enter(case.asker)
    again = anna.get(f"/privacy/clienten/{case.file_id}/kopie.json")
    assert again.location == "/privacy"
    assert "Roos" not in again.text
    copy = anna.post(f"/privacy/clienten/{case.file_id}/kopie.json")
    assert copy.status_code == 200
    assert copy.json["client"]["name"] == "Roos van der Velden"
    assert copy.headers["Cache-Control"] == "no-store"
    assert "attachment" in copy.headers["Content-Disposition"]
    paper = anna.post(f"/privacy/clienten/{case.file_id}/kopie.pdf")
    assert paper.data.startswith(b"%PDF")
    assert "maakte een kopie" in anna.get(f"/privacy/clienten/{case.file_id}/wie-keek").text


def test_others_get_no_copy(enter, case, make):
    for account, status in ((case.nurse, 403), (case.planner, 403), (case.carla, 404)):
        for kind in ("json", "pdf"):
            copy = enter(account).post(f"/privacy/clienten/{case.file_id}/kopie.{kind}")
            assert copy.status_code == status
            assert "Roos" not in copy.text


# --- what stands out


def test_the_admin_marks_an_emergency_and_goes_on_to_a_breach(enter, case, make, db):
    bea = make.account(case.practice, Role.ADMIN)
    glass.break_glass(
        case.carla, seat(case.carla), make.code(case), EmergencyReason.FOUND, "Gevonden op straat"
    )
    page = enter(bea).get("/privacy/controle")
    assert "Noodtoegang gebruikt" in page.text
    assert "Carla Elders" in page.text
    assert "Gevonden op straat" not in page.text
    seq = db.scalar(select(AuditEvent.seq).where(AuditEvent.event == "glass_broken"))
    mark = {"rule": "emergency", "first_seq": str(seq), "month": f"{time.today():%Y-%m}", "verdict": "breach"}

    answer = enter(bea).post("/privacy/controle", mark)

    assert answer.location.endswith("/privacy/datalekken/nieuw")
    assert enter(bea).post("/privacy/controle", mark).status_code == 409
    assert "dit is een datalek" in enter(bea).get("/privacy/controle").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": "x"},
        {"first_seq": "999999"},
        {"first_seq": "één"},
        {"first_seq": "9" * 40},
        {"first_seq": ""},
        {"month": "2026-13"},
        {"month": "x"},
        {"verdict": "weet niet"},
        {"verdict": ""},
    ],
)
def test_a_mark_on_nothing_is_refused(enter, case, db, wrong):
    mark = {"rule": "emergency", "first_seq": "1", "month": f"{time.today():%Y-%m}", "verdict": "fine"}
    assert enter(case.admin).post("/privacy/controle", mark | wrong).status_code in {404, 422}
    assert db.scalar(select(func.count()).select_from(AuditReview)) == 0


@pytest.mark.parametrize(
    "month", ["2026-1", "2026-13", "x", "9999-01", "1999-01", "2026-11-24", "２０２６-11"]
)
def test_a_month_that_is_none_is_not_there(enter, case, month):
    assert enter(case.admin).get(f"/privacy/controle?maand={month}").status_code == 404


# --- breaches


def test_a_breach_is_written_down_reported_and_closed(enter, case, db):
    bea = enter(case.admin)
    page = bea.post("/privacy/datalekken", breach_today()).location
    assert re.search(r"nog (4[89]|[567]\d) uur", bea.get(page).text)
    assert bea.post(f"{page}/dicht").status_code == 409
    assert bea.post(f"{page}/gemeld").status_code == 302
    assert bea.post(page, breach_today(measures="Op afstand gewist")).status_code == 302
    assert bea.post(f"{page}/dicht").status_code == 302
    assert "gesloten" in bea.get("/privacy/datalekken").text
    assert "Op afstand gewist" in bea.get(page).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"found_on": "morgen"},
        {"found_on": ""},
        {"found_on": "9999-12-31"},
        {"found_on": "1000-01-01"},
        {"found_at": "26.00"},
        {"found_at": ""},
        {"kind": "x"},
        {"risk": ""},
        {"what": ""},
        {"what": "x" * 4001},
        {"measures": "😀" * 4001},
        {"people_touched": "veel"},
        {"people_touched": "-1"},
        {"people_touched": "9" * 30},
    ],
)
def test_what_is_wrong_with_a_breach_is_said_and_what_was_typed_is_kept(enter, case, db, wrong):
    page = enter(case.admin).post("/privacy/datalekken", breach_today(measures="Alles gewist") | wrong)
    assert page.status_code == 422
    assert 'class="error"' in page.text
    if "measures" not in wrong:
        assert "Alles gewist" in page.text
    assert db.scalar(select(func.count()).select_from(Breach)) == 0


def test_emoji_and_right_to_left_are_words_like_any_other(enter, case):
    page = enter(case.admin).post("/privacy/datalekken", breach_today(what="نص 👩‍⚕️ <b>x</b>"))
    assert page.status_code == 302
    assert "&lt;b&gt;x&lt;/b&gt;" in enter(case.admin).get(page.location).text


def test_a_breach_of_others_is_not_there(enter, case, make):
    page = enter(case.admin).post("/privacy/datalekken", breach_today()).location
    carla = enter(make.account(None, *Role))
    assert carla.get(page).status_code == 404
    for what in ("", "/gemeld", "/verteld", "/dicht"):
        assert carla.post(page + what, breach_today()).status_code == 404
        assert carla.post(f"/privacy/datalekken/{new_id()}{what}", breach_today()).status_code == 404
        assert enter(case.nurse).post(page + what, breach_today()).status_code == 403


# --- papers


def test_the_papers_of_the_admin(enter, case):
    bea = enter(case.admin)
    for name in ("register", "dpia"):
        assert bea.get(f"/privacy/{name}.pdf").data.startswith(b"%PDF")
    assert bea.get("/privacy/geheim.pdf").status_code == 404
    assert "client_identity.name_sealed" in bea.get("/privacy/register").text


def test_signing_in_is_needed_for_a_post(enter, case):
    assert enter().post("/privacy/datalekken", breach_today()).status_code == 401
