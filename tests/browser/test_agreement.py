"""A wijk agreement from nothing to signed and in force by three organisations; then one clause is changed."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from uuid import UUID

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.steps import ADMIN, HUISARTS, INSURER, REGISSEUR, YARA, asks_for_care

TOBIAS = "Tobias Lijsterman"  # admin of Thuiszorg Meervogel
PARTIES = {ADMIN: "Wijkzorg Wilgenwoud", TOBIAS: "Thuiszorg Meervogel", YARA: "Yara Bentaleb, zzp"}
TITLE = "Samen in de Binnenstad"
PC4 = "3511"  # Binnenstad: of no other test
HOUR = 3600
TODAY = "new Date().toLocaleDateString('sv')"


def works_by(server: Server, path: str) -> int:
    """Hours in which providers answer this request, as it was agreed when it was posted."""
    request_id = UUID(path.rsplit("/", 1)[1])
    with closing(sqlite3.connect(server.instance / "wijkapp.sqlite")) as db:
        (terms,) = db.execute("SELECT terms FROM care_request WHERE id = ?", [request_id.hex]).fetchone()
    return json.loads(terms)["answer_within"]["day"] // HOUR


def begins(page: Page) -> str:
    """The agreement, with its parties. Returns its path."""
    page.goto("/afspraken/nieuw")
    page.get_by_label("Naam van de afspraak").fill(TITLE)
    page.get_by_role("radio", name="Wijkverpleging in de wijk").check()
    page.get_by_role("checkbox", name="Binnenstad", exact=True).check()
    page.get_by_label("Wat willen jullie bereiken?").fill("Elke zorgvraag krijgt snel een antwoord.")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile(r"/afspraken/[0-9a-f-]{36}$"))
    path = re.search(r"/afspraken/[0-9a-f-]{36}$", page.url)[0]
    page.goto(f"{path}/wijzigen")
    page.get_by_label("Geldt vanaf").fill(page.evaluate(TODAY))
    page.get_by_label("Opzegtermijn in maanden").fill("3")
    page.get_by_label("Waar kan een cliënt").fill("De klachtenfunctionaris van de eigen aanbieder.")
    page.get_by_label("Wanneer kan een ander aansluiten?").fill("Je geeft wijkverpleging in deze wijk.")
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_text("Bewaard.")).to_be_visible()
    for name in PARTIES.values():
        page.goto(f"{path}/partijen")
        page.get_by_label("Organisatie").select_option(label=name)
        page.get_by_role("button", name="Doet mee vanaf vandaag").click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    return path


def signs_for(page: Page, path: str, name: str) -> None:
    """This admin says that they sign themselves."""
    page.goto(f"{path}/ondertekenaars")
    page.get_by_label("Wie tekent?").select_option(label=name)
    page.get_by_label("Functie").fill("bestuurder")
    page.get_by_role("button", name="Tekent voor ons").click()
    expect(page.get_by_text("Deze collega tekent voor jullie.")).to_be_visible()


def fills_in(page: Page, paper: str) -> None:
    page.goto(f"{paper}/vraag/considerations")
    for words in ("Wij komen elkaar elke dag tegen.", "Wij nemen van elkaar over."):
        page.get_by_label("Antwoord").fill(words)
        page.get_by_role("button", name="Bewaar").click()
        page.wait_for_load_state()


def agrees_on(page: Page, paper: str, hours: int) -> None:
    """So many hours to answer; and it is offered to be signed."""
    page.goto(f"{paper}/app")
    page.get_by_label("Binnen 24 uur").fill(str(hours))
    page.get_by_label("Geldt vanaf").fill(page.evaluate(TODAY))
    page.get_by_role("button", name="Zet in het concept").click()
    page.get_by_role("button", name="Leg voor om te tekenen").click()
    expect(page.get_by_text("De tekst ligt vast.")).to_be_visible()


def sign(page: Page, paper: str) -> None:
    page.goto(paper)
    page.get_by_role("link", name="Lees en teken").click()
    page.get_by_role("button", name="Teken in de demo").click()
    expect(page.get_by_text("Getekend.").first).to_be_visible()


def test_three_sign_it_and_one_changed_clause_counts_for_the_next_request_alone(
    desktop: Callable[[], Page],
    phone: Callable[[], Page],
    logs_in: Callable[[Page, str], Page],
    server: Server,
    axe: Callable[..., list[str]],
) -> None:
    leads, asks = logs_in(desktop(), REGISSEUR), logs_in(phone(), HUISARTS)
    signers = {name: logs_in(phone(), name) for name in PARTIES}
    path = begins(leads)
    paper = f"{path}/documenten/cooperation"
    for name, page in signers.items():
        signs_for(page, path, name)

    fills_in(leads, paper)
    agrees_on(leads, paper, 3)
    assert axe(leads) == []
    for page in signers.values():
        sign(page, paper)
    leads.goto(paper)
    expect(leads.get_by_text("geldt", exact=True).first).to_be_visible()
    running = asks_for_care(asks, PC4)
    assert works_by(server, running) == 3

    agrees_on(leads, paper, 5)
    page = signers[ADMIN]
    page.goto(f"{paper}/tekenen")
    expect(page.get_by_text("Eén artikel is anders")).to_be_visible()
    expect(page.locator(".article:visible ins")).to_have_text("5")
    expect(page.locator(".article:visible del")).to_have_text("3")
    assert axe(page) == []
    for page in signers.values():
        sign(page, paper)
    following = asks_for_care(asks, PC4)
    assert (works_by(server, following), works_by(server, running)) == (5, 3)

    insurer = logs_in(desktop(), INSURER)
    insurer.goto(f"/regio{path}/stand")
    clause = insurer.locator(".clause", has_text="Binnen 24 uur: 5 uur")
    # Of a quarter in which few asked, the number is not shown.
    expect(clause.locator("dl")).to_contain_text(re.compile(r"De stand\s*Binnenstad: (–|([≥≤] )?\d+%)"))
    assert axe(insurer) == []
