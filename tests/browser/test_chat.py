"""A conversation between two phones: live, guarded, and nothing lost without a connection."""

import re
from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import PIETER, SAMIRA, until
from tests.chat.held import LIKELY

LogsIn = Callable[[Page, str], Page]
ZUID = "Wijk Zuid"
KEPT = "() => [...Object.values(localStorage), ...Object.values(sessionStorage)]"
_numbers = count(1)


@pytest.fixture
def two(phone: Callable[[], Page], desktop: Callable[[], Page], logs_in: LogsIn) -> tuple[Page, Page]:
    """Samira's phone and Pieter's computer, both with the conversation of their wijk open."""
    samira, pieter = logs_in(phone(), SAMIRA), logs_in(desktop(), PIETER)
    for page in (samira, pieter):
        opens(page, ZUID)
    return samira, pieter


def opens(page: Page, title: str) -> None:
    page.goto("/berichten")
    page.locator(".chatline", has_text=title).first.click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(page.get_by_title("Verbonden")).to_be_visible()


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Bericht")


def types(page: Page, text: str) -> None:
    field(page).fill(text)
    page.get_by_role("button", name="Verstuur", exact=True).click()


def bubble(page: Page, text: str) -> Locator:
    return page.locator(".said", has_text=text)


def unique(text: str) -> str:
    """A text of this test alone: all tests share a server."""
    return text.replace("…", f"{next(_numbers)}.")


def test_what_one_says_stands_on_the_other_screen_without_reloading_and_who_read_it(
    two: tuple[Page, Page],
) -> None:
    samira, pieter = two
    text = unique("De route is rond, nummer …")

    types(samira, text)

    expect(bubble(pieter, text)).to_have_count(1)
    expect(bubble(samira, text)).to_have_class(re.compile("said--mine"))
    expect(samira.get_by_text("Gelezen door")).to_contain_text("Thuiszorg Meervogel")
    pieter.get_by_role("button", name="Dat kan ik doen.").click()
    expect(bubble(samira, "Dat kan ik doen.").last).to_contain_text("Thuiszorg Meervogel")


def test_a_client_s_name_is_held_back_and_one_tap_takes_it_away(two: tuple[Page, Page]) -> None:
    samira, pieter = two
    text = unique("Kan iemand naar mevrouw Jansen, ronde …")

    types(samira, text)

    panel = samira.get_by_role("region", name="Hier staat iets over een cliënt")
    expect(panel.locator("mark")).to_have_text("Jansen")
    expect(panel.get_by_role("button", name="Nee, een collega")).to_be_hidden()
    expect(field(samira)).to_have_value(text)
    panel.get_by_role("button", name="Haal weg en verstuur").click()

    without = text.replace("Jansen", "[naam]")
    expect(bubble(pieter, without)).to_have_count(1)
    expect(field(samira)).to_have_value("")
    assert "Jansen" not in pieter.content()
    assert "Jansen" not in samira.content()
    assert "Jansen" not in str(samira.evaluate(KEPT))


def test_what_may_be_a_colleague_goes_through_when_its_writer_says_so(two: tuple[Page, Page]) -> None:
    samira, pieter = two
    text = LIKELY

    types(samira, text)
    panel = samira.get_by_role("region", name="Staat hier een naam van een cliënt?")
    panel.get_by_role("button", name="Nee, een collega").click()

    expect(bubble(pieter, text)).to_have_count(1)


def test_changing_the_text_lets_go_of_what_was_found_in_it(two: tuple[Page, Page]) -> None:
    samira, pieter = two
    types(samira, "Kan iemand naar mevrouw Jansen?")
    expect(samira.get_by_role("region", name="Hier staat iets over een cliënt")).to_be_visible()

    text = unique("Kan iemand de avondroute rijden, keer …")
    types(samira, text)

    expect(samira.get_by_role("region", name="Hier staat iets over een cliënt")).to_be_hidden()
    expect(bubble(pieter, text)).to_have_count(1)


def test_what_is_typed_without_a_connection_is_sent_once_when_it_is_back(two: tuple[Page, Page]) -> None:
    samira, pieter = two
    first, second = unique("Ik sta in de kelder, deel …"), unique("Hier is geen bereik, deel …")
    samira.context.set_offline(True)
    expect(samira.locator("[data-live-dot]")).to_have_attribute("data-state", "offline")

    types(samira, first)
    types(samira, second)
    expect(bubble(samira, first)).to_contain_text("Nog niet verzonden")
    expect(bubble(samira, second)).to_contain_text("Nog niet verzonden")
    assert "kelder" not in str(samira.evaluate(KEPT))

    samira.context.set_offline(False)
    expect(bubble(pieter, second)).to_have_count(1)
    expect(bubble(samira, second)).not_to_contain_text("Nog niet verzonden")
    order = pieter.locator("[data-text]").all_inner_texts()
    assert order.index(first) + 1 == order.index(second)
    assert order.count(first) == order.count(second) == 1


