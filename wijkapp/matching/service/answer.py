"""A provider answers: seen, offer, decline, take the offer back."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from wijkapp.capacity import service as capacity
from wijkapp.kit import time
from wijkapp.kit.db import changed, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.matching.models import CareRequest, Invitation, Offer
from wijkapp.matching.rules import Answer, DeclineReason, OfferStatus, Step, after, week_of_minutes
from wijkapp.matching.service import talk
from wijkapp.matching.service.steps import hurry_when_nobody_is_left, take_step, to_askers
from wijkapp.people import access
from wijkapp.people.models import Account

LATEST_START = timedelta(days=90)
TAKE_BACK_WITHIN = timedelta(minutes=10)
LEAST_MINUTES = 15  # a week; less only when less is asked


class AlreadyOffered(Refused):
    """This provider has an offer standing."""

    sentence = _("Jullie hebben al een aanbod gedaan. Trek dat eerst in als je iets wilt veranderen.")


class OfferGone(Refused):
    """The offer was taken back, chosen or passed over."""

    sentence = _("Dit aanbod staat niet meer open.")


def see(actor: Account, request_id: UUID) -> None:
    """Somebody of this provider opened the request; the asker sees that. Only the first time counts."""
    moment = time.now()
    with transaction() as db:
        invitation = invited(db, actor, request_id)
        seen = changed(
            db,
            update(Invitation)
            .where(Invitation.id == invitation.id, Invitation.seen_at.is_(None))
            .values(seen_at=moment),
        )
        if seen != 1:
            return
        db.execute(
            update(Invitation)
            .where(Invitation.id == invitation.id, Invitation.answer == Answer.SILENT)
            .values(answer=Answer.SEEN)
        )
        to_askers(db, db.get_one(CareRequest, request_id), "matching.seen")


def offer(
    actor: Account, request_id: UUID, start_on: date, minutes_per_week: int, remark: str | None = None
) -> UUID:
    """This provider can take the request from that day. The same offer sent twice is one offer.

    Raises Invalid, AlreadyOffered, or the IllegalStep that says what happened to the request meanwhile.
    """
    with transaction() as db:
        invitation = invited(db, actor, request_id)
        request = db.get_one(CareRequest, request_id)
        _check(request, start_on, minutes_per_week)
        take_step(db, request_id, Step.OFFER)  # also holds the request: offers come in one by one
        standing = standing_offer(db, request_id, invitation.organisation_id)
        if standing is not None:
            if _same(standing, start_on, minutes_per_week, remark):
                return standing.id
            raise AlreadyOffered
        made = Offer(
            care_request_id=request_id,
            organisation_id=invitation.organisation_id,
            team_id=invitation.team_id,
            offered_by_id=actor.id,
            start_on=start_on,
            minutes_per_week=minutes_per_week,
            week=week_of_minutes(request.moments, minutes_per_week),
            remark=remark,
            offered_at=time.now(),
            take_back_until=time.now() + TAKE_BACK_WITHIN,
        )
        db.add(made)
        db.flush()
        _answer(db, invitation.id, Answer.OFFERED, None)
        for product in sorted(request.products):
            capacity.open_place(db, actor.id, invitation.team_id, product)
        talk.open_with(db, request, invitation.organisation_id, actor.id)
        to_askers(db, request, "matching.offered")
    return made.id


def _same(standing: Offer, start_on: date, minutes_per_week: int, remark: str | None) -> bool:
    return (standing.start_on, standing.minutes_per_week, standing.remark) == (
        start_on,
        minutes_per_week,
        remark,
    )


def decline(actor: Account, request_id: UUID, reason: DeclineReason, remark: str | None = None) -> None:
    """This provider cannot; says why with a code. Raises AlreadyOffered while its offer stands."""
    with transaction() as db:
        invitation = invited(db, actor, request_id)
        request = db.get_one(CareRequest, request_id, with_for_update=True)
        after(request.status, Step.OFFER)  # nothing to answer any more
        if standing_offer(db, request_id, invitation.organisation_id) is not None:
            raise AlreadyOffered
        if not _answer(db, invitation.id, Answer.DECLINED, reason, remark):
            return  # a double tap
        to_askers(db, request, "matching.declined")
        if hurry_when_nobody_is_left(db, request_id):
            to_askers(db, request, "matching.all_answered")


def withdraw_offer(actor: Account, offer_id: UUID) -> UUID:
    """The provider takes its offer back, as long as nobody chose it. Gives the request; raises OfferGone."""
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
        if gone != 1:
            raise OfferGone
        invitation = invited(db, actor, request.id)
        _answer(db, invitation.id, Answer.SEEN, None)
        if not standing_offers(db, request.id):
            take_step(db, request.id, Step.LOSE_OFFERS, escalate_at=max(request.answer_by, time.now()))
        to_askers(db, request, "matching.offer_withdrawn")
    return request.id


def invited(db: Session, actor: Account, request_id: UUID) -> Invitation:
    """The actor's own provider's invitation. Raises NotFound: no hint that the request exists.

    Who asks is in its own list, with the reason why it is not asked, but does not answer itself.
    """
    invitation = db.scalar(
        select(Invitation)
        .join(Invitation.care_request)
        .where(
            Invitation.care_request_id == request_id,
            Invitation.organisation_id == actor.organisation_id,
            CareRequest.organisation_id != actor.organisation_id,
        )
    )
    if invitation is None or not access.may(
        actor, "matching.answer", organisation_id=invitation.organisation_id
    ):
        raise NotFound(str(_("Deze zorgvraag is er niet, of is niet aan jullie gevraagd.")))
    return invitation


def standing_offer(db: Session, request_id: UUID, organisation_id: UUID) -> Offer | None:
    """The offer of this provider that can still be chosen."""
    return db.scalar(
        select(Offer).where(
            Offer.care_request_id == request_id,
            Offer.organisation_id == organisation_id,
            Offer.status == OfferStatus.OPEN,
        )
    )


def standing_offers(db: Session, request_id: UUID) -> int:
    """How many offers the client can choose from."""
    return db.scalars(
        select(func.count()).where(Offer.care_request_id == request_id, Offer.status == OfferStatus.OPEN)
    ).one()


def _check(request: CareRequest, start_on: date, minutes_per_week: int) -> None:
    today = time.today()
    if start_on < today:
        raise Invalid(fields={"start_on": str(_("Deze dag is al voorbij."))})
    if start_on > max(today, request.start_on) + LATEST_START:
        raise Invalid(fields={"start_on": str(_("Kies een dag binnen drie maanden."))})
    if minutes_per_week > request.minutes_per_week:
        raise Invalid(fields={"hours": str(_("Kies niet meer uren dan er gevraagd zijn."))})
    if minutes_per_week < min(LEAST_MINUTES, request.minutes_per_week):
        raise Invalid(fields={"hours": str(_("Kies ten minste een kwartier per week."))})


def _answer(
    db: Session,
    invitation_id: UUID,
    answer: Answer,
    reason: DeclineReason | None,
    remark: str | None = None,
) -> bool:
    """Note the answer. False when it was this one already."""
    moment = time.now()
    noted = changed(
        db,
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            (Invitation.answer != answer)
            | Invitation.decline_reason.is_distinct_from(reason)
            | Invitation.decline_remark.is_distinct_from(remark),
        )
        .values(
            answer=answer,
            decline_reason=reason,
            decline_remark=remark,
            answered_at=None if answer is Answer.SEEN else moment,
            seen_at=func.coalesce(Invitation.seen_at, moment),
        ),
    )
    return noted == 1
