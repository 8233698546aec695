"""The pages of one team: how its figures moved, closing and stopping, and the promise it keeps."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.capacity.town import Town
from wijkapp.capacity import service as capacity
from wijkapp.capacity.rules import Outcome, PauseReason
from wijkapp.kit import time

pytestmark = pytest.mark.database("sqlite")  # what is stored is tested on both beside this

DAY = timedelta(days=1)


@pytest.fixture
def town(make):
    return Town(make)


@pytest.fixture
def page(visit, town):
    return visit(town.anna)


def test_the_drawing_has_no_inline_style_and_a_table_with_the_same_figures(page, town):
    figure = town.figure(places=3)
    capacity.confirm(town.anna, figure.id)
    capacity.set_places(town.anna, figure.id, 2, seen=1)

    shown = page.get(f"/capaciteit/team/{town.team.id}/verloop").text

    assert '<polyline class="graph__line"' in shown
    assert "style=" not in shown
    assert re.search(r'<th scope="row">vandaag</th><td>2</td><td>2 keer</td>', shown)
    assert "Ingevuld: 2 plekken" in shown
    assert "Anna de Wit" in shown
    one = page.get(f"/capaciteit/team/{town.team.id}/verloop?zorg=wondzorg").text
    assert "Er is nog niets ingevuld." in one


@pytest.mark.parametrize("care", ["huishouding", "x" * 300, "%00"])
def test_care_that_the_team_does_not_offer_has_no_drawing(page, town, care):
    assert page.get(f"/capaciteit/team/{town.team.id}/verloop?zorg={care}").status_code == 404


def _closes(page, town, **changed):
    form = {
        "teams": str(town.team.id),
        "reason": "holiday",
        "from_on": str(time.today()),
        "until_on": str(time.today() + 3 * DAY),
    }
    return page.post("/capaciteit/dicht", form | changed)


def test_a_team_closes_and_opens_again(page, town):
    town.figure()
    assert 'value="holiday"' in page.get(f"/capaciteit/dicht?team={town.team.id}").text

    assert _closes(page, town).status_code == 302
    shown = page.get("/capaciteit").text
    assert "Dicht t/m" in shown
    assert "vakantie" in shown

    (pause,) = capacity.own_pauses(town.anna)[town.team.id]
    assert page.post(f"/capaciteit/dicht/{pause.id}/weg").status_code == 302
    assert "Dicht t/m" not in page.get("/capaciteit").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("teams", ""),
        ("teams", "x"),
        ("teams", "00000000-0000-7000-8000-000000000000"),
        ("reason", ""),
        ("reason", "geen zin"),
        ("from_on", ""),
        ("from_on", "31-12-2026"),
        ("until_on", "2020-01-01"),
        ("until_on", "9999-12-31"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_closes(page, town, field, value):
    answer = _closes(page, town, **{field: value})

    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert capacity.own_pauses(town.anna) == {}


def test_another_organisation_cannot_close_this_team(visit, town, make):
    make.team(town.carla.organisation, town.wijk)
    assert _closes(visit(town.carla), town).status_code == 422
    assert capacity.own_pauses(town.anna) == {}


def test_one_team_of_several_is_confirmed(page, town, make):
    west = make.team(town.anna.organisation, make.wijk("West"))
    old = make.capacity(west, confirmed_at=time.now() - 9 * DAY)
    other = town.figure(confirmed_at=time.now() - 9 * DAY)

    assert page.post("/capaciteit/klopt", {"team": str(west.id)}).status_code == 302

    assert town.now(old).confirmed_at > time.now() - DAY
    assert town.now(other).confirmed_at < time.now() - DAY
    for wrong in ("x", str(uuid4())):
        assert page.post("/capaciteit/klopt", {"team": wrong}).status_code == 404


def test_a_full_team_says_when_it_expects_a_place(page, town):
    figure = town.figure()
    expected = time.today() + 9 * DAY
    form = {"places": "0", "seen": "1", "week": [""] * 28, "start": "now", "full": "y"}

    assert page.post(f"/capaciteit/{figure.id}", form | {"expected_on": str(expected)}).status_code == 302
    assert town.now(figure).expected_on == expected
    assert "weer plek verwacht" in page.get("/capaciteit").text

    page.post(f"/capaciteit/{figure.id}/vol", {"full": "0"})
    assert town.now(figure).expected_on is None
    wrong = page.post(f"/capaciteit/{figure.id}", form | {"seen": "3", "expected_on": "2020-01-01"})
    assert wrong.status_code == 422


def test_the_own_promise_is_on_the_page_and_the_place_that_is_talked_about(page, town, db):
    town.figure()
    request = uuid4()
    capacity.asked(db, request, {town.team.id: ("verpleging",)})
    capacity.answered(db, request, town.team.id, Outcome.KEPT)
    capacity.hold(db, offer_id=uuid4(), team_id=town.team.id, product="verpleging")
    db.flush()

    shown = page.get("/capaciteit").text

    assert "100%" in shown
    assert "1 keer gevraagd terwijl jullie op vrij stonden" in shown
    assert "1 plek in gesprek" in shown


def test_a_reason_is_seen_by_the_own_organisation_alone(visit, town, make):
    town.figure()
    today = time.today()
    town.wijk.region_id = make.region(members=[town.anna.organisation, town.carla.organisation]).id
    town.db.flush()
    capacity.pause(town.anna, [town.team.id], PauseReason.CEILING, today, today + 3 * DAY)

    assert "plafond" in visit(town.anna).get("/capaciteit").text
    others = visit(town.carla).get(f"/capaciteit/wijk/{town.wijk.code}").text
    assert "dicht t/m" in others
    assert "plafond" not in others
