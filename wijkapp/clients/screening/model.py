"""The classifier: for every piece of a text how likely it is part of a name, a number, or neither.

Features of a word are rows of a table; their sum is the word. Two convolutions read the words around it; mean
and most of all words add what the text is about. bench/guard_train.py.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from itertools import count

import numpy as np
from numpy.typing import NDArray

from wijkapp.clients.screening.features import rows_of
from wijkapp.clients.screening.findings import Kind
from wijkapp.clients.screening.lexicon import MOST_KEPT, is_everyday

Floats = NDArray[np.float32]
OUTCOMES: tuple[Kind | None, ...] = (
    None,
    Kind.NAME,
    Kind.BSN,
    Kind.BIRTH_DATE,
    Kind.ADDRESS,
    Kind.POSTCODE,
    Kind.PHONE,
    Kind.EMAIL,
    Kind.IBAN,
    Kind.INSURANCE,
    Kind.CLIENT_NUMBER,
    Kind.HANDLE,
)
AT_ONCE = 256  # words whose rows are added up together: bounds memory
ONE_THREAD = 200_000  # multiplications; OpenBLAS takes more threads from 262,144


@dataclass(frozen=True)
class Layers:
    """Weights of the network; each reads what comes out of the one before."""

    first: Floats  # (7 x words, hidden)
    first_bias: Floats
    first_whole: Floats  # (2 x words, hidden)
    second: Floats  # (5 x hidden, hidden)
    second_bias: Floats
    second_whole: Floats  # (2 x hidden, hidden)
    out: Floats  # (words + 2 x hidden, outcomes)
    out_bias: Floats

    def scores(self, summed: Floats) -> Floats:
        """Before the softmax. The last columns of a word's sum go straight to the outcome."""
        words, straight = summed[:, : -len(OUTCOMES)], summed[:, -len(OUTCOMES) :]
        about = self.first_bias + _whole(words) @ self.first_whole
        near = np.maximum(_convolved(words, self.first) + about, 0)
        about = self.second_bias + _whole(near) @ self.second_whole
        far = np.maximum(_convolved(near, self.second) + about, 0)
        everything = np.concatenate([words, near, far], axis=1)
        result: Floats = _product(everything, self.out) + self.out_bias + straight
        return result


class Model:
    """The table of features, and the network that reads their sums."""

    def __init__(self, table: Floats, layers: Layers) -> None:
        # One row more, of zeros, for a word of which nothing else is known.
        self.table = np.concatenate([table, np.zeros_like(table[:1])])
        self.layers = layers
        # Sums of everyday words, by place; the first is of none. What else was typed is forgotten.
        self._places: dict[str, int] = {}
        self._free = count(1)
        self._sums = np.zeros((MOST_KEPT + 1, table.shape[1]), dtype=np.float32)

    def likelihoods(self, words: Sequence[str], rows: "Sequence[array[int]]") -> Floats:
        """For every word the likelihood of every outcome. rows: what its place and its neighbours add."""
        places = [self._place(word) for word in words]
        more = [
            one if place else rows_of(word) + one
            for word, one, place in zip(words, rows, places, strict=True)
        ]
        return _softmax(self.layers.scores(self._sums[places] + self._added(more)))

    def _place(self, word: str) -> int:
        place = self._places.get(word, 0)
        if not place and len(self._places) < MOST_KEPT and is_everyday(word):
            place = next(self._free)  # two threads never get the same one
            if place >= len(self._sums):
                return 0
            self._sums[place] = self.table[rows_of(word)].sum(axis=0)
            self._places[word] = place
        return place

    def _added(self, rows: "Sequence[array[int]]") -> Floats:
        nothing = array("H", [len(self.table) - 1])
        parts = []
        for at in range(0, len(rows), AT_ONCE):
            flat, begins = array("H"), []
            for some in rows[at : at + AT_ONCE]:
                begins.append(len(flat))
                flat.extend(some or nothing)
            parts.append(np.add.reduceat(self.table[np.frombuffer(flat, np.uint16)], begins, axis=0))
        result: Floats = np.concatenate(parts)
        return result


def _product(rows: Floats, weights: Floats) -> Floats:
    """rows @ weights in blocks so small that the library for it does not wake its threads.

    Waking them took 14 milliseconds on a busy machine, for work of half a millisecond.
    """
    block = max(1, ONE_THREAD // weights.size)
    whole = len(rows) - len(rows) % block
    result = np.empty((len(rows), weights.shape[1]), dtype=np.float32)
    blocks = (-1, block, weights.shape[0]), (-1, block, weights.shape[1])
    np.matmul(rows[:whole].reshape(blocks[0]), weights, out=result[:whole].reshape(blocks[1]))
    np.matmul(rows[whole:], weights, out=result[whole:])
    return result


def _convolved(words: Floats, weights: Floats) -> Floats:
    """Each word with as many words on either side as there are weights for."""
    width = words.shape[1]
    places = weights.reshape(-1, width, weights.shape[1])
    padded = np.zeros((len(words) + len(places) - 1, width), dtype=np.float32)
    padded[len(places) // 2 :][: len(words)] = words
    result = _product(padded[: len(words)], places[0])
    for at in range(1, len(places)):
        result += _product(padded[at : at + len(words)], places[at])
    return result


def _whole(words: Floats) -> Floats:
    """What a text is about: the mean and the most of its words."""
    return np.concatenate([words.mean(axis=0), words.max(axis=0)])


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = powers / powers.sum(axis=1, keepdims=True)
    return result


@cache
def load() -> Model:
    """The model that comes with the package, read once."""
    source = files("wijkapp.clients.screening") / "data" / "model.npz"
    with source.open("rb") as file, np.load(file) as stored:
        layers = Layers(**{each.name: stored[each.name] for each in fields(Layers)})
        return Model(stored["table"] * stored["scale"], layers)
