"""What the lists say of a word: may it be a first name, a place, a verb; how common is it."""

from functools import cache, lru_cache
from importlib.resources import files
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

COMMON_SHIFT = 26


@cache
def _table() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    with (
        (files("wijkapp.clients.screening") / "data" / "words.npz").open("rb") as file,
        np.load(file) as lists,
    ):
        return lists["h"], lists["m"]


@lru_cache(maxsize=20_000)
def known(word: str) -> int:
    """The bits of a folded word; 0 when no list has it."""
    hashes, masks = _table()
    wanted = crc32(word.encode(errors="surrogatepass"))
    at = int(np.searchsorted(hashes, wanted))
    return int(masks[at]) if at < len(hashes) and hashes[at] == wanted else 0


NAME_BITS = 0b11111  # first names and surnames, Dutch and foreign
SMALL_WORDS = 0b111_1100_0100 << 11  # finite verbs, adverbs, prepositions, articles, pronouns, conjunctions
LOWER = 1 << 9  # in the dictionary, without a capital
QUITE_COMMON = 4


def is_ordinary(word: str) -> bool:
    """Is this folded word one that everybody uses, and no name in the first place?"""
    bits = known(word)
    return bool(bits & LOWER) and bits >> COMMON_SHIFT >= QUITE_COMMON
