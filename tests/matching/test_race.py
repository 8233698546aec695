"""Many people at the same moment, with real threads on real databases: one wins, the others hear why."""

from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.matching.make import Make, chosen, offered, posted, profile
from tests.matching.test_combined import WEEKEND, WORKDAYS
from tests.racing import all_at_once, refusals
from tests.servers import KINDS
from wijkapp.capacity.models import Capacity, CapacityTake
from wijkapp.capacity.service import NoPlaceLeft
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.errors import NotFound, Refused
from wijkapp.kit.outbox import Event
from wijkapp.matching import service
from wijkapp.matching.models import CareRequest, Invitation, Offer, Placement, PlacementTake
from wijkapp.matching.rules import (
    UNDER_WAY,
    AlreadyEnded,
    AlreadyPlaced,
    Chooser,
    DeclineReason,
    NotYetPlaced,
    OfferStatus,
    RequestStatus,
    ReturnReason,
    WithdrawReason,
)
from wijkapp.matching.service import Able
from wijkapp.matching.service.answer import AlreadyOffered
from wijkapp.people.models import Organisation
from wijkapp.people.rules import Role

pytestmark = pytest.mark.parametrize("kind", KINDS)


def town_with(providers: int, **provider: object):
    with transaction() as db:
        make = Make(db)
        town = make.town()
        return town, [make.provider(town.here, **provider) for _ in range(providers)]


def stored(kind: type, *where: object) -> int:
    with reading() as db:
        return db.scalar(select(func.count()).select_from(kind).where(*where))


def the_only(column, *where: object):
    with reading() as db:
        return db.scalars(select(column).where(*where)).one()


def test_twenty_offers_on_one_request_all_stand(fresh_database, kind):
    fresh_database(kind)
    town, providers = town_with(20)
    request_id = posted(town.referrer)

    said = all_at_once([lambda one=one: offered(one.nurse, request_id) for one in providers])

    assert len(set(said)) == 20
    assert stored(Offer, Offer.status == OfferStatus.OPEN) == 20
    assert stored(Event, Event.name == "matching.offered") == 20
    assert the_only(CareRequest.status) is RequestStatus.OFFERED


def test_twenty_taps_on_offer_by_one_provider_are_one_offer(fresh_database, kind):
    fresh_database(kind)
    town, [provider] = town_with(1)
    request_id = posted(town.referrer)

    said = all_at_once([lambda: offered(provider.nurse, request_id)] * 20)

    assert len(set(said)) == 1
    assert stored(Offer) == stored(Event, Event.name == "matching.offered") == 1


def test_two_colleagues_with_different_offers_make_one(fresh_database, kind):
    fresh_database(kind)
    town, [provider] = town_with(1)
    request_id = posted(town.referrer)

    said = all_at_once(
        [lambda minutes=minutes: offered(provider.nurse, request_id, minutes) for minutes in range(100, 110)]
    )

    assert refusals(said) == {AlreadyOffered: 9}
    assert stored(Offer) == 1


def test_twenty_taps_on_send_are_one_request(fresh_database, kind):
    fresh_database(kind)
    town, _providers = town_with(3)
    form = new_id()

    said = all_at_once([lambda: service.post_request(town.referrer, form, profile())] * 20)

    assert len(set(said)) == 1
    assert stored(CareRequest) == 1
    assert stored(Invitation) == stored(Event) == 3


def test_twenty_taps_on_no_are_told_once(fresh_database, kind):
    fresh_database(kind)
    town, [provider, _other] = town_with(2)
    request_id = posted(town.referrer)

    said = all_at_once([lambda: service.decline(provider.nurse, request_id, DeclineReason.NO_ROOM)] * 20)

    assert said == [None] * 20
    assert stored(Event, Event.name == "matching.declined") == 1


def test_the_last_two_who_say_no_together_end_the_wait_once(fresh_database, kind):
    fresh_database(kind)
    town, providers = town_with(8)
    request_id = posted(town.referrer)

    all_at_once(
        [lambda one=one: service.decline(one.nurse, request_id, DeclineReason.NO_ROOM) for one in providers]
    )

    assert stored(Event, Event.name == "matching.all_answered") == 1


def test_twenty_who_look_at_once_are_seen_once(fresh_database, kind):
    fresh_database(kind)
    town, [provider] = town_with(1)
    request_id = posted(town.referrer)
    all_at_once([lambda: service.see(provider.nurse, request_id)] * 20)
    assert stored(Event, Event.name == "matching.seen") == 1


def test_twenty_choices_on_the_last_place_of_a_team_give_exactly_one_placement(fresh_database, kind):
    fresh_database(kind)
    town, [provider] = town_with(1, places=1)
    offers = [offered(provider.nurse, posted(town.referrer)) for _ in range(20)]

    said = all_at_once([lambda one=one: chosen(town.referrer, one) for one in offers])

    assert refusals(said) == {NoPlaceLeft: 19}
    assert all("geen plek meer" in str(one.sentence) for one in said if isinstance(one, Refused))
    assert the_only(Capacity.places) == 0
    assert stored(Placement) == stored(CapacityTake) == 1
    assert stored(CareRequest, CareRequest.status == RequestStatus.OFFERED) == 19
    assert stored(CareRequest, CareRequest.status == RequestStatus.MATCHED) == 1
    assert stored(Offer, Offer.status == OfferStatus.OPEN) == 19
    assert stored(Event, Event.name == "matching.placed") == 1


