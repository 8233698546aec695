"""A phone without a browser: logs in by a link of the demo and opens the live line."""

import re
import socket
import time

import pytest
import urllib3
import websocket

from wijkapp.kit.config import Settings
from wijkapp.people import factors
from wijkapp.people.models import Account


def open_line(
    settings: Settings, port: int, account: Account, receive_buffer: int = 0
) -> websocket.WebSocket:
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


def wait_for(port: int) -> None:
    for _ in range(1000):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail("the server did not start")
