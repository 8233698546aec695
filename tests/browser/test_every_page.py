"""Every page there is, as whoever may see it: usable by everybody, on phone and desk, by day and by night.

Each test walks from the first page of one person along all links, one page of a kind. The last test holds
that together they saw all pages of the app.
"""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page
from werkzeug.exceptions import HTTPException

from tests.browser.conftest import ROOT, Server
from tests.browser.night import night_of
from tests.browser.reminding import clock_of
from tests.browser.steps import ADMIN, HUISARTS, INSURER, PIETER, REGISSEUR, SAMIRA, YARA
from tests.chat.held import CERTAIN, LIKELY
from tests.servers import WIJKAPP, clean_environment, migrated
from tests.web import make_app
from wijkapp.rota.checkin import Step

NARROW, PHONE, DESK = 320, 360, 1280
NOT_PAGES = {"static", "notify.service_worker", "notify.manifest", "matching.home"}
NOT_PAGES |= {"public.robots"}
NOT_PAGES |= {"rota.may_have", "rota.plan_progress"}  # what a page of a rota in the making asks for
NOT_PAGES |= {"rota.publishing", "rota.plan_for_me"}  # of a rota that changes: see test_planning
NOT_PAGES |= {"region.csv_wijken", "region.csv_weeks", "region.xlsx"}  # files to take along
NOT_PAGES |= {"documents.draft_docx", "documents.word", "documents.signed_file"}  # the same
NOT_PAGES |= {"chat.export", "chat.unread", "chat.since"}  # a document, and what scripts ask
NOT_PAGES |= {"rota.feed", "rota_switch.now", "rota_switch.now_text"}  # for calendars and telephones
PARTS = {
    "chat.index_list",
    "chat.earlier",
    "clients.index_list",
    "clients.standing",
    "matching.today_cards",
    "matching.index_list",
    "matching.standing",
    "matching.reach",
    "rota.now",
}
"""Fragments of pages that are here too."""

# --- what is asked of a page

TOO_SMALL = """() => {
  const wrong = [];
  for (const one of document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden])")) {
    const style = getComputedStyle(one);
    const label = one.matches("[type=checkbox], [type=radio]") && one.closest("label");
    const { width, height } = (label || one).getBoundingClientRect();
    if (width < 2 || style.visibility === "hidden" || one.disabled || one.matches(".skip, .sr *")) continue;
    // A link in a sentence is as high as the sentence; seven days beside one another are as wide as fits.
    const alone = one.parentElement.textContent.trim() === one.textContent.trim();
    if (style.display === "inline" && !alone) continue;
    if (Math.round(height) < 44 || Math.round(width) < (one.matches(".slot") ? 24 : 44)) {
      const name = one.getAttribute("aria-label") || one.textContent.trim() || one.name;
      wrong.push(`${one.tagName} "${name.slice(0, 40)}" ${Math.round(width)} x ${Math.round(height)}`);
    }
  }
  return wrong;
}"""
OPEN_ALL = """() => {
  for (const one of document.querySelectorAll("details")) {
    if (one.matches("[data-shuts]") && document.querySelector("[data-shuts][open]")) continue; // one only
    one.removeAttribute("name");
    one.open = true;
  }
  for (const one of document.querySelectorAll("[data-page][hidden]")) one.hidden = false;
}"""
MAKE_UP = """() => [...new Set([...document.querySelectorAll("body *")].map(one =>
  [one.tagName, one.className.baseVal ?? one.className, one.type, one.getAttribute("role")].join()
))].sort().join(" ")"""
LARGER = """size => { document.documentElement.style.fontSize = size }"""
STICKS_OUT = """() => {
  const moves = one => /auto|scroll/.test(getComputedStyle(one).overflowX);
  const scrolls = one => one && (moves(one) || scrolls(one.parentElement));
  return [...document.querySelectorAll("main *:not(table, table *, .sr, .sr *, .leaflet-container *)")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !scrolls(one.parentElement))
    .map(one => one.tagName + "." + one.className).slice(-3);
}"""
TOO_WIDE = """() => document.documentElement.scrollWidth > innerWidth
  ? [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
      .map(one => one.tagName + "." + one.className).slice(-3)
  : []"""

Axe = Callable[..., list[str]]


def complaints(page: Page, axe: Axe, looked_at: set[str]) -> list[str]:
    """All that is wrong with the page that is open, a line each.

    looked_at  how this page was made up before: with the same elements it is as accessible
    """
    page.evaluate(OPEN_ALL)
    make_up = page.evaluate(MAKE_UP)
    found = [] if make_up in looked_at else [*_seen_by_axe(page, axe), *_in_large_letters(page)]
    looked_at.add(make_up)
    page.set_viewport_size({"width": PHONE, "height": 800})
    found += [f"{PHONE} px: too small to tap: {line}" for line in page.evaluate(TOO_SMALL)]
    page.set_viewport_size({"width": NARROW, "height": 640})
    found += [f"{NARROW} px: sticks out: {line}" for line in page.evaluate(TOO_WIDE)]
    return found


