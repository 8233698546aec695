"""Tickets: what somebody may do with one tap, without being logged in. Signed, for one purpose, with an end.

A ticket is no secret kept anywhere: it says itself what it is for, and the signature proves that we made it.
What it may be used for once is up to the room: it claims a row.
"""

import hmac
import json
from datetime import UTC, datetime
from hashlib import sha256

from wijkapp.kit import crypto
from wijkapp.kit.errors import Refused
from wijkapp.kit.words import lazy as _

LONGEST = 600  # characters of a ticket; ours are some 200
SIGNATURE = 16  # bytes: 128 bits of HMAC-SHA256 (RFC 2104 section 5)

_key: bytes | None = None


class NoTicket(Refused):
    """Not made by us, or for something else."""

    status = 404
    sentence = _("Deze link of knop werkt niet. Open wijkapp en kijk daar.")


class TicketIsOver(Refused):
    """Its time is up."""

    status = 410
    sentence = _("Deze knop werkt niet meer, want de herinnering is te oud. Open wijkapp en kijk daar.")


def use(master: crypto.MasterKey) -> None:
    """Sign tickets with this installation's key from now on, in this process."""
    global _key
    _key = master.derive("tickets")


def write(purpose: str, words: tuple[str, ...], until: datetime) -> str:
    """A ticket that says these words, as URL-safe text.

    purpose  name of the one thing it is for, as in "capacity.tap"
    until    aware; from that second on it is over
    """
    return _signed(purpose, json.dumps([int(until.timestamp()), *words], separators=(",", ":")).encode())


def read(purpose: str, ticket: str, moment: datetime) -> tuple[str, ...]:
    """What it says. Raises NoTicket, TicketIsOver."""
    try:
        body = crypto.from_text(ticket[:LONGEST].partition(".")[0])
        ours = hmac.compare_digest(ticket.encode(), _signed(purpose, body).encode())
    except ValueError:  # no base64
        raise NoTicket from None
    if not ours:
        raise NoTicket
    until, *words = json.loads(body)
    if moment >= datetime.fromtimestamp(until, UTC):
        raise TicketIsOver
    return tuple(words)


def _signed(purpose: str, body: bytes) -> str:
    if _key is None:
        raise RuntimeError("no key for tickets yet: call kit.tickets.use first")
    # The purpose is signed too, so that a ticket for one thing never does another.
    signature = hmac.digest(_key, purpose.encode() + b"\0" + body, sha256)[:SIGNATURE]
    return f"{crypto.to_text(body)}.{crypto.to_text(signature)}"
