"""Puts the demo's past requests in the database, so that no page is empty. The same each time, up to now."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import count
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rules import Urgency
from wijkapp.capacity.models import Capacity, CapacityChange, CapacityTake
from wijkapp.capacity.rules import Change
from wijkapp.demo import clients, figures, talks
from wijkapp.demo.parties import BY_HAND
from wijkapp.demo.pasts import PASTS, Past, half_of
from wijkapp.directory import service as directory
from wijkapp.directory.models import Team, Wijk
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.outbox import Event
from wijkapp.matching.models import (
    CareRequest,
    Choice,
    ChoiceOption,
    Invitation,
    Offer,
    Placement,
    PlacementTake,
)
from wijkapp.matching.parts import in_order, week_for
from wijkapp.matching.ranking import Reason
from wijkapp.matching.rules import (
    Answer,
    Chooser,
    DeclineReason,
    Ehealth,
    OfferStatus,
    UnfillableReason,
    WithdrawReason,
)
from wijkapp.matching.rules import RequestStatus as S
from wijkapp.matching.service import talk
from wijkapp.matching.service.post import need_of_request
from wijkapp.matching.service.reach import level_needed, ranked
from wijkapp.people.models import Account, Organisation

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OLD = timedelta(days=1)
OFFICE_HOURS_FROM = timedelta(hours=12)
FIRST_WAVE = 5  # providers: their phones rang, the others waited for their turn
LASTED = timedelta(days=2)  # from asking to the end, for those that are over
_FORMS = tuple(uuid5(NAMESPACE_URL, f"wijkapp-demo-{number}") for number in range(len(PASTS)))


def is_old(db: Session) -> bool:
    """Is the newest of these requests of a day ago or longer?"""
    newest = db.scalar(select(func.max(CareRequest.posted_at)).where(CareRequest.form_id.in_(_FORMS)))
    return newest is None or time.now() - newest > OLD


def forget(db: Session) -> None:
    """Every request, and what teams have free; people, teams and log-ins stay."""
    clients.forget(db)
    talks.forget(db)
    for kind in (Placement, Choice, Offer, Invitation, CareRequest, Event):
        db.execute(delete(kind))
    figures.forget(db)
    figures.write(db)


def write(db: Session) -> None:
    """All of it, within the caller's transaction."""
    db.flush()
    for number, (form_id, past) in enumerate(zip(_FORMS, PASTS, strict=True)):
        request = _request(db, form_id, past, _sent_at(past.ago, number))
        db.add(request)
        db.flush()
        invitations = _invitations(db, request)
        _answers(db, request, past, invitations)
        figures.promises(db, request, invitations)
        if past.status is not S.OPEN and past.status is not S.OFFERED:
            chosen = _organisations(db, [past.chosen or ""])
            talk.close(db, request.id, but_with=chosen if request.ended_at is None else ())
    clients.open_files(db)


def _sent_at(ago: timedelta, number: int) -> datetime:
    """So long ago; what is not of today was sent by day, between eight and five."""
    moment = time.now() - ago
    if ago < OFFICE_HOURS_FROM:
        return moment
    by_day = time.day_starts(time.local(moment).date()) + 8 * HOUR + number * 97 % 540 * MINUTE
    return by_day if by_day < time.now() - OFFICE_HOURS_FROM else by_day - timedelta(days=1)


def _request(db: Session, form_id: UUID, past: Past, posted: datetime) -> CareRequest:
    asker = _account(db, past.asker)
    wijk = directory.known_wijk_of(db, past.pc4)
    terms = agreements.terms_for(db, wijk.id, posted)
    answer_by = posted + terms.answer_within[past.urgency]
    waits = past.status is S.OPEN
    over = past.status in {S.CLOSED, S.WITHDRAWN, S.EXPIRED, S.UNFILLABLE}
    return CareRequest(
        id=form_id,
        organisation_id=asker.organisation_id,
        posted_by_id=asker.id,
        form_id=form_id,
        posted_at=posted,
        pc4=past.pc4,
        wijk_id=wijk.id,
        products=past.products,
        skills=past.skills,
        level=level_needed(db, past.products, past.skills),
        moments=past.moments,
        minutes_per_week=past.minutes,
        urgency=past.urgency,
        start_on=_start(past, posted),
        ehealth=Ehealth.PARTLY if past.minutes > 240 else Ehealth.NOT_SUITABLE,
        carer_gender=past.gender,
        language=past.language,
        status=past.status,
        terms=terms,
        round=2 if past.status in {S.UNFILLABLE, S.EXPIRED} else 1,
        round_at=posted,
        wave=1,
        answer_by=answer_by,
        escalate_at=max(answer_by, time.now() + HOUR) if waits else None,
        unfillable_reason=UnfillableReason.ALL_FULL if past.status is S.UNFILLABLE else None,
        withdraw_reason=WithdrawReason.ADMITTED if past.status is S.WITHDRAWN else None,
        ended_at=posted + LASTED if over else None,
    )