def _seen_by_axe(page: Page, axe: Axe) -> list[str]:
    found = []
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width} px, light: {line}" for line in axe(page)]
        page.emulate_media(color_scheme="dark")
        found += [f"{width} px, dark: {line}" for line in axe(page, only="color-contrast")]
        page.emulate_media(color_scheme="light")
    return found


def _in_large_letters(page: Page) -> list[str]:
    """A table may be wider than a phone then: it is one to look through."""
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.evaluate(LARGER, "200%")
    found = [f"letters twice as large: sticks out: {line}" for line in page.evaluate(STICKS_OUT)]
    page.evaluate(LARGER, "")
    return found


# --- the walk

MANY = 100  # pages of one person; more means that two addresses of one kind look different


class Walk:
    """One person's way along the pages; remembers which doors it came through."""

    def __init__(self, page: Page, axe: Axe, doors: "Doors") -> None:
        self.page, self.axe, self.doors = page, axe, doors
        self.found: list[str] = []
        self.seen: set[str] = set()

    def along(self, *paths: str, states: bool = False) -> None:
        """All pages that these lead to, one of a kind.

        states  of a request there is a kind per state, as the list of requests says it
        """
        ahead = [*paths]
        while ahead:
            assert len(self.seen) < MANY, self.seen
            path = ahead.pop(0)
            if self._is_new(path):
                links = self.looks_at(path.partition(" ")[0])
                ahead += links if states else [link.partition(" ")[0] for link in links]

    def finds_nothing_wrong(self) -> None:
        if self.found:
            pytest.fail("\n".join(self.found), pytrace=False)

    def _is_new(self, link: str) -> bool:
        path, _, state = link.partition(" ")
        kind = f"{self.doors.of(path) or path} {state}"
        known, _ = kind in self.seen, self.seen.add(kind)
        return not known

    def looks_at(self, path: str) -> list[str]:
        """This page alone. Returns where it leads to."""
        self.doors.of(path)
        self.page.set_viewport_size({"width": PHONE, "height": 740})
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status < 500, path
        self.looks_around(urlsplit(self.page.url).path)
        return list(self.page.evaluate(LINKS))

    def looks_around(self, what: str) -> None:
        """At the page as it is now."""
        looked_at = self.doors.looked_at.setdefault(self.doors.of(what) or what, set())
        self.found += [f"{what} at {line}" for line in complaints(self.page, self.axe, looked_at)]


# A request in another state is another page; the list says which state.
LINKS = """() => [...document.querySelectorAll("a[href^='/']:not([href$='pdf'], [download])")].map(link => {
  const says = link.matches("[href^='/zorgvragen/'].item, [href^='/clienten/'].item");
  const state = says && [...link.querySelectorAll(".tag")].pop();
  return `${link.getAttribute("href").split("#")[0]} ${state ? state.textContent.trim() : ""}`;
})"""


class Doors:
    """Which page an address is of."""

    def __init__(self, folder: Path) -> None:
        self.app = make_app(migrated("sqlite", "every_page"), folder)
        self.adapter = self.app.url_map.bind("localhost")
        self.seen: set[str] = set()
        self.looked_at: dict[str, set[str]] = {}

    def of(self, path: str) -> str | None:
        try:
            endpoint, _ = self.adapter.match(path.partition("?")[0])
        except HTTPException:
            return None
        self.seen.add(endpoint)
        return str(endpoint)

    @property
    def pages(self) -> set[str]:
        return {
            rule.endpoint
            for rule in self.app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.rule.endswith("pdf")
        }


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Doors:
    return Doors(tmp_path_factory.mktemp("doors"))


@pytest.fixture
def walk(new_context: Callable[..., BrowserContext], axe: Axe, doors: Doors) -> Walk:
    page = new_context(has_touch=True, service_workers="block", reduced_motion="reduce").new_page()
    return Walk(page, axe, doors)


A_WIJK = "/capaciteit/wijk/WK034401"
FOUND = "/zoek?pc4=3524&products=verpleging&urgency=day"
NO_REQUEST = "/zorgvragen/00000000-0000-7000-8000-000000000000"
SECURITY = (
    "/account/bevestig",
    "/account/beveiliging",
    "/account/passkeys/nieuw",
    "/account/authenticator",
    "/account/herstelcodes",
    "/account/wachtwoord",
)


