"""What is known of a client, in real browsers: shared, live, gone within a second, and left nowhere."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.steps import HUISARTS, PIETER, SAMIRA, asks_for_care, chooses, offers, until

LogsIn = Callable[[Page, str], Page]

NAME, STREET, KEY = "Tootje Vuurdoorn", "Meidoornpad 77", "Kluisje 5521"
DEMO_NAME = "Zilverlinde"  # the client of the demo that a doctor and a nurse share
TYPED = "Belletje kapot, klop hard"


def shared_in_demo(page: Page) -> None:
    """The page of the demo's shared file, still closed."""
    page.goto("/clienten")
    page.locator("a.item", has=page.locator(".tag--ok")).first.click()
    expect(page.get_by_role("button", name="Bekijk de gegevens")).to_be_visible()


def opens(page: Page) -> None:
    page.get_by_role("button", name="Bekijk de gegevens").click()
    expect(page.locator("#gegevens[data-inside]")).to_be_visible()


def placed(huisarts: Page, nurse: Page) -> str:
    """A client was just placed with the nurse's organisation. Returns the path of the file."""
    request = asks_for_care(huisarts, "3523")
    nurse.goto(request)
    offers(nurse)
    huisarts.goto(request)
    chooses(huisarts, "Thuiszorg Meervogel")
    huisarts.goto("/clienten")
    return huisarts.locator("a.item").first.get_attribute("href") or ""


def test_shared_with_consent_and_gone_within_a_second_when_it_is_taken_back(
    desktop: Callable[[], Page], phone: Callable[[], Page], logs_in: LogsIn
) -> None:
    huisarts, nurse = logs_in(desktop(), HUISARTS), logs_in(phone(), PIETER)
    file = placed(huisarts, nurse)

    # Before the client said yes there is nothing, and nothing to tap.
    nurse.goto(file)
    expect(nurse.get_by_role("heading", name="Wacht op toestemming")).to_be_visible()
    expect(nurse.get_by_role("button", name="Bekijk de gegevens")).to_be_hidden()
    expect(nurse.get_by_title("Verbonden")).to_be_visible()

    # Three taps, and the other page changes by itself.
    huisarts.goto(file)
    began = time.monotonic()
    huisarts.get_by_role("link", name="Toestemming vastleggen").click()
    huisarts.get_by_role("button", name="De cliënt zegt ja").click()
    expect(huisarts.get_by_text("Toestemming vastgelegd")).to_be_visible()
    print(f"\nconsent recorded in {time.monotonic() - began:.1f} s, reading aside")
    expect(nurse.get_by_role("button", name="Bekijk de gegevens")).to_be_visible()

    opens(huisarts)
    huisarts.get_by_label("Naam", exact=True).fill(NAME)
    huisarts.get_by_label("Adres").fill(STREET)
    huisarts.get_by_label("Hoe kom je binnen?").fill(KEY)
    huisarts.get_by_role("button", name="Bewaar", exact=True).click()
    expect(huisarts.get_by_role("heading", name=NAME)).to_be_visible()
    opens(nurse)
    expect(nurse.get_by_text(KEY)).to_be_visible()

    # A message arrives while the other is typing; what was typed stays.
    nurse.get_by_label("Je bericht").fill(TYPED)
    huisarts.get_by_label("Je bericht").fill("Kun je vandaag om 16 uur?")
    huisarts.get_by_role("button", name="Verstuur").click()
    expect(nurse.get_by_role("log")).to_contain_text("Kun je vandaag om 16 uur?")
    expect(nurse.get_by_label("Je bericht")).to_have_value(TYPED)
    nurse.get_by_role("button", name="Verstuur").click()
    expect(huisarts.get_by_role("log")).to_contain_text(TYPED)
    expect(nurse.get_by_label("Je bericht")).to_have_value("")
    nurse.get_by_label("Je bericht").fill("Half getypt")

    # Taken back: one tap, one to be sure, and the other page is empty.
    huisarts.get_by_text("Toestemming intrekken").click()
    taps = huisarts.get_by_role("button", name="Ja, trek de toestemming nu in")
    expect(taps).to_be_visible()
    began = time.monotonic()
    taps.click()
    while nurse.evaluate(CAN_READ, NAME):
        assert time.monotonic() - began < 10, "still to be read"
    unreadable = time.monotonic() - began
    while any(word in nurse.content() for word in (NAME, STREET, KEY, TYPED, "Half getypt")):
        assert time.monotonic() - began < 10, "still on the page"
    gone = time.monotonic() - began
    print(f"unreadable {1000 * unreadable:.0f} ms after the tap, off the page after {1000 * gone:.0f} ms")
    assert unreadable < 1
    expect(nurse.get_by_role("heading", name="Gestopt")).to_be_visible()
    expect(nurse.get_by_text("De cliënt trok de toestemming in.").first).to_be_visible()
    expect(nurse.get_by_text("ziet niets")).to_have_count(2)
    expect(nurse.get_by_text("Toestemming intrekken")).to_have_count(0)

    # Whoever asks the server all the same gets a sentence.
    assert nurse.evaluate(ASKS, f"{file}/inzien") == 410


CAN_READ = """name => {
  const inside = document.querySelector("#gegevens[data-inside]");
  const seen = inside && getComputedStyle(inside).visibility === "visible";
  return Boolean(seen) && inside.innerText.includes(name);
}"""
ASKS = """path => fetch(path, {
  method: "POST", headers: {"X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content},
}).then(answer => answer.status)"""


