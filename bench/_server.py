"""What the figures share: a demo server, one bare page to compare with, and how a figure is printed."""

import gzip
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent
UP_WITHIN = 60  # seconds


def say(
    name: str, value: float, unit: str, *, against: float | None, ratio: float | None, goal: str, met: bool
) -> None:
    """Print one figure as a line of JSON."""
    rounded = {"value": _round(value), "unit": unit, "against": _round(against), "ratio": _round(ratio)}
    print(json.dumps({"name": name, **rounded, "goal": goal, "met": met}), flush=True)


def _round(number: float | None) -> float | None:
    return None if number is None else round(number, 2)


def percentile(values: list[float], part: float) -> float:
    """The value that `part` (0..1) of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


@contextmanager
def demo() -> Iterator[tuple[int, dict[str, str]]]:
    """A demo server on a free port: the port, and the path of the log-in link per name."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="wijkapp-bench-") as instance:
        command = [
            sys.executable,
            "-c",
            "from wijkapp.cli import main; main()",
            "demo",
            "--quiet",
            "--port",
            str(port),
        ]
        with _running(command, port, {"WIJKAPP_INSTANCE": instance}) as said:
            links = re.findall(
                r"^  \S.{22}(.+)\n +http://[^/]+(/demo/in/\S+)", said.read_text(), re.MULTILINE
            )
            yield port, {who.split(",")[0].strip(): path for who, path in links}


@contextmanager
def hello() -> Iterator[int]:
    """One bare Flask page on the same kind of server: the port."""
    port = free_port()
    with _running([sys.executable, __file__, str(port)], port, {}):
        yield port


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: list[str], port: int, settings: dict[str, str]) -> Iterator[Path]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WIJKAPP_")}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("w") as said:
            server = subprocess.Popen(command, cwd=ROOT, env=clean | settings, stdout=said, stderr=said)
        try:
            _wait(server, port, log)
            yield log
        finally:
            server.terminate()
            server.wait()


def _wait(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + UP_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"the server did not start:\n{log.read_text()}")


class Visitor:
    """A browser without a screen: one connection that stays open, and cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, bytes]:
        return self._ask("POST", path, urlencode(fields))

    def log_in(self, link: str) -> None:
        """By a link of the demo."""
        _status, page = self.get(link)
        token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
        status, _page = self.post(link, {"csrf_token": token.group(1).decode() if token else ""})
        if status not in (302, 303):
            raise SystemExit(f"the demo's log-in link answered {status}")

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept": "text/html"}
        headers |= {"Accept-Encoding": "gzip"}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        if answer.headers.get("Content-Encoding") == "gzip":
            page = gzip.decompress(page)
        return answer.status, page


def _serve_hello(port: int) -> None:
    from gevent import monkey

    monkey.patch_all()
    from flask import Flask
    from flask_socketio import SocketIO

    from wijkapp.kit.socket import serve

    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: "<!doctype html><title>Hello</title><p>Hello, world")
    SocketIO(app, async_mode="gevent")
    serve(app, "127.0.0.1", port)


if __name__ == "__main__":
    _serve_hello(int(sys.argv[1]))
