"""The requests somebody follows, and what waits for an answer today; nothing in here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from wijkapp.capacity import service as capacity
from wijkapp.capacity.service import Kept
from wijkapp.directory import service as directory
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.matching.models import CareRequest, Invitation, Offer
from wijkapp.matching.rules import ANSWERABLE, UNDER_WAY, Answer, OfferStatus
from wijkapp.matching.service.story import Side
from wijkapp.matching.service.words import Names, names
from wijkapp.people import access
from wijkapp.people.models import Account

MOST = 100  # requests in a list


@dataclass(frozen=True)
class Line:
    """One request in a list. mine is the own provider's invitation, if it was asked."""

    request: CareRequest
    names: Names
    mine: Invitation | None = None
    my_offer: Offer | None = None
    offers: int = 0
    asked: int = 0
    answered: int = 0


@dataclass(frozen=True)
class Today:
    """The cards of Vandaag, most urgent first."""

    kept: Kept
    waiting: Sequence[Line]
    to_start: Sequence[Line]
    placed: Sequence[Line]
    offered: Sequence[Line]


def waiting_count(actor: Account) -> int:
    """How many requests wait for an answer of the actor's provider."""
    with reading() as db:
        return db.scalars(select(func.count()).select_from(_waiting(actor.organisation_id).subquery())).one()


def _waiting(organisation_id: UUID) -> Select[UUID]:
    return (
        select(Invitation.id)
        .join(CareRequest, CareRequest.id == Invitation.care_request_id)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.asked_at.is_not(None),
            Invitation.answer.in_((Answer.SILENT, Answer.SEEN)),
            CareRequest.status.in_(ANSWERABLE),
        )
    )


def today(actor: Account) -> Today:
    """What this provider has to do now."""
    with reading() as db:
        lines = _provider_lines(db, actor, names(db), _going_on(actor.organisation_id))
        kept = capacity.unconfirmed(db, actor.organisation_id, time.now())
    waiting = [line for line in lines if _waits(line)]
    waiting.sort(key=lambda line: line.request.answer_by)
    chosen = [line for line in lines if line.my_offer and line.my_offer.status is OfferStatus.CHOSEN]
    return Today(
        kept=kept,
        waiting=waiting,
        to_start=[
            line for line in chosen if line.request.status in UNDER_WAY and line.request.status != "in_care"
        ],
        placed=[line for line in chosen if line.request.status == "in_care"],
        offered=[
            line
            for line in lines
            if line.my_offer
            and line.my_offer.status is OfferStatus.OPEN
            and line.request.status in ANSWERABLE
        ],
    )


def _going_on(organisation_id: UUID) -> ColumnElement[bool]:
    """Open to anybody, or placed with this provider."""
    chosen = select(Offer.care_request_id).where(
        Offer.organisation_id == organisation_id, Offer.status == OfferStatus.CHOSEN
    )
    return CareRequest.status.in_(ANSWERABLE) | (
        CareRequest.status.in_(UNDER_WAY) & CareRequest.id.in_(chosen)
    )


def _waits(line: Line) -> bool:
    return (
        line.mine is not None
        and line.mine.asked_at is not None
        and line.mine.answer in (Answer.SILENT, Answer.SEEN)
        and line.request.status in ANSWERABLE
    )


def index(actor: Account) -> dict[Side, list[Line]]:
    """The requests this person may follow: asked by the own organisation, asked of it, or in its region."""
    found: dict[Side, list[Line]] = {}
    with reading() as db:
        words = names(db)
        if access.may(actor, "matching.post"):
            found[Side.ASKER] = _asker_lines(db, words, CareRequest.organisation_id == actor.organisation_id)
        if access.may(actor, "matching.answer") and actor.organisation.is_provider:
            found[Side.PROVIDER] = _provider_lines(db, actor, words)
        if access.may(actor, "matching.oversee"):
            regions = directory.regions_of(db, actor.organisation_id)
            in_region = CareRequest.wijk_id.in_(select(Wijk.id).where(Wijk.region_id.in_(regions)))
            found[Side.COORDINATOR] = _asker_lines(db, words, in_region)
    return found


def _asker_lines(db: Session, words: Names, which: object) -> list[Line]:
    requests = db.scalars(
        select(CareRequest)
        .options(joinedload(CareRequest.wijk), joinedload(CareRequest.organisation))
        .where(which)  # type: ignore[arg-type]
        .order_by(CareRequest.posted_at.desc())
        .limit(MOST)
    ).all()
    asked, answered, offers = _counts(db, [request.id for request in requests])
    return [
        Line(
            request,
            words,
            offers=offers.get(request.id, 0),
            asked=asked.get(request.id, 0),
            answered=answered.get(request.id, 0),
        )
        for request in requests
    ]


def _counts(db: Session, ids: Sequence[UUID]) -> tuple[dict[UUID, int], dict[UUID, int], dict[UUID, int]]:
    asked = select(Invitation.care_request_id, func.count()).where(
        Invitation.care_request_id.in_(ids), Invitation.asked_at.is_not(None)
    )
    answered = asked.where(Invitation.answered_at.is_not(None))
    offers = select(Offer.care_request_id, func.count()).where(
        Offer.care_request_id.in_(ids), Offer.status == OfferStatus.OPEN
    )
    return (
        dict(db.execute(asked.group_by(Invitation.care_request_id)).all()),
        dict(db.execute(answered.group_by(Invitation.care_request_id)).all()),
        dict(db.execute(offers.group_by(Offer.care_request_id)).all()),
    )


def _provider_lines(db: Session, actor: Account, words: Names, *which: ColumnElement[bool]) -> list[Line]:
    invitations = db.scalars(
        select(Invitation)
        .join(Invitation.care_request)
        .options(
            joinedload(Invitation.care_request).options(
                joinedload(CareRequest.wijk), joinedload(CareRequest.organisation)
            )
        )
        .where(
            Invitation.organisation_id == actor.organisation_id,
            CareRequest.organisation_id != actor.organisation_id,
            *which,
        )
        .order_by(CareRequest.posted_at.desc())
        .limit(MOST)
    ).all()
    offers: dict[UUID, Offer] = {}
    for offer in db.scalars(
        select(Offer)
        .where(
            Offer.organisation_id == actor.organisation_id,
            Offer.care_request_id.in_([one.care_request_id for one in invitations]),
            Offer.status != OfferStatus.WITHDRAWN,
        )
        .order_by(Offer.offered_at)
    ):
        offers[offer.care_request_id] = offer
    return [
        Line(one.care_request, words, mine=one, my_offer=offers.get(one.care_request_id))
        for one in invitations
    ]
