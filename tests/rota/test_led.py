"""Who plans the duties of a region: its planners and its wijkregisseurs, and no wijkregisseur of another."""

from uuid import uuid4

import pytest

from tests.rota.make import Make
from wijkapp.kit.errors import NotAllowed, NotFound
from wijkapp.people.rules import Role
from wijkapp.rota.rules import AddressKind
from wijkapp.rota.service import addresses, look, members, plan_page, plans, regions, swap_look

pytestmark = pytest.mark.database("sqlite")  # what is asked here does not depend on the database


@pytest.fixture
def works_here(make: Make, town):
    """An organisation with a team in a wijk of the region, that takes part in another region."""
    provider = make.provider(make.wijk(region=town.region), name="Oost")
    make.region(members=[provider.organisation])
    return provider.organisation


@pytest.fixture
def leads_elsewhere(make: Make, works_here):
    return make.account(works_here, Role.COORDINATOR)


@pytest.fixture
def plans_here(make: Make, works_here):
    return make.account(works_here, Role.PLANNER, Role.COORDINATOR)


def test_who_leads_another_region_reads_where_the_own_teams_work_and_plans_nothing(
    db, make, town, plan, leads_elsewhere
):
    region_id, who = town.region.id, leads_elsewhere
    assert look.home(who, region_id).may_read
    assert look.home(who, region_id).calls is None
    assert look.home(town.coordinator, region_id).calls is not None
    for refused in (
        lambda: members.people_page(who, region_id),
        lambda: members.person(who, town.members[0].id),
        lambda: members.add_person(who, region_id, uuid4(), members.Facts(3, 100)),
        lambda: plans.plans_page(who, region_id),
    ):
        with pytest.raises(NotAllowed):
            refused()
    with pytest.raises(NotFound):
        plan_page.page(who, plan.id)
    assert not regions.may_plan(db, who, region_id)
    assert regions.may_plan(db, town.coordinator, region_id)
    assert swap_look.part(who, make.duties(plan)[0].id) is None


def test_without_a_choice_the_pages_of_planning_are_about_a_region_one_plans(town, plan, leads_elsewhere):
    page = plans.plans_page(leads_elsewhere)
    assert town.region.id not in {page.region.id, *(one.id for one in page.regions)}
    page = members.people_page(leads_elsewhere)
    assert town.region.id not in {page.region.id, *(one.id for one in page.regions)}


def test_a_planner_plans_where_the_own_teams_work_and_keeps_only_the_own_colleagues(
    make, town, plan, plans_here, works_here
):
    region_id = town.region.id
    assert plans.plans_page(plans_here, region_id).region.id == region_id
    assert plan_page.page(plans_here, plan.id).plan.id == plan.id
    own = make.member(make.account(works_here, Role.NURSE), town.region)
    assert members.person(plans_here, own.id).member.id == own.id
    with pytest.raises(NotAllowed):
        members.person(plans_here, town.members[0].id)
    page = members.people_page(plans_here, region_id)
    assert {one.member.id for group in page.groups for one in group.takers if one.may_change} == {own.id}
    assert {one.organisation_id for one in members.others(plans_here, region_id)[1]} <= {works_here.id}


def test_addresses_of_a_whole_region_are_made_and_revoked_by_who_leads_it(
    make, town, leads_elsewhere, plans_here
):
    region_id = town.region.id
    address = make.address(town.region, AddressKind.PHONE)
    for who in (leads_elsewhere, plans_here):
        with pytest.raises(NotAllowed):
            addresses.make(who, AddressKind.REGION, region_id)
        with pytest.raises(NotFound):
            addresses.revoke(who, address.id)
    addresses.revoke(town.coordinator, address.id)


def test_carla_of_another_organisation_never_gets_in(make, town, plan):
    elsewhere = make.organisation("Elders")
    make.region(members=[elsewhere])
    carla = make.account(elsewhere, *Role)
    for refused in (
        lambda: look.home(carla, town.region.id),
        lambda: members.people_page(carla, town.region.id),
        lambda: members.person(carla, town.members[0].id),
        lambda: plans.plans_page(carla, town.region.id),
        lambda: addresses.make(carla, AddressKind.REGION, town.region.id),
    ):
        with pytest.raises(NotAllowed):
            refused()
    with pytest.raises(NotFound):
        plan_page.page(carla, plan.id)
