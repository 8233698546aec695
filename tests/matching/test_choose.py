"""The client chooses: a place is taken, everybody hears it, and what falls through comes back whole."""

import pytest
from sqlalchemy import func, select

from tests.matching.make import WEEK, chosen, offered, posted
from wijkapp.capacity.models import Capacity, CapacityTake
from wijkapp.capacity.service import NoPlaceLeft
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.errors import NotFound
from wijkapp.kit.outbox import Event
from wijkapp.matching import service
from wijkapp.matching.models import CareRequest, Invitation, Offer, Placement
from wijkapp.matching.rules import (
    AlreadyEnded,
    AlreadyPlaced,
    Answer,
    Chooser,
    DeclineReason,
    IllegalStep,
    NoOfferStands,
    NotYetPlaced,
    OfferStatus,
    RequestStatus,
    ReturnReason,
    WithdrawReason,
)
from wijkapp.matching.service.answer import OfferGone
from wijkapp.people.rules import Role


def now(db, kind, id):
    return db.get_one(kind, id, populate_existing=True)


def figure(db, provider) -> tuple[int, tuple[int, ...]]:
    return tuple(
        db.execute(
            select(Capacity.places, Capacity.week).where(
                Capacity.team_id == provider.team.id, Capacity.product == "verpleging"
            )
        ).one()
    )


def everything(db, *tables) -> list:
    """All that is stored, to compare before and after."""
    return [db.execute(select(table.__table__).order_by(table.id)).all() for table in tables]


def test_the_whole_journey_from_question_to_the_end_of_care(db, make, town, told):
    provider, other = make.provider(town.here, places=2), make.provider(town.near)
    request_id = posted(town.referrer)
    walked = [now(db, CareRequest, request_id).status]

    def and_then(step, *given):
        step(*given)
        walked.append(now(db, CareRequest, request_id).status)

    service.decline(other.nurse, request_id, DeclineReason.NO_ROOM)
    offer_id = service.offer(provider.nurse, request_id, time.today(), WEEK)
    and_then(service.choose_offer, town.referrer, offer_id, Chooser.REPRESENTATIVE)
    and_then(service.hand_over, provider.nurse, request_id)
    and_then(service.start_care, provider.nurse, request_id)
    assert figure(db, provider)[0] == 1
    and_then(service.close_care, provider.nurse, request_id)

    assert walked == ["open", "matched", "handed_over", "in_care", "closed"]
    placement = db.scalars(select(Placement).execution_options(populate_existing=True)).one()
    assert (placement.chosen_by, placement.shown_offers) == (Chooser.REPRESENTATIVE, 1)
    assert (placement.recorded_by_id, placement.return_reason) == (town.referrer.id, None)
    assert figure(db, provider)[0] == 2  # care is done: the place is free again
    assert now(db, CareRequest, request_id).escalate_at is None
    assert told("matching.status") == [town.referrer.name] * 3


def test_a_choice_takes_the_place_and_tells_chosen_and_not_chosen(db, make, town, told):
    oost, west = make.provider(town.here, deputy=True), make.provider(town.here)
    silent = make.provider(town.here)
    request_id = posted(town.referrer)
    taken, other = offered(oost.nurse, request_id), offered(west.nurse, request_id)

    assert chosen(town.referrer, taken) == request_id

    assert now(db, CareRequest, request_id).status is RequestStatus.MATCHED
    assert now(db, Offer, taken).status is OfferStatus.CHOSEN
    assert now(db, Offer, other).status is OfferStatus.NOT_CHOSEN
    assert [figure(db, one)[0] for one in (oost, west, silent)] == [1, 2, 2]
    assert db.scalar(select(Placement.shown_offers)) == 2
    assert told("matching.placed") == sorted([oost.nurse.name, oost.deputy.name])
    assert told("matching.not_chosen") == [west.nurse.name]


def test_a_placement_takes_the_minutes_that_were_offered(db, make, town):
    provider = make.provider(town.here)
    before = sum(figure(db, provider)[1])
    chosen(town.referrer, offered(provider.nurse, posted(town.referrer), 100))
    assert before - sum(figure(db, provider)[1]) == 100


