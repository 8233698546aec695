"""The parts every step of the journey shares: claim the step, and find whom to tell."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from wijkapp.directory import service as directory
from wijkapp.directory.models import RegionOrganisation, Team, Wijk
from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed
from wijkapp.matching.models import CareRequest, Invitation
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


def hurry_when_nobody_is_left(db: Session, request_id: UUID) -> bool:
    """Nobody who was asked can still say yes: no use waiting for the term. False when somebody can."""
    moment = time.now()
    may_come = exists().where(
        Invitation.care_request_id == request_id,
        Invitation.asked_at.is_not(None),
        Invitation.answer != Answer.DECLINED,
    )
    hurried = changed(
        db,
        update(CareRequest)
        .where(
            CareRequest.id == request_id,
            CareRequest.status == RequestStatus.OPEN,
            CareRequest.escalate_at > moment,  # not when it is being chased already, or was to the end
            ~may_come,
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


def to_providers(db: Session, request: CareRequest, event: str, organisation_ids: Iterable[UUID]) -> None:
    """Tell the contact persons of these providers, as they are today for the wijk they were asked in."""
    places = db.execute(
        select(Invitation.organisation_id, Team.wijk_id)
        .join(Team, Team.id == Invitation.team_id)
        .where(
            Invitation.care_request_id == request.id, Invitation.organisation_id.in_(list(organisation_ids))
        )
    )
    found = directory.contacts_by_place(db, [(row[0], row[1]) for row in places], time.today())
    outbox.record(
        db, event, about=request.id, to=[contact.account.id for here in found.values() for contact in here]
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
