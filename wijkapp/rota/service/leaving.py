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
        .join(Account, Account.id == Member.account_id)
        .where(*_left(moment))
        .distinct()
        .limit(most)
    ).all()


def open_up(member_id: UUID, moment: datetime) -> bool:
    """Nobody has the duties of this member from now on. False when they are back, or another clock was first.

    Of one that runs, or is near, the check-in does the rest at its next tick: it rings who is behind it.
    Those who plan hear it once for each rota that stands; in one in the making they see the gap.
    """
    with transaction() as db:
        _hold_drafts(db, member_id)
        duties = db.scalars(
            select(Duty)
            .join(Member, Member.id == Duty.member_id)
            .join(Account, Account.id == Member.account_id)
            .where(Duty.member_id == member_id, *_left(moment))
            .order_by(Duty.id)  # as everybody who needs several duties at once
            .with_for_update(of=Duty)
        ).all()
        ids = {one.plan_id for one in duties}
        stand = set(db.scalars(select(Plan.id).where(Plan.id.in_(ids), Plan.published_at.is_not(None))))
        for duty in duties:
            if duty.plan_id in stand:
                holding.give(db, duty, None, how=HeldBy.NOBODY, by=None, moment=moment)
            else:
                duty.member_id, duty.locked = None, False
        given = [(one.plan_id, one.region_id) for one in duties if one.plan_id in stand]
        for plan_id, region_id in dict.fromkeys(given):
            outbox.record(db, LEFT_OPEN, about=plan_id, to=those_who_plan(db, region_id))
        return bool(duties)


def _hold_drafts(db: Session, member_id: UUID) -> None:
    """Whoever publishes one of these at the same moment comes before or after."""
    theirs = select(Duty.plan_id).where(Duty.member_id == member_id)
    drafts = select(Plan.id).where(Plan.published_at.is_(None), Plan.id.in_(theirs))
    db.scalars(drafts.order_by(Plan.id).with_for_update()).all()


def _left(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    gone = or_(Member.active.is_(False), Account.active.is_(False))
    return gone, Duty.ends_at > moment
