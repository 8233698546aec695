"""A real browser in front of a real server. All browser tests share both; each gets a new, empty profile."""

import re
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import chromium
from tests.servers import WIJKAPP, free_port, serving
from wijkapp.kit.config import Settings
from wijkapp.people import factors

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
COMMAND = [WIJKAPP, "demo", "--quiet"]  # nobody answers but who the test lets answer

# A browser that calls home is slow where there is no internet.
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # root has none, and many a container neither; it only sees our own pages
]
DUTCH = {"locale": "nl-NL", "timezone_id": "Europe/Amsterdam"}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}

PATIENCE = 30_000  # ms: how long a busy machine may take; what is there in time is not waited for
expect.set_options(timeout=PATIENCE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    pictures = collection_path.name == "test_pictures.py"
    return True if pictures and not config.getoption("pictures") else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.timeout(600 if "every_page" in item.path.name else 180))


# --- the server


@dataclass(frozen=True)
class Server:
    """A running wijkapp with the demo region in it."""

    url: str
    instance: Path
    log: Path

    def link(self, name: str) -> str:
        """A link by which one logs in as this person of the demo, like those that it prints for some."""
        with closing(sqlite3.connect(self.instance / "wijkapp.sqlite")) as db:
            known = db.execute("SELECT fs_uniquifier FROM account WHERE name = ?", [name]).fetchone()
        assert known, f"the demo has no {name}"
        signer = factors.demo_signer(Settings(instance=self.instance))
        return f"{self.url}/demo/in/{signer.dumps(known[0])}"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app as people start it, on a port and an instance folder of its own."""
    # The push service that tests push through is on this machine.
    with a_server(COMMAND, tmp_path_factory.mktemp("instance"), WIJKAPP_PUSH_PRIVATE="1") as running:
        yield running


@contextmanager
def a_server(
    command: list[str], instance: Path, name: str = "127.0.0.1", **settings: str
) -> Iterator[Server]:
    """This command, as a server of this name on a port of its own, once it answers."""
    port = free_port()
    running = Server(f"http://{name}:{port}", instance, instance / "server.log")
    settings |= {"WIJKAPP_INSTANCE": str(instance), "WIJKAPP_BASE_URL": running.url}
    with (
        running.log.open("w") as log,
        serving([*command, "--port", str(port)], settings, stdout=log, stderr=log) as process,
    ):
        _wait_for(running, process)
        yield running


def _wait_for(server: Server, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(server.url, timeout=5).close()
            return
        except urllib.error.HTTPError as answer:  # any answer is an answer
            answer.close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"wijkapp did not start:\n{server.log.read_text()[-4000:]}", pytrace=False)


# --- the browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if not path:  # never skipped: a green run means that these ran
        pytest.fail(chromium.WHAT_TO_DO, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser: Browser, server: Server) -> Iterator[Callable[..., BrowserContext]]:
    """`new_context(**PHONE)`: another person's device; paths like `/dienst` are the server's."""
    made: list[BrowserContext] = []

    def new(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=server.url, **DUTCH, **options)
        context.set_default_timeout(PATIENCE)
        made.append(context)
        return context

    yield new
    for context in made:
        context.close()


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Callable[[], Page]:
    """`phone()`: a page on a new, small phone."""
    return lambda: new_context(**PHONE).new_page()


@pytest.fixture
def desktop(new_context: Callable[..., BrowserContext]) -> Callable[[], Page]:
    """`desktop()`: a page on a new computer."""
    return lambda: new_context(**DESKTOP).new_page()


@pytest.fixture
def logs_in(server: Server) -> Callable[[Page, str], Page]:
    """`logs_in(phone(), "Samira Wolderink")`: one of the demo's people, on her own first page."""

    def enter(page: Page, name: str) -> Page:
        link, browser = server.link(name), page.context.request
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(link).text())
        assert token, f"the link of {name} opens no form"
        browser.post(link, form={"csrf_token": token[1]}, max_redirects=0)
        page.goto("/")
        return page

    return enter


# --- what a test asks of a page

AXE = ROOT / "node_modules/axe-core/axe.min.js"


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """`axe(page)`: what is not accessible on it (WCAG 2.2 A and AA), a line per element; empty is good.

    `axe(page, only="color-contrast")`: by this rule alone.
    """

    def violations(page: Page, only: str = "") -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text())  # by the debugger: the page's CSP forbids a script tag
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        rules = {
            "runOnly": {"type": "rule", "values": [only]} if only else tags,
            "resultTypes": ["violations"],
        }
        found = page.evaluate("rules => axe.run(rules)", rules)["violations"]
        return [
            f"{one['id']}: {one['help']} -> {' '.join(map(str, node['target']))}"
            for one in found
            for node in one["nodes"]
        ]

    return violations


@pytest.fixture
def shot() -> Callable[..., Path]:
    """`shot(page, "name")`: a picture in tests/screenshots/, to look at. Those of docs/: test_pictures.py."""
    folder = ROOT / "tests/screenshots"

    def take(page: Page, name: str, **options: Any) -> Path:
        assert re.fullmatch(r"[a-z0-9-]+", name), "a file name in kebab-case"
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(animations="disabled", path=folder / f"{name}.png", **options)
        return folder / f"{name}.png"

    return take
