"""One request, as much of it as somebody may see; nothing in here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rules import Terms
from wijkapp.clients import service as clients
from wijkapp.clients.service import FileState
from wijkapp.directory import service as directory
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.matching.models import CareRequest, Invitation, Offer, Placement
from wijkapp.matching.rules import OfferStatus
from wijkapp.matching.service.words import Names, names
from wijkapp.people import access
from wijkapp.people.models import Account, Organisation


class Side(StrEnum):
    """How somebody looks at a request."""

    ASKER = "asker"
    PROVIDER = "provider"
    COORDINATOR = "coordinator"


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
    client_file: FileState | None = None


# Who waits for an answer looks here all the time, so the questions are made once.
_OF_REQUEST: BindParameter[UUID] = bindparam("request")
_OF_US: BindParameter[UUID] = bindparam("own")
_REQUEST = (
    select(CareRequest)
    .options(joinedload(CareRequest.wijk), joinedload(CareRequest.organisation))
    .where(CareRequest.id == _OF_REQUEST)
)
_INVITATIONS = (
    select(Invitation)
    .options(joinedload(Invitation.organisation))
    .where(Invitation.care_request_id == _OF_REQUEST)
    .order_by(Invitation.asked_at.is_(None), Invitation.round, Invitation.rank)
)
_OFFERS = (
    select(Offer)
    .options(joinedload(Offer.organisation), joinedload(Offer.team))
    .where(Offer.care_request_id == _OF_REQUEST, Offer.status.in_((OfferStatus.OPEN, OfferStatus.CHOSEN)))
    .order_by(Offer.start_on, Offer.minutes_per_week.desc(), Offer.id)
)
_LASTING = (
    select(Placement)
    .options(joinedload(Placement.offer).options(joinedload(Offer.organisation), joinedload(Offer.team)))
    .where(Placement.care_request_id == _OF_REQUEST, Placement.ended_at.is_(None))
)
_MINE = select(Invitation).where(
    Invitation.care_request_id == _OF_REQUEST, Invitation.organisation_id == _OF_US
)
_INVITED = _MINE.with_only_columns(Invitation.id)
_MY_OFFER = (
    select(Offer)
    .where(
        Offer.care_request_id == _OF_REQUEST,
        Offer.organisation_id == _OF_US,
        Offer.status != OfferStatus.WITHDRAWN,
    )
    .order_by(Offer.offered_at.desc())
)


def show(actor: Account, request_id: UUID) -> Story:
    """One request as this person may see it. Raises NotFound for whoever has nothing to do with it."""
    with reading() as db:
        request = db.scalar(_REQUEST, {"request": request_id})
        side = side_of(db, actor, request)
        if request is None or side is None:
            raise NotFound(str(_("Deze zorgvraag is er niet, of is niet voor jouw organisatie.")))
        return (
            _provider_story(db, actor, request)
            if side is Side.PROVIDER
            else _full_story(db, actor, request, side)
        )


def side_of(db: Session, actor: Account, request: CareRequest | None) -> Side | None:
    """How this person may look at a request; None when not at all."""
    if request is None:
        return None
    if access.may(actor, "matching.follow", organisation_id=request.organisation_id):
        return Side.ASKER
    invited = db.scalar(_INVITED, {"request": request.id, "own": actor.organisation_id})
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


def request_of(actor: Account, offer_id: UUID) -> UUID:
    """The request this offer is for. Raises NotFound."""
    with reading() as db:
        offer = db.get(Offer, offer_id)
        if offer is None or side_of(db, actor, db.get(CareRequest, offer.care_request_id)) is None:
            raise NotFound
        return offer.care_request_id


def _full_story(db: Session, actor: Account, request: CareRequest, side: Side) -> Story:
    invitations = db.scalars(_INVITATIONS, {"request": request.id}).all()
    placement = _lasting(db, request.id)
    return Story(
        request=request,
        side=side,
        names=names(db),
        invitations=invitations,
        asked=[one for one in invitations if one.asked_at],
        not_asked=[one for one in invitations if not one.asked_at],
        offers=db.scalars(_OFFERS, {"request": request.id}).all(),
        placement=placement,
        contacts=[_provider_contact(db, placement)] if placement else [],
        rounds=len(_terms(db, request).rounds),
        client_file=clients.file_about(db, actor, placement.id) if placement else None,
    )


def _provider_story(db: Session, actor: Account, request: CareRequest) -> Story:
    ours = {"request": request.id, "own": actor.organisation_id}
    mine = db.scalars(_MINE, ours).one()
    offer = db.scalar(_MY_OFFER, ours)
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
        contacts=[Contact(request.organisation, [db.get_one(Account, request.posted_by_id)])]
        if with_me
        else [],
        client_file=clients.file_about(db, actor, placement.id) if placement and with_me else None,
    )


def _lasting(db: Session, request_id: UUID) -> Placement | None:
    return db.scalar(_LASTING, {"request": request_id})


def _provider_contact(db: Session, placement: Placement) -> Contact:
    team = placement.offer.team
    people = directory.contacts_for(db, team.organisation_id, team.wijk_id, time.today())
    return Contact(placement.offer.organisation, people)


def _terms(db: Session, request: CareRequest) -> Terms:
    return agreements.terms_for(db, request.wijk_id, request.posted_at)
