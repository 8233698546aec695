"""Nobody answers in time: ask wider, and at the end tell who can do something. Once, whatever crashes."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import func, select

from tests.matching.make import Make, offered, posted
from tests.servers import KINDS
from wijkapp.agreements.rules import Urgency
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.outbox import Event
from wijkapp.matching import service
from wijkapp.matching.jobs import escalate_due
from wijkapp.matching.models import CareRequest, Invitation
from wijkapp.matching.rules import DeclineReason, RequestStatus, UnfillableReason, WithdrawReason
from wijkapp.matching.service import climb, rounds

MORNING = datetime(2026, 11, 24, 8, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)  # the term of `today`


@pytest.fixture
def clock():
    """A clock that stands still until a test moves it on."""
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


def now(db, request_id) -> CareRequest:
    return db.get_one(CareRequest, request_id, populate_existing=True)


def test_before_the_term_is_over_nobody_is_chased(make, town, clock):
    make.provider(town.here)
    posted(town.referrer, urgency=Urgency.TODAY)
    clock.shift(HALF_HOUR - timedelta(microseconds=1))
    assert escalate_due() == 0


def test_after_each_term_comes_a_wider_round_and_at_the_end_the_coordinator_and_the_asker_hear_it(
    db, make, town, told, clock
):
    near, far = make.provider(town.near), make.provider(town.far)
    request_id = posted(town.referrer, urgency=Urgency.TODAY)
    assert told("matching.asked_today") == [near.nurse.name]

    clock.shift(HALF_HOUR)
    assert escalate_due() == 1
    assert told("matching.asked_today") == sorted([near.nurse.name, far.nurse.name])
    assert told("matching.widened") == [town.referrer.name]
    request = now(db, request_id)
    assert (request.round, request.answer_by, request.escalate_at) == (2, *[MORNING + 2 * HALF_HOUR] * 2)
    assert escalate_due() == 0

    clock.shift(HALF_HOUR)
    assert escalate_due() == 1
    assert told("matching.to_coordinator") == [town.coordinator.name]
    assert told("matching.unanswered") == [town.referrer.name]
    assert now(db, request_id).status is RequestStatus.OPEN
    assert escalate_due() == 0

    clock.shift(timedelta(days=1))
    assert escalate_due() == 1
    assert told("matching.unfillable") == sorted([town.coordinator.name, town.referrer.name])
    assert (now(db, request_id).escalate_at, now(db, request_id).status) == (None, RequestStatus.UNFILLABLE)
    assert now(db, request_id).unfillable_reason is UnfillableReason.NO_ANSWER

    clock.shift(timedelta(days=30))
    assert escalate_due() == 0


def test_even_at_the_end_a_provider_may_still_offer(db, make, town, clock):
    provider = make.provider(town.here)
    request_id = posted(town.referrer, urgency=Urgency.TODAY)
    for _round in range(2):
        clock.shift(HALF_HOUR)
        escalate_due()
    offered(provider.nurse, request_id)
    assert now(db, request_id).status is RequestStatus.OFFERED


def test_an_offer_that_waits_for_the_client_is_not_asked_wider(make, town, told, clock):
    provider, far = make.provider(town.here), make.provider(town.far)
    offered(provider.nurse, posted(town.referrer, urgency=Urgency.TODAY))
    clock.shift(HALF_HOUR)
    escalate_due()
    assert far.nurse.name not in told("matching.asked_today")
    assert told("matching.choice_waits") == [town.referrer.name]
    assert escalate_due() == 0


def test_an_offer_taken_back_after_the_term_is_chased_at_the_next_tick(make, town, told, clock):
    provider, far = make.provider(town.here), make.provider(town.far)
    offer_id = offered(provider.nurse, posted(town.referrer, urgency=Urgency.TODAY))
    clock.shift(HALF_HOUR)
    escalate_due()
    service.withdraw_offer(provider.nurse, offer_id)
    escalate_due()
    assert far.nurse.name in told("matching.asked_today")


def test_everybody_said_no_in_every_round_ends_within_a_tick_each(make, town, told, clock):
    near, far = make.provider(town.near), make.provider(town.far)
    request_id = posted(town.referrer, urgency=Urgency.PLANNED)
    service.decline(near.nurse, request_id, DeclineReason.NO_ROOM)
    escalate_due()
    service.decline(far.nurse, request_id, DeclineReason.NO_ROOM)
    escalate_due()
    assert told("matching.unanswered") == [town.referrer.name]
    assert told("matching.to_coordinator") == [town.coordinator.name]


def test_a_request_that_ended_is_left_alone(make, town, told, clock):
    make.provider(town.here)
    service.withdraw(town.referrer, posted(town.referrer, urgency=Urgency.TODAY), WithdrawReason.MISTAKE)
    clock.shift(timedelta(days=1))
    assert escalate_due() == 0
    assert told("matching.unanswered") == []


@pytest.mark.parametrize(
    "night", [datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)]
)
def test_in_the_night_the_clock_changes_a_term_is_as_long_as_ever(db, make, town, night):
    make.provider(town.here)
    with time_machine.travel(night, tick=False) as clock:
        request_id = posted(town.referrer, urgency=Urgency.THREE_WORKDAYS)  # four hours, over 2 or 3 o'clock
        clock.shift(timedelta(hours=4, seconds=-1))
        assert escalate_due() == 0
        clock.shift(timedelta(seconds=1))
        assert escalate_due() == 1
        assert now(db, request_id).answer_by == night + timedelta(hours=8)


def test_one_request_that_fails_does_not_hold_up_the_others(db, make, town, clock, monkeypatch):
    make.provider(town.here)
    broken, *others = [posted(town.referrer, urgency=Urgency.TODAY) for _ in range(3)]
    clock.shift(HALF_HOUR)
    widen = climb.ask_wider

    def fail(db, request, moment):
        if request.id == broken:
            raise ZeroDivisionError
        return widen(db, request, moment)

    monkeypatch.setattr(climb, "ask_wider", fail)
    escalate_due()
    assert [now(db, one).round for one in (broken, *others)] == [1, 2, 2]
    assert now(db, broken).escalate_at == MORNING + HALF_HOUR  # still due

    monkeypatch.undo()
    escalate_due()
    assert now(db, broken).round == 2


# --- two clocks at once, and a clock that dies half way


def _town(kind: str, requests: int) -> tuple:
    with transaction() as db:
        make = Make(db)
        town = make.town()
        for wijk in (town.here, town.near, town.far):
            make.provider(wijk)
    return town, [posted(town.referrer, urgency=Urgency.TODAY) for _ in range(requests)]


def _told(event: str) -> dict:
    with reading() as db:
        return dict(
            db.execute(
                select(Event.about_id, func.count()).where(Event.name == event).group_by(Event.about_id)
            ).all()
        )


@pytest.mark.parametrize("kind", KINDS)
def test_two_clocks_that_tick_together_ask_each_round_once(fresh_database, kind):
    fresh_database(kind)
    start = time.now()
    _place, requests = _town(kind, 5)
    together = Barrier(4)

    def tick(_clock):
        together.wait()
        escalate_due()

    for turn in (1, 2, 3):
        with time_machine.travel(start + turn * timedelta(hours=1)), ThreadPoolExecutor(4) as clocks:
            list(clocks.map(tick, range(4)))

    assert _told("matching.asked_today") == dict.fromkeys(requests, 3)  # two near, then one far
    assert _told("matching.widened") == dict.fromkeys(requests, 1)
    assert _told("matching.unanswered") == dict.fromkeys(requests, 1)
    assert _told("matching.to_coordinator") == dict.fromkeys(requests, 1)


class Killed(BaseException):
    """The process died here."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_clock_that_dies_half_way_leaves_nothing_half_done(fresh_database, kind, monkeypatch):
    fresh_database(kind)
    start, chance = time.now(), random.Random(7)
    _place, requests = _town(kind, 4)

    def dying(real):
        def step(*given, **more):
            if chance.random() < 0.2:
                raise Killed
            done = real(*given, **more)
            if chance.random() < 0.2:
                raise Killed
            return done

        return step

    for room, name in (
        (climb, "ask_wider"),
        (rounds, "broadcast"),
        (rounds, "ring"),
        (rounds, "to_askers"),
        (climb, "to_askers"),
        (climb, "give_up"),
    ):
        monkeypatch.setattr(room, name, dying(getattr(room, name)))

    deaths = 0
    for turn in range(1, 200):
        with time_machine.travel(start + turn * timedelta(hours=1)):
            try:
                escalate_due()
            except Killed:
                deaths += 1
        _nothing_is_half_done(requests)

    assert deaths > 10
    assert _told("matching.asked_today") == dict.fromkeys(requests, 3)
    assert _told("matching.widened") == dict.fromkeys(requests, 1)
    assert _told("matching.unanswered") == dict.fromkeys(requests, 1)
    assert _told("matching.to_coordinator") == dict.fromkeys(requests, 1)
    assert _told("matching.unfillable") == dict.fromkeys(requests, 2)  # coordinator and asker


def _nothing_is_half_done(requests) -> None:
    """A round that was reached was asked, and whoever was asked was told."""
    asked, told, widened = {}, _told("matching.asked_today"), _told("matching.widened")
    with reading() as db:
        turns = dict(db.execute(select(CareRequest.id, CareRequest.round)).all())
        for request_id in requests:
            asked[request_id] = db.scalar(
                select(func.count()).where(
                    Invitation.care_request_id == request_id, Invitation.asked_at.is_not(None)
                )
            )
    for request_id in requests:
        assert asked[request_id] == told[request_id] == turns[request_id] + 1
        assert widened.get(request_id, 0) == turns[request_id] - 1
