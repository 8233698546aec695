"""The planner at work on a plan: asked, done in a process of its own, and how it ended.

What is due stands in `PlanRun`. Who works on it says so every few seconds; a run that is silent for long is
taken up again from the start, with the same outcome, because the planner is as good as its input.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, new_id, transaction
from wijkapp.kit.errors import NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty, Member, Plan, PlanRun
from wijkapp.rota.problem import Problem, Rota
from wijkapp.rota.reading import problem_to_json, read_problem, read_rota
from wijkapp.rota.rules import RunKind, RunState
from wijkapp.rota.service.problem import problem_of, rota_of

SILENT = timedelta(seconds=60)
"""A process says that it lives far more often; silent for so long it does no more."""

TOO_LONG = timedelta(hours=1)
"""What is not done so long after it was asked never will be: nobody waits for it any more."""

PROPOSED, FAILED = "rota.proposed", "rota.plan_failed"
FORGOTTEN = "{}"
"""What is left of a problem when its run has ended: when people cannot is kept in one place only."""

UNDER_WAY = (RunState.WAITING, RunState.RUNNING)


class AlreadyPlanning(Refused):
    """One piece of planning at a time for each plan."""

    sentence = _("De app is al bezig met dit rooster. Wacht even, of stop het eerst.")


class RunIsOver(Refused):
    """It was done, stopped or put away already."""

    sentence = _("Dit is al klaar of gestopt. Kijk hoe het rooster er nu voor staat.")


@dataclass(frozen=True)
class Work:
    """What a process has to do. rota: what must be mended; None: everything anew."""

    run_id: UUID
    problem: Problem
    rota: Rota | None


def ask_in(
    db: Session, plan: Plan, actor: Account, kind: RunKind, moment: datetime, keep: Collection[UUID] = ()
) -> UUID:
    """Have the planner look at this plan as it is now. Gives the id of the run. Raises AlreadyPlanning.

    The caller holds the plan, so of two who ask one gets it.

    keep  duties that stay as they are, beside what was locked and what has begun
    """
    if db.scalar(select(PlanRun.id).where(PlanRun.plan_id == plan.id, PlanRun.state.in_(UNDER_WAY))):
        raise AlreadyPlanning
    db.execute(  # a newer one takes the place of what still waits for an answer
        update(PlanRun)
        .where(PlanRun.plan_id == plan.id, PlanRun.state == RunState.DONE)
        .values(state=RunState.DROPPED)
    )
    problem = problem_of(db, plan, keep=_fixed(db, plan, moment, keep))
    now = _text(rota_of(db, plan, problem).to_json()) if kind is RunKind.REPAIR else None
    run = PlanRun(
        id=new_id(),
        plan_id=plan.id,
        kind=kind,
        state=RunState.WAITING,
        problem=_text(problem_to_json(problem)),
        rota=now,
        asked_by_id=actor.id,
        asked_at=moment,
        beat_at=None,
        ended_at=None,
    )
    db.add(run)
    db.flush()
    return run.id


def _fixed(db: Session, plan: Plan, moment: datetime, keep: Collection[UUID]) -> dict[UUID, UUID]:
    """What somebody locked, and what has begun: nobody can plan that any more."""
    found = select(Duty.id, Duty.member_id).where(
        Duty.plan_id == plan.id,
        Duty.member_id.is_not(None),
        or_(Duty.locked, Duty.starts_at <= moment, Duty.id.in_(keep)),
    )
    return {duty: member for duty, member in db.execute(found) if member}


def stop_in(db: Session, run_id: UUID, moment: datetime) -> None:
    """Stop it: the process sees within seconds that nobody wants it any more. Raises RunIsOver."""
    stopped = (
        update(PlanRun)
        .where(PlanRun.id == run_id, PlanRun.state.in_(UNDER_WAY))
        .values(state=RunState.CANCELLED, problem=FORGOTTEN, ended_at=moment)
    )
    if not changed(db, stopped):
        raise RunIsOver


def settle_in(db: Session, run_id: UUID, state: RunState) -> None:
    """The proposal became the rota, or was put away. Raises RunIsOver when another was first."""
    settled = update(PlanRun).where(PlanRun.id == run_id, PlanRun.state == RunState.DONE).values(state=state)
    if not changed(db, settled):
        raise RunIsOver


def latest(db: Session, plan_id: UUID) -> PlanRun | None:
    """The last time the planner was asked about this plan."""
    return db.scalar(
        select(PlanRun).where(PlanRun.plan_id == plan_id).order_by(PlanRun.asked_at.desc(), PlanRun.id.desc())
    )


def run_of(db: Session, plan_id: UUID, run_id: UUID) -> PlanRun:
    """Raises NotFound for a run of another plan."""
    run = db.get(PlanRun, run_id)
    if run is None or run.plan_id != plan_id:
        raise NotFound
    return run


# --- for the process that does it


def is_due(db: Session, moment: datetime) -> bool:
    """Does a run wait, or was one left behind?"""
    return db.scalar(select(PlanRun.id).where(_to_do(moment)).limit(1)) is not None


def claim() -> Work | None:
    """The run that waits longest, now ours; None when there is none. Of two who ask one gets it."""
    moment = time.now()
    with transaction() as db:
        _give_up(db, moment)
        for run in db.scalars(select(PlanRun).where(_to_do(moment)).order_by(PlanRun.asked_at)).all():
            ours = (
                update(PlanRun)
                .where(PlanRun.id == run.id, _to_do(moment))
                .values(state=RunState.RUNNING, beat_at=moment, progress=0)
            )
            if changed(db, ours):
                return _work(run)
    return None


def beat(run_id: UUID, progress: int) -> bool:
    """The process lives, and is so far (percent). False: stop, nobody waits for it any more."""
    with transaction(lightly=True) as db:
        alive = (
            update(PlanRun)
            .where(PlanRun.id == run_id, PlanRun.state == RunState.RUNNING)
            .values(beat_at=time.now(), progress=progress)
        )
        return changed(db, alive) == 1


def finish(run_id: UUID, rota: Rota) -> bool:
    """There is a proposal; whoever asked hears it. False when it had been stopped meanwhile."""
    values = {"state": RunState.DONE, "rota": _text(_with_reasons(rota)), "progress": 100}
    return _end(run_id, values, PROPOSED)


def _with_reasons(rota: Rota) -> dict[str, Any]:
    """As in the file, with the facts beside each sentence in Dutch: a page tells them in its own language."""
    plain = rota.to_json()
    for row, one in zip(plain["open"], rota.open, strict=True):
        row["reasons"] = [{"kind": reason.kind, "facts": reason.facts} for reason in one.reasons]
    return plain


def fail(run_id: UUID) -> bool:
    """It went wrong; whoever asked hears it."""
    return _end(run_id, {"state": RunState.FAILED}, FAILED)


def _end(run_id: UUID, values: Mapping[str, Any], event: str) -> bool:
    moment = time.now()
    with transaction() as db:
        ended = (
            update(PlanRun)
            .where(PlanRun.id == run_id, PlanRun.state == RunState.RUNNING)
            .values(ended_at=moment, problem=FORGOTTEN, **values)
        )
        if not changed(db, ended):
            return False
        run = db.get_one(PlanRun, run_id)
        _tell(db, run, event)
    return True


def _give_up(db: Session, moment: datetime) -> None:
    """What comes to nothing each time, because its process dies of it, ends some time."""
    for run in db.scalars(select(PlanRun).where(_to_do(moment), PlanRun.asked_at < moment - TOO_LONG)).all():
        run.state, run.problem, run.ended_at = RunState.FAILED, FORGOTTEN, moment
        db.flush()
        _tell(db, run, FAILED)


def _tell(db: Session, run: PlanRun, event: str) -> None:
    outbox.record(db, event, about=run.plan_id, to=[run.asked_by_id] if run.asked_by_id else [])


def _to_do(moment: datetime) -> ColumnElement[bool]:
    return and_(
        PlanRun.state.in_(UNDER_WAY),
        or_(PlanRun.state == RunState.WAITING, PlanRun.beat_at < moment - SILENT),
    )


def _work(run: PlanRun) -> Work:
    problem = read_problem(json.loads(run.problem))
    return Work(
        run.id,
        problem,
        read_rota(json.loads(run.rota), problem) if run.kind is RunKind.REPAIR and run.rota else None,
    )


def said_by(run: PlanRun) -> dict[str, Any]:
    """What the planner came with, as in the file, with reasons as facts. Only of a run that is done."""
    found: dict[str, Any] = json.loads(run.rota) if run.rota else {}
    return found


def proposed_by(db: Session, run: PlanRun) -> dict[UUID, UUID]:
    """Duty id -> member id, of the duties and people that are still there."""
    region_id = db.get_one(Plan, run.plan_id).region_id
    members = set(db.scalars(select(Member.id).where(Member.region_id == region_id, Member.active)))
    own = set(db.scalars(select(Duty.id).where(Duty.plan_id == run.plan_id)))
    pairs = ((UUID(duty), UUID(who)) for duty, who in said_by(run).get("assignments", {}).items())
    return {duty: who for duty, who in pairs if duty in own and who in members}


def _text(plain: Mapping[str, Any]) -> str:
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False)
