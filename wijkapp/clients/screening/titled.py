# ruff: noqa: E501 - a pattern reads best on one line
"""Names that say that they are one: a title or initials before them."""

import re
from collections.abc import Iterator

from wijkapp.clients.screening.findings import Kind, Level
from wijkapp.clients.screening.lexicon import LOWER, NAME_BITS, SMALL_WORDS, known
from wijkapp.clients.screening.numbers import Found
from wijkapp.clients.screening.text import fold
from wijkapp.clients.screening.vocabulary import CLASSES_OF_WORDS

TITLE = r"(?:mw|mevr|mevrouw|mvr|mvw|dhr|de heer|hr|meneer|mijnheer|fam|familie|echtpaar|weduwe|wed|oma|opa|tante|ome)"
PREFIX = (
    r"(?:(?:van|de|der|den|het|'t|ten|ter|te|el|al|ben|vd|v\.?d\.?|v|la|le|da|dos|ibn|abu|ould)[ \-]){0,3}"
)
WORD = r"[^\W\d_][^\W\d_']{1,24}(?:-(?:[^\W\d_]{1,4} ){0,2}[^\W\d_]{2,24})?"
INITIALS = r"(?:(?:[A-Z][a-z]?\.[ \-]?){1,4}|[A-Z] )?"
TITLED = re.compile(
    rf"(?<![^\W_])(?:(?i:(?P<short>mw|mevr|mvr|mvw|dhr|hr|fam|wed)\.?:?|{TITLE}:?)) {{1,2}}"
    rf"(?P<name>{INITIALS}(?P<prefix>(?i:{PREFIX}))(?P<surname>{WORD}))"
)
INITIALLED = re.compile(rf"(?<![\w.])(?P<name>(?:[A-Z]\.[ \-]?){{1,4}}(?i:{PREFIX})(?P<surname>[A-Z]{WORD}))")
NOT_NAMES = frozenset({"function", "title", "relation", "person", "day", "month", "organisation", "work"})


def name(text: str) -> Iterator[Found]:
    """Sure when a capital follows the title; else the classifier decides."""
    for found in TITLED.finditer(text):
        surname, prefix = found["surname"], found["prefix"].lower().strip()
        if may_be_name(surname):
            shouted = found.group().isupper()
            of_family = prefix in ("van", "het", "de") and found.group().lower().startswith("fam")
            sure = surname[0].isupper() and not shouted and not of_family and _is_no_word(surname)
            yield *found.span("name"), Kind.NAME, Level.CERTAIN if sure else Level.LIKELY
    for found in INITIALLED.finditer(text):
        disease = found.group()[:2] == "M." and "eponym" in CLASSES_OF_WORDS.get(fold(found["surname"]), ())
        if may_be_name(found["surname"]) and not disease:  # M. is for morbus too
            yield *found.span("name"), Kind.NAME, Level.LIKELY


def may_be_name(word: str) -> bool:
    """Not 'mevrouw slaapt' or 'meneer de huisarts'."""
    folded = fold(word)
    if NOT_NAMES & set(CLASSES_OF_WORDS.get(folded, ())):
        return False
    return word[0].isupper() or (_is_no_word(folded) and not known(folded) & SMALL_WORDS)


def _is_no_word(word: str) -> bool:
    """In a list of names, or not in the dictionary."""
    bits = known(fold(word))
    return bool(bits & NAME_BITS) or not bits & LOWER
