"""Who takes part no longer leaves no duty behind: what was theirs becomes a gap, and planners hear it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from wijkapp.kit import outbox
from wijkapp.kit.db import transaction
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty, Member, Plan
from wijkapp.rota.rules import HeldBy
from wijkapp.rota.service import holding
from wijkapp.rota.service.who import those_who_plan

LEFT_OPEN = "rota.left_open"


def due(db: Session, moment: datetime, most: int) -> Sequence[UUID]:
    """Members who stopped, or whose account is closed, and still have a duty that is not over."""
    return db.scalars(
        select(Member.id)
        .join(Duty, Duty.member_id == Member.id)
        .join(Plan, Plan.id == Duty.plan_id)
        .join(Account, Account.id == Member.account_id)
        .where(*_left(moment))
        .distinct()
        .limit(most)
    ).all()


def open_up(member_id: UUID, moment: datetime) -> bool:
    """Nobody has the duties of this member from now on. False when they are back, or another clock was first.

    Of one that runs, or is near, the check-in does the rest at its next tick: it rings who is behind it.
    Those who plan hear it once for each rota.
    """
    with transaction() as db:
        duties = db.scalars(
            select(Duty)
            .join(Plan, Plan.id == Duty.plan_id)
            .join(Member, Member.id == Duty.member_id)
            .join(Account, Account.id == Member.account_id)
            .where(Duty.member_id == member_id, *_left(moment))
            .order_by(Duty.id)  # as everybody who needs several duties at once
            .with_for_update(of=Duty)
        ).all()
        for duty in duties:
            holding.give(db, duty, None, how=HeldBy.NOBODY, by=None, moment=moment)
        for plan_id, region_id in dict.fromkeys((one.plan_id, one.region_id) for one in duties):
            outbox.record(db, LEFT_OPEN, about=plan_id, to=those_who_plan(db, region_id))
        return bool(duties)


def _left(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    gone = or_(Member.active.is_(False), Account.active.is_(False))
    return gone, Duty.ends_at > moment, Plan.published_at.is_not(None)
