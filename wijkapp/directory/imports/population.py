"""Counts of who lives in a wijk, from our own CSV: one row per wijk and day of counting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.directory.imports import values
from wijkapp.directory.imports.files import Format, Tell, by_name, table, text_of
from wijkapp.directory.imports.outcome import Outcome, fill, store
from wijkapp.directory.imports.values import BadValue
from wijkapp.directory.models import Wijk, WijkPopulation
from wijkapp.kit import time
from wijkapp.kit.words import gettext as _

OWN = Format("eigen", "eigen CSV", lambda cells: {"code", "peildatum", "inwoners", "bron"} <= set(cells))
FORMATS = (OWN,)

AGES = {"from_65": "65plus", "from_75": "75plus", "from_80": "80plus"}


@dataclass
class PopulationRow:
    where: str
    code: str
    counted_on: date
    inhabitants: int
    ages: dict[str, int | None]
    source: str


def load_population(
    files: Sequence[Path],
    *,
    dry_run: bool = False,
    skip_bad: bool = False,
    tell: Tell = lambda _bytes: None,
) -> Outcome:
    """Read counts and store them; an earlier count of another day stays. Raises Unreadable."""
    outcome, rows = Outcome(), []
    for path in files:
        with text_of(path, FORMATS, tell) as text:
            found = table(text, path.name, FORMATS)
            outcome.format = found.format.title
            for line, cells in found.rows:
                where = _("%(file)s, regel %(line)s", file=path.name, line=line)
                with outcome.row(where):
                    rows.append(_row(where, by_name(found.header, cells)))
    return store(outcome, lambda db, out: _apply(db, out, rows), dry_run=dry_run, skip_bad=skip_bad)


def _row(where: str, cells: dict[str, str]) -> PopulationRow:
    inhabitants = values.whole(cells["inwoners"], "inwoners")
    if inhabitants is None:
        raise BadValue(_("%(column)s is leeg.", column="inwoners"))
    ages = {name: values.whole(cells.get(column, ""), column) for name, column in AGES.items()}
    known = [inhabitants, *(count for count in ages.values() if count is not None)]
    if known != sorted(known, reverse=True):
        raise BadValue(_("Een oudere groep kan niet groter zijn dan een jongere: kijk de getallen na."))
    return PopulationRow(
        where=where,
        code=values.wijk_code(cells["code"]),
        counted_on=values.day(cells["peildatum"], "peildatum"),
        inhabitants=inhabitants,
        ages=ages,
        source=values.line(cells["bron"], "bron", 120),
    )


def _apply(db: Session, outcome: Outcome, rows: list[PopulationRow]) -> None:
    wijken = {wijk.code: wijk.id for wijk in db.scalars(select(Wijk))}
    there = {(one.wijk_id, one.counted_on): one for one in db.scalars(select(WijkPopulation))}
    for row in rows:
        with outcome.row(row.where):
            if row.counted_on > time.today():
                raise BadValue(_("De peildatum ligt in de toekomst."))
            if row.code not in wijken:
                outcome.outside += 1
                continue
            key = wijken[row.code], row.counted_on
            known = there.get(key)
            one = known or WijkPopulation(wijk_id=key[0], counted_on=key[1])
            changed = fill(one, {"inhabitants": row.inhabitants, "source": row.source, **row.ages})
            there[key] = one
            db.add(one)
            outcome.count(new=known is None, changed=changed)
