"""Two servers on one PostgreSQL and one Valkey: whichever takes the news, every open page hears it, once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import websocket
from sqlalchemy import Engine, select

from tests.kill_nine import WIJKAPP
from tests.make import Make
from tests.notify.line import open_line, wait_for
from tests.servers import free_port, serving
from wijkapp.kit import outbox
from wijkapp.kit.config import Settings
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.outbox import Event


@pytest.mark.timeout(120)
def test_news_reaches_open_pages_on_both_servers_once(
    fresh_database: Callable[[str], Engine], redis_url: str, tmp_path: Path
) -> None:
    url = fresh_database("postgresql").url.render_as_string(hide_password=False)
    settings = Settings(instance=tmp_path, database_url=url, redis_url=redis_url, demo=True)
    with transaction() as db:
        make = Make(db)
        people = [make.account() for _ in range(6)]
    with ExitStack() as stack:
        ports = [stack.enter_context(_serving(settings, tmp_path / f"log{number}")) for number in range(2)]
        lines = []
        for number, person in enumerate(people):
            lines.append(open_line(settings, ports[number % 2], person))
            stack.enter_context(closing(lines[-1].sock))

        told = [uuid4() for _ in range(20)]
        for about in told:
            with transaction() as db:
                outbox.record(db, "matching.seen", about=about, to=[person.id for person in people])

        for line in lines:
            assert sorted(_heard(line, len(told))) == sorted(map(str, told))
    with reading() as db:
        assert not db.scalars(select(Event).where(Event.attempts != 1)).all(), "each was claimed once"


def _heard(line: websocket.WebSocket, count: int) -> list[str]:
    heard: list[str] = []
    while len(heard) < count:
        said = line.recv()
        if said == "2":
            line.send("3")
        elif said.startswith('42["told"'):
            heard.append(said.split('"about":"')[1][:36])
    return heard


@contextmanager
def _serving(settings: Settings, log: Path) -> Iterator[int]:
    port = free_port()
    named = {
        "WIJKAPP_INSTANCE": str(settings.instance),
        "WIJKAPP_DATABASE_URL": settings.database_url,
        "WIJKAPP_REDIS_URL": settings.redis_url,
        "WIJKAPP_DEMO": "1",
        "WIJKAPP_PORT": str(port),
    }
    with (
        log.open("w") as said,
        serving([WIJKAPP, "serve", "--no-clock"], named, stdout=said, stderr=said),
    ):
        wait_for(port)
        yield port
