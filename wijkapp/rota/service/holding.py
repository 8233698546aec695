"""The only place that changes who holds a published duty; everything that shows or rings follows from it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from wijkapp.kit import outbox
from wijkapp.kit.db import new_id
from wijkapp.rota.checkin import first_step
from wijkapp.rota.models import Duty, DutyHold, Member
from wijkapp.rota.rules import HeldBy
from wijkapp.rota.service import talk


def give(
    db: Session, duty: Duty, member_id: UUID | None, *, how: HeldBy, by: UUID | None, moment: datetime
) -> DutyHold:
    """From now on this member holds the duty, or nobody does. Both hear it, but for whoever did it.

    by      the account that did it; None: the app itself
    moment  now, in UTC

    The caller has asked whether it may, and whether it is lawful.
    """
    db.refresh(duty, with_for_update=True)  # two who give at the same time come one after the other
    before = _account_of(db, duty.member_id)
    last = db.scalar(select(func.max(DutyHold.number)).where(DutyHold.duty_id == duty.id)) or 0
    hold = DutyHold(**_hold(duty, member_id, last + 1, how, by, moment))
    db.add(hold)
    duty.member_id = member_id
    duty.sequence += 1
    db.flush()
    after = _account_of(db, member_id)
    if before != after:
        talk.follow(db, duty)
        _tell(db, duty, before, after, by, moment)
    return hold


def publish(db: Session, duties: Iterable[Duty], *, by: UUID | None, moment: datetime) -> None:
    """The first holds, all at once, of duties whose rota is published now. Tells nobody: publishing does.

    A duty that nobody has gets a hold of nobody, so that its back-up is rung in time.
    """
    fresh = list(duties)
    holds = [
        _hold(
            duty,
            duty.member_id,
            1,
            HeldBy.PUBLISHED if duty.member_id else HeldBy.NOBODY,
            by,
            moment,
        )
        for duty in fresh
    ]
    if holds:
        db.execute(insert(DutyHold), holds)


def holds_of(db: Session, duty_id: UUID) -> Sequence[DutyHold]:
    """Everybody who ever held this duty, in order."""
    return db.scalars(select(DutyHold).where(DutyHold.duty_id == duty_id).order_by(DutyHold.number)).all()


def last_hold(db: Session, duty_id: UUID) -> DutyHold | None:
    """The hold that counts: the last one."""
    return db.scalar(
        select(DutyHold).where(DutyHold.duty_id == duty_id).order_by(DutyHold.number.desc()).limit(1)
    )


def _hold(
    duty: Duty, member_id: UUID | None, number: int, how: HeldBy, by: UUID | None, moment: datetime
) -> dict[str, Any]:
    start = first_step(duty, moment, how)
    return {
        "id": new_id(),
        "duty_id": duty.id,
        "number": number,
        "member_id": member_id,
        "from_at": max(duty.starts_at, moment),
        "how": how,
        "by_id": by,
        "made_at": moment,
        "step": int(start.step),
        "due_at": start.due_at,
        "checked_in_at": start.checked_in_at,
    }


def _account_of(db: Session, member_id: UUID | None) -> UUID | None:
    if member_id is None:
        return None
    return db.scalar(select(Member.account_id).where(Member.id == member_id))


def _tell(
    db: Session, duty: Duty, before: UUID | None, after: UUID | None, by: UUID | None, moment: datetime
) -> None:
    if duty.ends_at <= moment:
        return  # put right afterwards: nobody has to come
    outbox.record(db, "rota.duty_gone", about=duty.id, to=[one for one in (before,) if one and one != by])
    outbox.record(db, "rota.duty_given", about=duty.id, to=[one for one in (after,) if one and one != by])
