# ruff: noqa: ARG001
"""Names of people."""

import re
from collections.abc import Iterator

from wijkapp.clients.screening.allow import Allow
from wijkapp.clients.screening.findings import Kind, Level
from wijkapp.clients.screening.numbers import Found

TITLE = re.compile(
    r"(?<![^\W_])(?:mw|mevr|mevrouw|mvr|dhr|meneer|de heer|fam|familie|oma|opa|tante|ome|oom)\b\.? "
    r"(?P<name>(?:[A-Z]\. ?){0,3}(?:(?:van|de|der|den|el|al|ten|ter|v\.?d\.?) ){0,3}[A-Z][\w'-]{1,30})",
)


def name(text: str, allow: Allow) -> Iterator[Found]:
    """A title with a name."""
    for found in TITLE.finditer(text):
        yield *found.span("name"), Kind.NAME, Level.CERTAIN
