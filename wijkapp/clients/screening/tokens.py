# ruff: noqa: E501 - a pattern reads best on one line
"""Text in pieces: words, whatever has a digit in it, and every other sign by itself."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

# A code is a stretch without spaces that has a digit in it; groups of digits beside one another are one code.
CODE = (
    r"[1-9]\d{3} ?[A-Z]{2}(?!\w)|\d{1,2}([\-/.])\d{1,2}\1(?:\d\d){1,2}(?![\w\-/]|[.,:]\d)"
    r"|[+(]{0,2}\d[\d.\-/()]{0,20}(?: (?![1-9]\d{3} ?[A-Z]{2}(?!\w))[\d(][\d.\-/()]{0,20}){1,8}(?<=[\d])(?!\w|[:,.]\d)"
    r"|[#+]?+(?:[^\W\d_]{1,12}+[.\-/]?+){0,2}+\d(?:[\w:.,\-/+#]{0,30}[\w])?"
)
# 'i.v.m.' and 'J.d.B.' are one piece, each in its own way.
DOTTED = r"(?<!\w)[^\W\d_](?:\.[^\W\d_])+(?!\w)\.?"
TOKEN = re.compile(rf"{CODE}|{DOTTED}|[^\W\d_]+|\n|[^\w\s]|_")
SENTENCE_END = frozenset(".!?\n")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the normalised text."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text.isalpha()


def tokenise(text: str) -> list[Token]:
    """All pieces of a text in order; spaces are left out."""
    return [Token(found.group(), *found.span()) for found in TOKEN.finditer(text)]


def touched(tokens: Sequence[Token], start: int, end: int) -> range:
    """Which of the tokens lie (partly) in text[start:end]."""
    first = bisect_right(tokens, start, key=lambda token: token.end)
    return range(first, bisect_left(tokens, end, lo=first, key=lambda token: token.start))
