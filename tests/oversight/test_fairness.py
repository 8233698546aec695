"""How each provider was treated; and that none of them can read that of another."""

from datetime import timedelta

import pytest

from tests.make import Make
from tests.matching.make import chosen, offered, posted
from wijkapp.kit.errors import NotAllowed
from wijkapp.matching import service as matching
from wijkapp.matching.rules import DeclineReason
from wijkapp.oversight import service
from wijkapp.oversight.rules import Balance, Period
from wijkapp.oversight.service.seen import WorksAtProvider
from wijkapp.people.rules import Role

SQLITE = pytest.mark.database("sqlite")  # what is asked here does not depend on the database


def rows(town):
    page = service.fairness(town.coordinator, Period.MONTH)
    return {one.name: one for one in page.providers.rows}


def test_asked_answered_offered_and_chosen_beside_the_places_one_had(make, town, clock):
    oost, west = make.provider(town.here, name="Oost"), make.provider(town.here, name="West", places=3)
    request_id = posted(town.referrer)
    clock.shift(timedelta(minutes=6))
    matching.decline(west.nurse, request_id, DeclineReason.NO_ROOM)
    chosen(town.referrer, offered(oost.nurse, request_id))

    found = rows(town)
    one = found["Oost"]
    assert (one.in_reach, one.asked, one.answered, one.offered, one.chosen) == (1, 1, 1, 1, 1)
    assert (one.places, one.minutes, one.hit_rate) == (2, 6, 1.0)  # one free, one taken by the choice
    assert (found["West"].chosen, found["West"].places, found["West"].hit_rate) == (0, 3, 0.0)
    assert found["West"].balance is Balance.FEW


def test_the_order_is_that_of_the_alphabet(make, town, clock):
    for name in ("zuid", "Aan Huis", "Midden"):
        make.provider(town.here, name=name)
    assert list(rows(town)) == ["Aan Huis", "Midden", "zuid"]


def test_who_cannot_give_this_care_was_not_passed_over(make, town, clock):
    make.provider(town.here, name="Oost")
    make.provider(town.here, name="Anders", products=("persoonlijke_verzorging",), places=None)
    posted(town.referrer)
    assert rows(town)["Anders"].in_reach == 0


def test_a_wijkregisseur_who_works_at_a_provider_sees_no_figures_of_competitors(make: Make, town, clock):
    oost = make.provider(town.here, name="Oost")
    both = make.account(oost.organisation, Role.COORDINATOR, Role.NURSE)
    with pytest.raises(WorksAtProvider):
        service.fairness(both, Period.MONTH)
    assert service.overview(both, Period.MONTH).region.requests == 0


def test_a_provider_sees_its_own_line_and_nothing_of_another(make, town, clock):
    oost, west = make.provider(town.here, name="Oost"), make.provider(town.here, name="West")
    request_id = posted(town.referrer)
    chosen(town.referrer, offered(oost.nurse, request_id))
    ours, theirs = (service.own_line(one.nurse, Period.MONTH).us for one in (oost, west))
    assert (ours.name, ours.asked, ours.offered, ours.chosen) == ("Oost", 1, 1, 1)
    assert (theirs.name, theirs.asked, theirs.offered, theirs.chosen) == ("West", 1, 0, 0)


@SQLITE
def test_anna_sees_the_own_line_bram_and_carla_do_not(make, town, clock, visitor):
    oost, west = make.provider(town.here, name="Oost"), make.provider(town.here, name="West")
    page = visitor(oost.nurse).get("/onze-cijfers").text
    assert "Oost" in page
    assert "West" not in page
    bram = make.account(oost.organisation, Role.ADMIN)
    assert visitor(bram).get("/onze-cijfers").status_code == 403
    assert "Oost" not in visitor(west.nurse).get("/onze-cijfers?periode=week").text
    for who in (oost.nurse, bram, town.referrer):
        for path in ("/regio", "/regio/verdeling", "/regio/werklijst", "/regio/voorstel"):
            with_status = visitor(who).get(path).status_code
            assert with_status == 403
    assert NotAllowed.status == 403
