"""Lines for training the guard: read, marked per token, and varied so that the context must tell."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.clients.marked_lines import MarkedLine, read
from wijkapp.clients.screening import features, neighbours, patterns, verdict
from wijkapp.clients.screening.allow import Allow
from wijkapp.clients.screening.features import FLAG
from wijkapp.clients.screening.model import OUTCOMES
from wijkapp.clients.screening.text import fold, normalise
from wijkapp.clients.screening.tokens import Token, tokenise
from wijkapp.clients.screening.vocabulary import CLASSES_OF_WORDS

LINES = Path(__file__).parent.parent / "tests" / "clients" / "lines"
NAME = 1
KINDS = {kind.value: at for at, kind in enumerate(OUTCOMES) if kind}
ROWS_DROPPED = 0.12
FLAGS_DROPPED = 0.06
RENAMED, LOWERED, RAISED, MISTYPED = 0.5, 0.12, 0.03, 0.15


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
    return [[*flags[at], *features.rows_of(word), *beside[at]] for at, word in enumerate(words)]


def kept(rows: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.bool_]:
    """Some features are left out, so that none is leaned on."""
    share = np.where(rows < len(features.FLAGS), FLAGS_DROPPED, ROWS_DROPPED)
    return chance.random(len(rows)) > share


class Vary:
    """The same line with other names, other capitals or a typing error; what is marked stays marked."""

    def __init__(self, names: Sequence[Sequence[str]], seed: int) -> None:
        self.names = names
        self.random = random.Random(seed)

    def __call__(self, one: Example) -> tuple[list[str], list[set[int]]]:
        words, flags = self._renamed(one), [set(each) for each in one.flags]
        roll = self.random.random()
        if roll < LOWERED:
            words = [word.lower() for word in words]
        elif roll < LOWERED + RAISED:
            words = [word.upper() for word in words]
        if roll < LOWERED + RAISED:
            _mark_capitals(words, flags)
        if words and self.random.random() < MISTYPED:
            at = self.random.randrange(len(words))
            words[at] = self._mistyped(words[at])
        return words, flags

    def _renamed(self, one: Example) -> list[str]:
        given: dict[str, str | None] = {}
        words = list(one.words)
        for at, word in enumerate(words):
            folded = fold(word)
            if not self._is_name(one, at) or len(word) < 2 or "prefix" in CLASSES_OF_WORDS.get(folded, ()):
                continue
            if folded not in given:
                other = self.random.choice(self.random.choice(self.names))
                given[folded] = other if self.random.random() < RENAMED else None
            other_name = given[folded]
            if other_name:
                words[at] = _styled(other_name, word)
        return words

    def _is_name(self, one: Example, at: int) -> bool:
        """A marked name, or a colleague: both get other names, with the flags that they had."""
        colleague = one.outcomes[at] == 0 and bool({FLAG["first"], FLAG["person"]} & one.flags[at])
        return one.words[at].isalpha() and (colleague or one.outcomes[at] == NAME)

    def _mistyped(self, word: str) -> str:
        if not word.isalpha() or len(word) < 4:
            return word
        at = self.random.randrange(1, len(word) - 1)
        kinds = (
            word[:at] + word[at + 1 :],
            word[: at + 1] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + self.random.choice("aeioustrnl") + word[at + 1 :],
        )
        return self.random.choice(kinds)


def _styled(name: str, like: str) -> str:
    if like.isupper():
        return name.upper()
    return name if like.islower() else name.capitalize()


def _mark_capitals(words: Iterable[str], flags: list[set[int]]) -> None:
    letters = "".join(word for word in words if word.isalpha())
    for mine in flags:
        mine -= {FLAG["lower"], FLAG["capitals"]}
        if letters.islower():
            mine.add(FLAG["lower"])
        elif letters.isupper():
            mine.add(FLAG["capitals"])
