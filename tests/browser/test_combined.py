"""Two who each can do a part of the care, as the three people in it see it."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import HUISARTS, PIETER, SAMIRA, YARA, asks_for_care

NewPage = Callable[[], Page]
LogsIn = Callable[[Page, str], Page]

WEEKEND = ("za ochtend", "zo ochtend")
WORKDAYS = ("ma ochtend", "di ochtend", "wo ochtend", "do ochtend", "vr ochtend")


def test_two_who_each_can_do_a_part_are_chosen_together(
    desktop: NewPage, phone: NewPage, logs_in: LogsIn, axe: Callable[..., list[str]]
) -> None:
    huisarts, samira, yara = (
        logs_in(page, name) for page, name in ((desktop(), HUISARTS), (phone(), SAMIRA), (phone(), YARA))
    )
    request = asks_for_care(huisarts, "3523")

    samira.goto(request)
    part = unfolds(samira)
    taps_away(part, WEEKEND)
    expect(part.get_by_text("5 momenten per week")).to_be_visible()
    part.get_by_text("Wel als het op een ander dagdeel mag").tap()
    assert axe(samira) == []
    sends(samira)
    expect(samira.get_by_text("Jullie deel: ochtend ma t/m vr.")).to_be_visible()

    yara.goto("/vandaag")  # from there the part is one tap away
    card = yara.locator(f"#vraag-{request.rpartition('/')[2]}")
    card.get_by_role("link", name="Deels, later of op een andere tijd").tap()
    part = yara.locator("#deels")
    taps_away(part, WORKDAYS)
    part.get_by_label("Wij komen al bij deze cliënt").check()
    sends(yara)

    together = huisarts.get_by_role("heading", name="Samen kunnen zij alles").locator("../..")
    expect(together).to_contain_text("ochtend ma t/m vr")
    expect(together).to_contain_text("ochtend za en zo")
    expect(huisarts.get_by_text("Komt al bij deze cliënt")).to_be_visible()
    assert axe(huisarts) == []
    together.get_by_text("Bespreek met de cliënt en kies samen").click()
    assert axe(huisarts) == []
    together.get_by_role("button", name=re.compile("^De cliënt koos")).click()

    expect(huisarts.get_by_role("heading", name=re.compile("^Geplaatst bij .* en ")).first).to_be_visible()
    for page in (samira, yara):
        expect(page.get_by_role("heading", name="De cliënt koos voor jullie")).to_be_visible()
        expect(page.get_by_text("Doet de andere momenten")).to_be_visible()
    assert axe(huisarts) == []
    assert axe(samira) == []


def test_an_offer_by_mistake_is_taken_back_after_the_choice(
    desktop: NewPage, phone: NewPage, logs_in: LogsIn
) -> None:
    huisarts, pieter = logs_in(desktop(), HUISARTS), logs_in(phone(), PIETER)
    request = asks_for_care(huisarts, "3523")
    pieter.goto(request)
    pieter.get_by_role("button", name="Wij kunnen alles").tap()
    offer = huisarts.locator("[id^=aanbod-]", has_text="Thuiszorg Meervogel")
    offer.get_by_text("Bespreek met de cliënt en kies").click()
    offer.get_by_role("button", name="De cliënt koos").click()

    pieter.get_by_role("button", name=re.compile("Vergissing")).tap()

    expect(pieter.get_by_text("Je aanbod is ingetrokken")).to_be_visible()
    expect(huisarts.get_by_role("heading", name="Nog geen aanbod")).to_be_visible()


def test_when_nobody_can_somebody_hears_of_the_first_place(
    desktop: NewPage, logs_in: LogsIn, axe: Callable[..., list[str]]
) -> None:
    transfer = logs_in(desktop(), "Karin Sluiswachter")
    transfer.goto("/zorgvragen")
    transfer.get_by_text("Tracheostoma").first.click()
    transfer.get_by_role("button", name="Waarschuw mij bij de eerste plek").click()
    expect(transfer.get_by_role("button", name="Toch geen bericht")).to_be_visible()
    assert axe(transfer) == []
    transfer.get_by_role("button", name="Toch geen bericht").click()
    expect(transfer.get_by_role("button", name="Waarschuw mij bij de eerste plek")).to_be_visible()


def unfolds(page: Page) -> Locator:
    part = page.locator("#deels")
    part.locator("summary").first.tap()
    return part


def taps_away(part: Locator, moments: tuple[str, ...]) -> None:
    for moment in moments:
        cell = part.get_by_label(moment)
        expect(cell).to_have_value("1")
        cell.tap()
        expect(cell).to_have_value("")


def sends(page: Page) -> None:
    page.get_by_role("button", name="Verstuur dit aanbod").tap()
    expect(page.get_by_text("Je aanbod is verstuurd")).to_be_visible()
