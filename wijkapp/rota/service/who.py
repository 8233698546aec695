"""Whose a duty is, who comes after it, and who must hear that something is wrong with it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from wijkapp.kit import time
from wijkapp.kit.errors import NotAllowed, NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account, AccountRole
from wijkapp.people.rules import Role
from wijkapp.rota.models import Duty, DutyHold, Member, Plan
from wijkapp.rota.service import holding, on_duty


class NotYourDuty(NotAllowed):
    """Somebody else has it."""

    sentence = _("Deze dienst is niet (meer) van jou.")


def own(db: Session, actor: Account, duty_id: UUID) -> tuple[Duty, DutyHold]:
    """A published duty that this person has now. Raises NotFound when it is none of theirs to know."""
    found = db.execute(
        select(Duty, Member.account_id)
        .join(Plan, Plan.id == Duty.plan_id)
        .outerjoin(Member, Member.id == Duty.member_id)
        .where(Duty.id == duty_id, Plan.published_at.is_not(None))
    ).one_or_none()
    hold = holding.last_hold(db, duty_id) if found else None
    if found is None or hold is None or not takes_duties(db, actor, found[0].region_id):
        raise NotFound
    if found[1] != actor.id:
        raise NotYourDuty
    return found[0], hold


def takes_duties(db: Session, actor: Account, region_id: UUID) -> bool:
    """Does this person take duties there, or did once?"""
    takes = exists().where(Member.region_id == region_id, Member.account_id == actor.id)
    return bool(db.scalar(select(takes)))


def backups(db: Session, duty: Duty, moment: datetime) -> list[tuple[UUID, UUID]]:
    """Account and member of the back-ups of a main duty at this moment, the first to be rung first."""
    now = on_duty.now(db, duty.region_id, max(moment, duty.starts_at)).now
    people = [one.person for one in now if not one.is_main and one.person]
    return [(one.account_id, one.member_id) for one in people if one.member_id != duty.member_id]


def published(db: Session, duty_id: UUID) -> Duty | None:
    """A duty of a published rota."""
    return db.scalar(
        select(Duty)
        .join(Plan, Plan.id == Duty.plan_id)
        .where(Duty.id == duty_id, Plan.published_at.is_not(None))
    )


def next_duty(db: Session, duty: Duty) -> Duty | None:
    """The published duty that follows on this one: of the same seat, when there is one."""
    following = db.scalars(
        select(Duty)
        .join(Plan, Plan.id == Duty.plan_id)
        .where(
            Duty.region_id == duty.region_id,
            Duty.line == duty.line,
            Duty.starts_at >= duty.ends_at,
            Plan.published_at.is_not(None),
        )
        .order_by(Duty.starts_at, Duty.seat != duty.seat, Duty.seat)
        .limit(1)
    )
    return following.one_or_none()


def account_of(db: Session, member_id: UUID | None) -> UUID | None:
    """The account of a member."""
    return db.scalar(select(Member.account_id).where(Member.id == member_id)) if member_id else None


def coordinators(db: Session, region_id: UUID) -> list[UUID]:
    """The wijkregisseurs of a region."""
    return [one.account_id for one in on_duty.coordinators(db, region_id)]


def those_who_plan(db: Session, region_id: UUID, organisation_ids: Collection[UUID] = ()) -> list[UUID]:
    """The wijkregisseurs of a region, and the planners of these organisations that take part in its duties.

    No organisations given: those of all who take duties there.
    """
    theirs = select(Account.organisation_id).join(Member, Member.account_id == Account.id)
    planners = (
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(
            Account.active,
            AccountRole.role == Role.PLANNER,
            Account.organisation_id.in_(theirs.where(Member.region_id == region_id, Member.active)),
        )
    )
    if organisation_ids:
        planners = planners.where(Account.organisation_id.in_(organisation_ids))
    return list(dict.fromkeys([*coordinators(db, region_id), *db.scalars(planners)]))


def quiet(accounts: Iterable[Account], moment: datetime) -> dict[UUID, datetime]:
    """Until when those of them who are in their quiet hours are left alone."""
    until = {
        one.id: time.quiet_until(time.local(moment), one.quiet_from, one.quiet_until) for one in accounts
    }
    return {account: end for account, end in until.items() if end is not None}