def test_without_a_place_left_the_choice_is_refused_and_nothing_changed(db, make, town):
    provider, other = make.provider(town.here, places=1), make.provider(town.here)
    first, second = posted(town.referrer), posted(town.referrer)
    taken, too_late = offered(provider.nurse, first), offered(provider.nurse, second)
    offered(other.nurse, second)
    chosen(town.referrer, taken)
    tables = (CareRequest, Offer, Placement, CapacityTake, Capacity, Invitation, Event)
    before = everything(db, *tables)

    with pytest.raises(NoPlaceLeft) as refused:
        chosen(town.referrer, too_late)

    assert "geen plek meer" in str(refused.value.sentence)
    assert everything(db, *tables) == before
    assert now(db, CareRequest, second).status is RequestStatus.OFFERED
    assert now(db, Offer, too_late).status is OfferStatus.OPEN


def test_a_second_choice_on_one_request_comes_too_late(db, make, town):
    oost, west = make.provider(town.here), make.provider(town.here)
    request_id = posted(town.referrer)
    first, second = offered(oost.nurse, request_id), offered(west.nurse, request_id)
    chosen(town.referrer, first)
    colleague = make.account(town.referrer.organisation, Role.REFERRER)
    for who, offer_id in ((town.referrer, second), (colleague, first)):
        with pytest.raises(AlreadyPlaced):
            chosen(who, offer_id)
    assert db.scalar(select(func.count()).select_from(Placement)) == 1


def test_a_second_tap_on_the_same_choice_is_the_same_choice(db, make, town, told):
    provider = make.provider(town.here, places=2)
    request_id = posted(town.referrer)
    offer_id = offered(provider.nurse, request_id)

    assert chosen(town.referrer, offer_id) == chosen(town.referrer, offer_id) == request_id

    assert figure(db, provider)[0] == 1
    assert told("matching.placed") == [provider.nurse.name]


def test_a_request_for_two_kinds_of_care_takes_a_place_of_each_and_gives_both_back(db, make, town):
    make.product("persoonlijke_verzorging", "Persoonlijke verzorging")
    both = ("verpleging", "persoonlijke_verzorging")
    provider = make.provider(town.here, places=2, products=both)
    other = make.capacity(provider.team, product="persoonlijke_verzorging", places=3)
    week = other.week
    request_id = posted(town.referrer, products=both)

    chosen(town.referrer, offered(provider.nurse, request_id))

    assert figure(db, provider)[0] == 1
    assert now(db, Capacity, other.id).places == 2
    assert now(db, Capacity, other.id).week == week  # the hours are counted once

    service.withdraw(town.referrer, request_id, WithdrawReason.MISTAKE)

    assert figure(db, provider)[0] == 2
    assert now(db, Capacity, other.id).places == 3


def test_an_offer_that_was_taken_back_cannot_be_chosen(db, make, town):
    oost, west = make.provider(town.here), make.provider(town.here)
    request_id = posted(town.referrer)
    gone = offered(oost.nurse, request_id)
    service.withdraw_offer(oost.nurse, gone)
    with pytest.raises(NoOfferStands):
        chosen(town.referrer, gone)
    offered(west.nurse, request_id)
    with pytest.raises(OfferGone):
        chosen(town.referrer, gone)
    assert now(db, CareRequest, request_id).status is RequestStatus.OFFERED


def test_a_withdrawn_request_has_nothing_to_choose(make, town):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    offer_id = offered(provider.nurse, request_id)
    service.withdraw(town.referrer, request_id, WithdrawReason.MISTAKE)
    with pytest.raises(AlreadyEnded):
        chosen(town.referrer, offer_id)


# --- it falls through


def test_a_placement_that_falls_through_gives_the_place_back_and_asks_everybody_again(db, make, town, told):
    oost, west = make.provider(town.here, places=1), make.provider(town.here)
    no = make.provider(town.here)
    free = figure(db, oost)
    request_id = posted(town.referrer)
    service.decline(no.nurse, request_id, DeclineReason.NO_ROOM)
    taken = offered(oost.nurse, request_id)
    offered(west.nurse, request_id)
    chosen(town.referrer, taken)

    service.return_placement(town.referrer, request_id, ReturnReason.CLIENT_CHANGED)

    request = now(db, CareRequest, request_id)
    assert request.status is RequestStatus.OPEN
    assert request.escalate_at == request.answer_by > time.now()
    assert figure(db, oost) == free
    assert now(db, Offer, taken).status is OfferStatus.WITHDRAWN
    assert told("matching.returned") == [town.referrer.name]
    assert told("matching.reopened") == sorted([oost.nurse.name, west.nurse.name])
    chosen(town.referrer, offered(west.nurse, request_id))
    assert figure(db, west)[0] == 1


