"""Lists as spreadsheets save them (CSV): any separator, UTF-8 or the code page of Windows. Pure."""

import csv
from collections.abc import Iterable
from datetime import date, datetime

MOST_ROWS = 20_000
"""More is no list of duties or shifts."""

_DAYS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d-%m-%y")


class NoTable(ValueError):
    """This cannot be read as rows of cells."""


def rows_of(data: bytes) -> list[list[str]]:
    """The rows of a file. Raises NoTable."""
    text = _text(data)
    lines = text.splitlines()
    if "\x00" in text or len(lines) > MOST_ROWS:
        raise NoTable
    separator = max(";,\t", key=lines[0].count) if lines else ";"
    try:
        return list(csv.reader(lines, delimiter=separator))
    except csv.Error as error:  # which is no ValueError: a cell that is too long, say
        raise NoTable from error


def day_of(text: str) -> date:
    """A day as people write it: 24-11-2026. Raises ValueError."""
    return first_that_fits(text, _DAYS).date()


def first_that_fits(text: str, patterns: Iterable[str]) -> datetime:
    """Raises ValueError when it is in none of these forms."""
    for pattern in patterns:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 - whoever asks knows the zone
        except ValueError:
            continue
    raise ValueError("in no known form")


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
