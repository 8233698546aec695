"""A signal goes up the ladder that the parties of the wijk agreed on: each step told once.

Nothing is remembered between two looks of the clock: which steps were told stands beside the signal, which
is held while the next ones are added. So a restart or a second clock repeats none.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.agreements.models import Agreement, Escalation
from wijkapp.agreements.register import Phase
from wijkapp.agreements.service.hearing import hearers
from wijkapp.agreements.service.standing import standing_per_wijk
from wijkapp.kit import outbox, time
from wijkapp.kit.db import reading, transaction
from wijkapp.oversight.models import NormSignal, SignalStep
from wijkapp.oversight.rules.signals import steps_due

_RUNS = NormSignal.ended_on.is_(None)


def climb() -> int:
    """Tell of every step that is due. Gives how many were told."""
    moment = time.now()
    with reading() as db:
        running = dict(
            db.execute(select(NormSignal.id, NormSignal.wijk_id).where(_RUNS).order_by(NormSignal.id)).all()
        )
        holding = holding_in(db, set(running.values()))
        has_steps = set(
            db.scalars(select(Escalation.agreement_id).where(Escalation.agreement_id.in_(holding.values())))
        )
    return sum(
        _climb(signal_id, holding[wijk_id], moment)
        for signal_id, wijk_id in running.items()
        if holding.get(wijk_id) in has_steps
    )


def holding_in(db: Session, wijk_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """By wijk the agreement that holds there now: signed by all, or carried out already."""
    standing = standing_per_wijk(db, set(wijk_ids))
    return {
        wijk_id: one.agreement_id
        for wijk_id, one in standing.items()
        if one.phase is Phase.EXECUTION or one.signed is not None
    }


def _climb(signal_id: UUID, agreement_id: UUID, moment: datetime) -> int:
    with transaction() as db:
        signal = db.get(NormSignal, signal_id, with_for_update=True, populate_existing=True)
        if signal is None or signal.ended_on is not None:
            return 0
        told = db.scalars(
            select(SignalStep.after_days).where(
                SignalStep.signal_id == signal_id, SignalStep.agreement_id == agreement_id
            )
        ).all()
        steps = db.scalars(select(Escalation).where(Escalation.agreement_id == agreement_id))
        agreed = {one.after_days: one for one in steps}
        due = steps_due(agreed, told, signal.told_at, moment)
        for days in due:
            db.add(
                SignalStep(signal_id=signal_id, agreement_id=agreement_id, after_days=days, told_at=moment)
            )
        if due:  # each person once, also when the clock stood still and several are due
            to = _who(db, agreement_id, [agreed[days] for days in due])
            outbox.record(db, "oversight.step_due", about=agreement_id, to=to)
        return len(due)


def _who(db: Session, agreement_id: UUID, steps: Iterable[Escalation]) -> list[UUID]:
    agreement = db.get_one(Agreement, agreement_id)
    return sorted({one.id for step in steps for one in hearers(db, agreement, step).people})


def told_steps(db: Session, signal_ids: Sequence[UUID]) -> dict[UUID, list[SignalStep]]:
    """By signal the steps that were told, the first one first."""
    found: dict[UUID, list[SignalStep]] = {}
    for step in db.scalars(
        select(SignalStep).where(SignalStep.signal_id.in_(signal_ids)).order_by(SignalStep.after_days)
    ):
        found.setdefault(step.signal_id, []).append(step)
    return found
