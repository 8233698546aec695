"""What the log of client data records, and how its lines hang together (NEN 7513)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

FIRST = "0" * 64
"""The hash before the first line."""


class Event(StrEnum):
    """What happened."""

    OPENED = "opened"  # a file was made
    READ = "read"
    WRITTEN = "written"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"
    CONSENT_GIVEN = "consent_given"
    CONSENT_REFUSED = "consent_refused"
    OBJECTED = "objected"
    LIFTED = "lifted"  # an objection or refusal was taken back
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    ERASED = "erased"
    DESTROYED = "destroyed"  # the key, and with it all that was sealed
    GLASS_BROKEN = "glass_broken"
    GLASS_REVIEWED = "glass_reviewed"
    EXPORTED = "exported"  # all of it at once, for the client
    REVIEWED = "reviewed"  # somebody looked at what stood out in the log


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"


class Basis(StrEnum):
    """The ground in law."""

    CONSENT = "consent"
    VITAL_INTEREST = "vital_interest"  # AVG art. 9 lid 2 sub c
    LEGAL_DUTY = "legal_duty"


def line_hash(line: Mapping[str, Any]) -> str:
    """SHA-256 over all fields of a line but its own hash; the hash of the line before is among them.

    line  numbers, text, None, ids and aware moments, as they are stored
    """
    fields = {name: _plain(value) for name, value in line.items() if name != "hash"}
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, int | str) else str(value)


class Broken(StrEnum):
    """How a line is not as it was written."""

    CHANGED = "changed"  # what it says is not what its hash was made of
    MISSING = "missing"
    MOVED = "moved"  # it stood elsewhere
    UNTIED = "untied"  # does not hang on the line before: that one was written anew, or this one was
    CUT_OFF = "cut_off"  # lines at the end are gone
    ADDED = "added"  # stands behind the end
    OTHER_THAN_NOTED = "other_than_noted"  # the whole log was written anew, or its end cut off


@dataclass(frozen=True)
class Break:
    seq: int
    how: Broken


def first_break(
    lines: Iterable[Mapping[str, Any]],
    end: tuple[int, str] | None,
    noted: tuple[int, str] | None = None,
    begin: tuple[int, str] = (0, FIRST),
) -> Break | None:
    """The first line of the log that is not as it was written; None when all are.

    lines  by seq
    end    number and hash of the last line, as the head of the log says; None: there is no head
    noted  number and hash of a line, written down elsewhere
    begin  number and hash of the line before the first that is kept
    """
    seq, before = begin
    for line in lines:
        how = _break_of(line, seq + 1, before, end)
        if how:
            return Break(min(line["seq"], seq + 1) if how is Broken.MISSING else line["seq"], how)
        seq, before = line["seq"], line["hash"]
        if noted and noted[0] == seq and noted[1] != before:
            return Break(seq, Broken.OTHER_THAN_NOTED)
    if end is None or end[0] > seq:
        return Break(seq + 1, Broken.CUT_OFF)
    if (seq, before) != end:
        return Break(seq, Broken.ADDED if end[0] < seq else Broken.UNTIED)
    return Break(seq + 1, Broken.CUT_OFF) if noted and noted[0] > seq else None


def _break_of(
    line: Mapping[str, Any], expected: int, before: str, end: tuple[int, str] | None
) -> Broken | None:
    if line_hash(line) != line["hash"]:
        return Broken.MOVED if _stood_elsewhere(line, end) else Broken.CHANGED
    if line["seq"] != expected:
        return Broken.MISSING if line["seq"] > expected else Broken.MOVED
    return None if line["hash_before"] == before else Broken.UNTIED


def _stood_elsewhere(line: Mapping[str, Any], end: tuple[int, str] | None) -> bool:
    """Is only its number another? Looks at each number there is, once per verification."""
    last = max(line["seq"], end[0] if end else 0)
    return any(line_hash({**line, "seq": seq}) == line["hash"] for seq in range(1, last + 1))
