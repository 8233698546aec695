"""Kinds in the sociale kaart and the forms of its codes."""

import re
from datetime import timedelta
from enum import StrEnum


class RegionKind(StrEnum):
    CUSTOM = "custom"
    ANW = "anw_region"
    ZORGKANTOOR = "zorgkantoor_region"
    RSO = "rso_region"


class ContactDuty(StrEnum):
    CONTACT = "contact"
    DEPUTY = "deputy"


class InsurerStatus(StrEnum):
    """How sure we are of an insurer's UZOVI number."""

    CONFIRMED = "confirmed"  # two sources say the same
    SINGLE = "single"  # one source
    CONFLICT = "conflict"  # two sources differ
    UNVERIFIED = "unverified"  # no source at hand
    CORRECTED = "corrected"  # by an admin of this installation; loading the list again leaves it alone


class Distance(StrEnum):
    """How far a team works from where the care is asked."""

    WIJK = "wijk"
    NEIGHBOUR = "neighbour"
    REGION = "region"


PC4 = re.compile(r"[1-9]\d{3}")
MUNICIPALITY_CODE = re.compile(r"GM\d{4}")
WIJK_CODE = re.compile(r"WK\d{4}[0-9A-Z]{2}")  # letters since 2022, as in WK0363AA
BUURT_CODE = re.compile(r"BU\d{4}[0-9A-Z]{2}\d{2}")


PROFILE = 500
"""Characters in which a team says what it is good at."""

OVERLAP = timedelta(weeks=2)
"""How long an old contact person stays reachable beside the new one, unless people choose otherwise."""

LONGEST_OVERLAP = timedelta(days=90)
FURTHEST_AHEAD = timedelta(days=365)

LANGUAGES = (
    "ar",
    "bg",
    "de",
    "en",
    "es",
    "fa",
    "fr",
    "fy",
    "it",
    "pl",
    "pt",
    "ro",
    "ru",
    "so",
    "ti",
    "tr",
    "uk",
    "ur",
    "zh",
)
"""ISO 639-1 codes of languages one can ask for beside Dutch."""

LEVELS = (2, 3, 4, 5, 6)
"""Skill levels: helpende, verzorgende, mbo nurse, hbo nurse, nurse specialist."""


def pc4_of(text: str) -> str | None:
    """The four digits of a postcode as people write it (3524, 3524 AB, 3524ab); None when it is none."""
    written = re.fullmatch(r"([1-9]\d{3})\s?([A-Za-z]{2})?", text.strip(), re.ASCII)
    return written[1] if written else None
