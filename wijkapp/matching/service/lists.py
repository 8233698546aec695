"""The requests somebody follows, and what waits for an answer today; nothing in here changes anything.

Everybody opens these lists all day. So each question is made once, when the app starts, and asks for the
columns that a line shows instead of for whole requests: that takes a third of the time.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from wijkapp.capacity import service as capacity
from wijkapp.capacity.service import Kept
from wijkapp.directory import service as directory
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import one_of, reading, rows
from wijkapp.matching.models import CareRequest, Invitation, Offer, Placement
from wijkapp.matching.ranking import HAS_ROOM
from wijkapp.matching.rare import Where
from wijkapp.matching.rules import ANSWERABLE, UNDER_WAY, Answer, Gender, OfferStatus, RequestStatus
from wijkapp.matching.service.story import Side
from wijkapp.matching.service.words import Names, names
from wijkapp.people import access
from wijkapp.people.models import Account, Organisation

MOST = 100  # requests in a list
UNANSWERED = frozenset({Answer.SILENT, Answer.SEEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One request in a list."""

    names: Names
    id: UUID
    status: RequestStatus
    posted_at: datetime
    answer_by: datetime
    organisation: str  # who asks
    pc4: str
    wijk: str
    municipality: str
    shown_where: Where
    start_on: date
    products: tuple[str, ...]
    skills: tuple[str, ...]
    level: int
    moments: tuple[int, ...]
    minutes_per_week: int
    carer_gender: Gender | None
    language: str | None
    uzovi: str | None
    remark: str | None

    # For who asks or oversees.
    asked: int = 0
    answered: int = 0
    offers: int = 0

    # For a provider, of itself only: None when it was not in reach, and when it made no offer.
    answer: Answer | None = None
    asked_at: datetime | None = None  # None too when it was in reach but not asked
    offer: OfferStatus | None = None
    offer_start_on: date | None = None
    reasons: tuple[str, ...] = ()  # of its rank
    placed_at: datetime | None = None  # while the placement with it lasts
    handed_over_at: datetime | None = None
    started_at: datetime | None = None

    @property
    def stage(self) -> RequestStatus:
        """How far the care is with this provider; of a request that was not placed with it: where that is."""
        if self.placed_at is None or self.status not in UNDER_WAY:
            return self.status
        if self.started_at:
            return RequestStatus.IN_CARE
        return RequestStatus.HANDED_OVER if self.handed_over_at else RequestStatus.MATCHED

    @property
    def free(self) -> bool:
        """Did this provider's own figure say that there is room?"""
        return not HAS_ROOM.isdisjoint(self.reasons)

    @property
    def waits(self) -> bool:
        """Is it this provider's turn to answer?"""
        return self.asked_at is not None and self.answer in UNANSWERED and self.status in ANSWERABLE


@dataclass(frozen=True)
class Today:
    """The cards of Vandaag, most urgent first."""

    kept: Kept
    waiting: Sequence[Line]
    to_start: Sequence[Line]
    placed: Sequence[Line]
    offered: Sequence[Line]


_OWN: BindParameter[UUID] = bindparam("own")  # the organisation of whoever looks

_WAITING = (
    select(func.count())
    .select_from(Invitation)
    .join(CareRequest, CareRequest.id == Invitation.care_request_id)
    .where(
        Invitation.organisation_id == _OWN,
        Invitation.asked_at.is_not(None),
        one_of(Invitation.answer, UNANSWERED),
        one_of(CareRequest.status, ANSWERABLE),
    )
)

_LINES = (
    select(
        CareRequest.id,
        CareRequest.status,
        CareRequest.posted_at,
        CareRequest.answer_by,
        Organisation.name.label("organisation"),
        CareRequest.pc4,
        Wijk.name.label("wijk"),
        Wijk.municipality,
        CareRequest.shown_where,
        CareRequest.start_on,
        CareRequest.products,
        CareRequest.skills,
        CareRequest.level,
        CareRequest.moments,
        CareRequest.minutes_per_week,
        CareRequest.carer_gender,
        CareRequest.language,
        CareRequest.uzovi,
        CareRequest.remark,
    )
    .join(CareRequest.organisation)
    .join(CareRequest.wijk)
    .order_by(CareRequest.posted_at.desc())
    .limit(MOST)
)


def _count_of(table: type[Invitation] | type[Offer], *which: Any) -> Any:
    return (
        select(func.count())
        .select_from(table)
        .where(table.care_request_id == CareRequest.id, *which)
        .correlate(CareRequest)
        .scalar_subquery()
    )


