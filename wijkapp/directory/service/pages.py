"""What the pages of the sociale kaart show: the wijken one may see, who works there, the own teams."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from wijkapp.directory.models import Postcode, Region, Team, Wijk, WijkNeighbour, WijkPopulation
from wijkapp.directory.rules import ContactDuty, pc4_of
from wijkapp.directory.service import look
from wijkapp.directory.service.look import Contact
from wijkapp.directory.service.population import Offered, offered, population
from wijkapp.directory.service.teams import require_manager
from wijkapp.kit import time
from wijkapp.kit.db import reading, rows
from wijkapp.kit.errors import NotFound
from wijkapp.people import access
from wijkapp.people.models import Account, Organisation

MOST_WIJKEN = 200
"""So many on one page; who sees more searches."""


@dataclass(frozen=True)
class WijkLine:
    wijk: Wijk
    pc4s: Sequence[str]
    providers: int


@dataclass(frozen=True)
class WijkList:
    lines: Sequence[WijkLine]
    more: int  # found but not shown
    elsewhere: (
        str | None
    )  # name of the region the postcode that was searched for lies in, when one may not look there
    any: bool  # the organisation sees any wijk at all


@dataclass(frozen=True)
class Provider:
    """One provider in one wijk, with everybody to call in order."""

    organisation: Organisation
    teams: Sequence[Team]
    contacts: Sequence[Contact]

    @property
    def appointed(self) -> Contact | None:
        """The contact person; None when nobody has the duty, or that person left."""
        return next((one for one in self.contacts if one.duty is ContactDuty.CONTACT), None)

    @property
    def phone(self) -> str | None:
        """The number to call when no person has one."""
        return next((team.phone for team in self.teams if team.phone), self.organisation.phone)


@dataclass(frozen=True)
class WijkPage:
    wijk: Wijk
    region: Region | None
    pc4s: Sequence[str]
    neighbours: Sequence[Wijk]
    providers: Sequence[Provider]
    product_names: dict[str, str]
    skill_names: dict[str, str]
    population: WijkPopulation | None  # None: nobody loaded a count
    offered: Offered


@dataclass(frozen=True)
class OwnPlace:
    """One wijk the organisation works in, with its teams and whom partners call."""

    wijk: Wijk
    teams: Sequence[Team]
    contacts: Sequence[Contact]

    def holder(self, duty: str) -> Contact | None:
        return next((one for one in self.contacts if one.duty == duty), None)

    @property
    def active(self) -> bool:
        return any(team.active for team in self.teams)


@dataclass(frozen=True)
class OwnTeams:
    places: Sequence[OwnPlace]
    product_names: dict[str, str]


# The wijken of an organisation's regions, and those it works in.
_WORKS = select(Team.wijk_id).where(Team.organisation_id == bindparam("own"), Team.active)
_SEEN = or_(Wijk.region_id.in_(look.REGIONS), Wijk.id.in_(_WORKS))
_FOUND = select(Wijk).where(_SEEN).order_by(Wijk.municipality, Wijk.name, Wijk.code).limit(MOST_WIJKEN)


def wijken_seen(actor: Account, query: str = "") -> WijkList:
    """The wijken of one's regions, or those that a postcode or a piece of a name finds among them."""
    with reading() as db:
        access.require(actor, "directory.look")
        own = {"own": actor.organisation_id}
        found = _FOUND.where(_matches(query)) if query else _FOUND
        wijken = db.scalars(found, own).all()
        return WijkList(
            lines=_lines(db, wijken),
            more=_count(db, found, own) - MOST_WIJKEN if len(wijken) == MOST_WIJKEN else 0,
            elsewhere=None if wijken else _region_elsewhere(db, query),
            any=bool(wijken) or db.scalar(_FOUND.limit(1), own) is not None,
        )


def wijk_page(actor: Account, code: str) -> WijkPage:
    """Who works in a wijk and whom to call there. Raises NotFound, or NotAllowed in another region."""
    with reading() as db:
        wijk = seen_wijk(db, actor, code)
        teams = look.teams_in(db, [wijk.id])
        places = {(team.organisation_id, wijk.id) for team in teams}
        contacts = look.contacts_by_place(db, places, time.today())
        providers = {team.organisation_id: team.organisation for team in teams}
        products = look.products(db)
        return WijkPage(
            wijk=wijk,
            region=db.get(Region, wijk.region_id) if wijk.region_id else None,
            pc4s=_pc4s(db, [wijk.id]).get(wijk.id, ()),
            neighbours=_seen_neighbours(db, actor, wijk),
            providers=[
                Provider(
                    organisation=organisation,
                    teams=[team for team in teams if team.organisation_id == organisation.id],
                    contacts=contacts[organisation.id, wijk.id],
                )
                for organisation in providers.values()
            ],
            product_names={product.code: product.word for product in products},
            skill_names={skill.code: skill.word for skill in look.skills(db)},
            population=population(db, [wijk.id]).get(wijk.id),
            offered=offered(teams, products),
        )


