"""Forty phones in one small process: each keeps a live line open and notes when it hears of something.

In: one JSON line, a list of [port, cookie]. Out: "ready", then per thing, once every phone has heard of it,
a JSON line {"about": ..., "last": seconds since 1970}.
"""

import json
import selectors
import sys
import time
from collections import Counter

import websocket


def connect(port: int, cookie: str) -> websocket.WebSocket:
    """An open line, logged in: Engine.IO over a websocket, then Socket.IO's own hello."""
    line = websocket.create_connection(
        f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", cookie=cookie, timeout=10
    )
    line.recv()  # 0: Engine.IO is open
    line.send("40")
    answer = line.recv()
    if not str(answer).startswith("40"):
        raise SystemExit(f"a phone was refused: {answer}")
    return line


def main() -> None:
    lines = [connect(port, cookie) for port, cookie in json.loads(sys.stdin.readline())]
    watching = selectors.DefaultSelector()
    for line in lines:
        watching.register(line.sock, selectors.EVENT_READ, line)
    print("ready", flush=True)
    heard: Counter[str] = Counter()
    while True:
        for key, _events in watching.select():
            said = str(key.data.recv())
            if said == "2":  # are you there?
                key.data.send("3")
            elif said.startswith('42["told"'):
                moment, about = time.time(), json.loads(said[2:])[1]["about"]
                heard[about] += 1
                if heard[about] == len(lines):
                    print(json.dumps({"about": about, "last": moment}), flush=True)


if __name__ == "__main__":
    main()
