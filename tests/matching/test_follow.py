"""Who sees what of a request: askers everything, providers their own part, others nothing."""

from dataclasses import fields

import pytest
from sqlalchemy import inspect

from tests.matching.make import chosen, offered, posted
from wijkapp.kit.db import new_id
from wijkapp.kit.errors import NotFound
from wijkapp.matching import service
from wijkapp.matching.rules import DeclineReason, WithdrawReason
from wijkapp.matching.service.steps import coordinators_of
from wijkapp.matching.service.story import Side
from wijkapp.people.models import Organisation
from wijkapp.people.rules import Role


def organisations_in(thing, found=None, seen=None) -> set[str]:
    """The names of every organisation that can be reached from what a page gets, without a query."""
    found, seen = (set(), set()) if found is None else (found, seen)
    if id(thing) in seen or thing is None or isinstance(thing, str | int | bytes):
        return found
    seen.add(id(thing))
    if isinstance(thing, Organisation):
        found.add(thing.name)
    if isinstance(thing, dict):
        thing = list(thing.values())
    if isinstance(thing, list | tuple | set | frozenset):
        for one in thing:
            organisations_in(one, found, seen)
    elif state := inspect(thing, raiseerr=False):
        for name in set(state.mapper.relationships.keys()) - state.unloaded:
            organisations_in(getattr(thing, name), found, seen)
    elif hasattr(thing, "__dataclass_fields__"):
        for field in fields(thing):
            organisations_in(getattr(thing, field.name), found, seen)
    return found


@pytest.fixture
def story(make, town):
    """A request with an offer of Oost, one of West, a no of Noord and silence of Zuid."""
    names = ("Oost", "West", "Noord", "Zuid")
    oost, west, noord, _zuid = providers = [make.provider(town.here, name=name) for name in names]
    request_id = posted(town.referrer)
    offer_id = offered(oost.nurse, request_id)
    offered(west.nurse, request_id)
    service.decline(noord.nurse, request_id, DeclineReason.NO_ROOM)
    return request_id, offer_id, providers


def test_the_asker_sees_every_provider_with_its_answer(town, story):
    request_id, _offer, _providers = story
    seen = service.show(town.referrer, request_id)
    assert seen.side is Side.ASKER
    answers = {one.organisation.name: str(one.answer) for one in seen.invitations}
    assert answers == {"Oost": "offered", "West": "offered", "Noord": "declined", "Zuid": "silent"}
    assert len(seen.offers) == 2


def test_a_provider_never_sees_who_else_was_asked_or_offered(town, story):
    request_id, offer_id, providers = story
    for moment in ("offered", "placed"):
        for provider in providers:
            seen = service.show(provider.nurse, request_id)
            assert seen.side is Side.PROVIDER, moment
            assert organisations_in(seen) <= {provider.organisation.name, "Huisartsen Lunetten"}
            today = service.today(provider.nurse)
            lines = [*service.index(provider.nurse)[Side.PROVIDER], *today.waiting, *today.offered]
            assert {line.organisation for line in lines} == {"Huisartsen Lunetten"}
            assert not any(line.asked or line.answered or line.offers for line in lines)
        if moment == "offered":
            chosen(town.referrer, offer_id)


def test_once_placed_the_parties_see_whom_to_call_and_the_others_do_not(town, story):
    request_id, offer_id, (oost, west, *_others) = story
    chosen(town.referrer, offer_id)
    assert service.show(town.referrer, request_id).placed[0].contact.people == [oost.nurse]
    assert service.show(oost.nurse, request_id).contacts[0].people == [town.referrer]
    passed_over = service.show(west.nurse, request_id)
    assert (passed_over.contacts, passed_over.placement, passed_over.placed_with_me) == ([], None, False)


