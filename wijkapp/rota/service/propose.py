"""What the planner came with: asked for, stopped, made the rota, or put away."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from wijkapp.kit import time
from wijkapp.kit.db import transaction
from wijkapp.kit.errors import Refused
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty
from wijkapp.rota.rules import RunKind, RunState
from wijkapp.rota.service import runs, swap
from wijkapp.rota.service.plans import draft_of, plan_of
from wijkapp.rota.service.swap import Question


def ask(actor: Account, plan_id: UUID) -> UUID:
    """Plan everything anew, but for what was locked. Raises NotFound, AlreadyPublished, AlreadyPlanning."""
    with transaction() as db:
        return runs.ask_in(db, draft_of(db, actor, plan_id), actor, RunKind.PLAN, time.now())


def stop(actor: Account, plan_id: UUID, run_id: UUID) -> None:
    """Stop planning. Raises NotFound, RunIsOver."""
    with transaction() as db:
        run = runs.run_of(db, plan_of(db, actor, plan_id).id, run_id)
        runs.stop_in(db, run.id, time.now())


def put_away(actor: Account, plan_id: UUID, run_id: UUID) -> None:
    """The rota stays as it is. Raises NotFound, RunIsOver."""
    with transaction() as db:
        run = runs.run_of(db, plan_of(db, actor, plan_id).id, run_id)
        runs.settle_in(db, run.id, RunState.DROPPED)


def take(actor: Account, plan_id: UUID, run_id: UUID) -> int:
    """The proposal becomes the rota, but for what was locked meanwhile. Gives how many duties changed.

    Raises NotFound, AlreadyPublished, RunIsOver.
    """
    with transaction() as db:
        plan = draft_of(db, actor, plan_id)
        run = runs.run_of(db, plan.id, run_id)
        runs.settle_in(db, run.id, RunState.TAKEN)
        proposed = runs.proposed_by(db, run)
        duties = db.scalars(select(Duty).where(Duty.plan_id == plan.id, ~Duty.locked)).all()
        moved = [one for one in duties if one.member_id != proposed.get(one.id)]
        for one in moved:
            one.member_id = proposed.get(one.id)
        return len(moved)


@dataclass(frozen=True)
class Asked:
    """How many duties somebody was asked for, and why that could not be for others."""

    asked: int
    refused: tuple[str, ...]


def ask_people(actor: Account, plan_id: UUID, run_id: UUID) -> Asked:
    """Of a published rota nobody's duties change without a yes: ask those the proposal gives them to.

    Raises NotFound, RunIsOver.
    """
    moment = time.now()
    with transaction() as db:
        plan = plan_of(db, actor, plan_id)
        run = runs.run_of(db, plan.id, run_id)
        runs.settle_in(db, run.id, RunState.TAKEN)
        proposed = runs.proposed_by(db, run)
        duties = db.scalars(select(Duty).where(Duty.plan_id == plan.id, Duty.starts_at > moment)).all()
        wanted = {
            one.id: proposed[one.id]
            for one in duties
            if one.id in proposed and one.member_id != proposed[one.id]
        }
    refused = []
    for duty_id, member_id in wanted.items():
        try:
            swap.ask(actor, duty_id, Question(to=frozenset({member_id})))
        except Refused as why:
            refused.append(str(why.sentence))
    return Asked(len(wanted) - len(refused), tuple(dict.fromkeys(refused)))
