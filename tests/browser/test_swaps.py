"""A duty goes from one phone to the other."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

PIETER, SAMIRA = "Pieter Kroonenveld", "Samira Wolderink"

Axe = Callable[..., list[str]]


def test_a_duty_is_asked_on_one_phone_and_taken_on_the_other(
    phone: Callable[[], Page],
    logs_in: Callable[[Page, str], Page],
    axe: Axe,
    shot: Callable[..., object],
) -> None:
    pieter, samira = logs_in(phone(), PIETER), logs_in(phone(), SAMIRA)

    _opens_a_duty_that_he_can_take(samira)
    assert axe(samira) == []
    shot(samira, "dienst-ruilen-vragen-phone")
    _card_of_pieter(samira).get_by_role("button").click()
    expect(samira.get_by_text("De vraag is verstuurd.")).to_be_visible()

    pieter.goto("/vandaag")
    mine = pieter.locator("article", has_text=f"Kun jij een dienst van {SAMIRA} nemen?")
    expect(mine).to_be_visible()
    pieter.goto("/dienst/ruilen")
    asked = pieter.locator("article", has_text=f"{SAMIRA} vraagt je")
    assert axe(pieter) == []
    shot(pieter, "dienst-ruilen-phone")
    asked.get_by_role("button", name="Ik neem hem").click()
    expect(pieter.get_by_text("De dienst is van jou. Dank je wel!")).to_be_visible()

    # The other phone hears it without a tap.
    expect(samira.get_by_text(f"{PIETER} heeft de dienst overgenomen.")).to_be_visible()
    expect(samira.get_by_role("status").filter(has_text="Bijgewerkt: ")).to_have_count(1)
    samira.get_by_role("link", name="Bekijk de dienst").click()
    expect(samira.locator("#dienst")).to_contain_text(PIETER)


def _opens_a_duty_that_he_can_take(samira: Page) -> None:
    """Which of her duties that is, depends on the day of the demo."""
    samira.goto("/dienst/ruilen")
    mine = [link.get_attribute("href") or "" for link in samira.locator("a.swap__ask").all()]
    for path in reversed(mine):
        samira.goto(path)
        expect(samira.get_by_role("heading", name="Wie neemt deze dienst?")).to_be_visible()
        if _card_of_pieter(samira).count():
            return
    raise AssertionError(f"{PIETER} can take none of {mine}")


def _card_of_pieter(samira: Page) -> Locator:
    asks = samira.get_by_role("button", name="Vraag")
    return samira.locator("form", has_text=PIETER).filter(has=asks).first


def test_a_duty_that_nobody_has_is_taken_in_two_taps(
    phone: Callable[[], Page], logs_in: Callable[[Page, str], Page], axe: Axe, shot: Callable[..., object]
) -> None:
    samira = logs_in(phone(), SAMIRA)
    samira.goto("/dienst/lijst?wie=gaten")
    samira.locator("table a").first.click()
    samira.locator("summary", has_text="Neem deze dienst").click()
    assert axe(samira) == []
    shot(samira, "dienst-open-nemen-phone")
    samira.get_by_role("button", name="Ja, ik neem hem").click()
    expect(samira.get_by_text("De dienst is van jou. Dank je wel!")).to_be_visible()
    expect(samira.locator("#dienst")).to_contain_text("Jij")
