"""The reason that wijkapp exists, from beginning to end, as the people in it see it."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pushed import PushedPhone
from tests.browser.steps import (
    HUISARTS,
    PIETER,
    SAMIRA,
    YARA,
    asks_for_care,
    chooses,
    declines,
    free_places,
    has_free,
    offers,
)
from tests.notify.push_service import PushService


@pytest.fixture
def push_service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


def test_a_huisarts_asks_once_and_a_client_has_care(
    desktop: Callable[[], Page],
    phone: Callable[[], Page],
    logs_in: Callable[[Page, str], Page],
    push_service: PushService,
) -> None:
    """One request, three providers: one declines, two offer, the client chooses one of them.

    Pages change by themselves: nobody reloads a page here but to read the own free places. By push the
    message is real up to the push service, and again from the service worker on; see `pushed.py` for what
    is played in between.
    """
    huisarts = logs_in(desktop(), HUISARTS)
    samira, pieter, yara = (logs_in(phone(), name) for name in (SAMIRA, PIETER, YARA))
    samiras_phone = PushedPhone(samira, push_service, "samira")
    yaras_phone = PushedPhone(yara, push_service, "yara")
    has_free(samira, "Zuid", 3)
    for page in (samira, yara, pieter):
        page.goto("/vandaag")
        expect(page.get_by_title("Verbonden")).to_be_visible()
    samiras_phone.turns_on()
    yaras_phone.turns_on()

    # The huisarts asks, once.
    request = asks_for_care(huisarts, "3523")
    expect(huisarts.get_by_role("heading", name="Nog geen aanbod")).to_be_visible()

    # Who has the page open sees it without reloading; who has not, by push.
    for page in (samira, pieter, yara):
        expect(page.locator(f"#vraag-{request.rpartition('/')[2]}")).to_be_visible()
    told = samiras_phone.is_told("Nieuwe zorgvraag")
    assert told["body"] == "Nieuwe zorgvraag in jullie wijk. Kun je hem aannemen?"
    assert urlsplit(told["url"]).path == request

    # One declines, two offer. The huisarts sees it happen.
    pieter.goto(request)
    declines(pieter, "Geen plek op deze momenten")
    expect(row(huisarts, "Thuiszorg Meervogel")).to_contain_text("Geen plek op deze momenten")
    samira.goto(told["url"])
    expect(row(huisarts, "Wijkzorg Wilgenwoud")).to_contain_text("gezien")
    offers(samira)
    expect(huisarts.get_by_role("heading", name="1 aanbod")).to_be_visible()
    yara.goto(request)
    offers(yara)
    expect(huisarts.get_by_role("heading", name="2 aanbiedingen")).to_be_visible()

    # The client chooses. Everybody knows at once.
    chooses(huisarts, "Wijkzorg Wilgenwoud")
    expect(samira.get_by_role("heading", name="De cliënt koos voor jullie")).to_be_visible()
    assert urlsplit(samiras_phone.is_told("Jullie zijn gekozen")["url"]).path == request
    expect(yara.get_by_text("De cliënt koos een ander aanbod")).to_be_visible()
    yaras_phone.is_told("Zorgvraag geplaatst")
    expect(pieter.get_by_text("Deze zorgvraag is al geplaatst")).to_be_visible()

    # The two that have to speak have each other's name and number; the place is taken.
    expect(huisarts.get_by_role("link", name=f"Bel {SAMIRA}")).to_have_attribute("href", "tel:+31600000001")
    expect(samira.get_by_role("link", name=f"Bel {HUISARTS}")).to_be_visible()
    expect(yara.get_by_role("link", name=f"Bel {HUISARTS}")).to_have_count(0)
    assert free_places(samira, "Zuid") == 2


def row(page: Page, organisation: str) -> object:
    """What the asker sees of one provider that was asked."""
    return page.locator("[id^=gevraagd-]", has_text=organisation)
