"""The rotas of a region: made for a period, found again, and thrown away while nobody has seen them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.kit.db import changed, new_id, reading, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty, Member, Plan
from wijkapp.rota.rules import RunKind
from wijkapp.rota.service import runs
from wijkapp.rota.service.lay_out import lay_out
from wijkapp.rota.service.regions import region_for, regions_seen, regions_where

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WEEKS, MOST_WEEKS = 4, 26
FURTHEST = timedelta(days=400)
MOST_SHOWN = 30


class AlreadyPublished(Refused):
    """Everybody has this rota; what changes now is asked of whom it concerns."""

    sentence = _("Dit rooster is al gepubliceerd. Vraag een collega om een dienst over te nemen.")


class Overlaps(Invalid):
    """Of one region no two rotas overlap."""

    sentence = _("Voor een deel van deze weken is er al een rooster. Kies een andere eerste dag.")


class NobodyTakesPart(Refused):
    """Without people there is nothing to plan."""

    sentence = _("Er doet nog niemand mee met de diensten van deze regio. Zet eerst mensen klaar.")


@dataclass(frozen=True)
class Line:
    """A rota in the list. gaps: duties that nobody has."""

    plan: Plan
    duties: int
    gaps: int

    @property
    def weeks(self) -> int:
        return -(-((self.plan.last_day - self.plan.first_day).days + 1) // 7)


@dataclass(frozen=True)
class Plans:
    """The rotas of one region, the newest first, and what the next one would be about."""

    region: Region
    regions: Sequence[Region]
    lines: tuple[Line, ...]
    next_day: date
    publish_ahead: timedelta
    members: int


def plans_page(actor: Account, region_id: UUID | None = None) -> Plans:
    """What a planner begins with."""
    with reading() as db:
        region = region_for(db, actor, region_id, "rota.plan")
        terms = agreements.rota_terms_for(db, region.id, time.now())
        return Plans(
            region,
            regions_seen(db, actor, "rota.plan"),
            _lines(db, region.id),
            next_day(db, region.id, time.today(), terms.publish_ahead),
            terms.publish_ahead,
            _members(db, region.id),
        )


def next_day(db: Session, region_id: UUID, today: date, ahead: timedelta) -> date:
    """Where the next rota begins: after the last one, or a Monday early enough to publish it in time."""
    last = db.scalar(select(func.max(Plan.last_day)).where(Plan.region_id == region_id))
    if last is not None and last >= today:
        return last + DAY
    early = today + ahead
    return early + (-early.weekday() % 7) * DAY


def make(actor: Account, region_id: UUID | None, first: date, weeks: int) -> UUID:
    """A rota for these weeks, with every duty in it, and the planner at work on it. Gives the plan's id.

    Raises NotFound, NotAllowed, Invalid, Overlaps, NobodyTakesPart.
    """
    moment, today = time.now(), time.today()
    with transaction() as db:
        region = region_for(db, actor, region_id, "rota.plan")
        if not today <= first <= today + FURTHEST or not 1 <= weeks <= MOST_WEEKS:
            raise Invalid(fields={"first": str(_("Kies een dag van vandaag tot een jaar vooruit."))})
        last = first + weeks * WEEK - DAY
        db.refresh(region, with_for_update=True)  # two who make one at the same time come one after the other
        if not _members(db, region.id):
            raise NobodyTakesPart
        beside = select(Plan.id).where(
            Plan.region_id == region.id, Plan.first_day <= last, Plan.last_day >= first
        )
        if db.scalar(beside.limit(1)):
            raise Overlaps(fields={"first": str(Overlaps.sentence)})
        plan = Plan(
            id=new_id(),
            region_id=region.id,
            first_day=first,
            last_day=last,
            made_by_id=actor.id,
            made_at=moment,
            published_at=None,
            published_by_id=None,
        )
        db.add(plan)
        db.flush()
        lay_out(db, plan)
        runs.ask_in(db, plan, actor, RunKind.PLAN, moment)
    return plan.id


def throw_away(actor: Account, plan_id: UUID) -> None:
    """A rota that nobody has seen goes, with all in it. Raises NotFound, AlreadyPublished."""
    with transaction() as db:
        plan = draft_of(db, actor, plan_id)
        if not changed(db, delete(Plan).where(Plan.id == plan.id, Plan.published_at.is_(None))):
            raise AlreadyPublished


def plan_of(db: Session, actor: Account, plan_id: UUID, permission: str = "rota.plan") -> Plan:
    """A rota of a region in which the actor may do this. Raises NotFound, NotAllowed."""
    plan = db.get(Plan, plan_id)
    regions = regions_where(db, actor, permission)
    if plan is None or plan.region_id not in regions:
        raise NotFound
    access.require(actor, permission, region_id=plan.region_id, regions=regions)
    return plan


def draft_of(db: Session, actor: Account, plan_id: UUID) -> Plan:
    """The same, of a rota that is not published yet; held until the transaction ends."""
    plan = plan_of(db, actor, plan_id)
    db.refresh(plan, with_for_update=True)
    if plan.published_at is not None:
        raise AlreadyPublished
    return plan


def publish_by(plan: Plan, ahead: timedelta) -> datetime:
    """Before this moment people hear in time when they work."""
    return time.day_starts(plan.first_day) - ahead


def _lines(db: Session, region_id: UUID) -> tuple[Line, ...]:
    counted = (
        select(Plan, func.count(Duty.id), func.count(Duty.member_id))
        .outerjoin(Duty, Duty.plan_id == Plan.id)
        .where(Plan.region_id == region_id)
        .group_by(Plan.id)
        .order_by(Plan.first_day.desc())
        .limit(MOST_SHOWN)
    )
    return tuple(Line(plan, duties, duties - filled) for plan, duties, filled in db.execute(counted))


def _members(db: Session, region_id: UUID) -> int:
    return db.scalar(select(func.count()).where(Member.region_id == region_id, Member.active)) or 0
