"""What a push address must look like, and who waits in which line. Plain values only."""

import binascii
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zlib import crc32

LONGEST_ENDPOINT = 1500  # characters; the longest in use, of Windows, are some 700
GIVE_UP_AFTER = timedelta(hours=24)
"""How long to keep trying to reach somebody. Then the news is no news; the ledger says that it failed."""

TRIES_OF_A_LETTER = 12  # some two hours; a log-in link is worth nothing by then

KNOWN_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    "notify.windows.com",
)
OTHER_LANES = 16


@dataclass(frozen=True)
class Address:
    """Where one browser can be pushed to, as it told us itself."""

    endpoint: str
    p256dh: str  # its public key: a point on P-256, URL-safe base64
    auth: str  # 16 secret bytes, URL-safe base64

    @property
    def audience(self) -> str:
        """Scheme, host and, when it is not the usual one, port: who a signature is for (RFC 8292)."""
        parts = urlsplit(self.endpoint)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def lane(self) -> str:
        """Addresses of one push service wait in one line, so that a slow service holds up nobody else's."""
        host = urlsplit(self.endpoint).hostname or ""
        for known in KNOWN_SERVICES:
            if host == known or host.endswith("." + known):
                return known
        return f"other-{crc32(self.audience.encode()) % OTHER_LANES}"


def can_be_pushed_to(address: Address, *, private: bool) -> bool:
    """Is this an address a browser could have given?

    private  also allow http and any port, for a push service on this machine (tests)
    """
    if len(address.endpoint) > LONGEST_ENDPOINT or not address.endpoint.isascii():
        return False
    try:
        parts = urlsplit(address.endpoint)
        port = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or any(c.isspace() for c in address.endpoint):
        return False
    usual = parts.scheme == "https" and port in {None, 443}
    return (usual or (private and parts.scheme in {"http", "https"})) and _keys_fit(address)


def _keys_fit(address: Address) -> bool:
    try:
        point, secret = (_bytes_of(text) for text in (address.p256dh, address.auth))
    except (binascii.Error, ValueError):
        return False
    return len(point) == 65 and point[0] == 4 and len(secret) == 16


def _bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def is_hopeless(happened_at: datetime, moment: datetime) -> bool:
    """Has this been tried for so long that trying again is no use?"""
    return moment - happened_at > GIVE_UP_AFTER


def letter_is_hopeless(attempts: int) -> bool:
    """Has this letter been offered to the mail server often enough?"""
    return attempts >= TRIES_OF_A_LETTER
