"""A phone that stops reading is dropped, and nobody else notices."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import websocket
from sqlalchemy import Engine

from tests.make import Make
from tests.notify.line import open_line, wait_for
from tests.servers import free_port, serving
from wijkapp.kit.config import Settings
from wijkapp.kit.db import transaction

MESSAGES = 2_500


@pytest.mark.timeout(120)
def test_a_phone_that_does_not_read_is_dropped_and_the_other_hears_everything(
    fresh_database: Callable[[str], Engine], tmp_path: Path
) -> None:
    url = fresh_database("sqlite").url.render_as_string()
    with transaction() as db:
        make = Make(db)
        anna, bram = make.account(), make.account()
    settings = Settings(instance=tmp_path, database_url=url, demo=True)
    port = free_port()
    command = [sys.executable, "-m", "tests.notify.live_server", str(tmp_path), str(port), str(MESSAGES)]
    said = tmp_path / "log"
    with (
        said.open("w") as log,
        serving(command, {"WIJKAPP_DATABASE_URL": url}, stdout=log, stderr=log),
    ):
        wait_for(port)
        good, slow = open_line(settings, port, anna), open_line(settings, port, bram, receive_buffer=4096)
        with closing(good.sock), closing(slow.sock):
            assert _read_everything(good) == list(range(MESSAGES)), "each message once, whole and in order"
            _wait_until(lambda: "dropped a slow phone" in said.read_text())
            assert _was_dropped(slow), "the slow one's line ended"


def _wait_until(what: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.05)


def _read_everything(line: websocket.WebSocket) -> list[int]:
    heard: list[int] = []
    while len(heard) < MESSAGES:
        said = line.recv()
        if said == "2":
            line.send("3")
        elif said.startswith('42["told"'):
            heard.append(int(json.loads(said[2:])[1]["about"].replace("-", ""), 16))
    return heard


def _was_dropped(line: websocket.WebSocket) -> bool:
    """Read what was still on its way, up to the end of the line."""
    line.settimeout(10)
    heard = 0
    try:
        while line.recv():
            heard += 1
    except websocket.WebSocketTimeoutException:
        return False
    except (websocket.WebSocketException, OSError):
        pass
    return heard < MESSAGES
