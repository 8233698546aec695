"""Makes the pictures of docs/: `make pictures`. Not part of `make test`.

The demo runs at a clock that stands still, so that the same screens give the same pictures.
"""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
import typst
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, DUTCH, PHONE, ROOT, Server, a_server
from tests.browser.steps import (
    ADMIN,
    HUISARTS,
    INSURER,
    PIETER,
    REGISSEUR,
    SAMIRA,
    YARA,
    asks_for_care,
    chooses,
    declines,
    goes_on,
    offers,
)
from tests.browser.test_planning import PLANNER, RECKONING, nobody_can_by_night
from tests.servers import clean_environment
from wijkapp.capacity import poster
from wijkapp.kit import documents

# A Tuesday morning. Not in the past: a browser throws away cookies that have ended.
MOMENT = datetime(2029, 3, 13, 10, 40, tzinfo=ZoneInfo("Europe/Amsterdam"))
STANDS_STILL = f"""
import sys, time_machine
time_machine.travel({MOMENT.timestamp()}, tick=False).start()
from wijkapp.cli import main
main()
"""
# A client's code is made at random; in pictures they are always the same ones.
SAME_CODES = """() => {
  const [known, same] = [new Map(), ["K7QM-4X2P", "R3TN-8WDE", "H6VC-2JKA", "P9XB-5GYF"]];
  const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (all.nextNode()) {
    all.currentNode.data = all.currentNode.data.replace(/\\b[2-9A-Z]{4}-[2-9A-Z]{4}\\b/g, (code) => {
      if (!known.has(code)) known.set(code, same[known.size % same.length]);
      return known.get(code);
    });
  }
}"""
PICTURES = ROOT / "docs/pictures"
MOST_BYTES = 150_000
A_SHADE = 24  # of 255
SIZES = {"phone": PHONE | {"device_scale_factor": 1.5}, "desktop": DESKTOP}
HERO = Path(__file__).with_name("hero.html")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    command = [sys.executable, "-c", STANDS_STILL, "demo", "--quiet"]
    with a_server(command, tmp_path_factory.mktemp("posing")) as running:
        yield running


class Photographer:
    """Shows one screen at a time on the devices of the people in the pictures."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server = browser, server
        self._pages: dict[tuple[str, str], Page] = {}

    def page_of(self, name: str, size: str = "desktop") -> Page:
        """This person's page on a phone or a desktop; logged in, but for a stranger (no name)."""
        if (name, size) not in self._pages:
            context = self.browser.new_context(base_url=self.server.url, **DUTCH, **SIZES[size])
            context.set_default_timeout(10_000)
            page = self._pages[name, size] = context.new_page()
            page.clock.set_fixed_time(MOMENT)
            if name:
                with time_machine.travel(MOMENT, tick=False):  # a link lasts a month
                    link = self.server.link(name)
                page.goto(link)
                page.get_by_role("button", name=f"Log in als {name}").click()
                page.wait_for_url(lambda url: "/demo/" not in url)
        return self._pages[name, size]

    def takes(self, screen: str, name: str, path: str) -> None:
        """`<screen>-phone.png` and `<screen>-desktop.png` of this page as this person sees it."""
        for size in SIZES:
            page = self.page_of(name, size)
            page.goto(path)
            if name:
                expect(page.get_by_title("Verbonden")).to_be_visible()
            self.keeps(page, f"{screen}-{size}")

    def keeps(self, page: Page, name: str) -> None:
        page.evaluate("document.fonts.ready")
        page.evaluate(SAME_CODES)
        page.mouse.move(0, 0)
        _keep(page.screenshot(animations="disabled"), name)

    def leaves(self) -> None:
        for page in self._pages.values():
            page.context.close()


@pytest.fixture
def camera(browser: Browser, server: Server) -> Iterator[Photographer]:
    photographer = Photographer(browser, server)
    yield photographer
    photographer.leaves()