def test_what_was_said_while_one_was_away_is_there_at_once(two: tuple[Page, Page]) -> None:
    samira, pieter = two
    samira.context.set_offline(True)
    expect(samira.locator("[data-live-dot]")).to_have_attribute("data-state", "offline")
    texts = [unique("Terwijl jij weg was, regel …") for _ in range(3)]
    for text in texts:
        types(pieter, text)
        expect(bubble(pieter, text)).to_have_count(1)

    samira.context.set_offline(False)

    for text in texts:
        expect(bubble(samira, text)).to_have_count(1)


def test_leaving_with_unsent_words_asks_first(two: tuple[Page, Page]) -> None:
    samira, _pieter = two
    field(samira).press_sequentially("Nog niet af")
    asked = []
    samira.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    samira.evaluate("() => { setTimeout(() => location.assign('/vandaag'), 0) }")
    until(samira, "() => new Promise(done => setTimeout(() => done(true), 300))")

    assert asked == ["beforeunload"]
    expect(field(samira)).to_have_value("Nog niet af")
    field(samira).fill("")


def test_a_priority_message_is_loud_until_it_is_acknowledged(
    two: tuple[Page, Page], desktop: Callable[[], Page]
) -> None:
    samira, pieter = two
    text = unique("Het netwerk valt uit, blok …")
    samira.get_by_role("checkbox", name="Spoed: vraag om bevestiging").check()

    types(samira, text)

    asked = bubble(pieter, text)
    expect(asked).to_contain_text("Spoed")
    expect(samira.get_by_role("checkbox", name="Spoed: vraag om bevestiging")).not_to_be_checked()
    pieter.goto("/berichten")
    expect(pieter.get_by_role("region", name="Hier wacht iemand op jullie")).to_contain_text(ZUID)
    opens(pieter, ZUID)
    asked.get_by_role("button", name="Gezien, bevestig").click()

    expect(bubble(samira, text)).to_contain_text(re.compile(r"1 van \d bevestigden"))
    bubble(samira, text).locator("summary", has_text="bevestigden").click()
    expect(bubble(samira, text)).to_contain_text(f"({PIETER})")
    expect(asked.get_by_role("button", name="Gezien, bevestig")).to_be_hidden()


def test_a_message_is_changed_and_deleted_for_everybody(two: tuple[Page, Page]) -> None:
    samira, pieter = two
    text, changed = unique("Om 8 uur bij punt …"), unique("Om 9 uur bij punt …")
    types(samira, text)
    expect(bubble(pieter, text)).to_have_count(1)

    menu = bubble(samira, text).get_by_label("Wijzig of verwijder dit bericht")
    menu.click()
    bubble(samira, text).get_by_role("link", name="Wijzig").click()
    expect(field(samira)).to_have_value(text)
    types(samira, changed)
    expect(bubble(pieter, changed)).to_contain_text("(bewerkt)")
    expect(bubble(pieter, text)).to_have_count(0)

    id = bubble(samira, changed).get_attribute("id")
    bubble(samira, changed).get_by_label("Wijzig of verwijder dit bericht").click()
    bubble(samira, changed).get_by_role("button", name="Verwijder voor iedereen").click()
    expect(pieter.locator(f"#{id} [data-gone]")).to_be_visible()
    expect(pieter.locator(f"#{id}")).not_to_contain_text("Om 9 uur")


def test_naming_a_colleague(two: tuple[Page, Page]) -> None:
    samira, pieter = two
    field(samira).press_sequentially("Dag @piet")
    expect(samira.get_by_role("option", name=PIETER)).to_be_visible()
    field(samira).press("Enter")
    expect(field(samira)).to_have_value(f"Dag @{PIETER} ")
    field(samira).press_sequentially(unique("rijd jij wagen …"))
    samira.get_by_role("button", name="Verstuur", exact=True).click()

    expect(pieter.locator(".said").last.locator(".named")).to_have_text(f"@{PIETER}")
    expect(samira.locator(".said").last.locator(".named")).to_have_text(f"@{PIETER}")


def test_the_number_on_the_tab_follows_what_was_said_and_read(two: tuple[Page, Page]) -> None:
    samira, pieter = two
    number = pieter.get_by_role("link", name=re.compile("^Berichten")).locator("[data-unread]")
    expect(number).to_be_hidden()
    pieter.goto("/wijken")
    expect(pieter.get_by_title("Verbonden")).to_be_visible()

    types(samira, unique("Wie leest dit, blad …"))

    expect(number).to_have_text(re.compile("^1 "))
    opens(pieter, ZUID)
    expect(number).to_be_hidden()


def test_no_conversation_is_kept_on_the_device(two: tuple[Page, Page]) -> None:
    samira, _pieter = two
    samira.evaluate("navigator.serviceWorker.ready.then(() => true)")
    samira.wait_for_function("() => navigator.serviceWorker.controller !== null")
    samira.goto("/vandaag")
    opens(samira, ZUID)
    until(samira, "() => caches.open('pages').then(pages => pages.keys()).then(keys => keys.length > 0)")

    kept = samira.evaluate(
        "() => caches.open('pages').then(pages => pages.keys()).then(keys => keys.map(k => k.url))"
    )
    assert not [address for address in kept if "/berichten" in address]
    samira.context.set_offline(True)
    samira.reload()
    expect(samira.get_by_role("heading", name="Je bent even offline")).to_be_visible()
