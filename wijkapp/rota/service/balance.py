"""What everybody did more or less than their part, over all published rotas. Never stored: always counted."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from wijkapp.rota.models import Duty, DutyHold, Member, Plan, PlanTarget
from wijkapp.rota.on_duty import within


def balance_of(
    db: Session, region_id: UUID, moment: datetime | None = None, *, without: UUID | None = None
) -> dict[UUID, int]:
    """Member id -> points done beyond their part, in hundredths; negative: still owed. Everybody is in it.

    moment  counts what was published by then; None: everything

    Of all published rotas but one (`without`, a plan id), those that are still to come included: work counts
    for who has it now, so after a swap it is the other's. Of a duty that changed hands while it ran everybody
    gets the part of the time they held it.
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
    for member, moved in handed_on(db, *counted).items():
        found[member] += moved.points
    return found


@dataclass
class Moved:
    """What somebody did more or less than the duties they have now.

    points    in hundredths
    holidays  duties on a holiday
    """

    points: int = 0
    holidays: int = 0


Part = tuple[UUID | None, datetime, datetime]
"""Who held a duty, from when until when."""


def handed_on(db: Session, *counted: ColumnElement[bool]) -> dict[UUID, Moved]:
    """What members did more or less than the duties they have now, in these plans.

    For duties that went to another after their start: whoever held one for a quarter of its time did a
    quarter, and a holiday is of who held it longest. Time in which nobody held it counts for nobody.
    """
    passed = (
        select(DutyHold.duty_id)
        .join(Duty, Duty.id == DutyHold.duty_id)
        .join(Plan, Plan.id == Duty.plan_id)
        .where(*counted, DutyHold.number > 1, DutyHold.from_at > Duty.starts_at)
    )
    held = select(DutyHold.duty_id, DutyHold.member_id, DutyHold.from_at)
    holds: dict[UUID, list[tuple[UUID | None, datetime]]] = defaultdict(list)
    for duty_id, member, since in db.execute(
        held.where(DutyHold.duty_id.in_(passed)).order_by(DutyHold.number)
    ):
        holds[duty_id].append((member, since))
    found: dict[UUID, Moved] = defaultdict(Moved)
    for duty in db.execute(_HANDED.where(Duty.id.in_(passed))):
        parts = _parts(duty.starts_at, duty.ends_at, holds[duty.id])
        worth = _by_time(duty.weight, duty.starts_at, duty.ends_at, parts)
        for member, points in ((duty.member_id, -duty.weight), *worth):
            if member is not None:
                found[member].points += points
        for member, days in ((duty.member_id, -1), (_longest(parts), 1)):
            if member is not None and duty.holiday:
                found[member].holidays += days
    return dict(found)


_HANDED = select(Duty.id, Duty.member_id, Duty.weight, Duty.holiday, Duty.starts_at, Duty.ends_at)


def _parts(start: datetime, end: datetime, holds: Sequence[tuple[UUID | None, datetime]]) -> list[Part]:
    times = within(start, end, [moment for _member, moment in holds])
    return [(member, *time) for (member, _moment), time in zip(holds, times, strict=True)]


def _by_time(
    weight: int, start: datetime, end: datetime, parts: Sequence[Part]
) -> Iterator[tuple[UUID | None, int]]:
    """Who held a duty, in order, with their part of the points. Together exactly what it is worth."""
    given = 0
    for member, _since, until in parts:
        so_far = weight * (until - start) // (end - start)
        yield member, so_far - given
        given = so_far


def _longest(parts: Sequence[Part]) -> UUID | None:
    """Who held a duty longest, all their time together; of equals who held it first."""
    held: dict[UUID, timedelta] = defaultdict(timedelta)
    for member, since, until in parts:
        if member is not None:
            held[member] += until - since
    return max(held, key=lambda one: held[one], default=None)


def holidays_of(db: Session, region_id: UUID, *, without: UUID | None = None) -> dict[UUID, int]:
    """Member id -> duties on holidays in all published rotas but one, and before wijkapp.

    Of a duty that changed hands after its start: for who worked most of it.
    """
    found = _first(db, region_id, "first_holidays")
    counted = [Plan.region_id == region_id, Plan.published_at.is_not(None), Duty.holiday.is_(True)]
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
    for member, moved in handed_on(db, *counted).items():
        found[member] += moved.holidays
    return found


def _first(db: Session, region_id: UUID, column: str) -> dict[UUID, int]:
    first = select(Member.id, getattr(Member, column)).where(Member.region_id == region_id)
    return {member: int(value) for member, value in db.execute(first)}
