# ruff: noqa: SIM905 - lists of words read best as one string
"""The lines that the guard learns from, never twice the same: other names, other capitals, no title, no name.

What is said must tell, not what somebody is called. So names are swapped, 'mw Jansen slaapt' also comes as
'jansen slaapt' and as 'mw slaapt', and 'client slaapt' as 'Jansen slaapt', with the name marked.
"""

import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from _guard_data import NAME, Example

from wijkapp.clients.screening.features import FLAG
from wijkapp.clients.screening.lexicon import COMMON_SHIFT, LOWER, known
from wijkapp.clients.screening.text import fold
from wijkapp.clients.screening.vocabulary import CLASSES_OF_WORDS

RENAMED, ORDINARY = 0.5, 0.12
NAMELESS, UNTITLED, NAMED, PUT_IN, AS_COLLEAGUE = 0.12, 0.3, 0.3, 0.08, 0.06
LOWERED, RAISED, LOWER_NAMES, MISTYPED, JOINED = 0.12, 0.03, 0.12, 0.15, 0.05
LONGEST_JOINED = 80  # words

# Words that stand for a client, and what may stand before them without becoming part of a name.
CLIENT = frozenset(
    "client cliente clienten patient patiente bewoner bewoonster mw mevr mevrouw meneer mijnheer dhr "
    "hij klant pt mvr mevrouwtje".split()
)
ARTICLES = frozenset("de onze deze die".split())
OTHERS = frozenset(
    "een geen elke iedere nieuwe welke per andere mijn oude jonge 1 beide alle jouw hun haar zijn "
    "geachte beste volgende eerste laatste".split()
)
TITLES = frozenset(
    "mw mevr mevrouw mvr mrs dhr heer meneer mijnheer hr client cliente patient patiente pt bewoner "
    "mevrouwtje fam familie".split()
)
NAMELESS_WORDS = (
    "mw|meneer|client|de client|mevrouw|hij|de bewoner|dhr|zij|de patient|cliente|haar|pt|ze|onze "
    "mevrouw|mw|iemand"
).split("|")
PREFIXES = ("de", "van der", "van", "el", "de")
# What one has of somebody: 'wond Jansen', 'recept Jansen'.
OWNED = frozenset(
    "wond wondje kousen insuline katheter recept medicatie sleutel dochter zoon intake overdracht "
    "glucose baxter sonde stoma zwachtels rollator bed tillift indicatie zorgplan dossier opname "
    "ontslag controle evaluatie huisbezoek bij kweek bloedsuiker pillen druppels verband inco rolstoel "
    "drain infuus pomp urine huid hiel stuit alarm taxi lab inr hb rr temp sat gewicht valincident tolk "
    "machtiging verwijzing zalf pleister formulier foto".split()
)
CARE = frozenset({"care", "drug", "complaint", "bodypart", "product"})
MEDICAL = 1 << 6
PLACE = {FLAG[name] for name in ("sentence", "line", "glued", "glues", "capitals", "lower")}
START = {FLAG["sentence"], FLAG["line"]}
ALLOWED = {FLAG[name] for name in ("first", "surname", "person", "organisation", "part")}


class Words(NamedTuple):
    """A line as it is learnt: its words, what the guard knows of each, what each is."""

    words: list[str]
    flags: list[set[int]]
    outcomes: list[int]

    def without(self, places: set[int]) -> "Words":
        return Words(*([one for at, one in enumerate(part) if at not in places] for part in self))

    def with_name(self, start: int, end: int, name: list[str], flags: set[int]) -> "Words":
        """The words from start to end replaced by a name; `flags` are of its first word."""
        more = [set(flags), *(flags - START - {FLAG["glued"]} for _ in name[1:])]
        return Words(
            [*self.words[:start], *name, *self.words[end:]],
            [*self.flags[:start], *more, *self.flags[end:]],
            [*self.outcomes[:start], *[NAME] * len(name), *self.outcomes[end:]],
        )


