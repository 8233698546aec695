"""What those who were asked say; whoever asked takes it back; and whether the planner agrees."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, insert_new, transaction
from wijkapp.kit.errors import NotAllowed
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account
from wijkapp.rota import swapping
from wijkapp.rota.models import Duty, Member, Swap, SwapAsk
from wijkapp.rota.rules import SwapAnswer, SwapKind, SwapState
from wijkapp.rota.service import who
from wijkapp.rota.service.regions import may_plan
from wijkapp.rota.service.swap import (
    ASKED,
    ASKED_AGAIN,
    NotYours,
    member_of,
    require_planner,
    terms_of,
)
from wijkapp.rota.service.swap_steps import (
    LAPSED,
    WITHDRAWN,
    carry_out,
    check,
    end,
    found,
    move,
    tell_askers,
)
from wijkapp.rota.swapping import Step, SwapIsOver

TO_APPROVE, ANSWERED = "rota.swap_to_approve", "rota.swap_answered"
REFUSED, SAID_NO = "rota.swap_refused", "rota.swap_no"


class NotAsked(NotAllowed):
    """Somebody else was asked."""

    sentence = _("Deze vraag is niet aan jou gesteld.")


def take(actor: Account, swap_id: UUID) -> SwapState:
    """I take this duty. Of several who say so one wins; the others hear it at once.

    Gives DONE, or APPROVAL when a planner has to agree first. Twice is fine.
    Raises NotFound, NotAsked, AlreadyTaken, SwapIsOver, NotLawful.
    """
    moment = time.now()
    with transaction() as db:
        swap, duty = found(db, actor, swap_id)
        mine = _asked_member(db, actor, swap, duty)
        if swap.taken_by_id == mine.id and swap.state in {SwapState.DONE, SwapState.APPROVAL}:
            return swap.state
        agreed = terms_of(db, duty, moment).swap_approval
        step = Step.OFFER if swapping.needs_approval(swap.kind, agreed=agreed) else Step.TAKE
        move(db, swap, step, taken_by_id=mine.id, decided_at=moment, decided_by_id=actor.id)
        check(db, swap, duty, mine.id, moment)
        _answer(db, swap.id, mine.id, SwapAnswer.TAKE, moment)
        if step is Step.TAKE:
            carry_out(db, swap, duty, actor, moment)
        else:
            planners = who.those_who_plan(db, duty.region_id)
            outbox.record(db, TO_APPROVE, about=swap.id, to=[one for one in planners if one != actor.id])
            tell_askers(db, swap, ANSWERED, but=actor.id)
        return swap.state


def decline(actor: Account, swap_id: UUID) -> None:
    """I cannot. Nobody asks why. When nobody is left who could say yes, whoever asked hears it at once.

    Who said yes and waits for the planner may come back on it this way.
    """
    moment = time.now()
    with transaction() as db:
        swap, duty = found(db, actor, swap_id)
        mine = _asked_member(db, actor, swap, duty)
        if swap.state is SwapState.APPROVAL and swap.taken_by_id == mine.id:
            move(db, swap, Step.LET_GO, taken_by_id=None, decided_at=None, decided_by_id=None)
        elif swap.state is not SwapState.OPEN:
            return  # it is over: nothing to say no to
        if not _answer(db, swap.id, mine.id, SwapAnswer.NO, moment):
            return
        outbox.take_back(db, (ASKED, ASKED_AGAIN), about=swap.id, to=[actor.id])
        asked, silent = _asked_and_silent(db, swap.id)
        if silent:
            tell_askers(db, swap, ANSWERED, but=actor.id)
        elif asked == 1 and swap.kind is not SwapKind.POOL:
            end(db, swap, Step.LAPSE, LAPSED, moment)
        else:  # somebody may change their mind, or become able to, until the end
            tell_askers(db, swap, SAID_NO, but=actor.id)


def withdraw(actor: Account, swap_id: UUID) -> None:
    """It is not needed any more: who has the duty keeps it. By them, by who asked, or by a planner."""
    moment = time.now()
    with transaction() as db:
        swap, duty = found(db, actor, swap_id)
        mine = member_of(db, actor, duty.region_id)
        own = swap.asked_by_id == actor.id or (mine is not None and mine.id == swap.from_id)
        if not own and not may_plan(db, actor, duty.region_id):
            raise NotYours
        if swap.state is not SwapState.WITHDRAWN:
            end(db, swap, Step.WITHDRAW, WITHDRAWN, moment, by=actor.id)


def approve(actor: Account, swap_id: UUID) -> None:
    """The planner agrees: the duty goes to who takes it. Raises NotYours, NotYetTaken, NotLawful."""
    moment = time.now()
    with transaction() as db:
        swap, duty = found(db, actor, swap_id)
        require_planner(db, actor, duty.region_id)
        if swap.state is SwapState.DONE:
            return
        taker = swap.taken_by_id
        move(db, swap, Step.APPROVE, decided_at=moment, decided_by_id=actor.id)
        if taker is None:
            raise SwapIsOver
        check(db, swap, duty, taker, moment)
        carry_out(db, swap, duty, actor, moment)


def refuse(actor: Account, swap_id: UUID) -> None:
    """The planner does not agree: it stays as it was, and both hear that."""
    moment = time.now()
    with transaction() as db:
        swap, duty = found(db, actor, swap_id)
        require_planner(db, actor, duty.region_id)
        if swap.state is not SwapState.REFUSED:
            end(db, swap, Step.REFUSE, REFUSED, moment, by=actor.id)


# --- of one answer


def _asked_member(db: Session, actor: Account, swap: Swap, duty: Duty) -> Member:
    """The actor as one who was asked; a question to everybody is also for who could not before."""
    mine = member_of(db, actor, duty.region_id)
    if mine is None or mine.id == swap.from_id:
        raise NotAsked
    if db.get(SwapAsk, (swap.id, mine.id)) is None:
        if swap.kind is not SwapKind.POOL:
            raise NotAsked
        insert_new(
            db, SwapAsk, [{"swap_id": swap.id, "member_id": mine.id, "asked_at": time.now(), "answer": None}]
        )
    return mine


def _answer(db: Session, swap_id: UUID, member_id: UUID, answer: SwapAnswer, moment: datetime) -> bool:
    """Write down what somebody said; False when they had said that already."""
    said = update(SwapAsk).where(
        SwapAsk.swap_id == swap_id,
        SwapAsk.member_id == member_id,
        SwapAsk.answer.is_(None) | (SwapAsk.answer != answer),
    )
    return changed(db, said.values(answer=answer, answered_at=moment)) == 1


def _asked_and_silent(db: Session, swap_id: UUID) -> tuple[int, int]:
    """How many were asked, and how many of them said nothing yet."""
    answers = select(func.count(), func.count(SwapAsk.answer)).where(SwapAsk.swap_id == swap_id)
    asked, answered = db.execute(answers).one()
    return asked, asked - answered
