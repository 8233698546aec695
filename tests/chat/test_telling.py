"""Whose phone rings, and when; priority messages that ask until somebody answers; threads that go."""

from datetime import datetime, timedelta
from datetime import time as hour_of

import pytest
from sqlalchemy import func, select

from tests.chat.conftest import request_thread, said
from wijkapp.chat import jobs, service
from wijkapp.chat.models import Acknowledgement, Mention, Message, Reader, Thread, ThreadParty
from wijkapp.chat.rules import ASK_AGAIN, GRACE, Kind
from wijkapp.kit import time
from wijkapp.kit.db import new_id, transaction
from wijkapp.kit.errors import NotFound
from wijkapp.kit.outbox import Event
from wijkapp.matching import service as matching
from wijkapp.matching.rules import WithdrawReason

NIGHT = datetime.fromisoformat("2026-11-24T23:30:00+01:00")


def test_a_phone_rings_once_until_its_owner_has_read(wijk, told):
    thread = request_thread(wijk)
    for _ in range(3):
        said(wijk.doctor, thread)
    assert told("chat.said") == [wijk.anna.name]

    service.mark_read(wijk.anna, thread, 3)
    said(wijk.doctor, thread)

    assert told("chat.said") == [wijk.anna.name] * 2


def test_who_has_it_open_reads_before_the_phone_rings(wijk, told, clock, db):
    thread = request_thread(wijk)
    said(wijk.doctor, thread)
    assert db.scalars(select(Event.try_at).where(Event.name == "chat.said")).all() == [clock.moment + GRACE]

    service.mark_read(wijk.anna, thread, 1)

    assert told("chat.said", still=True) == []


def test_in_a_wijk_the_contact_persons_hear_it_and_whoever_took_part(wijk, told):
    said(wijk.west.nurse, wijk.thread)
    assert told("chat.said") == [wijk.anna.name]
    service.mark_read(wijk.bram, wijk.thread, 1)
    service.mark_read(wijk.anna, wijk.thread, 1)
    said(wijk.west.nurse, wijk.thread)
    assert told("chat.said", still=True) == sorted([wijk.anna.name, wijk.bram.name])


def test_who_is_mentioned_hears_it_each_time(wijk, told):
    for _ in range(2):
        said(wijk.anna, wijk.thread, mentions=[wijk.bram.id])
    assert told("chat.mentioned") == [wijk.bram.name] * 2
    assert wijk.bram.name not in told("chat.said")


@pytest.mark.parametrize(
    ("at", "hours", "rings"),
    [
        ("2026-11-24T23:30:00+01:00", None, "2026-11-25T07:00:00+01:00"),
        ("2026-11-25T06:59:00+01:00", None, "2026-11-25T07:00:00+01:00"),
        ("2026-11-25T07:00:00+01:00", None, "2026-11-25T07:00:05+01:00"),
        ("2026-10-24T23:30:00+02:00", None, "2026-10-25T07:00:00+01:00"),  # the night has an hour more
        ("2026-03-28T23:30:00+01:00", None, "2026-03-29T07:00:00+02:00"),  # and here one less
        ("2026-11-24T13:00:00+01:00", ("12:00", "14:00"), "2026-11-24T14:00:00+01:00"),
        ("2026-11-24T23:30:00+01:00", ("08:00", "08:00"), "2026-11-24T23:30:05+01:00"),
    ],
)
def test_no_phone_rings_in_the_quiet_hours_of_its_owner(wijk, clock, db, at, hours, rings):
    if hours:
        start, end = (hour_of.fromisoformat(hour) for hour in hours)
        wijk.anna.quiet_from, wijk.anna.quiet_until = start, end
        db.merge(wijk.anna)
        db.flush()
    thread = request_thread(wijk)
    clock.moment = datetime.fromisoformat(at)
    said(wijk.doctor, thread)
    (try_at,) = db.scalars(select(Event.try_at).where(Event.name == "chat.said"))
    assert try_at == datetime.fromisoformat(rings)


def test_a_priority_message_waits_for_no_morning(wijk, clock, db, told):
    thread = request_thread(wijk)
    clock.moment = NIGHT
    said(wijk.doctor, thread, priority=True)
    assert told("chat.priority") == [wijk.anna.name]
    assert db.scalars(select(Event.try_at).where(Event.name == "chat.priority")).all() == [NIGHT]