def test_the_coordinator_of_the_region_sees_it_and_one_of_another_region_never(make, town, story):
    request_id, _offer, _providers = story
    elsewhere = make.organisation()
    make.region(members=[elsewhere])
    foreign = make.account(elsewhere, Role.COORDINATOR)

    assert service.show(town.coordinator, request_id).side is Side.COORDINATOR
    assert [line.id for line in service.index(town.coordinator)[Side.COORDINATOR]] == [request_id]
    with pytest.raises(NotFound):
        service.show(foreign, request_id)
    assert service.index(foreign)[Side.COORDINATOR] == []


def test_a_team_that_works_in_a_region_follows_nothing_there_that_was_not_asked_of_it(make, town, story):
    request_id, _offer, _providers = story
    works_here = make.provider(town.here).organisation  # came after it was asked
    make.region(members=[works_here])
    leads_elsewhere = make.account(works_here, Role.COORDINATOR)
    with pytest.raises(NotFound):
        service.show(leads_elsewhere, request_id)
    assert service.index(leads_elsewhere)[Side.COORDINATOR] == []


@pytest.mark.parametrize("role", [Role.ADMIN, Role.VIEWER])
def test_bram_of_the_same_practice_does_not_see_it_and_carla_of_another_never(make, town, story, role):
    request_id, offer_id, _providers = story
    bram = make.account(town.referrer.organisation, role)
    carla = make.account(None, *Role)
    for stranger in (bram, carla):
        for look in (
            lambda who: service.show(who, request_id),
            lambda who: service.watch(who, request_id),
            lambda who: service.request_of(who, offer_id),
            lambda who: service.show(who, new_id()),
            lambda who: service.request_of(who, new_id()),
        ):
            with pytest.raises(NotFound):
                look(stranger)
        assert not any(service.index(stranger).values())


def test_a_provider_in_reach_that_was_not_asked_sees_the_request_too(make, town):
    make.provider(town.here)
    full = make.provider(town.here, full=True)
    seen = service.show(full.nurse, posted(town.referrer))
    assert (seen.side, seen.mine.asked_at) == (Side.PROVIDER, None)
    assert service.today(full.nurse).waiting == []


def test_today_counts_what_waits_for_our_answer(make, town):
    oost = make.provider(town.here)
    waiting, answered, offers, gone = (posted(town.referrer) for _ in range(4))
    service.see(oost.nurse, waiting)
    service.decline(oost.nurse, answered, DeclineReason.NO_ROOM)
    offered(oost.nurse, offers)
    service.withdraw(town.referrer, gone, WithdrawReason.MISTAKE)

    today = service.today(oost.nurse)

    assert service.waiting_count(oost.nurse) == len(today.waiting) == 1
    assert [line.id for line in today.waiting] == [waiting]
    assert [line.id for line in today.offered] == [offers]


def test_today_follows_a_placement_until_it_ends(make, town):
    oost = make.provider(town.here)
    request_id = posted(town.referrer)
    chosen(town.referrer, offered(oost.nurse, request_id))
    assert [line.id for line in service.today(oost.nurse).to_start] == [request_id]
    service.hand_over(oost.nurse, request_id)
    service.start_care(oost.nurse, request_id)
    assert [line.id for line in service.today(oost.nurse).placed] == [request_id]
    service.close_care(oost.nurse, request_id)
    assert service.today(oost.nurse).placed == []


def test_the_lists_count_who_was_asked_who_answered_and_what_is_offered(town, story):
    [line] = service.index(town.referrer)[Side.ASKER]
    assert (line.asked, line.answered, line.offers) == (4, 3, 2)


def test_the_coordinators_of_a_wijk_are_those_of_its_region(db, make, town):
    make.account(town.coordinator.organisation, Role.VIEWER)
    make.account(town.coordinator.organisation, Role.COORDINATOR, active=False)
    make.account(make.organisation(), Role.COORDINATOR)
    assert coordinators_of(db, town.here.id) == [town.coordinator.id]
    assert coordinators_of(db, make.wijk().id) == []
