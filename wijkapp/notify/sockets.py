"""The live line: who may connect, which rooms they hear, and what happens to a phone that does not keep up.

Rooms: `account:<id>` (joined at connecting), `about:<id>` and, in `chat`, `thread:<id>` (joined after a
service allowed it).
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Literal, cast
from uuid import UUID

import structlog
from flask import Flask, request
from flask_socketio import emit, join_room
from gevent import monkey
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from socketio.exceptions import ConnectionRefusedError as LineRefused

from wijkapp.chat import sockets as chat
from wijkapp.clients import service as clients
from wijkapp.kit import time
from wijkapp.kit.config import Settings
from wijkapp.kit.errors import NotSignedIn, Refused
from wijkapp.kit.outbox import Event
from wijkapp.kit.socket import guards, listen_on_the_line, on, socketio
from wijkapp.matching import service as matching
from wijkapp.notify import service
from wijkapp.people import session
from wijkapp.people.models import Account

log = structlog.get_logger()

QUEUE_CAP = 100
"""Messages waiting for one phone. Whoever is further behind is dropped: it connects and fetches afresh."""

PING = 20  # seconds between pings
PATIENCE = 15  # seconds a phone may take to answer one
GREETING = timedelta(seconds=10)  # to log in on a line that was opened

LONGEST_MESSAGE = (
    16 * 1024
)  # bytes; a chat message may be 2,000 characters of 4, and must be told it is too long

_callers: dict[str, tuple[UUID, UUID | None]] = {}
"""Who is on the line in this process: Socket.IO id -> account and device."""


def init_app(app: Flask, settings: Settings) -> None:
    """Give this app its live line. Websocket only, so several processes need no sticky sessions."""
    live = cast(Any, socketio)
    live.server_options.clear()  # what an earlier app of this process was given
    live.init_app(
        app,
        async_mode="gevent" if monkey.is_module_patched("socket") else "threading",
        transports=["websocket"],
        message_queue=settings.redis_url or None,
        manage_session=False,
        ping_interval=PING,
        ping_timeout=PATIENCE,
        max_http_buffer_size=LONGEST_MESSAGE,
    )
    listen_on_the_line()


@socketio.on("connect")
def connect(auth: Any = None) -> None:
    """Somebody opens a page. Strangers are refused. News of just before the line was there is told now."""
    try:
        for guard in guards:
            guard("connect")
        account = _caller()
    except Refused as refused:
        raise LineRefused(str(refused.sentence)) from None
    _limit_waiting(request.environ)
    _callers[request.sid] = (account.id, session.current_device_id())  # type: ignore[attr-defined]
    join_room(f"account:{account.id}")
    made_at = _made_at(auth)
    if made_at and service.told_since(account.id, made_at):
        emit("changed", {"about": "*"})


def _made_at(auth: Any) -> datetime | None:
    """When the page was made; None when it does not say so in words we know."""
    try:
        return Hello.model_validate(auth).since
    except ValidationError:
        return None


def _caller() -> Account:
    """Who is on the line. A device that was revoked after it connected is refused."""
    account = session.current_account()
    if account is None or not account.active:
        raise NotSignedIn
    return account


@socketio.on("disconnect")
def disconnect(_reason: Any = None) -> None:
    _callers.pop(request.sid, None)  # type: ignore[attr-defined]
    chat.hung_up(request.sid)  # type: ignore[attr-defined]


class Hello(BaseModel):
    """since: when the server made the page, in seconds since 1970; UTC."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime | None = None


class Watch(Hello):
    """Which thing a page wants to hear of."""

    kind: Literal["request", "file"]
    id: UUID


_MAY_WATCH: dict[str, Callable[[Account, UUID], object]] = {
    "request": lambda actor, id: matching.watch(actor, id),
    "file": lambda actor, id: clients.watch(actor, id),
}
"""Kind -> the service that refuses whoever may not hear of it."""


@on("about.watch")
def watch(message: Any) -> dict[str, Any]:
    """A page about one thing is open: it hears every change. The room that owns the thing decides who may."""
    wanted = Watch.model_validate(message)
    _MAY_WATCH[wanted.kind](_caller(), wanted.id)
    join_room(f"about:{wanted.id}")
    missed = wanted.since and service.changed_since(wanted.id, wanted.since)
    return {"ok": True, "changed": bool(missed)}


def tell(events: Iterable[Event]) -> None:
    """Tell every open page at once; ids only, the page fetches what its reader may see."""
    changed = dict.fromkeys(event.about_id for event in events)
    for event in events:
        socketio.emit("told", {"name": event.name, "about": str(event.about_id)}, to=f"account:{event.to_id}")
    for about in changed:
        socketio.emit("changed", {"about": str(about)}, to=f"about:{about}")


# --- who stays on the line


def _server() -> Any:
    """The Socket.IO server itself; the types of Flask-SocketIO do not know it."""
    return cast(Any, socketio).server


def look_after(stopped: Callable[[float], bool]) -> None:
    """Look at every line now and then, until stopped.

    Every second: drop who lags or never logged in, and store what was read. Every half minute: drop who was
    logged out meanwhile, and let nobody listen to a thread that is no longer theirs.

    stopped  waits so many seconds and says whether to stop
    """
    opened: dict[str, Any] = {}
    behind: set[str] = set()
    rounds = 0
    while not stopped(1.0):
        try:
            behind = _drop_slow(behind)
            _drop_nameless(opened)
            chat.write_marks()
            rounds += 1
            if rounds % 30 == 0:
                drop_logged_out()
                chat.show_out()
        except Exception:
            log.exception("looking after the live line failed")


def drop_logged_out() -> None:
    """End the line of every device that was revoked and of everybody who may no longer log in."""
    here = dict(_callers)
    welcome = service.still_welcome(set(here.values()))
    for sid, caller in here.items():
        if caller not in welcome:
            _server().disconnect(sid, ignore_queue=True)


def _drop_slow(behind: set[str]) -> set[str]:
    """Drop who was behind a second ago and still is; returns who is behind now. A burst is no reason."""
    lines = {sid: line for sid, line in list(_server().eio.sockets.items()) if not line.closed}
    slow = {sid for sid, line in lines.items() if line.queue.qsize() > QUEUE_CAP}
    for sid in slow & behind:
        log.warning("dropped a slow phone", waiting=lines[sid].queue.qsize())
        _hang_up(lines[sid])
    return slow - behind


def _drop_nameless(opened: dict[str, Any]) -> None:
    """Whoever opens a line and never says who he is, or was refused, holds it no longer than GREETING."""
    lines = _server().eio.sockets
    named = {_server().manager.eio_sid_from_sid(sid, "/") for sid in list(_callers)}
    for gone in opened.keys() - lines.keys():
        del opened[gone]
    for eio_sid, line in list(lines.items()):
        since = opened.setdefault(eio_sid, time.now())
        if eio_sid not in named and time.now() - since > GREETING:
            _hang_up(line)


def _hang_up(line: Any) -> None:
    """Close the connection itself: a writer that waits for a full send buffer sees no polite goodbye."""
    environ = _server().environ.get(line.sid, {})
    line.close(wait=False, abort=True)
    websocket = environ.get("wsgi.websocket")
    stream = getattr(websocket, "stream", None)
    if stream is not None:
        stream.handler.socket.close()


def _limit_waiting(environ: dict[str, Any]) -> None:
    """Silence, or a write that is stuck, ends the line: gevent-websocket itself waits for ever."""
    stream = getattr(environ.get("wsgi.websocket"), "stream", None)
    if stream is not None:
        stream.handler.socket.settimeout(PING + PATIENCE + 5)