def _start(past: Past, posted: datetime) -> date:
    days = {Urgency.TODAY: 0, Urgency.DAY: 1, Urgency.THREE_WORKDAYS: 3, Urgency.PLANNED: 5}
    asked = time.local(posted).date() + timedelta(days=days[past.urgency])
    return min(asked, time.today()) if past.status in {S.IN_CARE, S.CLOSED} else asked


def _invitations(db: Session, request: CareRequest) -> list[Invitation]:
    """As the app itself would have asked."""
    wijk = db.get_one(Wijk, request.wijk_id)
    terms = agreements.terms_for(db, wijk.id, request.posted_at)
    found, _people = ranked(db, need_of_request(request), wijk, terms, request.round, request.posted_at)
    made = [
        Invitation(
            id=new_id(),
            care_request_id=request.id,
            organisation_id=one.candidate.organisation_id,
            team_id=one.candidate.team_id,
            distance=one.candidate.distance,
            rank=one.rank,
            reasons=tuple(reason.value for reason in one.reasons),
            round=request.round,
            asked_at=request.posted_at if one.asked else None,
            rung_at=request.posted_at if one.asked else None,
            wave=1 if one.asked else None,
        )
        for one in found
    ]
    db.add_all(made)
    db.flush()
    return made


def _answers(db: Session, request: CareRequest, past: Past, invitations: list[Invitation]) -> None:
    """The chosen provider and the first others offer; the rest decline, only look, or stay silent."""
    chosen, by_hand = _organisations(db, [past.chosen or ""]), _organisations(db, BY_HAND)
    still_open = past.status in {S.OPEN, S.OFFERED}
    offers, others = count(), count()
    for invitation in sorted(invitations, key=lambda one: (one.organisation_id not in chosen, one.rank)):
        is_chosen = invitation.organisation_id in chosen
        if still_open and invitation.organisation_id in by_hand:
            continue  # whoever tries the demo answers
        if is_chosen or (invitation.asked_at and (turn := next(offers)) < past.offers - bool(past.chosen)):
            visits = _visits(request, invitation, None if is_chosen or not past.together else turn)
            _offer(db, request, past, invitation, visits, is_chosen=is_chosen)
        elif invitation.asked_at and past.offers and not still_open and invitation.rank > FIRST_WAVE:
            _did_not_ring(invitation)
        elif invitation.asked_at:
            _turn_down(invitation, request.posted_at + 9 * MINUTE, next(others))
    _record_options(db, request)


def _did_not_ring(invitation: Invitation) -> None:
    """The offers came before it was this one's turn."""
    invitation.asked_at = invitation.rung_at = invitation.wave = None
    invitation.reasons = (Reason.NEXT_WAVE.value, *invitation.reasons)


def _visits(request: CareRequest, invitation: Invitation, turn: int | None) -> tuple[int, ...]:
    """On which of the moments this provider can come. turn: the how manyth of two that share the care."""
    if turn is not None:
        return half_of(request.moments, second=turn % 2 == 1)
    in_part = invitation.rank % 3 == 0 and request.minutes_per_week > HOUR / MINUTE
    return half_of(request.moments) if in_part else request.moments


def _offer(
    db: Session,
    request: CareRequest,
    past: Past,
    invitation: Invitation,
    visits: tuple[int, ...],
    *,
    is_chosen: bool,
) -> None:
    # Not all of them are as quick.
    moment = _earlier(request.posted_at + (4 + (5 + request.minutes_per_week % 7) * invitation.rank) * MINUTE)
    invitation.asked_at = invitation.rung_at = request.posted_at
    invitation.answer, invitation.seen_at, invitation.answered_at = (
        Answer.OFFERED,
        moment - 2 * MINUTE,
        moment,
    )
    week = week_for(request, visits, None)
    offer = Offer(
        id=new_id(),
        care_request_id=request.id,
        organisation_id=invitation.organisation_id,
        team_id=invitation.team_id,
        offered_by_id=_contact(db, invitation),
        start_on=request.start_on,
        minutes_per_week=sum(week),
        week=week,
        status=_status(past, is_chosen=is_chosen),
        offered_at=moment,
        take_back_until=moment + 10 * MINUTE,
    )
    db.add(offer)
    db.flush()
    talk.open_with(db, request, invitation.organisation_id, offer.offered_by_id)
    if is_chosen:
        _placement(db, request, past, offer)


