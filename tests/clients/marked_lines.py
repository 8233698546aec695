"""Invented lines in which what identifies somebody is marked: [[kind|stretch]]."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wijkapp.clients.screening import Allow

LINES = Path(__file__).parent / "lines"
MARK = re.compile(r"\[\[(\w+)\|(.*?)\]\]", re.DOTALL)
LISTS = ("professionals", "organisations", "phones", "mail_domains", "places")


@dataclass(frozen=True)
class MarkedLine:
    """One line as it was typed. `spans`: start, end and kind of what must be found in it."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    hard: bool
    allow: Allow
    source: str

    @property
    def is_clean(self) -> bool:
        return not self.spans


def unmark(marked: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """The text without its marks, and where they were."""
    pieces, spans, at, length = [], [], 0, 0
    for mark in MARK.finditer(marked):
        between, stretch = marked[at : mark.start()], mark[2]
        start = length + len(between)
        spans.append((start, start + len(stretch), mark[1]))
        pieces += [between, stretch]
        length, at = start + len(stretch), mark.end()
    return "".join([*pieces, marked[at:]]), tuple(spans)


def read_allow(path: Path) -> Allow:
    lists = json.loads(path.read_text(encoding="utf-8"))
    return Allow.compile(**{name: lists.get(name, []) for name in LISTS})


def read(folder: Path) -> Iterator[MarkedLine]:
    """Every line of every file of a folder, with the allow-list beside the file."""
    for path in sorted(folder.glob("*.jsonl")):
        allow = read_allow(path.with_suffix(".allow.json"))
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                given = json.loads(line)
                text, spans = unmark(given["text"])
                yield MarkedLine(text, spans, bool(given.get("hard")), allow, path.stem)