_WITH_COUNTS = _LINES.add_columns(
    _count_of(Invitation, Invitation.asked_at.is_not(None)).label("asked"),
    _count_of(Invitation, Invitation.asked_at.is_not(None), Invitation.answered_at.is_not(None)).label(
        "answered"
    ),
    _count_of(Offer, Offer.status == OfferStatus.OPEN).label("offers"),
)
_ASKED_BY_US = _WITH_COUNTS.where(CareRequest.organisation_id == _OWN)
_IN_REGIONS = _WITH_COUNTS.where(Wijk.region_id.in_(bindparam("regions", expanding=True)))

_any_offer = aliased(Offer)
_last_offer = (
    select(_any_offer.id)
    .where(
        _any_offer.care_request_id == CareRequest.id,
        _any_offer.organisation_id == _OWN,
        _any_offer.status != OfferStatus.WITHDRAWN,
    )
    .order_by(_any_offer.offered_at.desc())
    .limit(1)
    .correlate(CareRequest)
    .scalar_subquery()
)
_ASKED_OF_US = (
    _LINES.add_columns(
        Invitation.answer,
        Invitation.asked_at,
        Offer.status.label("offer"),
        Offer.start_on.label("offer_start_on"),
        Invitation.reasons,
        Placement.placed_at,
        Placement.handed_over_at,
        Placement.started_at,
    )
    .join(Invitation, Invitation.care_request_id == CareRequest.id)
    .outerjoin(Offer, Offer.id == _last_offer)
    .outerjoin(Placement, (Placement.offer_id == Offer.id) & Placement.ended_at.is_(None))
    .where(Invitation.organisation_id == _OWN, CareRequest.organisation_id != _OWN)
)
# Open to anybody, or placed with us.
_GOING_ON = _ASKED_OF_US.where(
    one_of(CareRequest.status, ANSWERABLE)
    | (one_of(CareRequest.status, UNDER_WAY) & (Offer.status == OfferStatus.CHOSEN))
)


def waiting_count(actor: Account) -> int:
    """How many requests wait for an answer of the actor's provider."""
    with reading() as db:
        return rows(db, _WAITING, {"own": actor.organisation_id}).scalar_one()


def today(actor: Account) -> Today:
    """What this provider has to do now."""
    with reading() as db:
        lines = _lines(db, _GOING_ON, names(db), own=actor.organisation_id)
        kept = capacity.unconfirmed(db, actor.organisation_id, time.now())
    chosen = [line for line in lines if line.placed_at and line.status in UNDER_WAY]
    return Today(
        kept=kept,
        waiting=sorted((line for line in lines if line.waits), key=lambda line: line.answer_by),
        to_start=[line for line in chosen if line.stage is not RequestStatus.IN_CARE],
        placed=[line for line in chosen if line.stage is RequestStatus.IN_CARE],
        offered=[line for line in lines if line.offer is OfferStatus.OPEN and line.status in ANSWERABLE],
    )


def index(actor: Account) -> dict[Side, list[Line]]:
    """The requests this person may follow: asked by the own organisation, asked of it, or in its region."""
    found: dict[Side, list[Line]] = {}
    own = actor.organisation_id
    with reading() as db:
        words = names(db)
        if access.may(actor, "matching.post"):
            found[Side.ASKER] = _lines(db, _ASKED_BY_US, words, own=own)
        if access.may(actor, "matching.answer") and actor.organisation.is_provider:
            found[Side.PROVIDER] = _lines(db, _ASKED_OF_US, words, own=own)
        if access.may(actor, "matching.oversee"):
            regions = directory.regions_led(db, own)
            found[Side.COORDINATOR] = _lines(db, _IN_REGIONS, words, regions=regions)
    return found


def _lines(db: Session, which: Select[Any], words: Names, **given: UUID | Iterable[UUID]) -> list[Line]:
    return [Line(names=words, **row._asdict()) for row in rows(db, which, given)]


def placed_requests(placement_ids: Collection[UUID]) -> dict[UUID, Line]:
    """The requests of these placements, for whoever may know of them by another room."""
    which = _LINES.add_columns(Placement.id.label("placement_id")).join(
        Placement, Placement.care_request_id == CareRequest.id
    )
    found = {}
    with reading() as db:
        words = names(db)
        for row in db.execute(which.where(Placement.id.in_(placement_ids)).limit(None)):
            columns = row._asdict()
            placement_id = columns.pop("placement_id")
            found[placement_id] = Line(names=words, **columns)
    return found
