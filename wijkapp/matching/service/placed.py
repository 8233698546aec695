"""A placement that ends gives back exactly what it took, once, and with it ends the file of its client."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.capacity import service as capacity
from wijkapp.clients import service as clients
from wijkapp.clients.rules import CARERS
from wijkapp.kit import time
from wijkapp.kit.db import changed
from wijkapp.matching.models import CareRequest, Offer, Placement, PlacementTake
from wijkapp.matching.rules import ReturnReason
from wijkapp.people.models import Account


def end(db: Session, request_id: UUID, reason: ReturnReason | None) -> UUID | None:
    """The lasting placement of this request is over, if there is one; its place is free again.

    Returns the placement. Its file is closed by `close_file`, last in the transaction.
    """
    placement = lasting(db, request_id)
    if placement is None:
        return None
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
    return placement.id


def open_file(db: Session, request: CareRequest, offer: Offer, placement_id: UUID) -> None:
    """A file for the client who was placed: a code and two parties, and nothing in it."""
    contacts = {request.organisation_id: request.posted_by_id}
    # Who plans does not speak with the client: then the nurses of the chosen provider hear of it.
    if db.get_one(Account, offer.offered_by_id).role_set & CARERS:
        contacts[offer.organisation_id] = offer.offered_by_id
    clients.open_file(
        db,
        about=placement_id,
        source=request.organisation_id,
        receiver=offer.organisation_id,
        contacts=contacts,
    )


def close_file(db: Session, placement_id: UUID | None) -> None:
    """Nobody may look in the file of this placement any more; its key goes after the transaction."""
    if placement_id is not None:
        clients.end_file(db, placement_id)


def lasting(db: Session, request_id: UUID) -> Placement | None:
    """The placement that stands, if any."""
    return db.scalar(
        select(Placement).where(Placement.care_request_id == request_id, Placement.ended_at.is_(None))
    )
