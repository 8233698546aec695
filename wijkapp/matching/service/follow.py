"""What the pages show of requests; nothing in here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rules import Terms
from wijkapp.capacity import service as capacity
from wijkapp.capacity.service import Kept
from wijkapp.directory import service as directory
from wijkapp.directory.models import CareProduct, Insurer, RegionOrganisation, Skill, Wijk
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.matching.models import CareRequest, Invitation, Offer, Placement
from wijkapp.matching.rules import ANSWERABLE, FINISHED, UNDER_WAY, Answer, OfferStatus
from wijkapp.people import access
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import Role

MOST = 200  # requests in a list


class Side(StrEnum):
    """How somebody looks at a request."""

    ASKER = "asker"
    PROVIDER = "provider"
    COORDINATOR = "coordinator"


@dataclass(frozen=True)
class Names:
    """The words for the codes in requests."""

    products: dict[str, str]
    skills: dict[str, str]
    insurers: dict[str, str]


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
class Contact:
    """Whom to call on the other side once it is placed."""

    organisation: Organisation
    people: Sequence[Account]


@dataclass(frozen=True)
class Story:
    """All of one request that this person may see."""

    request: CareRequest
    side: Side
    names: Names
    invitations: Sequence[Invitation] = ()
    offers: Sequence[Offer] = ()
    mine: Invitation | None = None
    my_offer: Offer | None = None
    placement: Placement | None = None
    placed_with_me: bool = False
    contacts: Sequence[Contact] = ()
    asked: Sequence[Invitation] = field(default=())
    not_asked: Sequence[Invitation] = field(default=())
    rounds: int = 1


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
        lines = [
            line for line in _provider_lines(db, actor, names(db)) if line.request.status not in FINISHED
        ]
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


def _provider_lines(db: Session, actor: Account, words: Names) -> list[Line]:
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


def show(actor: Account, request_id: UUID) -> Story:
    """One request as this person may see it. Raises NotFound for whoever has nothing to do with it."""
    with reading() as db:
        request = db.scalar(
            select(CareRequest)
            .options(
                joinedload(CareRequest.wijk),
                joinedload(CareRequest.organisation),
                joinedload(CareRequest.posted_by),
            )
            .where(CareRequest.id == request_id)
        )
        side = side_of(db, actor, request)
        if request is None or side is None:
            raise NotFound(str(_("Deze zorgvraag is er niet, of is niet voor jouw organisatie.")))
        return (
            _provider_story(db, actor, request) if side is Side.PROVIDER else _full_story(db, request, side)
        )


def side_of(db: Session, actor: Account, request: CareRequest | None) -> Side | None:
    """How this person may look at a request; None when not at all."""
    if request is None:
        return None
    if access.may(actor, "matching.follow", organisation_id=request.organisation_id):
        return Side.ASKER
    invited = db.scalar(
        select(Invitation.id).where(
            Invitation.care_request_id == request.id, Invitation.organisation_id == actor.organisation_id
        )
    )
    if invited and access.may(actor, "matching.answer", organisation_id=actor.organisation_id):
        return Side.PROVIDER
    wijk = db.get_one(Wijk, request.wijk_id)
    regions = directory.regions_of(db, actor.organisation_id)
    if wijk.region_id and access.may(actor, "matching.oversee", region_id=wijk.region_id, regions=regions):
        return Side.COORDINATOR
    return None


def watch(actor: Account, request_id: UUID) -> None:
    """May this person follow this request live? Raises NotFound."""
    with reading() as db:
        if side_of(db, actor, db.get(CareRequest, request_id)) is None:
            raise NotFound


def _full_story(db: Session, request: CareRequest, side: Side) -> Story:
    invitations = db.scalars(
        select(Invitation)
        .options(joinedload(Invitation.organisation), joinedload(Invitation.team))
        .where(Invitation.care_request_id == request.id)
        .order_by(Invitation.asked_at.is_(None), Invitation.round, Invitation.rank)
    ).all()
    offers = db.scalars(
        select(Offer)
        .options(joinedload(Offer.organisation), joinedload(Offer.team))
        .where(Offer.care_request_id == request.id)
        .order_by(Offer.start_on, Offer.minutes_per_week.desc(), Offer.id)
    ).all()
    placement = _lasting(db, request.id)
    return Story(
        request=request,
        side=side,
        names=names(db),
        invitations=invitations,
        asked=[one for one in invitations if one.asked_at],
        not_asked=[one for one in invitations if not one.asked_at],
        offers=[offer for offer in offers if offer.status in (OfferStatus.OPEN, OfferStatus.CHOSEN)],
        placement=placement,
        contacts=[_provider_contact(db, placement)] if placement else [],
        rounds=len(_terms(db, request).rounds),
    )


def _provider_story(db: Session, actor: Account, request: CareRequest) -> Story:
    mine = db.scalars(
        select(Invitation)
        .options(joinedload(Invitation.team))
        .where(Invitation.care_request_id == request.id, Invitation.organisation_id == actor.organisation_id)
    ).one()
    offer = db.scalar(
        select(Offer)
        .where(
            Offer.care_request_id == request.id,
            Offer.organisation_id == actor.organisation_id,
            Offer.status != OfferStatus.WITHDRAWN,
        )
        .order_by(Offer.offered_at.desc())
    )
    placement = _lasting(db, request.id)
    with_me = placement is not None and offer is not None and placement.offer_id == offer.id
    return Story(
        request=request,
        side=Side.PROVIDER,
        names=names(db),
        mine=mine,
        my_offer=offer,
        placement=placement if with_me else None,
        placed_with_me=with_me,
        contacts=[Contact(request.organisation, [request.posted_by])] if with_me else [],
    )


def _lasting(db: Session, request_id: UUID) -> Placement | None:
    return db.scalar(
        select(Placement)
        .options(joinedload(Placement.offer).options(joinedload(Offer.organisation), joinedload(Offer.team)))
        .where(Placement.care_request_id == request_id, Placement.ended_at.is_(None))
    )


def _provider_contact(db: Session, placement: Placement) -> Contact:
    team = placement.offer.team
    people = directory.contacts_for(db, team.organisation_id, team.wijk_id, time.today())
    return Contact(placement.offer.organisation, people)


def _terms(db: Session, request: CareRequest) -> Terms:
    return agreements.terms_for(db, request.wijk_id, request.posted_at)


@dataclass(frozen=True)
class Choices:
    """What the form of a request can choose from."""

    products: Sequence[CareProduct]
    skills: Sequence[Skill]
    insurers: Sequence[Insurer]


ASKABLE = frozenset({"care", "chain", "theme", "support"})
"""Kinds of product that somebody can ask for one client; the others are financing or systems."""


def choices(actor: Account) -> Choices:
    """What this installation can ask for."""
    access.require(actor, "matching.post")
    with reading() as db:
        askable = [one for one in directory.products(db) if one.kind in ASKABLE]
        # Languages are a wish of their own in the form.
        skilled = [one for one in directory.skills(db) if not one.code.startswith("taal_")]
        return Choices(askable, skilled, directory.insurers(db))


def request_of(actor: Account, offer_id: UUID) -> UUID:
    """The request this offer is for. Raises NotFound."""
    with reading() as db:
        offer = db.get(Offer, offer_id)
        if offer is None or side_of(db, actor, db.get(CareRequest, offer.care_request_id)) is None:
            raise NotFound
        return offer.care_request_id


def names(db: Session) -> Names:
    """The words for product, skill and insurer codes."""
    return Names(
        products=dict(db.execute(select(CareProduct.code, CareProduct.name)).all()),
        skills=dict(db.execute(select(Skill.code, Skill.name)).all()),
        insurers=dict(db.execute(select(Insurer.uzovi, Insurer.name)).all()),
    )


def coordinators_of(db: Session, wijk_id: UUID) -> Sequence[UUID]:
    """The accounts of the wijkregisseurs of the region this wijk is in."""
    return db.scalars(
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .join(RegionOrganisation, RegionOrganisation.organisation_id == Account.organisation_id)
        .join(Wijk, Wijk.region_id == RegionOrganisation.region_id)
        .where(Wijk.id == wijk_id, Account.active, AccountRole.role == Role.COORDINATOR)
        .distinct()
    ).all()
