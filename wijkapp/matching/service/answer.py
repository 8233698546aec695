"""A provider answers: seen, an offer of all or of a part, or no."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from wijkapp.capacity import service as capacity
from wijkapp.capacity.rules import SLOTS
from wijkapp.kit import time
from wijkapp.kit.db import changed, new_id, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.matching import parts
from wijkapp.matching.models import CareRequest, Invitation, Offer
from wijkapp.matching.rules import Answer, DeclineReason, OfferStatus, Step, after
from wijkapp.matching.service import promises, talk
from wijkapp.matching.service.steps import somebody_said_no, take_step, terms_of_request, to_askers
from wijkapp.people import access
from wijkapp.people.models import Account

LATEST_START = timedelta(days=90)
LEAST_MINUTES = 15  # a week; less only when less is asked


class AlreadyOffered(Refused):
    """This provider has an offer standing."""

    sentence = _("Jullie hebben al een aanbod gedaan. Trek dat eerst in als je iets wilt veranderen.")


class OfferGone(Refused):
    """The offer was taken back, chosen or passed over."""

    sentence = _("Dit aanbod staat niet meer open.")


@dataclass(frozen=True)
class Able:
    """What a provider can do of a request; as it stands all of it, as asked.

    start_on          None: the day that was asked, or today when that has passed
    minutes_per_week  for all of `visits` together; None: as long a visit as was asked
    visits            per daypart slot (28), never more than was asked; None: all of them
    counter           per slot the slot on the same day in which it comes instead; None: as asked
    comes_already      comes at this client already; only the asker sees that
    """

    start_on: date | None = None
    minutes_per_week: int | None = None
    visits: tuple[int, ...] | None = None
    counter: tuple[int, ...] | None = None
    comes_already: bool = False
    remark: str | None = None


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
    actor: Account,
    request_id: UUID,
    start_on: date | None = None,
    minutes_per_week: int | None = None,
    remark: str | None = None,
) -> UUID:
    """This provider can take the request, on all the moments that were asked."""
    return offer_part(
        actor, request_id, Able(start_on=start_on, minutes_per_week=minutes_per_week, remark=remark)
    )


def offer_part(actor: Account, request_id: UUID, able: Able) -> UUID:
    """This provider can take so much of the request. The same offer sent twice is one offer.

    Raises Invalid, AlreadyOffered, or the IllegalStep that says what happened to the request meanwhile.
    """
    with transaction() as db:
        invitation = invited(db, actor, request_id)
        request = db.get_one(CareRequest, request_id)
        made = _made(db, actor, request, invitation, able)
        take_step(db, request_id, Step.OFFER)  # also holds the request: offers come in one by one
        standing = standing_offer(db, request_id, invitation.organisation_id)
        if standing is not None:
            if _same(standing, made):
                return standing.id
            raise AlreadyOffered
        db.add(made)
        db.flush()
        answer(db, invitation.id, Answer.OFFERED, None)
        for product in sorted(request.products):
            capacity.open_place(db, actor.id, invitation.team_id, product)
        promises.offered(db, request, made)
        talk.open_with(db, request, invitation.organisation_id, actor.id)
        to_askers(db, request, "matching.offered")
    return made.id


def _made(db: Session, actor: Account, request: CareRequest, invitation: Invitation, able: Able) -> Offer:
    """The offer as it will be stored. Raises Invalid."""
    moment = time.now()
    start_on = max(request.start_on, time.today()) if able.start_on is None else able.start_on
    _check_start(request, start_on)
    visits = _checked_visits(request, able)
    week = _checked_week(request, visits, able.minutes_per_week)
    return Offer(
        id=new_id(),
        care_request_id=request.id,
        organisation_id=invitation.organisation_id,
        team_id=invitation.team_id,
        offered_by_id=actor.id,
        start_on=start_on,
        minutes_per_week=sum(week),
        week=week,
        counter=_checked_counter(able, visits),
        comes_already=able.comes_already,
        status=OfferStatus.OPEN,
        remark=able.remark,
        offered_at=moment,
        take_back_until=moment + terms_of_request(db, request).take_back_within,
    )


def _same(standing: Offer, made: Offer) -> bool:
    kept = ("start_on", "week", "counter", "comes_already", "remark")
    return all(getattr(standing, name) == getattr(made, name) for name in kept)


def decline(
    actor: Account,
    request_id: UUID,
    reason: DeclineReason,
    remark: str | None = None,
    *,
    now_full: bool = False,
) -> None:
    """This provider cannot; says why with a code. Raises AlreadyOffered while its offer stands.

    now_full  and what it published was wrong: it is full from now on
    """
    with transaction() as db:
        invitation = invited(db, actor, request_id)
        request = db.get_one(CareRequest, request_id, with_for_update=True)
        after(request.status, Step.OFFER)  # nothing to answer any more
        if standing_offer(db, request_id, invitation.organisation_id) is not None:
            raise AlreadyOffered
        if now_full:
            promises.correct(db, actor.id, request, invitation.team_id)
        if not answer(db, invitation.id, Answer.DECLINED, reason, remark):
            return  # a double tap
        promises.declined(db, request, invitation.team_id, reason)
        to_askers(db, request, "matching.declined")
        if somebody_said_no(db, request_id):
            to_askers(db, request, "matching.all_answered")


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


def _check_start(request: CareRequest, start_on: date) -> None:
    today = time.today()
    if start_on < today:
        raise Invalid(fields={"start_on": str(_("Deze dag is al voorbij."))})
    if start_on > max(today, request.start_on) + LATEST_START:
        raise Invalid(fields={"start_on": str(_("Kies een dag binnen drie maanden."))})


def _checked_visits(request: CareRequest, able: Able) -> tuple[int, ...]:
    if able.visits is None:
        return request.moments
    if len(able.visits) != SLOTS or not any(able.visits):
        raise Invalid(fields={"moments": str(_("Kies ten minste één moment in de week."))})
    if not all(0 <= can <= asked for can, asked in zip(able.visits, request.moments, strict=True)):
        raise Invalid(fields={"moments": str(_("Kies alleen momenten die gevraagd zijn."))})
    return able.visits


def _checked_week(request: CareRequest, visits: tuple[int, ...], minutes: int | None) -> tuple[int, ...]:
    most = sum(parts.week_for(request, visits, None))
    if minutes is not None and minutes > most:
        raise Invalid(fields={"hours": str(_("Kies niet meer uren dan er gevraagd zijn."))})
    if (most if minutes is None else minutes) < min(LEAST_MINUTES, most or 1):
        raise Invalid(fields={"hours": str(_("Kies ten minste een kwartier per week."))})
    return parts.week_for(request, visits, minutes)


def _checked_counter(able: Able, visits: tuple[int, ...]) -> tuple[int, ...] | None:
    """What moves, of what is offered; None when nothing does."""
    if able.counter is None:
        return None
    same_day = len(able.counter) == SLOTS and all(
        slot // parts.PARTS == instead // parts.PARTS for slot, instead in enumerate(able.counter)
    )
    if not same_day:
        raise Invalid(fields={"moves": str(_("Kies een dagdeel uit de lijst."))})
    moved = any(count and able.counter[slot] != slot for slot, count in enumerate(visits))
    return able.counter if moved else None


def answer(
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
