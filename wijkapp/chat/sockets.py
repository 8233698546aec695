"""The chat on the live line: join a thread, say, catch up. And telling open pages, for every door of chat.

A page that has a thread open is in room `thread:<id>` and hears `chat.message`, `chat.changed`, `chat.read` and
`chat.acknowledged`; see `as_json` and below for what is in them. Numbers (`seq`) have no gaps: a page that
misses one asks `chat.since`.

Asked by a page: chat.open {thread}, chat.say {thread, id, text, priority?, mentions?, vouched?},
chat.since {thread, seq, shown_from?, as_of?}, chat.read {thread, seq}, chat.acknowledge {id}.
"""

from typing import Any

from wijkapp.chat.service import Line, Read, Said, Yes


def as_json(line: Line) -> dict[str, Any]:
    """A message as pages get it: the same for everybody, so `author_id` tells whether it is one's own."""
    raise NotImplementedError


def tell_message(said: Said) -> None:
    """Open pages get the whole message; other pages of whoever must hear it get `told`. After the commit."""
    raise NotImplementedError


def tell_change(said: Said) -> None:
    """A message was edited or deleted."""
    raise NotImplementedError


def tell_read(read: Read) -> None:
    """An organisation has read further."""
    raise NotImplementedError


def tell_yes(yes: Yes) -> None:
    """An organisation acknowledged."""
    raise NotImplementedError
