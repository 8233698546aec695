"""Old news goes, what still has to be told stays."""

from datetime import timedelta

import time_machine

from tests.notify.conftest import House
from wijkapp.kit import letters, time
from wijkapp.kit.db import transaction
from wijkapp.notify import service
from wijkapp.notify.jobs import forget_old


def test_old_news_goes_and_what_nobody_heard_yet_stays(house: House) -> None:
    anna, bram = house.person(), house.person()
    house.phone(anna, "anna"), house.phone(anna, "old")
    service.unsubscribe_browser(anna, house.push.browsers["old"].address.endpoint)
    house.happens(anna, bram)
    with transaction() as db:
        letters.post(db, "people.log_in_link", "anna@zorg.example", {"name": "Anna", "token": "t"})
    house.dispatcher()
    house.wait_for(house.everybody_told)
    house.wait_for(lambda: house.letters()[0].done_at)
    house.dispatchers[0].stop()

    forget_old()
    assert (len(house.events()), len(house.letters()), len(house.mails())) == (2, 1, 2)

    untold = house.happens(anna)
    with time_machine.travel(time.now() + timedelta(days=91), tick=False):
        forget_old()

    assert [event.about_id for event in house.events()] == [untold]
    assert (house.ledger(), house.letters(), house.mails()) == ([], [], [])
    assert len(house.subscriptions()) == 1, "the live one"