def test_pictures(camera: Photographer) -> None:
    camera.takes("inloggen", "", "/inloggen")
    camera.takes("vandaag", SAMIRA, "/vandaag")
    camera.takes("zorgvragen", HUISARTS, "/zorgvragen")
    for size in SIZES:
        _step_2(camera, size)
    request = _two_offers(camera)
    camera.takes("zorgvraag", HUISARTS, request)
    chooses(camera.page_of(HUISARTS), "Wijkzorg Wilgenwoud")
    camera.takes("gekozen", SAMIRA, request)
    camera.takes("geplaatst", HUISARTS, request)
    camera.takes("capaciteit", SAMIRA, "/capaciteit")
    camera.takes("wijken", HUISARTS, "/wijken")
    camera.takes("wijk", HUISARTS, "/wijken/WK034407")
    camera.takes("leden", ADMIN, "/organisatie/leden")
    camera.takes("account", ADMIN, "/account")
    camera.takes("meldingen", SAMIRA, "/meldingen")
    _hero(camera)


def test_pictures_of_a_client_s_file(camera: Photographer) -> None:
    """Asking a client for consent, and the file that a doctor and a nurse share."""
    camera.takes("clienten", SAMIRA, "/clienten")
    request = _two_offers(camera)
    page = camera.page_of(HUISARTS)
    page.goto(request)
    chooses(page, "Wijkzorg Wilgenwoud")
    path = page.locator("a[href^='/clienten/']").first.get_attribute("href") or ""
    camera.takes("dossier-vragen", HUISARTS, path)
    camera.takes("toestemming", HUISARTS, f"{path}/toestemming")
    for size in SIZES:
        page = camera.page_of(SAMIRA, size)
        page.goto("/clienten")
        page.locator("a.item", has=page.locator(".tag--ok")).first.click()
        page.get_by_role("button", name="Bekijk de gegevens").click()
        expect(page.locator("#gegevens[data-inside]")).to_be_visible()
        page.locator("#gegevens").evaluate("it => it.scrollIntoView()")
        camera.keeps(page, f"dossier-{size}")
    camera.takes("noodtoegang", SAMIRA, "/clienten/nood")


def test_pictures_of_conversations(camera: Photographer) -> None:
    """All of them, one in a wijk with something urgent, and a message that the guard held back."""
    camera.takes("berichten", SAMIRA, "/berichten")
    for size in SIZES:
        page = camera.page_of(SAMIRA, size)
        _opens(page, "Wijk Zuid")
        camera.keeps(page, f"gesprek-{size}")
        _opens(page, "transferpunt")
        field = page.get_by_role("textbox", name="Bericht")
        field.fill("Mw. De Wit woont op Lupinestraat 12, bel na 16 uur")
        page.get_by_role("button", name="Verstuur", exact=True).click()
        expect(page.get_by_role("region", name="Hier staat iets over een cliënt")).to_be_visible()
        camera.keeps(page, f"bewaker-{size}")
        field.fill("")


def test_pictures_of_how_places_moved(camera: Photographer) -> None:
    page = camera.page_of(SAMIRA)
    page.goto("/capaciteit")
    moved = page.get_by_role("link", name="Verloop").first.get_attribute("href") or ""
    camera.takes("verloop", SAMIRA, moved)


def test_pictures_of_zoek_zorg_and_the_public_page(camera: Photographer) -> None:
    """The list, the map, what anybody sees of a wijk, and the poster that hangs there."""
    camera.takes("zoek", HUISARTS, "/zoek?pc4=3524&products=verpleging&urgency=day")
    page = camera.page_of(HUISARTS, "phone")
    page.emulate_media(reduced_motion="reduce")  # where the clock stands still, nothing slides into place
    page.reload()
    page.get_by_role("button", name="Kaart").click()
    page.locator(".pin").last.click()
    expect(page.locator(".leaflet-popup a").first).to_be_visible()
    camera.keeps(page, "zoek-kaart-phone")
    camera.takes("openbaar", "", "/wijk/WK034407")
    _keep(_poster(), "poster")


def test_pictures_of_offers_that_are_enough_together(camera: Photographer) -> None:
    """What the huisarts chooses from, and how a provider says that it can do a part."""
    page = camera.page_of(HUISARTS)
    page.goto("/zorgvragen")
    page.locator("a.item, .item a", has_text="Wondzorg eenvoudig").first.click()
    expect(page.get_by_role("heading", name="Samen kunnen zij alles")).to_be_visible()
    camera.takes("samen", HUISARTS, urlsplit(page.url).path)
    for size in SIZES:
        page = camera.page_of(SAMIRA, size)
        page.goto("/vandaag")
        page.get_by_role("link", name="Deels, later of op een andere tijd").first.click()
        expect(page.get_by_text("Welke momenten kunnen jullie?")).to_be_visible()
        page.evaluate("scrollTo(0, 0)")
        camera.keeps(page, f"deels-{size}")


