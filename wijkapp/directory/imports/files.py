"""Opens a file of any of the known formats: finds out which, decodes it, and gives its rows one by one."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO

from wijkapp.directory.imports.values import BadValue
from wijkapp.kit.errors import Refused
from wijkapp.kit.words import gettext as _

Tell = Callable[[int], object]
"""Told how many bytes were read since the last time."""

LOOK_AHEAD = 10  # lines in which a header must be found: StatLine puts a title above it
SNIFF = 64 * 1024


class Unreadable(Refused):
    """The file as a whole cannot be used."""

    status = 422


@dataclass(frozen=True)
class Format:
    """A layout of rows and columns that a publisher, or we, use.

    fits     does this row, in small letters, look like its header (or like its first row)?
    columns  names of the columns when the file has no header
    """

    name: str
    title: str
    fits: Callable[[list[str]], bool]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    format: Format
    header: list[str]  # in small letters, without outer spaces
    rows: Iterator[tuple[int, list[str]]]  # line number from 1, cells


class _Counted(io.RawIOBase):
    """A stream that tells how much of it was read."""

    def __init__(self, stream: IO[bytes], tell: Tell) -> None:
        self.stream, self.tell_read = stream, tell

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self.stream.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self.tell_read(len(chunk))
        return len(chunk)


def size(path: Path, formats: tuple[Format, ...]) -> int:
    """How many bytes `table` will read, for a progress bar."""
    if not zipfile.is_zipfile(path):
        return path.stat().st_size
    with zipfile.ZipFile(path) as packed:
        return packed.getinfo(_member(packed, formats)).file_size


@contextmanager
def text_of(path: Path, formats: tuple[Format, ...], tell: Tell) -> Iterator[IO[str]]:
    """The text of a file, or of the one file in a zip that fits. Raises Unreadable when it is not UTF-8."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed, packed.open(_member(packed, formats)) as member:
                yield _decoded(member, tell)
        else:
            with path.open("rb") as file:
                yield _decoded(file, tell)
    except UnicodeDecodeError:
        raise Unreadable(
            _(
                "%(file)s is geen UTF-8. Sla het bestand op als “CSV UTF-8” en probeer het opnieuw.",
                file=path.name,
            )
        ) from None
    except (zipfile.BadZipFile, OSError, EOFError) as broken:
        raise Unreadable(_("%(file)s is niet te lezen: %(why)s", file=path.name, why=str(broken))) from None


def _decoded(stream: IO[bytes], tell: Tell) -> IO[str]:
    buffered = io.BufferedReader(_Counted(stream, tell), SNIFF)
    return io.TextIOWrapper(buffered, encoding="utf-8-sig", errors="strict", newline="")


def _member(packed: zipfile.ZipFile, formats: tuple[Format, ...]) -> str:
    """The file in a zip that one of the formats fits; CBS and GeoNames put others beside it."""
    for info in sorted(packed.infolist(), key=lambda info: -info.file_size):
        if info.is_dir() or not info.filename.lower().endswith((".csv", ".txt")):
            continue
        with packed.open(info) as member:
            start = member.read(SNIFF).decode("utf-8-sig", errors="replace")
        if _recognise(io.StringIO(start, newline=""), formats):
            return info.filename
    raise Unreadable(_("In %(file)s zit geen bestand dat we kennen.", file=str(packed.filename)))


def table(text: Iterable[str], name: str, formats: tuple[Format, ...]) -> Table:
    """The rows of a text with columns. Raises Unreadable when no format fits."""
    lines = iter(text)
    head = list(islice(lines, LOOK_AHEAD))
    found = _recognise(head, formats)
    if found is None:
        known = ", ".join(each.title for each in formats)
        raise Unreadable(_("%(file)s heeft niet de kolommen van: %(known)s.", file=name, known=known))
    form, header, delimiter, skipped = found
    # In tab-separated files a quote is a letter like any other.
    whole = chain(head[skipped:], lines)
    if delimiter == "\t":
        rows = csv.reader(whole, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        rows = csv.reader(whole, delimiter=delimiter)
    return Table(form, header, _numbered(rows, name, skipped))


def _recognise(
    lines: Iterable[str], formats: tuple[Format, ...]
) -> tuple[Format, list[str], str, int] | None:
    """Format, header, delimiter, and how many lines come before the first row."""
    for number, text in enumerate(islice(lines, LOOK_AHEAD)):
        delimiter = max(";,\t", key=text.count)
        try:
            cells = [cell.strip().lower() for cell in next(csv.reader([text], delimiter=delimiter), [])]
        except csv.Error:
            continue
        for form in formats:
            if form.fits(cells):
                headless = bool(form.columns)
                return form, list(form.columns) or cells, delimiter, number + (not headless)
    return None


def _numbered(rows: Iterator[list[str]], name: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    reader = rows
    try:
        for cells in reader:
            if any(cells):
                yield skipped + reader.line_num, cells  # type: ignore[attr-defined]
    except csv.Error as broken:
        line = skipped + reader.line_num  # type: ignore[attr-defined]
        raise Unreadable(
            _("%(file)s, regel %(line)s: %(why)s", file=name, line=line, why=str(broken))
        ) from None


def by_name(header: list[str], cells: list[str]) -> dict[str, str]:
    """A row with its column names. Raises BadValue when it has more or fewer cells than the header."""
    if len(cells) > len(header) and not any(cells[len(header) :]):
        cells = cells[: len(header)]  # a spreadsheet's empty columns at the end
    if len(cells) != len(header):
        raise BadValue(_("%(n)s kolommen, er horen er %(most)s te zijn.", n=len(cells), most=len(header)))
    return dict(zip(header, cells, strict=True))
