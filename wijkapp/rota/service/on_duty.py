"""Asks the database what `rota.on_duty` needs to know: the duties of some time, and who has them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.directory.models import Region, RegionOrganisation
from wijkapp.kit import time
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import Role
from wijkapp.rota import on_duty
from wijkapp.rota.models import Duty, DutyHold, Member, Plan
from wijkapp.rota.on_duty import Held, OnDuty, Person, Turn

LOOK_AHEAD = timedelta(days=7)
"""Whoever is next within this; further off is no answer to whom to ring."""


@dataclass(frozen=True, slots=True)
class Coordinator:
    """The last to be rung."""

    account_id: UUID
    name: str
    phone: str | None
    organisation: str


@dataclass(frozen=True, slots=True)
class Tonight:
    """Whom to ring in a region.

    now           the chain of this moment; empty: nobody has to be on duty
    next          the chain that takes over, or that begins first
    published     is there a published rota for this moment? Without one an empty chain means nothing
    coordinators  when nobody answers
    """

    region_id: UUID
    region: str
    moment: datetime
    now: tuple[OnDuty, ...]
    next: tuple[OnDuty, ...]
    published: bool
    coordinators: tuple[Coordinator, ...]

    @property
    def gaps(self) -> tuple[OnDuty, ...]:
        """What nobody has, now or next."""
        return tuple(one for one in (*self.now, *self.next) if one.is_gap)


def now(db: Session, region_id: UUID, moment: datetime) -> Tonight:
    """Who is on duty in this region at this moment (UTC), and who is next."""
    near = turns(db, Duty.region_id == region_id, Duty.ends_at > moment, Duty.starts_at < moment + LOOK_AHEAD)
    return Tonight(
        region_id=region_id,
        region=db.scalars(select(Region.name).where(Region.id == region_id)).one(),
        moment=moment,
        now=on_duty.chain(near, moment),
        next=on_duty.following(near, moment),
        published=any(one.runs(moment) for one in near) or is_published(db, region_id, moment),
        coordinators=coordinators(db, region_id),
    )


def turns(db: Session, *where: ColumnElement[bool]) -> tuple[Turn, ...]:
    """The published duties for which this holds, by their start, with everybody who ever held them.

    where  on columns of Duty
    """
    duties = db.scalars(
        select(Duty)
        .join(Plan, Plan.id == Duty.plan_id)
        .where(Plan.published_at.is_not(None), *where)
        .order_by(Duty.starts_at, Duty.line.desc(), Duty.block, Duty.seat)
    ).all()
    holds = _holds(db, [duty.id for duty in duties])
    agreed = agreements.rota_terms_of(db, {duty.region_id for duty in duties}, time.now()) if duties else {}
    return tuple(_turn(duty, agreed[duty.region_id], holds.get(duty.id, [])) for duty in duties)


def turn(db: Session, duty_id: UUID) -> Turn | None:
    """One published duty; None when there is none."""
    return next(iter(turns(db, Duty.id == duty_id)), None)


def is_published(db: Session, region_id: UUID, moment: datetime) -> bool:
    """Is there a published rota for the day it is at this moment in Amsterdam?"""
    day = time.local(moment).date()
    return bool(
        db.scalar(
            select(
                exists().where(
                    Plan.region_id == region_id,
                    Plan.published_at.is_not(None),
                    Plan.first_day <= day,
                    Plan.last_day >= day,
                )
            )
        )
    )


def coordinators(db: Session, region_id: UUID) -> tuple[Coordinator, ...]:
    """The wijkregisseurs of a region, by name."""
    found = db.execute(
        select(Account.id, Account.name, Account.phone, Organisation.name)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .join(RegionOrganisation, RegionOrganisation.organisation_id == Organisation.id)
        .where(
            RegionOrganisation.region_id == region_id, Account.active, AccountRole.role == Role.COORDINATOR
        )
        .order_by(Account.name, Account.id)
    )
    return tuple(Coordinator(*row) for row in found)


def _holds(db: Session, duty_ids: Collection[UUID]) -> dict[UUID, list[Held]]:
    by_duty: dict[UUID, list[Held]] = {}
    for some in _in_parts(list(duty_ids)):
        found = db.execute(
            select(DutyHold, Member, Account.name, Account.phone, Account.active, Organisation)
            .outerjoin(Member, Member.id == DutyHold.member_id)
            .outerjoin(Account, Account.id == Member.account_id)
            .outerjoin(Organisation, Organisation.id == Account.organisation_id)
            .where(DutyHold.duty_id.in_(some))
            .order_by(DutyHold.number)
        )
        for hold, member, name, phone, active, organisation in found:
            person = _person(member, name, phone, active, organisation)
            by_duty.setdefault(hold.duty_id, []).append(_held(hold, person))
    return by_duty


def _in_parts(ids: list[UUID]) -> Sequence[list[UUID]]:
    """SQLite takes a limited number of values in one question."""
    return [ids[start : start + 5000] for start in range(0, len(ids), 5000)]


def _person(
    member: Member | None, name: str, phone: str | None, active: bool, organisation: Organisation
) -> Person | None:
    if member is None:
        return None
    return Person(
        member_id=member.id,
        account_id=member.account_id,
        name=name,
        phone=phone,
        organisation_id=organisation.id,
        organisation=organisation.name,
        active=active,
    )


def _held(hold: DutyHold, person: Person | None) -> Held:
    return Held(
        hold_id=hold.id,
        person=person,
        from_at=hold.from_at,
        how=hold.how,
        made_at=hold.made_at,
        checked_in_at=hold.checked_in_at,
        checked_out_at=hold.checked_out_at,
    )


def _turn(duty: Duty, terms: RotaTerms, holds: list[Held]) -> Turn:
    agreed = terms.block(duty.block)
    return Turn(
        duty_id=duty.id,
        region_id=duty.region_id,
        block=duty.block,
        name=agreed.name if agreed else duty.block,
        line=duty.line,
        seat=duty.seat,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        kind=duty.kind,
        level=duty.level,
        holiday=duty.holiday,
        sequence=duty.sequence,
        holds=tuple(holds),
    )
