"""The live line: one Socket.IO server, and handlers that answer with an acknowledgement."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

import structlog
from flask import Flask
from flask_socketio import SocketIO
from pydantic import ValidationError

from wijkapp.kit import catalogues
from wijkapp.kit.errors import Invalid, Refused
from wijkapp.kit.words import gettext

log = structlog.get_logger()

socketio = SocketIO()

guards: list[Callable[[str], None]] = []
"""Asked, with the event's name, before every handler; `app.py` puts the access table here."""

afterwards: list[Callable[[], None]] = []
"""Called after every handler, whatever came of it."""

events: set[str] = set()
"""Every event that has a handler, for the test that each stands in the access table."""


LineHandler = Callable[[str, Any], dict[str, Any]]

line_handlers: dict[str, LineHandler] = {}


def on(name: str) -> Callable[[Callable[[Any], dict[str, Any]]], Callable[[Any], dict[str, Any]]]:
    """Handle this event. A Refused becomes the acknowledgement {"error": sentence, "status": ...}."""

    def register(handler: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
        @wraps(handler)
        def answer(message: Any = None) -> dict[str, Any]:
            try:
                catalogues.listen()
                for guard in guards:
                    guard(name)
                return handler(message)
            except ValidationError:
                return _refused(Invalid())
            except Refused as refused:
                return _refused(refused)
            except Exception:
                # An unanswered message leaves the page waiting for ever; the log has the cause.
                log.exception("socket handler failed", event_name=name)
                return {"error": gettext("Er ging iets mis. Probeer het opnieuw."), "status": 500}
            finally:
                for done in afterwards:
                    done()

        events.add(name)
        socketio.on_event(name, answer)
        return answer

    return register


def on_the_line(name: str) -> Callable[[LineHandler], LineHandler]:
    """Handle this event of a line that is known already, by its Socket.IO id, without asking again who it is.

    For what is told very often and tells nothing back: asking costs ten times as much as doing it.
    """

    def register(handler: LineHandler) -> LineHandler:
        line_handlers[name] = handler
        events.add(name)
        return handler

    return register


def listen_on_the_line() -> None:
    """Let the server that was just made hear these events."""
    for name, handler in line_handlers.items():
        cast(Any, socketio).server.on(name, handler)


def _refused(refused: Refused) -> dict[str, Any]:
    return {"error": str(refused.sentence), "status": refused.status, **refused.details}


def serve(app: Flask, host: str, port: int) -> None:
    """Answer pages and the live line at this address until Ctrl+C: `socketio.run` without its wait.

    gevent sends the headers first and then the page; unless told not to, the system holds the page back until
    the headers have arrived, which costs every page 40 ms. Python raises Ctrl+C in whatever runs at that
    moment; a job of the clock would catch it, and the server would go on.
    """
    import signal
    import socket

    import gevent
    from gevent.pywsgi import WSGIServer
    from geventwebsocket.handler import WebSocketHandler

    listener = WSGIServer.get_listener(
        (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
    )
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # those it accepts inherit this
    server = WSGIServer(listener, app, handler_class=WebSocketHandler, log=None)
    gevent.signal_handler(signal.SIGINT, server.stop)
    server.serve_forever()
