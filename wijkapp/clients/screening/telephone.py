# ruff: noqa: E501 - a pattern reads best on one line
"""Telephone numbers, in figures, in words, and in figures that are letters."""

import re
from collections.abc import Iterator

from wijkapp.clients.screening.allow import Allow
from wijkapp.clients.screening.findings import Kind, Level
from wijkapp.clients.screening.numbers import BSN_CUE, NEAR, REACH, Found
from wijkapp.clients.screening.spelled import Run

GAP = r"[ .\-/()]{0,3}"
MOBILE = re.compile(rf"(?<![\w])(?<!\d[.,:/\-])\(?[0O]{GAP}6\)?{GAP}[1-9](?:{GAP}\d){{7}}(?!\d)", re.I)
FIXED = re.compile(
    r"(?<![\w])(?<!\d[.,:/\-])(?<!\d )\(?0[1-57-9]\d{1,2}\)?(?: - |[ .\-/]{0,2})\d(?:[ .\-]{0,2}\d){5,6}(?![\d]|[.:]\d)"
)
ABROAD = re.compile(rf"(?<![\w])(?:\+|00){GAP}[1-9]\d(?:{GAP}\d){{7,12}}(?!\d)")
WITHOUT_PLUS = re.compile(rf"(?<![\w+])31{GAP}6(?:{GAP}\d){{8}}(?!\d)")
PHONE_CUE = re.compile(
    r"(?:\bbel(?:len|t|de)?|\btel(?:efoon)?(?:nr|nummer)?|mobiel(?:e)?(?:nr|nummer)?|\bmob|06-?(?:nr|nummer)|bereikbaar op|\bapp(?:en)?|whats?app|\bsms(?:en)?|\bcall)"
    + NEAR,
    re.I,
)
SHORT_MOBILE = re.compile(rf"(?<![\w])(?<!\d[.,:/\-])06{GAP}[1-9](?:{GAP}\d){{5,8}}(?!\d)")
LOOSE = re.compile(r"(?<![\w])\d(?:[ .\-]{0,2}\d){6,10}(?!\d)")
LETTERS = re.compile(
    r"(?<![^\W_])[0oO][ .\-/]?[0-9oOlI](?:[ .\-/]{0,2}[0-9oOlI]){6,8}[ .\-/]?[0-9oOlI](?![^\W_])"
)
LOOKS_LIKE = str.maketrans("oOlI", "0011")
PLAIN = re.compile(r"(?<!\w)0\d{2,3}(?: - |[ .\-]{0,2})\d(?:[ .\-]{0,2}\d){1,6}(?!\d)")
TIMES = re.compile(r"\d\d[.:]\d\d ?(?:-|/|tot|en) ?\d\d[.:]\d\d")
PUBLIC = re.compile(r"0(?:800|900|906|909)")
OTHER = re.compile(
    r"(?:\b(?:order|bestel\w*|art(?:ikel)?|lot|batch|charge|factuur|serie|kenmerk|ref(?:erentie)?|agb|big|kvk|ean|gtin|udi|sn|s/n|pakbon|polis|verzeker\w*|relatie|cli[eë]nt|dossier|pat|rit)"
    r"(?:[ .\-]{0,2}(?:nr|nummer|num|code|no|id))?)[ .:#\-]{0,3}$",
    re.I,
)


def phone(text: str, allow: Allow, spelled: list[Run]) -> Iterator[Found]:
    """Telephone numbers that are not a general number of the allow-list, or of everybody (0800, 0900)."""
    for pattern in (MOBILE, FIXED, ABROAD, WITHOUT_PLUS):
        for found in pattern.finditer(text):
            if _is_phone(text, found, allow):
                yield *found.span(), Kind.PHONE, Level.CERTAIN
    for pattern in (SHORT_MOBILE, LOOSE):
        for found in pattern.finditer(text):
            before = text[max(0, found.start() - REACH) : found.start()]
            if PHONE_CUE.search(before) and _is_phone(text, found, allow):
                yield *found.span(), Kind.PHONE, Level.LIKELY
    for found in LETTERS.finditer(text):
        digits = re.sub(r"\D", "", found.group().translate(LOOKS_LIKE))
        if not found.group().isdigit() and len(digits) == 10 and any(one in "oOlI" for one in found.group()):
            yield *found.span(), Kind.PHONE, Level.CERTAIN
    yield from _spelled(text, allow, spelled)


def _spelled(text: str, allow: Allow, spelled: list[Run]) -> Iterator[Found]:
    for start, end, digits in spelled:
        cue = PHONE_CUE.search(text[max(0, start - REACH) : start])
        if BSN_CUE.search(text[max(0, start - REACH) : start]) or allow.has_phone(digits):
            continue
        if digits.startswith("0") and 9 <= len(digits) <= 11:
            yield start, end, Kind.PHONE, Level.CERTAIN
        elif len(digits) >= 7 and (cue or digits.startswith(("06", "6"))):
            yield start, end, Kind.PHONE, Level.LIKELY


def _is_phone(text: str, found: re.Match[str], allow: Allow) -> bool:
    if TIMES.search(found.group()) or allow.has_phone(found.group()) or PUBLIC.match(found.group()):
        return False
    return not OTHER.search(text[max(0, found.start() - REACH) : found.start()])


def general(text: str, allow: Allow) -> Iterator[tuple[int, int]]:
    """Where the general numbers of the allow-list and of everybody stand."""
    for pattern in (MOBILE, FIXED, ABROAD, PLAIN):
        for found in pattern.finditer(text):
            if allow.has_phone(found.group()) or PUBLIC.match(found.group()):
                yield found.span()
