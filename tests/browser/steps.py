"""What people do on the pages, in their own words. A step ends when the page shows that it was done."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

REQUEST = re.compile(r"/zorgvragen/[0-9a-f-]{36}")

HUISARTS = "Hanneke Vroegwater"
TRANSFER = "Karin Sluiswachter"
SAMIRA = "Samira Wolderink"  # Wijkzorg Wilgenwoud
PIETER = "Pieter Kroonenveld"  # Thuiszorg Meervogel
YARA = "Yara Bentaleb"  # works alone
REGISSEUR = "Nadia Kruisbeek"
INSURER = "Maarten Bosuil"
ADMIN = "Ruben Achterweide"


def until(page: Page, question: str, given: Any = None) -> Any:
    """Ask the page until it has an answer. `wait_for_function` takes the promise of an answer for one."""
    for _ in range(1500):
        if answer := page.evaluate(question, given):
            return answer
        page.wait_for_timeout(20)
    raise AssertionError(f"the page never answered {question}")


def asks_for_care(page: Page, pc4: str, care: str = "Verpleging") -> str:
    """Fill in the four steps and send; every morning, within a day. Returns the path of the request."""
    fills_in(page, pc4, care)
    page.get_by_role("button", name="Stuur naar allen").click()
    return sent(page)


def fills_in(page: Page, pc4: str, care: str = "Verpleging") -> None:
    """All four steps, up to the last button."""
    page.goto("/zorgvragen/nieuw")
    page.get_by_label("Postcode").fill(pc4)
    page.get_by_role("checkbox", name=care, exact=True).check()
    goes_on(page)
    page.get_by_role("button", name="Elke dag").click()
    goes_on(page)
    page.get_by_role("radio", name="Nee, past niet").check()
    goes_on(page)
    expect(page.get_by_text("1× per dag: ochtend")).to_be_visible()


def goes_on(page: Page) -> None:
    page.get_by_role("button", name="Verder").click()


def sent(page: Page) -> str:
    page.wait_for_url(REQUEST)
    return REQUEST.search(page.url)[0]


def offers(page: Page) -> None:
    """On the page of a request: all that was asked for, from the day that was asked for."""
    page.get_by_role("button", name="Wij kunnen alles").click()
    expect(page.get_by_text("Jullie aanbod ligt bij de vrager")).to_be_visible()


def declines(page: Page, reason: str = "Geen plek") -> None:
    answer = page.locator("details.answer", has_text="Nee, want").first
    answer.locator("summary").first.click()
    answer.get_by_role("button", name=reason, exact=True).click()
    expect(page.get_by_text("Je antwoord is verstuurd")).to_be_visible()


def chooses(page: Page, organisation: str) -> None:
    """The client chose this offer."""
    offer = page.locator("[id^=aanbod-]", has_text=organisation)
    offer.get_by_text("Bespreek met de cliënt en kies").click()
    offer.get_by_role("button", name=f"De cliënt koos {organisation}").click()
    expect(page.get_by_role("heading", name=f"Geplaatst bij {organisation}")).to_be_visible()


def free_places(page: Page, wijk: str, care: str = "Verpleging") -> int:
    """What the own organisation says to have free there, on its page Capaciteit."""
    return int(_figure(page, wijk, care).get_by_role("spinbutton").input_value())


def has_free(page: Page, wijk: str, places: int, care: str = "Verpleging") -> None:
    """The own organisation says so, whatever stood there."""
    _figure(page, wijk, care).get_by_role("link", name=care, exact=True).click()
    page.get_by_role("spinbutton", name="vrije plekken").fill(str(places))
    page.get_by_role("checkbox", name="Vol: nu geen nieuwe cliënten").uncheck(force=True)
    page.get_by_role("button", name="Bewaar").click()
    page.wait_for_url("**/capaciteit")


def _figure(page: Page, wijk: str, care: str) -> Locator:
    page.goto("/capaciteit")
    team = page.get_by_role("region", name=f"Team {wijk} in {wijk}")
    return team.locator("article", has=page.get_by_role("heading", name=care, exact=True))
