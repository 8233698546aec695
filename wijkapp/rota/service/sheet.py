"""What stands on the paper of tonight."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.people.models import Account
from wijkapp.rota import sheet
from wijkapp.rota.models import Duty
from wijkapp.rota.service import on_duty
from wijkapp.rota.service.on_duty import Coordinator
from wijkapp.rota.service.regions import region_for
from wijkapp.rota.sheet import Part


@dataclass(frozen=True)
class Sheet:
    """The coming day of one region on one page."""

    region_id: UUID
    region: str
    made_at: datetime
    published: bool
    parts: tuple[Part, ...]
    coordinators: tuple[Coordinator, ...]


def sheet_for(actor: Account, region_id: UUID | None = None) -> Sheet:
    """The paper of tonight as it is now. Raises NotFound, NotAllowed."""
    with reading() as db:
        return sheet_of(db, region_for(db, actor, region_id, "rota.read").id, time.now())


def sheet_of(db: Session, region_id: UUID, moment: datetime) -> Sheet:
    """The paper of one region as things are at this moment."""
    turns = on_duty.turns(
        db,
        Duty.region_id == region_id,
        Duty.ends_at > moment,
        Duty.starts_at < moment + sheet.LOOKS_AHEAD,
    )
    return Sheet(
        region_id=region_id,
        region=db.scalars(select(Region.name).where(Region.id == region_id)).one(),
        made_at=moment,
        published=bool(turns) or on_duty.is_published(db, region_id, moment),
        parts=sheet.parts(turns, moment),
        coordinators=on_duty.coordinators(db, region_id),
    )
