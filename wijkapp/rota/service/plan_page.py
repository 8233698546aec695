"""One rota as its planner sees it: who has what, what is wrong, what the planner proposes, why it is fair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.people.models import Account, Organisation
from wijkapp.rota import wording
from wijkapp.rota.models import Duty, Plan, PlanException, PlanRun, Swap
from wijkapp.rota.rules import AcceptedWhy, RunState
from wijkapp.rota.service import runs
from wijkapp.rota.service.balance import handed_on
from wijkapp.rota.service.candidates import Person
from wijkapp.rota.service.plan_book import Book, Fault, open_book
from wijkapp.rota.service.plans import plan_of, publish_by
from wijkapp.rota.shares import Share, Shares, shares_of
from wijkapp.rota.swapping import UNDER_WAY
from wijkapp.rota.week import is_dark, rows_of

AT_ONCE = 28  # days on one page
DAY = timedelta(days=1)
LATE = 20  # o'clock


@dataclass(frozen=True)
class Place:
    """One duty of the rota.

    new     who would have it by the proposal, when that is somebody else; NOBODY when nobody would
    why     why nobody can have it, as far as that is known
    asked   somebody is being asked for it
    """

    duty: Duty
    name: str  # of its block
    who: Person | None
    new: Person | None
    changes: bool
    faults: tuple[Fault, ...]
    why: tuple[str, ...]
    asked: bool


@dataclass(frozen=True)
class Block:
    """The places of one block on one day, the main line first."""

    code: str
    name: str
    starts_at: datetime
    ends_at: datetime
    places: tuple[Place, ...]

    @property
    def is_dark(self) -> bool:
        return is_dark(self.starts_at)


@dataclass(frozen=True)
class Day:
    day: date
    holiday: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Week:
    """A week by the calendar, with those of its days that are in the rota."""

    number: int
    days: tuple[Day, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(place for day in self.days for block in day.blocks for place in block.places)

    @property
    def gaps(self) -> int:
        return sum(place.who is None for place in self.places)

    @property
    def faults(self) -> bool:
        return any(place.faults for place in self.places)


@dataclass(frozen=True)
class Proposal:
    """What the planner came with, beside the rota as it is now."""

    run: PlanRun
    changed: tuple[Place, ...]
    open: int
    objective: tuple[float, ...]
    proven: bool
    shares: Shares


@dataclass(frozen=True)
class Someone:
    """A member, for the lists."""

    who: Person
    share: Share
    level: int


@dataclass(frozen=True)
class PlanPage:
    """All of it. What people do is by the proposal, when there is one. first, last: the days shown."""

    plan: Plan
    region: Region
    terms: RotaTerms
    first: date
    last: date
    weeks: tuple[Week, ...]
    places: tuple[Place, ...]
    faults: tuple[Fault, ...]
    accepted: tuple[tuple[Fault, AcceptedWhy], ...]
    run: PlanRun | None
    proposal: Proposal | None
    people: tuple[Someone, ...]
    organisations: tuple[tuple[str, Share], ...]
    before_is_draft: bool

    @cached_property
    def gaps(self) -> tuple[Place, ...]:
        return tuple(place for place in self.places if place.who is None)

    @cached_property
    def columns(self) -> dict[str, int]:
        """The place of each block in a day, by the clock: 1, 2 …"""
        return rows_of(one.duty for one in self.places)

    @property
    def by_name(self) -> tuple[tuple[str, Share], ...]:
        """Everybody and what they do."""
        return tuple((one.who.name, one.share) for one in self.people)

    @property
    def most_points(self) -> Fraction:
        """How far the bars of people go."""
        return max((max(one.share.points, one.share.target) for one in self.people), default=Fraction(0))

    @property
    def is_empty(self) -> bool:
        return len(self.gaps) == len(self.places)

    @property
    def planning(self) -> bool:
        return self.run is not None and self.run.state in runs.UNDER_WAY

    @property
    def publish_by(self) -> datetime:
        return publish_by(self.plan, self.terms.publish_ahead)

    @property
    def earlier(self) -> date | None:
        return (
            max(self.first - AT_ONCE * DAY, self.plan.first_day) if self.first > self.plan.first_day else None
        )

    @property
    def later(self) -> date | None:
        return self.last + DAY if self.last < self.plan.last_day else None


_ASKED = select(Swap.duty_id).join(Duty, Duty.id == Swap.duty_id).where(Swap.state.in_(UNDER_WAY))


def page(actor: Account, plan_id: UUID, since: date | None = None) -> PlanPage:
    """Raises NotFound, NotAllowed."""
    with reading() as db:
        plan = plan_of(db, actor, plan_id)
        book = open_book(db, plan)
        run = runs.latest(db, plan.id)
        said = _said(run)
        proposed = _proposed(book, said) if run and run.state is RunState.DONE else None
        asked = set(db.scalars(_ASKED.where(Duty.plan_id == plan.id)))
        faults, accepted = _judged(db, book)
        places = _places(book, faults, proposed, _why(book, said), asked)
        first, last = _shown(plan, since)
        proposal = _proposal(book, run, proposed, places, said) if run and proposed is not None else None
        shares = proposal.shares if proposal else _shares_now(db, book)
        return PlanPage(
            plan=plan,
            region=db.get_one(Region, plan.region_id),
            terms=book.terms,
            first=first,
            last=last,
            weeks=tuple(_weeks([one for one in places if first <= day_of(one.duty) <= last])),
            places=places,
            faults=faults,
            accepted=accepted,
            run=run,
            proposal=proposal,
            people=_everybody(book, shares),
            organisations=_organisations(db, shares),
            before_is_draft=_before_is_draft(db, plan),
        )


def _shares_now(db: Session, book: Book) -> Shares:
    moved = handed_on(db, Plan.id == book.plan.id).items()
    more = {str(member): (Fraction(one.points, 100), one.holidays) for member, one in moved}
    return shares_of(book.problem, book.rota, more)


def _judged(db: Session, book: Book) -> tuple[tuple[Fault, ...], tuple[tuple[Fault, AcceptedWhy], ...]]:
    """What is wrong, and what somebody accepted when it was published."""
    rows = db.scalars(select(PlanException).where(PlanException.plan_id == book.plan.id))
    known = {(one.rule, one.member_id, one.starts_at): one.why for one in rows}
    wrong, accepted = [], []
    for fault in book.faults():
        why = known.get((fault.violation.rule, fault.member_id, fault.violation.moments[0]))
        if why is None:
            wrong.append(fault)
        else:
            accepted.append((fault, why))
    return tuple(wrong), tuple(accepted)


def run_of(actor: Account, plan_id: UUID) -> tuple[Plan, PlanRun | None]:
    """How far the planner is; quick, for it is asked every second."""
    with reading() as db:
        plan = plan_of(db, actor, plan_id)
        return plan, runs.latest(db, plan.id)


def day_of(duty: Duty) -> date:
    return time.local(duty.starts_at).date()


def _shown(plan: Plan, since: date | None) -> tuple[date, date]:
    first = since if since and plan.first_day <= since <= plan.last_day else plan.first_day
    return first, min(first + (AT_ONCE - 1) * DAY, plan.last_day)


def _said(run: PlanRun | None) -> dict[str, Any]:
    """What the planner said last, also when that has become the rota by now."""
    return runs.said_by(run) if run and run.state in (RunState.DONE, RunState.TAKEN) else {}


def _proposed(book: Book, said: Mapping[str, Any]) -> dict[str, str]:
    """Who would have what, of the duties and people that are still there; what is locked stays."""
    fixed = {str(one.id): str(one.member_id) for one in book.duties if one.locked and one.member_id}
    found = {
        duty: person
        for duty, person in said.get("assignments", {}).items()
        if duty in book.own and person in book.problem.person
    }
    return found | fixed


def _why(book: Book, said: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {one["duty"]: tuple(book.named(why) for why in _sentences(one)) for one in said.get("open", ())}


def _sentences(gap: Mapping[str, Any]) -> list[str]:
    """Why nobody can, in the reader's language; a proposal of before the facts were kept has Dutch alone."""
    told = [wording.reason(one["kind"], one["facts"]) for one in gap.get("reasons", ())]
    return told or list(gap["why"])


