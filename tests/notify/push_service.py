"""A push service on this machine: takes web pushes as the real ones do, and reads them as a browser would."""

import json
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import urandom
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from wijkapp.notify.rules import Address


@dataclass
class Browser:
    """A subscribed browser with its own keys. answers: statuses to give in turn; the last one stays."""

    name: str
    base: str
    answers: list[int] = field(default_factory=lambda: [201])
    retry_after: str | None = None
    hangs: float = 0  # seconds before it answers
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: urandom(16))

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def address(self) -> Address:
        return Address(f"{self.base}/push/{self.name}", _text(self.point), _text(self.auth))

    def as_json(self) -> dict[str, Any]:
        """What `PushSubscription.toJSON()` gives."""
        keys = {"p256dh": self.address.p256dh, "auth": self.address.auth}
        return {"endpoint": self.address.endpoint, "expirationTime": None, "keys": keys}

    def decrypt(self, body: bytes) -> dict[str, Any]:
        """RFC 8188 and 8291, from the browser's side. Raises when it was not encrypted for this browser."""
        salt, sender, sealed = body[:16], body[21 : 21 + body[20]], body[21 + body[20] :]
        other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), other)
        secret = _hkdf(self.auth, shared, b"WebPush: info\0" + self.point + sender, 32)
        key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        return dict(json.loads(plain.rstrip(b"\0").removesuffix(b"\x02")))


@dataclass(frozen=True)
class Push:
    """One message as it came in."""

    to: str
    at: float  # monotonic seconds
    headers: dict[str, str]
    message: dict[str, Any]
    status: int


class PushService:
    """`with PushService() as service:` serves on a free port of 127.0.0.1."""

    def __init__(self) -> None:
        self.browsers: dict[str, Browser] = {}
        self.received: list[Push] = []
        self._asked: dict[str, int] = defaultdict(int)
        self._lock, self._over = threading.Lock(), threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.service = self
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "PushService":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def hangs_no_more(self) -> None:
        """Whoever still waits is answered: no thread outlives the test."""
        self._over.set()

    def __exit__(self, *_: object) -> None:
        self.hangs_no_more()
        self._server.shutdown()
        self._server.server_close()

    def browser(self, name: str, **how: Any) -> Browser:
        self.browsers[name] = Browser(name, self.base, **how)
        return self.browsers[name]

    def accepted(self, name: str) -> list[Push]:
        """Messages this browser really got."""
        return [push for push in list(self.received) if push.to == name and push.status < 300]

    def take(self, name: str, headers: dict[str, str], body: bytes) -> int:
        """One message came in; the status to answer with."""
        browser = self.browsers.get(name)
        if browser is None:
            return 410
        self._over.wait(browser.hangs)
        with self._lock:
            status = browser.answers[min(self._asked[name], len(browser.answers) - 1)]
            self._asked[name] += 1
            self.received.append(Push(name, time.monotonic(), headers, browser.decrypt(body), status))
        return status


class _Server(ThreadingHTTPServer):
    service: PushService
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Whoever sends was killed halfway: that is what some tests do."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        service: PushService = self.server.service  # type: ignore[attr-defined]
        name = self.path.rpartition("/")[2]
        self.send_response(service.take(name, dict(self.headers), body))
        browser = service.browsers.get(name)
        if browser and browser.retry_after:
            self.send_header("Retry-After", browser.retry_after)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def claims_of(authorization: str) -> dict[str, Any]:
    """The claims of a VAPID header (RFC 8292). Raises when its signature is not by its own key."""
    token, key = (part.split("=", 1)[1] for part in authorization.removeprefix("vapid ").split(", "))
    signed, _dot, signature = token.rpartition(".")
    raw = _bytes(signature)
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(key))
    r_and_s = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point.verify(r_and_s, signed.encode(), ec.ECDSA(hashes.SHA256()))
    return dict(json.loads(_bytes(signed.split(".")[1])))


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=salt, info=info).derive(secret)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
