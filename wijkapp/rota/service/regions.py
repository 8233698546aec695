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


def regions_seen(db: Session, actor: Account) -> Sequence[Region]:
    """Regions the organisation takes part in: first where the actor takes duties, then those with a rota."""
    return db.scalars(_SEEN, {"own": actor.organisation_id, "account": actor.id}).all()


def region_for(
    db: Session, actor: Account, region_id: UUID | None = None, permission: str = "rota.look"
) -> Region:
    """The region that was asked for, or the first of those somebody sees. Raises NotFound, NotAllowed."""
    if region_id is None:
        access.require(actor, permission)
        return next(iter(regions_seen(db, actor)), None) or _none()
    regions = directory.regions_of(db, actor.organisation_id)
    access.require(actor, permission, region_id=region_id, regions=regions)
    return db.get(Region, region_id) or _none()


def _none() -> Region:
    raise NotFound
