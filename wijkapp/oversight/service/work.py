"""The work list of the wijkregisseur: what got stuck, and what nobody here can take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements.rules import Urgency
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.matching.models import CareRequest, Invitation
from wijkapp.matching.rules import OutsideWhere, RequestStatus
from wijkapp.matching.service import again
from wijkapp.matching.service.words import Names, names
from wijkapp.oversight.service.desk import Face, Overdue, faces, overdue
from wijkapp.oversight.service.seen import Seen, overseen, seen
from wijkapp.people.models import Account, Organisation

MOST = 100
SHOWN_FOR = timedelta(days=30)  # what came to an end


class Stuck(StrEnum):
    """Why a request is on the list."""

    NO_OFFER = "no_offer"  # everybody in reach was asked, and nobody offered
    CHOICE_WAITS = "choice_waits"  # the term is over and an offer waits for the client's choice
    UNFILLABLE = "unfillable"


_FIRST = (Stuck.NO_OFFER, Stuck.UNFILLABLE, Stuck.CHOICE_WAITS)
_URGENT = tuple(Urgency)


@dataclass(frozen=True)
class Item:
    """One request on the list."""

    request: CareRequest
    why: Stuck
    since: datetime
    asked: int
    answered: int
    silent: Sequence[str]  # providers that were asked and did not answer


@dataclass(frozen=True)
class WorkList:
    """items: what is to be done, most pressing first; outside: what was found elsewhere lately.

    faces, overdue  contact persons who leave or are missing, points of agreements past their date
    """

    name: str
    names: Names
    items: Sequence[Item]
    outside: Sequence[CareRequest]
    faces: Sequence[Face]
    overdue: Sequence[Overdue]


def work_list(actor: Account) -> WorkList:
    """What the actor has to look at. Raises NotAllowed."""
    moment = time.now()
    with reading() as db:
        here = seen(db, actor)
        return WorkList(
            here.name,
            names(db),
            _items(db, here, moment),
            _outside(db, here, moment),
            faces(db, list(here.wijken), time.today()),
            overdue(db, here.region_ids, time.today()),
        )


_COUNTS = tuple(
    select(func.count(column))
    .where(Invitation.care_request_id == CareRequest.id, Invitation.asked_at.is_not(None))
    .correlate(CareRequest)
    .scalar_subquery()
    for column in (Invitation.asked_at, Invitation.answered_at)
)


def _items(db: Session, here: Seen, moment: datetime) -> list[Item]:
    stuck = or_(
        and_(CareRequest.status == RequestStatus.OPEN, CareRequest.ladder > 0),
        and_(CareRequest.status == RequestStatus.OFFERED, CareRequest.answer_by < moment),
        and_(
            CareRequest.status == RequestStatus.UNFILLABLE,
            CareRequest.outside_at.is_(None),
            CareRequest.ended_at >= moment - SHOWN_FOR,
        ),
    )
    rows = db.execute(
        select(CareRequest, *_COUNTS)
        .options(joinedload(CareRequest.wijk), joinedload(CareRequest.organisation))
        .where(CareRequest.wijk_id.in_(here.wijken), stuck)
        .order_by(CareRequest.posted_at)
        .limit(MOST)
    ).all()
    silent = _silent(db, [row[0].id for row in rows if row[0].status == RequestStatus.OPEN])
    found = [_item(one, asked, answered, silent.get(one.id, ())) for one, asked, answered in rows]
    return sorted(found, key=lambda one: (_FIRST.index(one.why), _URGENT.index(one.request.urgency)))


def _silent(db: Session, request_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for request_id, name in db.execute(
        select(Invitation.care_request_id, Organisation.name)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(
            Invitation.care_request_id.in_(request_ids),
            Invitation.asked_at.is_not(None),
            Invitation.answered_at.is_(None),
        )
        .order_by(Organisation.name)
    ):
        found.setdefault(request_id, []).append(name)
    return found


def _item(request: CareRequest, asked: int, answered: int, silent: Sequence[str]) -> Item:
    why = {RequestStatus.OPEN: Stuck.NO_OFFER, RequestStatus.OFFERED: Stuck.CHOICE_WAITS}.get(
        request.status, Stuck.UNFILLABLE
    )
    return Item(request, why, request.ended_at or request.answer_by, asked, answered, silent)


def _outside(db: Session, here: Seen, moment: datetime) -> Sequence[CareRequest]:
    return db.scalars(
        select(CareRequest)
        .options(joinedload(CareRequest.wijk), joinedload(CareRequest.outside_by))
        .where(CareRequest.wijk_id.in_(here.wijken), CareRequest.outside_at >= moment - SHOWN_FOR)
        .order_by(CareRequest.outside_at.desc())
        .limit(MOST)
    ).all()


def record_outside(actor: Account, request_id: UUID, where: OutsideWhere) -> None:
    """Care was found outside the network: the request is off the list, and who asked hears it.

    The first to say so counts. Raises NotFound, or SomethingStands when there is an offer to look at first.
    """
    moment = time.now()
    with transaction() as db:
        request = overseen(db, actor, request_id)
        if request.outside_at is None:  # else a double tap, or a colleague was first
            again.close_outside(db, request, where, actor.id, moment)
