"""A phone that stops reading is dropped, and nobody else notices."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import urllib3
import websocket
from sqlalchemy import Engine

from tests.make import Make
from tests.servers import clean_environment, free_port
from wijkapp.kit.config import Settings
from wijkapp.kit.db import transaction
from wijkapp.people import factors
from wijkapp.people.models import Account

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
    environment = clean_environment() | {"WIJKAPP_DATABASE_URL": url}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(port)
        good, slow = _line(settings, port, anna), _line(settings, port, bram, receive_buffer=4096)
        with closing(good.sock), closing(slow.sock):
            assert _read_everything(good) == list(range(MESSAGES)), "each message once, whole and in order"
            time.sleep(2.5)  # two looks at who is behind
            assert "dropped a slow phone" in (tmp_path / "log").read_text()
            assert _was_dropped(slow), "the slow one's line ended"
    finally:
        server.kill()
        server.wait()


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


def _line(settings: Settings, port: int, account: Account, receive_buffer: int = 0) -> websocket.WebSocket:
    options = [(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)] if receive_buffer else []
    line = websocket.create_connection(
        f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
        cookie=_cookie(settings, port, account),
        timeout=30,
        sockopt=options,
    )
    line.recv()
    line.send("40")
    assert line.recv().startswith("40")
    return line


def _cookie(settings: Settings, port: int, account: Account) -> str:
    link = f"http://127.0.0.1:{port}/demo/in/{factors.demo_signer(settings).dumps(account.fs_uniquifier)}"
    with urllib3.PoolManager() as http:
        page = http.request("GET", link)
        token = re.search(r'name="csrf-token" content="([^"]+)"', page.data.decode())
        assert token
        headers = {"Cookie": page.headers["Set-Cookie"].split(";")[0]}
        entered = http.request_encode_body(
            "POST", link, {"csrf_token": token[1]}, headers, encode_multipart=False, redirect=False
        )
        return entered.headers["Set-Cookie"].split(";")[0]


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail("the live server did not start")
