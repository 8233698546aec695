"""One agreement as its page shows it: how far each list is, what keeps its gates shut, what was decided."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements import checks, phases
from wijkapp.agreements.lists import Checklist
from wijkapp.agreements.models import (
    Agreement,
    CheckMemo,
    Evaluation,
    GateDecision,
    Item,
    PhaseStep,
    Risk,
)
from wijkapp.agreements.phases import Block, Facts, Point
from wijkapp.agreements.register import Check, Decision, ItemStatus, Outcome, Path, Phase
from wijkapp.agreements.service.register import Hands, seen, words_of
from wijkapp.agreements.service.standing import Standing, standing_of
from wijkapp.kit.db import reading
from wijkapp.kit.errors import NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account, Organisation


@dataclass(frozen=True)
class Progress:
    """How much of a list is done. reopened: how many were done before the parties changed."""

    list: Checklist
    done: int
    total: int
    reopened: int


@dataclass(frozen=True)
class Gate:
    """A gate of the route. last: the latest decision, if any. shut: what is open now."""

    number: int
    last: GateDecision | None
    shut: Sequence[Block]
    here: bool  # at the end of the phase it is in
    behind: bool  # at the end of an earlier one

    @property
    def open_again(self) -> bool:
        """May it be decided from another phase: the parties changed since, and a no was no last word?"""
        last = self.last
        no = self.behind and last is not None and last.decision is Decision.NO_GO
        return no or (last is not None and last.reopened_at is not None)

    @property
    def passed(self) -> bool:
        last = self.last
        return last is not None and last.reopened_at is None and phases.opens(self.number, last.decision)


@dataclass(frozen=True)
class File:
    """One agreement with everything around it."""

    agreement: Agreement
    hands: Hands
    standing: Standing
    route: Sequence[Phase]
    back: Sequence[Phase]
    on: Phase | None  # the next phase, when one simply goes on
    gates: Sequence[Gate]
    history: Sequence[PhaseStep]
    progress: Sequence[Progress]  # empty for who only sees the register
    checks: dict[Check, CheckMemo]
    again: Collection[Check]  # of these, what must be done again
    evaluations: Sequence[Evaluation]
    spread: Sequence[tuple[str, int]]  # organisation, how many points its people took on; most first


def file(actor: Account, agreement_id: UUID) -> File:
    """The page of one agreement. Raises NotFound, or NotAllowed in another region."""
    with reading() as db:
        agreement, hands = seen(db, actor, agreement_id)
        items = items_of(db, agreement_id)
        memos = last_checks(db, agreement_id)
        running = agreement.phase is not Phase.ENDED
        return File(
            agreement=agreement,
            hands=hands,
            standing=standing_of(agreement),
            route=phases.route(agreement.path),
            back=phases.back_from(agreement.path, agreement.phase) if hands.manage else (),
            on=on_from(agreement) if hands.manage else None,
            gates=_gates(db, agreement, items, memos),
            history=_history(db, agreement_id),
            progress=_progress(agreement, items) if hands.inside else (),
            checks=memos if hands.inside else {},
            again=to_redo(db, agreement_id, memos) if hands.inside and running else (),
            evaluations=_evaluations(db, agreement_id),
            spread=_spread(db, agreement_id) if hands.inside else (),
        )


def on_from(agreement: Agreement) -> Phase | None:
    """The phase that comes next when no gate waits; None when one does, or nothing comes."""
    waits = phases.gate_after(agreement.path, agreement.phase) is not None
    return None if waits else phases.next_phase(agreement.path, agreement.phase)


def items_of(db: Session, agreement_id: UUID) -> Sequence[Item]:
    """Every point of it, those of a path it outgrew too."""
    return db.scalars(select(Item).where(Item.agreement_id == agreement_id).order_by(Item.id)).all()


def _spread(db: Session, agreement_id: UUID) -> list[tuple[str, int]]:
    """Does one organisation do it all? Source: tips, 4.14."""
    taken = func.count(Item.id)
    found = db.execute(
        select(Organisation.name, taken)
        .join(Account, Account.organisation_id == Organisation.id)
        .join(Item, Item.owner_id == Account.id)
        .where(Item.agreement_id == agreement_id)
        .group_by(Organisation.id, Organisation.name)
        .order_by(taken.desc(), Organisation.name)
    )
    return [(name, number) for name, number in found]


def _history(db: Session, agreement_id: UUID) -> Sequence[PhaseStep]:
    return db.scalars(
        select(PhaseStep)
        .options(joinedload(PhaseStep.by))
        .where(PhaseStep.agreement_id == agreement_id)
        .order_by(PhaseStep.at.desc(), PhaseStep.id.desc())
    ).all()


def _evaluations(db: Session, agreement_id: UUID) -> Sequence[Evaluation]:
    return db.scalars(
        select(Evaluation).where(Evaluation.agreement_id == agreement_id).order_by(Evaluation.due_on)
    ).all()


def last_checks(db: Session, agreement_id: UUID) -> dict[Check, CheckMemo]:
    """The latest memo of each check."""
    found = db.scalars(
        select(CheckMemo)
        .options(joinedload(CheckMemo.by))
        .where(CheckMemo.agreement_id == agreement_id)
        .order_by(CheckMemo.at, CheckMemo.id)
    )
    return {memo.about: memo for memo in found}


def dpia_now(db: Session, agreement_id: UUID) -> Outcome:
    """What the risks say as they stand."""
    left = db.scalars(select(Risk).where(Risk.agreement_id == agreement_id))
    return checks.dpia([(one.chance_left, one.impact_left, one.more_possible) for one in left])


def to_redo(db: Session, agreement_id: UUID, memos: Mapping[Check, CheckMemo]) -> set[Check]:
    """Checks to be done again: the parties changed since, or what the risks of the DPIA say did."""
    again = {about for about, memo in memos.items() if memo.reopened_at is not None}
    dpia = memos.get(Check.DPIA)
    if dpia and dpia.outcome is not dpia_now(db, agreement_id):
        again.add(Check.DPIA)
    return again


class Forbidden(Refused):
    """The competition check says that this may not be agreed."""

    sentence = _(
        "De mededingingstoets zegt dat dit niet mag. Zo kan niemand tekenen. "
        "Bekijk de toets op de pagina van de afspraak."
    )


def is_forbidden(db: Session, agreement_id: UUID) -> bool:
    """Does the competition check say that this may not be?

    Another party does not make it right, and neither does a check that was begun again and is not answered.
    """
    said = db.scalar(
        select(CheckMemo.outcome)
        .where(
            CheckMemo.agreement_id == agreement_id,
            CheckMemo.about == Check.COMPETITION,
            CheckMemo.outcome != Outcome.INCOMPLETE,
        )
        .order_by(CheckMemo.at.desc(), CheckMemo.id.desc())
        .limit(1)
    )
    return said is Outcome.BLOCKED


def refuse_forbidden(db: Session, agreement_id: UUID) -> None:
    """Nobody is asked for a signature under it, and nobody gives one. Raises Forbidden."""
    if is_forbidden(db, agreement_id):
        raise Forbidden


def lists_of(agreement: Agreement) -> tuple[Checklist, ...]:
    """The lists that count for it; those of a light path it outgrew do not."""
    return words_of(agreement).lists_for(agreement.path, agreement.kind)


def _progress(agreement: Agreement, items: Sequence[Item]) -> list[Progress]:
    by_list: dict[str, list[Item]] = {}
    for item in items:
        by_list.setdefault(item.code.partition(".")[0], []).append(item)
    return [
        Progress(
            list=one,
            done=sum(item.status is not ItemStatus.OPEN for item in of_it),
            total=len(of_it),
            reopened=sum(item.reopened_at is not None for item in of_it),
        )
        for one in lists_of(agreement)
        for of_it in [by_list.get(one.code, [])]
    ]


def _gates(
    db: Session, agreement: Agreement, items: Sequence[Item], memos: dict[Check, CheckMemo]
) -> list[Gate]:
    decisions = {
        one.gate: one
        for one in db.scalars(
            select(GateDecision)
            .options(joinedload(GateDecision.recorded_by))
            .where(GateDecision.agreement_id == agreement.id)
            .order_by(GateDecision.recorded_at, GateDecision.id)
        )
    }
    numbers = phases.LIGHT_GATES if agreement.path is Path.LIGHT else set(phases.PHASE_BEFORE)
    points, facts = _points(agreement, items), _facts(db, agreement, memos)
    at = phases.ORDER.index(agreement.phase)
    return [
        Gate(
            number=number,
            last=decisions.get(number),
            shut=phases.blocks(number, agreement.path, points, facts),
            here=phases.PHASE_BEFORE[number] is agreement.phase,
            behind=at > phases.ORDER.index(phases.PHASE_BEFORE[number]),
        )
        for number in sorted(numbers)
    ]


def _points(agreement: Agreement, items: Sequence[Item]) -> list[Point]:
    gates = {one.code: one.gate for one in lists_of(agreement)}
    return [Point(item.code, gates.get(item.code.partition(".")[0]), item.status) for item in items]


def _facts(db: Session, agreement: Agreement, memos: dict[Check, CheckMemo]) -> Facts:
    parties = agreement.taking_part
    again = to_redo(db, agreement.id, memos)
    said = {about: memo.outcome for about, memo in memos.items() if about not in again}
    forbidden = is_forbidden(db, agreement.id)
    competition = Outcome.BLOCKED if forbidden else said.get(Check.COMPETITION)
    return Facts(
        purpose=bool(agreement.purpose),
        complaints=bool(agreement.complaints),
        joining=bool(agreement.joining),
        exit_plan=bool(agreement.exit_plan),
        wijken=len(agreement.wijken),
        parties=len(parties),
        signed=sum(party.signed_on is not None for party in parties),
        competition=competition,
        merger=said.get(Check.MERGER),
        dpia=said.get(Check.DPIA),
        evaluation=bool(
            db.scalar(
                select(func.count())
                .select_from(Evaluation)
                .where(Evaluation.agreement_id == agreement.id, Evaluation.done_on.is_(None))
            )
        ),
    )


@dataclass(frozen=True)
class GatePage:
    """One gate: what is open, what may be decided, and what was."""

    agreement: Agreement
    hands: Hands
    gate: Gate
    decisions: Sequence[Decision]
    back: Sequence[Phase]
    earlier: Sequence[GateDecision]


def gate_page(actor: Account, agreement_id: UUID, number: int) -> GatePage:
    """A gate of an agreement. Raises NotFound when its path has none with this number."""
    with reading() as db:
        agreement, hands = seen(db, actor, agreement_id)
        gate = gate_of(db, agreement, number)
        return GatePage(
            agreement=agreement,
            hands=hands,
            gate=gate,
            decisions=phases.DECISIONS[number],
            back=phases.back_from(agreement.path, agreement.phase),
            earlier=db.scalars(
                select(GateDecision)
                .options(joinedload(GateDecision.recorded_by))
                .where(GateDecision.agreement_id == agreement_id, GateDecision.gate == number)
                .order_by(GateDecision.recorded_at.desc(), GateDecision.id.desc())
            ).all(),
        )


def gate_of(db: Session, agreement: Agreement, number: int) -> Gate:
    """A gate of its path. Raises NotFound."""
    memos = last_checks(db, agreement.id)
    gates = _gates(db, agreement, items_of(db, agreement.id), memos)
    found = next((one for one in gates if one.number == number), None)
    if found is None:
        raise NotFound
    return found
