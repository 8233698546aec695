"""What everybody did more or less than their part, over all published rotas. Never stored: always counted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkapp.rota.models import Duty, Member, Plan, PlanTarget


def balance_of(
    db: Session, region_id: UUID, moment: datetime | None = None, *, without: UUID | None = None
) -> dict[UUID, int]:
    """Member id -> points done beyond their part, in hundredths; negative: still owed. Everybody is in it.

    moment  counts what was published by then; None: everything

    Of all published rotas but one (`without`, a plan id), those that are still to come included: work counts
    for who has it now, so after a swap it is the other's.
    """
    found = _first(db, region_id, "first_balance")
    counted = [Plan.region_id == region_id, Plan.published_at.is_not(None)]
    if without is not None:
        counted.append(Plan.id != without)
    if moment is not None:
        counted.append(Plan.published_at <= moment)
    done = db.execute(
        select(Duty.member_id, func.sum(Duty.weight))
        .join(Plan, Plan.id == Duty.plan_id)
        .where(*counted)
        .group_by(Duty.member_id)
    )
    meant = db.execute(
        select(PlanTarget.member_id, func.sum(PlanTarget.points))
        .join(Plan, Plan.id == PlanTarget.plan_id)
        .where(*counted)
        .group_by(PlanTarget.member_id)
    )
    for member, points in done:
        if member is not None:
            found[member] += points
    for member, points in meant:
        found[member] -= points
    return found


def holidays_of(db: Session, region_id: UUID, *, without: UUID | None = None) -> dict[UUID, int]:
    """Member id -> duties on holidays in all published rotas but one, and before wijkapp."""
    found = _first(db, region_id, "first_holidays")
    counted = [Plan.region_id == region_id, Plan.published_at.is_not(None), Duty.holiday]
    if without is not None:
        counted.append(Plan.id != without)
    had = db.execute(
        select(Duty.member_id, func.count())
        .join(Plan, Plan.id == Duty.plan_id)
        .where(*counted)
        .group_by(Duty.member_id)
    )
    for member, days in had:
        if member is not None:
            found[member] += days
    return found


def _first(db: Session, region_id: UUID, column: str) -> dict[UUID, int]:
    first = select(Member.id, getattr(Member, column)).where(Member.region_id == region_id)
    return {member: int(value) for member, value in db.execute(first)}
