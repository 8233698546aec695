"""The live line: who may connect, what they may hear, and garbage that is answered politely."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.clients.make import Make as MakeClients
from tests.clients.make import seat
from tests.make import Make, Town
from tests.web import Visitor
from wijkapp.clients.service import consent
from wijkapp.kit import time
from wijkapp.kit.outbox import Event
from wijkapp.kit.socket import events, socketio
from wijkapp.notify import sockets
from wijkapp.people.doors import DOORS
from wijkapp.people.models import Account, Device

Line = Any  # flask_socketio.SocketIOTestClient
GARBAGE = [
    None,
    "",
    "request",
    [],
    {},
    7,
    {"kind": "request"},
    {"kind": "request", "id": "x"},
    {"kind": "request", "id": 7},
    {"kind": "account", "id": "0190b5a4-0000-7000-8000-000000000001"},
    {"kind": "request", "id": "0190b5a4-0000-7000-8000-000000000001", "more": 1},
    {"kind": "request", "id": "🙂" * 500},
    {"kind": {"$ne": None}, "id": []},
    {"kind": "request", "id": "0190b5a4-0000-7000-8000-000000000001", "since": "soon"},
    {"kind": "request", "id": "0190b5a4-0000-7000-8000-000000000001", "since": 1e300},
]


@pytest.fixture
def make(db: Session) -> Make:
    return Make(db)


@pytest.fixture
def town(make: Make) -> Town:
    return make.town()


@pytest.fixture
def on_the_line(demo_app: Flask, db: Session) -> Iterator[Callable[[Account | None], Line]]:
    """`on_the_line(account)`: an open page of this person, or of a stranger."""
    sockets.init_app(demo_app, demo_app.config["SETTINGS"])  # another test may have made another app
    made = []

    def connect(account: Account | None, auth: Any = None) -> Line:
        visitor = Visitor(demo_app)
        if account:
            visitor.signs_in(account)
        made.append(socketio.test_client(demo_app, flask_test_client=visitor.client, auth=auth))
        return made[-1]

    yield connect
    for line in made:
        if line.is_connected():
            line.disconnect()
    sockets._callers.clear()


def _watch(line: Line, message: Any) -> dict[str, Any]:
    return dict(line.emit("about.watch", message, callback=True))


def test_a_stranger_is_refused(on_the_line: Callable[..., Line]) -> None:
    assert not on_the_line(None).is_connected()


def test_somebody_who_left_is_refused(on_the_line: Callable[..., Line], make: Make, db: Session) -> None:
    account = make.account()
    line = on_the_line(account)
    assert line.is_connected()
    db.execute(update(Account).values(active=False))
    db.expire_all()
    assert not on_the_line(None).is_connected()
    assert _watch(line, {"kind": "request", "id": str(uuid4())})["status"] == 401


def test_news_goes_to_the_person_it_is_for(on_the_line: Callable[..., Line], make: Make) -> None:
    anna, bram = make.account(), make.account()
    hers, his = on_the_line(anna), on_the_line(bram)
    about = uuid4()

    sockets.tell([Event(name="matching.asked", about_id=about, to_id=anna.id)])

    (told,) = hers.get_received()
    assert told["name"] == "told"
    assert told["args"] == [{"name": "matching.asked", "about": str(about)}]
    assert his.get_received() == []


def test_who_may_see_a_request_may_follow_it_and_who_may_not_hears_nothing(
    on_the_line: Callable[..., Line], make: Make, town: Town
) -> None:
    provider, stranger = make.provider(town.here), make.account()
    request = make.request(town.referrer)
    asker, asked, other = (on_the_line(who) for who in (town.referrer, provider.nurse, stranger))
    wanted = {"kind": "request", "id": str(request.id)}

    assert _watch(asker, wanted) == {"ok": True, "changed": False}
    assert _watch(asked, wanted) == {"ok": True, "changed": False}
    assert _watch(other, wanted)["status"] == 404

    sockets.tell([Event(name="matching.seen", about_id=request.id, to_id=town.referrer.id)])
    changed = {"name": "changed", "args": [{"about": str(request.id)}], "namespace": "/"}
    assert changed in asker.get_received()
    assert asked.get_received() == [changed]
    assert other.get_received() == []


def test_the_parties_of_a_file_hear_at_once_that_the_client_withdrew_and_others_hear_nothing(
    on_the_line: Callable[..., Line], db: Session
) -> None:
    case = MakeClients(db).case(filled=True)
    nurse, planner, carla = (on_the_line(who) for who in (case.nurse, case.planner, case.carla))
    wanted = {"kind": "file", "id": str(case.file_id)}
    assert _watch(nurse, wanted) == _watch(planner, wanted) == {"ok": True, "changed": False}
    assert _watch(carla, wanted)["status"] == 404

    consent.withdraw(case.asker, seat(case.asker), case.file_id)
    sockets.tell(db.scalars(select(Event).where(Event.name == "clients.withdrawn")).all())
    changed = {"name": "changed", "args": [{"about": str(case.file_id)}], "namespace": "/"}
    assert changed in nurse.get_received()
    assert planner.get_received() == [changed]
    assert carla.get_received() == []


def test_what_happened_between_making_the_page_and_opening_the_line_is_told(
    on_the_line: Callable[..., Line], make: Make, town: Town
) -> None:
    provider = make.provider(town.here)
    before = time.now().timestamp()
    request = make.request(town.referrer)
    after = time.now().timestamp()

    late, early = (
        on_the_line(provider.nurse, {"since": before}),
        on_the_line(provider.nurse, {"since": after}),
    )

    assert [one["args"] for one in late.get_received()] == [[{"about": "*"}]]
    assert early.get_received() == []
    wanted = {"kind": "request", "id": str(request.id)}
    assert _watch(late, wanted | {"since": before}) == {"ok": True, "changed": True}
    assert _watch(late, wanted | {"since": after}) == {"ok": True, "changed": False}


@pytest.mark.parametrize("auth", [7, "x", [], {"since": "x"}, {"since": 1e300}, {"more": 1}, {"since": None}])
def test_a_garbled_hello_is_a_hello_without_a_time(
    on_the_line: Callable[..., Line], make: Make, auth: Any
) -> None:
    line = on_the_line(make.account(), auth)
    assert line.is_connected()
    assert line.get_received() == []


@pytest.mark.parametrize("message", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_refused_in_dutch(on_the_line: Callable[..., Line], make: Make, message: Any) -> None:
    answer = _watch(on_the_line(make.account()), message)
    assert answer["status"] == 422
    assert answer["error"]


def test_a_revoked_device_loses_its_line_and_the_others_keep_theirs(
    on_the_line: Callable[..., Line], make: Make, db: Session
) -> None:
    anna, bram = make.account(), make.account()
    hers, his = on_the_line(anna), on_the_line(bram)
    db.execute(update(Device).where(Device.account_id == anna.id).values(revoked_at=time.now()))
    db.expire_all()

    sockets.drop_logged_out()

    assert not hers.is_connected()
    assert his.is_connected()


def test_every_socket_event_stands_in_the_access_table() -> None:
    assert {f"socket:{name}" for name in events | {"connect"}} <= DOORS.keys()


# --- phones that do not keep up (test_live_line.py does it with a real one)


class SlowLine:
    """A connection with so many messages waiting."""

    def __init__(self, sid: str, waiting: int) -> None:
        self.sid, self.closed = sid, False
        self.queue = SimpleNamespace(qsize=lambda: waiting)

    def close(self, **_how: Any) -> None:
        self.closed = True


def test_only_who_lags_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    slow, fine = SlowLine("slow", sockets.QUEUE_CAP + 1), SlowLine("fine", sockets.QUEUE_CAP)
    server = SimpleNamespace(eio=SimpleNamespace(sockets={"slow": slow, "fine": fine}), environ={})
    monkeypatch.setattr(sockets, "_server", lambda: server)

    behind = sockets._drop_slow(set())
    assert not slow.closed, "a burst alone is no reason"
    sockets._drop_slow(behind)

    assert slow.closed
    assert not fine.closed
