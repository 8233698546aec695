"""What the engines found, in the language of whoever reads it: every rule and every kind of reason."""

import re

import pytest

from tests.rota.make import AMSTERDAM, at
from wijkapp.agreements.rule_sets import REGION, all_versions
from wijkapp.kit import catalogues
from wijkapp.kit.words import gettext
from wijkapp.rota import checker, wording
from wijkapp.rota.checker import Violation

FIGURES = {"found": 10.5, "limit": 14, "weeks": 16}
FACTS = {
    "unavailable": ({"people": ["anna", "bram"], "level": 4}, "Afwezig: anna, bram."),
    "level": ({"people": ["anna"], "level": 4}, "Niveau lager dan 4: anna."),
    "exempt_nights": ({"people": ["anna"], "level": 4}, "Hoeft geen nachten: anna."),
    "elsewhere": (
        {"people": ["anna"], "title": "rust na een nachtdienst"},
        "Kan niet naast werk dat al vaststaat (rust na een nachtdienst): anna.",
    ),
    "rule": (
        {
            "title": "gemiddeld werk in 16 weken",
            "figure": 47.5,
            "unit": "uur per week",
            "source": "Arbeidstijdenwet art. 5:7 lid 2",
        },
        "Regel: gemiddeld werk in 16 weken, 47,5 uur per week (Arbeidstijdenwet art. 5:7 lid 2).",
    ),
    "duty": (
        {"duties": ["2026-05-31T17:00:00+02:00"]},
        "Deze diensten vragen dezelfde mensen: zo 31 mei 2026 17:00.",
    ),
    "nobody": ({}, "Er is niemand om te vragen."),
    "unproven": ({}, "Niemand gevonden; dat het echt niet kan, is niet bewezen."),
}
RULES = [rule for version in all_versions() for rule in version.rules.values()]
SHOWN = sorted({text for one in RULES for text in (one.title, one.unit, one.source) if text})

SAME = {"week", "in", "is", "of"} | {"anna", "bram", "wijkapp", "cao", "vvt", "art"}
"""Of two languages, or names. The law keeps its own name, behind the English one."""


def dutch_in(english: str, dutch: str) -> set[str]:
    """Words of the Dutch that the English still has."""

    def words(text: str) -> set[str]:
        return set(re.findall(r"[^\W\d_]{2,}", text.lower()))

    return (words(re.sub(r"\((Arb\w+|cao VVT)\)", "", english)) & words(dutch)) - SAME


def in_english(text: str) -> str:
    with catalogues.speaking("en"):
        return gettext(text)


@pytest.mark.parametrize("rule", wording.VIOLATIONS)
def test_what_breaks_a_rule_is_told_in_the_readers_language(rule):
    moments = at("2026-05-31 23:00"), at("2026-10-05 17:00")
    found = Violation(rule, "", ("anna",), moments, ("n1",), FIGURES, AMSTERDAM)
    dutch = found.text
    with catalogues.speaking("en"):
        english = found.text

    words = {"person": "anna", "first": "zo 31 mei 2026 23:00", "last": "ma 5 okt 2026 17:00"}
    assert dutch == wording.VIOLATIONS[rule] % (words | {"found": "10,5", "limit": "14", "weeks": "16"})
    assert not dutch_in(english, dutch), english


@pytest.mark.parametrize("kind", wording.REASONS)
def test_why_nobody_can_is_told_in_the_readers_language(kind):
    facts, dutch = FACTS[kind]
    with catalogues.speaking("en"):
        english = wording.reason(kind, facts)

    assert wording.reason(kind, facts) == dutch
    assert not dutch_in(english, dutch), english


@pytest.mark.parametrize("text", [*SHOWN, *checker.SINGULAR.values(), REGION, wording.TOGETHER])
def test_what_a_rule_is_called_and_where_it_comes_from_has_english(text):
    english = in_english(text)
    assert english != text
    assert not dutch_in(english, text), english


def test_one_hour_is_an_hour_in_english():
    with catalogues.speaking("en"):
        assert [wording.amount(value, "uur") for value in (1, 1.5)] == ["1 hour", "1.5 hours"]
    assert [wording.amount(value, "uur") for value in (1, 1.5)] == ["1 uur", "1,5 uur"]
    assert wording.amount(0, "") == "0"
