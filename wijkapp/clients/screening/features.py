"""What the classifier sees of a word, as numbers of rows in its table."""

import re
from array import array
from zlib import crc32

from stdnum.nl import bsn as bsn_check

from wijkapp.clients.screening.allow import Allow
from wijkapp.clients.screening.lexicon import COMMON_SHIFT, kept_when_everyday, known
from wijkapp.clients.screening.text import fold
from wijkapp.clients.screening.tokens import SENTENCE_END, Token, touched
from wijkapp.clients.screening.vocabulary import CLASSES_OF_WORDS

ROWS = 1 << 15
FLAGS = (
    "first",
    "surname",
    "person",
    "organisation",
    "part",
    "glued",
    "glues",
    "sentence",
    "line",
    "capitals",
    "lower",
    "again",
    "email",
    "phone",
    "bsn",
    "iban",
    "insurance",
    "client_number",
    "address",
    "postcode",
    "birth_date",
    "handle",
    "general",
    "certain",
    "name",
)
OWN_FLAGS = 5  # those of the allow-list
FLAG = {name: at for at, name in enumerate(FLAGS)}
MOST_LETTERS = 24
OWN_ROWS = len(FLAGS)
HASHED = ROWS - OWN_ROWS
PART = 9  # of the bits of a word, nine at a time: the features of what is set
BIT_NAMES = [b"%s%d" % (b"Bb" if bit > 12 else b"b", bit % 13) for bit in range(COMMON_SHIFT)]
BITS = [
    [
        [name for at, name in enumerate(BIT_NAMES[first : first + PART]) if bits >> at & 1]
        for bits in range(1 << PART)
    ]
    for first in range(0, COMMON_SHIFT, PART)
]


def shape(word: str) -> str:
    if not word.isalpha():
        return word
    if word.isupper():
        return "X" if len(word) == 1 else "XX"
    if word.islower():
        return "x" if len(word) == 1 else "xx"
    return "Xx" if word[0].isupper() and word[1:].islower() else "xX"


DIGITS = re.compile(r"\d+")
LETTERS = re.compile(r"[^\W\d_]+")


def _code_names(code: str) -> list[str]:
    """Features of something with digits: how it is grouped, how long it is, what it may be."""
    digits = "".join(DIGITS.findall(code))
    outline = "".join(
        "9" if one.isdigit() else "A" if one.isupper() else "a" if one.isalpha() else one for one in code
    )
    short = re.sub(r"(.)\1{3,}", r"\1\1\1+", outline)
    kinds = re.sub(r"(.)\1+", r"\1", outline)
    found = [
        "hcode",
        f"o{short[:16]}",
        f"q{kinds[:12]}",
        f"n{min(len(digits), 14)}",
        f"d{digits[:2]}",
        f"e{digits[:1]}{len(digits)}",
    ]
    letters = LETTERS.findall(code)
    if letters:
        found += [f"r{fold(letters[0])[:8]}", f"t{fold(letters[-1])[:4]}", f"rt{len(letters)}"]
    groups = DIGITS.findall(code)
    found.append("u" + "-".join(str(len(group)) for group in groups[:5]))
    if len(digits) == 9 and bsn_check.is_valid(digits):
        found.append("vbsn")
    if len(groups) == 1 and not letters:
        found.append("vone")
    if len(groups) == 3 and len(groups[2]) in (2, 4):
        found.append(f"vy{groups[2][-4:-1]}")
    return found


def shape_of_dotted(word: str) -> str:
    """'ivm' or 'JdB': which letters are capitals."""
    return "".join("A" if one.isupper() else "a" for one in word if one.isalpha())


