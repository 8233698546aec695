"""A placement that ends gives back exactly what it took, once, and with it ends the file of its client."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from wijkapp.capacity import service as capacity
from wijkapp.capacity.models import Capacity, CapacityTake
from wijkapp.clients import service as clients
from wijkapp.clients.rules import CARERS
from wijkapp.kit import time
from wijkapp.kit.db import changed
from wijkapp.matching.models import CareRequest, Offer, Placement, PlacementTake
from wijkapp.matching.rules import ReturnReason
from wijkapp.people.models import Account


def end(db: Session, request_id: UUID, reason: ReturnReason | None) -> list[UUID]:
    """The lasting placements of this request are over, if there are any; their places are free again.

    Returns the placements. Their files are closed by `close_file`, last in the transaction.
    """
    return end_these(db, lasting(db, request_id), reason)


def end_these(db: Session, placements: Collection[Placement], reason: ReturnReason | None) -> list[UUID]:
    """These placements are over."""
    ids = [placement.id for placement in placements]
    ended = db.scalars(
        update(Placement)
        .where(Placement.id.in_(ids), Placement.ended_at.is_(None))
        .values(ended_at=time.now(), return_reason=reason)
        .returning(Placement.id)
    ).all()
    # In the order in which a choice takes them: two who end and choose never wait for each other.
    takes = (
        select(PlacementTake.take_id)
        .join(CapacityTake, CapacityTake.id == PlacementTake.take_id)
        .join(Capacity, Capacity.id == CapacityTake.capacity_id)
        .where(PlacementTake.placement_id.in_(ended))
        .order_by(Capacity.team_id, Capacity.product)
    )
    for take_id in db.scalars(takes).all():
        capacity.give_back(db, take_id)
    return ids


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


def close_file(db: Session, placement_ids: Collection[UUID]) -> None:
    """Nobody may look in the files of these placements any more; their keys go after the transaction."""
    for placement_id in placement_ids:
        clients.end_file(db, placement_id)


def lasting(db: Session, request_id: UUID) -> Sequence[Placement]:
    """The placements that stand: none, one, or one for each provider of a combination."""
    return db.scalars(
        select(Placement)
        .options(joinedload(Placement.offer))
        .where(Placement.care_request_id == request_id, Placement.ended_at.is_(None))
        .order_by(Placement.id)
        # A placement that was looked at before the request was held may be over by now.
        .execution_options(populate_existing=True)
    ).all()


def mark(db: Session, placement_id: UUID, column: InstrumentedAttribute[datetime | None]) -> bool:
    """The care of this placement came one step further. False when that was noted already."""
    noted = changed(
        db,
        update(Placement)
        .where(Placement.id == placement_id, Placement.ended_at.is_(None), column.is_(None))
        .values({column: time.now()}),
    )
    return noted == 1
