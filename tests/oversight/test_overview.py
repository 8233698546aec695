"""What the wijkregisseur sees of the region, out of the database."""

from datetime import timedelta

import pytest

from tests.make import Make
from tests.matching.make import chosen, offered, posted
from wijkapp.agreements.rules import Urgency
from wijkapp.kit.errors import NotAllowed
from wijkapp.matching import service as matching
from wijkapp.matching.jobs import escalate_due
from wijkapp.matching.rules import DeclineReason
from wijkapp.oversight import service
from wijkapp.oversight.rules import Period
from wijkapp.people.rules import OrganisationKind, Role

SQLITE = pytest.mark.database("sqlite")  # what is asked here does not depend on the database


def region(town, period=Period.MONTH):
    return service.overview(town.coordinator, period).region


def wijk(town, name="Lunetten"):
    page = service.overview(town.coordinator, Period.MONTH)
    return next(one for wijk, one in page.wijken if wijk.name == name)


def test_from_asking_to_a_placement(make, town, clock):
    oost = make.provider(town.here)
    make.provider(town.here)
    request_id = posted(town.referrer)
    clock.shift(timedelta(minutes=4))
    offer_id = offered(oost.nurse, request_id)
    clock.shift(timedelta(minutes=20))
    chosen(town.referrer, offer_id)

    found = wijk(town)
    assert (found.requests, found.placed, found.waiting) == (1, 1, 0)
    assert (found.answer.median, found.offer.median, found.placement.median) == (4, 4, 24)
    assert (found.judged, found.in_time) == (1, 1)
    assert found.chosen == (1,)
    assert wijk(town, "Hoograven").requests == 0


def test_an_offer_of_a_part_is_not_yet_a_suitable_one(make, town, clock):
    oost = make.provider(town.here)
    request_id = posted(town.referrer)
    clock.shift(timedelta(minutes=4))
    part = offered(oost.nurse, request_id, 60)
    assert region(town).offer.median is None
    clock.shift(timedelta(minutes=6))
    chosen(town.referrer, part)
    assert region(town).offer.median == 4  # the client was content with it


def test_what_nobody_takes_is_unplaced_with_its_reason(make, town, clock):
    oost = make.provider(town.here)
    request_id = posted(town.referrer, urgency=Urgency.TODAY)
    matching.decline(oost.nurse, request_id, DeclineReason.NO_ROOM)
    for _hour in range(3):
        escalate_due()
        clock.shift(timedelta(hours=13))
    escalate_due()
    found = region(town)
    assert sum(found.unplaced.values()) == 1
    assert (found.waiting, found.in_time, found.judged) == (0, 0, 1)


def test_phones_that_did_not_ring_are_counted_once_it_is_over(make, town, clock):
    people = [make.provider(town.here) for _number in range(30)]
    request_id = posted(town.referrer, urgency=Urgency.PLANNED)
    rung = region(town).calls
    assert 0 < rung < 30
    assert region(town).spared == 0
    offered(people[0].nurse, request_id)
    assert region(town).spared == 30 - rung


def test_old_figures_are_a_part_of_all(make, town, clock):
    make.provider(town.here)
    clock.shift(timedelta(days=14))
    make.provider(town.here)
    assert (wijk(town).figures.total, wijk(town).figures.stale) == (2, 1)


@SQLITE
def test_a_period_leaves_out_what_was_before(make, town, clock):
    make.provider(town.here)
    posted(town.referrer)
    clock.shift(timedelta(days=8))
    assert region(town, Period.WEEK).requests == 0
    assert region(town).requests == 1


@SQLITE
def test_another_region_has_no_part_in_it(make, town, clock):
    make.provider(town.here)
    posted(town.referrer)
    elsewhere = make.organisation("Elders", OrganisationKind.MUNICIPALITY)
    make.region(members=[elsewhere])
    carla = make.account(elsewhere, *Role)
    page = service.overview(carla, Period.MONTH)
    assert (page.region.requests, list(page.wijken)) == (0, [])


@SQLITE
def test_who_is_no_wijkregisseur_sees_nothing(make: Make, town):
    bram = make.account(town.coordinator.organisation, Role.REFERRER)
    for look in (service.overview, service.fairness):
        with pytest.raises(NotAllowed):
            look(bram, Period.MONTH)
    for look in (service.work_list, service.proposal):
        with pytest.raises(NotAllowed):
            look(bram)
