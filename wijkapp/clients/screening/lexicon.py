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
    wanted = crc32(word.encode())
    at = int(np.searchsorted(hashes, wanted))
    return int(masks[at]) if at < len(hashes) and hashes[at] == wanted else 0
