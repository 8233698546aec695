"""Nonsense in every field about people, times and agreements: refused politely, never a failure."""

import io
from itertools import cycle

import pytest
from sqlalchemy import func, select

from tests.forms import filled
from tests.test_bad_input import NASTY
from wijkapp.agreements.models import RotaTermsVersion
from wijkapp.kit import time
from wijkapp.rota.models import Absence, Wish

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def town(make):
    return make.rota_town(organisations=1, people=2)


@pytest.mark.parametrize("path", ["/dienst/afspraken/wijzigen", "/dienst/afspraken/regels"])
def test_nonsense_in_one_field_of_the_agreements_at_a_time(visitor, town, db, path):
    browser = visitor(town.coordinator)
    start = filled(browser.get(path).text)
    kinds = cycle(("emoji", "infinite", "minus", "last day", "null", "other digits", "long"))
    for name in sorted(set(start) - {"csrf_token"}):
        for what in (next(kinds), next(kinds)):
            answer = browser.post(path, data=start | {name: NASTY[what]})
            assert answer.status_code in {302, 409, 422}, (name, what)
            db.execute(RotaTermsVersion.__table__.delete())


@pytest.mark.parametrize("what", sorted(set(NASTY) - {"half a character"}))  # cannot be sent
def test_nonsense_in_every_field_at_once(visitor, town, db, what):
    member = town.members[1]
    nasty = NASTY[what]
    for who, path in (
        (town.coordinator, "/dienst/afspraken/wijzigen"),
        (town.coordinator, "/dienst/afspraken/regels"),
        (town.planners[0], f"/dienst/mensen/{member.id}"),
        (town.planners[0], "/dienst/mensen/nieuw"),
    ):
        browser = visitor(who)
        sent = dict.fromkeys(filled(browser.get(path).text), nasty)
        assert browser.post(path, data=sent).status_code in {302, 403, 409, 413, 422}
    nurse = visitor(town.nurses[0])
    absence = dict.fromkeys(("first", "last", "first_hour", "last_hour"), nasty)
    assert nurse.post("/dienst/beschikbaar", data=absence).status_code == 422
    for name in ("first", "last") if nasty.strip() else ("first",):
        day = {"first": f"{time.today()}", name: nasty}
        assert nurse.post("/dienst/beschikbaar", data=day).status_code == 422, name
    for path in ("/dienst/beschikbaar/wens", "/dienst/beschikbaar/wens/weg"):
        said = nurse.post(path, data={"day": nasty, "block": nasty}).status_code
        assert said in {302, 422}
    sent = {"file": (io.BytesIO(nasty.encode("utf-8", "surrogatepass")), nasty[:50].strip() or "x")}
    assert nurse.post("/dienst/beschikbaar/agenda", data=sent).status_code in {200, 302, 422}
    assert db.scalar(select(func.count()).select_from(Absence)) == 0
    assert db.scalar(select(func.count()).select_from(Wish)) == 0


@pytest.mark.parametrize("regio", ["x", "00000000-0000-0000-0000-000000000000", "%00"])
def test_a_region_that_is_none(visitor, town, regio):
    browser = visitor(town.coordinator)
    for path in ("/dienst/mensen", "/dienst/afspraken", "/dienst/mensen/nieuw", "/dienst/afspraken/regels"):
        assert browser.get(f"{path}?regio={regio}").status_code in {403, 404}


FILES = {
    "a cell that is too long": b"datum;dienst;naam;van;tot\n" + b"x" * 140_000,
    "nothing but lines": b"\n" * 500_000,
    "null": b"van;tot\n\x00;\x00",
    "moved from the first year": (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nRECURRENCE-ID:00010101T000000\nEND:VEVENT\nEND:VCALENDAR"
    ),
    "no file": b"",
}


@pytest.mark.parametrize("what", sorted(FILES))
def test_no_file_whatever_breaks_a_page(visitor, make, town, db, what):
    plan = make.draft(town, weeks=1, filled=False)
    for who, path in (
        (town.nurses[0], "/dienst/beschikbaar/agenda"),
        (town.planners[0], f"/dienst/plannen/{plan.id}/lijst"),
    ):
        said = visitor(who).post(path, data={"file": (io.BytesIO(FILES[what]), "x.ics")})
        assert said.status_code in {200, 422}
    assert db.scalar(select(func.count()).select_from(Absence)) == 0


def test_a_file_may_be_two_megabytes_and_of_a_larger_one_the_field_says_so(
    visitor, make, town, demo_app, monkeypatch
):
    plan = make.draft(town, weeks=1, filled=False)
    nurse, planner = visitor(town.nurses[0]), visitor(town.planners[0])
    agenda, listed = "/dienst/beschikbaar/agenda", f"/dienst/plannen/{plan.id}/lijst"

    def send(browser, path, size):
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.ics"\r\n\r\n'
        body = head + b"x" * size + b"\r\n--x--\r\n"
        return browser.post(path, data=body, content_type="multipart/form-data; boundary=x")

    for browser, path in ((nurse, agenda), (planner, listed)):
        assert send(browser, path, 1_900_000).status_code == 422
        refused = send(browser, path, 2_200_000)
        assert refused.status_code == 413
        assert 'aria-invalid="true"' in refused.text
        assert '">Dit bestand is te groot' in refused.text
    assert send(nurse, listed, 2_200_000).status_code == 403
    assert send(visitor(), agenda, 2_200_000).status_code in {302, 401}
    assert nurse.post("/dienst/beschikbaar/wens", data={"block": "x" * 300_000}).status_code == 413
    monkeypatch.setitem(demo_app.config, "WTF_CSRF_ENABLED", True)  # which reads what was posted first
    assert "Dit bestand is te groot" in send(nurse, agenda, 2_200_000).text
    assert send(nurse, agenda, 1_900_000).status_code == 403
