"""The proposal of who could take what, and what accepting a line does: asking, and nothing more."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.make import Make
from tests.matching.make import offered, posted
from wijkapp.kit.errors import NotFound
from wijkapp.kit.outbox import Event
from wijkapp.matching import service as matching
from wijkapp.matching.models import Invitation, Offer
from wijkapp.matching.rules import Answer, DeclineReason, IllegalStep, WithdrawReason
from wijkapp.oversight import service
from wijkapp.oversight.service.proposal import SaidAlready
from wijkapp.people.rules import Role

SQLITE = pytest.mark.database("sqlite")  # what is asked here does not depend on the database


def pairs(town):
    page = service.proposal(town.coordinator)
    return {line.request.id: line.team.organisation.name for line in page.lines}


def test_who_can_go_to_one_provider_only_gets_that_one(make, town, clock):
    make.provider(town.here, name="Alles", places=1, skills=("wondzorg_eenvoudig",))
    make.provider(town.here, name="Gewoon", places=1)
    easy = posted(town.referrer)
    wound = posted(town.referrer, skills=("wondzorg_eenvoudig",))
    assert pairs(town) == {easy: "Gewoon", wound: "Alles"}
    page = service.proposal(town.coordinator)
    assert (page.waiting, page.proven) == (2, True)
    assert page.first_come in (1, 2)


def test_what_has_no_place_is_said(make, town, clock):
    make.provider(town.here, name="Oost", places=1)
    first, second = posted(town.referrer), posted(town.referrer)
    page = service.proposal(town.coordinator)
    assert {page.lines[0].request.id, page.left[0].id} == {first, second}


def test_old_figures_full_teams_and_who_said_no_are_no_place(make, town, clock):
    make.provider(town.here, name="Oud")
    clock.shift(timedelta(days=14))
    make.provider(town.here, name="Vol", full=True)
    no = make.provider(town.here, name="Nee")
    asked = posted(town.referrer)
    assert pairs(town) == {asked: "Nee"}
    matching.decline(no.nurse, asked, DeclineReason.TOO_FAR)
    assert pairs(town) == {}


def test_a_request_with_an_offer_is_left_alone(make, town, clock):
    oost = make.provider(town.here)
    offered(oost.nurse, posted(town.referrer))
    assert service.proposal(town.coordinator).waiting == 0


def test_accepting_asks_the_provider_once_more_and_offers_nothing(db, make, town, clock):
    oost = make.provider(town.here)
    asked = posted(town.referrer)
    clock.shift(timedelta(minutes=10))
    for _tap in range(2):
        service.accept(town.coordinator, asked, oost.team.id)
    told = db.scalars(select(Event.to_id).where(Event.name == "matching.asked_again")).all()
    assert told == [oost.nurse.id]
    invitation = db.scalars(select(Invitation).where(Invitation.care_request_id == asked)).one()
    assert invitation.reasons[-1] == "proposed"
    assert invitation.rung_at is not None
    assert db.scalar(select(func.count()).select_from(Offer)) == 0
    assert service.proposal(town.coordinator).lines[0].again_at is not None


@SQLITE
def test_the_provider_reads_who_asked_it(make, town, clock, visitor):
    oost = make.provider(town.here)
    asked = posted(town.referrer)
    service.accept(town.coordinator, asked, oost.team.id)
    assert "de wijkregisseur vroeg" in visitor(oost.nurse).get(f"/zorgvragen/{asked}").text
    offered(oost.nurse, asked)  # and answers as before


def test_one_that_was_not_asked_yet_is_asked_now(db, make, town, clock):
    make.provider(town.here)
    far = make.provider(town.far, name="Ver")
    asked = posted(town.referrer)
    service.accept(town.coordinator, asked, far.team.id)
    invitation = db.scalars(select(Invitation).where(Invitation.organisation_id == far.organisation.id)).one()
    assert invitation.asked_at is not None
    assert "next_round" not in invitation.reasons


def test_one_that_came_to_the_region_later_is_asked_too(db, make, town, clock):
    make.provider(town.here)
    asked = posted(town.referrer)
    late = make.provider(town.near, name="Nieuw")
    service.accept(town.coordinator, asked, late.team.id)
    offered(late.nurse, asked)
    own = Invitation.organisation_id == late.organisation.id
    invitation = db.scalars(select(Invitation).where(own)).one()
    assert invitation.asked_at is not None
    assert invitation.answer is Answer.OFFERED


@SQLITE
def test_who_answered_or_cannot_give_it_is_not_asked(make, town, clock):
    no = make.provider(town.here)
    other = make.provider(town.here, products=("persoonlijke_verzorging",), places=None)
    elsewhere = make.provider(make.town(pc4=9711).here)
    asked = posted(town.referrer)
    matching.decline(no.nurse, asked, DeclineReason.NO_ROOM)
    with pytest.raises(SaidAlready):
        service.accept(town.coordinator, asked, no.team.id)
    for team_id in (other.team.id, elsewhere.team.id, uuid4()):
        with pytest.raises(NotFound):
            service.accept(town.coordinator, asked, team_id)


def test_a_request_that_ended_is_not_asked_again(make, town, clock):
    oost = make.provider(town.here)
    asked = posted(town.referrer)
    matching.withdraw(town.referrer, asked, WithdrawReason.MISTAKE)
    with pytest.raises(IllegalStep):
        service.accept(town.coordinator, asked, oost.team.id)


@SQLITE
def test_only_in_the_own_region_and_only_by_the_wijkregisseur(make: Make, town, clock):
    oost = make.provider(town.here)
    asked = posted(town.referrer)
    elsewhere = make.organisation("Elders")
    make.region(members=[elsewhere])
    for who in (make.account(elsewhere, *Role), oost.nurse, town.referrer):
        with pytest.raises(NotFound):
            service.accept(who, asked, oost.team.id)


@SQLITE
def test_the_pages_show_it(make, town, clock, visitor):
    oost = make.provider(town.here, name="Oost")
    asked = posted(town.referrer)
    browser = visitor(town.coordinator)
    page = browser.get("/regio/voorstel").text
    assert "Vraag Oost nog eens" in page
    assert browser.post(f"/regio/voorstel/{asked}/{oost.team.id}").status_code == 302
    assert "Vraag Oost nog eens" not in browser.get("/regio/voorstel").text
    for path in (
        "/regio",
        "/regio?periode=week",
        "/regio?periode=%00",
        "/regio/verdeling",
        "/regio/werklijst",
    ):
        assert browser.get(path).status_code == 200, path
