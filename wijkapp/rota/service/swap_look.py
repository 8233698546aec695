"""What the pages about swapping show: what is asked of me, what I asked, and what one duty allows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from wijkapp.kit import time
from wijkapp.kit.db import reading, rows
from wijkapp.kit.errors import NotFound
from wijkapp.people import access
from wijkapp.people.models import Account
from wijkapp.rota import swapping
from wijkapp.rota.models import Duty, Member, Swap, SwapAsk
from wijkapp.rota.on_duty import OnDuty, Turn
from wijkapp.rota.rules import HeldBy, SwapAnswer, SwapState
from wijkapp.rota.service import candidates, holding, look, on_duty, who
from wijkapp.rota.service.candidates import Candidate, Person, Trade
from wijkapp.rota.service.regions import may_plan, regions_where
from wijkapp.rota.service.swap import member_of, terms_of, under_way

SHOWN_FOR = timedelta(days=60)
MOST_PAST = 20


@dataclass(frozen=True)
class Shown:
    """One swap as one person sees it.

    back        what comes in return
    asked, no   how many were asked, and how many of them cannot
    answer      what the reader said
    concerns    the reader asked, was asked, or plans
    may_answer, may_withdraw, may_decide  what the reader can do now
    """

    swap: Swap
    turn: Turn
    back: Turn | None
    holder: Person | None
    taker: Person | None
    asked: int
    no: int
    answer: SwapAnswer | None
    is_mine: bool
    concerns: bool
    may_answer: bool
    may_withdraw: bool
    may_decide: bool

    @property
    def is_open(self) -> bool:
        return self.swap.state in swapping.UNDER_WAY


@dataclass(frozen=True)
class Swaps:
    """All swaps that somebody has to do with. duties: the own ones that may be given away."""

    to_me: tuple[Shown, ...]
    to_decide: tuple[Shown, ...]
    mine: tuple[Shown, ...]
    past: tuple[Shown, ...]
    duties: tuple[OnDuty, ...]
    takes_part: bool


@dataclass(frozen=True)
class Part:
    """What can be done with one duty, for its own page.

    swap        the question that runs
    may_ask     ask another to take it
    may_take    take it at once: nobody has it, or it runs or begins soon
    why_not     sentences when that is not lawful
    undo_until  until when taking over can be turned back by the reader
    """

    turn: Turn
    swap: Shown | None
    is_mine: bool
    may_ask: bool
    may_take: bool
    is_open: bool
    why_not: tuple[str, ...]
    undo_until: datetime | None


@dataclass(frozen=True)
class AskPage:
    """Whom a duty can be given to. is_mine: otherwise the planner asks."""

    turn: Turn
    holder: Person | None
    swap: Shown | None
    is_mine: bool
    candidates: Sequence[Candidate]
    trades: Sequence[Trade]


def swaps(actor: Account) -> Swaps:
    """Every swap somebody has to do with: open first, then those of the last weeks."""
    moment = time.now()
    with reading() as db:
        own = list(db.scalars(select(Member.id).where(Member.account_id == actor.id, Member.active)))
        planned = _planned_regions(db, actor)
        asked = exists().where(SwapAsk.swap_id == Swap.id, SwapAsk.member_id.in_(own))
        mine = or_(Swap.from_id.in_(own), Swap.asked_by_id == actor.id)
        waits = (Swap.state == SwapState.APPROVAL) & Duty.region_id.in_(planned)
        recent = (Swap.asked_at > moment - SHOWN_FOR) | Swap.state.in_(swapping.UNDER_WAY)
        found = _shown(db, actor, or_(asked, mine, waits), recent)
        running = sorted((one for one in found if one.is_open), key=lambda one: one.turn.starts_at)
        to_me = [one for one in running if one.may_answer]
        to_decide = [one for one in running if one.may_decide and one not in to_me]
        return Swaps(
            to_me=tuple(to_me),
            to_decide=tuple(to_decide),
            mine=tuple(one for one in running if one not in to_me and one not in to_decide),
            past=tuple(one for one in found if not one.is_open)[:MOST_PAST],
            duties=tuple(one for one in look.own(db, actor, moment) if one.turn.starts_at > moment),
            takes_part=bool(own),
        )


# Everybody's first page asks these, so they are made once.
_SWAPS = select(Swap).join(Duty, Duty.id == Swap.duty_id).order_by(Swap.asked_at.desc())
_OPEN_TO = (
    select(SwapAsk.swap_id)
    .join(Member, Member.id == SwapAsk.member_id)
    .where(Member.account_id == bindparam("account"), SwapAsk.answer.is_(None))
)
_WAITING = _SWAPS.where(Swap.state == SwapState.OPEN, Swap.id.in_(_OPEN_TO))
_ASKS = select(SwapAsk.swap_id, SwapAsk.member_id, SwapAsk.answer).where(
    SwapAsk.swap_id.in_(bindparam("swaps", expanding=True))
)


def waiting(actor: Account) -> tuple[Shown, ...]:
    """What is asked of somebody who did not answer yet, the nearest duty first."""
    with reading() as db:
        shown = _with_all(db, actor, db.scalars(_WAITING, {"account": actor.id}).all())
        return tuple(sorted((one for one in shown if one.may_answer), key=lambda one: one.turn.starts_at))


def swap(actor: Account, swap_id: UUID) -> Shown:
    """One swap. Raises NotFound for whoever has nothing to do with it."""
    with reading() as db:
        for one in _shown(db, actor, Swap.id == swap_id):
            if one.concerns:
                return one
        raise NotFound


def part(actor: Account, duty_id: UUID) -> Part | None:
    """What the reader can do with this duty; None for who takes no part and plans nothing."""
    moment = time.now()
    with reading() as db:
        turn, duty = on_duty.turn(db, duty_id), who.published(db, duty_id)
        if turn is None or duty is None:
            return None
        mine = member_of(db, actor, duty.region_id)
        planner = may_plan(db, actor, duty.region_id)
        if mine is None and not planner:
            return None
        is_mine = mine is not None and duty.member_id == mine.id
        running = next(iter(_shown(db, actor, Swap.id == _running(db, duty))), None)
        may_take = mine is not None and not is_mine and _is_at_once(duty, moment)
        return Part(
            turn=turn,
            swap=running,
            is_mine=is_mine,
            may_ask=running is None and (is_mine or planner) and duty.starts_at > moment,
            may_take=may_take,
            is_open=duty.member_id is None,
            why_not=_why_not(db, duty, mine, moment) if may_take and mine else (),
            undo_until=_undo_until(db, duty, mine, moment, planner=planner),
        )


def ask_page(actor: Account, duty_id: UUID) -> AskPage:
    """Who may lawfully take this duty, and what could come in return. Raises NotFound, NotYours, TooLate."""
    moment = time.now()
    with reading() as db:
        turn, duty = on_duty.turn(db, duty_id), who.published(db, duty_id)
        if turn is None or duty is None or duty.region_id not in regions_where(db, actor, "rota.read"):
            raise NotFound
        mine = member_of(db, actor, duty.region_id)
        is_mine = mine is not None and duty.member_id == mine.id
        if not is_mine and not may_plan(db, actor, duty.region_id):
            raise NotFound
        at = candidates.desk(db, duty, moment)
        return AskPage(
            turn=turn,
            holder=_person(db, duty.member_id),
            swap=next(iter(_shown(db, actor, Swap.id == _running(db, duty))), None),
            is_mine=is_mine,
            candidates=candidates.lawful_at(db, at) if duty.starts_at > moment else (),
            trades=candidates.trades(db, candidates.widened(db, at, moment), moment)
            if is_mine and duty.starts_at > moment
            else (),
        )


# --- one swap


def _shown(db: Session, actor: Account, *where: ColumnElement[bool]) -> list[Shown]:
    return _with_all(db, actor, db.scalars(_SWAPS.where(*where)).all())


def _with_all(db: Session, actor: Account, found: Sequence[Swap]) -> list[Shown]:
    if not found:
        return []
    duties = {one.duty_id for one in found} | {one.return_duty_id for one in found if one.return_duty_id}
    around = _Around(db, actor, found, on_duty.these(db, duties))
    return [_one(actor, one, around) for one in found if one.duty_id in around.turns]


class _Around:
    """What is asked once for all swaps of a page."""

    def __init__(self, db: Session, actor: Account, swaps: Sequence[Swap], turns: dict[UUID, Turn]) -> None:
        self.turns = turns
        regions = {one.region_id for one in turns.values()}
        self.mine = {one: member_of(db, actor, one) for one in regions}
        self.plans = {one: may_plan(db, actor, one) for one in regions}
        members = {one for swap in swaps for one in (swap.from_id, swap.taken_by_id) if one}
        self.people = candidates.people_of(db, members)
        self.asks: dict[UUID, dict[UUID, SwapAnswer | None]] = {one.id: {} for one in swaps}
        for swap_id, member_id, answer in rows(db, _ASKS, {"swaps": list(self.asks)}):
            self.asks[swap_id][member_id] = answer

    def person(self, member_id: UUID | None) -> Person | None:
        return self.people.get(member_id) if member_id else None


def _one(actor: Account, swap: Swap, around: _Around) -> Shown:
    turn, asks = around.turns[swap.duty_id], around.asks[swap.id]
    mine, planner = around.mine[turn.region_id], around.plans[turn.region_id]
    was_asked = mine is not None and mine.id in asks
    is_holder = mine is not None and mine.id == swap.from_id
    is_mine = is_holder or swap.asked_by_id == actor.id
    own_yes = swap.state is SwapState.APPROVAL and mine is not None and swap.taken_by_id == mine.id
    return Shown(
        swap=swap,
        turn=turn,
        back=around.turns.get(swap.return_duty_id) if swap.return_duty_id else None,
        holder=around.person(swap.from_id),
        taker=around.person(swap.taken_by_id),
        asked=len(asks),
        no=sum(answer is SwapAnswer.NO for answer in asks.values()),
        answer=asks.get(mine.id) if mine else None,
        is_mine=is_mine,
        concerns=is_mine or was_asked or planner,
        may_answer=was_asked and (swap.state is SwapState.OPEN or own_yes) and not is_holder,
        may_withdraw=swap.state in swapping.UNDER_WAY and (is_mine or planner),
        may_decide=swap.state is SwapState.APPROVAL and planner,
    )


def _person(db: Session, member_id: UUID | None) -> Person | None:
    return candidates.people_of(db, [member_id]).get(member_id) if member_id else None


def _running(db: Session, duty: Duty) -> UUID | None:
    swap = under_way(db, duty.id)
    return swap.id if swap else None


def _planned_regions(db: Session, actor: Account) -> Iterable[UUID]:
    return regions_where(db, actor, "rota.plan") if access.may(actor, "rota.plan") else ()


# --- taking it at once


def _is_at_once(duty: Duty, moment: datetime) -> bool:
    """Does nobody have it, or does it run or begin soon?"""
    if duty.ends_at <= moment:
        return False
    return duty.member_id is None or duty.starts_at - moment <= swapping.NEAR


def _why_not(db: Session, duty: Duty, mine: Member, moment: datetime) -> tuple[str, ...]:
    at = candidates.desk(db, duty, moment, at_once=duty.starts_at - moment <= swapping.NEAR)
    return tuple(candidates.with_names(db, at, candidates.wrong(at, {duty.id: mine.id})))


def _undo_until(
    db: Session, duty: Duty, mine: Member | None, moment: datetime, *, planner: bool
) -> datetime | None:
    holds = holding.holds_of(db, duty.id)
    if len(holds) < 2 or holds[-1].how is not HeldBy.TAKEOVER:
        return None
    within = terms_of(db, duty, moment).undo_within
    own = mine is not None and mine.id in {holds[-1].member_id, holds[-2].member_id}
    if not (own or planner) or not swapping.may_undo(holds[-1].how, holds[-1].made_at, moment, within):
        return None
    return holds[-1].made_at + within
