"""A reminder on its way: what the phone is given, what the mail says, and who need not hear it any more."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from tests.capacity.make import Make
from tests.capacity.town import Town
from tests.notify.conftest import House
from wijkapp.capacity import service as capacity
from wijkapp.capacity.models import CapacityAsk
from wijkapp.capacity.rules import Tap
from wijkapp.kit import outbox, time
from wijkapp.kit.db import transaction


@pytest.fixture
def kind() -> str:
    return "sqlite"  # nothing here differs per database


@pytest.fixture
def town(house: House) -> Iterator[Town]:
    with transaction() as db:
        town = Town(Make(db))
        town.care, town.wounds = town.figure(places=2), town.figure("wondzorg", 0)
    return town


def _asks(town: Town) -> UUID:
    with transaction() as db:
        ask = CapacityAsk(
            team_id=town.team.id,
            asked_at=time.now(),
            figures=(f"{town.care.id} 1", f"{town.wounds.id} 1"),
        )
        db.add(ask)
        db.flush()
        outbox.record(db, "capacity.remind", about=ask.id, to=[town.anna.id])
    return ask.id


def test_a_phone_gets_the_figures_and_a_ticket_per_button(house: House, town: Town) -> None:
    house.phone(town.anna, "anna")
    _asks(town)
    house.dispatcher()
    house.wait_for(house.everybody_told)

    (pushed,) = [push.message for push in house.push.accepted("anna")]
    assert pushed["title"] == "Klopt dit nog?"
    assert pushed["body"] == "Lunetten: verpleging 2 plekken, wondzorg geen plek."
    assert pushed["tag"] == str(town.team.id), "a later reminder takes its place"
    assert [button["title"] for button in pushed["buttons"]] == ["Klopt nog", "Vol"]
    assert pushed["send_to"] == "/capaciteit/tik"

    done = capacity.tap_button(pushed["buttons"][0]["ticket"])
    assert (done.tap, done.figures) == (Tap.CONFIRM, 2)


def test_who_has_no_phone_gets_them_by_mail_with_a_link_of_her_own(house: House, town: Town) -> None:
    _asks(town)
    house.dispatcher()
    house.wait_for(house.everybody_told)

    (mail,) = house.mails()
    assert mail.to_address == town.anna.email
    assert "verpleging 2 plekken" in mail.body
    ticket = mail.body.partition("/capaciteit/herinnering/")[2].split()[0]
    asking, who = capacity.behind_link(ticket)
    assert (len(asking.lines), who.id) == (2, town.anna.id)


def test_what_a_colleague_answered_meanwhile_is_not_asked_any_more(house: House, town: Town) -> None:
    house.phone(town.anna, "anna")
    ask_id = _asks(town)
    capacity.tap_button(capacity.button_ticket(ask_id, town.daan.id, Tap.FULL))
    house.dispatcher()
    house.wait_for(house.everybody_told)

    assert house.push.accepted("anna") == []
    assert house.mails() == []
