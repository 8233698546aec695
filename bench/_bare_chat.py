"""A bare echo to compare the chat with: who opens a thread joins its room, who says something is heard there.

Nothing is stored, nothing is asked, nobody is known. In: the port.
"""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
from collections import Counter  # noqa: E402
from typing import Any  # noqa: E402

from flask import Flask  # noqa: E402
from flask_socketio import SocketIO, emit, join_room  # noqa: E402

from wijkapp.kit.socket import serve  # noqa: E402

app = Flask("bare")
socketio = SocketIO(app, async_mode="gevent", transports=["websocket"])
last: Counter[str] = Counter()

# As much as comes with a message of ours.
REST = {
    "author_id": "0190b5a4-0000-7000-8000-000000000001",
    "author": "Anna de Vries",
    "organisation_id": "0190b5a4-0000-7000-8000-000000000002",
    "organisation": "Thuiszorg Lunetten",
    "priority": False,
    "said_at": "2026-11-24T12:00:00.000000+00:00",
    "edited_at": None,
    "deleted": False,
    "mentions": [],
    "acknowledgements": [],
}


@socketio.on("chat.open")
def open_one(message: dict[str, Any]) -> dict[str, Any]:
    join_room(message["thread"])
    return {"ok": True}


@socketio.on("chat.since")
def since(_message: dict[str, Any]) -> dict[str, Any]:
    return {"ok": True, "messages": [], "more": False}


@socketio.on("chat.say")
def say(message: dict[str, Any]) -> dict[str, Any]:
    last[message["thread"]] += 1
    said = message | REST | {"seq": last[message["thread"]]}
    emit("chat.message", said, to=message["thread"])
    return {"ok": True, "message": said}


if __name__ == "__main__":
    serve(app, "127.0.0.1", int(sys.argv[1]))
