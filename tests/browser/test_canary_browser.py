"""What somebody types about a client and is refused stays nowhere on the device; one tap puts it right."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.steps import HUISARTS, PIETER, SAMIRA, fills_in, sent
from tests.clients.canary import Identity, identities

LogsIn = Callable[[Page, str], Page]

# Everything a page may keep: caches of the service worker, databases, storage, cookies, the history entry.
KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      kept.push(request.url);
      const answer = await cache.match(request);
      if (/text|json|html/.test(answer.headers.get("Content-Type") ?? "")) kept.push(await answer.text());
    }
  }
  for (const { name, version } of await indexedDB.databases()) {
    const db = await new Promise((done, failed) => {
      const asked = indexedDB.open(name, version);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
    for (const store of db.objectStoreNames) {
      kept.push(JSON.stringify(await new Promise((done, failed) => {
        const asked = db.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => failed(asked.error);
      })));
    }
    db.close();
  }
  for (const storage of [localStorage, sessionStorage]) kept.push(JSON.stringify({ ...storage }));
  kept.push(document.cookie, JSON.stringify(history.state), location.href);
  return kept.join("\\n");
}"""


def nowhere(page: Page, *people: Identity) -> None:
    page.goto("/wijken")  # leaves the page that had it; what is kept now stays
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = page.evaluate(KEPT).lower()
    assert "wijkapp" in kept, "the search looks at something"
    found = {word for person in people for word in person.words if word.lower() in kept}
    assert found == set()


def test_a_refused_remark_is_on_the_page_and_nowhere_else_on_the_device(
    phone: Callable[[], Page], logs_in: LogsIn
) -> None:
    page = logs_in(phone(), HUISARTS)
    people = identities(8)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    fills_in(page, "3523")
    for n, person in enumerate(people):
        page.get_by_label("Wil je nog iets zeggen?").fill(person.line(n))
        page.get_by_label("Wil je nog iets zeggen?").blur()
        page.get_by_role("button", name="Stuur naar allen").click()
        expect(page.locator("mark").first).to_be_in_viewport()
        expect(page.get_by_label("Wil je nog iets zeggen?")).to_have_value(person.line(n))
    low = " ".join(asked).lower()
    assert not [person for person in people if person.surname.lower() in low], "no words in addresses"
    nowhere(page, *people)


def test_one_tap_takes_it_out_and_whoever_is_asked_reads_the_rest(
    phone: Callable[[], Page], logs_in: LogsIn
) -> None:
    asker = logs_in(phone(), HUISARTS)
    fills_in(asker, "3523")
    person = identities(1)[0]
    asker.get_by_label("Wil je nog iets zeggen?").fill(
        f"Graag vroeg. Mw. {person.surname} wordt om 7 uur wakker."
    )
    asker.get_by_role("button", name="Stuur naar allen").click()
    asker.get_by_role("button", name="Vervang door [naam]").click()
    path = sent(asker)

    nurse = logs_in(phone(), SAMIRA)
    nurse.goto(path)
    expect(nurse.get_by_text("Graag vroeg. Mw. [naam] wordt om 7 uur wakker.").first).to_be_visible()
    nowhere(asker, person)
    nowhere(nurse, person)


def test_who_types_on_is_asked_about_the_new_text(phone: Callable[[], Page], logs_in: LogsIn) -> None:
    page = logs_in(phone(), HUISARTS)
    fills_in(page, "3523")
    person = identities(1)[0]
    page.get_by_label("Wil je nog iets zeggen?").fill(f"Mw. {person.surname}, BSN {person.bsn}")
    page.get_by_role("button", name="Stuur naar allen").click()
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_role("button", name="Klopt niet? Meld het").click()
    expect(page.get_by_text("Bedankt.")).to_be_visible()
    page.get_by_label("Wil je nog iets zeggen?").fill("Er is een hond.")
    expect(page.locator("mark")).to_have_count(0)
    page.get_by_role("button", name="Stuur naar allen").click()
    sent(page)


def test_a_refused_remark_with_an_answer_stays_nowhere(phone: Callable[[], Page], logs_in: LogsIn) -> None:
    asker = logs_in(phone(), HUISARTS)
    fills_in(asker, "3523")
    asker.get_by_role("button", name="Stuur naar allen").click()
    path = sent(asker)
    nurse = logs_in(phone(), PIETER)
    nurse.goto(path)
    person = identities(2)[1]
    nurse.get_by_text("Nee, want…").click()
    answer = nurse.locator("details.answer", has_text="Nee, want…")
    answer.get_by_text("Opmerking erbij").click()
    answer.get_by_label("Wil je er iets bij zeggen?").fill(person.line(0))
    answer.get_by_role("button", name="Te ver weg").click()
    expect(nurse.locator("mark").first).to_be_in_viewport()
    nurse.get_by_role("button", name="Vervang alles en ga door").click()
    expect(nurse.get_by_text("Je antwoord is verstuurd")).to_be_visible()
    nowhere(nurse, person)
    nowhere(asker, person)


def test_what_somebody_searches_for_is_not_kept(phone: Callable[[], Page], logs_in: LogsIn) -> None:
    page = logs_in(phone(), HUISARTS)
    person = identities(3)[2]
    page.goto("/wijken")
    page.get_by_role("searchbox").fill(f"mw {person.surname}")
    page.get_by_role("button", name="Zoek").click()
    expect(page.get_by_text("Niets gevonden")).to_be_visible()
    nowhere(page, person)


def test_the_page_with_a_question_is_accessible(
    phone: Callable[[], Page], logs_in: LogsIn, axe: Callable[..., list[str]]
) -> None:
    page = logs_in(phone(), HUISARTS)
    fills_in(page, "3523")
    page.get_by_label("Wil je nog iets zeggen?").fill(identities(1)[0].line(0))
    page.get_by_role("button", name="Stuur naar allen").click()
    expect(page.locator("mark").first).to_be_visible()
    assert axe(page) == []
