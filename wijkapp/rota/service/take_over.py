"""Neem over nu: whoever lawfully can takes a duty that runs or is about to begin, and one that nobody has."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from wijkapp.kit import time
from wijkapp.kit.db import changed, new_id, transaction
from wijkapp.kit.errors import NotAllowed
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account
from wijkapp.rota import checkin, swapping
from wijkapp.rota.models import Duty, DutyHold, Member, Swap
from wijkapp.rota.rules import HeldBy, SwapKind, SwapState
from wijkapp.rota.service import candidates, holding
from wijkapp.rota.service.regions import may_plan
from wijkapp.rota.service.steps import solved
from wijkapp.rota.service.swap import held, member_of, terms_of, under_way
from wijkapp.rota.service.swap_steps import TAKEN, forget_to_ask, move, tell_silent
from wijkapp.rota.swapping import AlreadyTaken, NoWayBack, Step


class NoMember(NotAllowed):
    """Only who takes duties in this region can take one over."""

    sentence = _("Je doet in deze regio niet mee met de diensten. Vraag je planner.")


class YoursAlready(AlreadyTaken):
    """Nothing to take over."""

    sentence = _("Deze dienst is al van jou.")


def take_over(actor: Account, duty_id: UUID, seen: int) -> datetime:
    """I take this duty now: it runs, or begins within 12 hours. Whoever had it is told.

    Gives until when it can be undone.

    seen  the sequence number of the duty when the actor looked at it: of two who tap at once one wins

    Raises NotFound, NoMember, TooEarly, DutyIsOver, AlreadyTaken, YoursAlready, NotLawful.
    """
    moment = time.now()
    with transaction() as db:
        duty = held(db, actor, duty_id)
        mine = _member(db, actor, duty)
        swapping.check_take_over(duty.starts_at, duty.ends_at, moment)
        _claim(db, duty, mine, seen)
        candidates.require_lawful(db, duty, {duty.id: mine.id}, moment, at_once=True)
        _end_alarm(db, duty, actor, moment)
        hold = holding.give(db, duty, mine.id, how=HeldBy.TAKEOVER, by=actor.id, moment=moment)
        _end_swap(db, duty, mine, actor, moment)
        return hold.made_at + terms_of(db, duty, moment).undo_within


def take_open(actor: Account, duty_id: UUID, seen: int) -> None:
    """I take a duty of a published rota that nobody has.

    Raises NotFound, NoMember, TooLate, AlreadyTaken, YoursAlready, NotLawful.
    """
    moment = time.now()
    with transaction() as db:
        duty = held(db, actor, duty_id)
        mine = _member(db, actor, duty)
        if duty.starts_at <= moment:
            raise swapping.TooLate
        if duty.member_id is not None and duty.member_id != mine.id:
            raise AlreadyTaken
        _claim(db, duty, mine, seen)
        candidates.require_lawful(db, duty, {duty.id: mine.id}, moment)
        holding.give(db, duty, mine.id, how=HeldBy.SWAP, by=actor.id, moment=moment)
        if not _end_swap(db, duty, mine, actor, moment):
            db.add(_taken(duty, mine, actor, moment))


def undo(actor: Account, duty_id: UUID) -> None:
    """It was a mistake: back to who had it. Within the agreed time, by either of the two or by a planner.

    Raises NotFound, NoWayBack.
    """
    moment = time.now()
    with transaction() as db:
        duty = held(db, actor, duty_id)
        holds = holding.holds_of(db, duty.id)
        if len(holds) < 2 or not _may_undo(db, actor, duty, holds[-1], holds[-2], moment):
            raise NoWayBack
        holding.give(db, duty, holds[-2].member_id, how=HeldBy.UNDO, by=actor.id, moment=moment)


def _may_undo(
    db: Session, actor: Account, duty: Duty, last: DutyHold, before: DutyHold, moment: datetime
) -> bool:
    within = terms_of(db, duty, moment).undo_within
    if not swapping.may_undo(last.how, last.made_at, moment, within):
        return False
    mine = member_of(db, actor, duty.region_id)
    own = mine is not None and mine.id in {last.member_id, before.member_id}
    return own or may_plan(db, actor, duty.region_id)


def _member(db: Session, actor: Account, duty: Duty) -> Member:
    mine = member_of(db, actor, duty.region_id)
    if mine is None:
        raise NoMember
    return mine


def _claim(db: Session, duty: Duty, mine: Member, seen: int) -> None:
    """Nobody else got it since the actor looked. Raises AlreadyTaken, YoursAlready."""
    if duty.member_id == mine.id:
        raise YoursAlready
    as_seen = Duty.id == duty.id, Duty.sequence == seen
    if changed(db, update(Duty).where(*as_seen).values(sequence=Duty.sequence)) != 1:
        raise AlreadyTaken


def _end_alarm(db: Session, duty: Duty, actor: Account, moment: datetime) -> None:
    """Whoever had it did not come, and others were rung for that: those need not come any more."""
    last = holding.last_hold(db, duty.id)
    if last and last.checked_in_at is None and last.step in checkin.MISSED:
        solved(db, duty, checkin.Step(last.step), moment, but=actor.id)


def _end_swap(db: Session, duty: Duty, mine: Member, actor: Account, moment: datetime) -> bool:
    """The question that ran about it needs no answer any more."""
    swap = under_way(db, duty.id)
    if swap is None:
        return False
    if swap.state is SwapState.APPROVAL:
        move(db, swap, Step.LET_GO)
    trade = swap.return_duty_id is not None  # what would have come in return stays where it is
    taker = {} if trade else {"taken_by_id": mine.id}
    move(db, swap, Step.WITHDRAW if trade else Step.TAKE, decided_at=moment, decided_by_id=actor.id, **taker)
    forget_to_ask(db, swap.id)
    tell_silent(db, swap, TAKEN, but=actor.id)
    return True


def _taken(duty: Duty, mine: Member, actor: Account, moment: datetime) -> Swap:
    """So that the history tells that somebody took what nobody had."""
    return Swap(
        id=new_id(),
        duty_id=duty.id,
        kind=SwapKind.POOL,
        state=SwapState.DONE,
        from_id=None,
        asked_by_id=actor.id,
        asked_at=moment,
        ask_again_at=None,
        ends_at=duty.starts_at,
        taken_by_id=mine.id,
        decided_at=moment,
        decided_by_id=actor.id,
    )
