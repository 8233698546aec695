"""A plan as the planner and the checker read it: who could have which duty, and what was done before."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, lazyload

from wijkapp.agreements import rule_sets
from wijkapp.agreements import service as agreements
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rule_sets import Figure
from wijkapp.kit import time
from wijkapp.kit.db import rows
from wijkapp.people.models import Account
from wijkapp.rota import problem as engine
from wijkapp.rota.checker import Violation, check_rota
from wijkapp.rota.models import Absence, Duty, Member, Plan, Wish
from wijkapp.rota.problem import Interval, Kind, Open, Organisation, Person, Problem, Rota, joined
from wijkapp.rota.roster import Table
from wijkapp.rota.rules import AbsenceKind
from wijkapp.rota.service.balance import balance_of, holidays_of

TIMEZONE = "Europe/Amsterdam"
LOOK_AROUND = timedelta(weeks=52)  # free Sundays are counted over a year
NEAR = timedelta(weeks=5)  # being on call from home is counted over four weeks
DAY = timedelta(days=1)


@dataclass
class _Time:
    """What one person does outside this plan."""

    unavailable: list[Interval] = field(default_factory=list)
    busy: list[Interval] = field(default_factory=list)


def problem_of(db: Session, plan: Plan, *, keep: Mapping[UUID, UUID] | None = None) -> Problem:
    """This plan as a problem; the ids in it are ours as text: `str(duty.id)`, `str(member.id)`.

    keep  duty id -> member id that may not change; None: the duties that somebody locked

    Work in other published rotas counts as busy, so that rests hold across the border and years are counted
    whole. Being on call from home there is put in as a duty that is kept and weighs nothing: such duties are
    not of this plan. So: write back only what `Duty.plan_id` says is this plan's, check with `faults_of`.
    """
    start, end = time.day_starts(plan.first_day), time.day_starts(plan.last_day + 2 * DAY)
    terms = agreements.rota_terms_for(db, plan.region_id, start)
    members = _members(db, plan.region_id)
    duties = db.scalars(select(Duty).where(Duty.plan_id == plan.id).order_by(Duty.starts_at, Duty.id)).all()
    around = Interval(start - LOOK_AROUND, end + LOOK_AROUND)
    times = _absences(db, members, around)
    on_call = list(_elsewhere(db, plan, members, around, times))
    people = _people(db, plan, members, times, _wishes(db, members, duties))
    if keep is None:
        keep = {duty.id: duty.member_id for duty in duties if duty.locked and duty.member_id}
    known, own = {member.id for member, _account in members}, {duty.id for duty in duties}
    kept = {str(duty): str(member) for duty, member in keep.items() if duty in own and member in known}
    return Problem(
        TIMEZONE,
        _organisations(terms, members),
        people,
        (*(as_read(duty) for duty in duties), *(duty for duty, _member in on_call)),
        _figures(terms, plan.first_day),
        kept | {duty.id: member for duty, member in on_call},
    )


def rota_of(db: Session, plan: Plan, problem: Problem) -> Rota:
    """Who has what now in this plan, as the engine reads it; a duty of nobody is said to be open."""
    has = {
        str(duty): str(member)
        for duty, member in db.execute(select(Duty.id, Duty.member_id).where(Duty.plan_id == plan.id))
        if str(member) in problem.person
    }
    who = {duty: member for duty, member in problem.keep.items() if duty not in has} | has
    return Rota(who, tuple(Open(duty.id, ()) for duty in problem.duties if duty.id not in who))


def faults_of(problem: Problem, rota: Rota, own: Collection[str]) -> list[Violation]:
    """What is wrong in this rota. own: ids of the duties of this plan; the others are not judged."""
    mine = set(own)
    return [fault for fault in check_rota(problem, rota) if mine.intersection(fault.duties)]


def targets_of(problem: Problem) -> dict[UUID, int]:
    """Member id -> exact fair part of the points of this plan, in hundredths: what `PlanTarget.points` holds.

    Not rounded to whole duties and not less what was done before, so that balances add up over the years.
    """
    aims = Table(replace(problem, keep={})).aims
    return {
        UUID(person.id): round((owed * aims.unit + person.balance) * 100)
        for person, owed in zip(problem.people, aims.owed, strict=True)
    }


def _members(db: Session, region_id: UUID) -> Sequence[tuple[Member, Account]]:
    found = db.execute(
        select(Member, Account)
        .join(Account, Account.id == Member.account_id)
        .where(Member.region_id == region_id, Member.active, Account.active)
        .options(lazyload(Account.organisation), lazyload(Account.roles), lazyload(Account.webauthn))
        .order_by(Member.id)
    )
    return [(member, account) for member, account in found]


def _people(
    db: Session,
    plan: Plan,
    members: Sequence[tuple[Member, Account]],
    times: Mapping[UUID, _Time],
    avoid: Mapping[UUID, set[str]],
) -> tuple[Person, ...]:
    balance = balance_of(db, plan.region_id, without=plan.id)
    holidays = holidays_of(db, plan.region_id, without=plan.id)
    return tuple(
        Person(
            id=str(member.id),
            organisation=str(account.organisation_id),
            level=member.level,
            share=Fraction(member.share, 100),
            unavailable=joined(times[member.id].unavailable),
            busy=joined(times[member.id].busy),
            avoid=frozenset(avoid.get(member.id, ())),
            balance=Fraction(balance.get(member.id, 0), 100),
            holidays=holidays.get(member.id, 0),
            exempt_nights=member.exempt_nights,
        )
        for member, account in members
    )


def _organisations(terms: RotaTerms, members: Iterable[tuple[Member, Account]]) -> tuple[Organisation, ...]:
    """By the agreed key; where none was agreed everybody does as much, by FTE."""
    fte: dict[UUID, Fraction] = {}
    for member, account in members:
        before = fte.get(account.organisation_id, Fraction(0))
        fte[account.organisation_id] = before + Fraction(member.share, 100)
    keys = {one: terms.key.get(one, Fraction(0)) for one in fte} if terms.key else fte
    return tuple(Organisation(str(one), keys[one]) for one in sorted(fte))


def _figures(terms: RotaTerms, first_day: date) -> dict[str, Figure]:
    """What differs from the newest rule set: an older set for an older rota, and what the region chose."""
    newest = rule_sets.newest()
    dated = rule_sets.on_day(first_day)
    older = {name: rule.value for name, rule in dated.rules.items() if rule.value != newest.rules[name].value}
    return older | dict(terms.rules)


def as_read(duty: Duty) -> engine.Duty:
    """A duty as the planner and the checker read it."""
    return engine.Duty(
        str(duty.id),
        duty.starts_at,
        duty.ends_at,
        duty.kind,
        duty.level,
        Fraction(duty.weight, 100),
        duty.holiday,
    )


def _absences(db: Session, members: Sequence[tuple[Member, Account]], around: Interval) -> dict[UUID, _Time]:
    times: dict[UUID, _Time] = defaultdict(_Time)
    for one in db.scalars(
        select(Absence).where(
            Absence.member_id.in_([member.id for member, _account in members]),
            Absence.ends_at > around.start,
            Absence.starts_at < around.end,
        )
    ):
        mine = times[one.member_id]
        kinds = {AbsenceKind.UNAVAILABLE: mine.unavailable, AbsenceKind.BUSY: mine.busy}
        kinds[one.kind].append(Interval(one.starts_at, one.ends_at))
    return times


def _elsewhere(
    db: Session,
    plan: Plan,
    members: Sequence[tuple[Member, Account]],
    around: Interval,
    times: dict[UUID, _Time],
) -> Iterable[tuple[engine.Duty, str]]:
    """Work in other published rotas, of other regions too, goes into `times`; gives who is on call there."""
    own = {account.id: member.id for member, account in members}
    near = Interval(around.start + LOOK_AROUND - NEAR, around.end - LOOK_AROUND + NEAR)
    # A year of a region: columns, no objects, or asking whom a duty can go to takes twice as long.
    found = rows(
        db,
        select(Duty.id, Duty.kind, Duty.starts_at, Duty.ends_at, Member.account_id)
        .join(Member, Member.id == Duty.member_id)
        .join(Plan, Plan.id == Duty.plan_id)
        .where(
            Member.account_id.in_(own),
            Duty.plan_id != plan.id,
            Plan.published_at.is_not(None),
            Duty.ends_at > around.start,
            Duty.starts_at < around.end,
            or_(
                Duty.kind.in_([kind for kind in Kind if kind.works]),
                and_(Duty.ends_at > near.start, Duty.starts_at < near.end),
            ),
        )
        .order_by(Duty.starts_at, Duty.id),
    )
    for duty_id, kind, start, end, account_id in found:
        if kind.works:
            times[own[account_id]].busy.append(Interval(start, end))
        else:
            yield engine.Duty(str(duty_id), start, end, kind, 2, Fraction(0)), str(own[account_id])


def _wishes(
    db: Session, members: Sequence[tuple[Member, Account]], duties: Sequence[Duty]
) -> dict[UUID, set[str]]:
    on_day: dict[date, list[Duty]] = defaultdict(list)
    for duty in duties:
        on_day[time.local(duty.starts_at).date()].append(duty)
    found: dict[UUID, set[str]] = defaultdict(set)
    wishes = select(Wish).where(
        Wish.member_id.in_([member.id for member, _account in members]), Wish.day.in_(on_day)
    )
    for wish in db.scalars(wishes):
        blocks = [duty for duty in on_day[wish.day] if wish.block in ("", duty.block)]
        found[wish.member_id] |= {str(duty.id) for duty in blocks}
    return found