def test_a_provider_that_cannot_after_all_is_not_asked_again(db, make, town, told):
    oost, west = make.provider(town.here), make.provider(town.here)
    request_id = posted(town.referrer)
    chosen(town.referrer, offered(oost.nurse, request_id))

    service.return_placement(oost.nurse, request_id, ReturnReason.PROVIDER_CANNOT)

    answers = dict(db.execute(select(Invitation.organisation_id, Invitation.answer)).all())
    assert answers == {oost.organisation.id: Answer.DECLINED, west.organisation.id: Answer.SILENT}
    assert told("matching.reopened") == [west.nurse.name]


def test_who_is_asked_for_the_first_time_hears_that_and_not_that_it_is_open_again(make, town, told):
    oost, fresh = make.provider(town.here), make.provider(town.here, full=True)
    request_id = posted(town.referrer)
    chosen(town.referrer, offered(oost.nurse, request_id))
    service_now_free(make, fresh)

    service.return_placement(town.referrer, request_id, ReturnReason.CLIENT_CHANGED)

    assert fresh.nurse.name in told("matching.asked")
    assert told("matching.reopened") == [oost.nurse.name]


def service_now_free(make, provider) -> None:
    figure = make.db.scalars(select(Capacity).where(Capacity.team_id == provider.team.id)).one()
    figure.full = False
    make.db.flush()


def test_when_the_only_provider_cannot_nobody_waits_for_the_term(db, make, town):
    only = make.provider(town.here)
    request_id = posted(town.referrer)
    chosen(town.referrer, offered(only.nurse, request_id))
    service.return_placement(only.nurse, request_id, ReturnReason.PROVIDER_CANNOT)
    assert now(db, CareRequest, request_id).escalate_at <= time.now()


def test_a_placement_falls_through_once(db, make, town):
    provider = make.provider(town.here, places=1)
    request_id = posted(town.referrer)
    chosen(town.referrer, offered(provider.nurse, request_id))
    service.return_placement(town.referrer, request_id, ReturnReason.CLIENT_CHANGED)
    with pytest.raises(NotYetPlaced):
        service.return_placement(town.referrer, request_id, ReturnReason.CLIENT_CHANGED)
    assert figure(db, provider)[0] == 1


# --- who may do what


def test_the_steps_of_care_have_an_order(make, town):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    chosen(town.referrer, offered(provider.nurse, request_id))
    for step in (service.start_care, service.close_care):
        with pytest.raises(IllegalStep):
            step(provider.nurse, request_id)
    service.hand_over(provider.nurse, request_id)
    with pytest.raises(IllegalStep):
        service.hand_over(provider.nurse, request_id)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.COORDINATOR, Role.VIEWER])
def test_bram_of_the_same_practice_may_not_choose(db, make, town, role):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    offer_id = offered(provider.nurse, request_id)
    bram = make.account(town.referrer.organisation, role)
    with pytest.raises(NotFound):
        chosen(bram, offer_id)
    assert now(db, CareRequest, request_id).status is RequestStatus.OFFERED


def test_carla_of_another_organisation_never_chooses_hands_over_or_returns(make, town):
    provider, passed_over = make.provider(town.here), make.provider(town.here)
    request_id = posted(town.referrer)
    offer_id, other_id = offered(provider.nurse, request_id), offered(passed_over.nurse, request_id)
    carla = make.account(None, *Role)

    def nobody_may(strangers, *acts):
        for stranger in strangers:
            for act in acts:
                with pytest.raises(NotFound):
                    act(stranger)

    strangers = (carla, passed_over.nurse, town.coordinator)
    nobody_may(
        (*strangers, provider.nurse),
        lambda who: chosen(who, offer_id),
        lambda who: chosen(who, other_id),
        lambda who: chosen(who, new_id()),
    )
    chosen(town.referrer, offer_id)
    nobody_may(
        strangers,
        lambda who: service.hand_over(who, request_id),
        lambda who: service.start_care(who, request_id),
        lambda who: service.close_care(who, request_id),
        lambda who: service.return_placement(who, request_id, ReturnReason.CLIENT_CHANGED),
        lambda who: service.hand_over(who, new_id()),
    )
    nobody_may((town.referrer,), lambda who: service.hand_over(who, request_id))
