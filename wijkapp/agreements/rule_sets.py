"""The rules for work and rest as data: a file per version, a source per figure; no figure is in the code."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import IO

from wijkapp.kit.words import gettext as _
from wijkapp.kit.words import mark

Figure = float | bool | None
FILES = Path(__file__).parent / "data"
CLOCK = "uur op de klok"  # the unit of a figure that is a time of day
REGION = mark("instelling van de regio")


@dataclass(frozen=True, slots=True)
class Rule:
    """One figure. value: None when the region switched it off. weeks: over how many weeks it counts.

    unit, title and source are in Dutch; whoever shows them translates.
    """

    name: str
    value: Figure
    unit: str
    title: str
    source: str
    confirmed: bool
    weeks: int = 0

    @property
    def is_on(self) -> bool:
        return self.value is not None and self.value is not False


@dataclass(frozen=True)
class RuleSet:
    """A version of all rules, with what a region changed in it.

    source  of the whole; each rule has its own
    """

    version: str
    valid_from: date
    source: str
    rules: Mapping[str, Rule]

    def on(self, name: str) -> bool:
        return self.rules[name].is_on

    def number(self, name: str) -> float:
        """The figure; a rule that is off asks for nothing: 0."""
        value = self.rules[name].value
        return 0.0 if value is None else float(value)

    def hours(self, name: str) -> timedelta:
        return timedelta(hours=self.number(name))

    def weeks(self, name: str) -> int:
        return self.rules[name].weeks

    @property
    def own(self) -> list[Rule]:
        """What a region chose itself."""
        return [rule for rule in self.rules.values() if rule.source == REGION]

    def changed(self, figures: Mapping[str, Figure]) -> "RuleSet":
        """With the figures of a region; their source is the region itself."""
        own = {
            name: replace(self.rules[name], value=value, source=REGION, confirmed=True)
            for name, value in figures.items()
            if value != self.rules[name].value
        }
        return replace(self, rules={**self.rules, **own})


@cache
def all_versions() -> tuple[RuleSet, ...]:
    """Every version there is, the oldest first."""
    return tuple(sorted((_read(path) for path in FILES.glob("rules_*.toml")), key=lambda one: one.valid_from))


def newest() -> RuleSet:
    return all_versions()[-1]


def on_day(day: date) -> RuleSet:
    """The version for a rota that starts on this day; before the first version, the first."""
    return ([one for one in all_versions() if one.valid_from <= day] or [all_versions()[0]])[-1]


def _read(path: Path) -> RuleSet:
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    version, valid_from, source = (rows.pop(name) for name in ("version", "valid_from", "source"))
    return RuleSet(version, valid_from, source, {name: Rule(name=name, **row) for name, row in rows.items()})


def words_in_file(
    file: IO[bytes], *_how: object, **_options: object
) -> Iterator[tuple[int, None, str, list[str]]]:
    """For `make words`: what people read of each rule, in the shape that Babel asks for."""
    plain = tomllib.load(file)
    rules = [row for row in plain.values() if isinstance(row, dict)]
    texts = [plain["source"], *(row[part] for row in rules for part in ("title", "unit", "source"))]
    for text in dict.fromkeys(texts):
        if text:
            yield 1, None, text, []


def wrong_in(figures: Mapping[str, Figure]) -> dict[str, str]:
    """Which figures of a region cannot be: name -> a sentence, in the reader's language."""
    known = newest().rules
    wrong = {}
    for name, figure in figures.items():
        low, high = (0, 24) if known[name].unit == CLOCK else (0, 10_000)
        if figure is None or isinstance(figure, bool):
            continue
        if not low <= figure <= high:
            wrong[name] = _("Schrijf een getal van %(least)s tot en met %(most)s.", least=low, most=high)
        elif name == "weekly_rest_days" and figure < 1:
            wrong[name] = _("Schrijf een getal van 1 of meer.")
    return wrong
