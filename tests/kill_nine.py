"""Kills the server between storing news and telling it, again and again, and looks who missed anything.

    python -m tests.kill_nine [rounds]      50 rounds unless told otherwise

A real server on SQLite, requests posted over HTTP by several people at once, `kill -9` at random moments,
a push service that reads what it gets, and the app's own post box. At the end: every request the server said
it took is there, and everybody it had to tell was told at least once.
"""

import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID, uuid4

import urllib3
from sqlalchemy import func, select

from tests.make import Make, Town
from tests.notify.push_service import PushService
from tests.servers import clean_environment, free_port
from wijkapp.kit import db as kit_db
from wijkapp.kit import letters
from wijkapp.kit.config import Settings
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.outbox import Event
from wijkapp.matching.models import CareRequest, Invitation
from wijkapp.notify import service
from wijkapp.notify.models import PostedMail
from wijkapp.people import factors
from wijkapp.people.models import Account

WIJKAPP = Path(sys.executable).with_name("wijkapp")
PROVIDERS = 24  # every other one has a phone; the rest gets mail
POSTERS = 3
PAUSE = 0.15  # seconds between the requests of one poster: load, but no more than two cores can carry


@dataclass
class Result:
    rounds: int
    accepted: int = 0  # requests the server said it had taken
    stored: int = 0
    events: int = 0
    told: int = 0  # pushes and mails, repeats included
    waiting: set[UUID] = field(default_factory=set)  # events that were stored and not told at a kill
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"kill -9: {self.rounds} times, {self.accepted} requests accepted, {self.events} events, "
            f"{len(self.waiting)} of them waiting at a kill, {self.told} told, "
            f"{self.told - self.events + len(self.lost)} repeats, {len(self.lost)} lost"
        )


