"""What is signed, to the byte: one way to write a document down, and a hash for it and for each clause.

Two people sign the same thing when these hashes are the same. Plain values: a file can be checked without us.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

OUTLINE = "outline"
"""Stands for which clauses there are, and in which order: taking one away is a change too."""


@dataclass(frozen=True)
class Clause:
    """One clause as people read it. value: what the app itself reads in it, if anything."""

    code: str
    title: str
    words: tuple[str, ...]
    value: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Content:
    """A document, frozen. agreement: which one it is of."""

    agreement: str
    kind: str
    title: str
    clauses: tuple[Clause, ...]

    def clause(self, code: str) -> Clause | None:
        """The clause with this code; None when it has none."""
        return next((one for one in self.clauses if one.code == code), None)


def canonical(plain: Any) -> bytes:
    """The one way to write this down: UTF-8, composed, keys in order, no space to spare."""
    return json.dumps(
        _composed(plain), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def _composed(plain: Any) -> Any:
    if isinstance(plain, str):
        return unicodedata.normalize("NFC", plain)
    if isinstance(plain, Mapping):
        return {_composed(str(key)): _composed(value) for key, value in plain.items()}
    if isinstance(plain, Sequence):
        return [_composed(one) for one in plain]
    return plain


def hashed(plain: Any) -> str:
    """SHA-256 of the one way to write it down, in hexadecimals."""
    return sha256(canonical(plain)).hexdigest()


def to_plain(content: Content) -> dict[str, Any]:
    """A document as JSON can hold it."""
    return {
        "agreement": content.agreement,
        "kind": content.kind,
        "title": content.title,
        "clauses": [_clause(one) for one in content.clauses],
    }


def _clause(one: Clause) -> dict[str, Any]:
    return {"code": one.code, "title": one.title, "words": list(one.words), "value": one.value}


def from_plain(plain: Mapping[str, Any]) -> Content:
    """The document again. Raises KeyError or TypeError for what is none."""
    return Content(
        agreement=plain["agreement"],
        kind=plain["kind"],
        title=plain["title"],
        clauses=tuple(
            Clause(one["code"], one["title"], tuple(one["words"]), one["value"]) for one in plain["clauses"]
        ),
    )


def hashes(content: Content) -> dict[str, str]:
    """A hash per clause, and one for which clauses there are."""
    outline = [content.agreement, content.kind, content.title, [one.code for one in content.clauses]]
    return {OUTLINE: hashed(outline)} | {one.code: digest_of(one) for one in content.clauses}


def digest_of(clause: Clause) -> str:
    """The hash of one clause."""
    return hashed(_clause(clause))


def whole(content: Content) -> str:
    """The hash of the document: over the hashes of everything in it."""
    found = hashes(content)
    return hashed([[code, found[code]] for code in sorted(found)])


def touched(content: Content, before: Content | None) -> tuple[str, ...]:
    """What somebody who signed `before` has not signed yet, in the order of the document; None: nothing."""
    known = hashes(before) if before else {}
    return tuple(code for code, digest in hashes(content).items() if known.get(code) != digest)
