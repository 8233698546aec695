"""Told at least once, by one dispatcher at a time, again and again until it arrived."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import select

from tests.make import Make
from tests.servers import KINDS
from wijkapp.kit import letters, outbox, time
from wijkapp.kit.crypto import CannotOpen, MasterKey, new_key
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.letters import Letter
from wijkapp.kit.outbox import LEASE, LONGEST_RETRY, Event, claim, finish, next_due, record, retry


@pytest.fixture
def clock():
    with time_machine.travel(time.now(), tick=False) as clock:
        yield clock


def tell(people: int = 1) -> None:
    """News for so many people."""
    with transaction() as db:
        make = Make(db)
        record(db, "a.b", about=new_id(), to=[make.account().id for _ in range(people)])


def done(rows) -> None:
    with transaction() as db:
        finish(db, rows)


def still_to_do() -> int:
    with reading() as db:
        return len(db.scalars(select(Event.id).where(Event.done_at.is_(None))).all())


def test_each_recipient_is_told_once_however_often_named(db, make_house):
    anna, bram = make_house.account(), make_house.account()
    record(db, "a.b", about=new_id(), to=[anna.id, bram.id, anna.id])
    assert sorted(db.scalars(select(Event.to_id))) == sorted([anna.id, bram.id])


def test_nobody_to_tell_is_nothing_to_do(db):
    outbox.bell.clear()
    with transaction() as own:
        record(own, "a.b", about=new_id(), to=[])
    assert not outbox.bell.is_set()
    assert next_due(db) is None


def test_the_bell_rings_when_there_is_news(db, make_house):
    anna = make_house.account()
    outbox.bell.clear()
    with transaction() as own:
        record(own, "a.b", about=new_id(), to=[anna.id])
        assert not outbox.bell.is_set()
    assert outbox.bell.is_set()


def test_what_is_held_is_not_given_to_another_until_the_lease_ends(db, clock):
    tell()
    [held] = claim()
    assert claim() == []
    clock.shift(LEASE - timedelta(seconds=1))
    assert claim() == []
    clock.shift(timedelta(seconds=1))
    [again] = claim()
    assert (again.id, again.attempts) == (held.id, 2)
    assert again.lease != held.lease


def test_what_arrived_is_never_given_again(db, clock):
    tell(3)
    done(claim())
    clock.shift(timedelta(days=1))
    assert claim() == []
    assert still_to_do() == 0


def test_who_was_too_slow_does_not_finish_what_another_holds_by_now(db, clock):
    tell()
    slow = claim()
    clock.shift(LEASE)
    quick = claim()
    done(slow)
    assert still_to_do() == 1
    done(quick)
    assert still_to_do() == 0


def test_what_fails_is_tried_again_after_longer_and_longer(db, clock):
    tell()
    waits = []
    for _try in range(14):
        [row] = claim()
        with transaction() as own:
            retry(own, row)
        waits.append(next_due(db) - time.now())
        assert claim() == []
        clock.shift(waits[-1])
    assert waits[:4] == [timedelta(seconds=seconds) for seconds in (5, 10, 20, 40)]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_RETRY


def test_somebody_who_asks_to_be_left_alone_is_left_alone(db, clock):
    tell()
    [row] = claim()
    with transaction() as own:
        retry(own, row, timedelta(minutes=10))
    assert next_due(db) == time.now() + timedelta(minutes=10)


def test_one_that_fails_does_not_delay_the_others(db, clock):
    tell(3)
    first, *others = claim()
    with transaction() as own:
        retry(own, first)
        finish(own, others)
    clock.shift(timedelta(seconds=5))
    assert [row.id for row in claim()] == [first.id]


def test_the_oldest_goes_first_and_no_more_than_asked_at_a_time(db, clock):
    tell(4)
    for event in db.scalars(select(Event)):
        clock.shift(timedelta(seconds=1))
        event.try_at = time.now()
    db.flush()
    events = db.scalars(select(Event.id).order_by(Event.try_at)).all()
    assert [row.id for row in claim(2)] == events[:2]
    assert [row.id for row in claim(2)] == events[2:]


@pytest.mark.parametrize("kind", KINDS)
def test_eight_dispatchers_at_once_never_hold_the_same_row(fresh_database, kind):
    fresh_database(kind)
    tell(200)
    together = Barrier(8)

    def dispatch(_number):
        together.wait()
        held = []
        while batch := claim(7):
            held += [row.id for row in batch]
            done(batch)
        return held

    with ThreadPoolExecutor(8) as threads:
        held = Counter(id for batch in threads.map(dispatch, range(8)) for id in batch)

    # A claim that found all rows taken may stop early, so somebody else has them: each exactly once.
    assert set(held.values()) == {1}
    assert len(held) == 200
    assert still_to_do() == 0


# --- letters to whoever has no account yet


def test_a_letter_is_sealed_until_it_is_sent_and_empty_afterwards(db):
    with transaction() as own:
        letters.post(own, "people.link", "anna@zorg.example", {"token": "geheim-woord"})
    [letter] = claim(kind=Letter)
    assert b"geheim-woord" not in letter.sealed
    assert letters.words_of(letter) == {"token": "geheim-woord"}
    with transaction() as own:
        letters.sent(own, letter)
    assert db.scalars(select(Letter.sealed)).all() == [b""]


def test_a_letter_of_another_installation_does_not_open(db):
    with transaction() as own:
        letters.post(own, "people.link", "anna@zorg.example", {"token": "x"})
    letters.use(MasterKey(new_key()))
    [letter] = claim(kind=Letter)
    with pytest.raises(CannotOpen):
        letters.words_of(letter)
