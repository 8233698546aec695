"""The afternoon before a duty: does what we send arrive with whoever has it? If not, others ring in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, select, update
from sqlalchemy.orm import Session

from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, insert_new, transaction
from wijkapp.people import access
from wijkapp.people.models import Account
from wijkapp.rota.checkin import is_tested, known_by
from wijkapp.rota.models import Duty, DutyHold, DutyReach, Member, Plan
from wijkapp.rota.service.who import own, those_who_plan

TEST, NOT_REACHED = "rota.reach_test", "rota.not_reached"
AHEAD = timedelta(hours=28)  # from the afternoon before to an evening: 16:00 until 20:00 the day after


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known of reaching whoever has a duty. Of nobody asked yet there is none."""

    asked_at: datetime
    reached_at: datetime | None
    told_at: datetime | None


def to_ask(db: Session, moment: datetime, most: int) -> Sequence[tuple[UUID, UUID]]:
    """Duty and member of whoever has a duty soon and was not asked yet."""
    asked = exists().where(DutyReach.duty_id == Duty.id, DutyReach.member_id == Duty.member_id)
    soon = db.execute(
        select(Duty.id, Duty.member_id, Duty.starts_at)
        .join(Plan, Plan.id == Duty.plan_id)
        .where(
            Plan.published_at.is_not(None),
            Duty.member_id.is_not(None),
            Duty.starts_at > moment,
            Duty.starts_at <= moment + AHEAD,
            ~asked,
        )
        .order_by(Duty.starts_at)
    ).all()
    now = [(duty, member) for duty, member, starts in soon if member and is_tested(starts, moment)]
    return now[:most]


def ask(duty_id: UUID, member_id: UUID, moment: datetime) -> bool:
    """Send this person something to see whether it arrives. False when another clock was first."""
    with transaction() as db:
        row = {"duty_id": duty_id, "member_id": member_id, "asked_at": moment}
        if not insert_new(db, DutyReach, [row]):
            return False
        account = db.scalars(select(Member.account_id).where(Member.id == member_id)).one()
        outbox.record(db, TEST, about=duty_id, to=[account])
        return True


def unheard(db: Session, moment: datetime, most: int) -> Sequence[tuple[UUID, UUID]]:
    """Duty and member of whom nothing was heard, while it is time to do something about it."""
    silent = db.execute(
        select(Duty.id, DutyReach.member_id, DutyReach.asked_at, Duty.starts_at)
        .join(Duty, and_(Duty.id == DutyReach.duty_id, Duty.member_id == DutyReach.member_id))
        .where(DutyReach.reached_at.is_(None), DutyReach.told_at.is_(None), Duty.starts_at > moment)
        .order_by(Duty.starts_at)
    ).all()
    late = [(duty, member) for duty, member, asked, starts in silent if known_by(asked, starts) <= moment]
    return late[:most]


def silent(db: Session, region_id: UUID, moment: datetime) -> frozenset[UUID]:
    """Duties still to begin of somebody we could not reach in time: others were told to ring."""
    here = exists().where(
        DutyHold.duty_id == Duty.id,
        DutyHold.member_id == Duty.member_id,
        DutyHold.checked_in_at.is_not(None),
    )
    found = (
        select(Duty.id)
        .join(DutyReach, and_(DutyReach.duty_id == Duty.id, DutyReach.member_id == Duty.member_id))
        .where(Duty.region_id == region_id, Duty.starts_at > moment)
        .where(DutyReach.told_at.is_not(None), DutyReach.reached_at.is_(None), ~here)
    )
    return frozenset(db.scalars(found))


def tell_of_silence(duty_id: UUID, member_id: UUID, moment: datetime) -> bool:
    """The planners of the organisation and the coordinators hear that this person may not be reachable."""
    with transaction() as db:
        one = (DutyReach.duty_id == duty_id, DutyReach.member_id == member_id)
        silent = (DutyReach.reached_at.is_(None), DutyReach.told_at.is_(None))
        if changed(db, update(DutyReach).where(*one, *silent).values(told_at=moment)) != 1:
            return False
        region, account, organisation = db.execute(
            select(Member.region_id, Account.id, Account.organisation_id)
            .join(Account, Account.id == Member.account_id)
            .where(Member.id == member_id)
        ).one()
        told = those_who_plan(db, region, [organisation])
        outbox.record(db, NOT_REACHED, about=duty_id, to=[one for one in told if one != account])
        return True


def reached(actor: Account, duty_id: UUID) -> None:
    """Something we sent arrived with this person. Twice is fine. Raises NotFound, NotYourDuty."""
    access.require(actor, "rota.take")
    moment = time.now()
    with transaction() as db:
        duty, hold = own(db, actor, duty_id)
        heard = (DutyReach.duty_id == duty.id, DutyReach.member_id == hold.member_id)
        db.execute(update(DutyReach).where(*heard, DutyReach.reached_at.is_(None)).values(reached_at=moment))


def of_duty(db: Session, duty: Duty) -> Reach | None:
    """What is known of whoever has this duty now."""
    row = db.get(DutyReach, (duty.id, duty.member_id)) if duty.member_id else None
    return Reach(row.asked_at, row.reached_at, row.told_at) if row else None
