"""Swaps by themselves: who did not answer hears it again, and what nobody took stays where it was."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, transaction
from wijkapp.rota import swapping
from wijkapp.rota.models import Duty, Swap, SwapAsk
from wijkapp.rota.rules import SwapKind, SwapState
from wijkapp.rota.service import candidates, who
from wijkapp.rota.service.swap import ASKED_AGAIN, add_asked, ring, terms_of
from wijkapp.rota.service.swap_answer import TO_APPROVE
from wijkapp.rota.service.swap_steps import LAPSED, WITHDRAWN, end
from wijkapp.rota.swapping import UNDER_WAY, Step


def due(db: Session, moment: datetime, most: int) -> Sequence[UUID]:
    """The swaps for which it is time, the longest waiting first."""
    return db.scalars(
        select(Swap.id)
        .where(Swap.ask_again_at <= moment, Swap.state.in_(UNDER_WAY))
        .order_by(Swap.ask_again_at)
        .limit(most)
    ).all()


def ask_again(swap_id: UUID) -> bool:
    """The next step of one swap; False when another clock took it.

    At the end it lapses. Before that those who did not answer hear it again, and whoever has become able to
    since; a planner who has to agree is reminded.
    """
    moment = time.now()
    with transaction() as db:
        swap = db.get(Swap, swap_id)
        if swap is None:
            return False
        duty = db.get_one(Duty, swap.duty_id, with_for_update=True)
        db.refresh(swap)
        if swap.state not in UNDER_WAY or swap.ask_again_at is None or swap.ask_again_at > moment:
            return False
        if duty.member_id != swap.from_id:  # it went to another by another way
            end(db, swap, Step.WITHDRAW, WITHDRAWN, moment)
        elif swap.ends_at <= moment:
            end(db, swap, Step.LAPSE, LAPSED, moment)
        elif _claim(db, swap, duty, moment):
            _ring_again(db, swap, duty, moment)
        else:
            return False
    return True


def _claim(db: Session, swap: Swap, duty: Duty, moment: datetime) -> bool:
    every = terms_of(db, duty, moment).ask_again_every
    due_at = Swap.ask_again_at == swap.ask_again_at
    following = swapping.next_ask(moment, swap.ends_at, every)
    return changed(db, update(Swap).where(Swap.id == swap.id, due_at).values(ask_again_at=following)) == 1


def _ring_again(db: Session, swap: Swap, duty: Duty, moment: datetime) -> None:
    if swap.state is SwapState.APPROVAL:
        outbox.record(db, TO_APPROVE, about=swap.id, to=who.those_who_plan(db, duty.region_id))
        return
    asks = {one.member_id: one for one in db.scalars(select(SwapAsk).where(SwapAsk.swap_id == swap.id))}
    silent = [member_id for member_id, one in asks.items() if one.answer is None]
    if swap.kind in {SwapKind.POOL, SwapKind.PLANNER}:
        able = [one.who.member_id for one in candidates.lawful(db, duty, moment)]
        silent = [one for one in silent if one in able]
        if swap.kind is SwapKind.POOL:
            add_asked(db, swap, duty, [one for one in able if one not in asks], moment)
    ring(db, ASKED_AGAIN, swap, duty, silent, moment)
