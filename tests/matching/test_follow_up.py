"""Requests that follow another: again without typing, the rest, more, split, taken over, and back-up."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.matching.make import WEEK, chosen, offered, posted
from tests.matching.test_combined import WEEKEND, WORKDAYS, now, part
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.matching import service
from wijkapp.matching.models import CareRequest
from wijkapp.matching.rules import (
    AlreadyEnded,
    AlreadyPlaced,
    FollowKind,
    RequestStatus,
    WithdrawReason,
)
from wijkapp.matching.service.follow import CareBegan, OffersStand
from wijkapp.people.rules import Role

GIVES_CARE = (FollowKind.TAKEOVER, FollowKind.BACKUP, FollowKind.MORE)


def ask_after(actor, request_id, kind, **more):
    wanted = service.to_follow(actor, request_id, kind)
    return service.post_following(actor, new_id(), wanted.__class__(**(vars(wanted) | more)))


@pytest.fixture
def placed(make, town):
    """A request that is placed with a provider, and another provider that could take over."""
    ours, other = make.provider(town.here), make.provider(town.here)
    request_id = posted(town.referrer)
    chosen(town.referrer, offered(ours.nurse, request_id))
    return request_id, ours, other


# --- again


def test_what_ended_is_asked_again_without_typing(db, make, town):
    make.provider(town.here)
    first = posted(
        town.referrer, moments=WORKDAYS, minutes_per_week=150, language="ar", remark="Hond in huis"
    )
    service.withdraw(town.referrer, first, WithdrawReason.ADMITTED)

    again = now(db, CareRequest, ask_after(town.referrer, first, FollowKind.AGAIN))

    before = now(db, CareRequest, first)
    same = ("pc4", "products", "moments", "minutes_per_week", "language", "remark", "ehealth")
    assert [getattr(again, name) for name in same] == [getattr(before, name) for name in same]
    assert (again.follows_id, again.follow_kind) == (first, FollowKind.AGAIN)
    assert again.status is RequestStatus.OPEN
    assert [one.id for one in service.show(town.referrer, first).follows] == [again.id]
    assert [one.id for one in service.show(town.referrer, again.id).follows] == [first]


def test_a_day_that_has_passed_becomes_today(make, town):
    make.provider(town.here)
    first = posted(town.referrer, start_on=time.today() - timedelta(days=9))
    assert service.to_follow(town.referrer, first, FollowKind.AGAIN).start_on == time.today()


def test_the_form_is_filled_in_with_what_was_asked(make, town, visitor):
    make.provider(town.here)
    first = posted(town.referrer, remark="Hond in huis")
    page = visitor(town.referrer).get(f"/zorgvragen/nieuw?van={first}&als=opnieuw").get_data(as_text=True)
    assert 'value="3524"' in page
    assert "Hond in huis" in page
    assert str(first) in page
    assert visitor(town.referrer).get("/zorgvragen/nieuw?van=x&als=opnieuw").status_code == 404
    assert visitor(town.referrer).get(f"/zorgvragen/nieuw?van={new_id()}").status_code == 404


# --- who gives the care


@pytest.mark.parametrize("kind", GIVES_CARE)
def test_who_gives_the_care_asks_under_its_own_name_and_who_asked_hears_it(db, town, placed, told, kind):
    request_id, ours, other = placed
    more = {"moments": WEEKEND, "minutes_per_week": 60} if kind is FollowKind.MORE else {}
    if kind is FollowKind.BACKUP:
        more["until_on"] = time.today() + timedelta(days=9)

    made = now(db, CareRequest, ask_after(ours.nurse, request_id, kind, **more))

    assert (made.organisation_id, made.follow_kind) == (ours.organisation.id, kind)
    assert other.nurse.name in told("matching.asked")
    event = {"takeover": "takeover_asked", "backup": "backup_asked", "more": "more_asked"}[kind.value]
    assert told(f"matching.{event}") == [town.referrer.name]
    assert now(db, CareRequest, request_id).status is RequestStatus.MATCHED  # until it is arranged


def test_a_back_up_has_a_last_day(placed):
    request_id, ours, _other = placed
    with pytest.raises(Invalid) as refused:
        ask_after(ours.nurse, request_id, FollowKind.BACKUP)
    assert set(refused.value.fields) == {"until_on"}


def test_a_zzper_asks_for_back_up_without_a_request_before_it(db, make, town):
    make.provider(town.here)
    solo = make.provider(town.here, name="Zelfstandig")
    until = time.today() + timedelta(days=5)
    made = posted(solo.nurse, follow_kind=FollowKind.BACKUP, until_on=until)
    assert (now(db, CareRequest, made).until_on, now(db, CareRequest, made).follows_id) == (until, None)


def test_who_takes_a_part_asks_take_over_of_that_part_only(db, make, town):
    oost = make.provider(town.here)
    request_id = posted(town.referrer)
    chosen(town.referrer, part(oost.nurse, request_id, WEEKEND))
    wanted = service.to_follow(oost.nurse, request_id, FollowKind.TAKEOVER)
    assert (wanted.moments, wanted.minutes_per_week) == (WEEKEND, 60)


def test_bram_and_carla_and_who_was_not_chosen_follow_nothing(make, town, placed):
    request_id, ours, other = placed
    bram = make.account(ours.organisation, Role.PLANNER)  # may answer, may not ask
    carla = make.account(None, *Role)
    for stranger in (bram, carla, other.nurse, town.coordinator):
        for kind in FollowKind:
            with pytest.raises(NotFound):
                service.to_follow(stranger, request_id, kind)
    for kind in (FollowKind.AGAIN, FollowKind.REST):  # that is for who asked
        with pytest.raises(NotFound):
            service.to_follow(ours.nurse, request_id, kind)


# --- another first day


def test_another_first_day_is_told_to_who_offered(db, make, town, told):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    offered(provider.nurse, request_id)
    later = time.today() + timedelta(days=4)
    for _tap in range(2):
        service.move_start(town.referrer, request_id, later)
    assert now(db, CareRequest, request_id).start_on == later
    assert told("matching.start_moved") == [provider.nurse.name]


def test_when_care_began_or_ended_the_first_day_stays(town, placed):
    request_id, ours, _other = placed
    service.hand_over(ours.nurse, request_id)
    service.move_start(town.referrer, request_id, time.today() + timedelta(days=2))  # longer in hospital
    service.start_care(ours.nurse, request_id)
    with pytest.raises(CareBegan):
        service.move_start(town.referrer, request_id, time.today() + timedelta(days=3))
    service.close_care(ours.nurse, request_id)
    with pytest.raises(AlreadyEnded):
        service.move_start(town.referrer, request_id, time.today() + timedelta(days=3))
    for day in (time.today() - timedelta(days=1), time.today() + timedelta(days=200)):
        with pytest.raises(Invalid):
            service.move_start(town.referrer, request_id, day)


# --- split


def test_a_request_is_cut_in_two(db, make, town):
    make.provider(town.here)
    request_id = posted(town.referrer)
    part_id = service.split(town.referrer, request_id, WEEKEND)
    stays, cut = now(db, CareRequest, request_id), now(db, CareRequest, part_id)
    assert (stays.moments, stays.minutes_per_week) == (WORKDAYS, 150)
    assert (cut.moments, cut.minutes_per_week) == (WEEKEND, 60)
    assert (cut.follows_id, cut.follow_kind) == (request_id, FollowKind.SPLIT)
    assert stays.minutes_per_week + cut.minutes_per_week == WEEK


@pytest.mark.parametrize(
    "visits", [(0,) * 28, (1,) * 28, (1,), tuple(a + b for a, b in zip(WORKDAYS, WEEKEND, strict=True))]
)
def test_nothing_and_everything_are_no_part(make, town, visits):
    make.provider(town.here)
    with pytest.raises(Invalid):
        service.split(town.referrer, posted(town.referrer), visits)


def test_with_an_offer_on_it_a_request_stays_whole(make, town):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    offered(provider.nurse, request_id)
    with pytest.raises(OffersStand):
        service.split(town.referrer, request_id, WEEKEND)


# --- waiting for more


def test_the_asker_may_wait_for_more_and_the_clock_goes_on(db, make, town):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    part(provider.nurse, request_id, WEEKEND)
    service.keep_open(town.referrer, request_id)
    request = now(db, CareRequest, request_id)
    assert request.wants_more
    assert request.escalate_at is not None
    chosen(town.referrer, service.show(town.referrer, request_id).offers[0].id)
    assert not now(db, CareRequest, request_id).wants_more
    with pytest.raises(AlreadyPlaced):
        service.keep_open(town.referrer, request_id)


def test_carla_changes_nothing(make, town):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    carla = make.account(None, *Role)
    acts = (
        lambda who: service.keep_open(who, request_id),
        lambda who: service.split(who, request_id, WEEKEND),
        lambda who: service.move_start(who, request_id, time.today()),
        lambda who: service.watch_for_place(who, request_id),
        lambda who: service.stop_watching(who, request_id),
    )
    for stranger in (carla, provider.nurse, make.account(town.referrer.organisation, Role.ADMIN)):
        for act in acts:
            with pytest.raises(NotFound):
                act(stranger)
    assert make.db.scalars(select(CareRequest.follows_id)).all() == [None]