class Server:
    """`wijkapp serve` on one instance folder, started and killed many times."""

    def __init__(self, instance: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = (instance / "server.log").open("a")
        self.environment = clean_environment() | {
            "WIJKAPP_INSTANCE": str(instance),
            "WIJKAPP_PORT": str(self.port),
            "WIJKAPP_DEMO": "1",  # for its log-in links
            "WIJKAPP_PUSH_PRIVATE": "1",
            "WIJKAPP_LOG_LEVEL": "warning",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def migrate(self) -> None:
        subprocess.run([WIJKAPP, "migrate"], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [WIJKAPP, "serve", "--no-clock"], env=self.environment, stdout=self.log, stderr=self.log
        )
        with urllib3.PoolManager(retries=False) as http:
            while self.process.poll() is None:  # whoever runs this has the patience
                with suppress(urllib3.exceptions.HTTPError):
                    http.request("GET", f"{self.address}/sw.js")
                    return
                time.sleep(0.05)
        raise RuntimeError(f"the server did not start; see {self.log.name}")

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def close(self) -> None:
        self.kill()
        self.log.close()


class Poster(threading.Thread):
    """Somebody who keeps asking for care, also right after the server came back."""

    def __init__(self, server: Server, account: Account, link: str, pc4: str) -> None:
        super().__init__(daemon=True)
        self.server, self.account, self.link, self.pc4 = server, account, link, pc4
        self.http = urllib3.PoolManager(retries=False, timeout=5)
        self.accepted: list[UUID] = []
        self.cookie, self.token = "", ""
        self.news = threading.Event()
        self.stopping = threading.Event()

    def sign_in(self) -> None:
        page = self._send("GET", self.link)
        self.token = _token(page)
        self._send("POST", self.link, {"csrf_token": self.token})
        self.token = _token(self._send("GET", "/zorgvragen/nieuw"))

    def run(self) -> None:
        while not self.stopping.wait(PAUSE * random.random() * 2):
            with suppress(urllib3.exceptions.HTTPError):
                self.ask()

    def ask(self) -> None:
        form_id = uuid4()
        answer = self._send(
            "POST", "/zorgvragen", _request_form(form_id, self.pc4) | {"csrf_token": self.token}
        )
        if answer.status == 302:
            self.accepted.append(form_id)
            self.news.set()
        else:
            raise RuntimeError(f"a request was refused: {answer.status} {answer.data[:3000].decode()}")

    def _send(self, method: str, path: str, fields: dict[str, str] | None = None) -> urllib3.BaseHTTPResponse:
        answer = self.http.request(
            method,
            self.server.address + path,
            body=urlencode(fields) if fields else None,
            headers={"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"},
            redirect=False,
        )
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return answer


def _token(page: urllib3.BaseHTTPResponse) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page.data.decode())
    if not found:
        raise RuntimeError(f"no page: {page.status} {page.data[:2000].decode()}")
    return found[1]


def _request_form(form_id: UUID, pc4: str) -> dict[str, str]:
    return {
        "form_id": str(form_id),
        "pc4": pc4,
        "products": "verpleging",
        "moments-0": "1",
        "hours": "1",
        "urgency": "today",  # rings at any hour
        "ehealth": "not_suitable",
    }


def run(rounds: int, folder: Path, *, seed: int | None = None) -> Result:
    """Kill the server so many times; what became of everything it took."""
    random.seed(seed)
    server = Server(folder)
    server.migrate()
    settings = Settings(instance=folder, push_private=True, demo=True)
    engine = kit_db.connect(settings.database)
    letters.use(settings.secrets.master)
    result = Result(rounds)
    with PushService() as push:
        posters = _people(server, settings, push)
        try:
            server.start()
            for poster in posters:
                poster.sign_in()
                poster.start()
            for number in range(rounds):
                _one_round(server, random.choice(posters), result)
                _say(f"\rkilled {number + 1} of {rounds}")
            for poster in posters:
                poster.stopping.set()
                poster.join()
            _wait_until_told()
        finally:
            server.close()
            _say("\n")
        _account_for(posters, push, result)
    engine.dispose()
    return result


def _people(server: Server, settings: Settings, push: PushService) -> list[Poster]:
    with transaction() as db:
        make = Make(db)
        town: Town = make.town()
        nurses = [make.provider(town.here).nurse for _ in range(PROVIDERS)]
        referrers = [
            make.account(town.referrer.organisation, *town.referrer.role_set) for _ in range(POSTERS)
        ]
    for nurse in nurses[::2]:
        browser = push.browser(nurse.email, hangs=0.02)
        service.subscribe(settings, nurse, None, browser.address)
    signer = factors.demo_signer(settings)
    return [Poster(server, who, f"/demo/in/{signer.dumps(who.fs_uniquifier)}", "3524") for who in referrers]


def _one_round(server: Server, poster: Poster, result: Result) -> None:
    """Wait until a request is taken, a random moment more, kill, and start again."""
    poster.news.clear()
    poster.news.wait(timeout=10)
    # Mostly within what telling takes, now and then in the quiet after it.
    time.sleep(random.choice((0, random.uniform(0, 0.02), random.uniform(0, 0.1), random.uniform(0, 0.4))))
    server.kill()
    with reading() as db:
        result.waiting |= set(db.scalars(select(Event.id).where(Event.done_at.is_(None))))
    server.start()


def _wait_until_told(seconds: float = 90) -> None:
    """Until nothing waits any more: what was claimed by the dead comes back when its lease ends."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with reading() as db:
            if not db.scalar(select(func.count()).where(Event.done_at.is_(None))):
                return
        time.sleep(0.5)


def _account_for(posters: list[Poster], push: PushService, result: Result) -> None:
    """Hold what was taken against what arrived."""
    accepted = {form_id for poster in posters for form_id in poster.accepted}
    with reading() as db:
        stored = set(db.scalars(select(CareRequest.form_id)))
        events = db.execute(
            select(Event.about_id, Account.email).join(Account, Account.id == Event.to_id)
        ).all()
        mails = db.execute(select(PostedMail.to_address, PostedMail.body)).all()
    got = Counter((one.to, UUID(one.message["tag"])) for one in push.received if one.status < 300)
    got.update((address, UUID(re.findall(r"[0-9a-f-]{36}", body)[-1])) for address, body in mails)
    result.accepted, result.stored, result.events = len(accepted), len(stored), len(events)
    result.told = got.total()
    result.lost += [f"request {form_id} was accepted and is not there" for form_id in accepted - stored]
    result.lost += [f"{who} was not told of {about}" for about, who in events if not got[who, about]]
    result.lost += [f"request {about} told nobody" for about in _untold(events)]


def _untold(events: list[tuple[UUID, str]]) -> set[UUID]:
    """Every stored request rings the providers of its first wave, in the same transaction."""
    with reading() as db:
        requests = set(db.scalars(select(CareRequest.id)))
        rung = Counter(db.scalars(select(Invitation.care_request_id).where(Invitation.rung_at.is_not(None))))
    asked = Counter(about for about, _who in events)
    return {request for request in requests if not rung[request] or asked[request] != rung[request]}


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory(prefix="wijkapp-kill-") as folder:
        started = datetime.now(UTC)
        result = run(rounds, Path(folder))
        sys.stdout.write(f"{result} ({(datetime.now(UTC) - started).total_seconds():.0f} s)\n")
        sys.stdout.writelines(f"{line}\n" for line in result.lost[:20])
    sys.exit(bool(result.lost) or not result.accepted)


if __name__ == "__main__":
    main()
