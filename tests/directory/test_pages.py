"""The pages of the sociale kaart, asked for over HTTP."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.directory.conftest import Home
from tests.directory.make import Make
from wijkapp.directory import service
from wijkapp.directory.models import ContactPerson, Team
from wijkapp.directory.rules import ContactDuty
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.people.rules import OrganisationKind, Role

NEW = "/organisatie/teams/nieuw"
STRANGE = ["🙂", "x" * 200, "\u202eabc", "' OR 1=1 --", "<b>", "%"]


@pytest.fixture
def team(make: Make, home: Home):
    return make.team(home.organisation, home.wijk, "Team Zuid")


def filled_in(**more: object) -> dict[str, object]:
    return {
        "id": str(new_id()),
        "wijk": "WK034407",
        "pc4": "",
        "name": "Team Zuid",
        "products": ["verpleging"],
        "skills": ["insuline"],
        "highest_level": "4",
        "languages": ["tr"],
        "contracts": ["3311"],
        "phone": "030 123 45 67",
    } | more


def errors(page: str) -> list[str]:
    return [text.strip() for text in re.findall(r'<p class="error"[^>]*>([^<]+)<', page)]


# --- the pages for everybody


def test_the_list_shows_the_wijken_of_ones_own_regions_only(visitor, team, home: Home):
    page = visitor(home.bram).get("/wijken").text
    assert "Lunetten" in page
    assert "Overvecht" not in page


@pytest.mark.parametrize("query", ["3524", "3524 AB", "lunet", "UTRECHT", "wk034407", "  Lunetten "])
def test_a_wijk_is_found_by_postcode_name_town_and_code(visitor, home: Home, query: str):
    assert "/wijken/WK034407" in visitor(home.bram).get("/wijken", query_string={"q": query}).text


@pytest.mark.parametrize("query", ["9999", "Atlantis", *STRANGE])
def test_a_search_without_result_says_so_and_shows_what_was_typed(visitor, home: Home, query: str):
    answer = visitor(home.bram).get("/wijken", query_string={"q": query})
    assert answer.status_code == 200
    assert "/wijken/WK034407" not in answer.text


def test_a_postcode_in_another_region_is_named_as_such(visitor, make: Make, home: Home):
    make.wijk(region=make.region("Amersfoort"), pc4=["3811"])
    page = visitor(home.bram).get("/wijken?q=3811").text
    assert "Die postcode hoort bij Amersfoort" in page


def test_without_a_region_the_list_says_what_to_do(visitor, make: Make):
    page = visitor(make.account(make.organisation(), Role.NURSE)).get("/wijken").text
    assert "Jullie doen nog in geen regio mee" in page


def test_a_wijk_shows_who_works_there_and_whom_to_call(visitor, make: Make, team, home: Home):
    home.bram.phone = "+31612345678"
    make.contact(home.bram, home.wijk)
    page = visitor(home.anna).get("/wijken/WK034407").text
    assert "Zorg Dichtbij" in page
    assert "contactpersoon sinds" in page
    assert 'href="tel:+31612345678"' in page
    assert "Verpleging" in page


def test_without_a_contact_person_the_page_shows_a_colleague_and_says_so(visitor, team, home: Home):
    page = visitor(home.anna).get("/wijken/WK034407").text
    assert "Bram Smit" in page
    assert "Geen vaste contactpersoon" in page


def test_a_provider_with_nobody_to_reach_is_loud(visitor, make: Make, home: Home):
    make.team(make.organisation("Stil"), home.wijk)
    assert "Niemand te bereiken: meld het bij Stil." in visitor(home.anna).get("/wijken/WK034407").text


def test_a_wijk_without_providers_says_what_to_do(visitor, home: Home):
    assert "Hier werkt nog geen aanbieder" in visitor(home.anna).get("/wijken/WK034407").text


def test_the_page_asks_capacity_for_the_free_places_but_not_for_an_insurer(visitor, make: Make, home: Home):
    insurer = make.organisation("Verzekeraar", OrganisationKind.INSURER)
    make.region("Samen", members=[insurer])
    home.wijk.region_id = next(iter(service.regions_of(make.db, insurer.id)))
    make.db.flush()
    viewer = make.account(insurer, Role.VIEWER)
    seen = visitor(viewer).get("/wijken/WK034407")
    assert seen.status_code == 200
    assert "Vrije plekken" not in seen.text
    home.wijk.region_id = home.region.id
    make.db.flush()
    assert 'hx-get="/capaciteit/wijk/WK034407"' in visitor(home.bram).get("/wijken/WK034407").text


def test_carla_sees_no_wijk_of_another_region_and_a_stranger_none_at_all(visitor, team, home: Home):
    assert visitor(home.carla).get("/wijken/WK034407").status_code == 403
    assert visitor().get("/wijken/WK034407").status_code in (302, 401)


@pytest.mark.parametrize("code", ["WK999999", "wk034407", *STRANGE])
def test_an_unknown_wijk_is_not_found(visitor, home: Home, code: str):
    assert visitor(home.bram).get(f"/wijken/{code}").status_code == 404


# --- teams


def test_a_new_team_leads_to_choosing_its_contact_person(visitor, db, home: Home):
    answer = visitor(home.anna).post(NEW, filled_in())
    assert answer.status_code == 302
    assert answer.location.endswith("/organisatie/wijken/WK034407")
    made = db.scalars(select(Team).where(Team.organisation_id == home.organisation.id)).one()
    assert (made.name, made.highest_level, made.phone) == ("Team Zuid", 4, "+31301234567")


def test_a_double_tap_makes_one_team(visitor, db, home: Home):
    data, anna = filled_in(), visitor(home.anna)
    assert [anna.post(NEW, data).status_code for _tap in range(2)] == [302, 302]
    assert db.scalar(select(func.count()).where(Team.organisation_id == home.organisation.id)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"wijk": ""},
        {"wijk": "WK999999"},
        {"wijk": "🙂"},
        {"pc4": "9999"},
        {"pc4": "abcd"},
        {"pc4": "x" * 500},
        {"pc4": "٣٥٢٤"},
        {"name": ""},
        {"name": "   "},
        {"name": "\u202e\u200f"},
        {"name": "x" * 121},
        {"products": []},
        {"products": ["haren knippen"]},
        {"skills": ["toveren"]},
        {"highest_level": "9"},
        {"highest_level": "hoog"},
        {"highest_level": ""},
        {"languages": ["xx"]},
        {"contracts": ["0000"]},
        {"phone": "bel maar"},
        {"phone": "1" * 400},
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(visitor, db, home: Home, wrong: dict):
    kept = {} if "name" in wrong else {"name": "Team Ærøskøbing 🙂"}
    answer = visitor(home.anna).post(NEW, filled_in(**kept) | wrong)
    assert answer.status_code == 422
    assert errors(answer.text)
    assert kept.get("name", "") in answer.text
    assert db.scalar(select(func.count()).where(Team.organisation_id == home.organisation.id)) == 0


def test_an_empty_form_is_refused_kindly(visitor, home: Home):
    answer = visitor(home.anna).post(NEW, {})
    assert answer.status_code == 422
    assert "Geef het team een naam." in answer.text
    assert "Kies een wijk of vul een postcode in." in answer.text


def test_emoji_and_right_to_left_names_are_kept_as_they_are(visitor, db, home: Home):
    visitor(home.anna).post(NEW, filled_in(name="فريق 🌷"))
    assert db.scalar(select(Team.name).where(Team.organisation_id == home.organisation.id)) == "فريق 🌷"


def test_a_team_is_changed_and_a_stale_page_is_told(visitor, db, team, home: Home):
    anna = visitor(home.anna)
    path = f"/organisatie/teams/{team.id}"
    page = anna.get(path).text
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page)[1]
    assert anna.post(path, filled_in(seen=seen, name="Nieuwe naam")).status_code == 302
    assert db.scalar(select(Team.name).where(Team.id == team.id)) == "Nieuwe naam"
    assert anna.post(path, filled_in(seen=seen, name="Nieuwe naam")).status_code == 302  # a double tap
    stale = anna.post(path, filled_in(seen=seen, name="Oud"))
    assert stale.status_code == 409
    assert "Iemand anders heeft dit net aangepast" in stale.text


@pytest.mark.parametrize("end", ["", "/stop", "/hervat"])
def test_a_team_of_another_or_of_nobody_is_not_found(visitor, make: Make, home: Home, end: str):
    theirs = make.team(home.carla.organisation, make.wijk())
    anna = visitor(home.anna)
    for team_id in (theirs.id, new_id(), "3", "🙂"):
        assert anna.post(f"/organisatie/teams/{team_id}{end}", filled_in()).status_code == 404
    assert make.db.get_one(Team, theirs.id).active


def test_a_team_stops_and_starts_again(visitor, db, team, home: Home):
    anna = visitor(home.anna)
    for _tap in range(2):
        assert anna.post(f"/organisatie/teams/{team.id}/stop").status_code == 302
    assert "gestopt" in anna.get("/organisatie/teams").text
    anna.post(f"/organisatie/teams/{team.id}/hervat")
    assert "gestopt" not in anna.get("/organisatie/teams").text


def test_bram_may_not_manage_and_the_huisarts_has_no_teams(visitor, make: Make, team, home: Home):
    for path in ("/organisatie/teams", NEW, f"/organisatie/teams/{team.id}", "/organisatie/wijken/WK034407"):
        assert visitor(home.bram).get(path).status_code == 403
        practice = make.account(make.organisation(kind=OrganisationKind.GP_PRACTICE), Role.ADMIN)
        assert visitor(practice).get(path).status_code == 403


# --- contact persons


def chosen(duty: str = "contact", **more: object) -> dict[str, object]:
    return {f"{duty}-{name}": value for name, value in more.items()}


CONTACT = "/organisatie/wijken/WK034407/contactpersoon"


def test_a_contact_person_is_chosen_and_shown(visitor, db, team, home: Home):
    anna = visitor(home.anna)
    data = chosen(account=str(home.bram.id), since=time.today().isoformat())
    for _tap in range(2):
        assert anna.post(CONTACT, data).status_code == 302
    assert db.scalar(select(func.count()).select_from(ContactPerson)) == 1
    page = anna.get("/organisatie/wijken/WK034407").text
    assert "Bram Smit" in page
    assert "Nog niemand. Kies er een" in page  # the deputy


def test_a_handover_shows_both_and_can_be_called_off(visitor, db, make: Make, team, home: Home):
    old = make.contact(home.bram, home.wijk)
    anna, today = visitor(home.anna), time.today()
    data = chosen(
        account=str(home.anna.id),
        since=(today + timedelta(days=7)).isoformat(),
        old_until=(today + timedelta(days=21)).isoformat(),
        replaces=str(old.id),
    )
    assert anna.post(CONTACT, data).status_code == 302
    page = anna.get("/organisatie/wijken/WK034407").text
    assert "nog te bellen tot en met" in page
    planned = db.scalars(select(ContactPerson).where(ContactPerson.account_id == home.anna.id)).one()
    assert anna.post(f"/organisatie/wijken/WK034407/annuleer/{planned.id}").status_code == 302
    assert "nog te bellen tot en met" not in anna.get("/organisatie/wijken/WK034407").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account", ""),
        ("account", "🙂"),
        ("account", "3"),
        ("since", ""),
        ("since", "morgen"),
        ("since", "2026-02-30"),
        ("since", "0001-01-01"),
        ("since", "9999-12-31"),
        ("since", "x" * 1000),
        ("old_until", ""),
        ("old_until", "31-12-2026"),
        ("old_until", "0001-01-01"),
    ],
)
def test_a_wrong_choice_is_said_at_its_field(visitor, make: Make, team, home: Home, field: str, value: str):
    old = make.contact(home.bram, home.wijk)
    today = time.today().isoformat()
    good = {"account": str(home.anna.id), "since": today, "old_until": today, "replaces": str(old.id)}
    answer = visitor(home.anna).post(CONTACT, chosen(**good | {field: value}))
    assert answer.status_code == 422
    assert f'id="contact-{field}-error"' in answer.text


def test_a_stranger_from_another_organisation_cannot_be_chosen(visitor, team, home: Home):
    data = chosen(account=str(home.carla.id), since=time.today().isoformat())
    assert visitor(home.anna).post(CONTACT, data).status_code == 422


def test_a_page_opened_before_a_colleague_chose_is_told(visitor, make: Make, team, home: Home):
    make.contact(home.bram, home.wijk)
    data = chosen(account=str(home.anna.id), since=time.today().isoformat(), replaces="")
    assert visitor(home.anna).post(CONTACT, data).status_code == 409


def test_a_deputy_stops_and_a_contact_person_does_not(visitor, db, make: Make, team, home: Home):
    contact = make.contact(home.bram, home.wijk)
    deputy = make.contact(home.anna, home.wijk, ContactDuty.DEPUTY)
    anna, path = visitor(home.anna), "/organisatie/wijken/WK034407/einde"
    today = time.today().isoformat()
    assert anna.post(f"{path}/{deputy.id}", {"last_day": "gisteren"}).status_code == 422
    assert anna.post(f"{path}/{deputy.id}", {"last_day": today}).status_code == 302
    refused = anna.post(f"{path}/{contact.id}", {"last_day": today})
    assert refused.status_code == 409
    assert "Er moet altijd iemand te bellen zijn" in refused.text
    for contact_id in (new_id(), "🙂"):
        assert anna.post(f"{path}/{contact_id}", {"last_day": today}).status_code == 404
    assert visitor(home.carla).post(f"{path}/{contact.id}", {"last_day": today}).status_code == 404


def test_unknown_duties_and_wijken_are_not_found(visitor, team, home: Home):
    anna = visitor(home.anna)
    for path in (
        "/organisatie/wijken/WK034407/baas",
        "/organisatie/wijken/WK999999/contactpersoon",
        "/organisatie/wijken/🙂",
    ):
        assert anna.post(path, {}).status_code == 404
    assert visitor(home.carla).get("/organisatie/wijken/WK034407").status_code == 404