def _status(past: Past, *, is_chosen: bool) -> OfferStatus:
    if is_chosen:
        return OfferStatus.CHOSEN
    return OfferStatus.OPEN if past.status is S.OFFERED else OfferStatus.NOT_CHOSEN


def _turn_down(invitation: Invitation, first: datetime, number: int) -> None:
    moment = _earlier(first + 7 * number * MINUTE)
    if number % 4 == 3:
        return  # nobody there looked
    invitation.seen_at = moment
    if number % 4 == 2:
        invitation.answer = Answer.SEEN
        return
    invitation.answer, invitation.answered_at = Answer.DECLINED, moment
    invitation.decline_reason = DeclineReason.NO_ROOM_THEN if number % 4 else DeclineReason.NO_ROOM


def _earlier(moment: datetime) -> datetime:
    """This moment, or just now when it is still to come."""
    return min(moment, time.now() - MINUTE)


def _placement(db: Session, request: CareRequest, past: Past, offer: Offer) -> None:
    placed = offer.offered_at + 20 * MINUTE
    choice = Choice(
        id=new_id(),
        care_request_id=request.id,
        chosen_by=Chooser.CLIENT if past.minutes < 400 else Chooser.REPRESENTATIVE,
        recorded_by_id=request.posted_by_id,
        chosen_at=placed,
    )
    placement = Placement(
        id=new_id(),
        choice_id=choice.id,
        care_request_id=request.id,
        offer_id=offer.id,
        week=offer.week,
        handed_over_at=placed if past.status in {S.HANDED_OVER, S.IN_CARE, S.CLOSED} else None,
        started_at=placed if past.status in {S.IN_CARE, S.CLOSED} else None,
        chosen_by=choice.chosen_by,
        shown_offers=past.offers,
        recorded_by_id=request.posted_by_id,
        placed_at=placed,
        ended_at=request.ended_at,
    )
    take = _taken(db, request, offer, placed)
    db.add(choice)
    db.flush()
    db.add(placement)
    db.flush()
    db.add(PlacementTake(placement_id=placement.id, take_id=take.id))


def _taken(db: Session, request: CareRequest, offer: Offer, placed: datetime) -> CapacityTake:
    """What the placement took of the capacity, and the line of the team's history about it."""
    figure = db.scalars(
        select(Capacity).where(Capacity.team_id == offer.team_id, Capacity.product == request.products[0])
    ).one()
    take = CapacityTake(
        id=new_id(),
        capacity_id=figure.id,
        week=offer.week,
        taken_at=placed,
        given_back_at=request.ended_at,
    )
    taken = CapacityChange(
        capacity_id=figure.id, what=Change.TAKEN, places=figure.places, full=figure.full, changed_at=placed
    )
    db.add_all([take, taken])
    return take


def _record_options(db: Session, request: CareRequest) -> None:
    """What there was to choose, with the choice."""
    choice_id = db.scalar(select(Choice.id).where(Choice.care_request_id == request.id))
    if choice_id is None:
        return
    offers = db.scalars(select(Offer).where(Offer.care_request_id == request.id)).all()
    for number, offer in enumerate(in_order(request, offers), 1):
        chosen = offer.status is OfferStatus.CHOSEN
        db.add(ChoiceOption(choice_id=choice_id, number=number, offer_id=offer.id, chosen=chosen))


def _account(db: Session, name: str) -> Account:
    return db.scalars(select(Account).where(Account.name == name)).one()


def _organisations(db: Session, names: Collection[str]) -> frozenset[UUID]:
    return frozenset(db.scalars(select(Organisation.id).where(Organisation.name.in_(names))))


def _contact(db: Session, invitation: Invitation) -> UUID:
    wijk_id = db.get_one(Team, invitation.team_id).wijk_id
    return directory.contacts_for(db, invitation.organisation_id, wijk_id, time.today())[0].id
