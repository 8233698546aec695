"""Messages on a phone that wijkapp pushes to, through a push service on this machine.

Chromium without a screen reaches no push service, so two things are played: `pushManager` gives the address
of our own push service, and the debugger hands what arrives there to the browser, as a push service would.
Everything else is real: wijkapp's signing and encryption, and the service worker that shows the message.
"""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Worker, expect

from tests.browser.steps import until
from tests.notify.push_service import PushService

# A browser keeps its subscription over pages and log-ins; so does this one.
STUB = """(() => {
  const address = %s;
  const kept = "a subscription, as played by the test";
  const unsubscribe = async () => (localStorage.removeItem(kept), true);
  const made = { ...address, options: {}, toJSON: () => address, unsubscribe };
  PushManager.prototype.subscribe = async () => (localStorage.setItem(kept, "1"), made);
  PushManager.prototype.getSubscription = async () => (localStorage.getItem(kept) ? made : null);
})()"""

SHOWN = """async title => {
  const worker = await navigator.serviceWorker.ready;
  const one = (await worker.getNotifications()).find(one => one.title === title);
  return one && { title: one.title, body: one.body, url: one.data.url };
}"""


# A tap on a button of a message. Who makes the event has to wait for what is done with it.
PRESSED = """async ([title, action]) => {
  const notification = (await self.registration.getNotifications()).find(one => one.title === title);
  const event = new NotificationEvent("notificationclick", { notification, action });
  const doing = [];
  event.waitUntil = promise => doing.push(promise);
  self.dispatchEvent(event);
  await Promise.all(doing);
  return (await self.registration.getNotifications()).map(({ title, body }) => ({ title, body }));
}"""
IN_WORKER = """async title => {
  const one = (await self.registration.getNotifications()).find(one => one.title === title);
  return one && { title: one.title, body: one.body, buttons: one.actions.map(({ title }) => title) };
}"""


class PushedPhone:
    """One phone with messages turned on. Its owner is logged in and has a page of wijkapp open."""

    def __init__(self, page: Page, service: PushService, name: str) -> None:
        self.page, self.service, self.name = page, service, name
        self._origin = ""
        page.add_init_script(STUB % json.dumps(service.browser(name).as_json()))
        page.context.grant_permissions(["notifications"])
        self._workers: list[dict[str, Any]] = []
        self._debugger = page.context.new_cdp_session(page)
        self._debugger.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: self._workers.extend(event["registrations"]),
        )
        self._debugger.send("ServiceWorker.enable")

    def turns_on(self) -> None:
        """By the button on this page."""
        self.page.reload()
        with self.page.expect_response("**/meldingen/aanmelden"):
            self.page.get_by_role("button", name="Zet meldingen aan").click()
        expect(self.page.get_by_role("button", name="Zet meldingen aan")).to_be_hidden()

    def closes_the_app(self) -> None:
        """No page of wijkapp is open from here on; the service worker is all there is."""
        until(self.page, "() => navigator.serviceWorker.ready.then(() => true)")
        self._origin = self.page.evaluate("location.origin")
        self.page.goto("about:blank")
        assert (
            self._worker().evaluate(
                "self.clients.matchAll({ includeUncontrolled: true }).then(all => all.length)"
            )
            == 0
        )

    def is_asked(self, title: str) -> dict[str, Any]:
        """Waits until this question was pushed to a phone without an open page; what stands on the screen."""
        message = self._until(lambda: self._arrived(title), title)
        for _ in range(6):
            self._brings(json.dumps(message))
            for _ in range(100):
                if shown := self._worker().evaluate(IN_WORKER, title):
                    return dict(shown)
                self.page.wait_for_timeout(20)
        raise AssertionError(f"{title!r} was never asked on the phone of {self.name}")

    def presses(self, title: str, action: str) -> list[dict[str, str]]:
        """A button of this message; returns what stands on the screen after it."""
        return list(self._worker().evaluate(PRESSED, [title, action]))

    def _worker(self) -> Worker:
        return self.page.context.service_workers[-1]

    def is_told(self, title: str) -> dict[str, Any]:
        """Waits until this was pushed here; returns what the service worker shows of it."""
        message = self._until(lambda: self._arrived(title), title)
        return self.shows(json.dumps(message), title)

    def shows(self, data: str, title: str = "wijkapp") -> dict[str, Any]:
        """This arrives; returns what the service worker shows of it."""
        until(
            self.page, "() => navigator.serviceWorker.ready.then(() => true)"
        )  # one not yet active hears nothing
        for _ in range(6):  # a push service brings it again until the phone has it; so does this one
            self._brings(data)
            if shown := self._notification(title):
                return shown
        raise AssertionError(f"{title!r} was never shown on the phone of {self.name}")

    def _brings(self, data: str) -> None:
        worker = self._until(lambda: self._workers, "a service worker")[-1]
        self._debugger.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": self._origin or self.page.evaluate("location.origin"),
                "registrationId": worker["registrationId"],
                "data": data,
            },
        )

    def _arrived(self, title: str) -> dict[str, Any] | None:
        messages = [push.message for push in self.service.accepted(self.name)]
        return next((message for message in reversed(messages) if message["title"] == title), None)

    def _until(self, found: Callable[[], Any], what: str) -> Any:
        for _ in range(1500):
            if thing := found():
                return thing
            self.page.wait_for_timeout(20)  # lets the browser's own events through meanwhile
        raise AssertionError(f"no {what} on the phone of {self.name}")

    def _notification(self, title: str, seconds: float = 5) -> dict[str, Any] | None:
        for _ in range(round(seconds / 0.02)):
            if shown := self.page.evaluate(SHOWN, title):
                return dict(shown)
            self.page.wait_for_timeout(20)
        return None
