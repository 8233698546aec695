"""Lines for training the guard: read, and marked per token."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.clients.marked_lines import MarkedLine, read
from wijkapp.clients.screening import features, neighbours, patterns, verdict
from wijkapp.clients.screening.allow import Allow
from wijkapp.clients.screening.model import OUTCOMES
from wijkapp.clients.screening.text import normalise
from wijkapp.clients.screening.tokens import Token, tokenise

LINES = Path(__file__).parent.parent / "tests" / "clients" / "lines"
NAME = 1
KINDS = {kind.value: at for at, kind in enumerate(OUTCOMES) if kind}
ROWS_DROPPED = 0.12
FLAGS_DROPPED = 0.06
rows_of = lru_cache(maxsize=200_000)(features.rows_of)  # the guard itself keeps no words; these are ours


@dataclass(frozen=True)
class Example:
    """One line as the classifier sees it, with the outcome of every token."""

    line: MarkedLine
    words: list[str]
    flags: list[set[int]]
    outcomes: list[int]


def examples(folder: str) -> list[Example]:
    """All lines of tests/clients/lines/<folder>."""
    return [example(line) for line in read(LINES / folder)]


def example(line: MarkedLine) -> Example:
    normal = normalise(line.text)
    tokens = tokenise(normal.text)
    outcomes = [0] * len(tokens)
    for at, token in enumerate(tokens):
        start, end = normal.original(token.start, token.end)
        for first, last, kind in line.spans:
            if first < end and start < last:
                outcomes[at] = KINDS[kind]
    return Example(line, [token.text for token in tokens], _flags(normal.text, tokens, line.allow), outcomes)


def _flags(text: str, tokens: list[Token], allow: Allow) -> list[set[int]]:
    public = patterns.general(text, allow)
    return verdict.flags_of(tokens, allow, patterns.find(text, allow), public)


def rows(words: list[str], flags: list[set[int]]) -> list[list[int]]:
    """The rows of every word, as the guard itself makes them."""
    beside = neighbours.beside(words, flags)
    return [[*flags[at], *rows_of(word), *beside[at]] for at, word in enumerate(words)]


def kept(rows: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.bool_]:
    """Some features are left out, so that none is leaned on."""
    share = np.where(rows < len(features.FLAGS), FLAGS_DROPPED, ROWS_DROPPED)
    return chance.random(len(rows)) > share
