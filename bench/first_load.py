"""first_load: bytes over the wire until a phone that was never here shows its first screen, Vandaag.

Counted by Chromium itself (what came in, headers too, still compressed), and beside it the same files
unpacked. `first_load.all` counts at the socket, so it also has what the service worker fetches and the live
line says. LIST=1 names each file.
"""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from _server import Visitor, demo, free_port, say
from playwright.sync_api import Page, sync_playwright

MOST_KB = 100
GOAL = f"<= {MOST_KB} kB"
PHONE = {"width": 360, "height": 740}
QUIET = 2000  # milliseconds after the last file, for the service worker and the live line


class Counter:
    """What Chromium says came in for one page."""

    def __init__(self, page: Page) -> None:
        self.wire = self.unpacked = 0
        self.files: dict[str, int] = {}
        self._urls: dict[str, str] = {}
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.on("Network.responseReceived", self._begun)
        line.on("Network.dataReceived", self._data)
        line.on("Network.loadingFinished", self._ended)

    def _begun(self, event: dict) -> None:
        self._urls[event["requestId"]] = event["response"]["url"]

    def _data(self, event: dict) -> None:
        self.unpacked += event["dataLength"]

    def _ended(self, event: dict) -> None:
        self.wire += event["encodedDataLength"]
        self.files[self._urls.get(event["requestId"], "?")] = event["encodedDataLength"]


def main() -> None:
    with demo() as (port, links), _counted(port) as (counted_port, came_in), sync_playwright() as playwright:
        nurse = Visitor(port)
        nurse.log_in(links["Samira Wolderink"])
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, locale="nl-NL")
        address = f"http://127.0.0.1:{counted_port}"
        context.add_cookies(
            [{"name": name, "value": value, "url": address} for name, value in nurse.cookies.items()]
        )
        page = context.new_page()
        counter = Counter(page)
        page.goto(f"{address}/vandaag", wait_until="load")
        page.wait_for_timeout(QUIET)
        browser.close()
    _tell("first_load", counter.wire, counter.unpacked)
    _tell("first_load.all", came_in[0], counter.unpacked)
    if "LIST" in os.environ:
        for url, size in sorted(counter.files.items(), key=lambda file: -file[1]):
            print(f"{size:8} {url.removeprefix(address)}")


def _tell(name: str, wire: int, unpacked: int) -> None:
    met = wire <= MOST_KB * 1000
    say(name, wire / 1000, "kB", against=unpacked / 1000, ratio=wire / unpacked, goal=GOAL, met=met)


def _chromium() -> str | None:
    """One that is on the machine; None: Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextmanager
def _counted(port: int) -> Iterator[tuple[int, list[int]]]:
    """A port that passes everything on to `port`, and the bytes that came back so far."""
    came_in, outer = [0], free_port()
    listener = socket.create_server(("127.0.0.1", outer))

    def accept() -> None:
        with suppress(OSError):
            while True:
                browser, _address = listener.accept()
                server = socket.create_connection(("127.0.0.1", port))
                for one in (browser, server):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=_pass_on, args=(browser, server, None), daemon=True).start()
                threading.Thread(target=_pass_on, args=(server, browser, came_in), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield outer, came_in
    listener.close()


def _pass_on(source: socket.socket, to: socket.socket, counter: list[int] | None) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            if counter:
                counter[0] += len(data)
            to.sendall(data)
    with suppress(OSError):
        to.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    main()
