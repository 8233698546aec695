"""From the outbox to phones, mail and open pages: at least once, each person apart."""

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from tests.notify.conftest import House
from wijkapp.kit import outbox, time
from wijkapp.kit.db import transaction
from wijkapp.kit.outbox import Event
from wijkapp.notify import dispatch, service
from wijkapp.notify.push import Outcome
from wijkapp.people.models import Account


def test_everybody_with_a_phone_is_pushed_and_open_pages_hear_at_once(house: House) -> None:
    anna, bram = house.person(), house.person()
    house.phone(anna, "anna"), house.phone(bram, "bram")
    about = house.happens(anna, bram)

    house.dispatcher()

    house.wait_for(house.everybody_told)
    assert {push.to for push in house.push.received} == {"anna", "bram"}
    assert {event.to_id for event in house.live} == {anna.id, bram.id}
    assert {row.outcome for row in house.ledger()} == {Outcome.DELIVERED}
    assert house.push.accepted("anna")[0].message["url"] == f"/zorgvragen/{about}"
    assert house.mails() == []


class Bell(threading.Event):
    """Says when somebody began to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.awaited = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.awaited.set()
        return super().wait(timeout)


def test_news_during_the_wait_is_told_at_once(monkeypatch: pytest.MonkeyPatch, house: House) -> None:
    bell = Bell()
    monkeypatch.setattr(outbox, "bell", bell)
    monkeypatch.setattr(dispatch, "POLL", 3600.0)  # so that nothing but the bell ends the wait
    anna = house.person()
    house.phone(anna, "anna")
    house.dispatcher()
    assert bell.awaited.wait(30), "it finds nothing, and waits"

    house.happens(anna)

    house.wait_for(lambda: house.live)


def test_every_phone_of_a_person_rings(house: House) -> None:
    anna = house.person()
    house.phone(anna, "phone"), house.phone(anna, "tablet")
    house.happens(anna)

    house.dispatcher()

    house.wait_for(house.everybody_told)
    assert {push.to for push in house.push.received} == {"phone", "tablet"}


def test_who_has_no_phone_gets_mail_without_any_detail(house: House) -> None:
    anna = house.person()
    about = house.happens(anna)

    house.dispatcher()

    house.wait_for(house.everybody_told)
    (mail,) = house.mails()
    assert mail.to_address == anna.email
    assert mail.subject == "Nieuwe zorgvraag"
    assert f"{house.settings.address}/zorgvragen/{about}" in mail.body
    assert anna.name not in mail.body


def test_what_only_an_open_page_needs_is_not_pushed_nor_mailed(house: House) -> None:
    anna = house.person()
    house.phone(anna, "anna")
    house.happens(anna, name="matching.seen")

    house.dispatcher()

    house.wait_for(house.everybody_told)
    assert len(house.live) == 1
    assert house.push.received == []
    assert house.mails() == []


def test_whoever_left_is_told_nothing(house: House) -> None:
    anna = house.person(active=False)
    house.phone(anna, "anna")
    house.happens(anna)

    house.dispatcher()

    house.wait_for(house.everybody_told)
    assert house.push.received == []
    assert house.mails() == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_gone_subscription_is_retired_at_once_and_mail_takes_over(house: House, status: int) -> None:
    anna = house.person()
    house.phone(anna, "anna", answers=[status])
    house.happens(anna)
    house.dispatcher()
    house.wait_for(house.everybody_told)

    house.happens(anna)
    house.wait_for(house.everybody_told)

    assert len(house.push.received) == 1, "the second event does not try the dead one"
    assert house.subscriptions()[0].retired_at
    assert len(house.mails()) == 2
    assert not service.has_devices(anna)


def test_a_failing_push_service_is_tried_again_no_sooner_than_it_says(
    house: House,
) -> None:
    anna = house.person()
    house.phone(anna, "anna", answers=[429, 201], retry_after="90")
    house.happens(anna, name="matching.not_chosen")  # push only
    house.dispatcher()

    house.wait_for(house.tried_in_vain)
    (event,) = house.events()
    assert event.done_at is None
    assert timedelta(seconds=85) < event.try_at - time.now() <= timedelta(seconds=90)

    _make_due()
    house.wait_for(house.everybody_told)
    assert len(house.push.accepted("anna")) == 1


def test_a_retry_skips_the_phone_that_already_rang(house: House) -> None:
    anna = house.person()
    house.phone(anna, "phone"), house.phone(anna, "tablet", answers=[503, 201])
    house.happens(anna)
    house.dispatcher()
    house.wait_for(house.tried_in_vain)

    _make_due()

    house.wait_for(house.everybody_told)
    assert len(house.push.accepted("phone")) == 1
    assert len(house.push.accepted("tablet")) == 1
    assert house.mails() == [], "the phone rang, so no mail"


def test_mail_makes_up_for_a_phone_that_does_not_answer(house: House) -> None:
    anna = house.person()
    house.phone(anna, "anna", answers=[500])
    house.happens(anna)

    house.dispatcher()

    house.wait_for(house.everybody_told)
    assert len(house.mails()) == 1


def test_trying_stops_after_a_day_and_the_ledger_says_so(house: House) -> None:
    anna = house.person()
    house.phone(anna, "anna", answers=[500])
    house.happens(anna, name="matching.not_chosen")
    house.dispatcher()
    house.wait_for(house.tried_in_vain)

    with transaction() as db:
        db.execute(update(Event).values(happened_at=time.now() - timedelta(hours=25)))
    _make_due()

    house.wait_for(house.everybody_told)
    assert [row.outcome for row in house.ledger()] == ["given_up"]


def test_the_wait_doubles_and_ends_at_half_an_hour(house: House) -> None:
    anna = house.person()
    house.happens(anna)
    waits = []
    for _ in range(12):
        _make_due()
        (event,) = outbox.claim()
        with transaction() as db:
            outbox.retry(db, event)
        waits.append(round((house.events()[0].try_at - time.now()).total_seconds()))
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1800, 1800, 1800]


def test_twenty_phones_that_hang_do_not_delay_the_others(house: House) -> None:
    slow = [house.person() for _ in range(20)]
    for person in slow:
        house.phone(person, hangs=12)
    anna = house.person()
    house.phone(anna, "anna")
    started = time.now()
    house.happens(*slow, anna)

    house.dispatcher()

    house.wait_for(lambda: house.push.accepted("anna"), seconds=10)
    assert time.now() - started < timedelta(seconds=10)


def test_an_event_nobody_has_words_for_does_not_stop_the_rest(house: House) -> None:
    anna = house.person()
    house.phone(anna, "anna")
    house.happens(anna, name="rota.unheard_of")
    house.happens(anna)

    house.dispatcher()

    house.wait_for(lambda: house.push.accepted("anna"))
    house.wait_for(house.everybody_told)


def test_deleting_an_account_meanwhile_stops_nobody_elses_delivery(house: House) -> None:
    anna, bram = house.person(), house.person()
    house.phone(anna, "anna", hangs=1), house.phone(bram, "bram", hangs=1)
    house.happens(anna, bram)
    house.dispatcher()
    house.wait_for(lambda: len(house.live) == 2)

    with transaction() as db:
        db.delete(db.get_one(Account, anna.id))

    house.wait_for(lambda: len(house.events()) == 1 and house.everybody_told())
    assert [row.outcome for row in house.ledger()] == [Outcome.DELIVERED]


# --- leases


def test_two_dispatchers_tell_each_event_once(house: House) -> None:
    people = [house.person() for _ in range(10)]
    for person in people:
        house.phone(person)
    for _ in range(8):
        house.happens(*people)

    house.dispatcher(), house.dispatcher()

    house.wait_for(house.everybody_told, seconds=20)
    assert len(house.push.received) == 80
    assert len({(push.to, push.message["tag"]) for push in house.push.received}) == 80


def test_claims_by_many_at_once_never_overlap(house: House) -> None:
    anna = house.person()
    for _ in range(60):
        house.happens(anna)
    claimed: list[list[Event]] = []
    takers = [
        threading.Thread(target=lambda: claimed.extend([list(outbox.claim(10)) for _ in range(3)]))
        for _ in range(6)
    ]
    [taker.start() for taker in takers]
    [taker.join() for taker in takers]
    ids = [event.id for batch in claimed for event in batch]
    while more := outbox.claim(10):  # one that found rows locked came back with fewer
        ids += [event.id for event in more]
    assert len(ids) == len(set(ids)) == 60


def test_what_a_dead_dispatcher_held_is_told_when_its_lease_ends(house: House) -> None:
    anna = house.person()
    house.phone(anna, "anna")
    house.happens(anna)
    assert len(outbox.claim()) == 1  # and then it died
    house.dispatcher()
    threading.Event().wait(0.3)
    assert house.push.received == []

    with transaction() as db:
        db.execute(update(Event).values(try_at=time.now()))

    house.wait_for(lambda: house.push.accepted("anna"))


def test_who_lost_the_lease_does_not_finish_the_event(house: House) -> None:
    anna = house.person()
    house.happens(anna)
    with time_machine.travel(time.now() - timedelta(minutes=1), tick=False):
        mine = outbox.claim()
    theirs = outbox.claim()

    with transaction() as db:
        outbox.finish(db, mine)
    assert house.events()[0].done_at is None

    with transaction() as db:
        outbox.finish(db, theirs)
    assert house.events()[0].done_at


def test_a_test_push_goes_to_that_device_only(house: House) -> None:
    anna = house.person()
    house.phone(anna, "phone"), house.phone(anna, "tablet")
    (tablet,) = (s for s in service.my_devices(anna) if s.endpoint_hash == _hash(house, "tablet"))

    service.test(anna, tablet.id)
    house.dispatcher()

    house.wait_for(house.everybody_told)
    assert [push.to for push in house.push.received] == ["tablet"]
    assert service.my_devices(anna)[0].delivered_at or service.my_devices(anna)[1].delivered_at


def _hash(house: House, name: str) -> str:
    return service._hash(house.push.browsers[name].address.endpoint)


def _make_due() -> None:
    with transaction() as db:
        db.execute(update(Event).where(Event.done_at.is_(None)).values(try_at=time.now()))
    outbox.bell.set()
