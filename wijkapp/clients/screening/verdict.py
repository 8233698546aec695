"""From what the patterns found and the classifier thinks to findings."""

from array import array
from collections.abc import Sequence

from wijkapp.clients.screening import features, model, neighbours, patterns
from wijkapp.clients.screening.allow import Allow
from wijkapp.clients.screening.findings import Kind, Level
from wijkapp.clients.screening.model import OUTCOMES, Floats
from wijkapp.clients.screening.numbers import Found
from wijkapp.clients.screening.tokens import Token, tokenise, touched
from wijkapp.clients.screening.whole import with_whole_names

# Chosen on lines of a writer that the model was not trained on: docs/decisions/0014-text-guard.md.
LIKELY = 0.97
CERTAIN = 0.998
WITH_PATTERN = 0.5  # a pattern that was not sure needs this much
OFTEN_WRONG = {Kind.NAME: 0.8, Kind.ADDRESS: 0.8}  # and these more: 'M. Crohn', 'Lyrica 75'
BESIDE = 0.35  # joins a neighbour that is a finding

IN_FULL = {features.FLAG["organisation"], features.FLAG["person"]}

Scored = tuple[Token, float, Kind]


def judge(text: str, allow: Allow) -> list[Found]:
    """Everything found in a normalised text; overlaps are left to the caller."""
    tokens = tokenise(text)
    if not tokens:
        return []
    public = patterns.general(text, allow)
    found = [one for one in patterns.find(text, allow) if not any(_overlap(one, two) for two in public)]
    words = [token.text for token in tokens]
    flags = flags_of(tokens, allow, found, public)
    likelihoods = model.load().likelihoods(words, _rows(words, flags))
    likelihoods[_named_in_full(flags, likelihoods), 0] = 1
    likelihoods[[at for start, end in public for at in touched(tokens, start, end)], 0] = 1
    scored = [_best(token, row) for token, row in zip(tokens, likelihoods, strict=True)]
    findings = [*_agreed(found, tokens, scored), *_groups(text, scored)]
    return with_whole_names(text, tokens, flags, findings) if findings else []


def _named_in_full(flags: Sequence[set[int]], likelihoods: Floats) -> list[int]:
    """Words of an organisation, a place or a colleague in full: the classifier must be sure to object."""
    return [at for at, mine in enumerate(flags) if mine & IN_FULL and 1 - float(likelihoods[at, 0]) < CERTAIN]


def _overlap(one: tuple[int, int, Kind, Level], two: tuple[int, int]) -> bool:
    return one[0] < two[1] and two[0] < one[1]


def _rows(words: list[str], flags: list[set[int]]) -> "list[array[int]]":
    """What the classifier sees of every word besides the word itself."""
    beside = neighbours.beside(words, flags)
    return [array("H", mine) + more for mine, more in zip(flags, beside, strict=True)]


def flags_of(
    tokens: list[Token], allow: Allow, found: Sequence[Found], public: Sequence[tuple[int, int]]
) -> list[set[int]]:
    """What place, allow-list and patterns say of every token."""
    marks = [(start, end, kind.value) for start, end, kind, _ in found]
    marks += [(start, end, "certain") for start, end, _, level in found if level is Level.CERTAIN]
    marks += [(start, end, "general") for start, end in public]
    return features.flags_of(tokens, allow, marks)


def _best(token: Token, likelihoods: Floats) -> Scored:
    best = int(likelihoods[1:].argmax()) + 1
    kind = OUTCOMES[best]
    assert kind is not None  # noqa: S101 - only the first outcome is nothing
    return token, 1 - float(likelihoods[0]), kind


def _agreed(found: Sequence[Found], tokens: Sequence[Token], scored: Sequence[Scored]) -> list[Found]:
    """Patterns that are sure, and those that the classifier agrees with."""
    kept = []
    for start, end, kind, level in found:
        score = max((scored[at][1] for at in touched(tokens, start, end)), default=0.0)
        if level is Level.CERTAIN or score >= CERTAIN:
            kept.append((start, end, kind, Level.CERTAIN))
        elif score >= OFTEN_WRONG.get(kind, WITH_PATTERN):
            kept.append((start, end, kind, Level.LIKELY))
    return kept


def _groups(text: str, scored: Sequence[Scored]) -> list[Found]:
    """Neighbours of one kind are one finding, if one of them is likely enough by itself."""
    groups: list[list[Scored]] = []
    for one in scored:
        if one[1] < BESIDE:
            continue
        last = groups[-1][-1] if groups else None
        if last and last[2] is one[2] and not text[last[0].end : one[0].start].strip(" "):
            groups[-1].append(one)
        else:
            groups.append([one])
    return [_finding(group) for group in groups if max(score for _, score, _ in group) >= LIKELY]


def _finding(group: Sequence[Scored]) -> Found:
    """From the first to the last that is more than a sign."""
    best = max(score for _, score, _ in group)
    telling = [token for token, _, _ in group if any(map(str.isalnum, token.text))] or [group[0][0]]
    return (
        telling[0].start,
        telling[-1].end,
        group[0][2],
        Level.CERTAIN if best >= CERTAIN else Level.LIKELY,
    )
