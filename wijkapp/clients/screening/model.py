"""The classifier: for every piece of a text how likely it is part of a name, a number, or neither.

Features of a word are rows of a table; their sum is the word. Two convolutions read the words around it; mean
and most of all words add what the text is about. bench/guard_train.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from wijkapp.clients.screening.features import rows_of
from wijkapp.clients.screening.findings import Kind

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
WORDS_KEPT = 8192  # sums of single words that are remembered
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
        near = np.maximum(_product(_windows(words, 3), self.first) + about, 0)
        about = self.second_bias + _whole(near) @ self.second_whole
        far = np.maximum(_product(_windows(near, 2), self.second) + about, 0)
        everything = np.concatenate([words, near, far], axis=1)
        result: Floats = _product(everything, self.out) + self.out_bias + straight
        return result


class Model:
    """The table of features, and the network that reads their sums."""

    def __init__(self, table: Floats, layers: Layers) -> None:
        # One row more, of zeros, for a word of which nothing else is known.
        self.table = np.concatenate([table, np.zeros_like(table[:1])])
        self.layers = layers
        self._word = lru_cache(maxsize=WORDS_KEPT)(self._sum_of_word)

    def likelihoods(self, words: Sequence[str], rows: Sequence[Sequence[int]]) -> Floats:
        """For every word the likelihood of every outcome. rows: what its place and its neighbours add."""
        summed = np.stack([self._word(word) for word in words]) + self._added(rows)
        return _softmax(self.layers.scores(summed))

    def _sum_of_word(self, word: str) -> Floats:
        result: Floats = self.table[list(rows_of(word))].sum(axis=0)
        return result

    def _added(self, rows: Sequence[Sequence[int]]) -> Floats:
        nothing = len(self.table) - 1
        parts = []
        for at in range(0, len(rows), AT_ONCE):
            some = [word or (nothing,) for word in rows[at : at + AT_ONCE]]
            flat = np.array(list(chain.from_iterable(some)), dtype=np.intp)
            begins = np.cumsum([0, *map(len, some[:-1])])
            parts.append(np.add.reduceat(self.table[flat], begins, axis=0))
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


def _windows(words: Floats, reach: int) -> Floats:
    """Each word with `reach` words on either side, as one long row."""
    padded = np.zeros((len(words) + 2 * reach, words.shape[1]), dtype=np.float32)
    padded[reach : reach + len(words)] = words
    return np.concatenate([padded[at : at + len(words)] for at in range(2 * reach + 1)], axis=1)


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