def _places(
    book: Book,
    faults: Sequence[Fault],
    proposed: Mapping[str, str] | None,
    why: Mapping[str, tuple[str, ...]],
    asked: set[UUID],
) -> tuple[Place, ...]:
    found = []
    for duty in book.duties:
        name, who = str(duty.id), duty.member_id
        new = UUID(proposed[name]) if proposed and name in proposed else None
        changes = proposed is not None and new != who
        found.append(
            Place(
                duty=duty,
                name=book.block_name(duty),
                who=book.people.get(who) if who else None,
                new=book.people.get(new) if new and changes else None,
                changes=changes,
                faults=tuple(one for one in faults if name in one.violation.duties),
                why=why.get(name, ()) if who is None or changes else (),
                asked=duty.id in asked,
            )
        )
    return tuple(found)


def _weeks(places: Sequence[Place]) -> list[Week]:
    days = groupby(_days(places), lambda one: one.day.isocalendar()[:2])
    return [Week(number, tuple(some)) for (_year, number), some in days]


def _days(places: Sequence[Place]) -> list[Day]:
    found = []
    for day, some in groupby(places, lambda one: day_of(one.duty)):
        ones = list(some)
        blocks = [
            Block(code, mine[0].name, mine[0].duty.starts_at, mine[0].duty.ends_at, tuple(mine))
            for code, group in groupby(ones, lambda one: one.duty.block)
            if (mine := list(group))
        ]
        found.append(Day(day, _is_holiday(ones), tuple(blocks)))
    return found