@pytest.mark.parametrize(
    ("name", "further"),
    [
        (SAMIRA, (A_WIJK, *SECURITY)),
        (HUISARTS, (FOUND, NO_REQUEST, "/organisatie")),  # 404, 403
        (REGISSEUR, ()),
        (INSURER, ("/zorgvragen",)),  # 403
        (ADMIN, ()),
    ],
)
def test_pages_of(
    name: str, further: tuple[str, ...], walk: Walk, logs_in: Callable[[Page, str], Page]
) -> None:
    logs_in(walk.page, name)
    walk.along("/", *further, states=name in (SAMIRA, HUISARTS))
    walk.finds_nothing_wrong()


def test_pages_of_a_stranger(walk: Walk, server: Server) -> None:
    walk.along("/inloggen", "/inloggen/mail", "/inloggen/link/oud", "/inloggen/code")
    walk.along("/uitnodiging/oud", "/zonder-verbinding", "/bestaat-niet", "/wijk/WK034407")
    walk.along(urlsplit(server.link(SAMIRA)).path)
    walk.finds_nothing_wrong()


def test_pages_of_a_provider_where_nothing_happened_yet(walk: Walk, server: Server) -> None:
    _run(server, "add-organisation", "Thuiszorg Begin", "--kind", "home_care")
    anna = ("anna@begin.example", "--name", "Anna", "--organisation", "Thuiszorg Begin")
    printed = _run(server, "add-account", *anna, "--role", "nurse", "--role", "admin")
    invitation = urlsplit(printed.split()[-1]).path
    walk.along(invitation)
    walk.page.goto(invitation)
    walk.page.get_by_role("button", name="Ja, ik doe mee").click()
    walk.page.wait_for_url("**/vandaag")
    walk.along("/")
    walk.finds_nothing_wrong()


@pytest.mark.parametrize("name", [SAMIRA, HUISARTS])
def test_a_client_s_file_that_is_open(name: str, walk: Walk, logs_in: Callable[[Page, str], Page]) -> None:
    """With every form in it unfolded."""
    page = logs_in(walk.page, name)
    page.goto("/clienten")
    page.locator("a.item", has=page.locator(".tag--ok")).first.click()
    page.get_by_role("button", name="Bekijk de gegevens").click()
    page.locator("#gegevens[data-inside]").wait_for()
    walk.looks_around("open")
    page.get_by_role("button", name="Bewaar de afspraak").click()
    page.locator("#vorm-appointment .error").first.wait_for()
    walk.looks_around("with a mistake")
    page.reload()
    walk.looks_around("closed")  # and all that is beside it unfolded
    walk.finds_nothing_wrong()


def test_pages_of_mail(walk: Walk, phone: Callable[[], Page], logs_in: Callable[[Page, str], Page]) -> None:
    logs_in(walk.page, PIETER)
    stranger = phone()
    stranger.goto("/inloggen")
    stranger.get_by_role("textbox", name="Je e-mailadres").first.fill("pieter.kroonenveld@meervogel.example")
    stranger.get_by_role("button", name="Mail mij een inloglink").click()
    stranger.wait_for_url("**/inloggen/mail")

    mail = walk.page.locator("a[href^='/postvak/']")
    for _ in range(200):  # until the dispatcher came round
        walk.page.goto("/postvak")
        if mail.count():
            break
    walk.looks_at("/postvak")
    walk.looks_at(mail.first.get_attribute("href") or "")
    walk.finds_nothing_wrong()


def test_what_a_conversation_asks_and_shows(walk: Walk, logs_in: Callable[[Page, str], Page]) -> None:
    page = logs_in(walk.page, SAMIRA)
    page.goto("/berichten")
    path = page.locator(".chatline", has_text="transferpunt").first.get_attribute("href") or ""
    field = page.get_by_role("textbox", name="Bericht")
    for text, question in (
        (CERTAIN, "Hier staat iets over een cliënt"),
        (LIKELY, "Staat hier een naam van een cliënt?"),
    ):
        page.goto(path)
        field.fill(text)
        page.get_by_role("button", name="Verstuur", exact=True).click()
        page.get_by_role("region", name=question).wait_for()
        walk.looks_around(question)
        field.fill("")
    page.goto(path)
    field.fill("@")
    page.get_by_role("option").first.wait_for()
    walk.looks_around("naming somebody")
    field.fill("")

    page.goto("/berichten")
    page.get_by_role("searchbox").fill("wondplan")
    page.get_by_role("button", name="Zoek", exact=True).click()
    page.get_by_text("1 bericht gevonden").wait_for()
    walk.looks_around("what was found")
    walk.finds_nothing_wrong()


