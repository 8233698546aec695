"""Answers by a ticket: from a lock screen or a mail, by who may, once, about just what was asked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from sqlalchemy import select

from tests.capacity.make import Make
from tests.capacity.town import TUESDAY, Town
from tests.web import Visitor
from wijkapp.capacity import jobs
from wijkapp.capacity import service as capacity
from wijkapp.capacity.models import CapacityAsk, CapacityChange
from wijkapp.capacity.rules import Change, Tap
from wijkapp.kit import crypto, outbox, tickets
from wijkapp.kit.db import transaction
from wijkapp.kit.errors import Refused
from wijkapp.kit.limits import limiter
from wijkapp.kit.outbox import Event

DAY = timedelta(days=1)
NOW = TUESDAY + DAY  # when they are asked


class Asked(Town):
    """The team is asked about two figures, a day old."""

    def __init__(self, make, clock) -> None:
        super().__init__(make)
        self.clock = clock
        self.care, self.wounds = self.figure(), self.figure("wondzorg", 1)
        jobs.remind_due()
        clock.move_to(NOW)
        jobs.remind_due()
        (self.ask,) = self.asked()

    def button(self, tap: Tap, who=None) -> str:
        return capacity.button_ticket(self.ask.id, (who or self.anna).id, tap)

    def link(self, who=None) -> str:
        return capacity.link_ticket(self.ask.id, (who or self.anna).id)


@pytest.fixture
def town(make, demo_app):
    with time_machine.travel(TUESDAY, tick=False) as clock:
        yield Asked(make, clock)


@pytest.fixture
def stranger(demo_app):
    """A browser that is not logged in: a service worker, or a mail on another computer."""
    limiter.reset()
    return Visitor(demo_app)


def _tap(stranger: Visitor, ticket: object):
    return stranger.client.post("/capaciteit/tik", json={"ticket": ticket})


def test_klopt_nog_confirms_what_was_asked_about_without_a_log_in(town, stranger):
    west = town.make.team(town.anna.organisation, town.make.wijk("West"))
    other = town.make.capacity(west, confirmed_at=TUESDAY)

    answer = _tap(stranger, town.button(Tap.CONFIRM))

    assert answer.json == {"title": "Bevestigd", "sentence": "2 cijfers kloppen nog. Dank je wel."}
    for figure in (town.care, town.wounds):
        now = town.now(figure)
        assert (now.confirmed_at, now.confirmed_by_id, now.version) == (NOW, town.anna.id, 1)
    assert town.now(other).confirmed_at == TUESDAY
    kept = town.db.scalars(select(CapacityChange.what)).all()
    assert kept == [Change.CONFIRMED] * 2


def test_vol_sets_them_full_and_nobody_else_can_be_sent_there(town, stranger):
    answer = _tap(stranger, town.button(Tap.FULL))

    assert answer.json["title"] == "Jullie staan op vol"
    for figure, places in ((town.care, 2), (town.wounds, 1)):
        now = town.now(figure)
        assert (now.full, now.places, now.confirmed_at, now.version) == (True, places, NOW, 2)


def test_the_first_answer_of_a_team_counts(town, stranger):
    assert _tap(stranger, town.button(Tap.CONFIRM, town.daan)).status_code == 200

    late = _tap(stranger, town.button(Tap.FULL))

    assert late.status_code == 409
    assert late.json["error"] == "Daan heeft dit al gedaan."
    assert not town.now(town.care).full


def test_a_phone_that_did_not_hear_the_answer_may_ask_again(town, stranger):
    first, again = (_tap(stranger, town.button(Tap.FULL)) for _ in range(2))

    assert (first.status_code, again.status_code) == (200, 200)
    assert town.now(town.care).version == 2, "once"
    assert _tap(stranger, town.button(Tap.CONFIRM)).json["error"].startswith("Je hebt dit al beantwoord")


def test_a_figure_that_changed_since_is_left_as_it_is(town, stranger):
    capacity.set_places(town.daan, town.care.id, 5, seen=1)

    assert _tap(stranger, town.button(Tap.FULL)).status_code == 200

    assert (town.now(town.care).places, town.now(town.care).full) == (5, False)
    assert town.now(town.wounds).full


def test_when_everything_changed_since_there_is_nothing_to_tap(town, stranger):
    capacity.set_places(town.daan, town.care.id, 5, seen=1)
    capacity.set_places(town.daan, town.wounds.id, 5, seen=1)

    answer = _tap(stranger, town.button(Tap.FULL))

    assert answer.status_code == 409
    assert "al bevestigd of aangepast" in answer.json["error"]


def test_what_a_colleague_confirmed_in_the_app_is_not_set_full_by_an_older_question(town, stranger):
    town.clock.move_to(NOW + timedelta(minutes=5))
    capacity.confirm(town.daan, town.care.id)

    assert _tap(stranger, town.button(Tap.FULL)).status_code == 200

    assert not town.now(town.care).full
    assert town.now(town.wounds).full


def test_a_button_works_twelve_hours_and_a_link_three_days(town, stranger):
    button, link = town.button(Tap.CONFIRM), town.link()
    town.clock.move_to(NOW + timedelta(hours=12))

    assert _tap(stranger, button).status_code == 410
    assert stranger.get(f"/capaciteit/herinnering/{link}").status_code == 200

    town.clock.move_to(NOW + timedelta(days=3))
    assert stranger.get(f"/capaciteit/herinnering/{link}").status_code == 410
    assert stranger.post(f"/capaciteit/herinnering/{link}", {"tap": "confirm"}).status_code == 410
    assert town.now(town.care).confirmed_at == TUESDAY


@pytest.mark.parametrize("who", ["left", "another role", "elsewhere"])
def test_who_may_not_do_it_logged_in_may_not_by_ticket(town, stranger, who):
    account = {"left": town.anna, "another role": town.bram, "elsewhere": town.carla}[who]
    if who == "left":
        account.active = False
        town.db.flush()

    assert _tap(stranger, town.button(Tap.CONFIRM, account)).status_code == 403
    assert stranger.get(f"/capaciteit/herinnering/{town.link(account)}").status_code == 403
    refused = stranger.post(f"/capaciteit/herinnering/{town.link(account)}", {"tap": "full"})
    assert refused.status_code == 403
    assert town.now(town.care).confirmed_at == TUESDAY


def test_a_ticket_does_the_one_thing_it_is_for(town, stranger):
    assert _tap(stranger, town.link()).status_code == 404
    assert stranger.get(f"/capaciteit/herinnering/{town.button(Tap.FULL)}").status_code == 404
    gone = tickets.write(
        "capacity-button", (crypto.new_key()[:16].hex(), town.anna.id.hex, "full"), NOW + DAY
    )
    assert _tap(stranger, gone).status_code == 404


@pytest.mark.parametrize("sent", ["", "x", 7, [], {}, {"ticket": None}, {"ticket": "x" * 5000}])
def test_whatever_else_is_posted_is_refused_and_never_an_error(town, stranger, sent):
    answer = stranger.client.post("/capaciteit/tik", json=sent)
    assert (answer.status_code, answer.is_json) == (404, True)
    assert stranger.client.post("/capaciteit/tik", data=b"\xff{").status_code == 404
    odd = quote(str(sent) or "leeg", safe="")
    assert stranger.get(f"/capaciteit/herinnering/{odd}").status_code == 404


def test_the_button_asks_for_no_token_of_a_page_and_the_page_does(town, stranger, demo_app, monkeypatch):
    monkeypatch.setitem(demo_app.config, "WTF_CSRF_ENABLED", True)

    assert stranger.post(f"/capaciteit/herinnering/{town.link()}", {"tap": "full"}).status_code == 403
    assert _tap(stranger, town.button(Tap.CONFIRM)).status_code == 200


def test_too_many_taps_from_one_address_have_to_wait(town, stranger):
    answers = [_tap(stranger, "x").status_code for _ in range(61)]

    assert answers[-1] == 429
    assert 429 not in answers[:-1]


def test_the_page_behind_a_mail_writes_only_when_a_button_is_tapped(town, stranger):
    page = stranger.get(f"/capaciteit/herinnering/{town.link()}")

    assert page.headers["Cache-Control"] == "no-store"
    assert "Klopt nog" in page.text
    assert "Verpleging" in page.text
    assert "2 plekken" in page.text
    assert town.now(town.care).confirmed_at == TUESDAY

    done = stranger.post(f"/capaciteit/herinnering/{town.link()}", {"tap": "confirm"})
    assert "2 cijfers kloppen nog" in done.text
    assert town.now(town.care).confirmed_at == NOW
    assert (
        "Anna de Wit heeft dit al beantwoord" in stranger.get(f"/capaciteit/herinnering/{town.link()}").text
    )


@pytest.mark.parametrize("tap", ["", "open", None])
def test_a_page_without_one_of_the_two_answers_changes_nothing(town, stranger, tap):
    form = {} if tap is None else {"tap": tap}
    assert stranger.post(f"/capaciteit/herinnering/{town.link()}", form).status_code == 422
    assert town.now(town.care).confirmed_at == TUESDAY


def test_what_a_colleague_still_had_to_hear_is_taken_back(town, stranger):
    with transaction() as db:
        outbox.record(
            db, "capacity.remind", about=town.ask.id, to=[town.daan.id], wait={town.daan.id: NOW + DAY}
        )
    _tap(stranger, town.button(Tap.CONFIRM))

    waits = select(Event).where(Event.name == "capacity.remind", Event.done_at.is_(None))
    assert town.db.scalars(waits).all() == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_four_taps_at_once_one_counts(kind, fresh_database, monkeypatch):
    fresh_database(kind)
    monkeypatch.setattr(tickets, "_key", b"k" * 32)
    with time_machine.travel(TUESDAY, tick=False) as clock:
        with transaction() as db:
            town = Town(Make(db))
            town.figure()
        jobs.remind_due()
        clock.move_to(NOW)
        jobs.remind_due()
        with transaction() as db:
            ask_id = db.scalars(select(CapacityAsk.id)).one()
        wanted = [(town.anna, Tap.CONFIRM), (town.daan, Tap.FULL)] * 2

        with ThreadPoolExecutor(4) as phones:
            answers = list(phones.map(lambda one: _says(ask_id, *one), wanted))

    taps = {answer.tap for answer in answers if answer}
    assert len(taps) == 1
    with transaction() as db:
        looked = db.scalars(select(CapacityChange)).all()
    assert len(looked) == 1


def _says(ask_id, account, tap):
    try:
        return capacity.tap_button(capacity.button_ticket(ask_id, account.id, tap))
    except Refused:
        return None
