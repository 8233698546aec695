"""The regions whose duties somebody sees, and which of them a page is about."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, case, exists, select
from sqlalchemy.orm import Session

from wijkapp.directory import service as directory
from wijkapp.directory.models import Region
from wijkapp.directory.service.look import REGIONS
from wijkapp.kit.errors import NotFound
from wijkapp.people import access
from wijkapp.people.models import Account
from wijkapp.people.rules import Role
from wijkapp.rota.models import Member, Plan

# Everybody's first page asks this, so it is made once.
_TAKES_PART = exists().where(
    Member.region_id == Region.id, Member.account_id == bindparam("account"), Member.active
)
_HAS_ROTA = exists().where(Plan.region_id == Region.id)
_SEEN = (
    select(Region)
    .where(Region.id.in_(REGIONS))
    .order_by(case((_TAKES_PART, 0), (_HAS_ROTA, 1), else_=2), Region.name)
)


def regions_where(db: Session, actor: Account, permission: str) -> frozenset[UUID]:
    """The regions in which somebody may do this, when their role lets them.

    Whoever reads or plans does so where the own organisation takes part or works. What only a wijkregisseur
    does, and planning by that role alone, goes no further than the regions that it leads.
    """
    if _leads(actor, permission):
        return directory.regions_led(db, actor.organisation_id)
    return directory.regions_of(db, actor.organisation_id)


def _leads(actor: Account, permission: str) -> bool:
    return permission == "rota.share" or (permission == "rota.plan" and Role.PLANNER not in actor.role_set)


def regions_seen(db: Session, actor: Account, permission: str = "rota.look") -> Sequence[Region]:
    """Regions in which somebody may do this: first where the actor takes duties, then those with a rota."""
    found = db.scalars(_SEEN, {"own": actor.organisation_id, "account": actor.id}).all()
    if not _leads(actor, permission):
        return found
    led = regions_where(db, actor, permission)
    return [one for one in found if one.id in led]


def may_plan(db: Session, actor: Account, region_id: UUID) -> bool:
    """Does the actor plan in this region?"""
    if not access.may(actor, "rota.plan"):
        return False
    regions = regions_where(db, actor, "rota.plan")
    return access.may(actor, "rota.plan", region_id=region_id, regions=regions)


def region_for(
    db: Session, actor: Account, region_id: UUID | None = None, permission: str = "rota.look"
) -> Region:
    """The region that was asked for, or the first of those somebody sees. Raises NotFound, NotAllowed."""
    if region_id is None:
        access.require(actor, permission)
        return next(iter(regions_seen(db, actor, permission)), None) or _none()
    regions = regions_where(db, actor, permission)
    access.require(actor, permission, region_id=region_id, regions=regions)
    return db.get(Region, region_id) or _none()


def _none() -> Region:
    raise NotFound
