"""Who of outside may look at a region: invited for its parties, until the wijkregisseur ends it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session, aliased

from wijkapp.agreements.service.register import admins
from wijkapp.directory import service as directory
from wijkapp.directory.models import Region, RegionOrganisation
from wijkapp.kit import outbox, time
from wijkapp.kit.db import insert_new, reading, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import LOOKING_ON, OrganisationKind, Role
from wijkapp.people.service.invite import Invitee, send_invitation

CHANGED, MAY_LOOK = "oversight.onlookers", "oversight.may_look"
THEIR_ROLES = frozenset({Role.VIEWER, Role.ADMIN})


class TakesPart(Refused):
    """Somebody there asks for care or leads a region, and would do so in this region too."""

    sentence = _(
        "Bij deze organisatie werkt een wijkregisseur of verwijzer, die in deze regio dan meer mag dan "
        "kijken. Vraag wie wijkapp beheert."
    )


@dataclass(frozen=True)
class Onlooker:
    """An organisation that may look. since, by: when and by whom it was invited; None: it was there before.

    ends   a wijkregisseur may end it: nobody of it does more than look
    empty  nobody of it has an account yet
    """

    id: UUID
    name: str
    since: date | None
    by: str | None
    ends: bool
    empty: bool


@dataclass(frozen=True)
class Watched:
    """A region, and who of outside may look at it. others: who can be invited; None: not by this person."""

    region: Region
    onlookers: Sequence[Onlooker]
    others: Sequence[Organisation] | None


def watched(db: Session, actor: Account) -> Sequence[Watched]:
    """The regions one takes part in, by name."""
    seen, led = directory.regions_of(db, actor.organisation_id), _led(db, actor)
    regions = db.scalars(select(Region).where(Region.id.in_(seen)).order_by(Region.name, Region.id))
    return [
        Watched(one, _onlookers(db, one.id), _others(db, one.id) if one.id in led else None)
        for one in regions.all()
    ]


def _led(db: Session, actor: Account) -> Collection[UUID]:
    if not access.may(actor, "oversight.invite"):
        return ()
    return directory.regions_led(db, actor.organisation_id)


def _has(*roles: Role) -> ColumnElement[bool]:
    """Does somebody at the organisation of the question have one of these roles?"""
    return exists().where(
        Account.organisation_id == Organisation.id,
        Account.active,
        AccountRole.account_id == Account.id,
        AccountRole.role.in_(roles),
    )


_DOES_MORE = _has(*access.PART_IN_CARE)
_HAS_PEOPLE = exists().where(Account.organisation_id == Organisation.id)
_LOOKS_ON = Organisation.active & Organisation.kind.in_(LOOKING_ON)


def _onlookers(db: Session, region_id: UUID) -> Sequence[Onlooker]:
    inviter = aliased(Account)
    found = db.execute(
        select(
            Organisation.id,
            Organisation.name,
            RegionOrganisation.invited_at,
            inviter.name,
            ~_DOES_MORE,
            ~_HAS_PEOPLE,
        )
        .join(RegionOrganisation, RegionOrganisation.organisation_id == Organisation.id)
        .outerjoin(inviter, inviter.id == RegionOrganisation.invited_by_id)
        .where(RegionOrganisation.region_id == region_id, _LOOKS_ON, ~_DOES_MORE | _has(Role.VIEWER))
        .order_by(Organisation.name, Organisation.id)
    )
    return [
        Onlooker(id_, name, time.local(at).date() if at else None, by, ends, empty)
        for id_, name, at, by, ends, empty in found
    ]


def _others(db: Session, region_id: UUID) -> Sequence[Organisation]:
    here = select(RegionOrganisation.organisation_id).where(RegionOrganisation.region_id == region_id)
    others = select(Organisation).where(_LOOKS_ON, Organisation.id.not_in(here))
    return db.scalars(others.order_by(Organisation.name, Organisation.id)).all()


def others(actor: Account, region_id: UUID) -> Sequence[Organisation]:
    """Who can be invited to look at this region. Raises NotAllowed."""
    with reading() as db:
        _require(db, actor, region_id)
        return _others(db, region_id)


def invite(actor: Account, region_id: UUID, organisation_id: UUID) -> None:
    """Let an insurer, zorgkantoor or municipality look at a region; twice is once.

    Raises NotAllowed, Invalid, or TakesPart.
    """
    with transaction() as db:
        _require(db, actor, region_id)
        organisation = db.scalar(select(Organisation).where(_LOOKS_ON, Organisation.id == organisation_id))
        if organisation is None:
            raise Invalid(fields={"organisation": str(_("Kies een organisatie uit de lijst."))})
        if db.scalar(select(_DOES_MORE).where(Organisation.id == organisation_id)):
            raise TakesPart
        if _let_in(db, actor, region_id, organisation_id):
            theirs = select(Account.id).where(Account.organisation_id == organisation_id, Account.active)
            outbox.record(db, MAY_LOOK, about=region_id, to=db.scalars(theirs).all())


def invite_new(
    actor: Account, region_id: UUID, kind: OrganisationKind, name: str, invitee: tuple[str, str]
) -> None:
    """The same for one of which nobody is here yet. invitee: name and mail of who gets its first account.

    Again, when nobody answered in time. Raises NotAllowed, or Invalid.
    """
    with transaction() as db:
        _require(db, actor, region_id)
        db.get_one(Region, region_id, with_for_update=True)  # two at once make one organisation
        if kind not in LOOKING_ON:
            raise Invalid(fields={"kind": str(_("Kies iets uit de lijst."))})
        organisation = _empty(db, region_id, name) or Organisation(kind=kind, name=name)
        db.add(organisation)
        db.flush()
        person, email = invitee
        send_invitation(db, organisation, Invitee(email, person, THEIR_ROLES), by=actor)
        _let_in(db, actor, region_id, organisation.id)


def _empty(db: Session, region_id: UUID, name: str) -> Organisation | None:
    """The one of this name that was invited here and where nobody has an account yet. Raises Invalid.

    In no other one: whoever gets the first account of it would see the other regions it looks at.
    """
    named = func.lower(Organisation.name) == name.lower()
    mine = exists().where(
        RegionOrganisation.organisation_id == Organisation.id,
        RegionOrganisation.region_id == region_id,
        RegionOrganisation.invited_at.is_not(None),
    ) & ~exists().where(
        RegionOrganisation.organisation_id == Organisation.id, RegionOrganisation.region_id != region_id
    )
    found = db.scalar(select(Organisation).where(named, _LOOKS_ON, mine, ~_HAS_PEOPLE).limit(1))
    if found is None and db.scalar(select(exists().where(named))):
        said = _(
            "Er is al een organisatie met deze naam. Staat ze niet in de lijst? Vraag wie wijkapp beheert."
        )
        raise Invalid(fields={"name": str(said)})
    return found


def end(actor: Account, region_id: UUID, organisation_id: UUID) -> None:
    """It looks no longer, from now on. Raises NotAllowed, or NotFound where it cannot be ended so."""
    with transaction() as db:
        _require(db, actor, region_id)
        if organisation_id not in {one.id for one in _onlookers(db, region_id) if one.ends}:
            raise NotFound
        here = RegionOrganisation.region_id == region_id
        db.execute(
            delete(RegionOrganisation).where(here, RegionOrganisation.organisation_id == organisation_id)
        )
        _tell(db, actor, region_id)


def _require(db: Session, actor: Account, region_id: UUID) -> None:
    led = directory.regions_led(db, actor.organisation_id)
    access.require(actor, "oversight.invite", region_id=region_id, regions=led)


def _let_in(db: Session, actor: Account, region_id: UUID, organisation_id: UUID) -> bool:
    """Was it not in already? Then the parties hear of it."""
    row = {
        "region_id": region_id,
        "organisation_id": organisation_id,
        "invited_at": time.now(),
        "invited_by_id": actor.id,
    }
    if not insert_new(db, RegionOrganisation, [row]):
        return False
    _tell(db, actor, region_id)
    return True


def _tell(db: Session, actor: Account, region_id: UUID) -> None:
    """The admins of the providers whose figures they are."""
    providers = [one.id for one in directory.organisations_in(db, region_id) if one.is_provider]
    told = [one for one in admins(db, providers) if one != actor.id]
    outbox.record(db, CHANGED, about=region_id, to=told)
