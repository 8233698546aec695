"""Kinds of organisation, roles, and what a Dutch registration number looks like."""

import re
from datetime import date, timedelta
from enum import StrEnum


class OrganisationKind(StrEnum):
    HOME_CARE = "home_care"
    SOLO = "solo"  # zzp'er: an organisation of one
    COOPERATIVE = "cooperative"
    GP_PRACTICE = "gp_practice"
    TRANSFER_DESK = "transfer_desk"
    INSURER = "insurer"
    MUNICIPALITY = "municipality"


PROVIDERS = frozenset({OrganisationKind.HOME_CARE, OrganisationKind.SOLO, OrganisationKind.COOPERATIVE})
"""Kinds that deliver care: they have teams, publish capacity and answer requests."""


LOOKING_ON = frozenset({OrganisationKind.INSURER, OrganisationKind.MUNICIPALITY})
"""Kinds that look at a region from outside: they pay for care, or answer for it, and give none."""


class Role(StrEnum):
    NURSE = "nurse"  # answers requests, keeps capacity; the zzp'er too
    PLANNER = "planner"
    REFERRER = "referrer"  # huisarts, praktijkassistent, transferverpleegkundige
    COORDINATOR = "coordinator"  # wijkregisseur
    VIEWER = "viewer"  # insurer, zorgkantoor, municipality: reads only
    ADMIN = "admin"  # of the own organisation: members, teams, contact persons


FITTING_ROLES: dict[OrganisationKind, frozenset[Role]] = {
    **dict.fromkeys(PROVIDERS, frozenset({Role.NURSE, Role.PLANNER, Role.COORDINATOR, Role.ADMIN})),
    OrganisationKind.GP_PRACTICE: frozenset({Role.REFERRER, Role.COORDINATOR, Role.ADMIN}),
    OrganisationKind.TRANSFER_DESK: frozenset({Role.REFERRER, Role.ADMIN}),
    OrganisationKind.INSURER: frozenset({Role.VIEWER, Role.ADMIN}),
    OrganisationKind.MUNICIPALITY: frozenset({Role.VIEWER, Role.COORDINATOR, Role.REFERRER, Role.ADMIN}),
}
"""Which roles an account may have at which kind of organisation."""


APPOINTED = frozenset({Role.COORDINATOR})
"""Roles that reach beyond the own organisation: whoever hosts wijkapp gives them."""


def roles_to_give(kind: OrganisationKind, held: frozenset[Role] = frozenset()) -> frozenset[Role]:
    """What an admin may give a colleague who holds `held`: what is appointed may stay, but is not given."""
    return FITTING_ROLES[kind] - APPOINTED | (held & APPOINTED)


class WtzaStatus(StrEnum):
    """Where a provider stands under the Wet toetreding zorgaanbieders (2022)."""

    UNKNOWN = "unknown"
    REPORTED = "reported"  # meldplicht done
    LICENSED = "licensed"  # vergunning, needed above ten persons giving care
    EXEMPT = "exempt"


class PaperKind(StrEnum):
    """What an organisation must hold and renew in time."""

    WTZA = "wtza"
    QUALITY = "quality"  # HKZ or ISO
    INSURANCE = "insurance"
    OTHER = "other"


class PaperState(StrEnum):
    VALID = "valid"
    SOON = "soon"
    LAST = "last"
    OVER = "over"


REMIND_SOON = timedelta(days=60)
REMIND_LAST = timedelta(days=14)


def paper_state(valid_until: date, today: date) -> PaperState:
    """How near the last day of a paper is; on that day it is still valid."""
    if valid_until < today:
        return PaperState.OVER
    if valid_until <= today + REMIND_LAST:
        return PaperState.LAST
    return PaperState.SOON if valid_until <= today + REMIND_SOON else PaperState.VALID


_BROWSERS = (
    # The first that is named in a user agent; Edge and Samsung also say Chrome, Chrome also says Safari.
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_label(user_agent: str) -> str:
    """What somebody recognises a device by, "Chrome op Android", and no more than that."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} op {system}" if system else browser


_FORMATS = {
    "agb_code": re.compile(r"\d{8}"),  # Vektis: no public check digit, leading zeros matter
    "kvk_number": re.compile(r"\d{8}"),
    "big_number": re.compile(r"\d{11}"),
}


def looks_right(kind: str, number: str) -> bool:
    """Does a registration number have the form its register uses?

    kind    agb_code, kvk_number or big_number
    number  as stored: digits only

    Warn on False, do not refuse: none of these has a public check digit (docs/words.md names the registers).
    """
    return bool(_FORMATS[kind].fullmatch(number))
