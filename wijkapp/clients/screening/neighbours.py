"""What the classifier sees of the words around a word."""

from array import array
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from wijkapp.clients.screening.features import FLAGS, OWN_FLAGS, ROWS, shape
from wijkapp.clients.screening.lexicon import COMMON_SHIFT, NAME_BITS, known
from wijkapp.clients.screening.text import fold
from wijkapp.clients.screening.vocabulary import CLASSES_OF_WORDS, CUES

OWN = frozenset(range(OWN_FLAGS))


@lru_cache(maxsize=8_000)
def _gist(word: str) -> tuple[str, ...]:
    """What matters of a word to its neighbours: itself, its classes, what part of speech it is."""
    if not word.isalpha():
        return ("#" if any(map(str.isdigit, word)) else word,)
    folded = fold(word)
    bits = known(folded)
    return (folded, *(f"k{name}" for name in CLASSES_OF_WORDS.get(folded, ())), f"b{bits >> 11 & 0x3FFF:x}")


@lru_cache(maxsize=8_000)
def _kind(word: str) -> str:
    """Roughly what a word is: a likely name, an ordinary word, a code."""
    if not word.isalpha():
        return "#" if any(map(str.isdigit, word)) else "."
    bits = known(fold(word))
    common = bits >> COMMON_SHIFT
    name = "f" if bits & 0b1001 else "s" if bits & 0b10110 else "-"
    return f"{name}{bits >> 9 & 1}{'c' if common > 3 else 'r' if common else 'u'}{shape(word)}"


@lru_cache(maxsize=8_000)
def _cue(word: str) -> str:
    """What a word says of a number nearby."""
    folded = fold(word)
    for name, stems in CUES:
        for stem in stems:
            if (
                folded == stem
                or (len(stem) > 3 and stem in folded)
                or (len(stem) > 2 and folded.startswith(stem + "n"))
            ):
                return name
    return ""


def _cues_near(words: list[str], at: int) -> list[str]:
    """The nearest cue on either side of a number, and every cue within reach."""
    code = words[at]
    digits = min(sum(map(str.isdigit, code)), 12)
    left = [cue for word in reversed(words[max(0, at - 8) : at]) if (cue := _cue(word))]
    right = [cue for word in words[at + 1 : at + 6] if (cue := _cue(word))]
    names = [f"a{cue}" for cue in dict.fromkeys([*left, *right])]
    names += [f"i{left[0]}", f"i{left[0]}{digits}"] if left else [f"i-{digits}"]
    return names + ([f"j{right[0]}", f"j{right[0]}{digits}"] if right else [])


SKIPPED = frozenset(".-'\"(")
END = "|"


class Seen(NamedTuple):
    """What one needs to know of a word to look at it, or past it."""

    kind: str
    is_candidate: bool  # may it be (part of) a name, or a number? Ordinary words in lower case may not
    is_passed: bool  # does one look past it to the left
    is_skipped: bool  # and to the right
    is_title: bool


@lru_cache(maxsize=8_000)
def _seen(word: str) -> Seen:
    skipped = word in SKIPPED or "prefix" in CLASSES_OF_WORDS.get(fold(word), ())
    return Seen(
        kind=_kind(word),
        is_candidate=_is_candidate(word),
        is_passed=skipped or (len(word) == 1 and word.isalpha()),
        is_skipped=skipped,
        is_title=word.istitle(),
    )


def _is_candidate(word: str) -> bool:
    if not word.isalpha():
        return any(map(str.isdigit, word)) or (len(word) > 1 and "." in word)
    bits = known(fold(word))
    return not word.islower() or bool(bits & NAME_BITS) or not bits >> COMMON_SHIFT


def beside(words: list[str], flags: list[set[int]]) -> list[list[int]]:
    """Rows for each candidate with what stands left and right of it, past dots, initials and prefixes."""
    seen = [_seen(word) for word in words]
    return [_beside(words, seen, at, flags[at]) if each.is_candidate else [] for at, each in enumerate(seen)]


def _beside(words: list[str], seen: list[Seen], at: int, flags: set[int]) -> list[int]:
    kind = seen[at].kind
    own = "".join(map(str, sorted(flags & OWN)))
    rows = _around(kind, own, _left(words, seen, at), _right(words, seen, at))
    return [*rows, *map(_row, _cues_near(words, at))] if kind == "#" else [*rows]


@lru_cache(maxsize=16_000)
def _around(kind: str, own: str, left: str, right: str) -> "array[int]":
    """Rows for a word of this kind between those two."""
    names = [f"K{kind}{own}", f"B{kind}{_kind(left)}{_kind(right)}"]
    for side, other in (("L", left), ("R", right)):
        for gist in _gist(other) if other != END else (END,):
            names += [f"{side}{gist}", f"{side}{kind}{gist}"]
            if own:
                names.append(f"{side}{own}/{gist}")
    return array("H", map(_row, names))


def _left(words: list[str], seen: list[Seen], at: int) -> str:
    for index in range(at - 1, max(-1, at - 7), -1):
        if not seen[index].is_passed:
            return words[index]
    return END


def _right(words: list[str], seen: list[Seen], at: int) -> str:
    capital = seen[at].is_title
    for index in range(at + 1, min(len(words), at + 5)):
        if not (seen[index].is_skipped or (capital and seen[index].is_title)):
            return words[index]
    return END


@lru_cache(maxsize=16_000)
def _row(name: str) -> int:
    return crc32(name.encode(errors="surrogatepass")) % (ROWS - len(FLAGS)) + len(FLAGS)