def test_pages_of_the_documents_of_an_agreement(walk: Walk, logs_in: Callable[[Page, str], Page]) -> None:
    page = logs_in(walk.page, ADMIN)
    page.goto("/afspraken")
    agreement = page.get_by_role("link", name="Samen in Zuid en Zuidwest").get_attribute("href") or ""
    nights = page.get_by_role("link", name="Eén nachtteam").get_attribute("href") or ""
    paper = f"{agreement}/documenten/cooperation"
    for path in (f"{agreement}/documenten", f"{agreement}/ondertekenaars", paper, f"{paper}/versies/2"):
        walk.looks_at(path)
    for path in (f"{paper}/vraag/agreed", f"{agreement}/documenten/chain_mail"):
        walk.looks_at(path)
    duties = f"{nights}/documenten/cooperation/app"
    for who, path in ((REGISSEUR, f"{paper}/app"), (REGISSEUR, duties), (SAMIRA, f"{paper}/tekenen")):
        page.context.clear_cookies()
        logs_in(page, who)
        walk.looks_at(path)
    walk.finds_nothing_wrong()


def test_pages_of_a_breach(walk: Walk, logs_in: Callable[[Page, str], Page]) -> None:
    page = logs_in(walk.page, ADMIN)
    page.goto("/privacy/datalekken/nieuw")
    page.get_by_label("Wat ging er mis?").select_option(index=1)
    page.get_by_label("Wat gebeurde er?").fill("Een mail ging naar een verkeerd adres.")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Bewaar").click()
    page.wait_for_url(lambda url: not url.endswith("/nieuw"))

    walk.looks_at(urlsplit(page.url).path)
    walk.finds_nothing_wrong()


def test_pages_of_a_team_with_no_figures_yet(walk: Walk, logs_in: Callable[[Page, str], Page]) -> None:
    page = logs_in(walk.page, YARA)
    page.goto("/organisatie/teams/nieuw")
    page.get_by_label("Wijk", exact=True).select_option("WK034401")
    page.get_by_label("Naam").fill("Team West")
    page.get_by_role("checkbox", name="Verpleging", exact=True).check()
    page.get_by_role("button", name="Bewaar").click()
    page.wait_for_url(lambda url: not url.endswith("/nieuw"))

    walk.looks_at("/capaciteit")
    walk.looks_at(page.get_by_role("link", name="Vul in").first.get_attribute("href") or "")
    walk.finds_nothing_wrong()


def test_pages_of_a_night_on_duty(
    walk: Walk, server: Server, monkeypatch: pytest.MonkeyPatch, logs_in: Callable[[Page, str], Page]
) -> None:
    with night_of(server, monkeypatch, SAMIRA, PIETER) as night:
        night.begins(timedelta(minutes=20), Step.TO_BACKUP)
        walk.looks_at(night.mailed())
        page = logs_in(walk.page, SAMIRA)
        walk.looks_at("/vandaag")
        walk.looks_at(night.page)
        page.get_by_role("button", name="Ik ben er").first.click()
        page.get_by_role("link", name="Er belde iemand").click()
        page.get_by_role("radio", name="Meldkamer").check()
        page.get_by_role("button", name="Schrijf op").click()
        walk.looks_at(night.page)
        walk.looks_at(f"{night.page}/overdracht")
        page.set_viewport_size({"width": DESK, "height": 800})
        page.get_by_role("button", name="Zet klaar voor de volgende").click()
        page.get_by_text("Nog niet gelezen").wait_for()
        walk.looks_at(f"{night.page}/overdracht")
    walk.finds_nothing_wrong()


def test_pages_of_a_reminder(walk: Walk, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with clock_of(server, YARA, monkeypatch) as clock:
        clock.reminds()
        path = f"/capaciteit/herinnering/{clock.ticket()}"
        walk.looks_at(path)
        walk.page.goto(path)
        walk.page.get_by_role("button", name="Klopt nog").click()
        walk.page.get_by_role("heading", name="Bevestigd").wait_for()
        walk.looks_around("confirmed")
        walk.looks_at(path)
    walk.finds_nothing_wrong()


def _run(server: Server, *command: str) -> str:
    settings = {"WIJKAPP_INSTANCE": str(server.instance), "WIJKAPP_DEMO": "1"}
    done = subprocess.run(
        [WIJKAPP, *command],
        cwd=ROOT,
        env=clean_environment() | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_no_page_was_left_out(doors: Doors) -> None:
    """Of the walks above; alone it has nothing to say."""
    if doors.seen:
        assert doors.pages - doors.seen - NOT_PAGES - PARTS == set()
