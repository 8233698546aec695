"""The guard: no text that points at a client is stored where it does not belong.

Pure: no web, no database, no clock. Numbers, dates and places are found by bounded patterns, names by a small
classifier that reads the words around them. docs/decisions/0014-text-guard.md.
"""

from wijkapp.clients.screening.allow import Allow
from wijkapp.clients.screening.findings import Finding, Kind, Level, redact, without_overlap
from wijkapp.clients.screening.text import normalise
from wijkapp.clients.screening.verdict import judge

__all__ = ["MAX_LENGTH", "Allow", "Finding", "Kind", "Level", "redact", "screen"]

MAX_LENGTH = 2000  # characters; what is longer is refused before it gets here


def screen(text: str, allow: Allow) -> list[Finding]:
    """What in this text points at a client: sorted, without overlap."""
    normal = normalise(text)
    found = judge(normal.text, allow)
    return without_overlap(
        [Finding(*normal.original(start, end), kind, level) for start, end, kind, level in found]
    )
