"""People who talk, in one process: each keeps a line open, says things, and holds what everybody else said.

They do what static/chat.js does: a message has an id of its own and is sent again until the server says yes;
what is known by its id is not shown twice; a number that is missing is asked for; after a lost line one
catches up. In: one JSON line, see `Plan`. Out: "ready", and at the end one JSON line, see `_report`.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import random  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from dataclasses import dataclass, field  # noqa: E402
from typing import Any  # noqa: E402
from uuid import uuid4  # noqa: E402

import gevent  # noqa: E402
import gevent.lock  # noqa: E402
import websocket  # noqa: E402
from gevent.event import AsyncResult, Event  # noqa: E402

WORDS = "Kan iemand morgen de avondroute overnemen? Wij hebben twee zieken en een volle lijst."
PATIENCE = 10.0  # seconds to wait for an answer before one says it again
RETRY = (0.5, 1.0, 2.0, 5.0, 10.0)  # seconds before the next try
SETTLED = 3.0  # seconds after the last one connected
READ_EVERY = 2.0  # seconds between two marks of one reader
GONE = (websocket.WebSocketException, OSError)


@dataclass
class Plan:
    """What is to happen.

    people  [cookie, thread] of each
    rate    messages a second, of all together
    hangups lines that are cut at random moments
    """

    port: int
    people: list[tuple[str, str]]
    rate: float
    seconds: float
    hangups: int = 0
    settle: float = 60  # seconds that may pass until everybody has everything
    reads: bool = True


@dataclass
class World:
    """What happened, by one clock."""

    sent: dict[str, float] = field(default_factory=dict)  # message id -> when its sender let go of it
    accepted: dict[str, int] = field(default_factory=dict)  # message id -> its number, as the server said
    heard: list[float] = field(default_factory=list)  # seconds from sending to another's screen
    reconnects: int = 0
    repeats: int = 0  # said again because no answer came
    refused: list[str] = field(default_factory=list)


class Talker:
    """One person with one thread open."""

    def __init__(self, world: World, port: int, cookie: str, thread: str) -> None:
        self.world, self.port, self.cookie, self.thread = world, port, cookie, thread
        self.shown: dict[int, str] = {}  # number -> message id
        self.wrong: list[str] = []
        self.line: websocket.WebSocket | None = None
        self.up = Event()
        self.answers: dict[int, AsyncResult[Any]] = {}
        self.number = 0
        self.read = 0
        self.catching_up = False
        self.whole = 0  # every number up to this one is shown
        self.timed: set[int] = set()
        self.lock = gevent.lock.RLock()

    # --- the line

    def live(self) -> None:
        """Stay on the line, whatever happens to it."""
        while True:
            try:
                self._connect()
                gevent.spawn(self._joined)
                self._listen()
            except GONE:
                pass
            self.world.reconnects += self.up.is_set()
            self._drop()
            gevent.sleep(random.uniform(0.1, 0.6))

    def _connect(self) -> None:
        line = websocket.create_connection(
            f"ws://127.0.0.1:{self.port}/socket.io/?EIO=4&transport=websocket", cookie=self.cookie, timeout=40
        )
        line.recv()
        line.send("40")
        if not str(line.recv()).startswith("40"):
            raise websocket.WebSocketException("refused")
        self.line = line

    def _joined(self) -> None:
        answer = self.ask("chat.open", {"thread": self.thread})
        if answer and answer.get("ok"):
            self.up.set()
            self.catch_up()

    def _listen(self) -> None:
        while True:
            said = str(self.line.recv()) if self.line else ""
            if not said:
                raise websocket.WebSocketException("closed")
            if said == "2":
                self._write("3")
            elif said.startswith("43"):
                at = said.index("[")
                waiting = self.answers.pop(int(said[2:at]), None)
                if waiting:
                    waiting.set(json.loads(said[at:])[0])
            elif said.startswith('42["chat.message"'):
                self.show(json.loads(said[2:])[1], live=True)

    def _write(self, text: str) -> None:
        with self.lock:
            if self.line is None:
                raise websocket.WebSocketException("no line")
            self.line.send(text)

    def _drop(self) -> None:
        self.up.clear()
        line, self.line = self.line, None
        if line:
            line.shutdown()
        for waiting in self.answers.values():
            waiting.set(None)
        self.answers.clear()

    def cut(self) -> None:
        """The network goes away."""
        if self.line and self.line.sock:
            self.line.sock.close()
            self.line.shutdown()

    def ask(self, event: str, message: dict[str, Any]) -> Any:
        """The answer, or None when there was no line or no answer in time."""
        self.number += 1
        number, waiting = self.number, AsyncResult()
        self.answers[number] = waiting
        try:
            self._write(f"42{number}" + json.dumps([event, message], ensure_ascii=False))
            return waiting.get(timeout=PATIENCE)
        except (*GONE, gevent.Timeout):
            self.answers.pop(number, None)
            return None

    # --- talking

    def say(self) -> None:
        id, tries = str(uuid4()), 0
        self.world.sent[id] = time.time()
        while True:
            self.up.wait()
            answer = self.ask("chat.say", {"thread": self.thread, "id": id, "text": WORDS})
            if answer and answer.get("ok"):
                self.world.accepted[id] = answer["message"]["seq"]
                self.show(answer["message"])
                return
            if answer and answer.get("status") not in {429, 503}:
                self.world.refused.append(str(answer))
                return
            tries += 1
            self.world.repeats += 1
            gevent.sleep(RETRY[min(tries, len(RETRY)) - 1] * random.uniform(0.7, 1.3))

    def show(self, message: dict[str, Any], *, live: bool = False) -> None:
        seq, id = message["seq"], message["id"]
        if self.shown.setdefault(seq, id) != id:
            self.wrong.append(f"number {seq} is {self.shown[seq]} and {id}")
        elif live and id in self.world.sent and seq not in self.timed:
            self.timed.add(seq)
            self.world.heard.append(time.time() - self.world.sent[id])
        if seq > 1 and seq - 1 not in self.shown:
            gevent.spawn(self.catch_up)

    def last(self) -> int:
        """Up to here nothing is missing."""
        while self.whole + 1 in self.shown:
            self.whole += 1
        return self.whole

    def catch_up(self) -> None:
        if self.catching_up:
            return
        self.catching_up = True
        try:
            more = True
            while more:
                news = self.ask("chat.since", {"thread": self.thread, "seq": self.last()})
                if not news or not news.get("ok"):
                    return
                for message in news["messages"]:
                    self.show(message)
                more = news["more"] and bool(news["messages"])
        finally:
            self.catching_up = False

    def keep_reading(self) -> None:
        gevent.sleep(random.uniform(0, READ_EVERY))
        while True:
            if self.up.is_set() and self.last() > self.read:
                seq = self.last()
                if self.ask("chat.read", {"thread": self.thread, "seq": seq}):
                    self.read = seq
            gevent.sleep(READ_EVERY)


def run(plan: Plan, ready: Any = lambda: None) -> dict[str, Any]:
    """Let everybody talk, and hold what each has against what was said."""
    world = World()
    talkers = [Talker(world, plan.port, cookie, thread) for cookie, thread in plan.people]
    for talker in talkers:
        gevent.spawn(talker.live)
        gevent.sleep(0.01)
    for talker in talkers:
        if not talker.up.wait(timeout=60):
            raise SystemExit("somebody was refused")
    if plan.reads:
        for talker in talkers:
            gevent.spawn(talker.keep_reading)
    gevent.sleep(SETTLED)
    world.reconnects = 0
    ready()
    started = time.time()
    for at in sorted(random.uniform(0.05, 0.95) * plan.seconds for _ in range(plan.hangups)):
        gevent.spawn_later(at, lambda: random.choice(talkers).cut())
    saying = []
    for number in range(int(plan.rate * plan.seconds)):
        gevent.sleep(max(0.0, started + number / plan.rate - time.time()))
        saying.append(gevent.spawn(random.choice(talkers).say))
    talked_for = time.time() - started
    gevent.joinall(saying, timeout=plan.settle)
    settled = _settle(talkers, world, plan.settle)
    return _report(world, talkers, talked_for, settled)


def _settle(talkers: list[Talker], world: World, seconds: float) -> bool:
    """Until everybody has every message of their thread."""
    until = time.time() + seconds
    while time.time() < until:
        if len(world.accepted) == len(world.sent) and not _missing(talkers):
            return True
        gevent.sleep(0.5)
        for talker in talkers:
            if talker.last() < max(talker.shown, default=0):
                gevent.spawn(talker.catch_up)
    return False


def _missing(talkers: list[Talker]) -> list[str]:
    said: dict[str, dict[int, str]] = {}
    for talker in talkers:
        said.setdefault(talker.thread, {}).update(talker.shown)
    return [
        f"{talker.thread}: {len(said[talker.thread]) - len(talker.shown)} messages"
        for talker in talkers
        if talker.shown != said[talker.thread]
    ]


def _report(world: World, talkers: list[Talker], talked_for: float, settled: bool) -> dict[str, Any]:
    shown: dict[str, list[str]] = {}
    for talker in talkers:
        if talker.thread not in shown or len(talker.shown) > len(shown[talker.thread]):
            shown[talker.thread] = list(talker.shown.values())
    everything = [id for ids in shown.values() for id in ids]
    return {
        "sent": len(world.sent),
        "accepted": len(world.accepted),
        "rate": len(world.sent) / talked_for,
        "screens": len(world.heard),
        "heard": sorted(world.heard),
        "lost": sorted(set(world.sent) - set(everything)),
        "doubled": len(everything) - len(set(everything)),
        "missing": _missing(talkers),
        "wrong": [one for talker in talkers for one in talker.wrong],
        "refused": world.refused[:5],
        "reconnects": world.reconnects,
        "repeats": world.repeats,
        "settled": settled,
    }


def main() -> None:
    plan = Plan(**json.loads(sys.stdin.readline()))
    _tell(json.dumps(run(plan, lambda: _tell("ready"))))


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
