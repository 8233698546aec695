"""A rota with what is asked of it all the time: its problem, who has what, names, what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.kit import time
from wijkapp.kit.words import gettext
from wijkapp.rota.checker import Violation
from wijkapp.rota.models import Duty, Plan
from wijkapp.rota.problem import Problem, Rota
from wijkapp.rota.service.candidates import Person, people_of
from wijkapp.rota.service.problem import faults_of, problem_of, rota_of


@dataclass(frozen=True)
class Fault:
    """What may not be, in words with names in them and why, and at which duty it is mended."""

    violation: Violation
    text: str
    source: str
    duty_id: UUID
    member_id: UUID | None


@dataclass(frozen=True)
class Book:
    """A rota with everything that is asked of it all the time."""

    plan: Plan
    terms: RotaTerms
    duties: Sequence[Duty]
    problem: Problem
    rota: Rota
    people: Mapping[UUID, Person]

    @property
    def own(self) -> set[str]:
        return {str(duty.id) for duty in self.duties}

    def block_name(self, duty: Duty) -> str:
        block = self.terms.block(duty.block)
        return block.name if block else duty.block

    def named(self, sentence: str) -> str:
        """With names in place of ids."""
        for member_id, person in self.people.items():
            sentence = sentence.replace(str(member_id), person.name)
        return sentence

    def faults(self) -> tuple[Fault, ...]:
        return tuple(self.told(one) for one in faults_of(self.problem, self.rota, self.own))

    def told(self, one: Violation) -> Fault:
        mine = [UUID(duty) for duty in one.duties if duty in self.own]
        member = UUID(one.people[0]) if one.people else None
        return Fault(one, self.named(one.text), gettext(one.source), mine[0], member)


def open_book(db: Session, plan: Plan) -> Book:
    """Read a rota from the database."""
    problem = problem_of(db, plan)
    duties = db.scalars(
        select(Duty).where(Duty.plan_id == plan.id).order_by(Duty.starts_at, Duty.ends_at, Duty.block)
    ).all()
    known = {UUID(one.id) for one in problem.people} | {one.member_id for one in duties if one.member_id}
    return Book(
        plan,
        agreements.rota_terms_for(db, plan.region_id, time.day_starts(plan.first_day)),
        sorted(duties, key=lambda one: (one.starts_at, one.ends_at, one.block, one.line != "main", one.seat)),
        problem,
        rota_of(db, plan, problem),
        people_of(db, known),
    )
