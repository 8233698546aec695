"""Small problems, written short, and random ones; and rotas in a database (`Make`)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from secrets import token_hex
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from sqlalchemy import select, update

from tests.matching.make import Make as MakeMatching
from wijkapp.agreements import rota_terms
from wijkapp.agreements.models import RotaTermsVersion
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.people.models import Account
from wijkapp.people.models import Organisation as Provider
from wijkapp.people.rules import OrganisationKind, Role
from wijkapp.rota import runner, search
from wijkapp.rota.models import Absence, DutyCall, Handover, Member, Plan, SecretAddress
from wijkapp.rota.models import Duty as DutyRow
from wijkapp.rota.problem import Duty, Interval, Kind, Organisation, Person, Problem, in_utc, joined
from wijkapp.rota.roster import Roster, Table
from wijkapp.rota.rules import AbsenceKind, AddressKind, CallFrom, Line, Source
from wijkapp.rota.runner import Progress
from wijkapp.rota.service import holding, runs
from wijkapp.rota.service.lay_out import lay_out
from wijkapp.rota.service.problem import problem_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 3, 2, tzinfo=AMSTERDAM)


def at(text: str) -> datetime:
    """A moment on the clock in Amsterdam, as 2026-03-02 23:00, in UTC."""
    return in_utc(datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM))


def duty(name: str, start: str, end: str, **more: Any) -> Duty:
    return Duty(name, at(start), at(end), **more)


def away(start: str, end: str) -> Interval:
    return Interval(at(start), at(end))


def person(name: str, **more: Any) -> Person:
    given = {"organisation": "oost", "level": 3, "share": Fraction(1)} | more
    return Person(id=name, **given)


def problem(people: list[Person], duties: list[Duty], **more: Any) -> Problem:
    names = dict.fromkeys(one.organisation for one in people)
    organisations = tuple(Organisation(name, Fraction(1)) for name in names)
    return Problem("Europe/Amsterdam", organisations, tuple(people), tuple(duties), **more)


def weeks(count: int, *, start: datetime = MONDAY, a_day: int = 2, level: int = 2) -> list[Duty]:
    """Evenings and nights, and from three a day a second evening, from four a second night."""
    found = []
    for day in range(7 * count):
        midnight = start + timedelta(days=day)
        for number in range(a_day):
            from_hour, to_hour = ((17, 23), (23, 31))[number % 2]
            begins = (midnight + timedelta(hours=from_hour)).replace(tzinfo=AMSTERDAM)
            ends = (midnight + timedelta(hours=to_hour)).replace(tzinfo=AMSTERDAM)
            name = f"{midnight.date()}-{number}"
            weight = Fraction(1 + number % 2)
            found.append(Duty(name, in_utc(begins), in_utc(ends), Kind.WORK, level, weight))
    return found


# Figures so low that a small problem meets every rule.
LOW = {
    "weekends_off": st.integers(2, 4),
    "sundays_off": st.integers(50, 52),
    "nights": st.integers(1, 3),
    "longest_run": st.integers(1, 4),
    "week_hours": st.integers(8, 40),
    "average_short": st.integers(4, 20),
    "average_long": st.integers(1, 4),
    "many_nights": st.integers(1, 3),
    "average_nights": st.integers(1, 3),
    "on_call_days": st.integers(1, 5),
    "on_call_free": st.integers(8, 13),
    "weekly_rest": st.one_of(st.integers(36, 90), st.none()),
    "daily_rest": st.one_of(st.integers(0, 24), st.just(False)),
    "night_work": st.integers(0, 3),
    "night_from": st.sampled_from([0, 0, 0, 22]),
    "shift_hours": st.integers(6, 12),
}


@st.composite
def intervals(draw: st.DrawFn, first: datetime, hours: int, most: int) -> tuple[Interval, ...]:
    found = []
    for _one in range(draw(st.integers(0, most))):
        start = first + timedelta(hours=draw(st.integers(0, hours)))
        found.append(Interval(start, start + timedelta(hours=draw(st.integers(3, 30)))))
    return joined(found)


@st.composite
def problems(
    draw: st.DrawFn, *, duties: int = 12, people: int = 4, days: int = 10, low: bool = True
) -> Problem:
    """Any small problem. low: with figures so low that they bind."""
    first = draw(st.sampled_from(["2026-03-23 00:00", "2026-10-19 00:00", "2028-02-24 00:00"]))
    start = at(first)
    made = []
    for number in range(draw(st.integers(1, duties))):
        begins = start + timedelta(hours=draw(st.integers(0, days * 24)))
        ends = begins + timedelta(hours=draw(st.sampled_from([6, 8, 10, 13])))
        kind = draw(st.sampled_from([Kind.WORK, Kind.WORK, Kind.WORK, *Kind]))
        weight, level = draw(st.integers(1, 3)), draw(st.sampled_from([2, 2, 2, 4]))
        made.append(Duty(f"d{number}", begins, ends, kind, level, Fraction(weight), draw(st.booleans())))
    staff = [_someone(draw, number, start, days * 24, made) for number in range(draw(st.integers(1, people)))]
    rules = draw(st.fixed_dictionaries({}, optional=LOW)) if low else {}
    return problem(staff, made, rules=rules)


def _someone(draw: st.DrawFn, number: int, start: datetime, hours: int, made: list[Duty]) -> Person:
    return person(
        f"p{number}",
        organisation=draw(st.sampled_from(["oost", "west"])),
        level=draw(st.sampled_from([2, 4])),
        share=Fraction(draw(st.sampled_from(["0.5", "1"]))),
        unavailable=draw(intervals(start, hours, 1)),
        busy=draw(intervals(start, hours, 2)),
        avoid=frozenset(draw(st.sets(st.sampled_from([one.id for one in made]), max_size=2))),
        balance=Fraction(draw(st.integers(-2, 2))),
        holidays=draw(st.integers(0, 2)),
        exempt_nights=draw(st.booleans()),
    )


# --- and rotas in a database

LONG_AGO = at("2020-01-01 00:00")
MONDAY_OF_ROTA = date(2027, 1, 4)  # no holiday in the weeks after it


@dataclass(frozen=True)
class RotaTown:
    """A region whose organisations share duties. Everybody but the coordinator and the referrer is a member.

    planners  one of each organisation, a member too
    members   in the order of the organisations: first the planner, then the nurses
    """

    region: Region
    organisations: tuple[Provider, ...]
    planners: tuple[Account, ...]
    nurses: tuple[Account, ...]
    members: tuple[Member, ...]
    coordinator: Account
    referrer: Account

    def member(self, account: Account) -> Member:
        return next(one for one in self.members if one.account_id == account.id)

    def account(self, member_id: UUID | None) -> Account:
        """Whoever takes part as this member."""
        member = next(one for one in self.members if one.id == member_id)
        return next(one for one in (*self.planners, *self.nurses) if one.id == member.account_id)


def plan_now() -> None:
    """What the process of the planner does, here."""
    while (task := runs.claim()) is not None:
        runner.do(task, Progress())


class Make(MakeMatching):
    """Adds what a rota is made of: `Make(db).rota_town()`, then `.plan(town)`."""

    def rota_town(self, organisations: int = 4, people: int = 4) -> RotaTown:
        """people: of each organisation; the first is its planner."""
        practice = self.organisation("Huisartsen", OrganisationKind.GP_PRACTICE)
        municipality = self.organisation("Gemeente", OrganisationKind.MUNICIPALITY)
        providers = [self.organisation() for _one in range(organisations)]
        region = self.region(members=[practice, municipality, *providers])
        staff = [
            self.account(
                one, *((Role.PLANNER, Role.NURSE) if n == 0 else (Role.NURSE,)), phone="+31612345678"
            )
            for one in providers
            for n in range(people)
        ]
        return RotaTown(
            region=region,
            organisations=tuple(providers),
            planners=tuple(staff[::people]),
            nurses=tuple(one for n, one in enumerate(staff) if n % people),
            members=tuple(self.member(one, region) for one in staff),
            coordinator=self.account(municipality, Role.COORDINATOR),
            referrer=self.account(practice, Role.REFERRER),
        )

    def member(
        self, account: Account, region: Region, level: int = 3, share: int = 100, **more: Any
    ) -> Member:
        return self._keep(
            Member(region_id=region.id, account_id=account.id, level=level, share=share, **more)
        )

    def rota_terms(self, town: RotaTown, since: datetime = LONG_AGO, **changes: Any) -> RotaTerms:
        """What the region agrees from then on: the defaults with these changes."""
        terms = replace(rota_terms.DEFAULTS, **changes)
        self._keep(
            RotaTermsVersion(
                region_id=town.region.id,
                valid_from=since,
                clauses=terms,
                made_by_id=town.coordinator.id,
                made_at=since,
            )
        )
        return terms

    def plan(
        self,
        town: RotaTown,
        first: date = MONDAY_OF_ROTA,
        weeks: int = 2,
        *,
        published: datetime | None = None,
        filled: bool = True,
    ) -> Plan:
        """A plan with its duties.

        published  when; None: a month before its first day. For a draft use `draft`
        filled     lawfully, evenly, in a rota that is the same each time; otherwise nobody has anything
        """
        return self.published(town.region, town.planners[0], first, weeks, moment=published, filled=filled)

    def published(
        self,
        region: Region,
        by: Account,
        first: date = MONDAY_OF_ROTA,
        weeks: int = 2,
        *,
        moment: datetime | None = None,
        filled: bool = True,
    ) -> Plan:
        """The same, of any region."""
        plan = self._draft(region, by, first, weeks, filled=filled)
        plan.published_at = moment or time.day_starts(first - timedelta(days=28))
        plan.published_by_id = by.id
        self.db.flush()
        holding.publish(self.db, self.duties(plan), by=by.id, moment=plan.published_at)
        return plan

    def draft(
        self, town: RotaTown, first: date = MONDAY_OF_ROTA, weeks: int = 2, *, filled: bool = True
    ) -> Plan:
        """A plan that nobody published yet, with its duties."""
        return self._draft(town.region, town.planners[0], first, weeks, filled=filled)

    def _draft(self, region: Region, by: Account, first: date, weeks: int, *, filled: bool) -> Plan:
        plan = self._keep(
            Plan(
                region_id=region.id,
                first_day=first,
                last_day=first + timedelta(days=7 * weeks - 1),
                made_by_id=by.id,
                made_at=time.day_starts(first - timedelta(days=42)),
            )
        )
        lay_out(self.db, plan)
        if filled:
            self._fill(plan)
        return plan

    def _fill(self, plan: Plan) -> None:
        found = problem_of(self.db, plan)
        roster = Roster(Table(found))
        search.greedy(roster, 1)
        for duty, person in roster.assignment().items():
            self.db.execute(
                update(DutyRow)
                .where(DutyRow.id == UUID(found.duties[duty].id))
                .values(member_id=UUID(found.people[person].id))
            )

    def duties(self, plan: Plan, block: str | None = None, line: Line | None = None) -> list[DutyRow]:
        """In the order of the clock, main before back-up; of one block or line, or all."""
        rows = self.db.scalars(
            select(DutyRow).where(DutyRow.plan_id == plan.id).execution_options(populate_existing=True)
        )
        found = [one for one in rows if block in (None, one.block) and line in (None, one.line)]
        return sorted(found, key=lambda one: (one.starts_at, one.line is Line.BACKUP, one.block, one.seat))

    def duty_on(
        self, plan: Plan, day: date, block: str = "night", line: Line = Line.MAIN, seat: int = 1
    ) -> DutyRow:
        """The one duty of a plan that starts on this day in Amsterdam."""
        return next(
            one
            for one in self.duties(plan, block, line)
            if one.seat == seat and time.local(one.starts_at).date() == day
        )

    def call(self, duty: DutyRow, caller: CallFrom = CallFrom.ALARM_CENTRE) -> DutyCall:
        """Whoever had it was rung an hour after its start."""
        moment = duty.starts_at + timedelta(hours=1)
        return self._keep(DutyCall(duty_id=duty.id, member_id=duty.member_id, caller=caller, asked_at=moment))

    def handover(self, duty: DutyRow, following: DutyRow | None, writer: Account) -> Handover:
        return self._keep(
            Handover(
                duty_id=duty.id,
                happened="Rustige nacht.",
                still_open="",
                watch="",
                written_by_id=writer.id,
                written_at=duty.ends_at,
                to_duty_id=following.id if following else None,
            )
        )

    def absence(
        self, member: Member, start: datetime, end: datetime, kind: AbsenceKind = AbsenceKind.UNAVAILABLE
    ) -> Absence:
        return self._keep(
            Absence(member_id=member.id, kind=kind, source=Source.TYPED, starts_at=start, ends_at=end)
        )

    def address(self, region: Region, kind: AddressKind, account: Account | None = None) -> SecretAddress:
        """A secret address; whoever wants the secret itself makes one by the service."""
        return self._keep(
            SecretAddress(
                kind=kind,
                region_id=region.id,
                account_id=account.id if account else None,
                secret_hash=token_hex(32),
                made_at=time.now(),
            )
        )
