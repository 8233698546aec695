"""Nonsense in every field about people, times and agreements: refused politely, never a failure."""

import io
from itertools import cycle

import pytest
from sqlalchemy import func, select

from tests.forms import filled
from tests.rota.make import Make
from tests.test_bad_input import NASTY
from wijkapp.agreements.models import RotaTermsVersion
from wijkapp.kit import time
from wijkapp.rota.models import Absence, Wish

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def make(db):
    return Make(db)


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


def test_a_file_that_is_too_large_is_refused(visitor, town):
    sent = {"file": (io.BytesIO(b"x" * 400_000), "x.ics")}
    assert visitor(town.nurses[0]).post("/dienst/beschikbaar/agenda", data=sent).status_code == 413
