"""What an answer says about the figure of a team: a place that is held, a promise kept or broken."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.capacity import service as capacity
from wijkapp.capacity.rules import Outcome
from wijkapp.matching.models import CareRequest, Offer
from wijkapp.matching.rules import DeclineReason
from wijkapp.matching.service.steps import terms_of_request

LACK_OF_ROOM = frozenset({DeclineReason.NO_ROOM, DeclineReason.NO_ROOM_THEN})


def offered(db: Session, request: CareRequest, offer: Offer) -> None:
    """The team offers: its place shows as being talked about."""
    capacity.answered(db, request.id, offer.team_id, Outcome.KEPT)
    if not terms_of_request(db, request).hold_while_offered:
        return
    for product in sorted(request.products):
        capacity.hold(db, offer_id=offer.id, team_id=offer.team_id, product=product)


def declined(db: Session, request: CareRequest, team_id: UUID, reason: DeclineReason) -> None:
    """The team says no; for lack of room says something about its figure, another reason does not."""
    outcome = Outcome.NO_ROOM if reason in LACK_OF_ROOM else Outcome.OTHER
    capacity.answered(db, request.id, team_id, outcome)


def correct(db: Session, actor_id: UUID, request: CareRequest, team_id: UUID) -> None:
    """What the team published was wrong: it is full from now on."""
    for product in sorted(request.products):
        capacity.correct(db, actor_id, team_id, product)


def nothing_stands(db: Session, request_id: UUID) -> None:
    """The request ended without a choice: no place is talked about for it any more."""
    over(db, db.scalars(select(Offer.id).where(Offer.care_request_id == request_id)))


def over(db: Session, offer_ids: Iterable[UUID]) -> None:
    """These offers were taken back, chosen or passed over: nobody talks about their places any more."""
    for offer_id in sorted(offer_ids):
        capacity.release(db, offer_id)