def test_of_twenty_choices_five_places_take_five(fresh_database, kind):
    fresh_database(kind)
    town, [provider] = town_with(1, places=5)
    offers = [offered(provider.nurse, posted(town.referrer)) for _ in range(20)]

    said = all_at_once([lambda one=one: chosen(town.referrer, one) for one in offers])

    assert refusals(said) == {NoPlaceLeft: 15}
    assert (the_only(Capacity.places), stored(Placement)) == (0, 5)


def test_twenty_choices_on_one_request_give_exactly_one_placement(fresh_database, kind):
    fresh_database(kind)
    town, providers = town_with(20)
    request_id = posted(town.referrer)
    offers = [offered(one.nurse, request_id) for one in providers]

    said = all_at_once([lambda one=one: chosen(town.referrer, one) for one in offers])

    assert refusals(said) == {AlreadyPlaced: 19}
    assert stored(Placement) == stored(Offer, Offer.status == OfferStatus.CHOSEN) == 1
    assert stored(Offer, Offer.status == OfferStatus.NOT_CHOSEN) == 19
    assert stored(Capacity, Capacity.places == 1) == 1
    assert stored(Event, Event.name == "matching.not_chosen") == 19


@pytest.mark.parametrize("attempt", range(3))
def test_choosing_taking_back_and_withdrawing_at_once_end_in_one_consistent_story(
    fresh_database, kind, attempt
):
    fresh_database(kind)
    town, [oost, west, noord] = town_with(3, places=1)
    request_id = posted(town.referrer)
    first, second = offered(oost.nurse, request_id), offered(west.nurse, request_id)

    said = all_at_once(
        [
            lambda: chosen(town.referrer, first),
            lambda: service.withdraw_offer(oost.nurse, first),
            lambda: service.withdraw(town.referrer, request_id, WithdrawReason.MISTAKE),
            lambda: chosen(town.referrer, second),
            lambda: offered(noord.nurse, request_id),
            lambda: service.widen(town.referrer, request_id),
            lambda: service.withdraw_offer(west.nurse, second),
            lambda: service.decline(noord.nurse, request_id, DeclineReason.NO_ROOM),
        ]
    )

    _is_consistent(request_id)
    assert the_only(CareRequest.status, CareRequest.id == request_id) is RequestStatus.WITHDRAWN
    assert not any(isinstance(one, Refused) and str(one.sentence) == str(Refused.sentence) for one in said)


@pytest.mark.parametrize("attempt", range(3))
def test_all_steps_after_placing_at_once_end_in_one_consistent_story(fresh_database, kind, attempt):
    fresh_database(kind)
    town, [oost, west] = town_with(2, places=1)
    request_id = posted(town.referrer)
    first = offered(oost.nurse, request_id)
    offered(west.nurse, request_id)
    chosen(town.referrer, first)
    service.hand_over(oost.nurse, request_id)

    said = all_at_once(
        [
            lambda: service.start_care(oost.nurse, request_id),
            lambda: service.close_care(oost.nurse, request_id),
            lambda: service.return_placement(town.referrer, request_id, ReturnReason.CLIENT_CHANGED),
            lambda: service.return_placement(oost.nurse, request_id, ReturnReason.PROVIDER_CANNOT),
            lambda: service.hand_over(oost.nurse, request_id),
            lambda: offered(west.nurse, request_id),
        ]
    )

    _is_consistent(request_id)
    assert all(isinstance(one, Refused | UUID | None) for one in said)


def two_halves(town, oost, west) -> tuple[UUID, UUID, UUID]:
    """A request of which one offered the workdays and the other the weekend."""
    request_id = posted(town.referrer)
    return (
        request_id,
        service.offer_part(oost.nurse, request_id, Able(visits=WORKDAYS)),
        service.offer_part(west.nurse, request_id, Able(visits=WEEKEND)),
    )


@pytest.mark.parametrize("attempt", range(3))
def test_two_halves_are_placed_together_or_not_at_all_while_a_third_withdraws(fresh_database, kind, attempt):
    fresh_database(kind)
    town, [oost, west] = town_with(2, places=1)
    request_id, first, second = two_halves(town, oost, west)
    colleague = _colleague(town)
    choose = lambda: service.choose(town.referrer, request_id, [first, second], Chooser.CLIENT)  # noqa: E731
    thirds = (
        lambda: service.withdraw_offer(west.nurse, second),
        lambda: service.withdraw(colleague, request_id, WithdrawReason.MISTAKE),
    )
    third = thirds[attempt % 2]

    all_at_once([choose, third] if attempt < 2 else [third, choose])

    _is_consistent(request_id)
    placed = stored(Placement, Placement.ended_at.is_(None))
    made = stored(Placement)
    taken = stored(Capacity, Capacity.places == 0)
    status = the_only(CareRequest.status, CareRequest.id == request_id)
    assert made in {0, 2}  # never one of them
    assert taken == placed
    if attempt % 2:
        assert (placed, status) == (0, RequestStatus.WITHDRAWN)
    else:  # taken back before the choice, or within minutes after it: then the other half stays
        assert (made, placed) in {(0, 0), (2, 1)}


