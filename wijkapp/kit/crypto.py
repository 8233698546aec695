"""Keys and sealing: AES-256-GCM, a key per purpose wrapped by the installation's master key."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12  # bytes, as NIST SP 800-38D advises for GCM
KEY = 32


class CannotOpen(Exception):
    """The seal is broken: another key, another place, or the text was changed."""


def new_key() -> bytes:
    """A fresh random key of 256 bits."""
    return AESGCM.generate_key(bit_length=8 * KEY)


def seal(key: bytes, plain: bytes, place: str) -> bytes:
    """Encrypt so that it opens only with this key and in this place.

    place  what and where it is ("push_subscription:<id>"); a sealed value moved to another row does not open
    """
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """The text as it was sealed. Raises CannotOpen."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())
    except (InvalidTag, ValueError) as broken:
        raise CannotOpen(place) from broken


@dataclass(frozen=True)
class Signer:
    """Signs with a key of this installation (Ed25519); whoever has `public` can check it, without us."""

    secret: bytes

    @property
    def public(self) -> bytes:
        """The half of the key that everybody may have."""
        return Ed25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.secret).sign(message)


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Was exactly this signed with the key that goes with `public`?"""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class MasterKey:
    """The installation's own key. Never used on data itself: it derives and wraps other keys."""

    secret: bytes

    def derive(self, purpose: str) -> bytes:
        """The same key each time for one purpose (HKDF-SHA256, RFC 5869); nothing to store."""
        return HKDF(hashes.SHA256(), KEY, salt=None, info=purpose.encode()).derive(self.secret)

    def signer(self, purpose: str) -> Signer:
        """The same signing key each time for one purpose; nothing to store."""
        return Signer(self.derive(f"sign {purpose}"))

    def wrap(self, key: bytes, place: str) -> bytes:
        """A data key, made safe to store. Destroy the wrapped key and the data is gone for good."""
        return seal(self.derive("wrap"), key, place)

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """The data key again. Raises CannotOpen."""
        return unseal(self.derive("wrap"), wrapped, place)


def to_text(raw: bytes) -> str:
    """Bytes as URL-safe text without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """The bytes of `to_text`, padded or not."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
