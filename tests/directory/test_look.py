"""What the other rooms ask of the sociale kaart."""

from datetime import date

import pytest

from tests.directory.make import Make
from wijkapp.directory import service
from wijkapp.directory.rules import ContactDuty, Distance
from wijkapp.people.rules import Role

TODAY = date(2026, 11, 23)
DEPUTY = ContactDuty.DEPUTY


def test_a_postcode_gives_its_wijk(db, make: Make):
    wijk = make.wijk(pc4=["3524", "3525"])
    assert service.wijk_of(db, "3525") == wijk


@pytest.mark.parametrize("pc4", ["9999", "", "35 24", "3524AB", "🙂", "x" * 10_000])
def test_a_postcode_nobody_imported_has_no_wijk_and_is_refused_where_one_is_needed(db, pc4: str):
    assert service.wijk_of(db, pc4) is None
    with pytest.raises(service.UnknownPostcode) as refused:
        service.known_wijk_of(db, pc4)
    assert refused.value.status == 422
    assert "pc4" in refused.value.fields


def test_an_organisation_sees_the_regions_it_takes_part_in_and_works_in(db, make: Make):
    zorg = make.organisation()
    joined, worked, stranger = make.region(members=[zorg]), make.region(), make.region()
    make.team(zorg, make.wijk(region=worked))
    make.team(zorg, make.wijk())  # in no region
    make.team(make.organisation(), make.wijk(region=stranger))
    assert service.regions_of(db, zorg.id) == {joined.id, worked.id}


def test_a_team_that_stopped_shows_its_region_no_longer(db, make: Make):
    zorg = make.organisation()
    make.team(zorg, make.wijk(region=make.region()), active=False)
    assert service.regions_of(db, zorg.id) == frozenset()


def test_around_a_wijk_lie_its_neighbours_and_the_rest_of_its_region_and_nothing_else(db, make: Make):
    zuid, noord = make.region(), make.region()
    here = make.wijk("Lunetten", region=zuid)
    near = make.wijk("Hoograven", region=zuid, next_to=[here])
    far = make.wijk("Tolsteeg", region=zuid)
    make.wijk("Overvecht", region=noord, next_to=[here])
    assert service.around(db, here) == {
        here.id: Distance.WIJK,
        near.id: Distance.NEIGHBOUR,
        far.id: Distance.REGION,
    }


def test_around_a_wijk_without_a_region_lie_only_neighbours_without_one(db, make: Make):
    here = make.wijk()
    near = make.wijk(next_to=[here])
    make.wijk()
    make.wijk(region=make.region(), next_to=[here])
    assert service.around(db, here) == {here.id: Distance.WIJK, near.id: Distance.NEIGHBOUR}


def test_the_teams_of_a_wijk_are_the_active_ones_of_active_organisations(db, make: Make):
    wijk = make.wijk()
    b = make.team(make.organisation("Buurtzorg B"), wijk)
    a = make.team(make.organisation("Aandacht A"), wijk)
    make.team(wijk=wijk, active=False)
    make.team(make.organisation(active=False), wijk)
    make.team()
    assert service.teams_in(db, [wijk.id]) == [a, b]
    assert service.teams_in(db, []) == []


def test_the_contact_person_is_called_first_and_then_the_deputy(db, make: Make):
    wijk, zorg = make.wijk(), make.organisation()
    deputy, contact = make.account(zorg), make.account(zorg)
    make.account(zorg)  # a nurse like any other
    make.contact(deputy, wijk, DEPUTY)
    make.contact(contact, wijk)
    assert service.contacts_for(db, zorg.id, wijk.id, TODAY) == [contact, deputy]


def test_during_a_handover_the_new_contact_person_goes_before_the_old_one(db, make: Make):
    wijk, zorg = make.wijk(), make.organisation()
    old, new = make.account(zorg), make.account(zorg)
    make.contact(old, wijk, until=date(2026, 11, 30))
    make.contact(new, wijk, since=date(2026, 11, 17))
    assert service.contacts_for(db, zorg.id, wijk.id, date(2026, 11, 16)) == [old]
    assert service.contacts_for(db, zorg.id, wijk.id, date(2026, 11, 17)) == [new, old]
    assert service.contacts_for(db, zorg.id, wijk.id, date(2026, 11, 30)) == [new, old]
    assert service.contacts_for(db, zorg.id, wijk.id, date(2026, 12, 1)) == [new]


def test_without_a_contact_person_the_nurses_are_called_and_without_nurses_the_admins(db, make: Make):
    wijk, zorg, small = make.wijk(), make.organisation(), make.organisation()
    make.contact(make.account(zorg, active=False), wijk)
    nurses = [make.account(zorg, name="Bea"), make.account(zorg, name="Cor")]
    make.account(zorg, Role.ADMIN)
    make.account(zorg, active=False)
    admin = make.account(small, Role.ADMIN, Role.COORDINATOR)
    assert service.contacts_for(db, zorg.id, wijk.id, TODAY) == nurses
    assert service.contacts_for(db, small.id, wijk.id, TODAY) == [admin]
    assert service.contacts_for(db, make.organisation().id, wijk.id, TODAY) == []


def test_somebody_who_moved_to_another_organisation_is_no_longer_called_for_the_old_one(db, make: Make):
    wijk, zorg = make.wijk(), make.organisation()
    mover, nurse = make.account(zorg), make.account(zorg)
    make.contact(mover, wijk)
    mover.organisation = make.organisation()
    db.flush()
    assert service.contacts_for(db, zorg.id, wijk.id, TODAY) == [nurse]


def test_many_places_are_answered_at_once_each_with_its_own_people(db, make: Make):
    oost, west = make.wijk(), make.wijk()
    one, other = make.account(), make.account()
    make.contact(one, oost)
    places = [(one.organisation_id, oost.id), (other.organisation_id, west.id)]
    found = service.contacts_by_place(db, places, TODAY)
    assert [(c.account, c.duty) for c in found[places[0]]] == [(one, ContactDuty.CONTACT)]
    assert [(c.account, c.duty) for c in found[places[1]]] == [(other, None)]
    assert service.contacts_by_place(db, [], TODAY) == {}
