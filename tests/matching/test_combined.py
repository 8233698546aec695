"""Offers of a part, and the few that together are enough: chosen all at once, or not at all."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.matching.make import ONE_A_MORNING, chosen, offered, posted
from wijkapp.capacity.models import Capacity, CapacityHold, CapacityTake
from wijkapp.capacity.rules import SLOTS
from wijkapp.capacity.service import NoPlaceLeft
from wijkapp.clients.models import ClientFile
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.kit.outbox import Event
from wijkapp.matching import parts, service
from wijkapp.matching.models import CareRequest, Choice, ChoiceOption, Invitation, Offer, Placement
from wijkapp.matching.parts import Cover
from wijkapp.matching.rules import (
    AlreadyPlaced,
    Answer,
    Chooser,
    FollowKind,
    IllegalStep,
    OfferStatus,
    RequestStatus,
    ReturnReason,
)
from wijkapp.matching.service import Able, How
from wijkapp.matching.service.answer import AlreadyOffered, OfferGone
from wijkapp.matching.service.choose import NotTogether

MORNING, EVENING = 0, 2
WORKDAYS = tuple(int(slot % 4 == MORNING and slot // 4 < 5) for slot in range(SLOTS))
WEEKEND = tuple(int(slot % 4 == MORNING and slot // 4 > 4) for slot in range(SLOTS))


def now(db, kind, id):
    return db.get_one(kind, id, populate_existing=True)


def part(by, request_id, visits, **more) -> object:
    return service.offer_part(by, request_id, Able(visits=visits, **more))


def together(by, request_id, *offer_ids):
    return service.choose(by, request_id, offer_ids, Chooser.CLIENT)


def places(db, *providers) -> list[int]:
    found = dict(db.execute(select(Capacity.team_id, Capacity.places)).all())
    return [found[one.team.id] for one in providers]


def everything(db, *tables) -> list:
    """All that is stored, to compare before and after."""
    return [sorted(map(repr, db.execute(select(table.__table__)).all())) for table in tables]


@pytest.fixture
def pair(make, town):
    return make.provider(town.here), make.provider(town.here)


# --- an offer of a part


def test_all_is_one_tap_with_the_day_and_the_hours_that_were_asked(db, make, town):
    provider = make.provider(town.here)
    later = time.today() + timedelta(days=3)
    offer = now(db, Offer, service.offer(provider.nurse, posted(town.referrer, start_on=later)))
    request = db.scalars(select(CareRequest)).one()
    assert (offer.start_on, offer.minutes_per_week, offer.week) == (later, 210, parts.asked_week(request))
    assert offer.take_back_until == offer.offered_at + timedelta(minutes=10)


def test_a_part_has_the_minutes_of_its_visits(db, make, town):
    provider = make.provider(town.here)
    offer = now(db, Offer, part(provider.nurse, posted(town.referrer), WORKDAYS, comes_already=True))
    assert offer.minutes_per_week == 150
    assert offer.week == tuple(30 * visits for visits in WORKDAYS)
    assert offer.comes_already


def test_a_counter_offer_says_when_it_would_come_instead(db, make, town):
    provider = make.provider(town.here)
    request = now(db, CareRequest, posted(town.referrer))
    evening = parts.counter_of({MORNING: EVENING})
    offer = now(db, Offer, service.offer_part(provider.nurse, request.id, Able(counter=evening)))
    assert parts.cover(request, offer) is Cover.OTHER_TIMES
    assert parts.moves_of(request.moments, offer.counter) == {MORNING: EVENING}

    chosen(town.referrer, offer.id)

    took = db.scalars(select(CapacityTake.week)).one()
    assert sum(took) == 0  # it has mornings free; what it takes of the evenings it had not published
    assert sum(parts.moved(offer.week, offer.counter)[EVENING::4]) == 210


@pytest.mark.parametrize(
    ("able", "field"),
    [
        (Able(visits=(0,) * SLOTS), "moments"),
        (Able(visits=(1,) * SLOTS), "moments"),
        (Able(visits=(-1, *ONE_A_MORNING[1:])), "moments"),
        (Able(visits=(1,)), "moments"),
        (Able(visits=WORKDAYS, minutes_per_week=151), "hours"),
        (Able(visits=WORKDAYS, minutes_per_week=0), "hours"),
        (Able(counter=tuple(range(1, SLOTS + 1))), "moves"),
        (Able(counter=(2,)), "moves"),
    ],
)
def test_a_part_that_cannot_be_is_refused_at_its_field(make, town, able, field):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    with pytest.raises(Invalid) as refused:
        service.offer_part(provider.nurse, request_id, able)
    assert set(refused.value.fields) == {field}


def test_the_same_part_twice_is_one_offer_and_another_part_is_not(make, town):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    assert part(provider.nurse, request_id, WORKDAYS) == part(provider.nurse, request_id, WORKDAYS)
    with pytest.raises(AlreadyOffered):
        part(provider.nurse, request_id, WEEKEND)


# --- what is shown


def test_earliest_full_cover_stands_first_and_the_rest_in_an_order_of_its_own(db, make, town):
    request_id = posted_with(make, town, 6)
    nurses = [one.nurse for one in make.providers]
    part(nurses[0], request_id, WORKDAYS)
    service.offer(nurses[1], request_id, time.today() + timedelta(days=9))
    service.offer(nurses[2], request_id, time.today() + timedelta(days=2))
    part(nurses[3], request_id, WEEKEND)
    part(nurses[4], request_id, WEEKEND, start_on=time.today() + timedelta(days=1))

    story = service.show(town.referrer, request_id)

    order = [one.organisation_id for one in story.offers]
    assert order[:2] == [nurses[2].organisation_id, nurses[1].organisation_id]
    assert order == [one.organisation_id for one in service.show(town.referrer, request_id).offers]
    assert not story.together  # somebody can do it all: nothing to combine


def posted_with(make, town, count: int):
    make.providers = [make.provider(town.here) for _ in range(count)]
    return posted(town.referrer)


def test_the_smallest_combination_that_covers_all_is_proposed(pair, make, town):
    oost, west = pair
    request_id = posted(town.referrer)
    work, weekend = part(oost.nurse, request_id, WORKDAYS), part(west.nurse, request_id, WEEKEND)
    [one] = service.show(town.referrer, request_id).together
    assert set(one.offer_ids) == {work, weekend}
    assert sum(map(sum, one.shares)) == 210
    assert not one.other_times


def test_only_who_asked_sees_that_somebody_comes_there_already(make, town, visitor):
    provider, other = make.provider(town.here), make.provider(town.here)
    request_id = posted(town.referrer)
    part(provider.nurse, request_id, WORKDAYS, comes_already=True)
    reads = {
        who: visitor(who).get(f"/zorgvragen/{request_id}").get_data(as_text=True)
        for who in (town.referrer, town.coordinator, other.nurse)
    }
    assert "Komt al bij deze cliënt" in reads[town.referrer]
    assert "Komt al bij deze cliënt" not in reads[town.coordinator] + reads[other.nurse]


# --- chosen together


def test_who_is_chosen_together_is_placed_together(db, pair, make, town, told):
    oost, west = pair
    other = make.provider(town.here)
    request_id = posted(town.referrer)
    first, second = part(oost.nurse, request_id, WORKDAYS), part(west.nurse, request_id, WEEKEND)
    third = part(other.nurse, request_id, WEEKEND)

    assert together(town.referrer, request_id, second, first) == request_id

    assert now(db, CareRequest, request_id).status is RequestStatus.MATCHED
    assert [now(db, Offer, one).status for one in (first, second, third)] == [
        OfferStatus.CHOSEN,
        OfferStatus.CHOSEN,
        OfferStatus.NOT_CHOSEN,
    ]
    assert places(db, oost, west, other) == [1, 1, 2]
    weeks = dict(db.execute(select(Placement.offer_id, Placement.week)).all())
    assert weeks == {first: tuple(30 * one for one in WORKDAYS), second: tuple(30 * one for one in WEEKEND)}
    assert told("matching.placed") == sorted([oost.nurse.name, west.nurse.name])
    assert told("matching.not_chosen") == [other.nurse.name]
    assert len(db.scalars(select(ClientFile)).all()) == 2
    assert db.scalars(select(CapacityHold).where(CapacityHold.released_at.is_(None))).all() == []


def test_the_choice_keeps_what_there_was_to_choose(db, pair, make, town):
    oost, west = pair
    request_id = posted(town.referrer)
    first, second = part(oost.nurse, request_id, WORKDAYS), part(west.nurse, request_id, WEEKEND)
    together(town.referrer, request_id, first, second)

    choice = db.scalars(select(Choice)).one()
    rows = db.execute(select(ChoiceOption.number, ChoiceOption.offer_id, ChoiceOption.chosen)).all()
    options = {number: {row.offer_id for row in rows if row.number == number} for number, *_ in rows}
    assert (choice.recorded_by_id, choice.chosen_by) == (town.referrer.id, Chooser.CLIENT)
    assert sorted(map(len, options.values())) == [1, 1, 2]
    assert {row.offer_id for row in rows if row.chosen} == {first, second}
    assert set(db.scalars(select(Placement.choice_id))) == {choice.id}
    recorded = service.show(town.referrer, request_id).recorded
    assert (recorded.by, len(recorded.options)) == (town.referrer.name, 3)


def test_what_came_after_the_page_was_made_was_no_alternative(db, pair, make, town):
    oost, west = pair
    request_id = posted(town.referrer)
    first = offered(oost.nurse, request_id)
    seen_at = time.now()
    later = offered(west.nurse, request_id)

    service.choose_offer(town.referrer, first, Chooser.CLIENT, How(seen_at=seen_at))

    assert set(db.scalars(select(ChoiceOption.offer_id))) == {first}
    assert db.scalars(select(Placement.shown_offers)).one() == 1
    assert now(db, Offer, later).status is OfferStatus.NOT_CHOSEN


@pytest.mark.parametrize("why", ["taken back", "full"])
def test_when_one_of_them_is_gone_none_is_chosen(db, pair, make, town, why):
    oost, west = pair
    request_id = posted(town.referrer)
    first, second = part(oost.nurse, request_id, WORKDAYS), part(west.nurse, request_id, WEEKEND)
    if why == "taken back":
        service.withdraw_offer(west.nurse, second)
    else:
        db.scalars(select(Capacity).where(Capacity.team_id == west.team.id)).one().full = True
        db.flush()
    tables = (CareRequest, Offer, Placement, Choice, ChoiceOption, CapacityTake, Capacity, Invitation, Event)
    before = everything(db, *tables)

    with pytest.raises(OfferGone if why == "taken back" else NoPlaceLeft):
        together(town.referrer, request_id, first, second)

    assert everything(db, *tables) == before


def test_a_second_tap_on_a_combination_is_the_same_choice(db, pair, make, town):
    oost, west = pair
    request_id = posted(town.referrer)
    both = part(oost.nurse, request_id, WORKDAYS), part(west.nurse, request_id, WEEKEND)
    together(town.referrer, request_id, *both)
    together(town.referrer, request_id, *both)
    assert places(db, oost, west) == [1, 1]
    with pytest.raises(AlreadyPlaced):
        chosen(town.referrer, both[0])


def test_somebody_with_nothing_left_to_do_is_not_chosen_along(db, pair, make, town):
    oost, west = pair
    request_id = posted(town.referrer)
    both = offered(oost.nurse, request_id), offered(west.nurse, request_id)
    with pytest.raises(NotTogether):
        together(town.referrer, request_id, *both)
    assert now(db, CareRequest, request_id).status is RequestStatus.OFFERED


def test_offers_of_another_request_are_no_part_of_it(make, town, pair):
    oost, west = pair
    one, other = posted(town.referrer), posted(town.referrer)
    mine, theirs = part(oost.nurse, one, WORKDAYS), part(west.nurse, other, WEEKEND)
    for strange in (theirs, new_id()):
        with pytest.raises(NotFound):
            together(town.referrer, one, mine, strange)
    with pytest.raises(NotFound):
        together(town.referrer, one)


# --- the rest


def test_the_rest_of_a_part_is_asked_anew_when_the_asker_wants_that(db, pair, make, town, told):
    oost, west = pair
    request_id = posted(town.referrer)
    service.choose_offer(
        town.referrer, part(oost.nurse, request_id, WORKDAYS), Chooser.CLIENT, How(ask_rest=True)
    )
    rest = db.scalars(select(CareRequest).where(CareRequest.follows_id == request_id)).one()
    assert (rest.follow_kind, rest.moments, rest.minutes_per_week) == (FollowKind.REST, WEEKEND, 60)
    assert rest.status is RequestStatus.OPEN
    assert west.nurse.name in told("matching.asked")


def test_without_asking_and_after_a_whole_offer_there_is_no_rest(db, pair, make, town):
    oost, west = pair
    for request_id, offer_id in (
        (one := posted(town.referrer), part(oost.nurse, one, WORKDAYS)),
        (two := posted(town.referrer), offered(west.nurse, two)),
    ):
        service.choose_offer(town.referrer, offer_id, Chooser.CLIENT, How(ask_rest=request_id == two))
    assert db.scalars(select(CareRequest).where(CareRequest.follows_id.is_not(None))).all() == []


# --- each at its own pace


@pytest.fixture
def placed_pair(db, pair, town):
    oost, west = pair
    request_id = posted(town.referrer)
    together(
        town.referrer,
        request_id,
        part(oost.nurse, request_id, WORKDAYS),
        part(west.nurse, request_id, WEEKEND),
    )
    return oost, west, request_id


def test_the_request_is_as_far_as_the_slowest_of_them(db, placed_pair):
    oost, west, request_id = placed_pair
    walked = []

    def and_then(step, who):
        step(who.nurse, request_id)
        walked.append(now(db, CareRequest, request_id).status.value)

    and_then(service.hand_over, oost)
    and_then(service.start_care, oost)
    and_then(service.hand_over, west)
    and_then(service.start_care, west)
    and_then(service.close_care, oost)
    assert places(db, oost, west) == [2, 1]
    and_then(service.close_care, west)

    assert walked == ["matched", "matched", "handed_over", "in_care", "in_care", "closed"]
    assert places(db, oost, west) == [2, 2]


def test_on_vandaag_each_of_them_sees_its_own_care(placed_pair):
    oost, west, request_id = placed_pair
    service.hand_over(oost.nurse, request_id)
    service.start_care(oost.nurse, request_id)

    def cards(one) -> tuple[list, list]:
        work = service.today(one.nurse)
        return [line.stage.value for line in work.to_start], [line.stage.value for line in work.placed]

    assert cards(oost) == ([], ["in_care"])
    assert cards(west) == (["matched"], [])
    service.close_care(oost.nurse, request_id)
    assert cards(oost) == ([], [])


def test_both_read_what_they_do_and_whom_to_call_about_the_rest(placed_pair, town, visitor):
    oost, west, request_id = placed_pair
    page = visitor(oost.nurse).get(f"/zorgvragen/{request_id}").get_data(as_text=True)
    assert "Jullie deel: ochtend ma t/m vr." in page
    assert west.nurse.name in page
    assert town.referrer.name in page


def test_each_of_them_keeps_the_order_of_the_steps(placed_pair):
    oost, west, request_id = placed_pair
    service.hand_over(oost.nurse, request_id)
    for step in (service.start_care, service.close_care):
        with pytest.raises(IllegalStep):
            step(west.nurse, request_id)
    with pytest.raises(IllegalStep):
        service.hand_over(oost.nurse, request_id)


def test_when_one_falls_out_the_other_stays_and_that_part_is_asked_anew(db, town, placed_pair, told):
    oost, west, request_id = placed_pair
    service.hand_over(oost.nurse, request_id)

    service.return_placement(west.nurse, request_id, ReturnReason.PROVIDER_CANNOT)

    assert now(db, CareRequest, request_id).status is RequestStatus.HANDED_OVER
    assert places(db, oost, west) == [1, 2]
    rest = db.scalars(select(CareRequest).where(CareRequest.follows_id == request_id)).one()
    assert (rest.moments, rest.organisation_id) == (WEEKEND, town.referrer.organisation_id)
    mine = Invitation.organisation_id == west.organisation.id
    answers = dict(db.execute(select(Invitation.care_request_id, Invitation.answer).where(mine)).all())
    assert answers[request_id] is Answer.DECLINED
    assert told("matching.part_returned") == [town.referrer.name]


def test_the_asker_says_which_of_them_does_not_go_on_or_all(db, town, placed_pair):
    oost, west, request_id = placed_pair
    mine = select(Placement.id).join(Offer).where(Offer.organisation_id == oost.organisation.id)
    with pytest.raises(NotFound):
        service.return_placement(town.referrer, request_id, ReturnReason.CLIENT_CHANGED, new_id())
    service.return_placement(town.referrer, request_id, ReturnReason.CLIENT_CHANGED, db.scalars(mine).one())
    assert places(db, oost, west) == [2, 1]
    service.return_placement(town.referrer, request_id, ReturnReason.CLIENT_CHANGED)
    assert places(db, oost, west) == [2, 2]
    assert now(db, CareRequest, request_id).status is RequestStatus.OPEN
