"""Postcodes: where they lie, how many people live there, and in which wijk.

From GeoNames (place, coordinates), CBS StatLine 83502NED (inhabitants), the CBS list of addresses (which wijk
most of a postcode lies in) or our own CSV.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.directory.imports import values
from wijkapp.directory.imports.files import Format, Table, Tell, Unreadable, by_name, table, text_of
from wijkapp.directory.imports.outcome import Outcome, fill, store
from wijkapp.directory.imports.values import BadValue
from wijkapp.directory.models import Postcode, Wijk
from wijkapp.kit.words import gettext as _

_WIJK_COLUMN = re.compile(r"wijk(code)?_?(\d{4})?|wk_?(code)?_?(\d{4})?")
_PC6 = re.compile(r"[1-9]\d{3} ?[A-Za-z]{2}", re.ASCII)
GEONAMES_COLUMNS = (
    "country", "postcode", "place", "admin1", "code1", "admin2", "code2", "admin3", "code3", "lat", "lon",
    "accuracy",
)  # fmt: skip

OWN = Format("eigen", "eigen CSV", lambda cells: bool({"postcode", "pc4"} & set(cells)) and "plaats" in cells)
GEONAMES = Format(
    "geonames",
    "GeoNames",
    lambda cells: len(cells) == len(GEONAMES_COLUMNS) and cells[0] == "nl",
    columns=GEONAMES_COLUMNS,
)
STATLINE = Format(
    "statline",
    "CBS StatLine 83502NED",
    lambda cells: {"geslacht", "leeftijd", "postcode", "perioden"} <= set(cells),
)
ADDRESSES = Format(
    "adressen",
    "CBS postcode-huisnummer",
    lambda cells: "pc6" in cells and any(_WIJK_COLUMN.fullmatch(cell) for cell in cells),
)
FORMATS = (OWN, GEONAMES, STATLINE, ADDRESSES)

BOTH_SEXES = {"t001038", "totaal mannen en vrouwen"}
ALL_AGES = {"10000", "totaal", "totaal leeftijd"}


@dataclass
class PostcodeRow:
    """What a file says about one postcode; None where it is silent."""

    where: str
    pc4: str
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    inhabitants: int | None = None
    wijk_code: str | None = None
    wijk_must_exist: bool = True  # False: a wijk elsewhere in the country is no mistake


@dataclass
class _Read:
    outcome: Outcome
    rows: dict[tuple[str, str], PostcodeRow] = field(default_factory=dict)  # by format and pc4


def load_postcodes(
    files: Sequence[Path],
    *,
    form: str | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    tell: Tell = lambda _bytes: None,
) -> Outcome:
    """Read postcodes and store what each file says about them; what it is silent about stays.

    form  name of the format, when it is not to be guessed
    Raises Unreadable.
    """
    read = _Read(Outcome())
    formats = tuple(each for each in FORMATS if form in (None, each.name))
    for path in files:
        with text_of(path, formats, tell) as text:
            found = table(text, path.name, formats)
            read.outcome.format = found.format.title
            _READERS[found.format.name](read, path.name, found)
    return store(
        read.outcome, lambda db, outcome: _apply(db, outcome, read), dry_run=dry_run, skip_bad=skip_bad
    )


def _read_own(read: _Read, name: str, found: Table) -> None:
    for line, cells in found.rows:
        where = _("%(file)s, regel %(line)s", file=name, line=line)
        with read.outcome.row(where):
            row = by_name(found.header, cells)
            wijk = row.get("wijk", "").strip()
            made = PostcodeRow(
                where=where,
                pc4=values.pc4(row.get("postcode") or row.get("pc4") or ""),
                place=values.line(row["plaats"], "plaats", 80),
                latitude=values.degrees(row.get("lat", ""), "lat", -90, 90),
                longitude=values.degrees(row.get("lon", ""), "lon", -180, 180),
                inhabitants=values.whole(row.get("inwoners", ""), "inwoners"),
                wijk_code=values.wijk_code(wijk) if wijk else None,
            )
            if ("own", made.pc4) in read.rows:
                raise BadValue(_("%(code)s staat er twee keer in.", code=made.pc4))
            read.rows["own", made.pc4] = made


def _read_geonames(read: _Read, name: str, found: Table) -> None:
    """A postcode may have rows per place or per PC6: the first name counts, and the middle of the points."""
    points: dict[str, list[float]] = {}  # sum of latitudes, of longitudes, number
    for line, cells in found.rows:
        where = _("%(file)s, regel %(line)s", file=name, line=line)
        with read.outcome.row(where):
            row = by_name(found.header, cells)
            pc4 = values.pc4(row["postcode"])
            place = values.line(row["place"], "place", 80)
            latitude = values.degrees(row["lat"], "latitude", -90, 90)
            longitude = values.degrees(row["lon"], "longitude", -180, 180)
            read.rows.setdefault(("geonames", pc4), PostcodeRow(where, pc4, place=place))
            if latitude is not None and longitude is not None:
                sums = points.setdefault(pc4, [0.0, 0.0, 0])
                sums[0], sums[1], sums[2] = sums[0] + latitude, sums[1] + longitude, sums[2] + 1
    for pc4, (latitudes, longitudes, number) in points.items():
        kept = read.rows["geonames", pc4]
        kept.latitude, kept.longitude = round(latitudes / number, 5), round(longitudes / number, 5)


def _read_statline(read: _Read, name: str, found: Table) -> None:
    """Only the totals, of the newest period in the file."""
    people = next((column for column in found.header if column.startswith("bevolking")), None)
    if people is None:
        raise Unreadable(_("%(file)s heeft geen kolom “Bevolking”.", file=name))
    newest: dict[str, str] = {}
    totals = False
    for line, cells in found.rows:
        where = _("%(file)s, regel %(line)s", file=name, line=line)
        if "bron: cbs" in cells[0].lower():
            continue  # the last line of a table as it is shown
        with read.outcome.row(where):
            row = by_name(found.header, cells)
            if _is_part(row):
                continue
            totals = True
            pc4, period = (
                values.pc4(row["postcode"].strip().upper().removeprefix("PC")),
                row["perioden"].strip(),
            )
            if period >= newest.get(pc4, ""):
                newest[pc4] = period
                number = values.whole(row[people], "bevolking")
                read.rows["statline", pc4] = PostcodeRow(where, pc4, inhabitants=number)
    if not totals:
        raise Unreadable(_("%(file)s heeft geen regels met totalen voor geslacht en leeftijd.", file=name))


def _is_part(row: dict[str, str]) -> bool:
    """One sex, one age, or the country as a whole."""
    return (
        row["geslacht"].strip().lower() not in BOTH_SEXES
        or row["leeftijd"].strip().lower() not in ALL_AGES
        or row["postcode"].strip().lower() in {"nl01", "nl00", "nederland", "niet in te delen"}
        or row["postcode"].strip().upper().startswith("NL")
    )


def _read_addresses(read: _Read, name: str, found: Table) -> None:
    """Some 8 million rows: only counts per postcode and wijk are kept."""
    at_pc6 = found.header.index("pc6")
    at_wijk = next(n for n, column in enumerate(found.header) if _WIJK_COLUMN.fullmatch(column))
    width = len(found.header)
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], int] = {}  # line where this postcode and wijk were first seen
    for line, cells in found.rows:
        if len(cells) != width or not _PC6.fullmatch(cells[at_pc6].strip()):
            read.outcome.is_bad(
                _("%(file)s, regel %(line)s", file=name, line=line),
                _("“%(row)s” begint niet met een postcode.", row=values.shown(";".join(cells))),
            )
            continue
        pair = cells[at_pc6].strip()[:4], cells[at_wijk]
        counts[pair] += 1
        if pair not in first:
            first[pair] = line
    by_wijk: dict[str, Counter[str]] = {}
    for (pc4, written), number in counts.items():
        with read.outcome.row(_("%(file)s, regel %(line)s", file=name, line=first[pc4, written])):
            by_wijk.setdefault(pc4, Counter())[values.wijk_code(written)] += number
    for pc4, wijken in by_wijk.items():
        most = min(wijken, key=lambda code: (-wijken[code], code))
        where = _("%(file)s, postcode %(pc4)s", file=name, pc4=pc4)
        read.rows["addresses", pc4] = PostcodeRow(where, pc4, wijk_code=most, wijk_must_exist=False)
    read.outcome.notes.append(_("%(n)s adressen geteld.", n=counts.total()))


_READERS: dict[str, Callable[[_Read, str, Table], None]] = {
    OWN.name: _read_own,
    GEONAMES.name: _read_geonames,
    STATLINE.name: _read_statline,
    ADDRESSES.name: _read_addresses,
}


def _apply(db: Session, outcome: Outcome, read: _Read) -> None:
    wijken = {wijk.code: wijk for wijk in db.scalars(select(Wijk))}
    there = {postcode.pc4: postcode for postcode in db.scalars(select(Postcode))}
    for row in read.rows.values():
        with outcome.row(row.where):
            wijk = _wijk(row, wijken)
            place = row.place or (wijk.municipality[:80] if wijk else None)
            new = row.pc4 not in there
            if (new and place is None) or (row.wijk_code and wijk is None):
                outcome.outside += 1
                continue
            postcode = there.setdefault(row.pc4, Postcode(pc4=row.pc4))
            facts = {
                "place": place if new else row.place,
                "latitude": row.latitude,
                "longitude": row.longitude,
                "inhabitants": row.inhabitants,
                "wijk_id": wijk.id if wijk else None,
            }
            outcome.count(new=new, changed=fill(postcode, facts))
            db.add(postcode)


def _wijk(row: PostcodeRow, wijken: dict[str, Wijk]) -> Wijk | None:
    wijk = wijken.get(row.wijk_code or "")
    if row.wijk_code and wijk is None and row.wijk_must_exist:
        raise BadValue(_("De wijk %(code)s kennen we niet. Laad eerst de wijken.", code=row.wijk_code))
    return wijk
