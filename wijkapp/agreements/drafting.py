"""Documents made of a template, the register and answers: what it says, and what is not filled in yet.

The templates are dated files in `data/`, in Dutch: a document is signed as it stands, in one language.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path as File
from typing import Any

from wijkapp.agreements.register import Path
from wijkapp.agreements.sealed import Clause

FILES = File(__file__).parent / "data"
LATEST = "2026-1"
APP = "app"
"""Clauses that the app itself works by have a code of app.<name>."""

Facts = Mapping[str, tuple[str, ...]]
"""Lines by name; empty: not known."""


@dataclass(frozen=True)
class Question:
    """Something only the writers know."""

    code: str
    words: str
    hint: str
    required: bool


@dataclass(frozen=True)
class Article:
    """A clause of a template."""

    code: str
    title: str
    words: tuple[str, ...]
    full: bool  # only on the full path


@dataclass(frozen=True)
class Template:
    """One kind of document. signed: the parties put their name to it; terms: what the app does is in it."""

    code: str
    title: str
    what: str
    row: str
    full: bool
    signed: bool
    terms: bool
    optional: frozenset[str]
    questions: tuple[Question, ...]
    articles: tuple[Article, ...]

    def is_for(self, path: Path) -> bool:
        return path is Path.FULL or not self.full

    def asked(self, path: Path) -> tuple[Question, ...]:
        """The questions of what is in it on this path."""
        used = {name for one in self.articles_for(path) for words in one.words for name in names_in(words)}
        return tuple(one for one in self.questions if one.code in used)

    def articles_for(self, path: Path) -> tuple[Article, ...]:
        return tuple(one for one in self.articles if path is Path.FULL or not one.full)

    def question(self, code: str) -> Question | None:
        return next((one for one in self.questions if one.code == code), None)


@dataclass(frozen=True)
class Draft:
    """What a document says now. missing: names of answers and facts without which it is not whole."""

    clauses: tuple[Clause, ...]
    missing: tuple[str, ...]


@cache
def templates() -> dict[str, Template]:
    """All documents, by code, in order."""
    read = tomllib.loads((FILES / f"documents_{LATEST[:4]}.toml").read_text())
    return {one["code"]: _template(one) for one in read["document"]}


def _template(plain: dict[str, Any]) -> Template:
    optional = frozenset(plain["optional"])
    return Template(
        code=plain["code"],
        title=plain["title"],
        what=plain["what"],
        row=plain["row"],
        full=plain["path"] == "full",
        signed=plain["signed"],
        terms=plain.get("terms", False),
        optional=optional,
        questions=tuple(
            Question(code, words, hint, code not in optional) for code, words, hint in plain["questions"]
        ),
        articles=tuple(
            Article(one["code"], one["title"], tuple(one["words"]), one.get("path") == "full")
            for one in plain["clauses"]
        ),
    )


def names_in(words: str) -> list[str]:
    """What is filled in somewhere in this paragraph."""
    return re.findall(r"\{(\w+)\}", words)


def draft(template: Template, path: Path, facts: Facts, answers: Mapping[str, str]) -> Draft:
    """The document as it stands. facts: of the register; answers: by the code of their question."""
    known: dict[str, tuple[str, ...]] = {name: lines for name, lines in facts.items() if lines}
    known |= {code: tuple(lines_of(words)) for code, words in answers.items() if lines_of(words)}
    missing: dict[str, None] = {}
    clauses = []
    for article in template.articles_for(path):
        lines = tuple(_filled(article.words, template, known, missing))
        if lines:
            clauses.append(Clause(article.code, article.title, lines))
    return Draft(tuple(clauses), tuple(missing))


def lines_of(words: str) -> list[str]:
    """Lines as somebody wrote them, without the dashes they put before them."""
    return [line.strip(" -–•\t") for line in words.splitlines() if line.strip(" -–•\t")]


def _filled(
    paragraphs: Iterable[str], template: Template, known: Facts, missing: dict[str, None]
) -> Iterator[str]:
    above = ""  # a line that ends in a colon waits for what comes under it
    for words in paragraphs:
        absent = [name for name in names_in(words) if name not in known]
        missing.update(dict.fromkeys(name for name in absent if name not in template.optional))
        if absent:
            if not all(name in template.optional for name in absent):
                yield from [above] if above else []
                yield re.sub(r"\{\w+\}", "…", words).replace("….", "…")
            above = ""
            continue
        if above:
            yield above
            above = ""
        if words.endswith(":") and not names_in(words):
            above = words
            continue
        yield from _merged(words, known)


def _merged(words: str, known: Facts) -> Iterator[str]:
    alone = re.fullmatch(r"\{(\w+)\}", words)
    if alone:
        lines = known[alone.group(1)]
        yield from (f"– {line}" for line in lines) if len(lines) > 1 or alone.group(1) in LISTS else lines
    else:
        yield re.sub(r"\{(\w+)\}", lambda found: "; ".join(known[found.group(1)]), words)


LISTS = frozenset({"parties", "wijken", "reach", "bodies", "evaluations", "risks", "escalation", "joining"})
"""Facts that are a list, also when there is one."""


def unknown_names(template: Template, facts: Iterable[str]) -> set[str]:
    """Names in a template that neither a question nor the register fills in; there are none."""
    asked = {one.code for one in template.questions} | set(facts)
    used = {name for one in template.articles for words in one.words for name in names_in(words)}
    return used - asked
