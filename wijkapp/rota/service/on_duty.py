"""Asks the database what `rota.on_duty` needs to know: the duties of some time, and who has them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TypedReturnsRows

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.directory.models import Region, RegionOrganisation
from wijkapp.kit import time
from wijkapp.kit.db import rows
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import Role
from wijkapp.rota import on_duty
from wijkapp.rota.checkin import MISSED
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


# Everybody's first page asks these, so they are made once, and ask for columns.
_TURNS = (
    select(
        Duty.id.label("duty_id"),
        *(Duty.region_id, Duty.block, Duty.line, Duty.seat, Duty.starts_at, Duty.ends_at),
        *(Duty.kind, Duty.level, Duty.holiday, Duty.sequence),
        DutyHold.id.label("hold_id"),
        *(DutyHold.from_at, DutyHold.how, DutyHold.made_at, DutyHold.checked_in_at, DutyHold.checked_out_at),
        DutyHold.step,
        *(Member.id.label("member_id"), Member.account_id),
        *(Account.name, Account.phone, Account.active, Account.organisation_id),
        Organisation.name.label("organisation"),
    )
    .join(Plan, Plan.id == Duty.plan_id)
    .outerjoin(DutyHold, DutyHold.duty_id == Duty.id)
    .outerjoin(Member, Member.id == DutyHold.member_id)
    .outerjoin(Account, Account.id == Member.account_id)
    .outerjoin(Organisation, Organisation.id == Account.organisation_id)
    .where(Plan.published_at.is_not(None))
    .order_by(Duty.starts_at, Duty.line.desc(), Duty.block, Duty.seat, Duty.id, DutyHold.number)
)

_REGION = bindparam("region", type_=Duty.region_id.type)
_MOMENT = bindparam("moment", type_=Duty.starts_at.type)
_FIRST_LATER = (
    select(func.min(Duty.starts_at))
    .join(Plan, Plan.id == Duty.plan_id)
    .where(
        Plan.published_at.is_not(None),
        Duty.region_id == _REGION,
        Duty.starts_at > _MOMENT,
        Duty.starts_at < bindparam("ahead", type_=Duty.starts_at.type),
    )
    .scalar_subquery()
)
_NOW_AND_NEXT = _TURNS.where(
    Duty.region_id == _REGION,
    Duty.ends_at > _MOMENT,
    or_(Duty.starts_at <= _MOMENT, Duty.starts_at == _FIRST_LATER),
)
_OWN = _TURNS.where(
    Duty.member_id.in_(select(Member.id).where(Member.account_id == bindparam("account"))),
    Duty.ends_at > _MOMENT,
)
_THESE = _TURNS.where(Duty.id.in_(bindparam("duties", expanding=True)))


def now(db: Session, region_id: UUID, moment: datetime) -> Tonight:
    """Who is on duty in this region at this moment (UTC), and who is next."""
    given = {"region": region_id, "moment": moment, "ahead": moment + LOOK_AHEAD}
    near = _turns(db, _NOW_AND_NEXT, given)
    return Tonight(
        region_id=region_id,
        region=db.get_one(Region, region_id).name,  # mostly known already
        moment=moment,
        now=on_duty.chain(near, moment),
        next=on_duty.following(near, moment),
        published=any(one.runs(moment) for one in near) or is_published(db, region_id, moment),
        coordinators=coordinators(db, region_id),
    )


def own_turns(db: Session, account_id: UUID, moment: datetime) -> tuple[Turn, ...]:
    """The published duties this person has from now on, in every region."""
    return _turns(db, _OWN, {"account": account_id, "moment": moment})


def these(db: Session, duty_ids: Collection[UUID]) -> dict[UUID, Turn]:
    """Of these duties those that are published."""
    return {one.duty_id: one for one in _turns(db, _THESE, {"duties": list(duty_ids)})}


def turns(db: Session, *where: ColumnElement[bool]) -> tuple[Turn, ...]:
    """The published duties for which this holds, by their start, with everybody who ever held them.

    where  on columns of Duty
    """
    return _turns(db, _TURNS.where(*where))


def _turns(
    db: Session, question: TypedReturnsRows[*tuple[Any, ...]], given: Mapping[str, Any] | None = None
) -> tuple[Turn, ...]:
    found = [list(some) for _id, some in groupby(rows(db, question, given), attrgetter("duty_id"))]
    regions = {lines[0].region_id for lines in found}
    agreed = agreements.rota_terms_of(db, regions, time.now()) if regions else {}
    return tuple(_turn(lines, agreed[lines[0].region_id]) for lines in found)


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


# The same for the last to be rung.
_COORDINATORS = (
    select(
        Account.id.label("account_id"), Account.name, Account.phone, Organisation.name.label("organisation")
    )
    .join(AccountRole, AccountRole.account_id == Account.id)
    .join(Organisation, Organisation.id == Account.organisation_id)
    .join(RegionOrganisation, RegionOrganisation.organisation_id == Organisation.id)
    .where(
        RegionOrganisation.region_id == bindparam("region"),
        Account.active,
        AccountRole.role == Role.COORDINATOR,
    )
    .order_by(Account.name, Account.id)
)


def coordinators(db: Session, region_id: UUID) -> tuple[Coordinator, ...]:
    """The wijkregisseurs of a region, by name."""
    return tuple(Coordinator(*row) for row in rows(db, _COORDINATORS, {"region": region_id}))


def _turn(lines: Sequence[Any], terms: RotaTerms) -> Turn:
    """A duty out of its rows: one per hold, or one without."""
    duty = lines[0]
    agreed = terms.block(duty.block)
    return Turn(
        duty_id=duty.duty_id,
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
        holds=tuple(_held(one) for one in lines if one.hold_id),
    )


def _held(row: Any) -> Held:
    return Held(
        hold_id=row.hold_id,
        person=_person(row) if row.member_id else None,
        from_at=row.from_at,
        how=row.how,
        made_at=row.made_at,
        checked_in_at=row.checked_in_at,
        checked_out_at=row.checked_out_at,
        missed=row.step in MISSED,
    )


def _person(row: Any) -> Person:
    return Person(
        member_id=row.member_id,
        account_id=row.account_id,
        name=row.name,
        phone=row.phone,
        organisation_id=row.organisation_id,
        organisation=row.organisation,
        active=row.active,
    )
