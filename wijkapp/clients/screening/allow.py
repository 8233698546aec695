"""Who and what may be named: professionals, organisations, places and general numbers of the directory."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from wijkapp.clients.screening.lexicon import is_ordinary
from wijkapp.clients.screening.text import fold, normalise

WORDS = re.compile(r"[^\W\d_]+")
# Too common to say that a word belongs to an organisation or a place.
SMALL = frozenset(
    [
        "aan",
        "bij",
        "d",
        "de",
        "den",
        "der",
        "die",
        "dit",
        "en",
        "el",
        "het",
        "huis",
        "in",
        "met",
        "of",
        "op",
        "s",
        "st",
        "t",
        "te",
        "ten",
        "ter",
        "van",
        "voor",
        "zorg",
        "thuiszorg",
        "team",
        "wijk",
    ]
)
SHORTEST_PART = 3


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are looked up."""
    return tuple(fold(word) for word in WORDS.findall(normalise(text).text))


def national(digits: str) -> str:
    """A Dutch number as one dials it in the country: 0612345678."""
    digits = re.sub(r"\D", "", digits)
    for prefix in ("0031", "31"):
        if digits.startswith(prefix) and len(digits) >= len(prefix) + 9:
            digits = digits.removeprefix(prefix).removeprefix("0")
            return f"0{digits}"
    return digits


@dataclass(frozen=True)
class Allow:
    """The allow-list, compiled once per version of the directory."""

    first_names: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    people: frozenset[tuple[str, ...]] = frozenset()  # full names and bare surnames with their prefix
    names: frozenset[tuple[str, ...]] = frozenset()  # organisations and places, as words
    parts: frozenset[str] = frozenset()  # telling words of those
    trade: frozenset[str] = frozenset()  # telling words of organisations
    phones: frozenset[str] = frozenset()
    mail: frozenset[str] = frozenset()  # domains, and whole addresses
    longest: Mapping[str, int] = field(default_factory=dict)  # words in the longest name that begins so

    @classmethod
    def none(cls) -> Self:
        """Nobody and nothing is known."""
        return cls()

    @classmethod
    def compile(
        cls,
        professionals: Iterable[str] = (),
        organisations: Iterable[str] = (),
        phones: Iterable[str] = (),
        mail_domains: Iterable[str] = (),
        places: Iterable[str] = (),
    ) -> Self:
        """`mail_domains` may hold whole addresses too."""
        people = [words for words in map(words_of, professionals) if words]
        firms = {words for words in map(words_of, organisations) if words}
        names = firms | {words for words in map(words_of, places) if words}
        family = {words[1:] for words in people if len(words) > 1}
        return cls(
            first_names=frozenset(words[0] for words in people),
            surnames=frozenset(word for words in family for word in words if word not in SMALL),
            people=frozenset(people) | family,
            names=frozenset(names),
            parts=_telling(names),
            trade=_telling(firms),
            phones=frozenset(national(phone) for phone in phones),
            mail=frozenset(fold(one).strip().lstrip("@") for one in mail_domains),
            longest=_longest([*people, *family, *names]),
        )

    def has_phone(self, digits: str) -> bool:
        """Is this a general number?"""
        return national(digits) in self.phones

    def has_mail(self, address: str) -> bool:
        """Is this a work address, or an address at a work domain?"""
        address = fold(address)
        domain = address.rpartition("@")[2]
        labels = domain.split(".")
        return address in self.mail or any(".".join(labels[at:]) in self.mail for at in range(len(labels)))


def _longest(names: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """Of each first word the number of words in the longest name that begins with it."""
    return {words[0]: len(words) for words in sorted(names, key=len)}


def _telling(names: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(
        word
        for words in names
        for word in words
        if word not in SMALL and len(word) >= SHORTEST_PART and not is_ordinary(word)
    )