def test_pictures_of_the_region(camera: Photographer) -> None:
    """What the wijkregisseur looks at, and what a provider sees of itself."""
    camera.takes("regio", REGISSEUR, "/regio")
    camera.takes("werklijst", REGISSEUR, "/regio/werklijst")
    camera.takes("voorstel", REGISSEUR, "/regio/voorstel")
    camera.takes("verdeling", REGISSEUR, "/regio/verdeling")
    camera.takes("afspraken", REGISSEUR, "/wijken/WK034407/afspraken")
    camera.takes("onze-cijfers", SAMIRA, "/onze-cijfers")


def test_pictures_of_duties(camera: Photographer) -> None:
    """Who is on duty, the week, swapping, when somebody cannot, and the paper of tonight."""
    camera.takes("dienst", SAMIRA, "/dienst")
    camera.takes("dienst-week", SAMIRA, "/dienst/week")
    camera.takes("beschikbaar", SAMIRA, "/dienst/beschikbaar")
    camera.takes("ruilen", SAMIRA, "/dienst/ruilen")
    page = camera.page_of(SAMIRA)
    page.goto("/dienst")
    own = page.locator("section", has=page.get_by_role("heading", name="Jouw diensten"))
    duty = own.locator("a[href^='/dienst/0']").last.get_attribute("href") or ""
    camera.takes("mijn-dienst", SAMIRA, duty)
    camera.takes("ruilen-vragen", SAMIRA, f"{duty}/ruilen")
    camera.takes("vannacht", SAMIRA, "/dienst/vannacht")


def test_pictures_of_a_rota(camera: Photographer, server: Server) -> None:
    """What a region agreed, who takes part, a rota that the app made, one night that nobody can do."""
    camera.takes("dienst-mensen", PLANNER, "/dienst/mensen")
    camera.takes("dienst-afspraken", PLANNER, "/dienst/afspraken")
    page = camera.page_of(PLANNER)
    page.goto("/dienst/plannen")
    published = page.locator("a[href^='/dienst/plannen/0']").first.get_attribute("href") or ""
    first = date.fromisoformat(page.get_by_label("Eerste dag").input_value())
    nobody_can_by_night(server, first + timedelta(days=1))
    camera.takes("rooster-maken", PLANNER, "/dienst/plannen")
    page.get_by_label("Aantal weken").fill("1")
    page.get_by_role("button", name="Maak een rooster").click()
    page.wait_for_url("**/dienst/plannen/0*")
    _plans(server)
    expect(page.get_by_role("heading", name="Voorstel van de app")).to_be_visible(timeout=RECKONING)
    proposal = urlsplit(page.url).path
    camera.takes("rooster-voorstel", PLANNER, proposal)
    page.get_by_role("button", name="Neem over").click()
    expect(page.get_by_role("heading", name="2 diensten hebben niemand")).to_be_visible()
    camera.takes("rooster-onmogelijk", PLANNER, proposal)
    camera.takes("rooster-eerlijk", PLANNER, f"{published}/eerlijk")


def _plans(server: Server) -> None:
    """What the clock starts by itself, where time goes on."""
    subprocess.run(
        [sys.executable, "-c", STANDS_STILL, "rota", "work"],
        cwd=ROOT,
        env=clean_environment() | {"WIJKAPP_INSTANCE": str(server.instance)},
        check=True,
    )


def test_pictures_of_the_register(camera: Photographer) -> None:
    """All agreements, one with its route, a list, a text that waits for signatures, and signing it."""
    camera.takes("register", REGISSEUR, "/afspraken")
    page = camera.page_of(REGISSEUR)
    for screen, name in (("afspraak-licht", "Samen in Zuid en Zuidwest"), ("afspraak", "Eén nachtteam")):
        page.goto("/afspraken")
        page.get_by_role("link", name=name).first.click()
        camera.takes(screen, REGISSEUR, urlsplit(page.url).path)
    for screen, part in (("afspraak-lijst", "/lijsten/contract"), ("afspraak-poort", "/poort/")):
        path = page.locator(f"a[href*='{part}']").first.get_attribute("href") or ""
        camera.takes(screen, REGISSEUR, path)
        page.go_back()
    page.goto("/afspraken")
    page.get_by_role("link", name="Samen in Zuid en Zuidwest").first.click()
    page.get_by_role("link", name="Documenten").first.click()
    camera.takes("documenten", REGISSEUR, urlsplit(page.url).path)


