"""What the guard is compared with: a title with a capital after it, and the patterns that are sure."""

import re

from wijkapp.clients.screening import Allow, Finding, Kind, Level, patterns
from wijkapp.clients.screening.text import normalise

TITLED = re.compile(
    r"\b(?:mw|mevr|mevrouw|mvr|dhr|meneer|de heer|fam|familie|oma|opa|tante|oom)\b\.? "
    r"(?P<name>(?:van |de |der |den |el )*[A-Z][\w'-]+)",
    re.IGNORECASE,
)


def titles_only(text: str, allow: Allow) -> list[Finding]:
    """As `screen`, without the classifier."""
    normal = normalise(text)
    sure = [one for one in patterns.find(normal.text, allow) if one[3] is Level.CERTAIN]
    named = [(*found.span("name"), Kind.NAME, Level.CERTAIN) for found in TITLED.finditer(normal.text)]
    return [Finding(*normal.original(start, end), kind, level) for start, end, kind, level in [*sure, *named]]
