"""A planner has a rota made, sees why a night cannot be filled, repairs it by drag and tap, publishes it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server
from tests.browser.steps import SAMIRA
from wijkapp.kit import time

PLANNER = "Femke Torenvalk"
RECKONING = 120_000  # ms: the planner counts its own work, and others may keep the machine busy


def nobody_can_by_night(server: Server, day: date) -> None:
    """Everybody is away in the night that begins on this day."""
    starts = time.day_starts(day).astimezone(UTC) + timedelta(hours=23)
    ends = starts + timedelta(hours=8)
    with closing(sqlite3.connect(server.instance / "wijkapp.sqlite", timeout=15)) as db, db:
        db.execute(
            "INSERT INTO rota_absence (id, member_id, kind, source, starts_at, ends_at) "
            "SELECT lower(hex(randomblob(16))), id, 'unavailable', 'typed', ?, ? FROM rota_member",
            (written(starts), written(ends)),
        )


def written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def who_may(page: Page, duty: Locator) -> Locator:
    """Somebody in the list whom one may drag onto this duty, and who has not got it."""
    wanted, has = duty.get_attribute("data-duty"), duty.get_attribute("data-member")
    here = page.locator("[data-plan]").get_attribute("data-plan")
    for person in page.locator("li[data-member]").all():
        member = person.get_attribute("data-member")
        asked = "async (path) => (await (await fetch(path)).json()).duties"
        if member != has and wanted in page.evaluate(asked, f"{here}/mag/{member}"):
            return person
    raise AssertionError("nobody may")


@pytest.mark.timeout(400)  # up to RECKONING for the planner alone
def test_a_rota_is_planned_repaired_by_drag_and_by_tap_and_published(
    server: Server,
    desktop: Callable[[], Page],
    phone: Callable[[], Page],
    logs_in: Callable[[Page, str], Page],
    axe: Callable[..., list[str]],
    shot: Callable[..., Path],
) -> None:
    page = logs_in(desktop(), PLANNER)
    page.goto("/dienst/plannen")
    first = date.fromisoformat(page.get_by_label("Eerste dag").input_value())
    nobody_can_by_night(server, first + timedelta(days=1))
    page.get_by_label("Aantal weken").fill("1")
    assert axe(page) == []
    page.get_by_role("button", name="Maak een rooster").click()

    # The proposal, and why one night stays open.
    expect(page.get_by_role("heading", name="Voorstel van de app")).to_be_visible(timeout=RECKONING)
    expect(page.get_by_text("2 blijven open")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Neem over").click()
    gaps = page.locator("section", has=page.get_by_role("heading", name="2 diensten hebben niemand"))
    expect(gaps.get_by_text("Afwezig:").first).to_be_visible()
    assert axe(page) == []
    shot(page, "rooster-onmogelijk-desktop")

    # By drag: somebody from the list onto a duty, where it says that they may.
    page.set_viewport_size({"width": 1400, "height": 2200})
    duty = page.locator("[data-duty][data-member]").first
    person = who_may(page, duty)
    name = person.locator("b").inner_text()
    person.drag_to(duty)
    expect(page.get_by_text("Gezet.")).to_be_visible()
    expect(duty.locator("b")).to_have_text(name)
    page.set_viewport_size({"width": 1280, "height": 800})

    # By tap, on a phone: the best candidate.
    small, plan = logs_in(phone(), PLANNER), page.url
    small.goto(plan)
    assert axe(small) == []
    shot(small, "rooster-phone")
    one = small.locator("[data-duty][data-member]").nth(3)
    where = one.get_attribute("id")
    one.tap()
    choice = small.locator("li", has=small.get_by_role("button", name="Zet")).first
    chosen = choice.locator("b").inner_text()
    assert axe(small) == []
    shot(small, "rooster-dienst-phone")
    choice.get_by_role("button", name="Zet").tap()
    expect(small.locator(f"#{where} b")).to_have_text(chosen)

    # Why it is fair, and out it goes: with a gap, so it says so first.
    page.goto(f"{plan}/eerlijk")
    assert axe(page) == []
    page.go_back()
    page.get_by_role("link", name="Publiceer").click()
    page.get_by_role("button", name="Publiceer").click()
    expect(page.get_by_role("alert")).to_contain_text("diensten die niemand heeft")
    page.get_by_label("Ik weet het: deze diensten staan open").check()
    assert axe(page) == []
    page.get_by_role("button", name="Publiceer").click()
    expect(page.get_by_text("Iedereen die meedoet, krijgt bericht")).to_be_visible()

    # And what it is for one who works in it.
    samira = logs_in(phone(), SAMIRA)
    samira.goto(f"{plan}/voor-mij")
    expect(samira.get_by_text("jouw deel is")).to_be_visible()
    assert axe(samira) == []
    shot(samira, "rooster-voor-mij-phone")