def test_the_last_place_of_one_of_two_lets_none_of_them_be_placed(fresh_database, kind):
    fresh_database(kind)
    town, [oost, west] = town_with(2, places=1)
    requests = [two_halves(town, oost, west) for _ in range(10)]

    said = all_at_once(
        [lambda one=one: service.choose(town.referrer, one[0], one[1:], Chooser.CLIENT) for one in requests]
    )

    assert refusals(said) == {NoPlaceLeft: 9}
    assert stored(Placement) == stored(CapacityTake) == 2
    assert stored(Offer, Offer.status == OfferStatus.CHOSEN) == 2
    assert stored(CareRequest, CareRequest.status == RequestStatus.MATCHED) == 1


def test_combinations_of_the_same_teams_the_other_way_round_never_wait_for_each_other(fresh_database, kind):
    fresh_database(kind)
    town, [oost, west] = town_with(2, places=20)
    requests = [two_halves(town, *((oost, west) if turn % 2 else (west, oost))) for turn in range(12)]

    said = all_at_once(
        [lambda one=one: service.choose(town.referrer, one[0], one[1:], Chooser.CLIENT) for one in requests]
    )

    assert not refusals(said)
    assert stored(Placement) == 24
    assert stored(Capacity, Capacity.places == 8) == 2


def test_twenty_who_choose_other_combinations_of_one_request_place_one(fresh_database, kind):
    fresh_database(kind)
    town, providers = town_with(8)
    request_id = posted(town.referrer)
    halves = [
        service.offer_part(one.nurse, request_id, Able(visits=WEEKEND if number % 2 else WORKDAYS))
        for number, one in enumerate(providers)
    ]
    pairs = [(halves[a], halves[b]) for a in (0, 2, 4, 6) for b in (1, 3, 5, 7)] + [
        (halves[0], halves[1])
    ] * 4
    colleague = _colleague(town)

    said = all_at_once(
        [
            lambda pair=pair, who=who: service.choose(who, request_id, pair, Chooser.CLIENT)
            for pair, who in zip(pairs, [town.referrer, colleague] * 10, strict=True)
        ]
    )

    assert set(refusals(said)) == {AlreadyPlaced}
    assert stored(Placement) == stored(Offer, Offer.status == OfferStatus.CHOSEN) == 2
    assert stored(Capacity, Capacity.places == 1) == 2


def _colleague(town):
    with transaction() as db:
        return Make(db).account(db.get_one(Organisation, town.referrer.organisation_id), Role.REFERRER)


def test_who_withdraws_and_who_returns_at_once_give_back_once(fresh_database, kind):
    fresh_database(kind)
    town, [provider] = town_with(1, places=3)
    requests = [posted(town.referrer) for _ in range(3)]
    for request_id in requests:
        chosen(town.referrer, offered(provider.nurse, request_id))
    assert the_only(Capacity.places) == 0

    said = all_at_once(
        [
            act
            for one in requests
            for act in (
                lambda one=one: service.withdraw(town.referrer, one, WithdrawReason.ADMITTED),
                lambda one=one: service.return_placement(provider.nurse, one, ReturnReason.PROVIDER_CANNOT),
                lambda one=one: service.return_placement(town.referrer, one, ReturnReason.CLIENT_CHANGED),
            )
        ]
    )

    assert the_only(Capacity.places) == 3
    assert set(refusals(said)) <= {AlreadyEnded, NotYetPlaced, NotFound}
    for request_id in requests:
        _is_consistent(request_id)


def _is_consistent(request_id: UUID) -> None:
    """What the tables say of one request must be one story."""
    with reading() as db:
        request = db.get_one(CareRequest, request_id)
        offers = Counter(db.scalars(select(Offer.status).where(Offer.care_request_id == request_id)))
        lasting = db.scalars(
            select(PlacementTake.take_id)
            .join(Placement, Placement.id == PlacementTake.placement_id)
            .where(Placement.ended_at.is_(None))
        ).all()
        taken = db.scalars(select(CapacityTake.id).where(CapacityTake.given_back_at.is_(None))).all()
        mine = db.scalar(
            select(func.count()).where(Placement.care_request_id == request_id, Placement.ended_at.is_(None))
        )
        assert min(db.scalars(select(Capacity.places))) >= 0
    assert sorted(lasting) == sorted(taken)  # nothing kept without a placement, and the other way round
    assert bool(mine) == (request.status in UNDER_WAY)
    assert bool(offers[OfferStatus.OPEN]) == (request.status is RequestStatus.OFFERED)
    if request.status in UNDER_WAY:
        assert offers[OfferStatus.CHOSEN] == mine
    if request.status is RequestStatus.OPEN:
        assert request.escalate_at is not None  # somebody is going to look after it
