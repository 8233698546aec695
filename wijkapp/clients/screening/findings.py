"""What the guard finds: a stretch of text, of what kind, and how sure."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """`certain` is blocked before anything is stored; at `likely` the writer is asked."""

    LIKELY = "likely"
    CERTAIN = "certain"


class Kind(StrEnum):
    """What a stretch of text gives away."""

    NAME = "name"
    BSN = "bsn"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    POSTCODE = "postcode"
    PHONE = "phone"
    EMAIL = "email"
    IBAN = "iban"
    INSURANCE = "insurance"
    CLIENT_NUMBER = "client_number"
    HANDLE = "handle"


PLACEHOLDERS = {
    Kind.NAME: "[naam]",
    Kind.BSN: "[BSN]",
    Kind.BIRTH_DATE: "[geboortedatum]",
    Kind.ADDRESS: "[adres]",
    Kind.POSTCODE: "[postcode]",
    Kind.PHONE: "[telefoonnummer]",
    Kind.EMAIL: "[e-mail]",
    Kind.IBAN: "[rekeningnummer]",
    Kind.INSURANCE: "[polisnummer]",
    Kind.CLIENT_NUMBER: "[cliëntnummer]",
    Kind.HANDLE: "[account]",
}


@dataclass(frozen=True)
class Finding:
    """A stretch of the original text; `start` and `end` count code points."""

    start: int
    end: int
    kind: Kind
    level: Level


def redact(text: str, findings: Iterable[Finding]) -> str:
    """The text with a placeholder for every finding; what lies outside the text is left alone."""
    pieces, at = [], 0
    for found in sorted(findings, key=lambda one: one.start):
        if at <= found.start < found.end <= len(text):
            pieces += [text[at : found.start], PLACEHOLDERS[found.kind]]
            at = found.end
    return "".join([*pieces, text[at:]])


def without_overlap(found: Sequence[Finding]) -> list[Finding]:
    """Of findings that overlap the surest, then the longest, then the one that was named first."""
    kept: list[Finding] = []
    best_first = sorted(found, key=lambda one: (one.level is not Level.CERTAIN, one.start - one.end))
    for one in best_first:
        at = bisect_left(kept, one.start, key=lambda other: other.start)
        follows = at == 0 or kept[at - 1].end <= one.start
        if follows and (at == len(kept) or one.end <= kept[at].start):
            kept.insert(at, one)
    return kept
