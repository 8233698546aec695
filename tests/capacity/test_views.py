"""The pages of free places: what they show, and what they do with anything that can be sent to them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.capacity.make import EVERY_MORNING
from wijkapp.capacity.models import Capacity
from wijkapp.capacity.rules import SLOTS
from wijkapp.capacity.service import set_places
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.people.rules import OrganisationKind, Role

PART = {"HX-Request": "true"}
TOMORROW = (time.today() + timedelta(days=1)).isoformat()


def _form(**more: object) -> dict[str, object]:
    return {"places": "3", "seen": "1", "week": ["1,5"] + [""] * 27, "start": "now"} | more


@pytest.fixture
def anna(make):
    make.product(name="Verpleging")
    make.product("wondzorg", "Wondzorg", 1)
    organisation = make.organisation("Zorg Dichtbij")
    return make.account(organisation, Role.NURSE, name="Anna de Wit")


@pytest.fixture
def team(make, anna):
    return make.team(anna.organisation, products=("verpleging", "wondzorg"), skills=("insuline",))


@pytest.fixture
def figure(make, team):
    return make.capacity(team, places=2)


def test_the_page_shows_each_kind_of_care_with_its_light_and_when_it_was_confirmed(visit, anna, figure):
    page = visit(anna).get("/capaciteit").text

    assert "Alles klopt nog" in page
    assert "ochtend · nu" in page
    assert ">plek</span>" in page
    assert "bevestigd vandaag" in page
    assert "Nog niet ingevuld" in page  # Wondzorg


def test_an_old_figure_says_how_old_and_asks_to_confirm(visit, make, anna, team):
    make.capacity(team, places=2, confirmed_at=time.now() - timedelta(days=9))

    page = visit(anna).get("/capaciteit").text

    assert "onbekend" in page
    assert "9 dagen niet bevestigd" in page
    assert "Klopt nog" in page


def test_somebody_without_a_team_reads_what_to_do(visit, anna):
    page = visit(anna).get("/capaciteit").text

    assert "Vraag de beheerder van Zorg Dichtbij" in page
    assert "Alles klopt nog" not in page


def test_one_tap_confirms_all_and_goes_back_to_where_it_was_tapped(db, visit, make, anna, team):
    figure = make.capacity(team, age=timedelta(days=2))

    answer = visit(anna).post("/capaciteit/klopt", {"next": "/vandaag"})

    assert answer.location == "/vandaag"
    assert db.get_one(Capacity, figure.id, populate_existing=True).confirmed_by_id == anna.id
    elsewhere = visit(anna).post("/capaciteit/klopt", {"next": "https://evil.example"})
    assert elsewhere.location == "/capaciteit"


def test_the_stepper_saves_with_and_without_a_script(db, visit, anna, figure):
    browser = visit(anna)

    part = browser.post(f"/capaciteit/{figure.id}/plekken", {"places": "3", "seen": "1"}, headers=PART)
    assert part.status_code == 200
    assert 'name="seen" value="2"' in part.text
    assert "<html" not in part.text
    whole = browser.post(f"/capaciteit/{figure.id}/plekken", {"places": "1", "seen": "2"})
    assert whole.status_code == 302
    assert db.get_one(Capacity, figure.id, populate_existing=True).places == 1


@pytest.mark.parametrize("headers", [PART, {}])
def test_the_stepper_of_an_old_page_shows_both_numbers(db, visit, make, anna, figure, headers):
    yara = make.account(anna.organisation, name="Yara Benali")
    set_places(yara, figure.id, 4, seen=1)

    answer = visit(anna).post(
        f"/capaciteit/{figure.id}/plekken", {"places": "3", "seen": "1"}, headers=headers
    )

    assert answer.status_code == 409
    assert "Yara heeft dit net aangepast: 4 plekken. Kijk het even na." in answer.text
    assert 'name="places" value="4"' in answer.text
    assert "Toch 3 plekken" in answer.text
    assert db.get_one(Capacity, figure.id, populate_existing=True).places == 4


@pytest.mark.parametrize("places", ["-1", "100", "1000", "99999999999", "1.5", "twee", "😀", "‮2", "", None])
def test_a_number_that_cannot_be_is_refused_and_not_stored(db, visit, anna, figure, places):
    sent = {"seen": "1"} | ({} if places is None else {"places": places})

    for headers in (PART, {}):
        answer = visit(anna).post(f"/capaciteit/{figure.id}/plekken", sent, headers=headers)
        assert answer.status_code == 422
        assert "Vul een" in answer.text
    assert db.get_one(Capacity, figure.id, populate_existing=True).places == 2


def test_one_figure_is_changed_in_full(db, visit, anna, figure):
    browser = visit(anna)
    assert 'value="1"' in browser.get(f"/capaciteit/{figure.id}").text

    sent = _form(start="later", from_date=TOMORROW, skills=["insuline"], waiting_list="y", full="y")
    answer = browser.post(f"/capaciteit/{figure.id}", sent)

    assert answer.location == "/capaciteit"
    now = db.get_one(Capacity, figure.id, populate_existing=True)
    assert (now.places, now.week[0], sum(now.week)) == (3, 90, 90)
    assert (now.from_date.isoformat(), now.skills) == (TOMORROW, ("insuline",))
    assert now.waiting_list
    assert now.full


def test_care_that_was_not_filled_in_yet_is_filled_in(db, visit, anna, team):
    path = f"/capaciteit/team/{team.id}/wondzorg"
    browser = visit(anna)
    assert browser.get(path).status_code == 200

    assert browser.post(path, _form(seen="0")).status_code == 302

    made = db.scalars(select(Capacity)).one()
    assert (made.product, made.places) == ("wondzorg", 3)
    assert browser.get(path).location == f"/capaciteit/{made.id}"


def test_full_and_room_again(db, visit, anna, figure):
    browser = visit(anna)

    browser.post(f"/capaciteit/{figure.id}/vol", {"full": "1"})
    assert "Weer plek" in browser.get("/capaciteit").text
    browser.post(f"/capaciteit/{figure.id}/vol", {"full": "0"})

    assert not db.get_one(Capacity, figure.id, populate_existing=True).full


def test_a_page_that_is_too_old_keeps_what_was_typed_and_shows_what_stands(db, visit, make, anna, figure):
    yara = make.account(anna.organisation, name="Yara Benali")
    set_places(yara, figure.id, 7, seen=1)
    browser = visit(anna)

    answer = browser.post(f"/capaciteit/{figure.id}", _form(places="5", week=["3,25"] + [""] * 27))

    assert answer.status_code == 409
    assert "Yara heeft dit net aangepast: 7 plekken. Kijk het even na." in answer.text
    assert "Nu staat er: 7 plekken, ochtend" in answer.text
    assert 'name="places" value="5"' in answer.text
    assert 'value="3,25"' in answer.text
    assert 'name="seen" value="2"' in answer.text
    assert browser.post(f"/capaciteit/{figure.id}", _form(places="5", seen="2")).status_code == 302


def test_a_first_figure_that_a_colleague_just_filled_in_is_shown_beside_it(db, visit, make, anna, team):
    path = f"/capaciteit/team/{team.id}/verpleging"
    make.capacity(team, places=8)

    answer = visit(anna).post(path, _form(seen="0", places="5"))

    assert answer.status_code == 409
    assert "Nu staat er: 8 plekken" in answer.text
    assert 'name="places" value="5"' in answer.text


CELLS = [""] * (SLOTS - 1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"places": "-1"}, "Vul een heel getal in"),
        ({"places": "1000"}, "0 tot en met 99"),
        ({"places": "veel"}, "Vul een heel getal in"),
        ({"places": "😀"}, "Vul een heel getal in"),
        ({"places": ""}, "Vul een getal in"),
        ({"week": ["1"] * 27}, "De week kwam niet goed over"),
        ({"week": ["1"] * 29}, "De week kwam niet goed over"),
        ({"week": []}, "De week kwam niet goed over"),
        ({"week": ["-1", *CELLS]}, "Vul uren in als getal"),
        ({"week": ["25", *CELLS]}, "0 tot 24 uur"),
        ({"week": ["1e3", *CELLS]}, "Vul uren in als getal"),
        ({"week": ["nan", *CELLS]}, "Vul uren in als getal"),
        ({"week": ["😀", *CELLS]}, "Vul uren in als getal"),
        ({"week": ["x" * 5000, *CELLS]}, "Vul uren in als getal"),
        ({"start": "ooit"}, "Kies iets uit de lijst"),
        ({"start": ""}, "Kies"),
        ({"start": "later", "from_date": ""}, "Kies de eerste dag"),
        ({"start": "later", "from_date": "1900-01-01"}, "Kies een dag tussen vandaag en een jaar vooruit"),
        ({"start": "later", "from_date": "2199-12-31"}, "Kies een dag tussen vandaag en een jaar vooruit"),
        ({"start": "later", "from_date": "30-02-2026"}, "Dit is geen dag"),
        ({"start": "later", "from_date": "مرحبا"}, "Dit is geen dag"),
        ({"skills": ["beademing"]}, "Kies iets uit de lijst"),
        ({"seen": ""}, "Ververs de pagina"),
        ({"seen": "x"}, "Vul een heel getal in"),
    ],
)
def test_bad_input_is_said_at_its_field_kept_on_the_page_and_not_stored(db, visit, anna, figure, wrong, says):
    answer = visit(anna).post(f"/capaciteit/{figure.id}", _form(places="5") | wrong)

    assert answer.status_code == 422
    assert says in answer.text
    if "places" not in wrong:
        assert 'name="places" value="5"' in answer.text
    now = db.get_one(Capacity, figure.id, populate_existing=True)
    assert (now.places, now.week, now.version) == (2, EVERY_MORNING, 1)


def _doors(figure_id: object, team_id: object) -> list[tuple[str, str]]:
    return [
        ("GET", f"/capaciteit/{figure_id}"),
        ("POST", f"/capaciteit/{figure_id}"),
        ("POST", f"/capaciteit/{figure_id}/plekken"),
        ("POST", f"/capaciteit/{figure_id}/klopt"),
        ("POST", f"/capaciteit/{figure_id}/vol"),
        ("GET", f"/capaciteit/team/{team_id}/verpleging"),
        ("POST", f"/capaciteit/team/{team_id}/verpleging"),
    ]


def test_what_is_not_there_is_not_found(visit, anna, team):
    browser = visit(anna)

    for method, path in _doors(uuid4(), uuid4()):
        assert browser.client.open(path, method=method, data=_form()).status_code == 404, path
    for path in ("/capaciteit/3", "/capaciteit/team/3/verpleging", f"/capaciteit/team/{team.id}/pgb"):
        assert browser.get(path).status_code == 404, path


def test_carla_of_another_organisation_opens_none_of_these_doors(db, visit, make, figure):
    carla = visit(make.account(name="Carla Kroon"))

    for method, path in _doors(figure.id, figure.team_id):
        assert carla.client.open(path, method=method, data=_form()).status_code == 403, path
    assert db.get_one(Capacity, figure.id, populate_existing=True).version == 1


@pytest.mark.parametrize("role", [Role.ADMIN, Role.COORDINATOR])
def test_bram_who_keeps_no_figures_opens_none_of_these_doors(visit, make, anna, figure, role):
    bram = visit(make.account(anna.organisation, role, name="Bram Smit"))

    for method, path in [
        *_doors(figure.id, figure.team_id),
        ("GET", "/capaciteit"),
        ("POST", "/capaciteit/klopt"),
    ]:
        assert bram.client.open(path, method=method, data=_form()).status_code == 403, path


def test_the_lights_of_a_wijk_as_a_part_and_as_a_page(db, visit, make, anna, team, figure):
    rival = make.account(make.organisation("De Linde"), name="Carla Kroon")
    wijk = db.get_one(Wijk, team.wijk_id)
    make.team(rival.organisation, wijk, products=("verpleging",))
    path = f"/capaciteit/wijk/{wijk.code}"

    part = visit(anna).get(path, headers=PART)
    assert "<html" not in part.text
    assert "2 plekken" in part.text
    page = visit(rival).get(path)
    assert "<html" in page.text
    assert "2 plekken" not in page.text
    assert "nog niet ingevuld" in page.text


def test_an_insurer_sees_no_lights(visit, make):
    wijk = make.wijk()
    insurer = make.account(make.organisation("Zorgzeker", OrganisationKind.INSURER), Role.VIEWER)

    assert visit(insurer).get(f"/capaciteit/wijk/{wijk.code}").status_code == 403
    assert visit(insurer).get("/capaciteit").status_code == 403


def test_looking_at_the_pages_stores_nothing(db, visit, anna, figure):
    browser = visit(anna)
    for method, path in _doors(figure.id, figure.team_id):
        if method == "GET":
            browser.get(path)
    browser.get("/capaciteit")

    assert db.get_one(Capacity, figure.id, populate_existing=True).version == 1
    assert db.scalar(select(func.count()).select_from(Capacity)) == 1