def test_pictures_of_the_region_from_outside(camera: Photographer) -> None:
    """What an insurer sees of a region, the trend, the signals, and who of them looked."""
    camera.takes("regio-in-beeld", INSURER, "/regio/overzicht")
    camera.takes("regio-verloop", INSURER, "/regio/overzicht/verloop")
    camera.takes("signalen", INSURER, "/regio/signalen")
    camera.takes("wie-keek-mee", SAMIRA, "/regio/wie-keek-mee")


def _poster() -> bytes:
    """As `capacity.poster` draws it, with what the demo says of a wijk."""
    providers = [("Wijkzorg Wilgenwoud", "030 000 0001"), ("Thuiszorg Meervogel", "030 000 0002")]
    values = {"name": "Zuid", "municipality": "Utrecht", "phone": "030 000 0907", "more": 4}
    values |= {"providers": providers, "address": "wijk.example/wijk/WK034407"}
    values["qr"] = poster.qr("https://wijk.example/wijk/WK034407")
    return typst.compile(
        str(documents.TEMPLATES / "public/poster.typ"),
        root=str(documents.TEMPLATES),
        sys_inputs={"values": json.dumps(values)},
        format="png",
        ppi=90,
    )


def _opens(page: Page, title: str) -> None:
    page.goto("/berichten")
    page.locator(".chatline", has_text=title).first.click()
    page.wait_for_url("**/berichten/0*")
    expect(page.get_by_title("Verbonden")).to_be_visible()


def _step_2(camera: Photographer, size: str) -> None:
    page = camera.page_of(HUISARTS, size)
    page.goto("/zorgvragen/nieuw")
    page.get_by_label("Postcode").fill("3526")
    page.get_by_role("checkbox", name="Verpleging", exact=True).check()
    goes_on(page)
    page.get_by_label("ma avond").fill("1")
    page.get_by_label("ma ochtend").fill("1")
    page.get_by_role("button", name="Elke dag").click()
    expect(page.get_by_text("aanbieders in bereik")).to_be_visible()
    camera.keeps(page, f"zorg-vragen-{size}")


def _two_offers(camera: Photographer) -> str:
    """The request of the pictures, with two offers."""
    request = asks_for_care(camera.page_of(HUISARTS), "3523")
    for name, answer in ((SAMIRA, offers), (PIETER, declines), (YARA, offers)):
        page = camera.page_of(name, "phone")
        page.goto(request)
        answer(page)
    return request


def _hero(camera: Photographer) -> None:
    """A desk and a phone beside one another, for the README."""
    page = camera.browser.new_page(viewport={"width": 1280, "height": 760})
    text = HERO.read_text()
    for name in ("zorgvraag-desktop", "vandaag-phone"):
        picture = base64.b64encode((PICTURES / f"{name}.png").read_bytes()).decode()
        text = text.replace(f"{name}.png", f"data:image/png;base64,{picture}")
    page.set_content(text)
    _keep(page.screenshot(), "wijkapp")
    page.close()


def _keep(taken: bytes, name: str) -> None:
    """In docs/pictures/, unless the one that is there shows the same: a line may be drawn a shade lighter."""
    # These pages have few colours: a list of them takes half the bytes of a value per dot.
    with Image.open(BytesIO(taken)) as picture:
        few = picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    path = PICTURES / f"{name}.png"
    if path.exists() and _looks_the_same(few, path):
        return
    path.parent.mkdir(exist_ok=True)
    few.save(path, optimize=True)
    assert path.stat().st_size <= MOST_BYTES, name


def _looks_the_same(picture: Image.Image, path: Path) -> bool:
    with Image.open(path) as known:
        if known.size != picture.size:
            return False
        apart = ImageChops.difference(known.convert("RGB"), picture.convert("RGB"))
    return max(most for _least, most in apart.getextrema()) <= A_SHADE
