"""Wijken: from PDOK (GeoJSON pages of CBS wijken en buurten) or our own CSV."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.directory.imports import values
from wijkapp.directory.imports.files import Format, Tell, Unreadable, by_name, table, text_of
from wijkapp.directory.imports.outcome import Outcome, fill, store
from wijkapp.directory.imports.outlines import Borders
from wijkapp.directory.imports.values import BadValue
from wijkapp.directory.models import Postcode, Region, Wijk, WijkNeighbour
from wijkapp.kit.words import gettext as _

OWN = Format("eigen", "eigen CSV", lambda cells: {"code", "naam", "gemeente"} <= set(cells))
PDOK = Format("pdok", "PDOK GeoJSON", lambda cells: bool(cells) and cells[0].startswith("{"))
FORMATS = (OWN, PDOK)


@dataclass
class WijkRow:
    where: str
    code: str
    name: str
    municipality_code: str
    municipality: str
    inhabitants: int | None = None
    region: str | None = None
    shared_phone: str | None = None
    neighbours: list[str] = field(default_factory=list)
    pc4s: list[str] = field(default_factory=list)


@dataclass
class _Read:
    """What all files together say."""

    outcome: Outcome
    region: str | None
    rows: dict[str, WijkRow] = field(default_factory=dict)
    borders: Borders = field(default_factory=Borders)
    promised: int = 0  # wijken that the source says it has
    features: int = 0

    def keep(self, row: WijkRow) -> None:
        if row.code in self.rows:
            raise BadValue(_("%(code)s staat er twee keer in.", code=row.code))
        row.region = row.region or self.region
        self.rows[row.code] = row


def load_wijken(
    files: Sequence[Path],
    *,
    region: str | None = None,
    form: str | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    tell: Tell = lambda _bytes: None,
) -> Outcome:
    """Read wijken and store them, with their neighbours and, from our own CSV, their postcodes.

    region  name of the region they belong to, made when it is not there; a column `regio` goes first
    form    name of the format, when it is not to be guessed
    Raises Unreadable.
    """
    read = _Read(Outcome(), region)
    for path in files:
        with text_of(path, FORMATS, tell) as text:
            _read_one(read, path, text, form)
    if read.promised > read.features:
        note = _(
            "Let op: de bron heeft %(all)s wijken, in de bestanden staan er %(here)s. Er ontbreken pagina's.",
            all=read.promised,
            here=read.features,
        )
        read.outcome.notes.append(note)
    return store(
        read.outcome, lambda db, outcome: _apply(db, outcome, read), dry_run=dry_run, skip_bad=skip_bad
    )


def _read_one(read: _Read, path: Path, text: IO[str], form: str | None) -> None:
    start = text.read(1)
    while start.isspace():
        start = text.read(1)
    if form == PDOK.name or (form is None and start == "{"):
        read.outcome.format = PDOK.title
        _read_geojson(read, path.name, start + text.read())
        return
    read.outcome.format = OWN.title
    columns = table(chain([start + text.readline()], text), path.name, (OWN,))
    for line, cells in columns.rows:
        where = _("%(file)s, regel %(line)s", file=path.name, line=line)
        with read.outcome.row(where):
            read.keep(_own_row(where, by_name(columns.header, cells)))


def _own_row(where: str, cells: dict[str, str]) -> WijkRow:
    code = values.wijk_code(cells["code"])
    given = cells.get("gemeentecode", "").strip()
    return WijkRow(
        where=where,
        code=code,
        name=values.line(cells["naam"], "naam", 120),
        municipality_code=values.municipality_code(given or code[2:6]),
        municipality=values.line(cells["gemeente"], "gemeente", 120),
        inhabitants=values.whole(cells.get("inwoners", ""), "inwoners"),
        region=values.line(cells.get("regio", ""), "regio", 120, needed=False) or None,
        shared_phone=values.phone(cells.get("telefoon", ""), "telefoon"),
        neighbours=[values.wijk_code(part) for part in cells.get("buren", "").replace(",", " ").split()],
        pc4s=[values.pc4(part) for part in cells.get("postcodes", "").replace(",", " ").split()],
    )


def _read_geojson(read: _Read, name: str, text: str) -> None:
    try:
        page = json.loads(text)
    except json.JSONDecodeError as broken:
        raise Unreadable(
            _("%(file)s is geen goede GeoJSON (regel %(line)s).", file=name, line=broken.lineno)
        ) from None
    except RecursionError:
        page = None
    features = page.get("features") if isinstance(page, dict) else None
    if not isinstance(features, list):
        raise Unreadable(_("%(file)s heeft geen lijst “features”.", file=name))
    promised = page.get("numberMatched")
    read.promised = max(read.promised, promised if isinstance(promised, int) else 0)
    read.features += len(features)
    for number, feature in enumerate(features, start=1):
        where = _("%(file)s, nummer %(n)s", file=name, n=number)
        with read.outcome.row(where):
            _keep_feature(read, where, feature)


def _keep_feature(read: _Read, where: str, feature: Any) -> None:
    about = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(about, dict):
        raise BadValue(_("Dit is geen wijk: er zijn geen kenmerken bij."))
    # The same names with small letters and underscores in other years.
    about = {str(key).lower().replace("_", ""): value for key, value in about.items()}
    if str(about.get("water", "")).upper() == "JA":
        return  # open water has a code too, and nobody lives there
    code = values.wijk_code(_text(about.get("wijkcode")))
    row = WijkRow(
        where=where,
        code=code,
        name=values.line(_text(about.get("wijknaam")), "wijknaam", 120),
        municipality_code=values.municipality_code(_text(about.get("gemeentecode")) or code[2:6]),
        municipality=values.line(_text(about.get("gemeentenaam")), "gemeentenaam", 120),
        inhabitants=values.whole(_text(about.get("aantalinwoners")), "aantalInwoners"),
    )
    read.keep(row)
    try:
        read.borders.add(code, feature.get("geometry") or {})
    except (AttributeError, IndexError, TypeError, ValueError, OverflowError):
        del read.rows[code]
        raise BadValue(_("De omtrek is niet te lezen.")) from None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def _apply(db: Session, outcome: Outcome, read: _Read) -> None:
    regions = regions_by_name(db, outcome, {row.region for row in read.rows.values() if row.region})
    wijken = {wijk.code: wijk for wijk in db.scalars(select(Wijk))}
    known, good = set(wijken) | set(read.rows), []
    for row in read.rows.values():
        with outcome.row(row.where):
            _check_neighbours(row, known)
            new = row.code not in wijken
            wijk = wijken.setdefault(row.code, Wijk(code=row.code))
            changed = fill(wijk, _facts(row, regions))
            db.add(wijk)
            outcome.count(new=new, changed=changed)
            good.append(row)
    db.flush()
    _apply_neighbours(db, outcome, good, read.borders, wijken)
    _apply_postcodes(db, outcome, good, wijken)


def _check_neighbours(row: WijkRow, known: set[str]) -> None:
    for code in row.neighbours:
        if code == row.code:
            raise BadValue(_("%(code)s kan niet zijn eigen buur zijn.", code=code))
        if code not in known:
            raise BadValue(_("De buurwijk %(code)s kennen we niet.", code=code))


def _facts(row: WijkRow, regions: dict[str, Region]) -> dict[str, object]:
    return {
        "name": row.name,
        "municipality_code": row.municipality_code,
        "municipality": row.municipality,
        "inhabitants": row.inhabitants,
        "region_id": regions[row.region].id if row.region else None,
        "shared_phone": row.shared_phone,
    }


def regions_by_name(db: Session, outcome: Outcome, names: set[str]) -> dict[str, Region]:
    """Every region there is, and these, made when they are not there."""
    found = {region.name: region for region in db.scalars(select(Region))}
    for name in sorted(names - set(found)):
        found[name] = Region(name=name)
        db.add(found[name])
        outcome.notes.append(_("Nieuwe regio: %(name)s.", name=name))
    db.flush()
    return found


def _apply_neighbours(
    db: Session, outcome: Outcome, rows: list[WijkRow], borders: Borders, wijken: dict[str, Wijk]
) -> None:
    """Add pairs, both ways round. None is taken away: a file of one town knows nothing of the next."""
    said = {(row.code, other) for row in rows for other in row.neighbours}
    said |= borders.pairs
    both = {(wijken[a].id, wijken[b].id) for a, b in said if a in wijken and b in wijken}
    both |= {(b, a) for a, b in both}
    there = {(pair.wijk_id, pair.neighbour_id) for pair in db.scalars(select(WijkNeighbour))}
    fresh = both - there
    db.add_all(WijkNeighbour(wijk_id=a, neighbour_id=b) for a, b in sorted(fresh))
    if fresh:
        outcome.notes.append(_("%(n)s nieuwe paren buurwijken.", n=len(fresh) // 2))


def _apply_postcodes(db: Session, outcome: Outcome, rows: list[WijkRow], wijken: dict[str, Wijk]) -> None:
    there = {postcode.pc4: postcode for postcode in db.scalars(select(Postcode))}
    changed = 0
    for row in rows:
        for pc4 in row.pc4s:
            if pc4 not in there:
                there[pc4] = Postcode(pc4=pc4, place=row.municipality[:80])
                db.add(there[pc4])
            changed += fill(there[pc4], {"wijk_id": wijken[row.code].id})
    if changed:
        outcome.notes.append(_("%(n)s postcodes in een wijk gezet.", n=changed))
