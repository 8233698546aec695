"""What the log of client data records, and how its lines hang together (NEN 7513)."""

import hashlib
import json
from collections.abc import Mapping
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
    EXPORTED = "exported"


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"


class Basis(StrEnum):
    """The ground in law."""

    CONSENT = "consent"
    VITAL_INTEREST = "vital_interest"  # AVG art. 9 lid 2 sub c
    LEGAL_DUTY = "legal_duty"


def line_hash(fields: Mapping[str, Any]) -> str:
    """SHA-256 over all fields of a line, the hash of the line before among them.

    fields  plain values as they are stored: text, numbers, None; moments and ids as text
    """
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
