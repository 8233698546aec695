"""Is a signed file as it was signed? Asks no database and no network: the file says it all, or it does not.

A file is good when it is, to the byte, what an installation wrote and signed (Ed25519); when every hash in it
is that of what stands there; and when each passkey really signed that hash. Whose key it is, the reader must
know.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from webauthn import verify_authentication_response
from webauthn.helpers.exceptions import WebAuthnException

from wijkapp.agreements import sealed
from wijkapp.agreements.sealed import Content, canonical
from wijkapp.kit import crypto

FORMAT = "wijkapp-agreement/1"
PASSKEY = "passkey"


class NotGenuine(Exception):
    """The file is not what was signed; says what is wrong, in Dutch."""


@dataclass(frozen=True)
class Signed:
    """Who signed. at: in UTC. by: passkey, code or demo."""

    name: str
    job_title: str
    organisation: str
    at: str
    by: str


@dataclass(frozen=True)
class Report:
    """What a good file says. missing: who has not signed yet."""

    content: Content
    version: int
    digest: str
    key: str  # of the installation, in hexadecimals
    signed: tuple[Signed, ...]
    missing: tuple[str, ...]


def file_of(signed: dict[str, Any], signer: crypto.Signer) -> bytes:
    """The file to keep: what was signed, the key of this installation, and its signature."""
    return canonical(
        {
            "format": FORMAT,
            "key": signer.public.hex(),
            "signature": signer.sign(_message("file", signed)).hex(),
            "signed": signed,
        }
    )


def seal_of(entry: dict[str, Any], signer: crypto.Signer) -> str:
    """What this installation puts under one signature the moment it is made."""
    return signer.sign(_message("signature", entry)).hex()


def _message(what: str, plain: Any) -> bytes:
    # So that what was signed for one purpose can never stand for another.
    return f"{FORMAT} {what}\n".encode() + canonical(plain)


def challenge_of(statement: dict[str, Any]) -> bytes:
    """What a passkey is asked to sign: the hash of what its owner puts their name to."""
    return sha256(canonical(statement)).digest()


def verify(raw: bytes) -> Report:
    """Read a file that says it was signed. Raises NotGenuine."""
    try:
        return _verify(raw)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as wrong:
        raise NotGenuine(
            "Dit bestand is geen getekende afspraak van wijkapp, of het is beschadigd."
        ) from wrong


def _verify(raw: bytes) -> Report:
    plain = json.loads(raw)
    if plain["format"] != FORMAT or set(plain) != {"format", "key", "signature", "signed"}:
        raise ValueError
    key, signature = bytes.fromhex(plain["key"]), bytes.fromhex(plain["signature"])
    if raw != canonical(plain) or key.hex() != plain["key"] or signature.hex() != plain["signature"]:
        raise NotGenuine("Het bestand is veranderd: het staat er anders dan wijkapp het schrijft.")
    signed = plain["signed"]
    if not crypto.is_signed(key, signature, _message("file", signed)):
        raise NotGenuine("Het bestand is veranderd sinds het is gemaakt: de handtekening klopt niet.")
    content = sealed.from_plain(signed["content"])
    digest = sealed.whole(content)
    if digest != signed["hash"] or sealed.hashes(content) != signed["hashes"]:
        raise NotGenuine("De tekst hoort niet bij de hash die is getekend.")
    by = {_signature(one, signed, key): one for one in signed["signatures"]}
    return Report(
        content=content,
        version=int(signed["version"]),
        digest=digest,
        key=plain["key"],
        signed=tuple(_who(one) for one in by.values()),
        missing=tuple(
            f"{one['name']} ({one['organisation']})"
            for one in signed["signers"]
            if (one["account"], one["organisation_id"]) not in by
        ),
    )


def _who(one: dict[str, Any]) -> Signed:
    said = one["statement"]
    return Signed(said["name"], said["job_title"], said["organisation"], one["at"], one["factor"])


def _signature(one: dict[str, Any], signed: dict[str, Any], key: bytes) -> tuple[str, str]:
    """Check one signature. Gives whose it is: account and organisation."""
    said = one["statement"]
    if said["hash"] != signed["hash"] or said["document"] != signed["document"]:
        raise NotGenuine(f"De handtekening van {said['name']} hoort bij een andere tekst.")
    entry = {name: value for name, value in one.items() if name != "seal"}
    if not crypto.is_signed(key, bytes.fromhex(one["seal"]), _message("signature", entry)):
        raise NotGenuine(f"De handtekening van {said['name']} is veranderd.")
    if one["factor"] == PASSKEY and not passkey_signed(one["proof"], challenge_of(said)):
        raise NotGenuine(f"De passkey van {said['name']} heeft iets anders getekend.")
    return said["account"], said["organisation_id"]


def passkey_signed(proof: dict[str, Any], challenge: bytes) -> bool:
    """Did this passkey sign this, with a finger, a face or a PIN?

    proof  credential: as the browser sent it; public_key: hexadecimals; origin, site: where that was
    """
    try:
        verify_authentication_response(
            credential=proof["credential"],
            expected_challenge=challenge,
            expected_rp_id=proof["site"],
            expected_origin=proof["origin"],
            credential_public_key=bytes.fromhex(proof["public_key"]),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return False
    return True
