"""What the classifier sees of the words around a word."""

from functools import lru_cache
from zlib import crc32

from wijkapp.clients.screening.features import FLAGS, OWN_FLAGS, ROWS, shape
from wijkapp.clients.screening.lexicon import COMMON_SHIFT, NAME_BITS, known
from wijkapp.clients.screening.text import fold
from wijkapp.clients.screening.vocabulary import CLASSES_OF_WORDS, CUES


@lru_cache(maxsize=20_000)
def _gist(word: str) -> tuple[str, ...]:
    """What matters of a word to its neighbours: itself, its classes, what part of speech it is."""
    if not word.isalpha():
        return ("#" if any(map(str.isdigit, word)) else word,)
    folded = fold(word)
    bits = known(folded)
    return (folded, *(f"k{name}" for name in CLASSES_OF_WORDS.get(folded, ())), f"b{bits >> 11 & 0x3FFF:x}")


@lru_cache(maxsize=20_000)
def _kind(word: str) -> str:
    """Roughly what a word is: a likely name, an ordinary word, a code."""
    if not word.isalpha():
        return "#" if any(map(str.isdigit, word)) else "."
    bits = known(fold(word))
    common = bits >> COMMON_SHIFT
    name = "f" if bits & 0b1001 else "s" if bits & 0b10110 else "-"
    return f"{name}{bits >> 9 & 1}{'c' if common > 3 else 'r' if common else 'u'}{shape(word)}"


@lru_cache(maxsize=20_000)
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


@lru_cache(maxsize=20_000)
def _is_candidate(word: str) -> bool:
    """May this be (part of) a name, or a number? Ordinary words in lower case may not."""
    if not word.isalpha():
        return any(map(str.isdigit, word)) or (len(word) > 1 and "." in word)
    bits = known(fold(word))
    return not word.islower() or bool(bits & NAME_BITS) or not bits >> COMMON_SHIFT


@lru_cache(maxsize=20_000)
def _is_passed(word: str) -> bool:
    return (
        word in SKIPPED
        or (len(word) == 1 and word.isalpha())
        or "prefix" in CLASSES_OF_WORDS.get(fold(word), ())
    )


@lru_cache(maxsize=60_000)
def _side_rows(side: str, kind: str, own: str, other: str) -> tuple[int, ...]:
    """Rows for a word of this kind with that word at this side."""
    names = []
    for gist in _gist(other) if other != END else (END,):
        names += [f"{side}{gist}", f"{side}{kind}{gist}"]
        if own:
            names.append(f"{side}{own}/{gist}")
    return tuple(_row(name) for name in names)


def beside(words: list[str], flags: list[set[int]]) -> list[list[int]]:
    """Rows for each candidate with what stands left and right of it, past dots, initials and prefixes."""
    return [_beside(words, at, flags[at]) if _is_candidate(word) else [] for at, word in enumerate(words)]


def _beside(words: list[str], at: int, flags: set[int]) -> list[int]:
    left, right, kind = _left(words, at), _right(words, at), _kind(words[at])
    own = "".join(sorted(str(one) for one in flags if one < OWN_FLAGS))
    names = [f"K{kind}{own}", f"B{kind}{_kind(left)}{_kind(right)}"]
    if kind == "#":
        names += _cues_near(words, at)
    return [*_side_rows("L", kind, own, left), *_side_rows("R", kind, own, right), *map(_row, names)]


def _left(words: list[str], at: int) -> str:
    for index in range(at - 1, max(-1, at - 7), -1):
        if not _is_passed(words[index]):
            return words[index]
    return END


def _right(words: list[str], at: int) -> str:
    capital = words[at].istitle()
    for index in range(at + 1, min(len(words), at + 5)):
        word = words[index]
        if not (
            word in SKIPPED
            or "prefix" in CLASSES_OF_WORDS.get(fold(word), ())
            or (capital and word.istitle())
        ):
            return word
    return END


@lru_cache(maxsize=60_000)
def _row(name: str) -> int:
    return crc32(name.encode(errors="surrogatepass")) % (ROWS - len(FLAGS)) + len(FLAGS)
