"""Zoek zorg on a phone and without scripts, its map, and the page for people without an account."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.steps import HUISARTS, SAMIRA

NewPage = Callable[[], Page]
LogsIn = Callable[[Page, str], Page]
FOUND = "/zoek?pc4=3524&products=verpleging&urgency=day"
A_WIJK = "/wijk/WK034407"


@pytest.fixture
def elsewhere(server) -> Callable[[Page], list[str]]:
    """`elsewhere(page)`: a list that fills with what this page asks of anybody but us."""

    def listen(page: Page) -> list[str]:
        asked: list[str] = []

        def note(request: Request) -> None:
            if not request.url.startswith((server.url, "data:", "blob:")):
                asked.append(request.url)

        page.on("request", note)
        return asked

    return listen


def test_on_a_phone_one_finds_who_has_a_place_calls_and_sends(
    phone: NewPage, logs_in: LogsIn, axe, shot
) -> None:
    page = logs_in(phone(), HUISARTS)
    page.get_by_role("link", name="Zoek zorg").click()
    page.get_by_label("Postcode").fill("3524")
    page.get_by_role("checkbox", name="Verpleging", exact=True).check()
    page.get_by_role("button", name="Zoek", exact=True).click()

    hits = page.locator("[data-hit]")
    expect(hits.first).to_be_visible()
    everybody = hits.count()
    expect(page.get_by_role("status").filter(has_text="aanbieders")).to_contain_text(
        f"{everybody} aanbieders"
    )
    shot(page, "zoek-zorg-phone")
    page.locator("label", has_text="Heeft plek").click()
    expect(page.get_by_text("meer zonder deze filters")).to_be_visible()
    assert 0 < hits.count() < everybody
    assert {hit.get_attribute("data-light") for hit in hits.all()} <= {"free", "few"}

    call = hits.first.get_by_role("link", name="Bel ")
    assert str(call.get_attribute("href")).startswith("tel:+31")
    box = call.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    assert axe(page) == []

    page.get_by_role("link", name="Stuur naar allen").click()
    expect(page.get_by_label("Postcode")).to_have_value("3524")
    expect(page.get_by_role("checkbox", name="Verpleging", exact=True)).to_be_checked()


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_map_shows_who_is_where_and_asks_nobody_else(
    new_context: Callable[..., BrowserContext], logs_in: LogsIn, elsewhere, axe, shot, device
) -> None:
    page = new_context(**device, reduced_motion="reduce").new_page()
    asked, failed = elsewhere(page), []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
    logs_in(page, HUISARTS)
    page.goto(FOUND)
    if device is PHONE:
        page.get_by_role("button", name="Kaart").click()
    pins = page.locator(".pin")
    expect(pins.first).to_be_visible()
    expect(page.locator("path.land")).to_have_count(37)  # every postcode of the demo
    assert sum(int(text) for text in pins.all_inner_texts()) == page.locator("[data-hit]").count()

    pins.first.focus()
    page.keyboard.press("Enter")
    card = page.locator(".leaflet-popup")
    expect(card.get_by_role("link", name="Bel ").first).to_be_visible()
    shot(page, f"zoek-zorg-kaart-{'phone' if device is PHONE else 'desktop'}")
    assert (asked, failed) == ([], [])  # nor does the map want anything that our pages forbid
    assert axe(page) == []


def test_without_scripts_the_list_works(new_context: Callable[..., BrowserContext], logs_in: LogsIn) -> None:
    page = logs_in(new_context(**PHONE, java_script_enabled=False).new_page(), SAMIRA)
    page.goto("/zoek")
    page.get_by_label("Postcode").fill("3524")
    page.get_by_role("checkbox", name="Verpleging", exact=True).check()
    page.get_by_role("button", name="Zoek", exact=True).click()
    expect(page.locator("[data-hit]").first.get_by_role("link", name="Bel ")).to_be_visible()
    expect(page.get_by_role("button", name="Kaart")).to_be_hidden()
    expect(page.locator("#kaart")).to_be_hidden()


def test_anybody_sees_who_works_in_a_wijk(phone: NewPage, desktop: NewPage, elsewhere, axe, shot) -> None:
    for page, name in ((phone(), "phone"), (desktop(), "desktop")):
        asked = elsewhere(page)
        page.goto(A_WIJK)
        expect(page.get_by_role("heading", name="Zorg thuis in Zuid")).to_be_visible()
        number = page.get_by_role("link", name="030 000 0907")
        assert number.get_attribute("href") == "tel:+31300000907"
        shot(page, f"openbare-wijk-{name}", full_page=True)
        assert axe(page) == []
        assert page.context.cookies() == []
        assert asked == []
