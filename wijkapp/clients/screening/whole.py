"""The whole of a name: what stands right beside a name that was found, or before a number of its bearer.

Adds to what was found, and finds nothing in a text in which nothing else was.
"""

from collections.abc import Iterator, Sequence

from wijkapp.clients.screening.features import FLAG
from wijkapp.clients.screening.findings import Kind, Level
from wijkapp.clients.screening.lexicon import is_ordinary
from wijkapp.clients.screening.numbers import Found
from wijkapp.clients.screening.text import fold
from wijkapp.clients.screening.titled import may_be_name
from wijkapp.clients.screening.tokens import Token, touched

KNOWN = {FLAG["organisation"], FLAG["person"], FLAG["first"], FLAG["part"], FLAG["capitals"]}
OF_ONE_PERSON = {Kind.BSN, Kind.BIRTH_DATE}
BETWEEN = frozenset(
    [
        *("(", ":", ",", ".", "-", "op", "is", "nr", "nummer", "client", "cliente", "patient", "patiente"),
        *("bsn", "burgerservicenr", "burgerservicenummer", "geb", "geboren", "geboortedatum", "gd"),
    ]
)
INNER = frozenset(["van", "de", "der", "den", "ten", "ter", "te", "el", "al", "ben", "vd", "la", "da", "dos"])
FARTHEST = 5  # tokens between a name and the number of its bearer
LONGEST = 4  # words that are taken in on one side


def with_whole_names(
    text: str, tokens: Sequence[Token], flags: Sequence[set[int]], found: Sequence[Found]
) -> list[Found]:
    """All that was found, names with the rest of themselves."""
    names = [_may_be_part(token, mine) for token, mine in zip(tokens, flags, strict=True)]
    result = [_widened(text, tokens, names, one) if one[2] is Kind.NAME else one for one in found]
    return [*result, *_bearers(text, tokens, names, result)]


def _may_be_part(token: Token, flags: set[int]) -> bool:
    """A capital, and neither an ordinary word nor anybody or anything that may be named."""
    folded = fold(token.text)
    capital = token.is_word and token.text.istitle() and len(folded) > 1
    return capital and not flags & KNOWN and may_be_name(folded) and not is_ordinary(folded)


def _widened(text: str, tokens: Sequence[Token], names: Sequence[bool], one: Found) -> Found:
    there = touched(tokens, one[0], one[1])
    if not there:
        return one
    left, right = there[0], there[-1]
    while left and there[0] - left < LONGEST and names[left - 1] and _beside(text, tokens, left - 1):
        left -= 1
    while (more := _next(text, tokens, names, right)) and more - there[-1] <= LONGEST:
        right = more
    return min(one[0], tokens[left].start), max(one[1], tokens[right].end), one[2], one[3]


def _next(text: str, tokens: Sequence[Token], names: Sequence[bool], at: int) -> int | None:
    """The next word of a name, past 'van der'."""
    for after in range(at + 1, min(len(tokens), at + 4)):
        if not _beside(text, tokens, after - 1):
            return None
        if names[after]:
            return after
        if fold(tokens[after].text) not in INNER:
            return None
    return None


def _beside(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Is there nothing but a space, or a dash, between this word and the next?"""
    return text[tokens[at].end : tokens[at + 1].start] in (" ", "-")


def _bearers(
    text: str, tokens: Sequence[Token], names: Sequence[bool], found: Sequence[Found]
) -> Iterator[Found]:
    """'Dasesahiwold (BSN: ...': whoever stands before a number of one person bears it."""
    for start, end, kind, _ in found:
        there = touched(tokens, start, end)
        if kind not in OF_ONE_PERSON or not there:
            continue
        at = there[0] - 1
        while at >= max(0, there[0] - FARTHEST) and fold(tokens[at].text) in BETWEEN:
            at -= 1
        if at >= 0 and names[at] and at < there[0]:
            name = (tokens[at].start, tokens[at].end, Kind.NAME, Level.LIKELY)
            yield _widened(text, tokens, names, name)
