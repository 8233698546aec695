"""The conversation between whoever leaves and whoever comes: nobody else takes part."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.chat import service as chat
from wijkapp.chat.models import Thread
from wijkapp.chat.rules import Kind
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty, Handover, Member

OPEN_FOR = timedelta(hours=36)
"""So long after the end of a duty its conversation can still be written in; then it goes, as any other."""


def open_between(db: Session, duty: Duty, following: Duty | None) -> None:
    """Who has this duty and who has the next can talk. Again, when one of them is somebody else now."""
    members = [one.member_id for one in (duty, following) if one and one.member_id]
    people = db.execute(
        select(Account.id, Account.organisation_id)
        .join(Member, Member.account_id == Account.id)
        .where(Member.id.in_(members))
    ).all()
    chat.open_thread(
        db,
        Kind.DUTY,
        duty.id,
        parties={one.organisation_id for one in people},
        page_id=duty.id,
        wijk_id=None,
        readers={one.id for one in people},
    )


def follow(db: Session, duty: Duty) -> None:
    """Somebody else has this duty now: the conversations with whoever had it are theirs."""
    handovers = db.scalars(
        select(Handover).where((Handover.to_duty_id == duty.id) | (Handover.duty_id == duty.id))
    )
    for one in handovers.all():
        following = db.get(Duty, one.to_duty_id) if one.to_duty_id else None
        open_between(db, db.get_one(Duty, one.duty_id), following)


def to_close(db: Session, moment: datetime, most: int) -> Sequence[UUID]:
    """Duties over so long that nothing need be said about them any more."""
    return db.scalars(
        select(Thread.id)
        .join(Duty, Duty.id == Thread.id)
        .where(Thread.kind == Kind.DUTY, Thread.closed_at.is_(None), Duty.ends_at <= moment - OPEN_FOR)
        .limit(most)
    ).all()


def close(db: Session, duty_ids: Sequence[UUID], moment: datetime) -> None:
    """Read only from now on, and gone after the usual term."""
    chat.close_threads(db, Kind.DUTY, duty_ids, moment)
