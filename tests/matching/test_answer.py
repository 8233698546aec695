"""Answering: seen, offer, decline, take the offer back; each once, whoever taps twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from tests.matching.make import WEEK, chosen, offered, posted
from wijkapp.agreements.rules import Urgency
from wijkapp.capacity.models import Capacity
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.matching import service
from wijkapp.matching.models import CareRequest, Invitation, Offer
from wijkapp.matching.rules import (
    AlreadyEnded,
    AlreadyPlaced,
    Answer,
    DeclineReason,
    OfferStatus,
    RequestStatus,
    WithdrawReason,
)
from wijkapp.matching.service.answer import AlreadyOffered, OfferGone
from wijkapp.people.rules import Role


def now(db, kind, id):
    return db.get_one(kind, id, populate_existing=True)


def invitation(db, request_id, provider) -> Invitation:
    return db.scalars(
        select(Invitation)
        .where(
            Invitation.care_request_id == request_id, Invitation.organisation_id == provider.organisation.id
        )
        .execution_options(populate_existing=True)
    ).one()


# --- seen


def test_the_asker_hears_once_that_a_provider_looked(db, make, town, told):
    provider = make.provider(town.here, deputy=True)
    request_id = posted(town.referrer)
    service.see(provider.nurse, request_id)
    first = invitation(db, request_id, provider)
    seen_at = first.seen_at

    service.see(provider.deputy, request_id)

    assert told("matching.seen") == [town.referrer.name]
    assert invitation(db, request_id, provider).seen_at == seen_at
    assert first.answer is Answer.SEEN


def test_looking_again_takes_no_answer_back(db, make, town):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    offered(provider.nurse, request_id)
    service.see(provider.nurse, request_id)
    assert invitation(db, request_id, provider).answer is Answer.OFFERED


# --- offer


def test_an_offer_stands_and_the_asker_hears_of_it(db, make, town, told):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)

    offer_id = offered(provider.nurse, request_id, 120)

    offer = now(db, Offer, offer_id)
    assert (offer.status, offer.minutes_per_week, offer.team_id) == (OfferStatus.OPEN, 120, provider.team.id)
    assert offer.offered_by_id == provider.nurse.id
    assert now(db, CareRequest, request_id).status is RequestStatus.OFFERED
    assert invitation(db, request_id, provider).answer is Answer.OFFERED
    assert told("matching.offered") == [town.referrer.name]


def test_the_same_offer_twice_is_one_offer(make, town, told):
    provider = make.provider(town.here, deputy=True)
    request_id = posted(town.referrer)
    assert offered(provider.nurse, request_id) == offered(provider.deputy, request_id)
    assert len(told("matching.offered")) == 1


def test_another_offer_needs_the_first_to_be_taken_back(db, make, town):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    first = offered(provider.nurse, request_id, 120)
    with pytest.raises(AlreadyOffered):
        offered(provider.nurse, request_id, 180)

    service.withdraw_offer(provider.nurse, first)
    second = offered(provider.nurse, request_id, 180)

    assert now(db, Offer, first).status is OfferStatus.WITHDRAWN
    assert now(db, Offer, second).status is OfferStatus.OPEN


def test_who_was_not_asked_but_is_in_reach_may_offer(db, make, town):
    make.provider(town.here)
    for provider in (make.provider(town.here, full=True), make.provider(town.far)):
        assert offered(provider.nurse, posted(town.referrer))


def test_who_said_no_may_still_offer(db, make, town):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    service.decline(provider.nurse, request_id, DeclineReason.NO_ROOM)
    offered(provider.nurse, request_id)
    mine = invitation(db, request_id, provider)
    assert (mine.answer, mine.decline_reason) == (Answer.OFFERED, None)


YESTERDAY, TOO_LATE = -timedelta(days=1), timedelta(days=91)


@pytest.mark.parametrize(
    ("start", "minutes", "field"),
    [
        (YESTERDAY, WEEK, "start_on"),
        (TOO_LATE, WEEK, "start_on"),
        (timedelta(0), 0, "hours"),
        (timedelta(0), -60, "hours"),
        (timedelta(0), 14, "hours"),
        (timedelta(0), WEEK + 1, "hours"),
        (timedelta(0), 2**40, "hours"),
    ],
)
def test_an_offer_that_cannot_be_is_refused_at_its_field(db, make, town, told, start, minutes, field):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    with pytest.raises(Invalid) as refused:
        service.offer(provider.nurse, request_id, time.today() + start, minutes)
    assert set(refused.value.fields) == {field}
    assert now(db, CareRequest, request_id).status is RequestStatus.OPEN
    assert told("matching.offered") == []


def test_a_small_request_can_be_offered_in_full(make, town):
    provider = make.provider(town.here)
    assert offered(provider.nurse, posted(town.referrer, minutes_per_week=10), 10)


def test_on_a_stale_page_the_provider_hears_what_happened_meanwhile(make, town):
    quick, slow = make.provider(town.here), make.provider(town.here)
    placed, gone = posted(town.referrer), posted(town.referrer)
    chosen(town.referrer, offered(quick.nurse, placed))
    service.withdraw(town.referrer, gone, WithdrawReason.MISTAKE)

    for request_id, refusal in ((placed, AlreadyPlaced), (gone, AlreadyEnded)):
        with pytest.raises(refusal):
            offered(slow.nurse, request_id)
        with pytest.raises(refusal):
            service.decline(slow.nurse, request_id, DeclineReason.NO_ROOM)


# --- decline


def test_a_no_has_a_reason_and_the_asker_hears_it_once(db, make, town, told):
    provider = make.provider(town.here)
    make.provider(town.here)
    request_id = posted(town.referrer)
    for _tap in range(2):
        service.decline(provider.nurse, request_id, DeclineReason.TOO_FAR)
    mine = invitation(db, request_id, provider)
    assert (mine.answer, mine.decline_reason) == (Answer.DECLINED, DeclineReason.TOO_FAR)
    assert mine.answered_at is not None
    assert told("matching.declined") == [town.referrer.name]


def test_a_provider_with_an_offer_must_take_it_back_before_it_says_no(db, make, town):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    offered(provider.nurse, request_id)
    with pytest.raises(AlreadyOffered):
        service.decline(provider.nurse, request_id, DeclineReason.NO_ROOM)
    assert invitation(db, request_id, provider).answer is Answer.OFFERED


def test_when_everybody_said_no_nobody_waits_for_the_term(db, make, town, told):
    first, second = make.provider(town.here), make.provider(town.here)
    make.provider(town.far)
    request_id = posted(town.referrer, urgency=Urgency.PLANNED)

    service.decline(first.nurse, request_id, DeclineReason.NO_ROOM)
    assert now(db, CareRequest, request_id).escalate_at > time.now()
    service.decline(second.nurse, request_id, DeclineReason.NO_ROOM)

    assert now(db, CareRequest, request_id).escalate_at <= time.now()
    assert told("matching.all_answered") == [town.referrer.name]


def test_changing_the_reason_of_a_no_does_not_say_again_that_everybody_answered(db, make, town, told):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    service.decline(provider.nurse, request_id, DeclineReason.NO_ROOM)
    service.decline(provider.nurse, request_id, DeclineReason.TOO_FAR)
    assert told("matching.all_answered") == [town.referrer.name]
    assert invitation(db, request_id, provider).decline_reason is DeclineReason.TOO_FAR


# --- taking an offer back


def test_the_last_offer_that_is_taken_back_opens_the_request_again(db, make, town, told):
    provider, other = make.provider(town.here), make.provider(town.here)
    request_id = posted(town.referrer)
    first, second = offered(provider.nurse, request_id), offered(other.nurse, request_id)

    service.withdraw_offer(provider.nurse, first)
    assert now(db, CareRequest, request_id).status is RequestStatus.OFFERED
    service.withdraw_offer(other.nurse, second)

    request = now(db, CareRequest, request_id)
    assert request.status is RequestStatus.OPEN
    assert request.escalate_at < request.answer_by  # at the next tick: must more phones ring?
    assert told("matching.offer_withdrawn") == [town.referrer.name] * 2
    assert invitation(db, request_id, provider).answer is Answer.SEEN


def test_after_the_term_a_withdrawn_offer_is_chased_at_once(db, make, town):
    provider = make.provider(town.here)
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC)):
        offer_id = offered(provider.nurse, posted(town.referrer, urgency=Urgency.TODAY))
    with time_machine.travel(datetime(2026, 11, 24, 12, tzinfo=UTC), tick=False):
        request_id = service.withdraw_offer(provider.nurse, offer_id)
        assert now(db, CareRequest, request_id).escalate_at == time.now()


def test_an_offer_that_is_gone_cannot_be_taken_back_again(make, town):
    provider = make.provider(town.here)
    gone = offered(provider.nurse, posted(town.referrer))
    service.withdraw_offer(provider.nurse, gone)
    with pytest.raises(OfferGone):
        service.withdraw_offer(provider.nurse, gone)


def test_an_offer_that_was_a_mistake_is_taken_back_within_minutes_though_it_was_chosen(db, make, town, told):
    provider = make.provider(town.here, places=1)
    request_id = posted(town.referrer)
    taken = offered(provider.nurse, request_id)
    chosen(town.referrer, taken)

    service.withdraw_offer(provider.nurse, taken)

    assert now(db, CareRequest, request_id).status is RequestStatus.OPEN
    assert now(db, Offer, taken).status is OfferStatus.WITHDRAWN
    assert db.scalars(select(Capacity.places)).one() == 1
    mine = invitation(db, request_id, provider)
    assert (mine.answer, mine.decline_reason) == (Answer.SEEN, None)  # nobody is blamed
    assert told("matching.offer_withdrawn") == [town.referrer.name]
    assert offered(provider.nurse, request_id)


def test_after_ten_minutes_or_the_handover_a_chosen_offer_stays(make, town):
    provider = make.provider(town.here)
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC), tick=False):
        late = offered(provider.nurse, posted(town.referrer))
        chosen(town.referrer, late)
        handed_over = posted(town.referrer)
        soon = offered(provider.nurse, handed_over)
        chosen(town.referrer, soon)
        service.hand_over(provider.nurse, handed_over)
        with pytest.raises(OfferGone):
            service.withdraw_offer(provider.nurse, soon)
    with (
        time_machine.travel(datetime(2026, 11, 24, 9, 11, tzinfo=UTC), tick=False),
        pytest.raises(OfferGone),
    ):
        service.withdraw_offer(provider.nurse, late)


# --- who may answer


@pytest.mark.parametrize("role", [Role.ADMIN, Role.REFERRER, Role.COORDINATOR, Role.VIEWER])
def test_bram_of_the_same_provider_may_not_answer_and_carla_of_another_never(make, town, role):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    offer_id = offered(provider.nurse, request_id)
    bram, carla = make.account(provider.organisation, role), make.account(None, *Role)
    for stranger in (bram, carla, town.coordinator):
        for act in (
            lambda who: service.see(who, request_id),
            lambda who: offered(who, request_id),
            lambda who: service.decline(who, request_id, DeclineReason.NO_ROOM),
            lambda who: service.withdraw_offer(who, offer_id),
            lambda who: offered(who, new_id()),
            lambda who: service.withdraw_offer(who, new_id()),
        ):
            with pytest.raises(NotFound):
                act(stranger)


def test_the_planner_of_a_provider_may_answer_too(make, town):
    provider = make.provider(town.here)
    planner = make.account(provider.organisation, Role.PLANNER)
    assert offered(planner, posted(town.referrer))


# --- the night the clock goes back


@pytest.mark.database("postgresql")
def test_an_answer_in_the_hour_that_comes_twice_is_stored_at_its_own_moment(db, make, town):
    db.execute(text("SET TIME ZONE 'Europe/Amsterdam'"))  # as a server in the Netherlands may be set
    provider = make.provider(town.here)
    for hour in (0, 1):  # 02:30 in Amsterdam, twice
        moment = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        with time_machine.travel(moment, tick=False):
            request_id = posted(town.referrer, start_on=date(2026, 10, 25))
            service.decline(provider.nurse, request_id, DeclineReason.NO_ROOM)
        mine = invitation(db, request_id, provider)
        assert mine.answered_at == mine.seen_at == moment
