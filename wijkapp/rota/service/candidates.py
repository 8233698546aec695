"""Who may lawfully have a duty of a published rota, and why somebody else may not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from wijkapp.kit.db import rows
from wijkapp.kit.errors import Refused
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account, Organisation
from wijkapp.rota import moves
from wijkapp.rota.models import Duty, Member, Plan, PlanTarget
from wijkapp.rota.on_duty import Turn
from wijkapp.rota.problem import Problem, Rota
from wijkapp.rota.repair import substitutes
from wijkapp.rota.rules import Line
from wijkapp.rota.service import on_duty
from wijkapp.rota.service.problem import as_read, problem_of, rota_of

TRADED_WITHIN = timedelta(weeks=6)
"""Duties so near to one another are offered for a trade."""

MOST_TRADES = 40
"""The best of them; nobody reads more."""


class NotLawful(Refused):
    """Work and rest would not be as they must. why: a sentence per rule."""

    sentence = _("Dit mag niet volgens de regels voor werk en rust.")

    def __init__(self, why: Collection[str]) -> None:
        self.why = tuple(why)
        super().__init__(
            gettext("Dit mag niet volgens de regels voor werk en rust. %(why)s", why=" ".join(self.why))
        )


@dataclass(frozen=True)
class Person:
    """Somebody who takes part, as colleagues see them."""

    member_id: UUID
    account_id: UUID
    name: str
    organisation: str
    phone: str | None  # E.164


@dataclass(frozen=True)
class Candidate:
    """Somebody who may lawfully have a duty; the best choice has most points left to do.

    behind    points under target that remain after taking it
    close     own duties and shifts within two days around it
    unwished  they said they would rather not
    """

    who: Person
    behind: Fraction
    close: int
    unwished: bool


@dataclass(frozen=True)
class Trade:
    """A duty of a colleague that may come in return."""

    turn: Turn
    who: Person
    unwished: bool


@dataclass(frozen=True)
class Desk:
    """A duty on the table, with the rota around it as the engine reads it. ids are ours, as text."""

    duty: Duty
    problem: Problem
    rota: Rota


def desk(db: Session, duty: Duty, moment: datetime, *, at_once: bool = False) -> Desk:
    """All that is needed to judge who may have this duty.

    at_once  it is taken over now: only the rest of it counts, and a back-up leaves being back-up for it
    """
    plan = db.get_one(Plan, duty.plan_id)
    problem = problem_of(db, plan, keep={})
    rota = replace(rota_of(db, plan, problem), target=_targets(db, plan))
    if at_once:
        problem = moves.from_now(problem, str(duty.id), moment)
        beside = _backups_beside(db, duty) - {str(duty.id)}
        rota = replace(
            rota, assignments={one: who for one, who in rota.assignments.items() if one not in beside}
        )
    return Desk(duty, problem, rota)


def _targets(db: Session, plan: Plan) -> dict[str, Fraction]:
    """What was meant for each when the rota was published: who has most left is the best choice."""
    found = db.execute(select(PlanTarget.member_id, PlanTarget.points).where(PlanTarget.plan_id == plan.id))
    return {str(member_id): Fraction(points, 100) for member_id, points in found}


def widened(db: Session, at: Desk, moment: datetime, also: Collection[UUID] = ()) -> Desk:
    """The same with duties of other published rotas of the region on the table too, for a trade.

    also  duties that must be there, how far away they may be
    """
    duty = at.duty
    near = Duty.starts_at.between(duty.starts_at - TRADED_WITHIN, duty.starts_at + TRADED_WITHIN)
    others = db.scalars(
        select(Duty)
        .join(Plan, Plan.id == Duty.plan_id)
        .where(
            Duty.region_id == duty.region_id,
            Duty.plan_id != duty.plan_id,
            Duty.starts_at > moment,
            near | Duty.id.in_(also),
            Duty.member_id.is_not(None),
            Plan.published_at.is_not(None),
        )
    )
    problem, rota = moves.widened(at.problem, at.rota, {as_read(one): str(one.member_id) for one in others})
    return Desk(duty, problem, rota)


def _backups_beside(db: Session, duty: Duty) -> set[str]:
    if duty.line is not Line.MAIN:
        return set()
    return {
        str(one)
        for one in db.scalars(
            select(Duty.id).where(
                Duty.plan_id == duty.plan_id,
                Duty.line == Line.BACKUP,
                Duty.starts_at < duty.ends_at,
                Duty.ends_at > duty.starts_at,
            )
        )
    }


def lawful(db: Session, duty: Duty, moment: datetime) -> list[Candidate]:
    """Who may lawfully have this duty instead of who has it, the best choice first.

    Of a duty that runs only the rest counts.
    """
    return lawful_at(db, desk(db, duty, moment, at_once=duty.starts_at <= moment))


def lawful_at(db: Session, at: Desk) -> list[Candidate]:
    """The same, for a duty that is on the table already."""
    duty = str(at.duty.id)
    if at.duty.member_id and wrong(at, {at.duty.id: None}):
        return []  # whoever has it would break a rule without it
    found = substitutes(at.problem, at.rota, duty)
    people = people_of(db, [UUID(one.person) for one in found])
    return [Candidate(people[UUID(one.person)], one.behind, one.close, one.unwished) for one in found]


def trades(db: Session, at: Desk, moment: datetime) -> list[Trade]:
    """Duties that may come in return for this one, the most even first. at: `widened`."""
    if str(at.duty.id) not in at.rota.assignments:
        return []
    later = {one.id for one in at.problem.duties if one.start > moment}
    found = moves.trades(at.problem, at.rota, str(at.duty.id), later)[:MOST_TRADES]
    people = people_of(db, {UUID(one.person) for one in found})
    turns = on_duty.these(db, [UUID(one.duty) for one in found])
    return [Trade(turns[UUID(one.duty)], people[UUID(one.person)], one.unwished) for one in found]


def wrong(at: Desk, moved: Mapping[UUID, UUID | None]) -> list[str]:
    """What becomes unlawful when these duties (by id) go to these members, or to nobody.

    A sentence per rule, with ids where `with_names` puts names.
    """
    unknown = {str(one) for one in moved.values() if one} - set(at.problem.person)
    if unknown:
        return [gettext("Deze collega doet niet mee met de diensten.")]
    to = {str(duty): str(member) if member else None for duty, member in moved.items()}
    return [one.text for one in moves.wrong_after(at.problem, at.rota, to)]


def require_lawful(
    db: Session, duty: Duty, moved: Mapping[UUID, UUID | None], moment: datetime, *, at_once: bool = False
) -> None:
    """Raises NotLawful with a sentence per rule when these duties may not go to these members.

    Holds the members until the caller's transaction is stored: who takes two duties at the same moment takes
    them one after the other.
    """
    touched = sorted({one for one in moved.values() if one})
    # Not stronger: a row that only refers to a member must not wait, or two who both made one wait forever.
    members = select(Member.id).where(Member.id.in_(touched)).order_by(Member.id)
    db.execute(members.with_for_update(key_share=True)).all()
    at = desk(db, duty, moment, at_once=at_once)
    if len(moved) > 1:
        at = widened(db, at, moment, moved)
    said = wrong(at, moved)
    if said:
        raise NotLawful(with_names(db, at, said))


def with_names(db: Session, at: Desk, sentences: Collection[str]) -> list[str]:
    """The same sentences, once each, with names in place of ids."""
    said = list(dict.fromkeys(sentences))
    named = [one for one in at.problem.person if any(one in sentence for sentence in said)]
    for person in people_of(db, [UUID(one) for one in named]).values():
        said = [sentence.replace(str(person.member_id), person.name) for sentence in said]
    return said


_PEOPLE = (
    select(Member.id, Account.id, Account.name, Organisation.name, Account.phone)
    .join(Account, Account.id == Member.account_id)
    .join(Organisation, Organisation.id == Account.organisation_id)
    .where(Member.id.in_(bindparam("members", expanding=True)))
)


def people_of(db: Session, member_ids: Collection[UUID]) -> dict[UUID, Person]:
    """These members as colleagues see them."""
    return {row[0]: Person(*row) for row in rows(db, _PEOPLE, {"members": list(member_ids)})}
