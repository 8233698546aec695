# ruff: noqa: E501 - a pattern reads best on one line
"""Digits that were written out: 'nul zes twaalf' and 'bsn een twee drie'."""

import re

ONES = dict(
    zip(
        ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"],
        range(10),
        strict=True,
    )
)
TEENS = dict(
    zip(
        [
            "tien",
            "elf",
            "twaalf",
            "dertien",
            "veertien",
            "vijftien",
            "zestien",
            "zeventien",
            "achttien",
            "negentien",
        ],
        range(10, 20),
        strict=True,
    )
)
TENS = dict(
    zip(
        ["twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"],
        range(20, 100, 10),
        strict=True,
    )
)
NUMBERS: dict[str, str] = {
    word: str(value) for word, value in {**ONES, "één": 1, "eén": 1, **TEENS, **TENS}.items()
} | {
    f"{one}{joint}{ten}": str(tens + ONES[one])
    for one in list(ONES)[1:]
    for joint in ("en", "ën")
    for ten, tens in TENS.items()
}
NUMBERS["nulzes"] = "06"
NUMBERS.update({"zero": "0", "six": "6", "nil": "0", "o": "0"})
WORD = "|".join(sorted(map(re.escape, NUMBERS), key=len, reverse=True))
# At least three pieces of which one in words: 'nul zes 12 34 ...'. Pieces are short, so this stays linear.
RUN = re.compile(
    rf"(?<![^\W_])(?:{WORD}|\d{{1,8}})(?:(?:[ ,.\-()]{{1,3}}(?:en dan |dan |en )?|(?<=[a-z])(?=\d)|(?<=\d)(?=[(])[(])(?:{WORD}|\d{{1,8}})\)?)"
    r"{2,14}(?![^\W_])",
    re.IGNORECASE,
)
PIECE = re.compile(rf"(?<![^\W\d_])(?:{WORD})(?![^\W\d_])|\d+", re.IGNORECASE)
FEWEST_WORDS = 1
FEWEST_DIGITS = 5
FEWEST_STEMS = 2
STEMS = (
    "nul",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tig",
    "tien",
    "elf",
    "twaalf",
)
ZERO = ("nul", "zero", "(zes")


Run = tuple[int, int, str]  # start, end, digits


def runs(text: str) -> list[Run]:
    """Stretches in which numbers are (partly) written out: start, end and their digits."""
    lowered = text.lower()
    if sum(stem in lowered for stem in STEMS) < FEWEST_STEMS and not any(stem in lowered for stem in ZERO):
        return []
    found = []
    for run in RUN.finditer(text):
        pieces = PIECE.findall(run.group().lower())
        digits = "".join(NUMBERS.get(piece, piece) for piece in pieces)
        if sum(not piece.isdigit() for piece in pieces) >= FEWEST_WORDS and len(digits) >= FEWEST_DIGITS:
            found.append((run.start(), run.end(), digits))
    return found
