"""The steps of a swap within the transaction of whoever takes them: claimed, judged, carried out, told."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.kit import outbox
from wijkapp.kit.db import changed
from wijkapp.kit.errors import NotFound
from wijkapp.people.models import Account
from wijkapp.rota import swapping
from wijkapp.rota.models import Duty, Member, Swap, SwapAsk
from wijkapp.rota.rules import HeldBy, SwapKind
from wijkapp.rota.service import candidates, holding, who
from wijkapp.rota.service.regions import may_plan
from wijkapp.rota.service.swap import ASKED, ASKED_AGAIN, FOR_YOU, held, member_of
from wijkapp.rota.swapping import Step, SwapIsOver

TAKEN, AGREED, WITHDRAWN, LAPSED = (
    "rota.swap_taken",
    "rota.swap_agreed",
    "rota.swap_withdrawn",
    "rota.swap_lapsed",
)


def found(db: Session, actor: Account, swap_id: UUID) -> tuple[Swap, Duty]:
    """A swap in a region of the actor, and its duty; both held until the transaction ends.

    Raises NotFound for whoever has nothing to do with duties there.
    """
    swap = db.get(Swap, swap_id)
    if swap is None:
        raise NotFound
    duty = held(db, actor, swap.duty_id, swap.return_duty_id)
    db.refresh(swap)  # what happened while we waited for the duty
    if member_of(db, actor, duty.region_id) is None and not may_plan(db, actor, duty.region_id):
        raise NotFound
    return swap, duty


def move(db: Session, swap: Swap, step: Step, **also: object) -> None:
    """Claim the next step. Raises what `swapping.after` says when another was first."""
    leads_to = swapping.after(swap.state, step)
    ended = {} if leads_to in swapping.UNDER_WAY else {"ask_again_at": None}
    claimed = changed(
        db,
        update(Swap)
        .where(Swap.id == swap.id, Swap.state == swap.state)
        .values(state=leads_to, **ended, **also),
    )
    db.refresh(swap)
    if claimed != 1:
        swapping.after(swap.state, step)
        raise SwapIsOver


def end(db: Session, swap: Swap, step: Step, event: str, moment: datetime, *, by: UUID | None = None) -> None:
    """It ends without anything changing: who has the duty, who asked and who said yes hear that."""
    taker = who.account_of(db, swap.taken_by_id)
    move(db, swap, step, decided_at=moment, decided_by_id=by)
    askers = tell_askers(db, swap, event, but=by)
    told = {taker} if taker else set[UUID]()
    if event == WITHDRAWN:
        told |= set(silent(db, swap.id))
    outbox.record(db, event, about=swap.id, to=told - askers - {by})
    forget_to_ask(db, swap.id)


def tell_askers(db: Session, swap: Swap, event: str, *, but: UUID | None = None) -> set[UUID]:
    """Tell whoever has the duty and whoever asked; gives who they are."""
    told = {one for one in (who.account_of(db, swap.from_id), swap.asked_by_id) if one and one != but}
    outbox.record(db, event, about=swap.id, to=told)
    return told


def tell_silent(db: Session, swap: Swap, event: str, *, but: UUID | None = None) -> None:
    """Tell whoever was asked and said nothing yet."""
    outbox.record(db, event, about=swap.id, to=[one for one in silent(db, swap.id) if one != but])


def forget_to_ask(db: Session, swap_id: UUID) -> None:
    """What still waits for the end of somebody's quiet hours need not be asked any more."""
    everybody = db.scalars(
        select(Member.account_id)
        .join(SwapAsk, SwapAsk.member_id == Member.id)
        .where(SwapAsk.swap_id == swap_id)
    ).all()
    outbox.take_back(db, (ASKED, ASKED_AGAIN), about=swap_id, to=everybody)


def silent(db: Session, swap_id: UUID) -> Collection[UUID]:
    return db.scalars(
        select(Member.account_id)
        .join(SwapAsk, SwapAsk.member_id == Member.id)
        .where(SwapAsk.swap_id == swap_id, SwapAsk.answer.is_(None))
    ).all()


def check(db: Session, swap: Swap, duty: Duty, taker: UUID, moment: datetime) -> None:
    """Is it still what was asked, and lawful? Raises SwapIsOver, TooLate, NotLawful."""
    if duty.starts_at <= moment:
        raise swapping.TooLate
    moved: dict[UUID, UUID | None] = {duty.id: taker}
    if swap.return_duty_id:
        other = db.get(Duty, swap.return_duty_id)
        if other is None or other.member_id != taker or other.starts_at <= moment:
            raise SwapIsOver
        moved[other.id] = swap.from_id
    if duty.member_id != swap.from_id:  # somebody else got it meanwhile, by another way
        raise SwapIsOver
    candidates.require_lawful(db, duty, moved, moment)


def carry_out(db: Session, swap: Swap, duty: Duty, actor: Account, moment: datetime) -> None:
    """The duty goes over, and with it the points; who else was asked need not answer any more."""
    how = HeldBy.PLANNER if swap.kind is SwapKind.PLANNER else HeldBy.SWAP
    holding.give(db, duty, swap.taken_by_id, how=how, by=actor.id, moment=moment)
    if swap.return_duty_id:
        other = db.get_one(Duty, swap.return_duty_id)
        holding.give(db, other, swap.from_id, how=how, by=actor.id, moment=moment)
    forget_to_ask(db, swap.id)
    outbox.take_back(db, (FOR_YOU,), about=swap.id, to=_account(db, swap.from_id))
    tell_silent(db, swap, TAKEN, but=actor.id)
    if swap.asked_by_id and swap.asked_by_id not in {actor.id, *_account(db, swap.from_id)}:
        outbox.record(db, AGREED, about=swap.id, to=[swap.asked_by_id])


def _account(db: Session, member_id: UUID | None) -> list[UUID]:
    found = who.account_of(db, member_id)
    return [found] if found else []
