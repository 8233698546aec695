"""Zoek zorg: who could come, what is free there and whom to call. It asks nobody."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from wijkapp.capacity.rules import Light
from wijkapp.directory.models import Postcode
from wijkapp.directory.rules import ContactDuty, Distance
from wijkapp.directory.service import UnknownPostcode
from wijkapp.kit import time
from wijkapp.kit.errors import NotAllowed
from wijkapp.kit.outbox import Event
from wijkapp.matching.models import CareRequest
from wijkapp.matching.service.search import ElsewhereInTheCountry, Query, search
from wijkapp.people.rules import Role


def look(actor, pc4="3524", **more):
    wanted = {"products": ("verpleging",), "skills": (), "start_on": time.today()} | more
    return search(actor, Query(pc4=pc4, **wanted))


def names(result) -> list[str]:
    return [hit.organisation.name for hit in result.hits]


def test_who_has_a_place_comes_first_and_who_is_full_last(make, town):
    make.provider(town.here, name="Vol", full=True)
    make.provider(town.near, name="Vrij", places=3)
    make.provider(town.here, name="Niet ingevuld", places=None)

    result = look(town.referrer)

    assert names(result) == ["Vrij", "Niet ingevuld", "Vol"]
    assert [hit.light for hit in result.hits] == [Light.FREE, Light.UNKNOWN, Light.FULL]
    assert [hit.distance for hit in result.hits] == [Distance.NEIGHBOUR, Distance.WIJK, Distance.WIJK]
    assert result.with_room == 1


def test_a_hit_says_who_answers_the_phone(make, town):
    oost = make.provider(town.here, deputy=True)
    oost.nurse.phone = "+31612345678"
    west = make.provider(town.here)
    west.team.phone = "+31301234567"
    make.db.flush()

    hits = {hit.organisation.id: hit for hit in look(town.referrer).hits}

    first = hits[oost.organisation.id]
    assert (first.contact.account.id, first.contact.duty) == (oost.nurse.id, ContactDuty.CONTACT)
    assert first.phone == "+31612345678"
    assert hits[west.organisation.id].phone == "+31301234567"


def test_a_place_from_a_later_day_is_shown_with_that_day(make, town):
    oost = make.provider(town.here, places=None)
    day = time.today() + timedelta(days=9)
    make.capacity(oost.team, places=2, from_date=day)

    [hit] = look(town.referrer).hits
    assert (hit.light, hit.from_date) == (Light.LATER, day)
    [then] = look(town.referrer, start_on=day).hits
    assert then.light is Light.FREE


def test_when_nobody_has_a_place_the_first_one_is_said(make, town, visitor):
    make.provider(town.here, name="Vol", full=True)
    oost, west = (make.provider(town.here, name=name, places=None) for name in ("Oost", "West"))
    day = time.today() + timedelta(days=9)
    make.capacity(west.team, places=2, from_date=day)
    make.capacity(oost.team, places=2, from_date=day + timedelta(days=1))

    soonest = look(town.referrer).soonest
    assert (soonest.organisation.name, soonest.from_date) == ("West", day)
    assert "De eerste plek is vanaf" in visitor(town.referrer).get(ASKED).text
    make.provider(town.near, places=1)
    assert look(town.referrer).soonest is None


def test_of_two_kinds_of_care_the_one_with_the_least_room_gives_the_light(make, town):
    make.product("persoonlijke_verzorging")
    oost = make.provider(town.here, places=5, products=("verpleging", "persoonlijke_verzorging"))
    make.capacity(oost.team, product="persoonlijke_verzorging", places=0)

    [hit] = look(town.referrer, products=("verpleging", "persoonlijke_verzorging")).hits
    assert hit.light is Light.FULL


def test_who_does_not_give_the_care_is_counted_and_not_listed(make, town):
    make.product("ikz")
    make.provider(town.here, name="Oost")
    result = look(town.referrer, products=("ikz",))
    assert (result.hits, result.cannot) == ([], 1)


def test_filters_narrow_the_list_and_say_how_many_there_were(make, town):
    make.provider(town.here, name="Vol", full=True)
    make.provider(town.far, name="Ver", places=3)
    make.provider(town.here, name="Hier", places=1)

    assert names(look(town.referrer, room=True)) == ["Ver", "Hier"]
    assert names(look(town.referrer, near=True)) == ["Hier", "Vol"]
    result = look(town.referrer, room=True, near=True)
    assert (names(result), result.found) == (["Hier"], 3)


def test_a_provider_that_looks_sees_lights_and_no_numbers_and_not_itself(make, town):
    make.provider(town.here, name="Oost", places=4)
    west = make.provider(town.here, name="West", places=4)

    assert [hit.places for hit in look(town.referrer).hits] == [4, 4]
    [hit] = look(west.nurse).hits
    assert (hit.organisation.name, hit.light, hit.places) == ("Oost", Light.FREE, None)


def test_nothing_is_stored_and_nobody_hears_of_it(db, make, town):
    make.provider(town.here)
    before = db.scalar(select(func.count()).select_from(Event))
    look(town.referrer)
    assert db.scalar(select(func.count()).select_from(CareRequest)) == 0
    assert db.scalar(select(func.count()).select_from(Event)) == before


def test_a_postcode_that_nobody_knows_or_of_another_region_is_said_at_its_field(make, town):
    other = make.town(pc4=9711)
    make.provider(other.here)
    with pytest.raises(UnknownPostcode):
        look(town.referrer, "9999")
    with pytest.raises(ElsewhereInTheCountry):
        look(town.referrer, "9711")


def test_only_who_asks_for_care_may_look(make, town):
    bram = make.account(town.referrer.organisation, Role.ADMIN)
    with pytest.raises(NotAllowed):
        look(bram)


def test_the_map_has_the_postcodes_with_a_place_and_the_middle_of_the_wijk(db, make, town):
    make.provider(town.here)
    db.get_one(Postcode, "3524").latitude, db.get_one(Postcode, "3524").longitude = 52.0, 5.0
    db.add(Postcode(pc4="3529", place="Utrecht", latitude=52.2, longitude=5.2, wijk_id=town.here.id))
    db.flush()

    result = look(town.referrer)
    assert [dot.pc4 for dot in result.dots] == ["3524", "3529"]
    assert result.here == pytest.approx((52.1, 5.1))
    assert set(result.wijken.values()) == {"Lunetten", "Hoograven", "Overvecht"}


# --- the page

ASKED = "/zoek?pc4=3524&products=verpleging&urgency=day"


def test_the_page_lists_who_was_found_with_a_button_to_call_and_one_to_send(make, town, visitor):
    oost = make.provider(town.here, name="Thuiszorg Oost", places=2)
    oost.nurse.phone = "+31612345678"
    make.db.flush()

    page = visitor(town.referrer).get(ASKED)

    assert page.status_code == 200
    assert "Thuiszorg Oost" in page.text
    assert 'href="tel:+31612345678"' in page.text
    assert 'href="/zorgvragen/nieuw?pc4=3524&amp;products=verpleging&amp;urgency=day"' in page.text
    assert page.headers["Cache-Control"] == "no-store"  # what somebody searched for stays on no device


def test_an_empty_page_asks_what_one_looks_for(town, visitor):
    page = visitor(town.referrer).get("/zoek")
    assert page.status_code == 200
    assert "Waar is welke zorg nodig?" in page.text


@pytest.mark.parametrize(
    "asked",
    [
        "pc4=35&products=verpleging",
        "pc4=3524",
        "pc4=9999&products=verpleging",
        "pc4=3524&products=zweefvliegen",
        "pc4=3524&products=verpleging&urgency=ooit",
        "pc4=3524&products=verpleging&start_on=2026-02-30",
        "pc4=%00&products=%F0%9F%91%A9&skills=x&language=zz&uzovi=1&room=9&near=-1",
    ],
)
def test_nonsense_gets_a_sentence_and_keeps_what_was_typed(town, visitor, asked):
    page = visitor(town.referrer).get(f"/zoek?{asked}")
    assert page.status_code == 422
    assert 'class="error"' in page.text
    part = visitor(town.referrer).get(f"/zoek?{asked}", headers={"HX-Request": "true"})
    assert part.status_code == 200  # a page that looks along while one types shows the sentence, no failure


def test_no_page_loads_anything_from_elsewhere_unless_tiles_are_chosen(tmp_path, town, visitor, database_url):
    from tests.web import Visitor, make_app

    policy = visitor(town.referrer).get("/zoek").headers["Content-Security-Policy"]
    assert "img-src 'self' data:;" in policy
    tiled = make_app(database_url, tmp_path, demo=True, map_tiles="pdok")
    page = Visitor(tiled).signs_in(town.referrer).get("/zoek")
    assert "img-src 'self' data: https://service.pdok.nl;" in page.headers["Content-Security-Policy"]
    assert 'data-tiles="https://service.pdok.nl/' in page.text
