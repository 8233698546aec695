"""Organisations and their teams, from our own CSV: one row per team, or per organisation without one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.directory.imports import values
from wijkapp.directory.imports.files import Format, Tell, by_name, table, text_of
from wijkapp.directory.imports.outcome import Outcome, fill, store
from wijkapp.directory.imports.values import BadValue
from wijkapp.directory.imports.wijken import regions_by_name
from wijkapp.directory.models import CareProduct, Insurer, RegionOrganisation, Skill, Team, Wijk
from wijkapp.directory.rules import LANGUAGES, LEVELS
from wijkapp.kit.db import new_id
from wijkapp.kit.words import gettext as _
from wijkapp.people.models import Organisation
from wijkapp.people.rules import PROVIDERS, OrganisationKind, looks_right

OWN = Format("eigen", "eigen CSV", lambda cells: {"organisatie", "soort"} <= set(cells))
FORMATS = (OWN,)

KINDS = {
    "thuiszorg": OrganisationKind.HOME_CARE,
    "zzp": OrganisationKind.SOLO,
    "cooperatie": OrganisationKind.COOPERATIVE,
    "coöperatie": OrganisationKind.COOPERATIVE,
    "huisartsenpraktijk": OrganisationKind.GP_PRACTICE,
    "transferpunt": OrganisationKind.TRANSFER_DESK,
    "zorgverzekeraar": OrganisationKind.INSURER,
    "gemeente": OrganisationKind.MUNICIPALITY,
}

_FACTS = ("name", "agb_code", "kvk_number", "phone", "email", "place")


@dataclass
class TeamRow:
    wijk: str
    name: str
    products: str
    skills: str
    level: int
    languages: tuple[str, ...]
    contracts: str
    phone: str | None


@dataclass
class OrganisationRow:
    where: str
    name: str
    kind: OrganisationKind
    agb_code: str | None
    kvk_number: str | None
    phone: str | None
    email: str | None
    place: str | None
    region: str | None
    team: TeamRow | None


@dataclass(frozen=True)
class _Lists:
    """Codes by code and by name, in small letters."""

    products: dict[str, str]
    skills: dict[str, str]
    insurers: dict[str, str]

    @classmethod
    def of(cls, db: Session) -> "_Lists":
        return cls(
            _named((one.code, one.name) for one in db.scalars(select(CareProduct))),
            _named((one.code, one.name) for one in db.scalars(select(Skill))),
            _named((one.uzovi, one.name) for one in db.scalars(select(Insurer))),
        )


class _Organisations:
    """Finds an organisation by its AGB code, or else by its name when one of both has no code."""

    def __init__(self, there: Iterable[Organisation]) -> None:
        self.by_agb: dict[str | None, Organisation] = {}
        self.by_name: dict[str, Organisation] = {}
        for organisation in there:
            self.add(organisation)

    def add(self, organisation: Organisation) -> None:
        if organisation.agb_code:
            self.by_agb[organisation.agb_code] = organisation
        self.by_name[organisation.name.lower()] = organisation

    def find(self, row: OrganisationRow) -> Organisation | None:
        named = self.by_name.get(row.name.lower())
        if named and row.agb_code and named.agb_code:
            named = None
        return self.by_agb.get(row.agb_code) if row.agb_code in self.by_agb else named


def load_organisations(
    files: Sequence[Path],
    *,
    dry_run: bool = False,
    skip_bad: bool = False,
    tell: Tell = lambda _bytes: None,
) -> Outcome:
    """Read organisations with the teams they have in wijken, and store them. Raises Unreadable."""
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


def _row(where: str, cells: dict[str, str]) -> OrganisationRow:
    kind = KINDS.get(cells["soort"].strip().lower())
    if kind is None:
        raise BadValue(
            _(
                "Soort “%(kind)s” kennen we niet. Kies uit: %(kinds)s.",
                kind=values.shown(cells["soort"]),
                kinds=", ".join(KINDS),
            )
        )
    name = values.line(cells["organisatie"], "organisatie", 120)
    return OrganisationRow(
        where=where,
        name=name,
        kind=kind,
        agb_code=values.number(cells.get("agb", ""), "agb", 8),
        kvk_number=values.number(cells.get("kvk", ""), "kvk", 8),
        phone=values.phone(cells.get("telefoon", ""), "telefoon"),
        email=values.email(cells.get("email", ""), "email"),
        place=values.line(cells.get("plaats", ""), "plaats", 80, needed=False) or None,
        region=values.line(cells.get("regio", ""), "regio", 120, needed=False) or None,
        team=_team(kind, name, cells) if cells.get("wijk", "").strip() else None,
    )


def _team(kind: OrganisationKind, organisation: str, cells: dict[str, str]) -> TeamRow:
    if kind not in PROVIDERS:
        raise BadValue(_("Alleen organisaties die zorg geven hebben teams."))
    level = cells.get("niveau", "").strip() or "3"
    if level not in map(str, LEVELS):
        raise BadValue(_("Niveau “%(level)s” moet 2, 3, 4, 5 of 6 zijn.", level=values.shown(level)))
    return TeamRow(
        wijk=values.wijk_code(cells["wijk"]),
        name=values.line(cells.get("team", ""), "team", 120, needed=False) or organisation,
        products=cells.get("producten", ""),
        skills=cells.get("bekwaamheden", ""),
        level=int(level),
        languages=values.codes(cells.get("talen", ""), "talen", {code: code for code in LANGUAGES}),
        contracts=cells.get("verzekeraars", ""),
        phone=values.phone(cells.get("teamtelefoon", ""), "teamtelefoon"),
    )


def _apply(db: Session, outcome: Outcome, rows: list[OrganisationRow]) -> None:
    lists, organisations = _Lists.of(db), _Organisations(db.scalars(select(Organisation)))
    wijken = {wijk.code: wijk for wijk in db.scalars(select(Wijk))}
    teams = {(team.organisation_id, team.wijk_id, team.name): team for team in db.scalars(select(Team))}
    regions = regions_by_name(db, outcome, {row.region for row in rows if row.region})
    members = {(one.region_id, one.organisation_id) for one in db.scalars(select(RegionOrganisation))}
    done: set[UUID] = set()
    for row in rows:
        with outcome.row(row.where):
            facts = _team_facts(row.team, lists, wijken) if row.team else None
            organisation = _keep_organisation(db, outcome, row, organisations, done)
            membership = (regions[row.region].id, organisation.id) if row.region else None
            if membership and membership not in members:
                members.add(membership)
                db.add(RegionOrganisation(region_id=membership[0], organisation_id=membership[1]))
            if row.team and facts:
                key = organisation.id, wijken[row.team.wijk].id, row.team.name
                _keep_team(db, outcome, key, facts, teams)


def _keep_organisation(
    db: Session, outcome: Outcome, row: OrganisationRow, organisations: _Organisations, done: set[UUID]
) -> Organisation:
    organisation = organisations.find(row)
    new = organisation is None
    if organisation is None:
        organisation = Organisation(id=new_id(), kind=row.kind, name=row.name)
    elif organisation.kind is not row.kind:
        raise BadValue(_("%(name)s staat er al, maar als een andere soort.", name=row.name))
    changed = fill(organisation, {name: getattr(row, name) for name in _FACTS})
    if new:
        db.add(organisation)
        db.flush()  # its region and teams point at it
    organisations.add(organisation)
    if organisation.id not in done:
        outcome.count(new=new, changed=changed)
        _warn(outcome, row)
    done.add(organisation.id)
    return organisation


def _warn(outcome: Outcome, row: OrganisationRow) -> None:
    """Numbers without a public check digit are taken as they are, with a word about it."""
    for kind, number in (("agb_code", row.agb_code), ("kvk_number", row.kvk_number)):
        if number and not looks_right(kind, number):
            outcome.notes.append(
                _(
                    "%(where)s: “%(number)s” heeft geen acht cijfers. Klopt dat?",
                    where=row.where,
                    number=number,
                )
            )


def _team_facts(team: TeamRow, lists: _Lists, wijken: dict[str, Wijk]) -> dict[str, object]:
    if team.wijk not in wijken:
        raise BadValue(_("De wijk %(code)s kennen we niet. Laad eerst de wijken.", code=team.wijk))
    products = values.codes(team.products, "producten", lists.products)
    if not products:
        raise BadValue(_("Bij een team horen producten."))
    return {
        "products": products,
        "skills": values.codes(team.skills, "bekwaamheden", lists.skills),
        "highest_level": team.level,
        "languages": team.languages,
        "contracts": values.codes(team.contracts, "verzekeraars", lists.insurers),
        "phone": team.phone,
    }


def _keep_team(
    db: Session,
    outcome: Outcome,
    key: tuple[UUID, UUID, str],
    facts: dict[str, object],
    teams: dict[tuple[UUID, UUID, str], Team],
) -> None:
    new = key not in teams
    team = teams.setdefault(key, Team(organisation_id=key[0], wijk_id=key[1], name=key[2]))
    changed = fill(team, facts)
    db.add(team)
    outcome.count(new=new, changed=changed)


def _named(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found = {}
    for code, name in pairs:
        found[name.lower()] = found[code.lower()] = code
    return found
