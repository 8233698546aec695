# ruff: noqa: SIM905
"""Digits that were written out: 'nul zes twaalf' and 'bsn een twee drie'."""

import re

ONES = dict(zip("nul een twee drie vier vijf zes zeven acht negen".split(), range(10), strict=True))
TEENS = dict(
    zip(
        "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split(),
        range(10, 20),
        strict=True,
    )
)
TENS = dict(
    zip(
        "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split(),
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
WORD = "|".join(sorted(map(re.escape, NUMBERS), key=len, reverse=True))
DOUBLED = re.compile(r"(?:dubbel|twee ?maal|2x) ?$")
# At least three pieces of which one in words: 'nul zes 12 34 ...'. Pieces are short, so this stays linear.
RUN = re.compile(
    rf"(?<![^\W_])(?:(?:{WORD})|\d{{1,4}})(?:[ ,.\-]{{1,3}}(?:(?:{WORD})|\d{{1,4}}))" + r"{2,14}(?![^\W_])",
    re.IGNORECASE,
)
PIECE = re.compile(rf"(?<![^\W\d_])(?:{WORD})(?![^\W\d_])|\d+", re.IGNORECASE)
FEWEST_WORDS = 2


def runs(text: str) -> list[tuple[int, int, str]]:
    """Stretches in which numbers are (partly) written out: start, end and their digits."""
    found = []
    for run in RUN.finditer(text):
        pieces = PIECE.findall(run.group().lower())
        if sum(not piece.isdigit() for piece in pieces) >= FEWEST_WORDS:
            found.append((run.start(), run.end(), "".join(NUMBERS.get(piece, piece) for piece in pieces)))
    return found