class Vary:
    """Called with a line: the line in another way; what is marked stays marked."""

    def __init__(self, names: Sequence[Sequence[str]], lines: Sequence[Example], seed: int) -> None:
        self.names, self.lines, self.random = names, lines, random.Random(seed)
        self.first, self.surnames = names[0], names[3]
        both = sorted({*self.first, *self.surnames})
        self.ordinary = [word for word in both if known(word) & LOWER and known(word) >> COMMON_SHIFT >= 2]

    def __call__(self, one: Example) -> Words:
        line = Words(list(one.words), [set(each) for each in one.flags], list(one.outcomes))
        if NAME in line.outcomes and self._chance(NAMELESS):
            line = self._nameless(line)
        elif self._chance(UNTITLED):
            line = _untitled(line)
        if self._chance(NAMED):
            line = self._named(line)
        if NAME not in line.outcomes and self._chance(PUT_IN):
            line = self._put_in(line)
        line = self._renamed(line)
        if self._chance(AS_COLLEAGUE):
            self._as_colleague(line)
        return self._joined(self._mistyped(self._cased(line)))

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _name(self) -> str:
        if self._chance(ORDINARY):
            return self.random.choice(self.ordinary)
        return self.random.choice(self.random.choice(self.names))

    def _nameless(self, line: Words) -> Words:
        """Every name becomes a word for anybody, or nothing after a title."""
        result, at = Words([], [], []), 0
        while at < len(line.words):
            if line.outcomes[at] != NAME:
                _add(result, [line.words[at]], line.flags[at], line.outcomes[at])
                at += 1
                continue
            if not _titles(result.words):
                words = self.random.choice(NAMELESS_WORDS).split()
                if line.words[at][0].isupper() and FLAG["sentence"] in line.flags[at]:
                    words[0] = words[0].capitalize()
                if FLAG["capitals"] in line.flags[at]:
                    words = [word.upper() for word in words]
                _add(result, words, line.flags[at] & PLACE, 0)
            while at < len(line.words) and line.outcomes[at] == NAME:
                at += 1
        return result

    def _named(self, line: Words) -> Words:
        """One word for a client becomes a name."""
        folded = [fold(word) for word in line.words]
        spots = [at for at in range(len(folded)) if _stands_for_client(line, folded, at)]
        if not spots:
            return line
        at = self.random.choice(spots)
        start = at - 1 if at and folded[at - 1] in ARTICLES else at
        roll = self.random.random()
        if roll < 0.6:
            name = [self._name()]
        elif roll < 0.75:
            name = [self.random.choice(self.first), self.random.choice(self.surnames)]
        else:
            prefix = self.random.choice(PREFIXES).split() if roll >= 0.9 else []
            name = [*prefix, self.random.choice(self.surnames)]
        styled = self._styled(name, line, FLAG["capitals"] in line.flags[at])
        return line.with_name(start, at + 1, styled, (line.flags[start] | line.flags[at]) & PLACE)

    def _styled(self, name: list[str], line: Words, shouted: bool) -> list[str]:
        """As the line is written: in capitals, in lower case, or (mostly) with a capital."""
        if shouted:
            return [word.upper() for word in name]
        lower = all(word.islower() for word in line.words if word.isalpha())
        if lower or self._chance(0.2):
            return name
        return (
            [*name[:-1], name[-1].capitalize()] if name[0] in PREFIXES else [one.capitalize() for one in name]
        )

    def _put_in(self, line: Words) -> Words:
        """A name before a line on care, or behind what one has of somebody."""
        folded = [fold(word) for word in line.words]
        known_people = any(mine & ALLOWED for mine in line.flags)
        shouted = FLAG["capitals"] in line.flags[0]
        if known_people or shouted or not any(map(_is_of_care, folded)):
            return line
        name = self._styled([self._name()], line, shouted=False)
        spots = [
            at + 1 for at, word in enumerate(folded) if word in OWNED and _may_follow(line, folded, at + 1)
        ]
        if spots and self._chance(0.5):
            at = self.random.choice(spots)
            return line.with_name(at, at, name, line.flags[at - 1] & {FLAG["lower"]})
        head = line.words[0]
        if head.istitle() and known(folded[0]) & LOWER:
            line.words[0] = head.lower()
        line.flags[0].difference_update(START)
        sign = self.random.choice(["", "", "", "", ":", ":", ","])
        if sign:
            _put_first(line, sign, {FLAG["glued"]})
        return line.with_name(0, 0, name, {*START, *({FLAG["glues"]} if sign else ())})

    def _renamed(self, line: Words) -> Words:
        """A marked name, or a colleague: half of them get other names, with the flags that they had."""
        given: dict[str, str | None] = {}
        for at, word in enumerate(line.words):
            folded = fold(word)
            colleague = line.outcomes[at] == 0 and bool({FLAG["first"], FLAG["person"]} & line.flags[at])
            is_name = word.isalpha() and len(word) > 1 and (colleague or line.outcomes[at] == NAME)
            if not is_name or "prefix" in CLASSES_OF_WORDS.get(folded, ()):
                continue
            if folded not in given:
                given[folded] = self._name() if self._chance(RENAMED) else None
            line.words[at] = _like(given[folded] or word, word)
        return line

    def _as_colleague(self, line: Words) -> None:
        """A client who bears the first name of a colleague."""
        names = [
            fold(word)
            for word, outcome in zip(line.words, line.outcomes, strict=True)
            if outcome == NAME and word.isalpha() and len(word) > 2
        ]
        if names:
            chosen = self.random.choice(names)
            for at, word in enumerate(line.words):
                if fold(word) == chosen and line.outcomes[at] == NAME:
                    line.flags[at].add(FLAG["first"])

    def _cased(self, line: Words) -> Words:
        roll = self.random.random()
        words = line.words
        if roll < LOWERED:
            words = [word.lower() for word in words]
        elif roll < LOWERED + RAISED:
            words = [word.upper() for word in words]
        elif roll < LOWERED + RAISED + LOWER_NAMES:
            words = [w.lower() if is_ == NAME else w for w, is_ in zip(words, line.outcomes, strict=True)]
        else:
            return line
        _mark_capitals(words, line.flags)
        return line._replace(words=words)

    def _mistyped(self, line: Words) -> Words:
        if line.words and self._chance(MISTYPED):
            at = self.random.randrange(len(line.words))
            line.words[at] = self._typo(line.words[at])
        return line

    def _typo(self, word: str) -> str:
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

    def _joined(self, line: Words) -> Words:
        """Now and then two lines are one message."""
        if self._chance(JOINED):
            other = self.random.choice(self.lines)
            if len(line.words) + len(other.words) < LONGEST_JOINED:
                flags = [set(each) for each in other.flags]
                return Words(line.words + other.words, line.flags + flags, line.outcomes + other.outcomes)
        return line


