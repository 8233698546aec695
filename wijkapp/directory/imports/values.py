"""One cell of a file, read as what it should be. `BadValue` says in Dutch what is wrong with it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from wijkapp.directory.rules import MUNICIPALITY_CODE, WIJK_CODE, pc4_of
from wijkapp.kit import freetext
from wijkapp.kit.errors import Refused
from wijkapp.kit.forms import plain
from wijkapp.kit.phones import to_e164
from wijkapp.kit.words import gettext as _

SHOWN = 40  # characters of a wrong value in a message


class BadValue(Exception):
    """This row cannot be used; the text says why, in Dutch."""


def shown(text: str) -> str:
    """A wrong value as a message shows it."""
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def line(text: str, column: str, most: int, *, needed: bool = True) -> str:
    """A name of at most so many characters. Of whom or what, but never of a client: the guard looks."""
    value = _short(text, column, most, needed=needed)
    try:
        freetext.guard().check_name(value)
    except Refused as refused:
        # Where, not what: the message may end up in a log.
        raise BadValue(_("%(column)s: %(why)s", column=column, why=str(refused.sentence))) from None
    return value


def number(text: str, column: str, most: int) -> str | None:
    """A registration number: digits only, no check digit; None when it is empty."""
    value = _short(text, column, most, needed=False)
    if re.search(r"[^\d .-]", value, re.ASCII):
        raise BadValue(_("%(column)s is geen nummer.", column=column))
    return value or None


def email(text: str, column: str) -> str | None:
    """A mail address in small letters; None when it is empty."""
    value = _short(text, column, 254, needed=False).lower()
    if value and not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", value):
        raise BadValue(_("%(column)s is geen e-mailadres.", column=column))
    return value or None


def _short(text: str, column: str, most: int, *, needed: bool) -> str:
    value = plain(text)
    if needed and not value:
        raise BadValue(_("%(column)s is leeg.", column=column))
    if len(value) > most:
        raise BadValue(_("%(column)s is langer dan %(most)s tekens.", column=column, most=most))
    return value


def _cbs_code(text: str, kind: str, digits: int) -> str:
    """As CBS writes it itself: it pads with spaces, and may leave out the kind and the leading zeros."""
    code = text.strip().upper()
    bare = code and not code.startswith(kind) and len(code) <= digits
    return kind + code.zfill(digits) if bare else code


def wijk_code(text: str) -> str:
    """A CBS wijk code, with or without WK."""
    code = _cbs_code(text, "WK", 6)
    if not WIJK_CODE.fullmatch(code):
        raise BadValue(_("“%(code)s” is geen wijkcode. Die ziet eruit als WK034401.", code=shown(text)))
    return code


def municipality_code(text: str) -> str:
    """A CBS municipality code, with or without GM."""
    code = _cbs_code(text, "GM", 4)
    if not MUNICIPALITY_CODE.fullmatch(code):
        raise BadValue(_("“%(code)s” is geen gemeentecode. Die ziet eruit als GM0344.", code=shown(text)))
    return code


def pc4(text: str) -> str:
    """The four digits of a postcode."""
    found = pc4_of(text)
    if found is None:
        raise BadValue(_("“%(code)s” is geen postcode.", code=shown(text)))
    return found


def whole(text: str, column: str) -> int | None:
    """A number of people; None when it is empty or CBS keeps it secret (a dot, or below zero)."""
    value = text.strip()
    if value in ("", "."):
        return None
    if not re.fullmatch(r"-?\d{1,9}([.,]0+)?", value, re.ASCII):
        raise BadValue(_("%(column)s “%(value)s” is geen heel getal.", column=column, value=shown(value)))
    number = int(re.split("[.,]", value)[0])
    return number if number >= 0 else None


def day(text: str, column: str) -> date:
    """A day, as 01-01-2026 or 2026-01-01."""
    value = text.strip()
    for form, order in ((r"(\d{4})-(\d{2})-(\d{2})", (1, 2, 3)), (r"(\d{1,2})-(\d{1,2})-(\d{4})", (3, 2, 1))):
        match = re.fullmatch(form, value, re.ASCII)
        if match:
            with suppress(ValueError):
                return date(*(int(match[n]) for n in order))
    raise BadValue(_("%(column)s “%(value)s” is geen dag.", column=column, value=shown(value)))


def degrees(text: str, column: str, low: int, high: int) -> float | None:
    """A latitude or longitude, with a point or a comma; None when it is empty."""
    value = text.strip().replace(",", ".")
    if not value:
        return None
    if not re.fullmatch(r"-?\d{1,3}(\.\d+)?", value, re.ASCII) or not low <= float(value) <= high:
        raise BadValue(_("%(column)s “%(value)s” kan niet.", column=column, value=shown(text)))
    return float(value)


def phone(text: str, column: str) -> str | None:
    """A phone number in E.164; None when it is empty."""
    value = plain(text)
    if not value:
        return None
    number = to_e164(value)
    if number is None:
        raise BadValue(_("%(column)s “%(value)s” is geen telefoonnummer.", column=column, value=shown(value)))
    return number


def several(text: str) -> list[str]:
    """Values in one cell, parted by a comma, a bar or a plus."""
    return [part for part in (plain(part) for part in re.split(r"[,|+]", text)) if part]


def codes(text: str, column: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Codes out of a list, each once.

    known  code by code and by name, both in small letters
    """
    found = []
    for part in several(text):
        code = known.get(part.lower())
        if code is None:
            raise BadValue(_("%(column)s: “%(value)s” kennen we niet.", column=column, value=shown(part)))
        found.append(code)
    return tuple(dict.fromkeys(found))
