"""The words people see: every one can be translated, the English is complete, the Dutch is plain."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.servers import ROOT

WIJKAPP = ROOT / "wijkapp"
PO = WIJKAPP / "translations/en/LC_MESSAGES/messages.po"
CURE = "run `make words` and fill in the English in wijkapp/translations/en/LC_MESSAGES/messages.po"

LONGEST_SENTENCE = 20  # words; somebody who reads at B1 loses a longer one
LONGER_ANYHOW = {
    (  # A way through the menus of a phone, step by step.
        "Op een iPhone werkt dit als wijkapp op je beginscherm staat: tik op het deelteken, "
        "kies “Zet op beginscherm” en open wijkapp daar"
    ),
}

PLAINER = {
    # What we do not write, and what we write.
    "patiënt": "cliënt",
    "patiënten": "cliënten",
    "u": "je, jij",
    "uw": "je, jouw",
    "notificatie": "melding",
    "notificaties": "meldingen",
    "applicatie": "app, wijkapp",
    "gebruiker": "collega, iemand",
    "gebruikers": "collega's",
    "matchen": "kiezen",
    "match": "keuze",
    "slot": "moment, dagdeel",
    "product": "soort zorg",
    "invoeren": "invullen",
    "verwijderen": "weghalen",
    "annuleren": "stoppen, terug",
    "selecteer": "kies",
    "klik": "tik",
    "opslaan": "bewaren",
    "sla": "bewaar",
    "gelieve": "wil je",
    "dient": "moet",
    "dienen": "moeten",
    "indien": "als",
    "teneinde": "om",
    "middels": "met",
    "derhalve": "daarom",
    "alsmede": "en",
    "tevens": "ook",
    "echter": "maar",
    "reeds": "al",
    "ontvangt": "krijgt",
    "geschikt": "past",
    "omtrent": "over",
    "inzake": "over",
    "conform": "volgens",
    "aangaande": "over",
}
FOR_HOSTS = ("wijkapp/directory/imports/", "wijkapp/directory/commands.py")
"""Words of the terminal: whoever loads a file knows more of the trade's words."""


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every word in the code and the templates, as `make words` finds it."""
    found = tmp_path_factory.mktemp("words") / "words.pot"
    pybabel = Path(sys.executable).with_name("pybabel")
    how = ["--quiet", "extract", "-F", "pyproject.toml", "--add-location", "file", "-o", found, "wijkapp"]
    subprocess.run([pybabel, *how], cwd=ROOT, check=True)
    return _read(found)


@pytest.fixture(scope="module")
def english() -> Catalog:
    return _read(PO)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _forms(words: object) -> tuple[str, ...]:
    """One form, or singular and plural."""
    return (words,) if isinstance(words, str) else tuple(words)  # type: ignore[arg-type]


def test_everything_that_is_said_has_english(collected, english):
    missing = [
        m.id for m in _messages(collected) if m.id not in english or not all(_forms(english[m.id].string))
    ]
    assert not missing, CURE


def test_no_english_is_a_guess(english):
    assert not [m.id for m in _messages(english) if m.fuzzy], CURE


def test_no_english_is_left_of_something_that_is_said_no_more(collected, english):
    assert not [m.id for m in _messages(english) if m.id not in collected], CURE
    assert not english.obsolete, CURE


PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|(?<!\w)#(?!\w)|--[\w-]+")


def test_the_english_fills_in_what_the_dutch_fills_in(english):
    def places(text: str) -> Counter[str]:
        return Counter(PLACES.findall(text))

    wrong = [
        (dutch, other)
        for message in _messages(english)
        for dutch, other in zip(_forms(message.id), _forms(message.string), strict=True)
        if places(dutch) != places(other)
    ]
    assert not wrong


def test_the_english_has_the_lines_and_the_spaces_of_the_dutch(english):
    def shape(text: str) -> tuple[int, bool, bool]:
        return text.count("\n"), text[:1].isspace(), text[-1:].isspace()

    wrong = [
        (dutch, other)
        for message in _messages(english)
        for dutch, other in zip(_forms(message.id), _forms(message.string), strict=True)
        if shape(dutch) != shape(other)
    ]
    assert not wrong


def test_a_wijk_stays_a_wijk_and_a_client_is_no_patient(english):
    wrong = [
        other
        for message in _messages(english)
        for other in _forms(message.string)
        if re.search(r"\b(neighbourhood|district(?! nurse)|patients?)\b", other, re.IGNORECASE)
    ]
    assert not wrong


def test_what_is_compiled_is_what_is_written(english):
    compiled = PO.with_suffix(".mo")
    assert compiled.exists(), "run `make setup`"
    with compiled.open("rb") as file:
        says = read_mo(file)
    stale = [
        m.id
        for m in _messages(english)
        if all(_forms(m.string)) and (m.id not in says or _forms(says[m.id].string) != _forms(m.string))
    ]
    assert not stale, "run `make setup`"


def test_a_page_asked_for_in_english_is_in_english(visitor):
    page = visitor().get("/inloggen", headers={"Accept-Language": "en"}).text

    assert '<html lang="en">' in page
    assert "Mail me a log-in link" in page


# --- the Dutch


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"[.!?…]\s+|[.!?…]$|\n+", text) if part]


def _for_people(catalog: Catalog) -> list[str]:
    return [
        form
        for message in _messages(catalog)
        if not all(place.startswith(FOR_HOSTS) for place, _line in message.locations)
        for form in _forms(message.id)
    ]


def test_no_sentence_is_too_long_to_read_at_a_door(collected):
    long = [
        sentence
        for text in _for_people(collected)
        for sentence in _sentences(text)
        if len(sentence.split()) > LONGEST_SENTENCE and sentence not in LONGER_ANYHOW
    ]
    assert not long


def test_the_dutch_has_plain_words(collected):
    wrong = [
        (word, PLAINER[word], text)
        for text in _for_people(collected)
        # A text of one word is a label: `u` is short for uur there.
        for word in (re.findall(r"[^\W\d_]+", PLACES.sub("", text).lower()) if " " in text else ())
        if word in PLAINER
    ]
    assert not wrong


# --- nothing gets past gettext

TEMPLATES = sorted((WIJKAPP / "templates").rglob("*.html"))
NOT_FOR_READERS = {"wijkapp", "wijkapp · wijkapp", "&nbsp;"}  # a name is a name in any language


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(WIJKAPP).as_posix())
def test_a_template_has_no_words_that_cannot_be_translated(path):
    text = re.sub(
        r"\{#.*?#\}|\{\{.*?\}\}|\{%\s*block \w*class.*?endblock.*?%\}", "", path.read_text(), flags=re.DOTALL
    )
    text = re.sub(r"\{%.*?%\}", "", text, flags=re.DOTALL)
    read_out = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', text)
    shown = re.sub(r"<[^>]*>", "\n", text).splitlines()

    wrong = [word.strip() for word in (*read_out, *shown) if re.search(r"[^\W\d_]{2,}", word)]
    assert not set(wrong) - NOT_FOR_READERS


LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'')


@pytest.mark.parametrize("path", sorted((WIJKAPP / "static").glob("*.js")), ids=lambda path: path.name)
def test_a_script_gets_its_words_from_the_page(path):
    code = re.sub(r"(?m)(^|\s)//.*$|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)
    literals = {first or second for first, second in LITERAL.findall(code)}

    said = {text for text in literals if re.match(r"[A-Z][^\W\d_]+ [^\W\d_]+", text)}
    # The one sentence of the service worker, which has no page: for a push that cannot be read.
    assert said <= {"Er is nieuws in wijkapp."}


def test_no_sentence_is_glued_together_before_it_is_translated():
    glued = []
    for path in WIJKAPP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if named and node.func.id in {"_", "gettext", "lazy", "mark"} and node.args:
                kind = node.args[0]
                joined = isinstance(kind, ast.Call | ast.BinOp) and not isinstance(kind, ast.Constant)
                if isinstance(kind, ast.JoinedStr) or joined:
                    glued.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not glued
