"""A real live line that is kept very busy: everybody who is on it hears of something, all the time.

In: instance folder, port, how many messages. Ends when it is killed.
"""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from uuid import UUID  # noqa: E402

from wijkapp.app import create_app  # noqa: E402
from wijkapp.kit.config import Settings  # noqa: E402
from wijkapp.kit.outbox import Event  # noqa: E402
from wijkapp.kit.socket import socketio  # noqa: E402
from wijkapp.notify import sockets  # noqa: E402

BURST = 25  # messages at once
NAME = "matching." + "x" * 4000  # long, or all of it would fit in the buffers of the network


def _keep_busy(messages: int) -> None:
    while len(sockets._callers) < 2:
        time.sleep(0.05)
    everybody = {account for account, _device in sockets._callers.values()}
    for number in range(0, messages, BURST):
        for offset in range(BURST):
            about = UUID(int=number + offset)
            sockets.tell([Event(name=NAME, about_id=about, to_id=one) for one in everybody])
        time.sleep(0.1)  # no faster than a good phone reads


def main() -> None:
    instance, port, messages = sys.argv[1:]
    settings = Settings(instance=Path(instance), port=int(port), demo=True)
    app = create_app(settings)
    threading.Thread(target=sockets.look_after, args=(threading.Event().wait,), daemon=True).start()
    threading.Thread(target=_keep_busy, args=(int(messages),), daemon=True).start()
    socketio.run(app, host="127.0.0.1", port=settings.port, log_output=False)


if __name__ == "__main__":
    main()
