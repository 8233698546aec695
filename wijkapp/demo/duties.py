"""The duties of the demo region: who takes part, and a rota from four weeks ago to five weeks from now.

What has been was checked in, rung and handed over; what comes has one gap, and one swap that is asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from wijkapp.agreements import rota_terms
from wijkapp.agreements.models import RotaTermsVersion
from wijkapp.demo.duty_staff import DUTY_STAFF, LEVELS
from wijkapp.demo.region import REGION
from wijkapp.directory.models import Region, RegionOrganisation
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import PROVIDERS, OrganisationKind, Role
from wijkapp.rota import search, swapping
from wijkapp.rota.models import (
    Absence,
    Duty,
    DutyCall,
    DutyHold,
    Handover,
    Member,
    Plan,
    PlanTarget,
    Swap,
    SwapAsk,
    Wish,
)
from wijkapp.rota.roster import Roster, Table
from wijkapp.rota.rules import (
    AbsenceKind,
    CallFrom,
    CallOutcome,
    HeldBy,
    Line,
    Source,
    SwapKind,
    SwapState,
)
from wijkapp.rota.service import candidates, holding
from wijkapp.rota.service.lay_out import lay_out
from wijkapp.rota.service.problem import problem_of, targets_of

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
STARTED = timedelta(days=200)
PAST, COMING = 4, 5  # weeks before this one, and after it
SAMIRA, PIETER, FEMKE, NADIA = "Samira Wolderink", "Pieter Kroonenveld", "Femke Torenvalk", "Nadia Kruisbeek"

HANDED_OVER = (
    ("Twee keer gebeld, één keer geweest. Alles rustig nu.", "Niets.", "De voordeur van de post klemt."),
    ("Rustige dienst, drie keer gebeld.", "De sleutelkluis van de post is bijna leeg.", "Glad op de weg."),
    (
        "Eén keer uitgerukt, met de huisarts.",
        "Niets blijft open.",
        "De reservetelefoon ligt op kantoor.",
    ),
)


def write(db: Session) -> bool:
    """Make the rota last for five weeks more. False when it does already. Joins the caller's transaction."""
    region = db.scalars(select(Region).where(Region.name == REGION)).one()
    monday = time.today() - time.today().weekday() * DAY
    last = db.scalar(
        select(Plan.last_day).where(Plan.region_id == region.id).order_by(Plan.last_day.desc()).limit(1)
    )
    if last is not None and last >= monday + 2 * WEEK:
        _past(db, region, until=time.now() - HOUR)  # what the demo was not there for
        return False
    if last is None:
        _people(db, region)
        _terms(db, region)
        last = monday - PAST * WEEK - DAY
    while last < monday + COMING * WEEK:
        first = last + DAY
        last = first + 5 * WEEK - DAY
        plan = _plan(db, region, first, last)
    _past(db, region, until=time.now())
    _gap(db, plan)
    if db.scalar(select(Swap.id).where(Swap.state == SwapState.OPEN).limit(1)) is None:
        _swap(db, region)
    return True


def _people(db: Session, region: Region) -> None:
    """Every nurse of a provider in the region, and colleagues who are in the demo for the duties alone."""
    from wijkapp.demo.fill import address  # which fills the region, and then calls us

    organisations = {
        one.name: one
        for one in db.scalars(
            select(Organisation)
            .join(RegionOrganisation, RegionOrganisation.organisation_id == Organisation.id)
            .where(RegionOrganisation.region_id == region.id, Organisation.kind.in_(PROVIDERS))
        )
    }
    number = 0
    for name, (domain, people) in DUTY_STAFF.items():
        for person, title in people:
            number += 1
            account = Account(
                id=new_id(),
                organisation_id=organisations[name].id,
                name=person,
                email=address(person, domain),
                phone=f"+316000{500 + number:05d}",
                job_title=title,
                created_at=time.now() - STARTED,
            )
            db.add(account)
            db.flush()
            db.add(AccountRole(account_id=account.id, role=Role.NURSE))
    db.flush()
    _members(db, region, [one.id for one in organisations.values()])


def _members(db: Session, region: Region, organisation_ids: Iterable[UUID]) -> None:
    nurses = db.scalars(
        select(Account)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(Account.organisation_id.in_(organisation_ids), AccountRole.role == Role.NURSE)
        .order_by(Account.created_at, Account.email)
    ).all()
    for number, account in enumerate(nurses):
        alone = account.organisation.kind is OrganisationKind.SOLO
        db.add(
            Member(
                id=new_id(),
                region_id=region.id,
                account_id=account.id,
                level=LEVELS.get(account.job_title or "", 3),
                share=(30 if alone else (100, 80, 60, 90)[number % 4]),
                exempt_nights=number % 11 == 7,
                first_balance=(0, 150, -100, 0, 50)[number % 5],
                first_holidays=number % 3,
            )
        )
    db.flush()


