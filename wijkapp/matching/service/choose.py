"""The client chooses; the placement takes the place, and lives on until care ends or it falls through."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.capacity import service as capacity
from wijkapp.capacity.rules import NO_WEEK
from wijkapp.clients import service as clients
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import changed, new_id, transaction
from wijkapp.kit.errors import NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.matching.models import CareRequest, Invitation, Offer, Placement, PlacementTake
from wijkapp.matching.rules import (
    Answer,
    Chooser,
    DeclineReason,
    OfferStatus,
    ReturnReason,
    Step,
    week_of_minutes,
)
from wijkapp.matching.service import placed, talk
from wijkapp.matching.service.answer import OfferGone, standing_offers
from wijkapp.matching.service.post import broadcast, owned
from wijkapp.matching.service.steps import (
    hurry_when_nobody_is_left,
    take_step,
    to_askers,
    to_providers,
)
from wijkapp.people import access
from wijkapp.people.models import Account


def choose_offer(actor: Account, offer_id: UUID, chosen_by: Chooser) -> UUID:
    """The client chose this offer: close the request, take the place, tell chosen and not chosen.

    Raises NoPlaceLeft when another placement took the last place, AlreadyPlaced when this request has one.
    """
    with transaction() as db:
        offer = db.get(Offer, offer_id)
        if offer is None:
            raise NotFound(str(_("Dit aanbod is er niet.")))
        request = owned(db, actor, offer.care_request_id, "matching.choose")

        if _chose_already(db, actor, request.id, offer.id):
            return request.id  # a double tap
        take_step(db, request.id, Step.CHOOSE, escalate_at=None)
        shown = standing_offers(db, request.id)
        _claim(db, offer.id)
        placement = Placement(
            id=new_id(),
            care_request_id=request.id,
            offer_id=offer.id,
            week=offer.week,
            chosen_by=chosen_by,
            shown_offers=shown,
            recorded_by_id=actor.id,
            placed_at=time.now(),
        )
        db.add(placement)
        db.flush()
        _take(db, request, offer, placement.id)
        placed.open_file(db, request, offer, placement.id)

        talk.open_with(db, request, offer.organisation_id, offer.offered_by_id)
        talk.close(db, request.id, but_with=offer.organisation_id)
        to_providers(db, request, "matching.placed", [offer.organisation_id])
        to_providers(db, request, "matching.not_chosen", _pass_over_others(db, request.id))
    return request.id


def _chose_already(db: Session, actor: Account, request_id: UUID, offer_id: UUID) -> bool:
    placement = placed.lasting(db, request_id)
    return placement is not None and (placement.offer_id, placement.recorded_by_id) == (offer_id, actor.id)


def _take(db: Session, request: CareRequest, offer: Offer, placement_id: UUID) -> None:
    """A place for every kind of care that is asked; the hours are counted once, with the first kind."""
    hours = week_of_minutes(request.moments, offer.minutes_per_week)
    # In one order, whatever the request: two placements at one team never wait for each other.
    for product in sorted(request.products):
        week = hours if product == request.products[0] else NO_WEEK
        took = capacity.take(db, offer.team_id, product, week)
        db.add(PlacementTake(placement_id=placement_id, take_id=took.id))


def _claim(db: Session, offer_id: UUID) -> None:
    claimed = changed(
        db,
        update(Offer)
        .where(Offer.id == offer_id, Offer.status == OfferStatus.OPEN)
        .values(status=OfferStatus.CHOSEN),
    )
    if claimed != 1:  # taken back at the same moment
        raise OfferGone


def _pass_over_others(db: Session, request_id: UUID) -> list[UUID]:
    return list(
        db.scalars(
            update(Offer)
            .where(Offer.care_request_id == request_id, Offer.status == OfferStatus.OPEN)
            .values(status=OfferStatus.NOT_CHOSEN)
            .returning(Offer.organisation_id)
        )
    )


def hand_over(actor: Account, request_id: UUID) -> None:
    """The chosen provider spoke with the asker and has what it needs to start.

    What is in the client's file is destroyed some time after this.
    """
    with transaction() as db:
        request = _placed_with(db, actor, request_id)
        placement = placed.lasting(db, request.id)
        take_step(db, request.id, Step.HAND_OVER)
        to_askers(db, request, "matching.status")
        if placement is not None:
            clients.handed_over(db, placement.id)


def start_care(actor: Account, request_id: UUID) -> None:
    """Care began."""
    with transaction() as db:
        request = _placed_with(db, actor, request_id)
        take_step(db, request.id, Step.START_CARE)
        to_askers(db, request, "matching.status")


def close_care(actor: Account, request_id: UUID) -> None:
    """The care that was asked for is done; the place is free again."""
    with transaction() as db:
        request = _placed_with(db, actor, request_id)
        take_step(db, request.id, Step.CLOSE, ended_at=time.now())
        ended = placed.end(db, request.id, reason=None)
        talk.close(db, request.id)
        to_askers(db, request, "matching.status")
        placed.close_file(db, ended)
    clients.ends.destroy_ended()


def return_placement(actor: Account, request_id: UUID, reason: ReturnReason) -> None:
    """The placement falls through: the place is free again, and the request is open to everybody once more.

    Either side may say so. When care is no longer needed the asker withdraws the request instead.
    """
    moment = time.now()
    with transaction() as db:
        request = _either_side(db, actor, request_id)
        terms = agreements.terms_for(db, request.wijk_id, moment)
        answer_by = moment + terms.answer_within[request.urgency]
        placement = placed.lasting(db, request.id)
        take_step(db, request.id, Step.REOPEN, answer_by=answer_by, escalate_at=answer_by)
        if placement is not None:
            _let_go(db, placement, reason)
        ended = placed.end(db, request.id, reason)
        _forget_answers(db, request.id)
        to_askers(db, request, "matching.returned")
        to_providers(db, request, "matching.reopened", _asked(db, request.id))
        # Only now: whoever is asked for the first time hears that, and not also that it is open again.
        broadcast(db, request, db.get_one(Wijk, request.wijk_id), terms, moment)
        hurry_when_nobody_is_left(db, request.id)
        placed.close_file(db, ended)
    clients.ends.destroy_ended()


def _let_go(db: Session, placement: Placement, reason: ReturnReason) -> None:
    """The offer no longer stands; a provider that cannot is noted as having declined."""
    offer = db.get_one(Offer, placement.offer_id)
    offer.status = OfferStatus.WITHDRAWN
    if reason is ReturnReason.PROVIDER_CANNOT:
        db.execute(
            update(Invitation)
            .where(
                Invitation.care_request_id == offer.care_request_id,
                Invitation.organisation_id == offer.organisation_id,
            )
            .values(answer=Answer.DECLINED, decline_reason=DeclineReason.NO_ROOM, answered_at=time.now())
        )


def _forget_answers(db: Session, request_id: UUID) -> None:
    """Offers that were passed over may be made again."""
    db.execute(
        update(Invitation)
        .where(Invitation.care_request_id == request_id, Invitation.answer == Answer.OFFERED)
        .values(answer=Answer.SEEN, answered_at=None)
    )


def _asked(db: Session, request_id: UUID) -> list[UUID]:
    return list(
        db.scalars(
            select(Invitation.organisation_id).where(
                Invitation.care_request_id == request_id,
                Invitation.asked_at.is_not(None),
                Invitation.answer != Answer.DECLINED,
            )
        )
    )


def _placed_with(db: Session, actor: Account, request_id: UUID) -> CareRequest:
    """A request that is placed with the actor's own provider. Raises NotFound."""
    # Holds the request: with whom it is placed cannot change until the step is taken.
    request = db.get(CareRequest, request_id, with_for_update=True)
    placement = placed.lasting(db, request_id)
    offer = db.get(Offer, placement.offer_id) if placement else None
    if (
        request is None
        or offer is None
        or not access.may(actor, "matching.answer", organisation_id=offer.organisation_id)
    ):
        raise NotFound(str(_("Deze zorgvraag is niet bij jullie geplaatst.")))
    return request


def _either_side(db: Session, actor: Account, request_id: UUID) -> CareRequest:
    try:
        return owned(db, actor, request_id, "matching.choose")
    except NotFound:
        return _placed_with(db, actor, request_id)
