"""One request, as much of it as somebody may see; nothing in here changes anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session, joinedload

from wijkapp.clients import service as clients
from wijkapp.clients.service import FileState
from wijkapp.directory import service as directory
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.matching import parts
from wijkapp.matching.answering import Habit
from wijkapp.matching.models import CareRequest, Choice, ChoiceOption, Invitation, Offer, Placement
from wijkapp.matching.parts import Cover, Together
from wijkapp.matching.rules import ANSWERABLE, OfferStatus, RequestStatus
from wijkapp.matching.service.care import stage
from wijkapp.matching.service.habits import habits_of
from wijkapp.matching.service.nothing import Nothing, nothing_free
from wijkapp.matching.service.steps import terms_of_request
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
class Placed:
    """One provider that gives this care, or a part of it, whom to call there, and the file of its client."""

    placement: Placement
    offer: Offer
    stage: RequestStatus
    contact: Contact
    file: FileState | None


@dataclass(frozen=True)
class Recorded:
    """The choice as it was written down. options: what there was to choose from, as organisations."""

    choice: Choice
    by: str
    options: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Story:
    """All of one request that this person may see."""

    request: CareRequest
    side: Side
    names: Names
    invitations: Sequence[Invitation] = ()
    offers: Sequence[Offer] = ()  # in the order in which the client sees them
    cover: Mapping[UUID, Cover] = field(default_factory=dict)  # of each offer
    together: Sequence[Together] = ()  # combinations that cover all, when no single offer does
    placed: Sequence[Placed] = ()
    recorded: Recorded | None = None
    left: tuple[int, ...] = ()  # visits per slot that nobody does who is placed
    follows: Sequence[CareRequest] = ()  # the request before this one, and those after it
    nothing: Nothing | None = None  # nobody can: what else there is
    mine: Invitation | None = None
    my_offer: Offer | None = None
    placement: Placement | None = None  # with the provider that looks
    placed_with_me: bool = False
    may_take_back: bool = False
    contacts: Sequence[Contact] = ()
    asked: Sequence[Invitation] = field(default=())
    not_asked: Sequence[Invitation] = field(default=())
    rounds: int = 1
    habit: Habit | None = None  # how the provider that looks usually answers, while it may


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
    .where(Offer.care_request_id == _OF_REQUEST, Offer.status == OfferStatus.OPEN)
)
_LASTING = (
    select(Placement)
    .options(joinedload(Placement.offer).options(joinedload(Offer.organisation), joinedload(Offer.team)))
    .where(Placement.care_request_id == _OF_REQUEST, Placement.ended_at.is_(None))
    .order_by(Placement.id)
)
_AROUND = (
    select(CareRequest)
    .where((CareRequest.follows_id == _OF_REQUEST) | (CareRequest.id == bindparam("before")))
    .order_by(CareRequest.posted_at)
)
_OPTIONS = (
    select(ChoiceOption.number, Organisation.name)
    .join(Offer, Offer.id == ChoiceOption.offer_id)
    .join(Organisation, Organisation.id == Offer.organisation_id)
    .where(ChoiceOption.choice_id == bindparam("choice"))
    .order_by(ChoiceOption.number, Organisation.name)
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
    regions = directory.regions_led(db, actor.organisation_id)
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
    placements = db.scalars(_LASTING, {"request": request.id}).all()
    offers = [] if placements else parts.in_order(request, db.scalars(_OFFERS, {"request": request.id}).all())
    cover = {offer.id: parts.cover(request, offer) for offer in offers}
    together = parts.together(request, offers) if len(offers) > 1 else ()
    covered = bool(together) or any(one is not Cover.PART for one in cover.values())
    asked = [one for one in invitations if one.asked_at]
    return Story(
        request=request,
        side=side,
        names=names(db),
        invitations=invitations,
        asked=asked,
        not_asked=[one for one in invitations if not one.asked_at],
        offers=offers,
        cover=cover,
        together=together,
        placed=[_placed(db, actor, one) for one in placements],
        recorded=_recorded(db, placements),
        left=parts.visits_left(request, [one.week for one in placements]) if placements else (),
        follows=_around(db, request),
        nothing=nothing_free(db, actor, request, invitations, offers, covered=covered),
        rounds=len(terms_of_request(db, request).rounds),
    )


def _placed(db: Session, actor: Account, placement: Placement) -> Placed:
    team = placement.offer.team
    people = directory.contacts_for(db, team.organisation_id, team.wijk_id, time.today())
    return Placed(
        placement=placement,
        offer=placement.offer,
        stage=stage(placement),
        contact=Contact(placement.offer.organisation, people),
        file=clients.file_about(db, actor, placement.id),
    )


def _recorded(db: Session, placements: Sequence[Placement]) -> Recorded | None:
    if not placements or placements[0].choice_id is None:
        return None
    choice = db.get_one(Choice, placements[0].choice_id, options=[joinedload(Choice.recorded_by)])
    options: dict[int, list[str]] = {}
    for number, organisation in db.execute(_OPTIONS, {"choice": choice.id}):
        options.setdefault(number, []).append(organisation)
    return Recorded(choice, choice.recorded_by.name, list(options.values()))


def _around(db: Session, request: CareRequest) -> Sequence[CareRequest]:
    return db.scalars(_AROUND, {"request": request.id, "before": request.follows_id}).all()


def _provider_story(db: Session, actor: Account, request: CareRequest) -> Story:
    ours = {"request": request.id, "own": actor.organisation_id}
    mine = db.scalars(_MINE, ours).one()
    offer = db.scalar(_MY_OFFER, ours)
    placements = db.scalars(_LASTING, {"request": request.id}).all()
    placement = next((one for one in placements if offer and one.offer_id == offer.id), None)
    return Story(
        request=request,
        side=Side.PROVIDER,
        names=names(db),
        mine=mine,
        my_offer=offer,
        placement=placement,
        placed_with_me=placement is not None,
        placed=[_placed(db, actor, placement)] if placement else [],
        may_take_back=_may_take_back(offer, placement),
        follows=_ours(db, actor, request) if placement else [],
        contacts=_askers_and_partners(db, request, placement, placements) if placement else [],
        habit=_habit(db, actor, request) if request.status in ANSWERABLE and offer is None else None,
    )


def _habit(db: Session, actor: Account, request: CareRequest) -> Habit:
    known = habits_of(db, [actor.organisation_id], request.urgency, time.now())
    return known[actor.organisation_id]


def _may_take_back(offer: Offer | None, placement: Placement | None) -> bool:
    """Was the offer made so shortly ago that it may be taken back though it was chosen?"""
    if offer is None or placement is None or placement.handed_over_at is not None:
        return False
    return time.now() <= offer.take_back_until


def _ours(db: Session, actor: Account, request: CareRequest) -> Sequence[CareRequest]:
    """What this provider asked because of this request: to take over, back-up, more hours."""
    return [one for one in _around(db, request) if one.organisation_id == actor.organisation_id]


def _askers_and_partners(
    db: Session, request: CareRequest, mine: Placement, placements: Sequence[Placement]
) -> list[Contact]:
    """Who asked, and who does the rest of a combination: they have to agree on who comes when."""
    others = [one for one in placements if one.id != mine.id]
    return [
        Contact(request.organisation, [db.get_one(Account, request.posted_by_id)]),
        *(Contact(one.offer.organisation, [db.get_one(Account, one.offer.offered_by_id)]) for one in others),
    ]
