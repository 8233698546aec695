"""What got stuck stands on the list, until it is solved or found elsewhere."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.make import Make
from tests.matching.make import offered, posted
from wijkapp.agreements.rules import Urgency
from wijkapp.kit.errors import NotFound
from wijkapp.kit.outbox import Event
from wijkapp.matching.jobs import escalate_due
from wijkapp.matching.models import CareRequest
from wijkapp.matching.rules import OutsideWhere, RequestStatus
from wijkapp.matching.service.again import SomethingStands
from wijkapp.oversight import service
from wijkapp.oversight.service.work import Stuck
from wijkapp.people.rules import Role

SQLITE = pytest.mark.database("sqlite")  # what is asked here does not depend on the database


def stuck(clock, request_id=None):
    """Let every term pass, but not so long that it is given up."""
    for _round in range(3):
        clock.shift(timedelta(minutes=31))
        escalate_due()
    return request_id


@pytest.fixture
def request_id(make, town, clock):
    make.provider(town.here)
    return stuck(clock, posted(town.referrer, urgency=Urgency.TODAY))


def why(town):
    return [(one.request.id, one.why) for one in service.work_list(town.coordinator).items]


def test_a_request_that_everybody_was_asked_about_stands_on_the_list(town, request_id):
    assert why(town) == [(request_id, Stuck.NO_OFFER)]


def test_one_that_runs_does_not(make, town, clock):
    make.provider(town.here)
    posted(town.referrer)
    assert why(town) == []


def test_an_offer_that_nobody_chooses_comes_after_what_has_none(make, town, clock):
    oost = make.provider(town.here)
    waits, nobody = (posted(town.referrer, urgency=Urgency.TODAY) for _each in range(2))
    offered(oost.nurse, waits)
    stuck(clock)
    assert why(town) == [(nobody, Stuck.NO_OFFER), (waits, Stuck.CHOICE_WAITS)]


@SQLITE
def test_what_is_given_up_stays_on_the_list_for_a_month(town, clock, request_id):
    clock.shift(timedelta(hours=25))
    escalate_due()
    assert why(town) == [(request_id, Stuck.UNFILLABLE)]
    clock.shift(timedelta(days=31))
    assert why(town) == []


def test_care_that_was_found_elsewhere_closes_the_request_and_tells_who_asked(db, town, clock, request_id):
    service.record_outside(town.coordinator, request_id, OutsideWhere.SHORT_STAY)
    service.record_outside(town.coordinator, request_id, OutsideWhere.HOSPITAL)  # the first counts
    request = db.get_one(CareRequest, request_id, populate_existing=True)
    assert (request.status, request.escalate_at) == (RequestStatus.UNFILLABLE, None)
    assert request.unfillable_reason
    assert (request.outside_where, request.outside_by_id) == (OutsideWhere.SHORT_STAY, town.coordinator.id)
    assert db.scalars(select(Event.to_id).where(Event.name == "matching.outside")).all() == [town.referrer.id]
    page = service.work_list(town.coordinator)
    assert (list(page.items), [one.id for one in page.outside]) == ([], [request_id])


def test_also_when_it_was_given_up_before(db, town, clock, request_id):
    clock.shift(timedelta(hours=25))
    escalate_due()
    service.record_outside(town.coordinator, request_id, OutsideWhere.FAMILY)
    assert why(town) == []


def test_an_offer_is_looked_at_first(db, make, town, clock):
    oost = make.provider(town.here)
    asked = posted(town.referrer)
    offered(oost.nurse, asked)
    with pytest.raises(SomethingStands):
        service.record_outside(town.coordinator, asked, OutsideWhere.HOSPITAL)
    assert db.scalars(select(CareRequest.outside_at)).all() == [None]


@SQLITE
def test_only_in_the_own_region_and_only_by_the_wijkregisseur(make: Make, town, request_id):
    elsewhere = make.organisation("Elders")
    make.region(members=[elsewhere])
    carla = make.account(elsewhere, *Role)
    bram = make.account(town.coordinator.organisation, Role.REFERRER)
    for who in (carla, bram):
        with pytest.raises(NotFound):
            service.record_outside(who, request_id, OutsideWhere.HOSPITAL)


@SQLITE
def test_the_page_asks_where_and_keeps_the_request_open_until_that_is_said(db, town, visitor, request_id):
    browser = visitor(town.coordinator)
    assert "niemand bood iets aan" in browser.get("/regio/werklijst").text
    path = f"/regio/werklijst/{request_id}/elders"
    for wrong in ({}, {"found_at": "maan"}, {"found_at": "\x00"}):
        answer = browser.post(path, wrong)
        assert answer.status_code == 422
        assert '<details class="elders" open>' in answer.text
    assert db.scalars(select(CareRequest.outside_at)).all() == [None]
    assert browser.post(path, {"found_at": "hospital"}).status_code == 302
    assert "Ziekenhuis" in browser.get("/regio/werklijst").text
    assert "buiten het netwerk: Ziekenhuis" in visitor(town.referrer).get(f"/zorgvragen/{request_id}").text
