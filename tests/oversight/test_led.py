"""A wijkregisseur oversees the regions of the own organisation; a team that works elsewhere adds nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.agreements.making import admins_of, three
from tests.make import Make
from tests.matching.make import posted
from tests.oversight.test_work import stuck
from wijkapp.agreements.models import Item
from wijkapp.agreements.rules import Urgency
from wijkapp.kit import time
from wijkapp.kit.errors import NotFound
from wijkapp.matching.rules import OutsideWhere
from wijkapp.oversight import service
from wijkapp.oversight.rules import Period
from wijkapp.oversight.rules.looks import Look
from wijkapp.oversight.service import looks, region, signals
from wijkapp.oversight.service.looks import Looked
from wijkapp.people.rules import OrganisationKind, Role

pytestmark = pytest.mark.database("sqlite")  # what is asked here does not depend on the database
LEAST = 10


@pytest.fixture
def works_here(make: Make, town):
    """Wijkregisseur of another region, for a provider with a team in a wijk of this one."""
    oost = make.provider(town.here, name="Oost")
    make.region(members=[oost.organisation])
    return make.account(oost.organisation, Role.COORDINATOR)


@pytest.fixture
def carla(make: Make):
    """Wijkregisseur of another region, of an organisation that has nothing to do with this one."""
    elsewhere = make.organisation("Elders", OrganisationKind.MUNICIPALITY)
    make.region(members=[elsewhere])
    return make.account(elsewhere, Role.COORDINATOR)


@pytest.fixture
def request_id(town, works_here, clock):
    return stuck(clock, posted(town.referrer, urgency=Urgency.TODAY))


def test_no_figures_no_list_and_no_proposal_of_another_region(db, make, town, works_here, carla, request_id):
    made = three(town, admins_of(make, town))
    late = db.scalars(select(Item).where(Item.agreement_id == made.agreement_id)).first()
    late.due_on = time.today() - timedelta(days=9)
    db.flush()
    for who, sees in ((town.coordinator, True), (works_here, False), (carla, False)):
        overview, work = service.overview(who, Period.MONTH), service.work_list(who)
        assert (bool(overview.wijken), overview.region.requests) == (sees, int(sees))
        assert (bool(work.items), bool(work.overdue)) == (sees, sees)
        assert (town.region.name in signals.signals(who, LEAST).name.split(", ")) is sees


def test_no_picture_of_it_either(town, works_here, carla):
    assert [one.id for one in region.regions_seen(town.coordinator)] == [town.region.id]
    for who in (works_here, carla):
        assert town.region.id not in {one.id for one in region.regions_seen(who)}
        with pytest.raises(NotFound):
            region.wijk_picture(who, town.here.code, None, LEAST)


def test_nothing_is_done_to_a_request_of_another_region(town, works_here, carla, request_id):
    for who in (works_here, carla):
        with pytest.raises(NotFound):
            service.record_outside(who, request_id, OutsideWhere.HOSPITAL)
    service.record_outside(town.coordinator, request_id, OutsideWhere.HOSPITAL)


def test_who_looked_is_told_to_whoever_works_there(make, town, works_here, carla):
    maarten = make.account(make.organisation("Waterlinie", OrganisationKind.INSURER), Role.VIEWER)
    looks.write_down(maarten, [Looked(town.region.id, Look.REGION)])
    told = [len(looks.looks(who).lines) for who in (town.coordinator, works_here, carla)]
    assert told == [1, 1, 0]
