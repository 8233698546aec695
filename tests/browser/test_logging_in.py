"""From an invitation to working with a passkey, outside the demo. Chromium plays the authenticator."""

import re
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import DESKTOP, DUTCH, PHONE, ROOT, Server, a_server
from tests.servers import WIJKAPP, clean_environment

INVITED = "anna@zorg.example"


def run(server_settings: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [WIJKAPP, *command],
        cwd=ROOT,
        env=clean_environment() | server_settings,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def strict_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """wijkapp as it is hosted, by a name: a passkey belongs to a name and works on no bare number."""
    with a_server([WIJKAPP, "serve"], tmp_path_factory.mktemp("strict"), "localhost") as running:
        yield running


@pytest.fixture
def device(browser: Browser, strict_server: Server) -> Iterator[Callable[..., BrowserContext]]:
    """`device(**PHONE)`: somebody's device, in front of the strict server."""
    made: list[BrowserContext] = []

    def new(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=strict_server.url, **DUTCH, **options)
        context.set_default_timeout(10_000)
        made.append(context)
        return context

    yield new
    for context in made:
        context.close()


def finger(page: Page) -> None:
    """This page's device has a reader for a finger, and the finger is right."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def mailed_link(instance: Path, to: str) -> str:
    """The link in the last mail to this address; without a mail server it lies in the app's own post box."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with closing(sqlite3.connect(instance / "wijkapp.sqlite")) as database:
            rows = database.execute(
                "SELECT body FROM posted_mail WHERE to_address = ? ORDER BY posted_at DESC", [to]
            ).fetchall()
        if rows:
            return re.search(r"https?://\S+", rows[0][0]).group()
        time.sleep(0.2)
    raise AssertionError(f"no mail to {to}")


def test_from_invitation_to_passkey(
    strict_server: Server,
    device: Callable[..., BrowserContext],
    axe: Callable[[Page], list[str]],
    shot: Callable[..., Path],
) -> None:
    settings = {"WIJKAPP_INSTANCE": str(strict_server.instance), "WIJKAPP_BASE_URL": strict_server.url}
    run(settings, "add-organisation", "Zorg Dichtbij", "--kind", "home_care", "--place", "Utrecht")
    said = run(
        settings, "add-account", INVITED, "--organisation", "Zorg Dichtbij", "--name", "Anna Smit",
        "--role", "admin", "--role", "nurse",
    )  # fmt: skip
    page = device(**PHONE).new_page()
    finger(page)

    page.goto(said.split()[-1])
    expect(page.get_by_role("heading", level=1)).to_have_text("Doe mee met Zorg Dichtbij")
    assert axe(page) == []
    shot(page, "invitation-phone")
    page.get_by_label("Telefoon (werk)").fill("06 12345678")
    page.get_by_role("button", name="Ja, ik doe mee").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Beveilig je account")
    assert axe(page) == []
    shot(page, "second-step-phone")
    page.goto("/organisatie/leden")  # not before there is a second step
    expect(page.get_by_role("heading", level=1)).to_have_text("Beveilig je account")
    page.get_by_label("Naam van deze passkey").fill("mijn telefoon")
    page.get_by_role("button", name="Maak een passkey").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Herstelcodes")
    page.get_by_role("button", name="Maak herstelcodes").click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert axe(page) == []

    page.goto("/account")
    expect(page.locator("b", has_text="mijn telefoon")).to_be_visible()
    assert axe(page) == []
    shot(page, "account-phone", full_page=True)
    page.get_by_role("button", name="Uitloggen").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen")
    assert axe(page) == []
    shot(page, "sign-in-phone")
    page.get_by_role("button", name="Log in met passkey").click()
    page.wait_for_url(lambda url: "/inloggen" not in url)
    page.goto("/account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn account")


def test_a_link_by_mail_needs_a_tap_and_then_the_passkey(
    strict_server: Server, device: Callable[..., BrowserContext], axe: Callable[[Page], list[str]]
) -> None:
    settings = {"WIJKAPP_INSTANCE": str(strict_server.instance), "WIJKAPP_BASE_URL": strict_server.url}
    run(settings, "add-organisation", "Praktijk De Brug", "--kind", "gp_practice")
    email = "bea@brug.example"
    said = run(
        settings,
        "add-account",
        email,
        "--organisation",
        "Praktijk De Brug",
        "--name",
        "Bea",
        "--role",
        "referrer",
    )
    page = device(**DESKTOP).new_page()
    finger(page)
    page.goto(said.split()[-1])
    page.get_by_role("button", name="Ja, ik doe mee").click()
    page.get_by_label("Naam van deze passkey").fill("laptop")
    page.get_by_role("button", name="Maak een passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Herstelcodes")
    page.context.clear_cookies()

    page.goto("/account")
    page.get_by_label("Je e-mailadres").first.fill(email)
    page.get_by_role("button", name="Mail mij een inloglink").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in je mail")
    assert axe(page) == []
    page.goto(mailed_link(strict_server.instance, email))
    page.get_by_role("button", name="Log in op dit apparaat").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nog een stap")
    assert axe(page) == []
    page.get_by_role("button", name="Ga verder met je passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn account")
