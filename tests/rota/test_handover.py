"""What one leaves to the next: who reads it, who is told, and when it goes. And when somebody was on duty."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.rota.make import Make
from tests.rota.test_check_in import Night
from wijkapp.chat import service as chat
from wijkapp.chat.models import Thread
from wijkapp.clients import duties
from wijkapp.kit.errors import NotAllowed, NotFound
from wijkapp.kit.outbox import Event
from wijkapp.rota import jobs
from wijkapp.rota.models import Handover
from wijkapp.rota.rules import HeldBy
from wijkapp.rota.service import handover, holding
from wijkapp.rota.service.handover import Answers
from wijkapp.rota.service.stretches import stretches

pytestmark = pytest.mark.database("sqlite")
ANSWERS = Answers("Rustige nacht", "", "")


@pytest.fixture
def night(db):
    return Night(db, Make(db))


@pytest.fixture
def daan(night):
    """Who has the duty after it."""
    return night.town.account(night.next.member_id)


@pytest.fixture
def clock(night):
    with time_machine.travel(night.duty.ends_at, tick=False) as clock:
        yield clock


def when_told(night, name):
    found = select(Event.to_id, Event.try_at).where(
        Event.name == f"rota.{name}", Event.about_id == night.duty.id, Event.done_at.is_(None)
    )
    return [tuple(one) for one in night.db.execute(found)]


def test_the_next_hears_it_an_hour_before_the_own_duty_and_not_in_the_night(night, clock, daan):
    clock.move_to(night.duty.starts_at + timedelta(hours=3))
    handover.write(night.anna, night.duty.id, ANSWERS)
    handover.write(night.anna, night.duty.id, Answers("Toch niet", "", ""))
    assert when_told(night, "handover_ready") == [(daan.id, night.next.starts_at - timedelta(hours=1))]
    assert handover.look(daan, night.duty.id).answers.happened == "Toch niet"


def test_it_is_written_during_the_duty_or_shortly_after_by_who_has_it(night, clock):
    with pytest.raises(NotAllowed):
        handover.write(night.bram, night.duty.id, ANSWERS)
    with pytest.raises(handover.NoHandover):
        handover.write(night.bram, night.backup.id, ANSWERS)
    for moment in (
        night.duty.starts_at - timedelta(minutes=1),
        night.duty.ends_at + timedelta(hours=12, minutes=1),
    ):
        clock.move_to(moment)
        with pytest.raises(handover.NotNow):
            handover.write(night.anna, night.duty.id, ANSWERS)


def test_what_nobody_confirmed_is_told_once_to_the_coordinator(night, clock, daan):
    handover.write(night.anna, night.duty.id, ANSWERS)
    clock.move_to(night.next.starts_at + timedelta(minutes=59))
    jobs.handovers_due()
    assert night.told("handover_unread") == []
    clock.shift(60)
    for _twice in range(2):
        jobs.handovers_due()
    assert night.told("handover_unread") == [night.town.coordinator.id]


def test_what_was_confirmed_is_told_to_nobody_but_its_writer(night, clock, daan):
    handover.write(night.anna, night.duty.id, ANSWERS)
    for _twice in range(2):
        handover.confirm(daan, night.duty.id)
    clock.move_to(night.next.starts_at + timedelta(hours=2))
    jobs.handovers_due()
    assert night.told("handover_unread") == []
    assert night.told("handover_confirmed") == [one for one in [night.anna.id] if one != daan.id]


def test_who_gets_the_next_duty_reads_it_and_talks_and_who_gave_it_away_no_more(night, clock, daan):
    handover.write(night.anna, night.duty.id, ANSWERS)
    chat.show(daan, night.duty.id)
    other = next(
        one for one in night.town.members if one.account_id not in {night.anna.id, daan.id, night.bram.id}
    )
    eva = night.town.account(other.id)
    with pytest.raises(NotFound):
        handover.look(eva, night.duty.id)
    holding.give(night.db, night.next, other.id, how=HeldBy.SWAP, by=daan.id, moment=night.duty.ends_at)
    night.db.flush()
    assert handover.look(eva, night.duty.id).may_confirm
    chat.show(eva, night.duty.id)
    if daan.id != night.anna.id:
        with pytest.raises(NotFound):
            handover.look(daan, night.duty.id)
        with pytest.raises(NotFound):
            chat.show(daan, night.duty.id)


def test_answers_and_words_go_after_their_time(night, clock):
    handover.write(night.anna, night.duty.id, ANSWERS)
    thread = select(Thread.closed_at, Thread.wipe_at).where(Thread.id == night.duty.id)
    clock.move_to(night.duty.ends_at + timedelta(hours=36))
    jobs.handovers_due()
    closed, wiped = night.db.execute(thread).one()
    assert closed == night.duty.ends_at + timedelta(hours=36)
    assert wiped == closed + timedelta(days=30)
    clock.move_to(night.duty.ends_at + timedelta(days=29, hours=23))
    assert jobs.forget() == 0
    clock.move_to(night.duty.ends_at + timedelta(days=30))
    assert handover.look(night.anna, night.duty.id).answers is None
    assert [jobs.forget() for _twice in range(2)] == [1, 0]
    night.db.expire_all()
    left = night.db.get_one(Handover, night.duty.id)
    assert (left.happened, left.still_open, left.watch) == ("", "", "")


def test_an_old_handover_is_there_for_nobody_but_the_count(night, clock, daan):
    handover.write(night.anna, night.duty.id, ANSWERS)
    clock.shift(timedelta(days=30))
    assert handover.to_duty(night.db, daan, night.next) == []
    with pytest.raises(NotFound):
        handover.confirm(daan, night.duty.id)
    if daan.id != night.anna.id:
        with pytest.raises(NotFound):
            handover.look(daan, night.duty.id)


def test_whoever_had_part_of_a_night_was_on_duty_for_that_part(night, clock):
    duties.known_by(stretches)
    start, end = night.duty.starts_at, night.duty.ends_at
    other = next(one for one in night.town.members if one.account_id not in {night.anna.id, night.bram.id})
    middle = start + timedelta(hours=4)
    holding.give(night.db, night.duty, other.id, how=HeldBy.TAKEOVER, by=other.account_id, moment=middle)
    night.db.flush()
    was = duties.on_duty({night.anna.id, other.account_id}, start - timedelta(minutes=1), end)
    assert was(night.anna.id, start)
    assert was(night.anna.id, middle - timedelta(seconds=1))
    assert not was(night.anna.id, middle)
    assert was(other.account_id, middle)
    assert not was(other.account_id, end) or night.next.member_id == other.id
    assert not was(night.town.coordinator.id, start)