def seen_wijk(db: Session, actor: Account, code: str) -> Wijk:
    """The wijk with this CBS code, if this person may look there. Raises NotFound or NotAllowed."""
    wijk = db.scalar(select(Wijk).where(Wijk.code == code))
    if wijk is None or (wijk.region_id is None and access.is_outsider(actor)):
        raise NotFound  # a look at a wijk of no region would be heard by nobody
    regions = look.regions_of(db, actor.organisation_id)
    access.require(actor, "directory.look", region_id=wijk.region_id, regions=regions)
    return wijk


def own_teams(actor: Account) -> OwnTeams:
    """The organisation's teams per wijk, those that stopped too, and whom partners call about each."""
    with reading() as db:
        require_manager(actor)
        teams = db.scalars(
            select(Team)
            .where(Team.organisation_id == actor.organisation_id)
            .order_by(Team.active.desc(), Team.name, Team.id)
        ).all()
        wijken = db.scalars(
            select(Wijk)
            .where(Wijk.id.in_({team.wijk_id for team in teams}))
            .order_by(Wijk.municipality, Wijk.name, Wijk.code)
        ).all()
        places = [(actor.organisation_id, wijk.id) for wijk in wijken]
        contacts = look.contacts_by_place(db, places, time.today())
        return OwnTeams(
            places=[
                OwnPlace(
                    wijk=wijk,
                    teams=[team for team in teams if team.wijk_id == wijk.id],
                    contacts=contacts[actor.organisation_id, wijk.id],
                )
                for wijk in wijken
            ],
            product_names={product.code: product.word for product in look.products(db)},
        )


def _matches(query: str):  # type: ignore[no-untyped-def]
    pc4 = pc4_of(query)
    if pc4:
        return Wijk.id.in_(select(Postcode.wijk_id).where(Postcode.pc4 == pc4))
    return or_(
        Wijk.name.icontains(query, autoescape=True),
        Wijk.municipality.icontains(query, autoescape=True),
        Wijk.code == query.upper(),
    )


def _count(db: Session, found: Select[Wijk], own: dict[str, UUID]) -> int:
    return db.scalar(select(func.count()).select_from(found.limit(None).subquery()), own) or 0


def _region_elsewhere(db: Session, query: str) -> str | None:
    wijk = look.wijk_of(db, pc4_of(query) or "")
    if wijk is None or wijk.region_id is None:
        return None
    return db.get_one(Region, wijk.region_id).name


_THESE: BindParameter[Sequence[UUID]] = bindparam("wijken", expanding=True)
_PROVIDERS = (
    select(Team.wijk_id, func.count(Team.organisation_id.distinct()))
    .join(Team.organisation)
    .where(Team.wijk_id.in_(_THESE), Team.active, Organisation.active)
    .group_by(Team.wijk_id)
)
_PC4S = select(Postcode.wijk_id, Postcode.pc4).where(Postcode.wijk_id.in_(_THESE)).order_by(Postcode.pc4)


def _lines(db: Session, wijken: Sequence[Wijk]) -> list[WijkLine]:
    ids = [wijk.id for wijk in wijken]
    pc4s = _pc4s(db, ids)
    providers = dict(rows(db, _PROVIDERS, {"wijken": ids}).all())
    return [WijkLine(wijk, pc4s.get(wijk.id, ()), providers.get(wijk.id, 0)) for wijk in wijken]


def _pc4s(db: Session, wijk_ids: Sequence[UUID]) -> dict[UUID | None, list[str]]:
    found: dict[UUID | None, list[str]] = {}
    for wijk_id, pc4 in rows(db, _PC4S, {"wijken": wijk_ids}):
        found.setdefault(wijk_id, []).append(pc4)
    return found


def _seen_neighbours(db: Session, actor: Account, wijk: Wijk) -> Sequence[Wijk]:
    bordering = select(WijkNeighbour.neighbour_id).where(WijkNeighbour.wijk_id == wijk.id)
    return db.scalars(
        select(Wijk).where(Wijk.id.in_(bordering), _SEEN).order_by(Wijk.name, Wijk.code),
        {"own": actor.organisation_id},
    ).all()
