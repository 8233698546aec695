"""A placement that ends gives back exactly what it took, once."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.capacity import service as capacity
from wijkapp.kit import time
from wijkapp.kit.db import changed
from wijkapp.matching.models import Placement, PlacementTake
from wijkapp.matching.rules import ReturnReason


def end(db: Session, request_id: UUID, reason: ReturnReason | None) -> None:
    """The lasting placement of this request is over, if there is one; its place is free again."""
    placement = lasting(db, request_id)
    if placement is None:
        return
    ended = changed(
        db,
        update(Placement)
        .where(Placement.id == placement.id, Placement.ended_at.is_(None))
        .values(ended_at=time.now(), return_reason=reason),
    )
    if ended == 1:
        takes = select(PlacementTake.take_id).where(PlacementTake.placement_id == placement.id)
        for take_id in db.scalars(takes).all():
            capacity.give_back(db, take_id)


def lasting(db: Session, request_id: UUID) -> Placement | None:
    """The placement that stands, if any."""
    return db.scalar(
        select(Placement).where(Placement.care_request_id == request_id, Placement.ended_at.is_(None))
    )
