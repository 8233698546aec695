"""Asking for care: see the reach, send once to all, ask wider, withdraw."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.agreements.hours import rings_at
from wijkapp.agreements.rules import Terms, Urgency
from wijkapp.clients import service as clients
from wijkapp.directory import service as directory
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.matching.ehealth import EhealthReason, Triage
from wijkapp.matching.models import CareRequest, Invitation, Offer
from wijkapp.matching.ranking import HAS_ROOM
from wijkapp.matching.rare import TooFew, Where
from wijkapp.matching.rules import (
    Answer,
    Ehealth,
    FollowKind,
    Gender,
    OfferStatus,
    RequestStatus,
    Step,
    WithdrawReason,
    after,
)
from wijkapp.matching.service import placed, promises, rarity, reach, talk, triage
from wijkapp.matching.service.ring import first_wave
from wijkapp.matching.service.rounds import ask_wider, broadcast, need_of, need_of_request
from wijkapp.matching.service.steps import hurry_when_nobody_is_left, take_step, to_providers
from wijkapp.people import access
from wijkapp.people.models import Account


@dataclass(frozen=True)
class Profile:
    """What somebody asks for. A care profile and a postcode-4; nothing that says who.

    moments  visits per daypart slot, 28; minutes_per_week for all of them together
    remark   in somebody's own words; the guard read it
    shown_where  how precisely others are told where; knows_rare: who asks was warned when that says too much
    aids     what of e-health does a part of it; ehealth_reason: why nothing does
    follows_id, follow_kind  the request that this one follows, and why; until_on its last day, if it has one
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
    shown_where: Where = Where.PC4
    knows_rare: bool = True
    ehealth_reason: EhealthReason | None = None
    aids: tuple[str, ...] = ()
    follows_id: UUID | None = None
    follow_kind: FollowKind | None = None
    until_on: date | None = None


@dataclass(frozen=True)
class Reach:
    """What sending now would do. Numbers of providers.

    asked      in the first round; of these `rung` hear it at once, the others when that is not enough
    with_room  of those asked, who has a place now
    too_few    when the postcode and the profile could point to one person
    rings_at   when the first phones ring: at once, or when the quiet hours are over
    """

    wijk: str
    asked: int
    rung: int
    rings_at: datetime
    with_room: int
    not_asked: int
    municipality: str
    too_few: TooFew | None


class EhealthIsEnough(Refused):
    """An aid or e-health does it: no nurse is asked."""

    sentence = _("E-health of een hulpmiddel is genoeg. Dan hoeft er niemand gevraagd te worden.")


class PointsToSomebody(Invalid):
    """Few people there have this profile, and who asks has not seen that yet."""

    sentence = _("Op deze postcode is deze zorg zeldzaam. Kies wat anderen zien, en verstuur dan.")

    def __init__(self) -> None:
        super().__init__(fields={"shown_where": str(self.sentence)})


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
        starts = rings_at(moment, terms, profile.urgency)
        rung = first_wave(db, found, terms, profile.urgency, starts)
        codes = (*profile.products, *profile.skills)
        too_few = rarity.too_few(db, wijk, profile.pc4, codes, profile.language)
    asked = [one for one in found if one.asked]
    with_room = sum(one.reasons[0] in HAS_ROOM for one in asked)
    return Reach(
        wijk=wijk.name,
        asked=len(asked),
        rung=rung,
        rings_at=starts,
        with_room=with_room,
        not_asked=len(found) - len(asked),
        municipality=wijk.municipality,
        too_few=too_few,
    )


def post_request(actor: Account, form_id: UUID, profile: Profile) -> UUID:
    """Send one question to every provider in reach, once. The same form sent twice is the same request.

    Raises UnknownPostcode, EhealthIsEnough or NobodyToAsk; then nothing is stored.
    """
    access.require(actor, "matching.post")
    if profile.ehealth is Ehealth.SUFFICIENT:
        raise EhealthIsEnough
    with transaction() as db:
        look_first(db, actor, form_id, profile)
        return send(db, actor, form_id, profile)


def look_first(db: Session, actor: Account, form_id: UUID, profile: Profile) -> None:
    """What comes before people are asked: does it say too much, and what came of e-health.

    Raises PointsToSomebody, once: who was warned may send it as it is.
    """
    wijk = directory.known_wijk_of(db, profile.pc4)
    codes = (*profile.products, *profile.skills)
    unwarned = profile.shown_where is Where.PC4 and not profile.knows_rare
    if unwarned and rarity.too_few(db, wijk, profile.pc4, codes, profile.language):
        raise PointsToSomebody
    said = Triage(profile.ehealth, profile.ehealth_reason, profile.aids)
    triage.note(db, actor, form_id, wijk.id, profile.products, said)


def send(db: Session, actor: Account, form_id: UUID, profile: Profile, *, to_nobody: bool = False) -> UUID:
    """The same within the caller's transaction, for whoever may ask this already.

    to_nobody  goes on when nobody at all is in reach: then the wijkregisseur hears of it
    """
    moment = time.now()
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
    in_reach = select(Invitation.id).where(Invitation.care_request_id == request.id).limit(1)
    if not asked and not to_nobody and not db.scalar(in_reach):
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
        shown_where=profile.shown_where,
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
        follows_id=profile.follows_id,
        follow_kind=profile.follow_kind,
        until_on=profile.until_on,
        status=status,
        terms=terms,
        round=1,
        round_at=moment,  # where the term begins and ends is for the round to say
        answer_by=moment,
        escalate_at=None,
    )


def widen(actor: Account, request_id: UUID) -> None:
    """Ask the next round now, without waiting for the term. Raises NoWiderRound."""
    with transaction() as db:
        request = owned(db, actor, request_id, "matching.post")
        if not ask_wider(db, request, time.now()):
            raise NoWiderRound


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
        promises.nothing_stands(db, request.id)
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


__all__ = ["Profile", "Reach", "ask_wider", "broadcast", "need_of", "need_of_request"]
