"""Asking: once to everybody in reach, and nothing stored when it cannot be asked."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.matching.make import chosen, offered, posted, profile
from wijkapp.agreements.rules import DEFAULTS, Urgency
from wijkapp.capacity.models import Capacity
from wijkapp.directory.models import Skill
from wijkapp.directory.service import UnknownPostcode
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.errors import NotAllowed, NotFound
from wijkapp.kit.outbox import Event
from wijkapp.matching import service
from wijkapp.matching.models import CareRequest, Invitation, Offer, Placement
from wijkapp.matching.rules import AlreadyEnded, AlreadyPlaced, Ehealth, RequestStatus, WithdrawReason
from wijkapp.matching.service.post import EhealthIsEnough, NobodyToAsk, NoWiderRound
from wijkapp.people.rules import Role


def stored(db, table) -> int:
    return db.scalar(select(func.count()).select_from(table))


def invitations(db, request_id) -> dict[str, Invitation]:
    """By the name of the provider."""
    rows = db.scalars(select(Invitation).where(Invitation.care_request_id == request_id))
    return {service_name(db, one): one for one in rows}


def service_name(db, invitation) -> str:
    from wijkapp.people.models import Organisation

    return db.get_one(Organisation, invitation.organisation_id).name


def test_contact_and_deputy_of_everybody_who_is_asked_are_told_and_nobody_else(make, town, told):
    here = make.provider(town.here, deputy=True)
    near = make.provider(town.near)
    make.provider(town.far)
    make.provider(town.here, places=0)
    make.account(here.organisation, Role.NURSE)  # a colleague without a duty
    make.account(here.organisation, Role.ADMIN)

    posted(town.referrer)

    assert told("matching.asked") == sorted([here.nurse.name, here.deputy.name, near.nurse.name])


def test_a_request_for_today_is_told_as_such(make, town, told):
    make.provider(town.here)
    posted(town.referrer, urgency=Urgency.TODAY)
    assert len(told("matching.asked_today")) == 1
    assert told("matching.asked") == []


def test_everybody_in_reach_is_in_the_list_asked_or_with_a_reason(db, make, town):
    make.provider(town.here, name="Vrij")
    make.provider(town.here, name="Vol", full=True)
    make.provider(town.far, name="Verder")
    make.provider(town.near, name="Stil", places=None)
    make.team(make.organisation("Zonder mensen"), town.here)
    make.provider(make.wijk("Amersfoort", region=make.region()), name="Andere regio")

    found = invitations(db, posted(town.referrer))

    assert {name: (one.asked_at is not None, one.reasons) for name, one in found.items()} == {
        "Vrij": (True, ("fits", "in_wijk")),
        "Stil": (True, ("no_figure", "neighbour")),
        "Vol": (False, ("full", "in_wijk")),
        "Zonder mensen": (False, ("nobody_to_reach", "in_wijk")),
        "Verder": (False, ("next_round", "in_region")),
    }
    assert found["Vrij"].rank == 1


def test_the_term_follows_from_how_urgent_it_is(db, make, town):
    make.provider(town.here)
    for urgency, within in DEFAULTS.answer_within.items():
        request = make.request(town.referrer, urgency=urgency)
        assert request.answer_by - request.posted_at == within
        assert request.escalate_at == request.answer_by


def test_the_same_form_sent_twice_is_one_request_and_one_message(db, make, town, told):
    make.provider(town.here)
    form = new_id()
    assert posted(town.referrer, form) == posted(town.referrer, form)
    assert stored(db, CareRequest) == 1
    assert len(told("matching.asked")) == 1


def test_the_form_of_another_organisation_is_another_request(make, town):
    make.provider(town.here)
    form = new_id()
    other = make.account(None, Role.REFERRER)
    assert posted(town.referrer, form) != posted(other, form)


@pytest.mark.parametrize("pc4", ["9999", "", "35", "3524 AB", "🙂🙂🙂🙂", "\u202e3524", "x" * 5000])
def test_an_unknown_postcode_is_refused_at_its_field_and_nothing_is_stored(db, make, town, pc4):
    make.provider(town.here)
    with pytest.raises(UnknownPostcode) as refused:
        posted(town.referrer, pc4=pc4)
    assert refused.value.status == 422
    assert set(refused.value.fields) == {"pc4"}
    assert stored(db, CareRequest) == stored(db, Event) == 0


def test_when_an_aid_is_enough_no_nurse_is_asked(db, make, town):
    make.provider(town.here)
    with pytest.raises(EhealthIsEnough):
        posted(town.referrer, ehealth=Ehealth.SUFFICIENT)
    assert stored(db, CareRequest) == stored(db, Event) == 0


def test_where_nobody_works_the_asker_hears_so_and_nothing_is_stored(db, town):
    with pytest.raises(NobodyToAsk):
        posted(town.referrer)
    assert stored(db, CareRequest) == 0


def test_who_can_be_asked_only_later_does_not_make_somebody_wait_for_a_term(make, town):
    make.provider(town.far)
    make.provider(town.here, full=True)
    assert make.request(town.referrer, urgency=Urgency.PLANNED).escalate_at <= time.now()


def test_the_asker_itself_is_never_asked(db, make, town, told):
    own = make.provider(town.here, name="Eigen")
    make.provider(town.here)

    request_id = posted(own.nurse)

    assert invitations(db, request_id)["Eigen"].reasons[0] == "asks_itself"
    assert own.nurse.name not in told("matching.asked")


def test_the_asker_itself_cannot_answer(make, town):
    own = make.provider(town.here)
    make.provider(town.here)
    with pytest.raises(NotFound):
        offered(own.nurse, posted(own.nurse))


def test_the_hardest_act_decides_the_level_that_is_needed(db, make, town):
    make.provider(town.here)
    db.add(Skill(code="infuus", name="Infuus", reserved_act=True, min_level=5))
    db.flush()
    assert make.request(town.referrer).level == 2
    assert make.request(town.referrer, skills=("infuus",)).level == 5


@pytest.mark.parametrize("role", [Role.PLANNER, Role.COORDINATOR, Role.VIEWER, Role.ADMIN])
def test_bram_of_the_same_organisation_may_not_ask(db, make, town, role):
    make.provider(town.here)
    bram = make.account(town.referrer.organisation, role)
    with pytest.raises(NotAllowed):
        posted(bram)
    with pytest.raises(NotAllowed):
        service.preview(bram, profile())
    assert stored(db, CareRequest) == 0


# --- before sending


def test_the_preview_counts_what_sending_does(db, make, town):
    make.provider(town.here)
    make.provider(town.near, places=None)
    make.provider(town.here, full=True)
    make.provider(town.far)

    before = service.preview(town.referrer, profile())

    asked = [one for one in invitations(db, posted(town.referrer)).values() if one.asked_at]
    assert (before.wijk, before.asked, before.with_room, before.not_asked) == ("Lunetten", 2, 1, 2)
    assert len(asked) == before.asked


def test_a_preview_stores_nothing(db, make, town):
    make.provider(town.here)
    service.preview(town.referrer, profile())
    assert stored(db, CareRequest) == stored(db, Event) == 0


# --- asking wider


def test_asking_wider_asks_who_was_not_asked_yet_and_leaves_the_others(db, make, town, told):
    first = make.provider(town.here, name="Hier")
    further = make.provider(town.far, name="Verder")
    request_id = posted(town.referrer)
    before = invitations(db, request_id)["Hier"].asked_at

    service.widen(town.referrer, request_id)

    db.expire_all()
    found = invitations(db, request_id)
    assert found["Hier"].asked_at == before
    assert (found["Verder"].round, found["Verder"].reasons) == (2, ("fits", "in_region"))
    assert told("matching.asked") == sorted([first.nurse.name, further.nurse.name])
    assert db.get_one(CareRequest, request_id).round == 2


def test_beyond_the_last_round_there_is_nobody_to_ask(make, town):
    make.provider(town.here)
    request_id = posted(town.referrer)
    service.widen(town.referrer, request_id)
    with pytest.raises(NoWiderRound):
        service.widen(town.referrer, request_id)


def test_a_request_that_is_placed_or_withdrawn_is_not_asked_wider(make, town):
    provider = make.provider(town.here)
    placed, gone = posted(town.referrer), posted(town.referrer)
    chosen(town.referrer, offered(provider.nurse, placed))
    service.withdraw(town.referrer, gone, WithdrawReason.MISTAKE)
    with pytest.raises(AlreadyPlaced):
        service.widen(town.referrer, placed)
    with pytest.raises(AlreadyEnded):
        service.widen(town.referrer, gone)


# --- withdrawing


def places(db, provider) -> int:
    return db.scalar(select(Capacity.places).where(Capacity.team_id == provider.team.id))


def test_withdrawing_tells_everybody_who_was_asked_but_not_who_said_no(db, make, town, told):
    silent, no, offers = (make.provider(town.here) for _ in range(3))
    make.provider(town.far)
    request_id = posted(town.referrer)
    service.decline(no.nurse, request_id, "no_room")
    offer_id = offered(offers.nurse, request_id)

    service.withdraw(town.referrer, request_id, WithdrawReason.ADMITTED)

    assert told("matching.withdrawn") == sorted([silent.nurse.name, offers.nurse.name])
    request = db.get_one(CareRequest, request_id, populate_existing=True)
    assert (request.status, request.withdraw_reason) == (RequestStatus.WITHDRAWN, WithdrawReason.ADMITTED)
    assert (request.escalate_at, request.ended_at is None) == (None, False)
    assert db.scalar(select(Offer.status).where(Offer.id == offer_id)) == "not_chosen"


def test_withdrawing_after_placement_gives_back_exactly_what_was_taken_once(db, make, town):
    provider = make.provider(town.here, places=2)
    week = db.scalar(select(Capacity.week).where(Capacity.team_id == provider.team.id))
    request_id = posted(town.referrer)
    chosen(town.referrer, offered(provider.nurse, request_id))
    assert places(db, provider) == 1

    service.withdraw(town.referrer, request_id, WithdrawReason.NOT_NEEDED)
    with pytest.raises(AlreadyEnded):
        service.withdraw(town.referrer, request_id, WithdrawReason.NOT_NEEDED)

    assert places(db, provider) == 2
    assert db.scalar(select(Capacity.week).where(Capacity.team_id == provider.team.id)) == week
    assert db.scalar(select(func.count()).where(Placement.ended_at.is_(None))) == 0


def test_carla_of_another_organisation_never_withdraws_or_widens(make, town):
    make.provider(town.here)
    request_id = posted(town.referrer)
    carla = make.account(None, *Role)
    for act in (
        lambda: service.withdraw(carla, request_id, WithdrawReason.MISTAKE),
        lambda: service.widen(carla, request_id),
        lambda: service.withdraw(carla, new_id(), WithdrawReason.MISTAKE),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_colleague_may_withdraw_what_anna_asked(db, make, town):
    make.provider(town.here)
    request_id = posted(town.referrer)
    colleague = make.account(town.referrer.organisation, Role.REFERRER)
    service.withdraw(colleague, request_id, WithdrawReason.SOLVED_ELSEWHERE)
    assert db.scalar(select(CareRequest.status)) is RequestStatus.WITHDRAWN


def test_the_answers_go_to_the_colleagues_of_an_asker_who_left(db, make, town, told):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    colleague = make.account(town.referrer.organisation, Role.REFERRER)
    make.account(town.referrer.organisation, Role.ADMIN)
    town.referrer.active = False
    db.flush()

    offered(provider.nurse, request_id)

    assert told("matching.offered") == [colleague.name]


def test_a_start_far_ahead_fits_in_the_database(make, town):
    make.provider(town.here)
    ahead = time.today() + timedelta(days=183)
    assert make.request(town.referrer, urgency=Urgency.PLANNED, start_on=ahead).start_on == ahead
