"""chat: 50 messages a second for a minute, 200 people on the line of one process, from sending to screens.

Twenty wijken of ten people, everybody has the thread of the wijk open and marks what was read. Twenty lines
are cut at random moments; nobody may miss or double a word. Against a bare Socket.IO echo with the same
people in the same rooms, just before and just after, so that both meet the same machine. In: seconds (60),
and messages a second (50).
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from _server import _running, free_port, percentile, say  # noqa: E402

from tests import kill_chat  # noqa: E402
from tests.kill_nine import Server  # noqa: E402

WIJKEN, EACH = 20, 10
RATE, SECONDS, HANGUPS = 50, 60, 20
BARE_SECONDS = 20
MOST_MS, MOST_RATIO = 250, 10


def main() -> None:
    asked = [float(one) for one in sys.argv[1:]]
    seconds, rate = (*asked, *(SECONDS, RATE)[len(asked) :])
    with tempfile.TemporaryDirectory(prefix="wijkapp-bench-") as folder, bare() as port:
        server = Server(Path(folder))
        server.migrate()
        links = kill_chat.people_in_wijken(Path(folder), WIJKEN, EACH)
        server.start()
        try:
            people = kill_chat.log_in(server, links)
            before = _talk(port, people, rate=rate, seconds=BARE_SECONDS, reads=False)
            ours = _talk(server.port, people, server, rate=rate, seconds=seconds, hangups=HANGUPS)
            after = _talk(port, people, rate=rate, seconds=BARE_SECONDS, reads=False)
        finally:
            server.close()
        _report(ours | kill_chat.stored(), before["heard"] + after["heard"], rate)


def _busy(server: Server) -> float:
    """Seconds of a processor that the server has used."""
    assert server.process
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _talk(
    port: int, people: list[tuple[str, str]], server: Server | None = None, **plan: Any
) -> dict[str, Any]:
    talking = kill_chat.Talking(port, people, **plan)
    busy = _busy(server) if server else 0
    try:
        result = talking.result()
        return result | {"busy": (_busy(server) - busy) / result["sent"] if server else 0}
    finally:
        talking.stop()


def _report(ours: dict[str, Any], bare: list[float], rate: float) -> None:
    for part in (50, 95, 99):
        value, against = (percentile(times, part / 100) * 1000 for times in (ours["heard"], bare))
        ratio = value / against
        goal = f"< {MOST_MS} ms, ratio <= {MOST_RATIO}" if part == 95 else ""
        met = part != 95 or (value < MOST_MS and ratio <= MOST_RATIO)
        say(f"chat.to_screen.p{part}", value, "ms", against=against, ratio=ratio, goal=goal, met=met)
    say("chat.rate", ours["rate"], "messages/s", against=None, ratio=None, goal=f">= {rate - 1}",
        met=ours["rate"] >= rate - 1)  # fmt: skip
    say("chat.processor", ours["busy"] * 1000, "ms/message", against=None, ratio=None, goal="", met=True)
    faults = kill_chat.faults(ours)
    say("chat.lost_or_doubled", len(faults), "faults", against=None, ratio=None, goal="0", met=not faults)
    keys = ("sent", "accepted", "stored", "screens", "reconnects", "repeats", "doubled")
    sys.stderr.write(json.dumps({name: ours[name] for name in keys}) + "\n")
    if faults:
        sys.stderr.write(json.dumps(faults)[:2000] + "\n")


@contextmanager
def bare() -> Iterator[int]:
    """A bare server to compare with: the port."""
    port = free_port()
    with _running([sys.executable, str(Path(__file__).with_name("_bare_chat.py")), str(port)], port, {}):
        yield port


if __name__ == "__main__":
    main()