def _terms(db: Session, region: Region) -> None:
    maker = db.scalars(select(Account).where(Account.name == NADIA)).one()
    since = time.now() - STARTED
    db.add(
        RotaTermsVersion(
            id=new_id(),
            region_id=region.id,
            valid_from=since,
            clauses=replace(rota_terms.DEFAULTS, key=_key(db, region)),
            made_by_id=maker.id,
            made_at=since,
        )
    )
    db.flush()


def _key(db: Session, region: Region) -> dict[UUID, Fraction]:
    """By the FTE of whoever takes duties."""
    fte = db.execute(
        select(Account.organisation_id, func.sum(Member.share))
        .join(Member, Member.account_id == Account.id)
        .where(Member.region_id == region.id)
        .group_by(Account.organisation_id)
    )
    return {organisation: Fraction(int(share), 100) for organisation, share in fte}


def _plan(db: Session, region: Region, first: date, last: date) -> Plan:
    """A rota that is published, with everybody's part; lawful and nearly even."""
    planner = db.scalars(select(Account).where(Account.name == FEMKE)).one()
    published = min(time.day_starts(first - 4 * WEEK), time.now())
    plan = Plan(
        id=new_id(),
        region_id=region.id,
        first_day=first,
        last_day=last,
        made_by_id=planner.id,
        made_at=published - WEEK,
        published_at=None,
        published_by_id=None,
    )
    db.add(plan)
    db.flush()
    lay_out(db, plan)
    _absent(db, region, first)
    problem = problem_of(db, plan, keep=_tonight(db, plan))
    roster = Roster(Table(problem))
    search.greedy(roster, 1)
    search.fill(roster)
    search.improve(roster)
    who = {problem.duties[duty].id: problem.people[person].id for duty, person in _given(roster)}
    for duty, member in who.items():
        db.execute(update(Duty).where(Duty.id == UUID(duty)).values(member_id=UUID(member)))
    points = targets_of(problem)
    db.add_all(PlanTarget(plan_id=plan.id, member_id=member, points=points[member]) for member in points)
    plan.published_at, plan.published_by_id = published, planner.id
    db.flush()
    duties = db.scalars(_duties(plan).execution_options(populate_existing=True)).all()
    holding.publish(db, duties, by=planner.id, moment=published)
    return plan


def _given(roster: Roster) -> list[tuple[int, int]]:
    return [(duty, person) for duty, person in enumerate(roster.who) if person is not None]


def _duties(plan: Plan) -> Select[Duty]:
    return select(Duty).where(Duty.plan_id == plan.id).order_by(Duty.starts_at, Duty.line.desc(), Duty.seat)


def _member(db: Session, name: str) -> Member:
    return db.scalars(select(Member).join(Account).where(Account.name == name)).one()


def _tonight(db: Session, plan: Plan) -> dict[UUID, UUID]:
    """Whoever tries the demo is on duty this evening, with a colleague behind her."""
    who = {Line.MAIN: _member(db, SAMIRA).id, Line.BACKUP: _member(db, PIETER).id}
    return {
        one.id: who[one.line]
        for one in db.scalars(_duties(plan).where(Duty.block == "evening", Duty.seat == 1))
        if time.local(one.starts_at).date() == time.today()
    }


def _absent(db: Session, region: Region, first: date) -> None:
    """Some are away for a week, some work at their own organisation, some would rather not."""
    members = db.scalars(
        select(Member).join(Account).where(Member.region_id == region.id).order_by(Account.email)
    ).all()
    for number, member in enumerate(members):
        mine = member.id == _member(db, SAMIRA).id
        if mine:
            away = first + 3 * WEEK + 4 * DAY
            db.add(_absence(member, away, away + 3 * DAY, AbsenceKind.UNAVAILABLE))
        if number % 5 == 2 and not mine:
            away = first + (number % 4) * WEEK + DAY  # the last night of the rota before ends on a Monday
            db.add(_absence(member, away, away + WEEK, AbsenceKind.UNAVAILABLE))
        if number % 3 == 0:
            for day in range(0, 35, 3):
                start = time.local(time.day_starts(first + day * DAY)).replace(hour=8)
                db.add(
                    Absence(
                        id=new_id(),
                        member_id=member.id,
                        kind=AbsenceKind.BUSY,
                        source=Source.ICAL,
                        starts_at=start,
                        ends_at=start.replace(hour=15),
                    )
                )
        if mine or number % 4 == 1:
            db.add(Wish(member_id=member.id, day=first + (9 + number % 7) * DAY, block=""))
    db.flush()


def _absence(member: Member, first: date, after: date, kind: AbsenceKind) -> Absence:
    return Absence(
        id=new_id(),
        member_id=member.id,
        kind=kind,
        source=Source.TYPED,
        starts_at=time.day_starts(first),
        ends_at=time.day_starts(after),
    )


