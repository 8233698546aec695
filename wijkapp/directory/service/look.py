"""Questions that every room asks of the sociale kaart; each joins the transaction of whoever asks."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import BindParameter, CompoundSelect, bindparam, select, tuple_, union
from sqlalchemy.orm import Session, contains_eager, lazyload

from wijkapp.directory.models import (
    CareProduct,
    ContactPerson,
    Insurer,
    Postcode,
    RegionOrganisation,
    Skill,
    Team,
    Wijk,
    WijkNeighbour,
)
from wijkapp.directory.rules import ContactDuty, Distance
from wijkapp.kit.db import rows
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import Role

Place = tuple[UUID, UUID]
"""A provider in a wijk: organisation id, wijk id."""


class UnknownPostcode(Invalid):
    """No wijk in this installation has this postcode."""

    sentence = _("Deze postcode kennen we niet.")

    def __init__(self) -> None:
        super().__init__(fields={"pc4": str(self.sentence)})


# What most pages ask is made once.
_OWN: BindParameter[UUID] = bindparam("own")
_LED = select(RegionOrganisation.region_id).where(RegionOrganisation.organisation_id == _OWN)
REGIONS: CompoundSelect[UUID] = union(
    _LED,
    select(Wijk.region_id)
    .join(Team, Team.wijk_id == Wijk.id)
    .where(Team.organisation_id == _OWN, Team.active, Wijk.region_id.is_not(None)),
)
_PRODUCTS = select(CareProduct).order_by(CareProduct.position, CareProduct.code)


def wijk_of(db: Session, pc4: str) -> Wijk | None:
    """The wijk that most of a postcode-4 lies in; None when this installation does not know it."""
    return db.scalar(select(Wijk).join(Postcode, Postcode.wijk_id == Wijk.id).where(Postcode.pc4 == pc4))


def known_wijk_of(db: Session, pc4: str) -> Wijk:
    """The wijk of a postcode somebody filled in. Raises UnknownPostcode."""
    wijk = wijk_of(db, pc4)
    if wijk is None:
        raise UnknownPostcode
    return wijk


def regions_of(db: Session, organisation_id: UUID) -> frozenset[UUID]:
    """The regions an organisation sees: those it takes part in, and those its teams work in."""
    return frozenset(rows(db, REGIONS, {"own": organisation_id}).scalars())


def regions_led(db: Session, organisation_id: UUID) -> frozenset[UUID]:
    """The regions its wijkregisseurs lead: those it takes part in itself.

    A team that works in a wijk leads nothing there; so too for whoever is told as a wijkregisseur.
    """
    return frozenset(db.scalars(_LED, {"own": organisation_id}))


def organisations_in(db: Session, region_id: UUID) -> Sequence[Organisation]:
    """Who takes part in a region or has a team at work in it, by name."""
    takes_part = select(RegionOrganisation.organisation_id).where(RegionOrganisation.region_id == region_id)
    works = select(Team.organisation_id).join(Wijk).where(Wijk.region_id == region_id, Team.active)
    return db.scalars(
        select(Organisation)
        .where(Organisation.active, Organisation.id.in_(takes_part.union(works)))
        .order_by(Organisation.name, Organisation.id)
    ).all()


def neighbours(db: Session, wijk_id: UUID) -> frozenset[UUID]:
    """The wijken that border on this one."""
    return frozenset(db.scalars(select(WijkNeighbour.neighbour_id).where(WijkNeighbour.wijk_id == wijk_id)))


def around(db: Session, wijk: Wijk) -> dict[UUID, Distance]:
    """Every wijk in reach of one, with how far it is. Another region never is, not even next door."""
    bordering = neighbours(db, wijk.id)
    if wijk.region_id:
        others = select(Wijk.id).where(Wijk.region_id == wijk.region_id)
    else:  # wijken that no region has claimed share nothing but a border
        others = select(Wijk.id).where(Wijk.region_id.is_(None), Wijk.id.in_(bordering))
    reach = {
        other: Distance.NEIGHBOUR if other in bordering else Distance.REGION for other in db.scalars(others)
    }
    return reach | {wijk.id: Distance.WIJK}


@dataclass(frozen=True)
class Dot:
    """A postcode on the map."""

    pc4: str
    at: tuple[float, float]  # latitude, longitude in degrees
    wijk: str  # CBS code


def dots(db: Session, wijk_ids: Iterable[UUID]) -> list[Dot]:
    """The postcodes of these wijken of which is known where they are."""
    found = db.execute(
        select(Postcode.pc4, Postcode.latitude, Postcode.longitude, Wijk.code)
        .join(Wijk, Wijk.id == Postcode.wijk_id)
        .where(Postcode.wijk_id.in_(wijk_ids))
        .order_by(Postcode.pc4)
    )
    return [
        Dot(pc4, (latitude, longitude), code)
        for pc4, latitude, longitude, code in found
        if latitude is not None and longitude is not None
    ]


def products(db: Session) -> Sequence[CareProduct]:
    """Every kind of care, what is asked most first."""
    return db.scalars(_PRODUCTS).all()


def skills(db: Session) -> Sequence[Skill]:
    """Every special skill, what is asked most first."""
    return db.scalars(select(Skill).order_by(Skill.position, Skill.code)).all()


def insurers(db: Session) -> Sequence[Insurer]:
    """Every insurer, by name."""
    # Not sorted by the database: each puts capitals elsewhere.
    return sorted(db.scalars(select(Insurer)), key=lambda insurer: (insurer.name.casefold(), insurer.uzovi))


def teams_in(db: Session, wijk_ids: Collection[UUID]) -> Sequence[Team]:
    """The teams that work in these wijken, by organisation; `organisation` and `wijk` are loaded."""
    return db.scalars(
        select(Team)
        .join(Team.organisation)
        .join(Team.wijk)
        .options(contains_eager(Team.organisation), contains_eager(Team.wijk))
        .where(Team.wijk_id.in_(wijk_ids), Team.active, Organisation.active)
        .order_by(Organisation.name, Team.name, Team.id)
    ).all()


@dataclass(frozen=True)
class Contact:
    """Somebody to call at a provider about a wijk."""

    account: Account
    duty: ContactDuty | None  # None: nobody was appointed; this is one of the provider's nurses or admins
    since: date | None


def contacts_for(db: Session, organisation_id: UUID, wijk_id: UUID, day: date) -> list[Account]:
    """Whom to call at a provider about a wijk on a day, best first; empty when nobody there can log in."""
    place = organisation_id, wijk_id
    return [contact.account for contact in contacts_by_place(db, [place], day)[place]]


def contacts_by_place(db: Session, places: Iterable[Place], day: date) -> dict[Place, list[Contact]]:
    """Whom to call at each provider in each wijk on a day, best first. Everything that asks, asks here.

    The contact person (a new one before the one who hands over), then the deputy. Has the wijk none who is
    still active: the provider's nurses, and without those its admins.
    """
    found: dict[Place, list[Contact]] = {place: [] for place in places}
    if not found:
        return found
    for held in _appointed(db, found, day):
        here = found[held.organisation_id, held.wijk_id]
        if held.account_id not in [contact.account.id for contact in here]:
            here.append(Contact(held.account, held.duty, held.valid_from))
    without = [place for place, contacts in found.items() if not contacts]
    fallback = _fallback(db, {organisation_id for organisation_id, _wijk in without})
    for place in without:
        found[place] = [Contact(account, None, None) for account in fallback.get(place[0], ())]
    return found


def _appointed(db: Session, places: Collection[Place], day: date) -> Iterable[ContactPerson]:
    return db.scalars(
        select(ContactPerson)
        .join(ContactPerson.account)
        # Whom to call, not what they may do: a city has hundreds, and their roles cost as much again.
        .options(
            contains_eager(ContactPerson.account).options(lazyload(Account.roles), lazyload(Account.webauthn))
        )
        .where(
            tuple_(ContactPerson.organisation_id, ContactPerson.wijk_id).in_(list(places)),
            ContactPerson.valid_from <= day,
            ContactPerson.valid_until.is_(None) | (ContactPerson.valid_until >= day),
            Account.active,
            Account.organisation_id == ContactPerson.organisation_id,
        )
        .order_by(ContactPerson.duty == ContactDuty.DEPUTY, ContactPerson.valid_from.desc(), ContactPerson.id)
    )


def _fallback(db: Session, organisation_ids: Collection[UUID]) -> dict[UUID, list[Account]]:
    """The active nurses of each organisation, or else its admins."""
    if not organisation_ids:
        return {}
    rows = db.execute(
        select(Account, AccountRole.role)
        .join(Account.roles)
        .where(
            Account.organisation_id.in_(organisation_ids),
            Account.active,
            AccountRole.role.in_([Role.NURSE, Role.ADMIN]),
        )
        .order_by(Account.name, AccountRole.account_id)
    ).all()
    chosen: dict[UUID, list[Account]] = {}
    for role in (Role.NURSE, Role.ADMIN):
        holders: dict[UUID, list[Account]] = {}
        for account, held in rows:
            if held is role:
                holders.setdefault(account.organisation_id, []).append(account)
        chosen = holders | chosen
    return chosen