def _is_holiday(places: Sequence[Place]) -> bool:
    """By day or in the evening; a night that leads to a holiday is of the day before."""
    return any(one.duty.holiday and time.local(one.duty.starts_at).hour < LATE for one in places)


def _proposal(
    book: Book,
    run: PlanRun,
    proposed: Mapping[str, str],
    places: Sequence[Place],
    said: Mapping[str, Any],
) -> Proposal:
    kept = {name: who for name, who in book.rota.assignments.items() if name not in book.own}
    return Proposal(
        run=run,
        changed=tuple(one for one in places if one.changes),
        open=sum(str(one.id) not in proposed for one in book.duties),
        objective=tuple(said.get("objective", ())),
        proven=bool(said.get("proven")),
        shares=shares_of(book.problem, replace(book.rota, assignments={**kept, **proposed})),
    )


def _everybody(book: Book, shares: Shares) -> tuple[Someone, ...]:
    found = [
        Someone(book.people[UUID(one)], share, book.problem.person[one].level)
        for one, share in shares.people.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.who.organisation, one.who.name)))


def _organisations(db: Session, shares: Shares) -> tuple[tuple[str, Share], ...]:
    ids = [UUID(one) for one in shares.organisations]
    found = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    names = {row[0]: row[1] for row in db.execute(found)}
    return tuple(
        sorted(
            ((names[UUID(one)], share) for one, share in shares.organisations.items()), key=lambda one: one[0]
        )
    )


def _before_is_draft(db: Session, plan: Plan) -> bool:
    """Is the rota that ends just before this one not published? Then rests are not counted across."""
    before = select(Plan.id).where(
        Plan.region_id == plan.region_id,
        Plan.published_at.is_(None),
        Plan.last_day < plan.first_day,
        Plan.last_day >= plan.first_day - 14 * DAY,
    )
    return db.scalar(before.limit(1)) is not None
