"""Web push: encrypt (RFC 8291), sign (RFC 8292), post (RFC 8030), and say what became of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from socket import socket
from uuid import UUID

import urllib3
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from webpush import WebPush, WebPushSubscription
from webpush.types import WebPushKeys

from wijkapp.kit import crypto, time
from wijkapp.kit.config import Settings
from wijkapp.notify.rules import Address
from wijkapp.notify.saying import Haste

MOST_BYTES = 3993
"""Of the text: encrypted it then fits the 4096 bytes that each push service takes (RFC 8291 section 4)."""

TOKEN_LASTS = timedelta(hours=12)  # RFC 8292: at most 24 hours
LONGEST_WAIT = timedelta(hours=6)  # whatever a push service asks for
TIMEOUT = urllib3.Timeout(connect=4, read=6)  # seconds


class Outcome(StrEnum):
    DELIVERED = "delivered"
    RETIRED = "retired"  # the push service says: this subscription is gone
    REFUSED = "refused"  # it will never take this; trying again is no use
    FAILED = "failed"  # not now


@dataclass(frozen=True)
class Sent:
    """What became of one message. wait: how long the other side asks to be left alone."""

    outcome: Outcome
    why: str = ""
    wait: timedelta | None = None


@dataclass(frozen=True)
class Message:
    """What a phone shows. No person, no care: a locked screen may be read by anybody."""

    title: str
    body: str
    url: str
    about: UUID
    haste: Haste
    ttl: timedelta
    language: str = "nl"  # ISO 639-1, of the words: a phone that reads aloud asks
    buttons: Mapping[str, object] | None = None  # what sw.js needs to answer without opening the app

    def payload(self) -> bytes:
        shown: dict[str, object] = {"title": self.title, "body": self.body, "lang": self.language}
        shown |= {"url": self.url, "tag": str(self.about), **(self.buttons or {})}
        return json.dumps(shown, ensure_ascii=False).encode()


class PrivateAddress(urllib3.exceptions.HTTPError):
    """A subscription that leads into our own network is no push service."""


@dataclass
class Pusher:
    """Sends messages for one installation. Safe to use from many threads or greenlets at once."""

    settings: Settings
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)  # audience -> header, good until

    def __post_init__(self) -> None:
        self._encrypter = _encrypter(self.settings.secrets.vapid)
        self._http = urllib3.PoolManager(
            num_pools=50, maxsize=32, block=False, retries=False, timeout=TIMEOUT
        )
        if not self.settings.push_private:
            self._http.pool_classes_by_scheme = {"https": _PublicHttpsPool, "http": _PublicHttpPool}

    def send(self, to: Address, message: Message) -> Sent:
        """Post one message to one browser's push service. Takes at most about 10 seconds, never raises."""
        text = message.payload()
        if len(text) > MOST_BYTES:
            return Sent(Outcome.REFUSED, "too long")
        try:
            body = self._encrypted(text, to)
        except ValueError:
            return Sent(Outcome.RETIRED, "keys that are none")
        try:
            answer = self._http.request(
                "POST", to.endpoint, body=body, headers=self._headers(to, message), redirect=False
            )
        except PrivateAddress:
            return Sent(Outcome.RETIRED, "private address")
        except (urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
            return Sent(Outcome.FAILED, type(error).__name__)
        return _read(answer)

    def _encrypted(self, text: bytes, to: Address) -> bytes:
        """Raises ValueError when the browser's keys are none."""
        keys = WebPushKeys(auth=to.auth, p256dh=to.p256dh)
        browser = WebPushSubscription(endpoint=to.endpoint, keys=keys)
        return self._encrypter.get(text, browser, subscriber=self.settings.mail_from).encrypted

    def _headers(self, to: Address, message: Message) -> dict[str, str]:
        return {
            "Authorization": self._authorization(to.audience),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(message.ttl.total_seconds())),
            "Urgency": message.haste.value,
            # A phone that was off hears the latest about one thing, not the whole story.
            "Topic": crypto.to_text(message.about.bytes),
        }

    def _authorization(self, audience: str) -> str:
        """The signed header for this push service; one signature serves for hours."""
        now = time.now().timestamp()
        header, good_until = self._tokens.get(audience, ("", 0.0))
        if now > good_until:
            expires = int(now + TOKEN_LASTS.total_seconds())
            header = vapid_header(self.settings.secrets.vapid, audience, expires, self.settings.mail_from)
            self._tokens[audience] = header, now + TOKEN_LASTS.total_seconds() / 2
        return header


def _read(answer: urllib3.BaseHTTPResponse) -> Sent:
    """What a push service's status means (RFC 8030 section 5 and 7.3)."""
    status = answer.status
    if 200 <= status < 300:
        return Sent(Outcome.DELIVERED)
    if status in {404, 410}:
        return Sent(Outcome.RETIRED, str(status))
    if status in {408, 425, 429} or status >= 500:
        return Sent(Outcome.FAILED, str(status), _asked_to_wait(answer.headers.get("Retry-After")))
    if status == 413:
        return Sent(Outcome.REFUSED, str(status))
    return Sent(Outcome.RETIRED, str(status))


def _asked_to_wait(header: str | None) -> timedelta | None:
    """Retry-After: seconds, or a date."""
    if not header:
        return None
    try:
        wait = (
            timedelta(seconds=int(header))
            if header.strip().isdigit()
            else parsedate_to_datetime(header) - time.now()
        )
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


# --- encryption, and who we are to a push service


def _encrypter(key: ec.EllipticCurvePrivateKey) -> WebPush:
    """`webpush` for its encryption alone; its own signature drops ports, so we make ours."""
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return WebPush(private_key=private, public_key=public)


def vapid_header(key: ec.EllipticCurvePrivateKey, audience: str, expires: int, contact: str) -> str:
    """The Authorization header of RFC 8292.

    audience  scheme and host of the push service, with the port when it is not the usual one
    expires   seconds since 1970
    contact   mail address of whoever hosts this installation
    """
    claims = {"aud": audience, "exp": expires, "sub": f"mailto:{contact}"}
    signed = ".".join(
        crypto.to_text(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = crypto.to_text(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={public_key(key)}"


@lru_cache(maxsize=1)
def public_key(key: ec.EllipticCurvePrivateKey) -> str:
    """The key a browser subscribes with: a point on P-256, as URL-safe text."""
    point = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return crypto.to_text(point)


# --- only to the outside world


class _Public:
    """Looks at where a connection really went: no trick with names leads a push into our own network."""

    def _new_conn(self) -> socket:
        line: socket = super()._new_conn()  # type: ignore[misc]
        address = ip_address(line.getpeername()[0])
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if not address.is_global or address.is_multicast:
            line.close()
            raise PrivateAddress
        return line


class _PublicHttp(_Public, HTTPConnection):
    pass


class _PublicHttps(_Public, HTTPSConnection):
    pass


class _PublicHttpPool(HTTPConnectionPool):
    ConnectionCls = _PublicHttp


class _PublicHttpsPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHttps
