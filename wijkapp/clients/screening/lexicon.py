"""What the lists say of a word: may it be a first name, a place, a verb; how common is it."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable
from functools import cache, wraps
from importlib.resources import files
from typing import TypeVar
from zlib import crc32

import numpy as np

from wijkapp.clients.screening.vocabulary import CLASSES_OF_WORDS

COMMON_SHIFT = 26


@cache
def _table() -> "tuple[array[int], array[int]]":
    with (
        (files("wijkapp.clients.screening") / "data" / "words.npz").open("rb") as file,
        np.load(file) as lists,
    ):
        return array("I", lists["h"].tobytes()), array("I", lists["m"].tobytes())


def known(word: str) -> int:
    """The bits of a folded word; 0 when no list has it."""
    hashes, masks = _table()
    wanted = crc32(word.encode(errors="surrogatepass"))
    at = bisect_left(hashes, wanted)
    return masks[at] if at < len(hashes) and hashes[at] == wanted else 0


NAME_BITS = 0b11111  # first names and surnames, Dutch and foreign
SMALL_WORDS = 0b111_1100_0100 << 11  # finite verbs, adverbs, prepositions, articles, pronouns, conjunctions
LOWER = 1 << 9  # in the dictionary, without a capital
QUITE_COMMON = 4


def is_ordinary(word: str) -> bool:
    """Is this folded word one that everybody uses, and no name in the first place?"""
    bits = known(word)
    return bool(bits & LOWER) and bits >> COMMON_SHIFT >= QUITE_COMMON


UPPER = 1 << 10  # in the dictionary with a capital only
COMMON_ENOUGH, VERY_COMMON = 2, 5
MOST_KEPT = 8192
SMALL = re.compile(r"[^\w\s]|\d{1,2}[a-z]{0,2}|\w", re.ASCII)
TELLING = frozenset(
    [
        *(
            "relation",
            "function",
            "care",
            "work",
            "day",
            "complaint",
            "careact",
            "workact",
            "paper",
            "object",
        ),
        *("bodypart", "facility"),
    ]
)


def is_everyday(word: str) -> bool:
    """May this be remembered when the text is gone: a common word that is nobody's name, a sign, '2x'?"""
    if not word.isalpha() or not word.isascii():
        return bool(SMALL.fullmatch(word))
    folded = word.lower()
    bits = known(folded)
    if not bits & (NAME_BITS | UPPER):
        return bits >> COMMON_SHIFT >= COMMON_ENOUGH
    plain = bits & LOWER and bits & SMALL_WORDS and bits >> COMMON_SHIFT >= VERY_COMMON
    return bool(plain) or (word == folded and not TELLING.isdisjoint(CLASSES_OF_WORDS.get(word, ())))


Made = TypeVar("Made")


def kept_when_everyday(make: Callable[[str], Made]) -> Callable[[str], Made]:
    """Remember what is made of everyday words. No other word that somebody types outlives the call."""
    kept: dict[str, Made] = {}

    @wraps(make)
    def made(word: str) -> Made:
        if word in kept:
            return kept[word]
        result = make(word)
        if len(kept) < MOST_KEPT and is_everyday(word):
            kept[word] = result
        return result

    return made
