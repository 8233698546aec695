"""A rota that is still in the making, changed by hand: who has what, what stays, who could have a duty."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import update

from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty, Member, Plan
from wijkapp.rota.moves import wrong_after
from wijkapp.rota.placing import places_for
from wijkapp.rota.problem import Rota
from wijkapp.rota.repair import Substitute, substitutes
from wijkapp.rota.rules import RunKind
from wijkapp.rota.service import absence, runs
from wijkapp.rota.service.candidates import NotLawful, Person
from wijkapp.rota.service.plan_book import Book, open_book
from wijkapp.rota.service.plans import draft_of, plan_of
from wijkapp.rota.shares import shares_of

FEW = 40
"""With so many people it is said at once of everybody why they cannot; with more only when asked."""

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Candidate:
    """Somebody who may lawfully have a duty. behind: points still to do after it; close: duties near it."""

    who: Person
    behind: Fraction
    close: int
    unwished: bool


@dataclass(frozen=True)
class Unfit:
    """Somebody who may not, and why."""

    who: Person
    why: tuple[str, ...]


@dataclass(frozen=True)
class Choices:
    """One duty of a rota, and who could have it. others None: not asked for."""

    plan: Plan
    duty: Duty
    name: str
    who: Person | None
    candidates: tuple[Candidate, ...]
    others: tuple[Unfit, ...] | None
    wrong: tuple[str, ...]


def choices(actor: Account, plan_id: UUID, duty_id: UUID, *, everybody: bool = False) -> Choices:
    """Who could have this duty, the best choice first. Raises NotFound, NotAllowed."""
    with reading() as db:
        book = open_book(db, plan_of(db, actor, plan_id))
        duty = _duty(book, duty_id)
        fit = substitutes(book.problem, _with_targets(book), str(duty.id))
        few = everybody or len(book.problem.people) <= FEW
        return Choices(
            plan=book.plan,
            duty=duty,
            name=book.block_name(duty),
            who=book.people.get(duty.member_id) if duty.member_id else None,
            candidates=tuple(_candidate(book, one) for one in fit),
            others=_others(book, duty, {one.person for one in fit}) if few else None,
            wrong=tuple(one.text for one in book.faults() if str(duty.id) in one.violation.duties),
        )


def may_have(actor: Account, plan_id: UUID, member_id: UUID) -> set[str]:
    """Ids of the duties in which this person can be dropped."""
    with reading() as db:
        book = open_book(db, plan_of(db, actor, plan_id))
        if str(member_id) not in book.problem.person:
            raise NotFound
        return places_for(book.problem, book.rota, str(member_id), book.own)


@dataclass(frozen=True)
class Move:
    """member_id None: nobody. from_duty_id: they leave that duty, for whoever had this one.

    even_so  although a rule says no: publishing asks for the reason
    """

    duty_id: UUID
    member_id: UUID | None
    from_duty_id: UUID | None = None
    even_so: bool = False


def put(actor: Account, plan_id: UUID, move: Move) -> None:
    """Somebody has this duty from now on. Raises NotFound, AlreadyPublished, NotLawful with the reasons."""
    with transaction() as db:
        book = open_book(db, draft_of(db, actor, plan_id))
        duty = _duty(book, move.duty_id)
        if move.member_id and str(move.member_id) not in book.problem.person:
            raise NotFound
        moved = {duty.id: move.member_id}
        if move.from_duty_id and move.from_duty_id != duty.id:
            left = _duty(book, move.from_duty_id)
            if left.member_id != move.member_id:
                raise Invalid(str(_("Het rooster is intussen veranderd. Kijk nog eens.")))
            moved[left.id] = duty.member_id
        wrong = wrong_in(book, moved)
        if wrong and not move.even_so:
            raise NotLawful(wrong)
        for one in book.duties:
            if one.id in moved:
                one.member_id = moved[one.id]


def lock(actor: Account, plan_id: UUID, duty_id: UUID, *, locked: bool) -> None:
    """The planner leaves this duty as it is, or may change it again."""
    with transaction() as db:
        plan = draft_of(db, actor, plan_id)
        duty = db.get(Duty, duty_id)
        if duty is None or duty.plan_id != plan.id:
            raise NotFound
        duty.locked = locked and duty.member_id is not None


def falls_out(actor: Account, plan_id: UUID, member_id: UUID, first: date, last: date) -> UUID:
    """Somebody cannot on these days. Never why. The planner looks who could do their duties; gives the run.

    What was locked for them is not any more.

    Raises NotFound, Invalid, AlreadyPlanning.
    """
    moment = time.now()
    if last < first or last - first > LONGEST or last < time.today():
        raise Invalid(
            fields={"last": str(_("Kies een laatste dag die niet voor de eerste ligt, en niet voorbij is."))}
        )
    with transaction() as db:
        plan = plan_of(db, actor, plan_id)
        db.refresh(plan, with_for_update=True)
        member = db.get(Member, member_id)
        if member is None or member.region_id != plan.region_id or not member.active:
            raise NotFound
        accepted = _known_faults(open_book(db, plan), member.id)
        start, end = max(time.day_starts(first), _minute(moment)), time.day_starts(last + timedelta(days=1))
        absence.falls_out(db, member.account_id, start, end, by=actor)
        theirs = Duty.plan_id == plan.id, Duty.member_id == member.id
        db.execute(
            update(Duty).where(*theirs, Duty.starts_at < end, Duty.ends_at > start).values(locked=False)
        )
        return runs.ask_in(db, plan, actor, RunKind.REPAIR, moment, keep=accepted)


def _known_faults(book: Book, member_id: UUID) -> set[UUID]:
    """Duties of others that broke a rule before: somebody chose that, so mending this leaves them alone."""
    wrong = {duty for fault in book.faults() for duty in fault.violation.duties}
    return {one.id for one in book.duties if str(one.id) in wrong and one.member_id != member_id}


def wrong_in(book: Book, moved: Mapping[UUID, UUID | None]) -> list[str]:
    """What becomes unlawful by this, a sentence with names for each; empty when it is fine."""
    to = {str(duty): str(member) if member else None for duty, member in moved.items()}
    return list(dict.fromkeys(book.named(one.text) for one in wrong_after(book.problem, book.rota, to)))


def _with_targets(book: Book) -> Rota:
    """The rota as it is, with what everybody does in it and should do: the order goes by that."""
    people = shares_of(book.problem, book.rota).people
    return replace(
        book.rota,
        load={name: one.points for name, one in people.items()},
        target={name: one.target for name, one in people.items()},
    )


def _duty(book: Book, duty_id: UUID) -> Duty:
    duty = next((one for one in book.duties if one.id == duty_id), None)
    if duty is None:
        raise NotFound
    return duty


def _candidate(book: Book, one: Substitute) -> Candidate:
    return Candidate(book.people[UUID(one.person)], one.behind, one.close, one.unwished)


def _others(book: Book, duty: Duty, fit: set[str]) -> tuple[Unfit, ...]:
    names = [one.id for one in book.problem.people if one.id not in fit and UUID(one.id) != duty.member_id]
    found = [Unfit(book.people[UUID(one)], tuple(wrong_in(book, {duty.id: UUID(one)}))) for one in names]
    return tuple(sorted(found, key=lambda one: (len(one.why), one.who.name)))


def _minute(moment: datetime) -> datetime:
    """The engine counts in whole minutes."""
    return moment.replace(second=0, microsecond=0)
