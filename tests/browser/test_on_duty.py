"""Nobody checks in: the back-up's phone asks, and one tap is enough. And whether a message arrives at all."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.night import Night, night_of
from tests.browser.pushed import PushedPhone
from tests.browser.steps import PIETER, REGISSEUR, SAMIRA
from tests.notify.push_service import PushService

LogsIn = Callable[[Page, str], Page]


@pytest.fixture
def push_service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture
def night(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    """Samira has it, and Pieter is back-up."""
    with night_of(server, monkeypatch, SAMIRA, PIETER) as made:
        yield made


def test_a_missed_check_in_reaches_the_back_up_who_stands_in_with_one_tap(
    phone: Callable[[], Page], logs_in: LogsIn, push_service: PushService, night: Night
) -> None:
    samiras, pieters = logs_in(phone(), SAMIRA), logs_in(phone(), PIETER)
    phones = {
        SAMIRA: PushedPhone(samiras, push_service, "samira"),
        PIETER: PushedPhone(pieters, push_service, "pieter"),
    }
    for one in phones.values():
        one.page.goto("/meldingen")
        one.turns_on()
        one.closes_the_app()

    night.begins(timedelta(minutes=-10))
    night.goes_on(timedelta(0))
    assert phones[SAMIRA].is_asked("Je dienst begint")["buttons"] == ["Ik ben er"]

    night.goes_on(timedelta(minutes=25))  # a quarter after the start
    assert phones[PIETER].is_asked("Kun je inspringen?")["buttons"] == ["Ik spring in"]
    (after,) = phones[PIETER].presses("Kun je inspringen?", "step_in")
    assert after["title"] == "Je bent ingesprongen"

    page = logs_in(phone(), REGISSEUR)
    page.goto(night.page)
    expect(page.locator("#dienst")).to_contain_text(PIETER)
    expect(page.locator("#dienst")).to_contain_text("aangemeld")
    assert phones[SAMIRA].is_asked("Een dienst is van jou af")["buttons"] == []


def test_the_night_from_checking_in_to_the_handover(
    phone: Callable[[], Page], logs_in: LogsIn, night: Night
) -> None:
    page = logs_in(phone(), SAMIRA)
    night.begins(timedelta(minutes=-10))
    page.goto("/vandaag")
    page.get_by_role("button", name="Ik ben er").click()
    expect(page.get_by_role("heading", name="Je hebt dienst tot")).to_be_visible()

    page.goto(night.page)
    page.get_by_role("link", name="Er belde iemand").click()
    page.get_by_role("radio", name="Meldkamer").check()
    page.get_by_role("button", name="Schrijf op").click()
    expect(page.get_by_text("loopt nog")).to_be_visible()
    page.get_by_role("radio", name="20 min").check()
    page.get_by_role("radio", name="Zorg gegeven").check()
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_text("binnen 30 min")).to_be_visible()

    night.goes_on(timedelta(hours=5, minutes=45))
    page.goto(night.page)
    page.get_by_role("link", name="Schrijf de overdracht").click()
    page.get_by_label("Wat speelde er?").fill("Mevrouw Jansen is gevallen, bel 06 12345678")
    page.get_by_role("button", name="Zet klaar voor de volgende").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("Wat speelde er?").fill("Rustige nacht, twee keer gebeld.")
    page.get_by_role("button", name="Zet klaar voor de volgende").click()
    expect(page.get_by_text("Nog niet gelezen")).to_be_visible()

    page.goto(night.page)
    page.get_by_role("button", name="Ik ga van dienst af").click()
    expect(page.get_by_text("Rust lekker uit")).to_be_visible()


def test_a_phone_says_by_itself_that_the_message_of_the_afternoon_before_arrived(
    phone: Callable[[], Page], logs_in: LogsIn, push_service: PushService, night: Night
) -> None:
    page = logs_in(phone(), SAMIRA)
    mine = PushedPhone(page, push_service, "samira")
    page.goto("/meldingen")
    mine.turns_on()
    mine.closes_the_app()

    night.begins(timedelta(hours=-7))
    night.is_tested()
    mine.is_asked("Komt dit bericht aan?")
    for _try in range(600):
        if night.was_reached():
            return
        page.wait_for_timeout(50)
    pytest.fail("the phone showed it and said nothing")