def test_a_priority_message_rings_until_somebody_says_yes(wijk, clock, told):
    thread = request_thread(wijk)
    line = said(wijk.doctor, thread, priority=True).line
    assert [(one.organisation, one.at) for one in line.acknowledgements] == [("Oost", None)]
    (waits,) = [one for one in service.my_threads(wijk.bram) if one.head.id == thread]
    assert waits.priority_waits

    jobs.ask_again()
    assert told("chat.priority") == [wijk.anna.name]  # not yet
    for times in (2, 3, 4):
        clock.forward(seconds=ASK_AGAIN.total_seconds())
        jobs.ask_again()
        jobs.ask_again()
        assert told("chat.priority") == [wijk.anna.name] * times

    yes = service.acknowledge(wijk.bram, line.id)
    assert (yes.acknowledged.organisation, yes.acknowledged.by) == ("Oost", wijk.bram.name)
    assert service.acknowledge(wijk.anna, line.id).acknowledged.by == wijk.bram.name  # the first one counts
    clock.forward(hours=1)
    jobs.ask_again()
    assert told("chat.priority") == [wijk.anna.name] * 4
    assert not any(one.priority_waits for one in service.my_threads(wijk.bram))


def test_only_who_was_asked_acknowledges(wijk):
    thread = request_thread(wijk)
    line = said(wijk.doctor, thread, priority=True).line
    plain = said(wijk.doctor, thread).line
    for somebody in (wijk.doctor, wijk.west.nurse, wijk.carla):
        with pytest.raises(NotFound):
            service.acknowledge(somebody, line.id)
    for what in (plain.id, new_id()):
        with pytest.raises(NotFound):
            service.acknowledge(wijk.anna, what)


def test_nobody_is_asked_again_for_what_was_taken_back_or_is_over(wijk, clock, told, db):
    thread = request_thread(wijk)
    taken_back = said(wijk.doctor, thread, priority=True).line
    said(wijk.doctor, thread, priority=True)
    service.delete(wijk.doctor, taken_back.id)
    clock.forward(minutes=6)
    jobs.ask_again()
    assert len(told("chat.priority")) == 3

    matching.withdraw(wijk.doctor, db.get_one(Thread, thread).page_id, WithdrawReason.NOT_NEEDED)
    db.expire_all()
    clock.forward(minutes=6)
    assert jobs.ask_again() == 1
    assert jobs.ask_again() == 0
    assert len(told("chat.priority")) == 3


def test_a_thread_goes_thirty_days_after_its_request_with_everything_in_it(wijk, clock, db, told):
    thread = request_thread(wijk)
    said(wijk.anna, thread, mentions=[wijk.doctor.id])
    said(wijk.anna, thread, priority=True)
    said(wijk.anna, wijk.thread, "Dit blijft")
    matching.withdraw(wijk.doctor, db.get_one(Thread, thread).page_id, WithdrawReason.NOT_NEEDED)
    db.expire_all()
    clock.forward(days=29, hours=23)
    assert jobs.wipe_due() == 0
    assert service.show(wijk.doctor, thread).head.wipe_at == clock.moment + timedelta(hours=1)

    clock.forward(hours=1)
    assert jobs.wipe_due() == 1

    db.expire_all()
    with pytest.raises(NotFound):
        service.show(wijk.doctor, thread)
    assert db.scalars(select(Message.text)).all() == ["Dit blijft"]
    for what in (Mention, Acknowledgement):
        assert db.scalar(select(func.count()).select_from(what)) == 0
    for what in (Reader, ThreadParty):
        assert not db.scalars(select(what.thread_id).where(what.thread_id == thread)).all()
    assert told("chat.wiped") == sorted([wijk.anna.name, wijk.doctor.name])
    assert jobs.wipe_due() == 0


def test_a_request_that_opens_again_has_its_thread_back(wijk, clock, db):
    thread = request_thread(wijk)
    said(wijk.anna, thread, "Eerst dit")
    with transaction() as own:
        service.close_threads(own, Kind.REQUEST, [thread], time.now())
    with transaction() as own:
        service.open_thread(
            own,
            Kind.REQUEST,
            thread,
            parties=[wijk.anna.organisation_id, wijk.doctor.organisation_id],
            page_id=db.get_one(Thread, thread).page_id,
            wijk_id=wijk.town.here.id,
        )
    db.expire_all()
    clock.forward(days=60)
    assert jobs.wipe_due() == 0
    said(wijk.doctor, thread, "En nu dit")
    assert len(service.show(wijk.anna, thread).lines) == 2
