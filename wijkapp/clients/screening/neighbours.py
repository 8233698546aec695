"""What the classifier sees of the words around a word."""

import re
from array import array
from typing import NamedTuple

from wijkapp.clients.screening.features import OWN_FLAGS, rows_named, shape
from wijkapp.clients.screening.lexicon import COMMON_SHIFT, NAME_BITS, kept_when_everyday, known
from wijkapp.clients.screening.text import fold
from wijkapp.clients.screening.vocabulary import CLASSES_OF_WORDS, CUES

OWN = frozenset(range(OWN_FLAGS))


CUE_OF = {stem: name for name, stems in reversed(CUES) for stem in stems}
WITHIN = re.compile("|".join(sorted((stem for stem in CUE_OF if len(stem) > 3), key=len, reverse=True)))
AND_NUMBER = re.compile(rf"(?:{'|'.join(stem for stem in CUE_OF if len(stem) == 3)})(?=n)")


@kept_when_everyday
def _cue(word: str) -> str:
    """What a word says of a number nearby."""
    folded = fold(word)
    if folded in CUE_OF:
        return CUE_OF[folded]
    found = WITHIN.search(folded) or AND_NUMBER.match(folded)
    return CUE_OF[found.group()] if found else ""


def _cues_near(words: list[str], at: int) -> list[bytes]:
    """The nearest cue on either side of a number, and every cue within reach."""
    code = words[at]
    digits = min(sum(map(str.isdigit, code)), 12)
    left = [cue for word in reversed(words[max(0, at - 8) : at]) if (cue := _cue(word))]
    right = [cue for word in words[at + 1 : at + 6] if (cue := _cue(word))]
    names = [f"a{cue}" for cue in dict.fromkeys([*left, *right])]
    names += [f"i{left[0]}", f"i{left[0]}{digits}"] if left else [f"i-{digits}"]
    names += [f"j{right[0]}", f"j{right[0]}{digits}"] if right else []
    return [name.encode() for name in names]


SKIPPED = frozenset(".-'\"(")


class Seen(NamedTuple):
    """What one needs to know of a word to look at it, or past it."""

    kind: bytes  # roughly what it is: a likely name, an ordinary word, a code
    gist: tuple[bytes, ...]  # what matters of it to its neighbours
    is_candidate: bool  # may it be (part of) a name, or a number? Ordinary words in lower case may not
    is_passed: bool  # does one look past it to the left
    is_skipped: bool  # and to the right
    is_title: bool


END = Seen(b"-0uxx", (b"|",), False, False, False, False)


@kept_when_everyday
def _seen(word: str) -> Seen:
    if not word.isalpha():
        code = any(map(str.isdigit, word))
        kind, gist = (b"#", b"#") if code else (b".", word.encode(errors="surrogatepass"))
        skipped = word in SKIPPED
        return Seen(kind, (gist,), code or (len(word) > 1 and "." in word), skipped, skipped, False)
    folded = fold(word)
    bits, classes = known(folded), CLASSES_OF_WORDS.get(folded, ())
    skipped = "prefix" in classes
    return Seen(
        kind=_kind(word, bits),
        gist=(
            folded.encode(errors="surrogatepass"),
            *(f"k{name}".encode() for name in classes),
            b"b%x" % (bits >> 11 & 0x3FFF),
        ),
        is_candidate=not word.islower() or bool(bits & NAME_BITS) or not bits >> COMMON_SHIFT,
        is_passed=skipped or len(word) == 1,
        is_skipped=skipped,
        is_title=word.istitle(),
    )


def _kind(word: str, bits: int) -> bytes:
    common = bits >> COMMON_SHIFT
    name = "f" if bits & 0b1001 else "s" if bits & 0b10110 else "-"
    return f"{name}{bits >> 9 & 1}{'c' if common > 3 else 'r' if common else 'u'}{shape(word)}".encode()


def beside(words: list[str], flags: list[set[int]]) -> "list[array[int]]":
    """Rows for each candidate with what stands left and right of it, past dots, initials and prefixes."""
    seen = [_seen(word) for word in words]
    return [
        rows_named(_names(words, seen, at, flags[at])) if each.is_candidate else NONE
        for at, each in enumerate(seen)
    ]


NONE = array("H")
OWN_NAMES = {flag: b"%d" % flag for flag in range(OWN_FLAGS)}


def _names(words: list[str], seen: list[Seen], at: int, flags: set[int]) -> list[bytes]:
    kind, left, right = seen[at].kind, _left(seen, at), _right(seen, at)
    own = b"".join(name for flag, name in OWN_NAMES.items() if flag in flags)
    names = [b"K" + kind + own, b"B" + kind + left.kind + right.kind]
    for side, other in ((b"L", left), (b"R", right)):
        for gist in other.gist:
            names += (side + gist, side + kind + gist)
        if own:
            names += [side + own + b"/" + gist for gist in other.gist]
    return names + _cues_near(words, at) if kind == b"#" else names


def _left(seen: list[Seen], at: int) -> Seen:
    for index in range(at - 1, max(-1, at - 7), -1):
        if not seen[index].is_passed:
            return seen[index]
    return END


def _right(seen: list[Seen], at: int) -> Seen:
    capital = seen[at].is_title
    for index in range(at + 1, min(len(seen), at + 5)):
        if not (seen[index].is_skipped or (capital and seen[index].is_title)):
            return seen[index]
    return END
