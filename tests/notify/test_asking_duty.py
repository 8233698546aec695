"""What a phone is asked about a duty: one button, and whether the message arrives."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.notify.conftest import House
from tests.rota.make import Make
from wijkapp.kit import outbox, time
from wijkapp.kit.db import reading, transaction
from wijkapp.people.models import Account
from wijkapp.rota import jobs
from wijkapp.rota.checkin import Tap
from wijkapp.rota.models import Duty, DutyHold, DutyReach
from wijkapp.rota.service import reach, taps


@pytest.fixture
def kind() -> str:
    return "sqlite"  # nothing here differs per database


class Running:
    """A duty that began a minute ago, and its holder. Real clocks: dispatchers have their own threads."""

    def __init__(self, make: Make) -> None:
        town = make.rota_town(organisations=1, people=2)
        plan = make.draft(town, time.today(), weeks=1)
        self.duty = next(one for one in make.duties(plan) if one.member_id)
        self.duty.starts_at = time.now() - timedelta(minutes=1)
        self.duty.ends_at = time.now() + timedelta(hours=6)
        self.anna = town.account(self.duty.member_id)
        plan.published_at = time.now() - timedelta(days=30)
        make.db.add(
            DutyHold(
                duty_id=self.duty.id,
                number=1,
                member_id=self.duty.member_id,
                from_at=self.duty.starts_at,
                how="published",
                made_at=plan.published_at,
                due_at=time.now(),
            )
        )


@pytest.fixture
def running(house: House) -> Iterator[Running]:
    with transaction() as db:
        return Running(Make(db))


def test_a_phone_has_a_button_to_be_there(house: House, running: Running) -> None:
    house.phone(running.anna, "anna")
    assert jobs.check_in_due() == 1
    house.dispatcher()
    house.wait_for(house.everybody_told)

    (pushed,) = [push.message for push in house.push.accepted("anna")]
    assert pushed["title"] == "Je dienst begint"
    assert [button["title"] for button in pushed["buttons"]] == ["Ik ben er"]
    assert (pushed["send_to"], pushed["arrived"]) == ("/dienst/tik", "")
    taps.tap_button(pushed["buttons"][0]["ticket"])
    with reading() as db:
        assert db.scalars(select(DutyHold.checked_in_at)).one()


def test_who_is_there_already_is_not_asked_any_more(house: House, running: Running) -> None:
    house.phone(running.anna, "anna")
    jobs.check_in_due()
    taps.tap_button(taps.button_ticket(running.duty, running.anna.id, Tap.HERE))
    house.dispatcher()
    house.wait_for(house.everybody_told)
    assert house.push.accepted("anna") == []


def test_who_has_no_phone_gets_a_mail_with_a_link(house: House, running: Running) -> None:
    jobs.check_in_due()
    house.dispatcher()
    house.wait_for(house.everybody_told)

    (mail,) = house.mails()
    assert "Meld je hier aan, inloggen hoeft niet:" in mail.body
    ticket = mail.body.partition("/dienst/tik/")[2].split()[0]
    asked, who = taps.behind_link(ticket)
    assert (asked.tap, asked.open, who.id) == (Tap.HERE, True, running.anna.id)


def test_a_test_of_the_afternoon_before_carries_a_ticket_that_the_phone_posts_by_itself(
    house: House, running: Running
) -> None:
    house.phone(running.anna, "anna")
    with transaction() as db:
        soon = time.now() + timedelta(hours=3)
        db.execute(
            update(Duty)
            .where(Duty.id == running.duty.id)
            .values(starts_at=soon, ends_at=soon + timedelta(hours=6))
        )
    assert reach.ask(running.duty.id, running.duty.member_id, time.now())
    house.dispatcher()
    house.wait_for(house.everybody_told)

    (pushed,) = [push.message for push in house.push.accepted("anna")]
    assert pushed["title"] == "Komt dit bericht aan?"
    assert taps.tap_button(pushed["arrived"]).tap is Tap.REACHED
    with reading() as db:
        assert db.get_one(DutyReach, (running.duty.id, running.duty.member_id)).reached_at


def test_quiet_hours_hold_back_nothing_of_the_own_duty(house: House, running: Running) -> None:
    with transaction() as db:
        db.execute(update(Account).values(quiet_from=time.hour(0), quiet_until=time.hour(23, 59)))
    jobs.check_in_due()
    [event] = house.events()
    assert event.try_at <= time.now()
    assert outbox.claim(), "it is told now"