# --- what has been


def _past(db: Session, region: Region, *, until: datetime) -> None:
    """Everybody was there; now and then the phone rang, and each told the next."""
    now = time.now()
    begun = db.execute(
        select(Duty, DutyHold)
        .join(DutyHold, DutyHold.duty_id == Duty.id)
        .where(
            Duty.region_id == region.id,
            Duty.starts_at <= until,
            DutyHold.member_id.is_not(None),
            DutyHold.checked_in_at.is_(None),
        )
        .order_by(Duty.starts_at)
    ).all()
    for number, (duty, hold) in enumerate(begun):
        over = duty.ends_at <= now
        hold.checked_in_at = duty.starts_at - (3 + number % 9) * timedelta(minutes=1)
        hold.checked_out_at = duty.ends_at if over else None
        hold.due_at = None
        if over and duty.line is Line.MAIN and number % 4 == 0 and hold.member_id:
            _call(db, duty, number)
    db.flush()
    _handovers(db, [duty for duty, _hold in begun if duty.line is Line.MAIN])


def _call(db: Session, duty: Duty, number: int) -> None:
    asked = duty.starts_at + timedelta(minutes=40 + 13 * (number % 17))
    on_site = None if number % 8 == 0 else asked + timedelta(minutes=14 + number % 21)
    db.add(
        DutyCall(
            id=new_id(),
            duty_id=duty.id,
            member_id=duty.member_id,
            caller=tuple(CallFrom)[number % len(CallFrom)],
            asked_at=asked,
            on_site_at=on_site,
            outcome=CallOutcome.HELPED if on_site else CallOutcome.BY_PHONE,
        )
    )


def _handovers(db: Session, main: Sequence[Duty]) -> None:
    """Of the last week, from each to the next."""
    accounts: dict[UUID | None, UUID] = dict(db.execute(select(Member.id, Member.account_id)).all())
    told = set(db.scalars(select(Handover.duty_id)))
    for number, (duty, following) in enumerate(pairwise(main)):
        recent = time.now() - WEEK < duty.ends_at <= time.now()
        writer, reader = accounts.get(duty.member_id), accounts.get(following.member_id)
        if not recent or duty.id in told or writer is None or reader is None:
            continue
        happened, still_open, watch = HANDED_OVER[number % len(HANDED_OVER)]
        written = duty.ends_at - timedelta(minutes=5)
        db.add(
            Handover(
                duty_id=duty.id,
                happened=happened,
                still_open=still_open,
                watch=watch,
                written_by_id=writer,
                written_at=written,
                to_duty_id=following.id,
                confirmed_by_id=reader,
                confirmed_at=written + timedelta(minutes=12),
                escalate_at=None,
            )
        )
    db.flush()


# --- what comes


def _gap(db: Session, plan: Plan) -> None:
    """A night nobody has, because whoever was in it left; Samira may take it."""
    samira, moment = _member(db, SAMIRA), time.now()
    later = Duty.starts_at > moment + 9 * DAY
    for duty in db.scalars(_duties(plan).where(Duty.block == "night", Duty.line == Line.MAIN, later)).all():
        if samira.id in [one.who.member_id for one in candidates.lawful(db, duty, moment)]:
            nobody = update(DutyHold).where(DutyHold.duty_id == duty.id)
            db.execute(nobody.values(member_id=None, how=HeldBy.NOBODY))
            duty.member_id = None
            db.flush()
            return


def _swap(db: Session, region: Region) -> None:
    """Pieter asks everybody who may whether they take a duty of his; Samira is one of them."""
    pieter, samira = _member(db, PIETER), _member(db, SAMIRA)
    moment = time.now()
    duties = db.scalars(
        select(Duty)
        .where(Duty.region_id == region.id, Duty.member_id == pieter.id, Duty.starts_at > moment + 3 * DAY)
        .order_by(Duty.line == Line.BACKUP, Duty.starts_at)
    )
    for duty in duties.all():
        able = [one.who.member_id for one in candidates.lawful(db, duty, moment)]
        if samira.id in able:
            _asked(db, duty, able, moment - timedelta(hours=5))
            return


def _asked(db: Session, duty: Duty, able: Sequence[UUID], moment: datetime) -> None:
    ends = swapping.ends_at(duty.starts_at, moment)
    swap = Swap(
        id=new_id(),
        duty_id=duty.id,
        kind=SwapKind.POOL,
        state=SwapState.OPEN,
        from_id=duty.member_id,
        asked_by_id=db.get_one(Member, duty.member_id).account_id,
        asked_at=moment,
        ask_again_at=swapping.next_ask(moment, ends, DAY),
        ends_at=ends,
    )
    db.add(swap)
    db.flush()
    db.add_all(SwapAsk(swap_id=swap.id, member_id=one, asked_at=moment) for one in able)
    db.flush()
