"""The other providers of the demo answer by themselves, and leave alone whom the tester plays."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from wijkapp.agreements.rules import Urgency
from wijkapp.demo import responders
from wijkapp.demo.parties import BY_HAND
from wijkapp.kit import time
from wijkapp.matching import service as matching
from wijkapp.matching.models import CareRequest, Invitation, Offer
from wijkapp.matching.ranking import Reason
from wijkapp.matching.rules import Answer, Chooser, RequestStatus
from wijkapp.people.models import Account, Organisation

ONCE_A_DAY = (1, 0, 0, 0) * 7


@pytest.fixture
def huisarts(region):
    return region.scalars(select(Account).where(Account.name == "Hanneke Vroegwater")).one()


@pytest.fixture
def request_id(huisarts):
    """A request in Zuid, sent just now."""
    profile = matching.Profile(
        pc4="3524",
        products=("persoonlijke_verzorging",),
        skills=(),
        moments=ONCE_A_DAY,
        minutes_per_week=210,
        urgency=Urgency.DAY,
        start_on=time.today() + timedelta(days=1),
    )
    return matching.post_request(huisarts, uuid4(), profile)


def later(time_machine, seconds):
    """Let so much time pass, with the responders called every second."""
    start = time.now()
    for second in range(1, seconds + 1):
        time_machine.move_to(start + timedelta(seconds=second), tick=False)
        responders.answer_due()


def answers(db, request_id):
    """Name of the provider -> how it answered, of those that were asked."""
    db.expire_all()
    asked = (
        select(Organisation.name, Invitation)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(Invitation.care_request_id == request_id, Invitation.asked_at.is_not(None))
    )
    return dict(db.execute(asked).all())


def test_others_answer_within_a_quarter_of_a_minute_and_the_testers_own_never(
    region, request_id, time_machine
):
    later(time_machine, 15)

    found = answers(region, request_id)
    others = {name: one for name, one in found.items() if name not in BY_HAND}
    assert any(one.answer is Answer.OFFERED for one in others.values())
    assert all(one.seen_at and one.answer is not Answer.SILENT for one in others.values())
    assert {one.answer for name, one in found.items() if name in BY_HAND} == {Answer.SILENT}


def test_nobody_answers_in_the_first_second_nor_all_at_once(region, request_id, time_machine):
    later(time_machine, 1)
    assert {one.answer for one in answers(region, request_id).values()} == {Answer.SILENT}

    later(time_machine, 14)
    moments = [one.seen_at for one in answers(region, request_id).values() if one.seen_at]
    assert len(set(moments)) > 1


def test_the_best_placed_offers_and_the_others_do_what_their_figures_allow(region, request_id, time_machine):
    later(time_machine, 15)
    request = region.get_one(CareRequest, request_id)
    others = [one for name, one in answers(region, request_id).items() if name not in BY_HAND]

    assert min(others, key=lambda one: one.rank).answer is Answer.OFFERED
    for invitation in others:
        own = Offer.organisation_id == invitation.organisation_id
        offer = region.scalar(select(Offer).where(Offer.care_request_id == request_id, own))
        if offer:
            assert 15 <= offer.minutes_per_week <= request.minutes_per_week
            assert offer.start_on >= request.start_on
        else:
            assert (invitation.answer is Answer.DECLINED) == (invitation.decline_reason is not None)
        if Reason(invitation.reasons[0]) is Reason.OPENS_LATER and offer:
            assert offer.start_on > request.start_on


def test_providers_differ_in_what_they_do(region, request_id):
    request = region.get_one(CareRequest, request_id)
    plans = [
        responders.plan_for(request, Invitation(id=uuid4(), reasons=(Reason.FITS,)), leads=False)
        for _ in range(200)
    ]

    assert {plan.decline for plan in plans} == {None, *responders._DECLINES}
    assert {plan.minutes for plan in plans} == {0, 105, 210}
    assert all(
        2 <= plan.looks_after.total_seconds() < plan.answers_after.total_seconds() <= 12 for plan in plans
    )


def test_the_same_answer_comes_once(region, request_id, time_machine):
    later(time_machine, 15)
    before = region.scalars(select(Offer.id)).all()
    later(time_machine, 5)

    assert region.scalars(select(Offer.id)).all() == before


def test_the_chosen_provider_calls_back(region, huisarts, request_id, time_machine):
    later(time_machine, 15)
    offer = region.scalars(select(Offer).where(Offer.care_request_id == request_id)).first()
    matching.choose_offer(huisarts, offer.id, Chooser.CLIENT)

    later(time_machine, 25)
    region.expire_all()
    assert region.get_one(CareRequest, request_id).status is RequestStatus.HANDED_OVER


def test_the_demos_own_past_stays_as_it_was(region, time_machine):
    before = {one.id: one.answer for one in region.scalars(select(Invitation))}
    later(time_machine, 5)
    region.expire_all()

    assert {one.id: one.answer for one in region.scalars(select(Invitation))} == before
