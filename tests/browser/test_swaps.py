"""A duty goes from one phone to the other."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import SAMIRA

Axe = Callable[..., list[str]]


def test_a_duty_is_asked_on_one_phone_and_taken_on_the_other(
    phone: Callable[[], Page],
    logs_in: Callable[[Page, str], Page],
    axe: Axe,
    shot: Callable[..., object],
) -> None:
    samira = logs_in(phone(), SAMIRA)
    name = _opens_a_duty_that_a_colleague_can_take(samira)
    colleague = logs_in(phone(), name)

    assert axe(samira) == []
    shot(samira, "dienst-ruilen-vragen-phone")
    _card_of(samira, name).get_by_role("button").click()
    expect(samira.get_by_text("De vraag is verstuurd.")).to_be_visible()

    colleague.goto("/vandaag")
    mine = colleague.locator("article", has_text=f"Kun jij een dienst van {SAMIRA} nemen?")
    expect(mine).to_be_visible()
    colleague.goto("/dienst/ruilen")
    asked = colleague.locator("article", has_text=f"{SAMIRA} vraagt je")
    assert axe(colleague) == []
    shot(colleague, "dienst-ruilen-phone")
    asked.get_by_role("button", name="Ik neem hem").click()
    expect(colleague.get_by_text("De dienst is van jou. Dank je wel!")).to_be_visible()

    # The other phone hears it without a tap.
    expect(samira.get_by_text(f"{name} heeft de dienst overgenomen.")).to_be_visible()
    expect(samira.get_by_role("status").filter(has_text="Bijgewerkt: ")).to_have_count(1)
    samira.get_by_role("link", name="Bekijk de dienst").click()
    expect(samira.locator("#dienst")).to_contain_text(name)


def _opens_a_duty_that_a_colleague_can_take(samira: Page) -> str:
    """Which duty and who, depends on the day of the demo. Returns the name of the first who may."""
    samira.goto("/dienst/ruilen")
    mine = [link.get_attribute("href") or "" for link in samira.locator("a.swap__ask").all()]
    for path in reversed(mine):
        samira.goto(path)
        expect(samira.get_by_role("heading", name="Wie neemt deze dienst?")).to_be_visible()
        if names := _of_one_colleague(samira).locator("b").all_inner_texts():
            return names[0]
    raise AssertionError(f"nobody can take any of {mine}")


def _of_one_colleague(samira: Page) -> Locator:
    return samira.get_by_role("region", name="Of vraag één collega").locator("form")


def _card_of(samira: Page, name: str) -> Locator:
    return _of_one_colleague(samira).filter(has_text=name)


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
