"""What somebody sees of the duties of a region: now, a week, a month, a list, one duty."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import NotFound
from wijkapp.people import access
from wijkapp.people.models import Account
from wijkapp.rota import week as weeks
from wijkapp.rota.models import Duty, Plan
from wijkapp.rota.on_duty import OnDuty, Turn
from wijkapp.rota.service import calls, check_in, on_duty, reach
from wijkapp.rota.service.calls import Summary
from wijkapp.rota.service.check_in import Mine
from wijkapp.rota.service.on_duty import Tonight
from wijkapp.rota.service.regions import may_plan, region_for, regions_seen
from wijkapp.rota.week import Day

GAPS_FOR = timedelta(days=28)
MOST_OWN = 12


@dataclass(frozen=True)
class Period:
    """Some days of the rota of one region. first, last: the days it is about.

    unreached  duties whose holder we could not reach, for whoever plans
    """

    region: Region
    regions: Sequence[Region]
    first: date
    last: date
    days: tuple[Day, ...]
    unreached: frozenset[UUID] = frozenset()

    @property
    def gaps(self) -> int:
        return sum(day.gaps for day in self.days)

    @property
    def unpublished(self) -> tuple[Day, ...]:
        return tuple(day for day in self.days if not day.published)


@dataclass(frozen=True)
class Home:
    """The first page about duties. region None: the organisation takes part in none.

    may_read  may see more than who is on duty now and next
    near      own duties with a switch
    calls     how often those on duty were rung, for whoever plans
    unreached duties whose holder we could not reach, for whoever plans
    """

    region: Region | None
    regions: Sequence[Region]
    tonight: Tonight | None
    mine: tuple[OnDuty, ...]
    gaps: tuple[OnDuty, ...]
    week: Period | None
    may_read: bool
    near: tuple[Mine, ...] = ()
    calls: Summary | None = None
    unreached: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Card:
    """What of the duties stands on somebody's first page. mine: the running or next own duty.

    near  own duties with a switch: begin within the hour, run, or just ended
    """

    tonight: Tonight
    mine: OnDuty | None
    near: tuple[Mine, ...] = ()


@dataclass(frozen=True)
class DutyPage:
    """One duty. others: the duties of the same block and moment, so also its back-up."""

    region: Region
    turn: Turn
    now: OnDuty
    others: tuple[OnDuty, ...]
    is_mine: bool


def home(actor: Account, region_id: UUID | None = None) -> Home:
    """Who is on duty now and next; for whoever takes part also the own duties and the week."""
    moment = time.now()
    with reading() as db:
        regions = regions_seen(db, actor)
        if not regions:
            return Home(None, (), None, (), (), None, False)
        region = region_for(db, actor, region_id)
        may_read = access.may(actor, "rota.read")
        return Home(
            region=region,
            regions=regions,
            tonight=on_duty.now(db, region.id, moment),
            mine=own(db, actor, moment) if may_read else (),
            gaps=gaps(db, region.id, moment) if may_read else (),
            week=_period(db, region, regions, weeks.day_of(moment), 7, moment) if may_read else None,
            may_read=may_read,
            near=check_in.mine(db, actor) if may_read else (),
            calls=calls.summary(db, region.id, moment) if may_plan(db, actor, region.id) else None,
            unreached=_unreached(db, actor, region.id, moment),
        )


def card(actor: Account) -> Card | None:
    """For somebody's first page; None where no rota was ever published."""
    moment = time.now()
    with reading() as db:
        region = next(iter(regions_seen(db, actor)), None)
        if region is None:
            return None
        tonight = on_duty.now(db, region.id, moment)
        mine = own(db, actor, moment, most=1)
        if not tonight.published and not tonight.next and not mine:
            return None
        near = check_in.mine(db, actor)
        return Card(tonight=tonight, mine=mine[0] if mine else None, near=near)


def tonight(actor: Account, region_id: UUID | None = None) -> tuple[Tonight, frozenset[UUID]]:
    """Who is on duty now and next, and which of these duties are of somebody we could not reach.

    Raises NotFound, NotAllowed.
    """
    moment = time.now()
    with reading() as db:
        region = region_for(db, actor, region_id)
        return on_duty.now(db, region.id, moment), _unreached(db, actor, region.id, moment)


def period(actor: Account, first: date, count: int, region_id: UUID | None = None) -> Period:
    """So many days from this one. Raises NotFound, NotAllowed."""
    with reading() as db:
        region = region_for(db, actor, region_id, "rota.read")
        moment = time.now()
        page = _period(db, region, regions_seen(db, actor), first, count, moment)
        return replace(page, unreached=_unreached(db, actor, region.id, moment))


def duty_page(actor: Account, duty_id: UUID) -> DutyPage:
    """One published duty of a region somebody sees. Raises NotFound, NotAllowed."""
    moment = time.now()
    with reading() as db:
        turn = on_duty.turn(db, duty_id)
        if turn is None:
            raise NotFound
        region = region_for(db, actor, turn.region_id, "rota.read")
        same = on_duty.turns(
            db,
            Duty.region_id == turn.region_id,
            Duty.starts_at == turn.starts_at,
            Duty.block == turn.block,
            Duty.id != turn.duty_id,
        )
        now = weeks.as_it_is(turn, moment)
        return DutyPage(
            region=region,
            turn=turn,
            now=now,
            others=tuple(weeks.as_it_is(one, moment) for one in same),
            is_mine=now.person is not None and now.person.account_id == actor.id,
        )


def own(db: Session, actor: Account, moment: datetime, most: int = MOST_OWN) -> tuple[OnDuty, ...]:
    """The duties somebody has from now on, in every region, the running one first."""
    return tuple(weeks.as_it_is(one, moment) for one in on_duty.own_turns(db, actor.id, moment)[:most])


def gaps(db: Session, region_id: UUID, moment: datetime) -> tuple[OnDuty, ...]:
    """Published duties of the next weeks that nobody has, or somebody who does not work here any more."""
    turns = on_duty.turns(
        db, Duty.region_id == region_id, Duty.ends_at > moment, Duty.starts_at < moment + GAPS_FOR
    )
    found = (weeks.as_it_is(one, moment) for one in turns)
    return tuple(one for one in found if one.is_gap)


def _unreached(db: Session, actor: Account, region_id: UUID, moment: datetime) -> frozenset[UUID]:
    return reach.silent(db, region_id, moment) if may_plan(db, actor, region_id) else frozenset()


def _period(
    db: Session, region: Region, regions: Sequence[Region], first: date, count: int, moment: datetime
) -> Period:
    last = first + timedelta(days=count - 1)
    turns = on_duty.turns(
        db,
        Duty.region_id == region.id,
        Duty.starts_at >= time.day_starts(first),
        Duty.starts_at < time.day_starts(last + weeks.DAY),
    )
    published = db.execute(
        select(Plan.first_day, Plan.last_day).where(
            Plan.region_id == region.id,
            Plan.published_at.is_not(None),
            Plan.first_day <= last,
            Plan.last_day >= first,
        )
    )
    spans = [(row.first_day, row.last_day) for row in published]
    return Period(region, regions, first, last, weeks.days(turns, first, count, moment, spans))