def _add(line: Words, words: list[str], flags: set[int], outcome: int) -> None:
    line.words.extend(words)
    line.flags.extend([set(flags), *(flags - START for _ in words[1:])])
    line.outcomes.extend([outcome] * len(words))


def _put_first(line: Words, word: str, flags: set[int]) -> None:
    line.words.insert(0, word)
    line.flags.insert(0, flags)
    line.outcomes.insert(0, 0)


def _titles(words: Sequence[str]) -> bool:
    """Do these words end with a title, or with what somebody is of somebody?"""
    last = words[-2:-1] if words[-1:] == ["."] else words[-1:]
    classes = {name for word in last for name in CLASSES_OF_WORDS.get(fold(word), ())}
    return bool(classes & {"title", "relation", "person"})


def _untitled(line: Words) -> Words:
    """'Mw. Jansen' becomes 'Jansen', and 'client Jansen' too."""
    gone: set[int] = set()
    for at, word in enumerate(line.words[:-1]):
        name = at + 2 if line.words[at + 1] == "." and at + 2 < len(line.words) else at + 1
        if line.outcomes[at] or fold(word) not in TITLES or line.outcomes[name] != NAME:
            continue
        start = at - 1 if at and fold(line.words[at - 1]) in ("de", "onze") else at
        gone.update(range(start, name))
        line.flags[name] |= line.flags[start] & START
        while name < len(line.words) and line.outcomes[name] == NAME:
            line.flags[name] -= {FLAG["name"], FLAG["certain"]}
            name += 1
    return line.without(gone) if gone else line


def _stands_for_client(line: Words, folded: Sequence[str], at: int) -> bool:
    """Is this 'client' or 'mw' by itself, with no name and no other word of its own?"""
    if line.outcomes[at] or folded[at] not in CLIENT:
        return False
    if at and (folded[at - 1] in OTHERS or line.words[at - 1] in "/-@" or line.outcomes[at - 1]):
        return False
    if at + 1 == len(folded):
        return True
    after = line.words[at + 1]
    taken = line.outcomes[at + 1] or after[0].isupper() or after[0].isdigit() or after in ".:/-"
    return not taken and folded[at + 1] not in ("de", "van", "s")


def _may_follow(line: Words, folded: Sequence[str], at: int) -> bool:
    """May a name be put here?"""
    return at == len(folded) or not (
        line.outcomes[at - 1] or line.words[at] in ".:/-" or folded[at] in ("van", "de", "bij", "voor", "het")
    )


def _is_of_care(folded: str) -> bool:
    classes = CARE & set(CLASSES_OF_WORDS.get(folded, ()))
    return bool(classes) or (len(folded) > 4 and bool(known(folded) & MEDICAL))


def _like(name: str, like: str) -> str:
    if name == like:
        return name
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
