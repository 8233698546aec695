"""Figures confirmed and set full from a lock screen, while no page of the app is open; and from a mail."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from tests.browser.conftest import Server
from tests.browser.pushed import PushedPhone
from tests.browser.reminding import Clock, clock_of
from tests.browser.steps import YARA
from tests.notify.push_service import PushService
from wijkapp.kit.db import reading, transaction
from wijkapp.notify.models import PostedMail, PushSubscription

LogsIn = Callable[[Page, str], Page]
QUESTION = "Klopt dit nog?"


@pytest.fixture
def push_service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture
def clock(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    with clock_of(server, YARA, monkeypatch) as made:
        yield made


def test_figures_are_confirmed_and_set_full_by_buttons_while_the_app_is_closed(
    phone: Callable[[], Page], logs_in: LogsIn, push_service: PushService, clock: Clock
) -> None:
    page = logs_in(phone(), YARA)
    mine = PushedPhone(page, push_service, "yara")
    page.goto("/meldingen")
    mine.turns_on()
    mine.closes_the_app()

    clock.reminds()
    asked = mine.is_asked(QUESTION)
    assert asked["buttons"] == ["Klopt nog", "Vol"]
    assert re.search(r"\d plek|vol", asked["body"])
    assert not clock.is_fresh()

    (after,) = mine.presses(QUESTION, "confirm")
    assert after["title"] == "Bevestigd"
    assert clock.is_fresh()

    told = len(push_service.accepted("yara"))
    clock.reminds()
    mine._until(lambda: len(push_service.accepted("yara")) > told, "second question")
    mine.is_asked(QUESTION)
    page.context.set_offline(True)
    (still,) = mine.presses(QUESTION, "full")
    assert still["title"] == QUESTION
    assert still["body"].startswith("Geen verbinding")
    page.context.set_offline(False)

    (after,) = mine.presses(QUESTION, "full")
    assert after["title"] == "Jullie staan op vol"
    assert all(one.full for one in clock.figures())


def test_a_figure_is_confirmed_from_a_mail_by_a_button_and_not_by_opening_it(
    desktop: Callable[[], Page], clock: Clock, server: Server
) -> None:
    with transaction() as db:  # she has no phone that is pushed to
        db.execute(delete(PushSubscription).where(PushSubscription.account_id == clock.account.id))
        db.execute(delete(PostedMail).where(PostedMail.to_address == clock.account.email))
    page = desktop()  # nobody is logged in here
    clock.reminds()
    mail = _mail(page, clock.account.email)
    assert "plek" in mail.body or "vol" in mail.body

    page.goto(re.search(rf"{server.url}\S+", mail.body)[0])
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
    assert not clock.is_fresh()

    page.get_by_role("button", name="Klopt nog").click()
    expect(page.get_by_role("heading", name="Bevestigd")).to_be_visible()
    assert clock.is_fresh()


def _mail(page: Page, address: str) -> PostedMail:
    for _ in range(500):
        with reading() as db:
            found = db.scalars(select(PostedMail).where(PostedMail.to_address == address)).all()
        if asked := [one for one in found if one.subject == QUESTION]:
            return asked[-1]
        page.wait_for_timeout(20)
    raise AssertionError(f"no mail to {address}")
