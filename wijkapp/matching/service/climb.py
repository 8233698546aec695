"""The clock takes a request one step further: a wave, a round, or a step of the agreement."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from wijkapp.agreements.rules import Escalation
from wijkapp.directory.models import Wijk
from wijkapp.kit import letters, outbox, time
from wijkapp.kit.db import changed, transaction
from wijkapp.matching import parts
from wijkapp.matching.ladder import Move, Standing, next_look, what_now, why_unfillable
from wijkapp.matching.models import CareRequest, Invitation, Offer
from wijkapp.matching.ranking import UNSUITED, Reason
from wijkapp.matching.rules import ANSWERABLE, OfferStatus, Step, UnfillableReason
from wijkapp.matching.service import talk
from wijkapp.matching.service.ring import UNANSWERED, chance_left, ring, someone_waits, waits
from wijkapp.matching.service.rounds import ask_wider
from wijkapp.matching.service.steps import coordinators_of, take_step, terms_of_request, to_askers

MOST_MOVES = 10  # in one go; no agreement has more steps that are due at the same moment


def climb(request_id: UUID) -> None:
    """Do what is due for this request now, once: of two clocks one does it, and all of it or nothing."""
    moment = time.now()
    with transaction() as db:
        if not _claim(db, request_id, moment):
            return
        request = db.get_one(CareRequest, request_id, populate_existing=True)
        for _move in range(MOST_MOVES):
            standing = standing_of(db, request)
            move = what_now(standing, moment)
            if not _do(db, request, standing, move, moment):
                break
        if move in _CLOCK_GOES_ON and request.status in ANSWERABLE:
            request.escalate_at = next_look(standing_of(db, request), moment)


_CLOCK_GOES_ON = frozenset({Move.WAIT, Move.LOOK, Move.RING_ALL, Move.END_TERM, Move.STEP})


def _claim(db: Session, request_id: UUID, moment: datetime) -> bool:
    """False when another clock was first, or an answer came."""
    claimed = changed(
        db,
        update(CareRequest)
        .where(
            CareRequest.id == request_id,
            CareRequest.escalate_at <= moment,
            CareRequest.status.in_(ANSWERABLE),
        )
        .values(escalate_at=None),
    )
    return claimed == 1


def standing_of(db: Session, request: CareRequest) -> Standing:
    """Where this request stands, as far as the clock looks at it."""
    rows = db.execute(
        select(Invitation.asked_at, Invitation.answer, Invitation.reasons).where(
            Invitation.care_request_id == request.id
        )
    ).all()
    open_to = [row for row in rows if row.answer in UNANSWERED]
    offers = db.scalars(
        select(Offer).where(Offer.care_request_id == request.id, Offer.status == OfferStatus.OPEN)
    ).all()
    whole = any(parts.cover(request, one) is not parts.Cover.PART for one in offers)
    standing = Standing(
        terms=terms_of_request(db, request),
        urgency=request.urgency,
        round=request.round,
        round_at=request.round_at,
        answer_by=request.answer_by,
        ladder=request.ladder,
        covered=whole or bool(parts.together(request, offers)),
        partly=bool(offers),
        may_come=any(row.asked_at is not None for row in open_to),
        waits=any(row.asked_at is None and waits(row.reasons) for row in open_to),
        goes_on=request.wants_more,
    )
    return replace(standing, short=_is_short(db, request, standing))


def _is_short(db: Session, request: CareRequest, standing: Standing) -> bool:
    """Everybody of the round was rung, and it is not enough. Only asked when the next may begin at once."""
    moment = time.now()
    if standing.waits or not standing.may_widen or moment >= standing.answer_by:
        return False
    return chance_left(db, request, moment) < standing.terms.wanted_chance


def _do(db: Session, request: CareRequest, standing: Standing, move: Move, moment: datetime) -> bool:
    """Make this move. True when something else may be due at this same moment."""
    if move is Move.LOOK:
        ring(db, request, moment)
        return standing.may_widen and not someone_waits(db, request.id)  # was that everybody?
    elif move is Move.RING_ALL:
        ring(db, request, moment, everybody=True)
        return True
    elif move is Move.END_TERM:
        request.answer_by = moment
        return True
    elif move is Move.NEXT_ROUND:
        ask_wider(db, request, moment)
    elif move is Move.ASK_CHOICE:
        to_askers(db, request, "matching.choice_waits")
    elif move is Move.STEP and standing.step is not None:
        return _step(db, request, standing.step.who, moment)
    return False


def _step(db: Session, request: CareRequest, who: Escalation, moment: datetime) -> bool:
    """The next step of the agreement, claimed by its number: each is taken once."""
    taken = changed(
        db,
        update(CareRequest)
        .where(CareRequest.id == request.id, CareRequest.ladder == request.ladder)
        .values(ladder=request.ladder + 1),
    )
    if taken != 1:
        return False
    db.refresh(request)
    if who is Escalation.COORDINATOR:
        to_askers(db, request, "matching.unanswered")
        people = coordinators_of(db, request.wijk_id)
        outbox.record(db, "matching.to_coordinator", about=request.id, to=people)
    elif who is Escalation.SHARED_MAIL:
        _write_to_group(db, request)
    else:
        give_up(db, request, why(db, request.id), moment)
        return False
    return True


def _write_to_group(db: Session, request: CareRequest) -> None:
    """To the mail group of the providers of the wijk, if it has one: where, and a link. Never what or who."""
    wijk = db.get_one(Wijk, request.wijk_id)
    if wijk.shared_mail:
        words = {"wijk": wijk.name, "request": str(request.id)}
        letters.post(db, "matching.shared_mail", wijk.shared_mail, words)


def give_up(db: Session, request: CareRequest, reason: UnfillableReason, moment: datetime) -> None:
    """Niet plaatsbaar: it stands on the list of the wijkregisseur, and who asked hears why."""
    take_step(db, request.id, Step.GIVE_UP, unfillable_reason=reason, ended_at=moment, escalate_at=None)
    db.refresh(request)
    talk.close(db, request.id)
    to_askers(db, request, "matching.unfillable")
    people = coordinators_of(db, request.wijk_id)
    outbox.record(db, "matching.unfillable", about=request.id, to=people)


def why(db: Session, request_id: UUID) -> UnfillableReason:
    """Why nobody in reach took it."""
    invitations = db.scalars(select(Invitation).where(Invitation.care_request_id == request_id)).all()
    not_asked = Counter(Reason(one.reasons[0]) for one in invitations if one.asked_at is None)
    offered = db.scalar(select(func.count()).select_from(Offer).where(Offer.care_request_id == request_id))
    return why_unfillable(
        [one.decline_reason for one in invitations if one.decline_reason is not None],
        full=not_asked[Reason.FULL] + not_asked[Reason.CLOSED],
        not_suited=sum(not_asked[reason] for reason in UNSUITED),
        silent=sum(one.asked_at is not None and one.answer in UNANSWERED for one in invitations),
        offered=offered or 0,
    )
