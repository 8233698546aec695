"""What stays on a device: pages for when there is no connection, messages, nothing for the next person."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.night import night_of
from tests.browser.pushed import PushedPhone
from tests.browser.steps import PIETER, SAMIRA, until
from tests.notify.push_service import PushService
from wijkapp.kit import time

LogsIn = Callable[[Page, str], Page]


@pytest.fixture
def push_service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


def _worker_is_ready(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def test_a_page_seen_before_opens_without_a_connection_and_another_says_why_not(
    phone: Callable[[], Page], logs_in: LogsIn
) -> None:
    page = logs_in(phone(), SAMIRA)
    _worker_is_ready(page)
    page.goto("/vandaag")
    expect(page.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()

    page.context.set_offline(True)
    page.goto("/vandaag")
    expect(page.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()
    expect(page.locator("[data-live-dot]")).to_have_attribute("data-state", "offline")
    page.goto("/organisatie")
    expect(page.get_by_role("heading", name="Je bent even offline")).to_be_visible()

    page.context.set_offline(False)
    page.goto("/vandaag")
    expect(page.locator("[data-live-dot]")).to_have_attribute("data-state", "live")


def test_a_form_that_cannot_be_sent_keeps_what_was_typed_and_says_so(
    phone: Callable[[], Page], logs_in: LogsIn
) -> None:
    page = logs_in(phone(), SAMIRA)
    _worker_is_ready(page)
    page.goto("/dienst/beschikbaar")
    first, day = page.get_by_label("Vanaf", exact=True), f"{time.today() + timedelta(days=300)}"
    first.fill(day)
    says = page.get_by_role("status").get_by_text("Wat je invulde, staat er nog.")

    page.context.set_offline(True)
    for thinks in ("offline", "online"):  # a phone with one bar thinks that it is
        is_online = "{value: %s, configurable: true}" % ("true" if thinks == "online" else "false")
        page.evaluate(f"Object.defineProperty(navigator, 'onLine', {is_online})")
        page.evaluate("document.querySelector('.toast')?.remove()")
        page.get_by_role("button", name="Dan kan ik niet").click()
        expect(says).to_be_visible()
        expect(first).to_have_value(day)

    page.context.set_offline(False)
    page.get_by_role("button", name="Dan kan ik niet").click()
    expect(page.get_by_text("Bewaard.")).to_be_visible()


def test_who_is_on_duty_tonight_opens_without_a_connection_though_nobody_opened_it(
    phone: Callable[[], Page], logs_in: LogsIn
) -> None:
    page = logs_in(phone(), SAMIRA)
    _worker_is_ready(page)
    page.goto("/vandaag")
    kept = "() => caches.open('pages').then(pages => pages.keys()).then(keys => keys.map(k => k.url).join())"
    until(page, f"() => ({kept})().then(urls => urls.includes('/dienst/vannacht.pdf'))")
    page.evaluate(
        """async () => {
             const pages = await caches.open("pages");
             const kept = (at) => new Response("kept", { headers: { Date: new Date(at).toUTCString() } });
             await pages.put("/dienst/vannacht.pdf", kept(Date.now() - 20 * 60_000));
             await pages.put("/dienst/vannacht", kept(Date.now() - 40 * 60_000));
             const keep = ["/dienst/vannacht.pdf", "/dienst/vannacht"]; // one after the other
             navigator.serviceWorker.controller.postMessage({ keep });
           }"""
    )
    text_of = "path => caches.match(path).then(found => found.text())"
    answers = page.evaluate(
        f"""async path => {{
              const [until, answers] = [Date.now() + 30_000, new Set()];
              const page = () => ({text_of})(path).then(text => text.split("\\n", 1)[0], () => "nothing");
              do answers.add(await page()); while (!answers.has("<!doctype html>") && Date.now() < until);
              return [...answers];
            }}""",
        "/dienst/vannacht",
    )
    assert set(answers) - {"kept"} == {"<!doctype html>"}, "there is a page at every moment"
    assert page.evaluate(text_of, "/dienst/vannacht.pdf") == "kept", "made less than half an hour ago"

    page.context.set_offline(True)
    page.goto("/dienst/vannacht")
    expect(page.get_by_role("heading", name="Dienst vannacht", exact=True)).to_be_visible()
    expect(page.locator("a[href^='tel:']").first).to_be_visible()


def test_a_page_that_comes_in_half_leaves_the_one_that_was_kept(
    phone: Callable[[], Page], logs_in: LogsIn
) -> None:
    page = logs_in(phone(), SAMIRA)
    _worker_is_ready(page)
    (worker,) = page.context.service_workers
    worker.evaluate(
        """async () => {
             const pages = await caches.open("pages");
             await keep(pages, new Request("/vandaag"), new Response("whole"));
             const half = new ReadableStream({
               pull: (body) => (body.enqueue(new Uint8Array(8)), body.error("no connection")),
             });
             await keep(pages, new Request("/vandaag"), new Response(half)).catch(() => {});
           }"""
    )
    assert page.evaluate("caches.match('/vandaag').then(kept => kept.text())") == "whole"


def test_of_many_pages_the_ones_read_last_are_kept(phone: Callable[[], Page], logs_in: LogsIn) -> None:
    page = logs_in(phone(), SAMIRA)
    _worker_is_ready(page)
    (worker,) = page.context.service_workers
    kept = worker.evaluate(
        """async () => {
             await caches.delete("pages");
             const pages = await caches.open("pages");
             const read = (path) => keep(pages, new Request(path), new Response("read"));
             for (let at = 0; at < MOST_PAGES; at++) await read(`/${at}`);
             await read("/0");
             await read("/new");
             return (await pages.keys()).map(({ url }) => new URL(url).pathname);
           }"""
    )
    assert "/1" not in kept
    assert {"/0", "/2", "/new"} <= set(kept)


def test_who_logs_out_leaves_no_page_behind(
    phone: Callable[[], Page], logs_in: LogsIn, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = logs_in(phone(), SAMIRA)
    _worker_is_ready(page)
    page.goto("/vandaag")
    until(page, "() => caches.open('pages').then(pages => pages.keys()).then(keys => keys.length > 0)")

    with night_of(server, monkeypatch, SAMIRA, PIETER) as night:
        night.begins(timedelta(hours=1))
        page.goto(f"{night.page}/overdracht")
        expect(page.get_by_role("heading", name="Overdracht").first).to_be_visible()
    page.goto("/account")
    kept = page.evaluate(
        "() => caches.open('pages').then(pages => pages.keys()).then(keys => keys.map(k => k.url))"
    )
    assert not [address for address in kept if "/account" in address], "where secrets are shown"
    assert not [address for address in kept if "overdracht" in address], "what one tells the next"
    page.get_by_role("button", name="Uitloggen").click()
    page.wait_for_url("**/inloggen**")

    until(page, "() => caches.open('pages').then(pages => pages.keys()).then(keys => keys.length === 0)")
    page.context.set_offline(True)
    page.goto("/vandaag")
    expect(page.get_by_role("heading", name="Je bent even offline")).to_be_visible()


@pytest.mark.parametrize("data", ["", "no json", "[]", "null", '{"url": "https://evil.example/"}', "{}"])
def test_every_push_shows_a_message_whatever_it_says(
    phone: Callable[[], Page], logs_in: LogsIn, push_service: PushService, data: str
) -> None:
    page = logs_in(phone(), SAMIRA)
    mine = PushedPhone(page, push_service, "samira")

    shown = mine.shows(data)

    assert shown["body"] == "Er is nieuws in wijkapp."
    assert shown["url"].startswith(page.evaluate("location.origin"))


def test_nobody_is_asked_before_the_page_said_why(phone: Callable[[], Page], logs_in: LogsIn) -> None:
    page = phone()
    page.add_init_script(
        """window.asked = 0;
           Object.defineProperty(Notification, "permission", { get: () => "default" });
           Notification.requestPermission = async () => { window.asked += 1; return "default"; };"""
    )
    logs_in(page, SAMIRA)
    page.goto("/vandaag")
    expect(page.get_by_role("heading", name="Mis geen zorgvraag")).to_be_visible()
    assert page.evaluate("window.asked") == 0

    page.get_by_role("button", name="Zet meldingen aan").click()
    page.wait_for_function("() => window.asked === 1")

    page.get_by_role("button", name="Niet nu").click()
    expect(page.get_by_role("heading", name="Mis geen zorgvraag")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", name="Mis geen zorgvraag")).to_be_hidden()


def test_a_browser_belongs_to_whoever_logged_in_last(
    phone: Callable[[], Page], logs_in: LogsIn, push_service: PushService
) -> None:
    page = logs_in(phone(), SAMIRA)
    shared = PushedPhone(page, push_service, "shared")
    page.goto("/meldingen")
    shared.turns_on()
    expect(page.locator("[data-this-device]:visible")).to_have_count(1)

    with page.expect_response("**/meldingen/aanmelden"):  # by itself: permission was given before
        logs_in(page, PIETER)
    page.goto("/meldingen")

    expect(page.locator("[data-this-device]:visible")).to_have_count(1)
    here = page.locator("li", has=page.locator("[data-this-device]:visible"))
    here.get_by_role("button", name="Stuur een proefmelding").click()
    assert shared.is_told("Proefmelding")["url"].endswith("/meldingen")


def test_a_device_that_is_turned_off_stays_off(
    phone: Callable[[], Page], logs_in: LogsIn, push_service: PushService
) -> None:
    page = logs_in(phone(), PIETER)
    mine = PushedPhone(page, push_service, "pieter")
    page.goto("/meldingen")
    mine.turns_on()

    page.get_by_role("button", name="Zet uit").first.click()

    expect(page.get_by_text("Dit apparaat krijgt geen meldingen meer.")).to_be_visible()
    page.goto("/vandaag")
    page.goto("/meldingen")
    expect(page.get_by_role("button", name="Zet meldingen aan")).to_be_visible()
    expect(page.locator("[data-this-device]").filter(visible=True)).to_have_count(0)
