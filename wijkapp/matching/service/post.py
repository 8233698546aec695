"""Asking for care: see the reach, send once to all, ask wider, withdraw."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rules import Terms, Urgency
from wijkapp.clients import service as clients
from wijkapp.directory import service as directory
from wijkapp.directory.models import Wijk
from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, new_id, reading, transaction
from wijkapp.kit.errors import NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.matching.models import CareRequest, Invitation, Offer
from wijkapp.matching.ranking import HAS_ROOM, Need, Ranked
from wijkapp.matching.rules import (
    Answer,
    Ehealth,
    Gender,
    OfferStatus,
    RequestStatus,
    Step,
    WithdrawReason,
    after,
    week_of_minutes,
)
from wijkapp.matching.service import placed, reach, talk
from wijkapp.matching.service.steps import hurry_when_nobody_is_left, take_step, to_askers, to_providers
from wijkapp.people import access
from wijkapp.people.models import Account


@dataclass(frozen=True)
class Profile:
    """What somebody asks for. A care profile and a postcode-4; nothing that says who.

    moments  visits per daypart slot, 28; minutes_per_week for all of them together
    remark   in somebody's own words; the guard read it
    """

    pc4: str
    products: tuple[str, ...]
    skills: tuple[str, ...]
    moments: tuple[int, ...]
    minutes_per_week: int
    urgency: Urgency
    start_on: date
    ehealth: Ehealth = Ehealth.NOT_SUITABLE
    carer_gender: Gender | None = None
    language: str | None = None
    uzovi: str | None = None
    remark: str | None = None


@dataclass(frozen=True)
class Reach:
    """What sending now would do. Numbers of providers; with_room are those asked that have a place now."""

    wijk: str
    asked: int
    with_room: int
    not_asked: int


class EhealthIsEnough(Refused):
    """An aid or e-health does it: no nurse is asked."""

    sentence = _("E-health of een hulpmiddel is genoeg. Dan hoeft er niemand gevraagd te worden.")


class NobodyToAsk(Refused):
    """In reach is nobody at all; said before anything is stored."""

    sentence = _("In deze wijk werkt nog geen aanbieder met wijkapp. Bel de wijkregisseur.")


class NoWiderRound(Refused):
    """Everybody the agreement allows has been asked."""

    sentence = _("Iedereen in de regio is al gevraagd.")


def preview(actor: Account, profile: Profile) -> Reach:
    """How many providers a request like this would reach. Raises UnknownPostcode."""
    access.require(actor, "matching.post")
    moment = time.now()
    with reading() as db:
        wijk = directory.known_wijk_of(db, profile.pc4)
        terms = agreements.terms_for(db, wijk.id, moment)
        level = reach.level_needed(db, profile.products, profile.skills)
        need = need_of(profile, level, actor.organisation_id, b"")
        found, _people = reach.ranked(db, need, wijk, terms, 1, moment)
    asked = [one for one in found if one.asked]
    with_room = sum(one.reasons[0] in HAS_ROOM for one in asked)
    return Reach(wijk.name, len(asked), with_room, len(found) - len(asked))


def post_request(actor: Account, form_id: UUID, profile: Profile) -> UUID:
    """Send one question to every provider in reach, once. The same form sent twice is the same request.

    Raises UnknownPostcode, EhealthIsEnough or NobodyToAsk; then nothing is stored.
    """
    access.require(actor, "matching.post")
    if profile.ehealth is Ehealth.SUFFICIENT:
        raise EhealthIsEnough
    moment = time.now()
    with transaction() as db:
        wijk = directory.known_wijk_of(db, profile.pc4)
        terms = agreements.terms_for(db, wijk.id, moment)
        request = _new_request(db, actor, form_id, profile, wijk, terms, moment)
        try:
            with db.begin_nested():
                db.add(request)
        except IntegrityError:
            known = _posted(db, actor, form_id)
            if known is None:
                raise
            return known  # a double tap, or the back button
        asked = broadcast(db, request, wijk, terms, moment)
        if not asked and not db.scalar(select(Invitation.id).where(Invitation.care_request_id == request.id)):
            raise NobodyToAsk
        hurry_when_nobody_is_left(db, request.id)
    return request.id


def _posted(db: Session, actor: Account, form_id: UUID) -> UUID | None:
    return db.scalar(
        select(CareRequest.id).where(
            CareRequest.organisation_id == actor.organisation_id, CareRequest.form_id == form_id
        )
    )


def _new_request(
    db: Session, actor: Account, form_id: UUID, profile: Profile, wijk: Wijk, terms: Terms, moment: datetime
) -> CareRequest:
    answer_by = moment + terms.answer_within[profile.urgency]
    # The form asks about e-health before it sends, so a posted request has been through triage.
    status = after(after(RequestStatus.DRAFT, Step.START_TRIAGE), Step.BROADCAST)
    return CareRequest(
        id=new_id(),
        organisation_id=actor.organisation_id,
        posted_by_id=actor.id,
        form_id=form_id,
        posted_at=moment,
        pc4=profile.pc4,
        wijk_id=wijk.id,
        products=profile.products,
        skills=profile.skills,
        level=reach.level_needed(db, profile.products, profile.skills),
        moments=profile.moments,
        minutes_per_week=profile.minutes_per_week,
        urgency=profile.urgency,
        start_on=profile.start_on,
        ehealth=profile.ehealth,
        carer_gender=profile.carer_gender,
        language=profile.language,
        uzovi=profile.uzovi,
        remark=profile.remark,
        status=status,
        terms=terms,
        round=1,
        round_at=moment,
        answer_by=answer_by,
        escalate_at=answer_by,
    )


def need_of(asked: CareRequest | Profile, level: int, asker_id: UUID, shuffle: bytes) -> Need:
    """What is asked, as ranking sees it."""
    return Need(
        products=frozenset(asked.products),
        skills=frozenset(asked.skills),
        level=level,
        week=week_of_minutes(asked.moments, asked.minutes_per_week),
        start_on=asked.start_on,
        language=asked.language,
        uzovi=asked.uzovi,
        shuffle=shuffle,
        asker_id=asker_id,
    )


def need_of_request(request: CareRequest) -> Need:
    """A request that was sent: the same need, and the same order among equals, each time one looks."""
    return need_of(request, request.level, request.organisation_id, request.id.bytes)


def broadcast(db: Session, request: CareRequest, wijk: Wijk, terms: Terms, moment: datetime) -> int:
    """Ask whom the running round adds; note the others with the reason. Counts the people told."""
    found, people = reach.ranked(db, need_of_request(request), wijk, terms, request.round, moment)
    known = {
        one.organisation_id: one
        for one in db.scalars(select(Invitation).where(Invitation.care_request_id == request.id))
    }
    told: list[UUID] = []
    for one in found:
        invitation = known.get(one.candidate.organisation_id)
        if invitation is None:
            db.add(_invite(request, one, moment))
        elif invitation.asked_at is None:
            _rank_again(invitation, request, one, moment)
        else:
            continue  # asked in an earlier round: stays as it was
        if one.asked:
            told += [account.id for account in people[one.candidate.organisation_id]]
    event = "matching.asked_today" if request.urgency is Urgency.TODAY else "matching.asked"
    outbox.record(db, event, about=request.id, to=told)
    return len(told)


def _invite(request: CareRequest, one: Ranked, moment: datetime) -> Invitation:
    return Invitation(
        care_request_id=request.id,
        organisation_id=one.candidate.organisation_id,
        team_id=one.candidate.team_id,
        distance=one.candidate.distance,
        rank=one.rank,
        reasons=tuple(reason.value for reason in one.reasons),
        round=request.round,
        asked_at=moment if one.asked else None,
    )


def _rank_again(invitation: Invitation, request: CareRequest, one: Ranked, moment: datetime) -> None:
    invitation.team_id = one.candidate.team_id
    invitation.distance = one.candidate.distance
    invitation.rank = one.rank
    invitation.reasons = tuple(reason.value for reason in one.reasons)
    invitation.round = request.round
    invitation.asked_at = moment if one.asked else None


def widen(actor: Account, request_id: UUID) -> None:
    """Ask the next round now, without waiting for the term. Raises NoWiderRound."""
    with transaction() as db:
        request = owned(db, actor, request_id, "matching.post")
        if not ask_wider(db, request, time.now()):
            raise NoWiderRound


def ask_wider(db: Session, request: CareRequest, moment: datetime) -> bool:
    """Go to the next round of the wijk's agreement. False when there is none; nobody is asked then.

    The round is claimed by a conditional UPDATE: two who widen at once ask everybody once.
    """
    terms = agreements.terms_for(db, request.wijk_id, moment)
    if request.round >= len(terms.rounds):
        return False
    answer_by = moment + terms.answer_within[request.urgency]
    claimed = changed(
        db,
        update(CareRequest)
        .where(
            CareRequest.id == request.id,
            CareRequest.round == request.round,
            CareRequest.status.in_(_ANSWERABLE),
        )
        .values(round=request.round + 1, answer_by=answer_by, escalate_at=answer_by),
    )
    if claimed != 1:
        db.refresh(request)
        after(request.status, Step.OFFER)  # raises when it is placed or ended meanwhile
        return True  # somebody else widened it
    db.refresh(request)
    broadcast(db, request, db.get_one(Wijk, request.wijk_id), terms, moment)
    hurry_when_nobody_is_left(db, request.id)
    to_askers(db, request, "matching.widened")
    return True


_ANSWERABLE = (RequestStatus.OPEN, RequestStatus.OFFERED)


def withdraw(actor: Account, request_id: UUID, reason: WithdrawReason) -> None:
    """The question is off the table; a placement gives its place back, and everybody involved hears it."""
    with transaction() as db:
        request = owned(db, actor, request_id, "matching.post")
        take_step(
            db, request.id, Step.WITHDRAW, withdraw_reason=reason, ended_at=time.now(), escalate_at=None
        )
        ended = placed.end(db, request.id, reason=None)
        talk.close(db, request.id)
        db.execute(
            update(Offer)
            .where(Offer.care_request_id == request.id, Offer.status == OfferStatus.OPEN)
            .values(status=OfferStatus.NOT_CHOSEN)
        )
        to_providers(db, request, "matching.withdrawn", _still_involved(db, request.id))
        placed.close_file(db, ended)
    clients.ends.destroy_ended()


def _still_involved(db: Session, request_id: UUID) -> Iterable[UUID]:
    """Providers that were asked and did not decline."""
    return db.scalars(
        select(Invitation.organisation_id).where(
            Invitation.care_request_id == request_id,
            Invitation.asked_at.is_not(None) | (Invitation.answer == Answer.OFFERED),
            Invitation.answer != Answer.DECLINED,
        )
    ).all()


def owned(db: Session, actor: Account, request_id: UUID, permission: str) -> CareRequest:
    """A request of the actor's own organisation. Raises NotFound, also when it is another's."""
    request = db.get(CareRequest, request_id)
    if request is None or not access.may(actor, permission, organisation_id=request.organisation_id):
        raise NotFound(str(_("Deze zorgvraag is er niet, of is niet van jouw organisatie.")))
    return request