def names_of(word: str) -> list[bytes]:
    """Every feature of one word, by name."""
    if not word.isalpha() and any(map(str.isdigit, word)):
        return [name.encode(errors="surrogatepass") for name in _code_names(word)]
    folded = fold(word)[:MOST_LETTERS]
    whole = folded.encode(errors="surrogatepass")
    outline = shape(word).encode(errors="surrogatepass")
    if "." in word and len(word) > 1:
        capitals = shape_of_dotted(word).encode()
        return [b"hdots", b"w" + whole, b"hd" + capitals, b"p" + whole[:1], b"n%d" % len(word)]
    if not word[0].isalpha():
        return [b"h" + outline]
    size = len(whole)
    edged = b"^" + whole + b"$"
    bits = known(folded)
    common = b"c%d" % (bits >> COMMON_SHIFT)
    found = [b"h" + outline, b"w" + whole, b"l%d" % min(size, 10), common, common + outline]
    found += [b"p" + whole[:at] for at in range(1, min(size, 4) + 1)]
    found += [b"s" + whole[-at:] for at in range(1, min(size, 5) + 1)]
    found += [b"g" + edged[at : at + 3] for at in range(size)]
    for at, features in enumerate(BITS):
        found += features[bits >> PART * at & (1 << PART) - 1]
    found += [b"k" + name.encode() for name in CLASSES_OF_WORDS.get(folded, ())]
    found.append(b"m%d%d" % (bits & 0b11111, bits >> 9 & 1) + outline)
    if size > 3 and whole.endswith(b"s"):
        bare = known(folded[:-1])
        found += [b"z%d" % bit for bit in range(5) if bare >> bit & 1]
    return found


def rows_named(names: "list[bytes]") -> "array[int]":
    """The rows of these features; two bytes each, for thousands are kept."""
    return array("H", [crc32(name) % HASHED + OWN_ROWS for name in names])


@kept_when_everyday
def rows_of(word: str) -> "array[int]":
    """The rows of one word, whatever stands around it."""
    return rows_named(names_of(word))


def flags_of(tokens: list[Token], allow: Allow, found: list[tuple[int, int, str]]) -> list[set[int]]:
    """What the place in the text, the allow-list and the patterns say of each word."""
    flags: list[set[int]] = [set() for _ in tokens]
    folded = [fold(token.text) for token in tokens]
    _place(tokens, folded, flags)
    _allowed(tokens, folded, flags, allow)
    for start, end, kind in found:
        for at in touched(tokens, start, end):
            flags[at].add(FLAG[kind])
    return flags


def _place(tokens: list[Token], folded: list[str], flags: list[set[int]]) -> None:
    words = [token.text for token in tokens if token.is_word]
    letters = "".join(words)
    line = "capitals" if letters.isupper() and len(words) > 2 else "lower" if letters.islower() else None
    counts: dict[str, int] = {}
    for word in folded:
        counts[word] = counts.get(word, 0) + 1
    for at, token in enumerate(tokens):
        mine = flags[at]
        if line:
            mine.add(FLAG[line])
        if at == 0 or tokens[at - 1].text == "\n":
            mine.add(FLAG["line"])
        if at == 0 or tokens[at - 1].text in SENTENCE_END:
            mine.add(FLAG["sentence"])
        if at and tokens[at - 1].end == token.start:
            mine.add(FLAG["glued"])
        if at + 1 < len(tokens) and tokens[at + 1].start == token.end:
            mine.add(FLAG["glues"])
        if counts[folded[at]] > 1 and token.is_word:
            mine.add(FLAG["again"])


def _allowed(tokens: list[Token], folded: list[str], flags: list[set[int]], allow: Allow) -> None:
    places = [at for at, token in enumerate(tokens) if token.is_word]
    words = [folded[at] for at in places]
    for index, at in enumerate(places):
        word = words[index]
        bare = word[:-1] if word.endswith("s") else word
        if word in allow.first_names or bare in allow.first_names:
            flags[at].add(FLAG["first"])
        if word in allow.surnames or bare in allow.surnames:
            flags[at].add(FLAG["surname"])
        if word in allow.parts:
            flags[at].add(FLAG["part"])
        for size in range(min(allow.longest.get(word, 0), len(words) - index), 0, -1):
            phrase = tuple(words[index : index + size])
            which = "organisation" if phrase in allow.names else "person" if phrase in allow.people else None
            if which and not (which == "person" and size == 1):
                for place in places[index : index + size]:
                    flags[place].add(FLAG[which])
                break
