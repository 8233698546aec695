"""One way of writing for every way of typing, and the way back to what was typed.

The patterns and the classifier read the normalised text; findings point into the original.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# Letters that look like a Latin one. Whoever types them is either copying or hiding.
LOOK_ALIKES = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеорсухіјѕԁһԛԝѵԍӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορικτυıɑɡ",
        "ABESIJKMHOPCTYXaeopcyxijsdhqwvglABEZHIKMNOPTYXavopiktuiag",
        strict=True,
    )
)
PUNCTUATION = {
    **dict.fromkeys("‘’‚‛´`ʼʹ′＇", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    "−": "-",
    "⁃": "-",
    "…": ".",
}
RIGHT_TO_LEFT, POP = "\u202e", "\u202c"
LONGEST_EXPANSION = 4  # a single Arabic ligature can become eighteen letters
MOST_MARKS = 3  # accents on one letter; the rest is decoration
MARKS = r"[\u0300-\u036f\u0483-\u0489\u20d0-\u20f0\ufe20-\ufe2f]"
MARKED = re.compile(MARKS)
SPECIAL = re.compile(rf"[\x00-\x7f]{MARKS}+|[^\x00-\x7f]{MARKS}*")


@dataclass(frozen=True)
class Normal:
    """Normalised text. `starts` and `ends`: where each of its characters stood; None when nothing moved."""

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original text that normalised[start:end] came from."""
        if self.starts is None or self.ends is None:
            return start, end
        return min(self.starts[start:end]), max(self.ends[start:end])


def normalise(text: str) -> Normal:
    """NFKC, plain dashes, spaces and quotes, no invisible characters, no look-alikes, nothing backwards."""
    if text.isascii():
        return Normal(text)
    if RIGHT_TO_LEFT in text:
        return _turned(text)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for special in SPECIAL.finditer(text):
        start, end = special.span()
        pieces.append(text[at:start])
        starts.extend(range(at, start))
        ends.extend(range(at + 1, start + 1))
        plain = _plain(text[start : min(end, start + 1 + MOST_MARKS)])
        pieces.append(plain)
        starts.extend([start] * len(plain))
        ends.extend([end] * len(plain))
        at = end
    pieces.append(text[at:])
    starts.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    return Normal("".join(pieces), starts, ends)


def _turned(text: str) -> Normal:
    """As `normalise`, for a text in which a part is shown from right to left."""
    pieces: list[tuple[str, int, int]] = []
    at = 0
    backwards: int | None = None
    while at < len(text):
        end = _cluster_end(text, at)
        if text[at] == RIGHT_TO_LEFT and backwards is None:
            backwards = len(pieces)
        elif backwards is not None and text[at] in (POP, "\n"):
            pieces[backwards:] = reversed(pieces[backwards:])
            backwards = None
        pieces.extend((one, at, end) for one in _plain(text[at : min(end, at + 1 + MOST_MARKS)]))
        at = end
    if backwards is not None:
        pieces[backwards:] = reversed(pieces[backwards:])
    return Normal("".join(p[0] for p in pieces), [p[1] for p in pieces], [p[2] for p in pieces])


def _cluster_end(text: str, at: int) -> int:
    """After a letter and the accents that follow it."""
    end = at + 1
    while end < len(text) and MARKED.match(text, end):
        end += 1
    return end


@lru_cache(maxsize=4096)
def _plain(cluster: str) -> str:
    """What one typed character stands for; nothing for an invisible one."""
    first = cluster[0]
    if len(cluster) == 1:
        if first.isascii():
            return first
        if first in PUNCTUATION:
            return PUNCTUATION[first]
        if first in LOOK_ALIKES:
            return LOOK_ALIKES[first]
    category = unicodedata.category(first)
    if category == "Pd":
        return "-"
    if category == "Zs":
        return " "
    if category in ("Zl", "Zp"):
        return "\n"
    if category in ("Cf", "Mn", "Me") or first in "\u115f\u1160\u3164\uffa0\u2800":
        return ""
    wide = unicodedata.normalize("NFKC", cluster)
    if len(wide) > LONGEST_EXPANSION:
        return first
    return "".join(_letter(one) for one in wide)


def _letter(one: str) -> str:
    if one.isdecimal():
        return str(unicodedata.decimal(one))
    if unicodedata.combining(one):
        return ""
    if one == "İ":  # its lower case is two characters
        return "I"
    return LOOK_ALIKES.get(one, PUNCTUATION.get(one, one))


def fold(word: str) -> str:
    """Lower case without accents: how words are looked up."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFD", word.lower())
    return "".join(one for one in apart if not unicodedata.combining(one))
