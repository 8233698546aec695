"""Many people at the same moment, with real threads on real databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.chat.conftest import AFTERNOON, make_wijk, request_thread, said
from tests.matching.make import Make
from tests.racing import all_at_once
from tests.servers import KINDS
from wijkapp.chat import jobs, service
from wijkapp.chat.models import Message, Reader, Thread
from wijkapp.chat.rules import Kind
from wijkapp.kit import time
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.outbox import Event
from wijkapp.people.rules import Role

pytestmark = pytest.mark.parametrize("kind", KINDS)


def a_wijk(colleagues: int = 0):
    with transaction() as db:
        wijk = make_wijk(Make(db))
        people = [wijk.make.account(wijk.oost.organisation, Role.NURSE) for _ in range(colleagues)]
        for one in people:
            _ = one.roles, one.organisation  # each is used by a thread of its own
    return wijk, people


def count(what, *where):
    with reading() as db:
        return db.scalar(select(func.count()).select_from(what).where(*where))


def test_twenty_people_who_talk_at_once_are_all_heard_in_one_order(fresh_database, kind):
    fresh_database(kind)
    wijk, people = a_wijk(20)

    all_at_once(
        [
            lambda one=one, n=number: [said(one, wijk.thread, f"{n} zegt {turn}") for turn in range(5)]
            for number, one in enumerate(people)
        ]
    )

    page = service.show(wijk.anna, wijk.thread, limit=200)
    assert [line.seq for line in page.lines] == list(range(1, 101))
    assert len({line.text for line in page.lines}) == 100
    for number in range(20):  # and each one's words stay in the order they were said in
        own = [line.text for line in page.lines if line.text.startswith(f"{number} ")]
        assert own == [f"{number} zegt {turn}" for turn in range(5)]
    assert page.last_seq == 100


def test_twenty_times_the_same_message_is_one(fresh_database, kind):
    fresh_database(kind)
    wijk, _people = a_wijk()
    id = new_id()

    stored = all_at_once([lambda: said(wijk.anna, wijk.thread, "Eén keer", id=id)] * 20)

    assert [one.again for one in stored].count(False) == 1
    assert {one.line.seq for one in stored} == {1}
    assert count(Message) == count(Thread) == 1
    assert service.show(wijk.anna, wijk.thread).last_seq == 1


def test_of_messages_at_once_one_rings(fresh_database, kind, monkeypatch):
    fresh_database(kind)
    monkeypatch.setattr(time, "now", lambda: AFTERNOON)
    wijk, people = a_wijk(10)

    all_at_once([lambda one=one: said(one, wijk.thread) for one in people])

    west = wijk.west.nurse.id
    assert count(Event, Event.name == "chat.said", Event.to_id == west) == 1
    assert count(Reader, Reader.account_id == west) == 1


def test_twenty_who_read_at_once_leave_one_mark_that_does_not_go_back(fresh_database, kind):
    fresh_database(kind)
    wijk, _people = a_wijk()
    for number in range(20):
        said(wijk.anna, wijk.thread, f"Bericht {number}")

    all_at_once([lambda n=n: service.mark_read(wijk.west.nurse, wijk.thread, n) for n in range(1, 21)])

    assert service.show(wijk.west.nurse, wijk.thread).read_seq == 20
    (mark,) = service.show(wijk.anna, wijk.thread).read_by
    assert mark.seq == 20


def test_ten_clocks_ask_again_once_and_wipe_once(fresh_database, kind, monkeypatch):
    fresh_database(kind)
    wijk, _people = a_wijk()
    with reading() as db:
        wijk.make.db = db
        thread = request_thread(wijk)
    said(wijk.doctor, thread, priority=True)
    monkeypatch.setattr(time, "now", lambda: moment)
    moment = _later(minutes=6)

    all_at_once([jobs.ask_again] * 10)
    assert count(Event, Event.name == "chat.priority") == 2

    with transaction() as db:
        service.close_threads(db, Kind.REQUEST, [thread], moment)
    moment = _later(days=31)
    all_at_once([jobs.wipe_due] * 10)
    assert count(Message) == 0
    assert count(Event, Event.name == "chat.wiped") == 2


def _later(**by):
    return datetime.now(UTC) + timedelta(**by)


def test_two_who_write_to_each_other_first_share_one_thread(fresh_database, kind):
    fresh_database(kind)
    wijk, _people = a_wijk()
    here = wijk.town.here.id

    opened = all_at_once(
        [
            lambda: service.thread_for_contact(wijk.anna, wijk.west.organisation.id, here),
            lambda: service.thread_for_contact(wijk.west.nurse, wijk.oost.organisation.id, here),
        ]
        * 5
    )

    assert len(set(opened)) == 1
    assert count(Thread) == 1
