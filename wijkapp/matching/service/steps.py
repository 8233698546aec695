"""The parts every step of the journey shares: claim the step, and find whom to tell."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.agreements.hours import rings_at
from wijkapp.agreements.rules import Terms
from wijkapp.directory import service as directory
from wijkapp.directory.models import RegionOrganisation, Team, Wijk
from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed
from wijkapp.matching.models import CareRequest, Invitation
from wijkapp.matching.ranking import WAITING
from wijkapp.matching.rules import STEPS, Answer, IllegalStep, RequestStatus, Step, after
from wijkapp.people import access
from wijkapp.people.models import Account, AccountRole
from wijkapp.people.rules import Role


def take_step(db: Session, request_id: UUID, step: Step, **values: Any) -> None:
    """Do this step, if the request is still where it may be done. Of two who try, one wins.

    Raises the IllegalStep that says what happened meanwhile.
    """
    allowed, leads_to = STEPS[step]
    claimed = changed(
        db,
        update(CareRequest)
        .where(CareRequest.id == request_id, CareRequest.status.in_(allowed))
        .values(status=leads_to, **values),
    )
    if claimed != 1:
        after(db.scalars(select(CareRequest.status).where(CareRequest.id == request_id)).one(), step)
        raise IllegalStep


def terms_of_request(db: Session, request: CareRequest) -> Terms:
    """The terms a request runs on: as they were when it was posted."""
    return request.terms or agreements.terms_for(db, request.wijk_id, request.posted_at)


def hurry_when_nobody_is_left(db: Session, request_id: UUID) -> bool:
    """Nobody who was rung can still say yes and nobody waits for its turn: no use waiting for the term."""
    return not any(_left(db, request_id)) and _look_now(db, request_id)


def somebody_said_no(db: Session, request_id: UUID) -> bool:
    """The clock looks at once whether enough may still come, or the next phones must ring.

    True when nobody is left at all.
    """
    may_come, waits = _left(db, request_id)
    request = db.get_one(CareRequest, request_id)
    terms = terms_of_request(db, request)
    may_widen = terms.widen_when_short and request.round < len(terms.rounds)
    may_matter = waits or may_widen or not may_come
    return may_matter and _look_now(db, request_id) and not (may_come or waits)


def _left(db: Session, request_id: UUID) -> tuple[bool, bool]:
    """May an offer come from somebody who was rung? And does somebody wait for its turn?"""
    rows = db.execute(
        select(Invitation.asked_at, Invitation.reasons).where(
            Invitation.care_request_id == request_id, Invitation.answer != Answer.DECLINED
        )
    ).all()
    may_come = any(row.asked_at is not None for row in rows)
    return may_come, any(row.asked_at is None and row.reasons[0] in WAITING for row in rows)


def _look_now(db: Session, request_id: UUID) -> bool:
    moment = time.now()
    hurried = changed(
        db,
        update(CareRequest)
        .where(
            CareRequest.id == request_id,
            CareRequest.status == RequestStatus.OPEN,
            CareRequest.escalate_at > moment,  # not when it is being chased already, or was to the end
        )
        .values(escalate_at=moment),
    )
    return hurried == 1


def to_askers(db: Session, request: CareRequest, event: str) -> None:
    """Tell who asked; when that account is gone, the colleagues who may ask."""
    poster = db.get(Account, request.posted_by_id)
    if poster is not None and poster.active:
        outbox.record(db, event, about=request.id, to=[poster.id])
        return
    colleagues = db.scalars(
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(
            Account.organisation_id == request.organisation_id,
            Account.active,
            AccountRole.role.in_(access.PERMISSIONS["matching.post"].roles),
        )
    )
    outbox.record(db, event, about=request.id, to=colleagues)


def to_providers(
    db: Session, request: CareRequest, event: str, organisation_ids: Iterable[UUID], *, rings: bool = False
) -> None:
    """Tell the contact persons of these providers, as they are today for the wijk they were asked in.

    rings  it asks them something: not in the quiet hours of the wijk, then when those are over
    """
    places = db.execute(
        select(Invitation.organisation_id, Team.wijk_id)
        .join(Team, Team.id == Invitation.team_id)
        .where(
            Invitation.care_request_id == request.id, Invitation.organisation_id.in_(list(organisation_ids))
        )
    )
    found = directory.contacts_by_place(db, [(row[0], row[1]) for row in places], time.today())
    people = [contact.account.id for here in found.values() for contact in here]
    moment = time.now()
    loud = rings_at(moment, terms_of_request(db, request), request.urgency) if rings else moment
    wait = dict.fromkeys(people, loud) if loud > moment else None
    outbox.record(db, event, about=request.id, to=people, wait=wait)


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
