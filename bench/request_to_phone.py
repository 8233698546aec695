"""request_to_phone: from the moment a request is accepted until the last of forty phones hears of it.

Accepted: whoever asked has the answer that the request was taken. Against a bare Flask-SocketIO server on
gevent that sends the same bytes to the same forty rooms, from just before its first emit. The lines
`from_stored` begin earlier, at the moment in the outbox rows: they hold the commit and the page as well.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from _server import Visitor, _running, free_port, percentile, say  # noqa: E402
from sqlalchemy import select  # noqa: E402

from tests import kill_nine  # noqa: E402
from tests.make import Make  # noqa: E402
from wijkapp.agreements.models import TermsVersion  # noqa: E402
from wijkapp.agreements.rules import Terms  # noqa: E402
from wijkapp.kit import db as kit_db  # noqa: E402
from wijkapp.kit.config import Settings  # noqa: E402
from wijkapp.kit.db import reading, transaction  # noqa: E402
from wijkapp.kit.outbox import Event  # noqa: E402
from wijkapp.kit.time import now  # noqa: E402
from wijkapp.people import factors  # noqa: E402
from wijkapp.people.models import Account  # noqa: E402

PHONES = 40
ROUNDS, WARM_UP = 100, 10
PAUSE = 0.2  # seconds between two requests
MOST_RATIO, MOST_MS = 3, 250
GOAL = f"p95: ratio <= {MOST_RATIO} and < {MOST_MS} ms"


class Phones:
    """The process of `_phones.py`, on one server."""

    def __init__(self, lines: list[tuple[int, str]]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("_phones.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(lines) + "\n")
        self.process.stdin.flush()
        self.heard = self.process.stdout
        if self.heard.readline() != "ready\n":
            raise SystemExit("the phones did not connect")

    def last(self) -> tuple[str, float]:
        """What the last phone heard, and when (seconds since 1970)."""
        told = json.loads(self.heard.readline())
        return told["about"], told["last"]

    def hang_up(self) -> None:
        self.process.kill()
        self.process.wait()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="wijkapp-bench-") as folder, bare() as bare_port:
        server = kill_nine.Server(Path(folder))
        server.migrate()
        nurses, referrer = _people(server, Path(folder))
        server.start()
        phones, bare_phones = None, None
        try:
            phones = Phones([(server.port, _cookie_of(server.port, link)) for link in nurses])
            bare_phones = Phones([(bare_port, f"room={number}") for number in range(PHONES)])
            _measure(referrer, phones, Visitor(bare_port), bare_phones)
        finally:
            for one in (phones, bare_phones):
                if one:
                    one.hang_up()
            server.kill()


def _people(server: kill_nine.Server, folder: Path) -> tuple[list[str], kill_nine.Poster]:
    """Forty contact persons in one wijk, as log-in links, and somebody who asks."""
    settings = Settings(instance=folder, demo=True)
    kit_db.connect(settings.database)
    with transaction() as db:
        make = Make(db)
        town = make.town()
        nurses = [make.provider(town.here).nurse for _ in range(PHONES)]
        # All forty at once: no chance is good enough to let some of them wait.
        everybody = Terms(wanted_chance=1.0)
        db.add(
            TermsVersion(
                wijk_id=town.here.id,
                valid_from=now() - timedelta(days=1),
                clauses=everybody,
                made_by_id=nurses[0].id,
                made_at=now(),
            )
        )
    signer = factors.demo_signer(settings)

    def link(account: Account) -> str:
        return f"/demo/in/{signer.dumps(account.fs_uniquifier)}"

    asker = kill_nine.Poster(server, town.referrer, link(town.referrer), "3524")
    return [link(nurse) for nurse in nurses], asker


def _cookie_of(port: int, link: str) -> str:
    visitor = Visitor(port)
    visitor.log_in(link)
    return "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())


def _measure(asker: kill_nine.Poster, phones: Phones, bare_visitor: Visitor, bare_phones: Phones) -> None:
    """Ours and bare by turns, so that both meet the same machine."""
    asker.sign_in()
    accepted: list[float] = []
    stored: list[float] = []
    bare_times: list[float] = []
    for number in range(ROUNDS + WARM_UP):
        time.sleep(random.uniform(0.5, 1.5) * PAUSE)
        _status, sent = bare_visitor.get(f"/tell/{uuid4()}")
        bare_took = bare_phones.last()[1] - float(sent)
        time.sleep(random.uniform(0.5, 1.5) * PAUSE)
        asker.ask()
        answered = time.time()
        about, last = phones.last()
        if number >= WARM_UP:
            bare_times.append(bare_took * 1000)
            accepted.append((last - answered) * 1000)
            stored.append((last - _stored_at(about)) * 1000)
    for part in (50, 95):
        value, against = percentile(accepted, part / 100), percentile(bare_times, part / 100)
        ratio = value / against
        met = ratio <= MOST_RATIO and value < MOST_MS
        say(f"request_to_phone.p{part}", value, "ms", against=against, ratio=ratio, goal=GOAL, met=met)
        value = percentile(stored, part / 100)
        say(
            f"request_to_phone.from_stored.p{part}",
            value,
            "ms",
            against=against,
            ratio=value / against,
            goal=f"< {MOST_MS} ms",
            met=value < MOST_MS,
        )


def _stored_at(about: str) -> float:
    with reading() as db:
        return (
            db.scalars(select(Event.happened_at).where(Event.about_id == UUID(about)).limit(1))
            .one()
            .timestamp()
        )


@contextmanager
def bare() -> Iterator[int]:
    """A bare server to compare with: the port."""
    port = free_port()
    with _running([sys.executable, str(Path(__file__).with_name("_bare_live.py")), str(port)], port, {}):
        yield port


if __name__ == "__main__":
    main()