def test_it_closes_itself_after_three_minutes_and_keeps_what_was_typed_in_memory(
    phone: Callable[[], Page], logs_in: LogsIn
) -> None:
    page = phone()
    logs_in(page, SAMIRA)
    page.clock.install()
    shared_in_demo(page)
    opens(page)
    page.get_by_label("Je bericht").fill(TYPED)

    page.clock.fast_forward(170_000)
    expect(page.get_by_text(DEMO_NAME).first).to_be_visible()
    page.clock.fast_forward(11_000)
    expect(page.get_by_text("er gebeurde 3 minuten niets")).to_be_visible()
    assert DEMO_NAME not in page.content()
    assert TYPED not in page.content()

    opens(page)
    expect(page.get_by_label("Je bericht")).to_have_value(TYPED)


def test_it_closes_itself_when_the_page_is_out_of_sight_for_a_minute(
    phone: Callable[[], Page], logs_in: LogsIn
) -> None:
    page = phone()
    logs_in(page, SAMIRA)
    page.clock.install()
    shared_in_demo(page)
    opens(page)

    page.evaluate(OUT_OF_SIGHT, "hidden")
    page.clock.fast_forward(61_000)
    page.evaluate(OUT_OF_SIGHT, "visible")
    expect(page.get_by_text("je was weg")).to_be_visible()
    assert DEMO_NAME not in page.content()


OUT_OF_SIGHT = """state => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_nothing_of_it_stays_on_the_device(phone: Callable[[], Page], logs_in: LogsIn) -> None:
    page = logs_in(phone(), SAMIRA)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.goto("/vandaag")
    until(page, "() => caches.open('pages').then(pages => pages.keys()).then(keys => keys.length > 0)")
    shared_in_demo(page)
    file, code = page.url, page.locator(".client-code--big").inner_text()
    opens(page)
    page.get_by_label("Je bericht").fill(TYPED)

    kept = page.evaluate(EVERYTHING_KEPT)
    assert any(one.endswith("/vandaag") for one in kept), "the search sees what is kept"
    assert not any(one.endswith(urlsplit(file).path) for one in kept)
    for word in (DEMO_NAME, TYPED, code):
        assert not any(word in one for one in kept), word

    # Left and come back: the door is closed again. Without a connection there is nothing at all.
    page.goto("/vandaag")
    page.go_back()
    expect(page.get_by_role("button", name="Bekijk de gegevens")).to_be_visible()
    assert DEMO_NAME not in page.content()
    assert TYPED not in page.content()
    page.context.set_offline(True)
    page.goto(file)
    expect(page.get_by_role("heading", name="Je bent even offline")).to_be_visible()
    page.context.set_offline(False)


EVERYTHING_KEPT = """async () => {
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (request.url.includes("/static/")) continue;
      found.push(request.url, await (await cache.match(request)).text());
    }
  }
  for (const { name } of await indexedDB.databases()) {
    const opening = indexedDB.open(name);
    const db = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
    for (const store of db.objectStoreNames) {
      const rows = db.transaction(store).objectStore(store).getAll();
      found.push(JSON.stringify(await new Promise((done) => (rows.onsuccess = () => done(rows.result)))));
    }
  }
  return found;
}"""


def test_copying_warns_once_and_printing_takes_a_button(desktop: Callable[[], Page], logs_in: LogsIn) -> None:
    page = logs_in(desktop(), SAMIRA)
    shared_in_demo(page)
    opens(page)

    copies = (
        "() => document.querySelector('.vault h2').dispatchEvent(new ClipboardEvent('copy', {bubbles: true}))"
    )
    page.evaluate(copies)
    expect(page.get_by_text("Plak dit niet in een app of mail")).to_be_visible()

    page.emulate_media(media="print")
    expect(page.locator("#gegevens")).to_be_hidden()
    page.evaluate(
        "() => { window.print = () => (window.printed = document.documentElement.dataset.printsFile) }"
    )
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Druk dit dossier af").click()
    assert page.evaluate("window.printed") == "1"
    page.emulate_media(media="print")
    expect(page.locator("#gegevens")).to_be_visible()
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#gegevens")).to_be_hidden()


def test_a_mistake_is_said_at_its_field_and_what_was_typed_stays(
    phone: Callable[[], Page], logs_in: LogsIn
) -> None:
    page = logs_in(phone(), SAMIRA)
    shared_in_demo(page)
    opens(page)
    page.get_by_text("Pas aan", exact=True).click()
    page.get_by_label("Naam", exact=True).fill("")
    page.get_by_label("Geboortedatum").fill("31-02-1941")
    page.get_by_label("Hoe kom je binnen?").fill(TYPED)
    page.get_by_role("button", name="Bewaar", exact=True).click()

    expect(page.get_by_text("Vul de naam van de cliënt in.")).to_be_visible()
    expect(page.get_by_text("Schrijf de geboortedatum zo")).to_be_visible()
    expect(page.get_by_label("Naam", exact=True)).to_be_focused()
    expect(page.get_by_label("Hoe kom je binnen?")).to_have_value(TYPED)
    expect(page.get_by_role("heading", name=DEMO_NAME)).to_be_visible()


@pytest.mark.parametrize("typed", ["", "Zonder scripts geschreven"])
def test_without_scripts_it_is_a_page_like_any_other(
    new_context: Callable[..., BrowserContext], logs_in: LogsIn, typed: str
) -> None:
    page = logs_in(new_context(java_script_enabled=False).new_page(), SAMIRA)
    shared_in_demo(page)
    opens(page)
    page.get_by_label("Je bericht").fill(typed)
    page.get_by_role("button", name="Verstuur").click()

    if typed:
        expect(page.get_by_text("Bewaard.")).to_be_visible()
        opens(page)
        expect(page.get_by_role("log")).to_contain_text(typed)
    else:
        expect(page.get_by_text("Schrijf eerst je bericht.")).to_be_visible()
