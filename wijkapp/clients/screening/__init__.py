"""The guard: no text that points at a client is stored where it does not belong.

Pure: no web, no database, no clock. Numbers, dates and places are found by bounded patterns, names by a small
classifier that reads the words around them. docs/decisions/0014-text-guard.md.
"""

from itertools import chain

from wijkapp.clients.screening import dates, names, numbers, places, reachable
from wijkapp.clients.screening.allow import Allow
from wijkapp.clients.screening.findings import Finding, Kind, Level, redact, without_overlap
from wijkapp.clients.screening.text import normalise

__all__ = ["MAX_LENGTH", "Allow", "Finding", "Kind", "Level", "redact", "screen"]

MAX_LENGTH = 2000  # characters; what is longer is refused before it gets here


def screen(text: str, allow: Allow) -> list[Finding]:
    """What in this text points at a client: sorted, without overlap."""
    normal = normalise(text)
    plain = normal.text
    found = chain(
        reachable.email(plain, allow),
        numbers.iban(plain),
        numbers.phone(plain, allow),
        numbers.bsn(plain),
        numbers.policy(plain),
        numbers.client_number(plain),
        places.address(plain),
        places.postcode(plain),
        dates.birth_date(plain),
        reachable.handle(plain, allow),
        names.name(plain, allow),
    )
    return without_overlap(
        [Finding(*normal.original(start, end), kind, level) for start, end, kind, level in found]
    )
