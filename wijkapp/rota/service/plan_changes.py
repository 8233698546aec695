"""A published rota for whoever works in it: the own duties, and what changed in them since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from wijkapp.agreements import service as agreements
from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import NotFound
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty, DutyHold, Member, Plan, PlanTarget
from wijkapp.rota.rules import HeldBy
from wijkapp.rota.service.balance import Moved, handed_on
from wijkapp.rota.service.candidates import Person, people_of
from wijkapp.rota.service.plans import plan_of

LOOK_BACK = timedelta(days=60)
MOST = 100


@dataclass(frozen=True)
class MyDuty:
    duty: Duty
    name: str  # of its block


@dataclass(frozen=True)
class ForMe:
    """Points in hundredths. member None: whoever looks takes no part. target None: nothing was meant."""

    plan: Plan
    region: Region
    takes_part: bool
    duties: tuple[MyDuty, ...]
    points: int
    target: int | None


@dataclass(frozen=True)
class Change:
    """A duty went from one to another. mine: it came to me; otherwise it left me."""

    duty: Duty
    name: str
    at: datetime
    how: HeldBy
    mine: bool
    other: Person | None


def for_me(actor: Account, plan_id: UUID) -> ForMe:
    """Raises NotFound while the rota is not published: it is no promise to anybody yet."""
    with reading() as db:
        plan = plan_of(db, actor, plan_id, "rota.read")
        if plan.published_at is None:
            raise NotFound
        member = db.scalar(
            select(Member.id).where(Member.region_id == plan.region_id, Member.account_id == actor.id)
        )
        mine = select(Duty).where(Duty.plan_id == plan.id, Duty.member_id == member).order_by(Duty.starts_at)
        duties = db.scalars(mine).all() if member else []
        return ForMe(
            plan,
            db.get_one(Region, plan.region_id),
            member is not None,
            _named(db, duties),
            sum(one.weight for one in duties) + (_moved(db, plan, member) if member else 0),
            db.scalar(
                select(PlanTarget.points).where(PlanTarget.plan_id == plan.id, PlanTarget.member_id == member)
            ),
        )


def _moved(db: Session, plan: Plan, member_id: UUID) -> int:
    """Hundredths of points more or less than of the duties they have now."""
    return handed_on(db, Plan.id == plan.id).get(member_id, Moved()).points


def changes(actor: Account) -> tuple[Change, ...]:
    """What changed after publishing in duties that are or were the actor's, the latest first."""
    moment = time.now()
    with reading() as db:
        own = set(db.scalars(select(Member.id).where(Member.account_id == actor.id)))
        before, after = aliased(DutyHold), aliased(DutyHold)
        found = db.execute(
            select(Duty, after, before.member_id)
            .join(after, after.duty_id == Duty.id)
            .join(before, (before.duty_id == Duty.id) & (before.number == after.number - 1))
            .where(
                after.made_at >= moment - LOOK_BACK,
                or_(after.member_id.in_(own), before.member_id.in_(own)),
                # From nobody to nobody, or from me to me, is no change.
                func.coalesce(after.member_id, Duty.id) != func.coalesce(before.member_id, Duty.id),
            )
            .order_by(after.made_at.desc(), after.number.desc())
            .limit(MOST)
        ).all()
        people = people_of(db, {one for _d, hold, was in found for one in (hold.member_id, was) if one})
        names = {one.duty.id: one.name for one in _named(db, [row[0] for row in found])}
        return tuple(_change(duty, hold, was, own, people, names[duty.id]) for duty, hold, was in found)


def _change(
    duty: Duty, hold: DutyHold, was: UUID | None, own: set[UUID], people: dict[UUID, Person], name: str
) -> Change:
    mine = hold.member_id in own
    other = was if mine else hold.member_id
    return Change(duty, name, hold.made_at, hold.how, mine, people.get(other) if other else None)


def _named(db: Session, duties: Sequence[Duty]) -> tuple[MyDuty, ...]:
    found = []
    terms = agreements.rota_terms_of(db, {one.region_id for one in duties}, time.now())
    for duty in duties:
        block = terms[duty.region_id].block(duty.block)
        found.append(MyDuty(duty, block.name if block else duty.block))
    return tuple(found)
