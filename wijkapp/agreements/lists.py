"""The lists and the route as data: dated files, a source and a row of it per point; no words in the code."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path as File
from typing import Any

from wijkapp.agreements.register import Form, Kind, Path, Phase

FILES = File(__file__).parent / "data"
LATEST = "2026-1"

LETTERS = {"A": Phase.INITIATION, "B": Phase.DEFINITION, "C": Phase.REALISATION, "D": Phase.EXECUTION}
TELLING, ASKING = "inform", "input"


@dataclass(frozen=True)
class Point:
    """One point. code: unique in a version, as in avg.4 or inform_b.board."""

    code: str
    row: str
    words: str


@dataclass(frozen=True)
class Checklist:
    """A list of an agreement. gate: which gate waits for it; None: none. reopens: when the parties change."""

    code: str
    title: str
    phase: Phase
    gate: int | None
    reopens: bool
    source: str
    points: tuple[Point, ...]
    path: str
    kind: Kind | None
    matrix: bool = False  # whom to tell and to ask

    def is_for(self, path: Path, kind: Kind) -> bool:
        return self.path in ("both", path.value) and self.kind in (None, kind)


@dataclass(frozen=True)
class Told:
    """Words about a phase, a gate or a form."""

    code: str
    row: str
    title: str
    words: str
    by: str = ""


@dataclass(frozen=True)
class Stakeholder:
    """Somebody to tell and to ask. tells, asks: the letters of the phases in which that must be done."""

    code: str
    title: str
    via: str
    tells: str
    asks: str


@dataclass(frozen=True)
class Seeds:
    """Everything of one version."""

    version: str
    checked: date
    lists: tuple[Checklist, ...]
    phases: dict[Phase, Told]
    gates: dict[int, Told]
    forms: dict[Form, Told]
    stakeholders: tuple[Stakeholder, ...]
    moves: tuple[str, ...]

    def lists_for(self, path: Path, kind: Kind) -> tuple[Checklist, ...]:
        """The lists an agreement begins with, in order."""
        return tuple(one for one in self.lists if one.is_for(path, kind))

    def list_of(self, code: str) -> Checklist | None:
        """The list of a point, or with this code; None when there is none."""
        name = code.partition(".")[0]
        return next((one for one in self.lists if one.code == name), None)

    def point(self, code: str) -> Point | None:
        """The point with this code; None when this version has none."""
        found = self.list_of(code)
        return next((one for one in found.points if one.code == code), None) if found else None


@cache
def seeds(version: str = LATEST) -> Seeds:
    """The seeds of a version. Raises KeyError for one that does not exist."""
    if version != LATEST:
        raise KeyError(version)
    year = version[:4]
    route, lists = (tomllib.loads((FILES / f"{n}_{year}.toml").read_text()) for n in ("route", "lists"))
    stakeholders = tuple(Stakeholder(**{"via": ""} | one) for one in route["stakeholder"])
    return Seeds(
        version=version,
        checked=lists["checked"],
        lists=(*map(_list, lists["list"]), *_matrix(stakeholders)),
        phases={Phase(one["code"]): _told(one) for one in route["phase"]},
        gates={one["number"]: _told(one) for one in route["gate"]},
        forms={Form(one["code"]): _told(one) for one in route["form"]},
        stakeholders=stakeholders,
        moves=tuple(one["row"] for one in route["move"]),
    )


def _told(plain: dict[str, Any]) -> Told:
    code = str(plain.get("code") or plain.get("number"))
    return Told(code, plain["row"], plain["title"], plain["words"], plain.get("by") or plain.get("lead", ""))


def _list(plain: dict[str, Any]) -> Checklist:
    code = plain["code"]
    return Checklist(
        code=code,
        title=plain["title"],
        phase=Phase(plain["phase"]),
        gate=plain["gate"] or None,
        reopens=plain.get("reopens", False),
        source=plain["source"],
        path=plain["path"],
        kind=Kind(plain["kind"]) if "kind" in plain else None,
        points=tuple(
            Point(f"{code}.{name}", row or plain["row"], words) for name, row, words in plain["points"]
        ),
    )


def _matrix(stakeholders: tuple[Stakeholder, ...]) -> Iterator[Checklist]:
    """Per phase whom to tell, which its gate waits for, and whom to ask."""
    for letter, phase in LETTERS.items():
        for code, title in ((TELLING, "Wie weet ervan?"), (ASKING, "Wie dacht mee?")):
            names = [one for one in stakeholders if letter in (one.tells if code == TELLING else one.asks)]
            name = f"{code}_{letter.lower()}"
            yield Checklist(
                code=name,
                title=title,
                phase=phase,
                gate="ABCD".index(letter) + 1 if code == TELLING else None,
                reopens=False,
                source="Handreiking, wie is geïnformeerd en denkt mee",
                points=tuple(Point(f"{name}.{one.code}", "1.5.3", _with_via(one)) for one in names),
                path="full",
                kind=None,
                matrix=True,
            )


def _with_via(one: Stakeholder) -> str:
    return f"{one.title} ({one.via})" if one.via else one.title
