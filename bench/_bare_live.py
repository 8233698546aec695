"""A bare live server: who connects joins a room, and one page tells all forty rooms. In: the port."""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
import time  # noqa: E402

from flask import Flask, request  # noqa: E402
from flask_socketio import SocketIO, join_room  # noqa: E402

ROOMS = 40

app = Flask("bare")
socketio = SocketIO(app, async_mode="gevent", transports=["websocket"])


@socketio.on("connect")
def connect(_auth: object = None) -> None:
    join_room(request.cookies["room"])


@app.get("/tell/<about>")
def tell(about: str) -> str:
    sent = time.time()
    for room in range(ROOMS):
        socketio.emit("told", {"name": "matching.asked", "about": about}, to=str(room))
    return str(sent)


if __name__ == "__main__":
    socketio.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_output=False)
