"""A placement lives on until care ends or it falls through; providers of one client go at their own pace."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.clients import service as clients
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import changed, transaction
from wijkapp.kit.errors import NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.matching.models import CareRequest, Invitation, Offer, Placement
from wijkapp.matching.rules import (
    Answer,
    DeclineReason,
    IllegalStep,
    OfferStatus,
    RequestStatus,
    ReturnReason,
    Step,
    after,
)
from wijkapp.matching.service import follow, placed, promises, talk
from wijkapp.matching.service.answer import OfferGone, answer, invited, standing_offers
from wijkapp.matching.service.post import owned
from wijkapp.matching.service.ring import rung_again
from wijkapp.matching.service.rounds import broadcast
from wijkapp.matching.service.steps import (
    hurry_when_nobody_is_left,
    take_step,
    terms_of_request,
    to_askers,
    to_providers,
)
from wijkapp.people import access
from wijkapp.people.models import Account

MATCHED, HANDED_OVER, IN_CARE = RequestStatus.MATCHED, RequestStatus.HANDED_OVER, RequestStatus.IN_CARE


def hand_over(actor: Account, request_id: UUID) -> None:
    """The chosen provider spoke with the asker and has what it needs to start.

    What is in the client's file is destroyed some time after this.
    """
    with transaction() as db:
        request, placement = _placed_with(db, actor, request_id)
        _check_stage(placement, MATCHED, Step.HAND_OVER)
        if not placed.mark(db, placement.id, Placement.handed_over_at):
            raise IllegalStep
        _keep_up(db, request)
        to_askers(db, request, "matching.status")
        clients.handed_over(db, placement.id)


def start_care(actor: Account, request_id: UUID) -> None:
    """Care began."""
    with transaction() as db:
        request, placement = _placed_with(db, actor, request_id)
        _check_stage(placement, HANDED_OVER, Step.START_CARE)
        if not placed.mark(db, placement.id, Placement.started_at):
            raise IllegalStep
        _keep_up(db, request)
        to_askers(db, request, "matching.status")


def close_care(actor: Account, request_id: UUID) -> None:
    """The care that was asked for is done; the place is free again. The last provider closes the request."""
    with transaction() as db:
        request, placement = _placed_with(db, actor, request_id)
        _check_stage(placement, IN_CARE, Step.CLOSE)
        others = [one for one in placed.lasting(db, request.id) if one.id != placement.id]
        if not others:
            take_step(db, request.id, Step.CLOSE, ended_at=time.now())
        ended = placed.end_these(db, [placement], reason=None)
        _end_talk(db, request, placement, others)
        _keep_up(db, request)
        to_askers(db, request, "matching.status")
        placed.close_file(db, ended)
    clients.ends.destroy_ended()


def return_placement(
    actor: Account, request_id: UUID, reason: ReturnReason, placement_id: UUID | None = None
) -> None:
    """A placement falls through: the place is free again, and what it did is asked once more.

    placement_id  which of a combination, when the asker says so; a provider speaks for its own

    Either side may say so. When care is no longer needed the asker withdraws the request instead.
    """
    with transaction() as db:
        request, placements = _either_side(db, actor, request_id, placement_id)
        ended = _fall_through(db, request, placements, reason)
        placed.close_file(db, ended)
    clients.ends.destroy_ended()


def withdraw_offer(actor: Account, offer_id: UUID) -> UUID:
    """The provider takes its offer back: as long as nobody chose it, or within minutes of making it.

    Gives the request; raises OfferGone.
    """
    with transaction() as db:
        made = db.get(Offer, offer_id)
        if made is None or not access.may(actor, "matching.answer", organisation_id=made.organisation_id):
            raise NotFound
        request = db.get_one(CareRequest, made.care_request_id, with_for_update=True)
        gone = changed(
            db,
            update(Offer)
            .where(Offer.id == offer_id, Offer.status == OfferStatus.OPEN)
            .values(status=OfferStatus.WITHDRAWN),
        )
        promises.over(db, [offer_id])
        if gone == 1:
            _nothing_chosen_yet(db, actor, request)
            ended = []
        else:
            ended = _undo_choice(db, request, offer_id)
        to_askers(db, request, "matching.offer_withdrawn")
        placed.close_file(db, ended)
    if ended:
        clients.ends.destroy_ended()
    return request.id


def _nothing_chosen_yet(db: Session, actor: Account, request: CareRequest) -> None:
    answer(db, invited(db, actor, request.id).id, Answer.SEEN, None)
    if not standing_offers(db, request.id):
        take_step(db, request.id, Step.LOSE_OFFERS, escalate_at=time.now())


def _undo_choice(db: Session, request: CareRequest, offer_id: UUID) -> list[UUID]:
    """It was chosen, but so shortly after it was made that it counts as a mistake: nobody is blamed."""
    made = db.get_one(Offer, offer_id, populate_existing=True)
    mine = [one for one in placed.lasting(db, request.id) if one.offer_id == offer_id]
    if made.take_back_until < time.now() or not mine or mine[0].handed_over_at is not None:
        raise OfferGone
    return _fall_through(db, request, mine, ReturnReason.TAKEN_BACK)


def _fall_through(
    db: Session, request: CareRequest, placements: Sequence[Placement], reason: ReturnReason
) -> list[UUID]:
    """These placements do not go on. When none is left the request opens again; else what they did is asked.

    Gives the placements, for `placed.close_file`.
    """
    going = {placement.id for placement in placements}
    left = [one for one in placed.lasting(db, request.id) if one.id not in going]
    if not left:
        return _open_again(db, request, placements, reason)
    for placement in placements:
        _let_go(db, placement, reason)
        talk.close_with(db, request.id, placement.offer.organisation_id)
    ended = placed.end_these(db, placements, reason)
    _keep_up(db, request)
    to_askers(db, request, "matching.part_returned")
    follow.ask_rest(db, request, [one.week for one in left])
    return ended


def _open_again(
    db: Session, request: CareRequest, placements: Sequence[Placement], reason: ReturnReason
) -> list[UUID]:
    moment = time.now()
    terms = terms_of_request(db, request)
    take_step(db, request.id, Step.REOPEN)
    for placement in placements:
        _let_go(db, placement, reason)
    ended = placed.end_these(db, placements, reason)
    _forget_answers(db, request.id)
    to_askers(db, request, "matching.returned")
    to_providers(db, request, "matching.reopened", _asked(db, request.id), rings=True)
    rung_again(db, request.id, moment)
    # Only now: whoever is asked for the first time hears that, and not also that it is open again.
    broadcast(db, request, db.get_one(Wijk, request.wijk_id), terms, moment)
    hurry_when_nobody_is_left(db, request.id)
    return ended


def _let_go(db: Session, placement: Placement, reason: ReturnReason) -> None:
    """The offer no longer stands; a provider that cannot is noted as having declined."""
    offer = db.get_one(Offer, placement.offer_id)
    offer.status = OfferStatus.WITHDRAWN
    mine = update(Invitation).where(
        Invitation.care_request_id == offer.care_request_id,
        Invitation.organisation_id == offer.organisation_id,
    )
    if reason is ReturnReason.PROVIDER_CANNOT:
        db.execute(
            mine.values(answer=Answer.DECLINED, decline_reason=DeclineReason.NO_ROOM, answered_at=time.now())
        )
    elif reason is ReturnReason.TAKEN_BACK:
        db.execute(mine.values(answer=Answer.SEEN, answered_at=None))


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


def stage(placement: Placement) -> RequestStatus:
    """How far the care of one placement is."""
    if placement.started_at:
        return IN_CARE
    return HANDED_OVER if placement.handed_over_at else MATCHED


def _check_stage(placement: Placement, wanted: RequestStatus, step: Step) -> None:
    if stage(placement) is not wanted:
        after(stage(placement), step)  # raises with what is the matter
        raise IllegalStep


def _keep_up(db: Session, request: CareRequest) -> None:
    """The request is as far as the slowest of its placements."""
    stages = {stage(one) for one in placed.lasting(db, request.id)}
    db.refresh(request, ["status"])
    if not stages:
        return
    if MATCHED not in stages and request.status is MATCHED:
        take_step(db, request.id, Step.HAND_OVER)
        db.refresh(request, ["status"])
    if stages == {IN_CARE} and request.status is HANDED_OVER:
        take_step(db, request.id, Step.START_CARE)


def _end_talk(db: Session, request: CareRequest, placement: Placement, others: Sequence[Placement]) -> None:
    if others:
        talk.close_with(db, request.id, placement.offer.organisation_id)
    else:
        talk.close(db, request.id)


def _placed_with(db: Session, actor: Account, request_id: UUID) -> tuple[CareRequest, Placement]:
    """A request that is placed with the actor's own provider, and that placement. Raises NotFound."""
    # Holds the request: with whom it is placed cannot change until the step is taken.
    request = db.get(CareRequest, request_id, with_for_update=True)
    if request is not None:
        for placement in placed.lasting(db, request_id):
            organisation_id = placement.offer.organisation_id
            if access.may(actor, "matching.answer", organisation_id=organisation_id):
                return request, placement
    raise NotFound(str(_("Deze zorgvraag is niet bij jullie geplaatst.")))


def _either_side(
    db: Session, actor: Account, request_id: UUID, placement_id: UUID | None
) -> tuple[CareRequest, Sequence[Placement]]:
    try:
        request = owned(db, actor, request_id, "matching.choose")
    except NotFound:
        request, mine = _placed_with(db, actor, request_id)
        return request, [mine]
    db.get(CareRequest, request_id, with_for_update=True)
    after(request.status, Step.REOPEN)  # nothing is placed
    standing = placed.lasting(db, request_id)
    named = [one for one in standing if placement_id in {None, one.id}]
    if standing and not named:
        raise NotFound
    return request, named
