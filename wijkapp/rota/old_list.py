"""A rota that was kept in a spreadsheet: day, duty and who, out of a list (CSV). Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from wijkapp.kit.words import lazy as _
from wijkapp.rota import spreadsheet

MOST = 5_000
LONGEST = 200
_COLUMNS = {
    "day": frozenset({"datum", "dag", "date", "day"}),
    "block": frozenset({"dienst", "blok", "shift", "duty"}),
    "who": frozenset({"naam", "wie", "collega", "name", "who"}),
    "backup": frozenset({"achterwacht", "backup", "back-up"}),
}


@dataclass(frozen=True)
class Row:
    """One line of the list: names as they stand there, in lower case; an empty one says nothing."""

    number: int
    day: date
    block: str
    who: str
    backup: str


@dataclass(frozen=True)
class Listed:
    """wrong: row number -> why it cannot be used."""

    rows: tuple[Row, ...]
    wrong: Mapping[int, str] = field(default_factory=dict)


class NoList(ValueError):
    """This is no list of duties."""


def read(data: bytes) -> Listed:
    """The rows of a file with the columns datum, dienst, naam and perhaps achterwacht. Raises NoList."""
    try:
        lines = spreadsheet.rows_of(data)
    except spreadsheet.NoTable as error:
        raise NoList from error
    columns = _columns(lines[0]) if lines else {}
    if not {"day", "block", "who"} <= set(columns) or len(lines) > MOST:
        raise NoList
    rows, wrong = [], {}
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        try:
            day = spreadsheet.day_of(_cell(line, columns["day"]))
        except ValueError:
            wrong[number] = str(_("Dit is geen dag. Schrijf het zo: 24-11-2026."))
            continue
        backup = _cell(line, columns["backup"]) if "backup" in columns else ""
        rows.append(Row(number, day, _cell(line, columns["block"]), _cell(line, columns["who"]), backup))
    return Listed(tuple(rows), wrong)


def _columns(head: Sequence[str]) -> dict[str, int]:
    return dict(_known(head))


def _known(head: Sequence[str]) -> Iterator[tuple[str, int]]:
    for place, title in enumerate(head):
        for name, titles in _COLUMNS.items():
            if title.strip().lower() in titles:
                yield name, place


def _cell(line: Sequence[str], place: int) -> str:
    return " ".join(line[place].split())[:LONGEST].lower() if place < len(line) else ""
