"""Kills the server while people talk, again and again, and looks whether anybody misses or doubles a word.

    python -m tests.kill_chat [kills]      5 kills unless told otherwise

A real server on SQLite with wijken full of people, `kill -9` at random moments, lines that are cut as well.
`bench/chat.py` uses the same people.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import urllib3
from sqlalchemy import func, select

from tests.kill_nine import Server, _token
from tests.make import Make
from wijkapp.chat.models import Message, Thread
from wijkapp.kit import db as kit_db
from wijkapp.kit.config import Settings
from wijkapp.kit.db import reading, transaction
from wijkapp.people import factors
from wijkapp.people.models import Account

EVERY = 6.0  # seconds between two kills, about


def people_in_wijken(folder: Path, wijken: int, each: int) -> list[tuple[str, str]]:
    """So many wijken with so many people each, of two providers: log-in link and thread of every person."""
    settings = Settings(instance=folder, demo=True)
    kit_db.connect(settings.database)
    found: list[tuple[Account, UUID]] = []
    with transaction() as db:
        make = Make(db)
        make.product()
        for number in range(wijken):
            wijk = make.wijk(f"Wijk {number}")
            providers = [make.provider(wijk) for _ in range(2)]
            found += [(one.nurse, wijk.id) for one in providers]
            for extra in range(each - 2):
                found.append((make.account(providers[extra % 2].organisation), wijk.id))
    signer = factors.demo_signer(settings)
    return [(f"/demo/in/{signer.dumps(one.fs_uniquifier)}", str(thread)) for one, thread in found]


def log_in(server: Server, people: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The cookie in place of the link."""
    found = []
    for link, thread in people:
        with urllib3.PoolManager(retries=False) as http:
            page = http.request("GET", server.address + link)
            cookie = page.headers["Set-Cookie"].split(";")[0]
            entered = http.request_encode_body(
                "POST", server.address + link, {"csrf_token": _token(page)}, {"Cookie": cookie},
                encode_multipart=False, redirect=False,
            )  # fmt: skip
            found.append((entered.headers["Set-Cookie"].split(";")[0], thread))
    return found


class Talking:
    """The process of `tests.talkers`."""

    def __init__(self, port: int, people: list[tuple[str, str]], **plan: Any) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.talkers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
            text=True,
        )
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"port": port, "people": people} | plan) + "\n")
        self.process.stdin.flush()
        assert self.process.stdout
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("the talkers did not connect")

    def result(self) -> dict[str, Any]:
        """What became of it, once they are done."""
        assert self.process.stdout
        told = self.process.stdout.readline()
        self.stop()
        return dict(json.loads(told))

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()


def run(
    kills: int, folder: Path, *, wijken: int = 5, each: int = 8, rate: float = 15, seed: int | None = None
) -> dict[str, Any]:
    """Kill the server so many times while they talk; what became of everything that was said."""
    random.seed(seed)
    server = Server(folder)
    server.migrate()
    links = people_in_wijken(folder, wijken, each)
    server.start()
    talking = None
    try:
        people = log_in(server, links)
        talking = Talking(server.port, people, rate=rate, seconds=kills * EVERY + 4, hangups=3 * kills)
        for _ in range(kills):
            time.sleep(random.uniform(0.5, 1.0) * EVERY - 1.5)  # starting again takes a while
            server.kill()
            server.start()
        result = talking.result()
    finally:
        if talking:
            talking.stop()
        server.close()
    return result | {"kills": kills} | stored()


def stored() -> dict[str, Any]:
    """What is in the database: every thread numbers its messages 1, 2, 3 … without a gap."""
    with reading() as db:
        counted = db.execute(
            select(Thread.last_seq, func.count(), func.max(Message.seq))
            .join(Message, Message.thread_id == Thread.id)
            .group_by(Thread.id, Thread.last_seq)
        ).all()
    return {
        "stored": sum(count for _last, count, _most in counted),
        "gaps": [tuple(row) for row in counted if len(set(row)) != 1],
    }


def faults(result: dict[str, Any]) -> dict[str, Any]:
    """Everything that may not be."""
    wrong = {name: result[name] for name in ("lost", "doubled", "missing", "wrong", "refused", "gaps")}
    wrong["unanswered"] = result["sent"] - result["accepted"]
    wrong["too many or few"] = result["stored"] - result["sent"]
    return {name: what for name, what in wrong.items() if what}


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory(prefix="wijkapp-kill-chat-") as folder:
        result = run(kills, Path(folder))
    sys.stdout.write(
        f"kill -9: {kills} times while {result['sent']} messages were said, {result['repeats']} said again, "
        f"{result['reconnects']} lines lost, {result['stored']} stored, "
        f"{len(result['lost'])} lost, {result['doubled']} doubled\n"
    )
    sys.stdout.writelines(f"{name}: {str(what)[:400]}\n" for name, what in faults(result).items())
    sys.exit(bool(faults(result)) or not result["sent"])


if __name__ == "__main__":
    main()
