"""Asking for care: on a small screen, in a hurry, with a keyboard alone, and without scripts."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.steps import HUISARTS, SAMIRA, goes_on, sent

NewPage = Callable[[], Page]
LogsIn = Callable[[Page, str], Page]

STEPS = 4
TYPING = 150  # ms per key: a thumb on glass
LOOKING = 600  # ms before each tap: find it and aim
MOST_TAPS = 12
MOST_SECONDS = 45


@pytest.fixture
def page(phone: NewPage, logs_in: LogsIn) -> Page:
    page = logs_in(phone(), HUISARTS)
    page.goto("/zorgvragen/nieuw")
    return page


def test_each_step_fits_one_phone_screen(page: Page) -> None:
    for fill in (_where_and_what, _when, _how_soon):
        _expect_no_scrolling(page)
        fill(page)
        _expect_no_scrolling(page)
        goes_on(page)
    expect(page.get_by_text("1× per dag: ochtend")).to_be_visible()
    _expect_no_scrolling(page)


def _expect_no_scrolling(page: Page) -> None:
    high, screen = page.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert high <= screen, page.locator("[data-step-word]").text_content()


def _where_and_what(page: Page) -> None:
    page.get_by_label("Postcode").fill("3526")
    page.get_by_role("checkbox", name="Verpleging", exact=True).check()


def _when(page: Page) -> None:
    page.get_by_role("button", name="Elke dag").click()


def _how_soon(page: Page) -> None:
    page.get_by_role("radio", name="Nee, past niet").check()


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(page: Page) -> None:
    page.get_by_label("Postcode").fill("35")
    page.get_by_role("checkbox", name="Verpleging", exact=True).check()
    goes_on(page)
    expect(page.get_by_text("Vul de vier cijfers van de postcode in.")).to_be_visible()
    expect(page.get_by_label("Postcode")).to_be_focused()
    expect(page.get_by_label("Postcode")).to_have_value("35")

    page.get_by_label("Postcode").fill("3526")
    goes_on(page)
    goes_on(page)
    expect(page.get_by_text("Kies ten minste één moment in de week.")).to_be_visible()
    page.get_by_role("button", name="Vorige stap").click()
    expect(page.get_by_label("Postcode")).to_have_value("3526")
    expect(page.get_by_role("checkbox", name="Verpleging", exact=True)).to_be_checked()


def test_what_the_server_refuses_comes_back_as_it_was_typed(page: Page) -> None:
    _where_and_what(page)
    goes_on(page)
    _when(page)
    page.get_by_label("Uren per week").fill("duizend")
    goes_on(page)
    _how_soon(page)
    goes_on(page)
    with page.expect_response("**/zorgvragen") as answer:
        page.get_by_role("button", name="Stuur naar allen").click()

    assert answer.value.status == 422
    expect(page.get_by_label("Uren per week")).to_have_value("duizend")  # at the step where it is wrong
    expect(page.get_by_label("ma ochtend")).to_have_value("1")
    expect(page.locator(".error")).to_be_visible()


def test_asking_takes_a_thumb_less_than_45_seconds(page: Page) -> None:
    """By the test's own clock, at the speed of a thumb; printed, for the record."""
    thumb = Thumb(page)
    thumb.taps(page.get_by_label("Postcode"))
    thumb.types(page.get_by_label("Postcode"), "3526")
    thumb.taps(page.get_by_role("checkbox", name="Verpleging", exact=True))
    thumb.taps(page.get_by_role("button", name="Verder"))
    thumb.taps(page.get_by_role("button", name="Elke dag"))
    thumb.taps(page.get_by_role("button", name="Verder"))
    thumb.taps(page.get_by_role("radio", name="Nee, past niet"))
    thumb.taps(page.get_by_role("button", name="Verder"))
    thumb.taps(page.get_by_role("button", name="Stuur naar allen"))
    asked = sent(page)
    thumb.tells("asking for care")

    # The same once more: everything stands there already.
    page.goto(f"/zorgvragen/nieuw?van={asked.rpartition('/')[2]}&als=opnieuw")
    again = Thumb(page)
    for _step in range(STEPS - 1):
        again.taps(page.get_by_role("button", name="Verder"))
    again.taps(page.get_by_role("button", name="Stuur naar allen"))
    assert sent(page) != asked
    again.tells("asking the same again")


class Thumb:
    """Looks and aims before each tap, types with one finger, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.started = page, time.monotonic()
        self.tapped = self.typed = 0

    def taps(self, place: Locator) -> None:
        self.page.wait_for_timeout(LOOKING)
        place.tap()
        self.tapped += 1

    def types(self, place: Locator, text: str) -> None:
        place.press_sequentially(text, delay=TYPING)
        self.typed += len(text)

    def tells(self, what: str) -> None:
        seconds = time.monotonic() - self.started
        print(
            f"{what}: {self.tapped} taps and {self.typed} keys, {seconds:.1f} s"
            f" ({LOOKING} ms before a tap, {TYPING} ms a key)"
        )
        assert self.tapped <= MOST_TAPS
        assert seconds < MOST_SECONDS


def test_with_a_keyboard_alone(desktop: NewPage, logs_in: LogsIn) -> None:
    page = logs_in(desktop(), HUISARTS)
    page.goto("/zorgvragen/nieuw")
    _tab_to(page, "Postcode")
    page.keyboard.type("3526")
    _tab_to(page, "Verpleging")
    page.keyboard.press("Space")
    _tab_to(page, "Verder", "Enter")
    _tab_to(page, "Elke dag", "Enter")
    _tab_to(page, "Verder", "Enter")
    _tab_to(page, "Nee, past niet")
    page.keyboard.press("Space")
    _tab_to(page, "Verder", "Enter")
    _tab_to(page, "Stuur naar allen", "Enter")
    sent(page)
    expect(page.get_by_role("heading", name="Nog geen aanbod")).to_be_visible()


NAME_OF_FOCUS = """() => {
  const one = document.activeElement;
  return (one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent || "").trim();
}"""


def _tab_to(page: Page, name: str, press: str = "") -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(NAME_OF_FOCUS).startswith(name):
            break
    else:
        raise AssertionError(f"no way to {name} by Tab")
    if press:
        page.keyboard.press(press)


def test_without_scripts_care_is_asked_for_and_offered(
    new_context: Callable[..., BrowserContext], logs_in: LogsIn
) -> None:
    huisarts = logs_in(new_context(**PHONE, java_script_enabled=False).new_page(), HUISARTS)
    samira = logs_in(new_context(**PHONE, java_script_enabled=False).new_page(), SAMIRA)
    huisarts.goto("/zorgvragen/nieuw")
    _where_and_what(huisarts)
    huisarts.get_by_label("ma ochtend").fill("1")
    _how_soon(huisarts)
    huisarts.get_by_role("button", name="Stuur naar allen").click()
    request = sent(huisarts)

    samira.goto("/vandaag")
    card = samira.locator(f"#vraag-{request.rpartition('/')[2]}")
    card.get_by_role("button", name="Wij kunnen alles").click()
    expect(samira.get_by_text("Je aanbod is verstuurd")).to_be_visible()
    huisarts.reload()
    expect(huisarts.get_by_role("heading", name="1 aanbod")).to_be_visible()
