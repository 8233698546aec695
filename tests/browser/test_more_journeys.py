"""What also happens on the way from request to placement: second thoughts, double taps, bad luck."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Server
from tests.browser.steps import (
    HUISARTS,
    PIETER,
    SAMIRA,
    TRANSFER,
    asks_for_care,
    chooses,
    declines,
    fills_in,
    free_places,
    offers,
    sent,
)

NewPage = Callable[[], Page]
LogsIn = Callable[[Page, str], Page]

ZUID = "3525"  # where Wilgenwoud and Meervogel both have room for this care
CARE = "Persoonlijke verzorging"


@pytest.fixture
def huisarts(desktop: NewPage, logs_in: LogsIn) -> Page:
    return logs_in(desktop(), HUISARTS)


@pytest.fixture
def samira(phone: NewPage, logs_in: LogsIn) -> Page:
    return logs_in(phone(), SAMIRA)


def test_a_request_withdrawn_after_the_choice_gives_the_place_back(huisarts: Page, samira: Page) -> None:
    had_free = free_places(samira, "Zuid", CARE)
    samira.goto(asks_for_care(huisarts, ZUID, CARE))
    offers(samira)
    chooses(huisarts, "Wijkzorg Wilgenwoud")
    expect(samira.get_by_role("heading", name="De cliënt koos voor jullie")).to_be_visible()

    huisarts.get_by_text("Zorgvraag intrekken").click()
    huisarts.get_by_role("radio", name="Zorg is niet meer nodig").check()
    huisarts.get_by_role("button", name="Trek in en vertel het iedereen").click()

    expect(samira.get_by_text("De vrager heeft deze zorgvraag ingetrokken")).to_be_visible()
    assert free_places(samira, "Zuid", CARE) == had_free


def test_a_placement_that_falls_through_is_asked_again(
    huisarts: Page, samira: Page, phone: NewPage, logs_in: LogsIn
) -> None:
    pieter = logs_in(phone(), PIETER)
    had_free = free_places(samira, "Zuid", CARE)
    request = asks_for_care(huisarts, ZUID, CARE)
    pieter.goto(request)
    samira.goto(request)
    offers(samira)
    chooses(huisarts, "Wijkzorg Wilgenwoud")
    expect(pieter.get_by_text("Deze zorgvraag is al geplaatst")).to_be_visible()

    samira.get_by_text("Gaat het toch niet door?").click()
    samira.get_by_role("radio", name="Aanbieder kan toch niet").check()
    samira.get_by_role("button", name="Zet de zorgvraag weer open").click()

    expect(huisarts.get_by_role("heading", name="Nog geen aanbod")).to_be_visible()
    offers(pieter)
    expect(huisarts.get_by_role("heading", name="1 aanbod")).to_be_visible()
    assert free_places(samira, "Zuid", CARE) == had_free


def test_a_double_tap_sends_one_request_and_going_back_sends_no_second(
    phone: NewPage, logs_in: LogsIn
) -> None:
    page = logs_in(phone(), TRANSFER)
    before = _asked_by_us(page)
    fills_in(page, "3582")

    page.get_by_role("button", name="Stuur naar allen").dblclick(no_wait_after=True)
    request = sent(page)
    page.go_back()
    page.get_by_role("button", name="Stuur naar allen").or_(page.get_by_role("button", name="Verder")).click()

    assert _asked_by_us(page) == before + 1
    page.goto(request)
    expect(page.get_by_role("heading", name="Nog geen aanbod")).to_be_visible()


def _asked_by_us(page: Page) -> int:
    page.goto("/zorgvragen")
    return page.locator("a.item").count()


def test_an_answer_that_comes_too_late_says_so(
    huisarts: Page, samira: Page, phone: NewPage, logs_in: LogsIn
) -> None:
    """Pieter's network lets no websocket through: his page still shows what was."""
    pieter = phone()
    pieter.route_web_socket("**/*", _swallow)
    logs_in(pieter, PIETER)
    request = asks_for_care(huisarts, ZUID, CARE)
    pieter.goto(request)
    samira.goto(request)
    offers(samira)
    chooses(huisarts, "Wijkzorg Wilgenwoud")

    with pieter.expect_response(f"**{request}/aanbod") as answer:
        pieter.get_by_role("button", name="Wij kunnen alles").click()
    assert answer.value.status == 409
    expect(pieter.get_by_text("Deze zorgvraag is al geplaatst. Je was net te laat.")).to_be_visible()
    pieter.get_by_role("main").get_by_role("link").first.click()  # there is a way on from here
    expect(pieter.get_by_role("navigation", name="Hoofdmenu")).to_be_visible()


def _swallow(line: WebSocketRoute) -> None:
    """Connected to nothing."""


def test_a_nurse_answers_from_vandaag(huisarts: Page, samira: Page, phone: NewPage, logs_in: LogsIn) -> None:
    pieter = logs_in(phone(), PIETER)
    request = asks_for_care(huisarts, ZUID, CARE)
    card = f"#vraag-{request.rpartition('/')[2]}"
    for page in (samira, pieter):
        page.goto("/vandaag")
    pieter.locator(f"{card} summary", has_text="Nee, want").click()

    samira.locator(card).get_by_role("button", name="Wij kunnen alles").click()
    expect(samira.get_by_text("Je aanbod is verstuurd")).to_be_visible()
    pieter.get_by_role("button", name="Geen plek", exact=True).click()
    expect(pieter.get_by_text("Je antwoord is verstuurd")).to_be_visible()
    expect(huisarts.get_by_role("heading", name="1 aanbod")).to_be_visible()


def test_who_declined_may_still_offer(huisarts: Page, samira: Page) -> None:
    samira.goto(asks_for_care(huisarts, ZUID, CARE))
    declines(samira)
    offers(samira)
    expect(huisarts.get_by_role("heading", name="1 aanbod")).to_be_visible()


def test_a_request_on_paper_has_no_buttons_or_menus(huisarts: Page) -> None:
    asks_for_care(huisarts, ZUID, CARE)
    huisarts.emulate_media(media="print")
    expect(huisarts.get_by_role("heading", name="De vraag")).to_be_visible()
    for furniture in ("nav", "button", "details:not([open])", ".banner", ".flash", ".me"):
        for one in huisarts.locator(furniture).all():
            expect(one).to_be_hidden()


def test_a_printed_link_logs_in_with_a_tap_and_so_does_another_role(phone: NewPage, server: Server) -> None:
    page = phone()
    page.goto(server.link(SAMIRA))
    page.get_by_role("button", name=f"Log in als {SAMIRA}").click()
    page.wait_for_url("**/vandaag")

    page.get_by_role("link", name="Wissel van rol").click()
    page.locator("form", has_text="Beheerder").get_by_role("button").first.click()
    page.wait_for_url(lambda url: "/inloggen" not in url)
    expect(page.get_by_role("link", name="Wissel van rol")).to_be_visible()
    page.goto("/organisatie/leden")
    expect(page.get_by_role("heading", level=1)).to_have_text("Collega's")
