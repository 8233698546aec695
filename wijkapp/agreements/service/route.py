"""How far an agreement is: its page, its gates, and going back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from wijkapp.agreements import phases
from wijkapp.agreements.lists import Checklist
from wijkapp.agreements.models import (
    Agreement,
    CheckMemo,
    Evaluation,
    GateDecision,
    Item,
    PhaseStep,
)
from wijkapp.agreements.phases import Block, Facts, Point
from wijkapp.agreements.register import Check, Decision, ItemStatus, Outcome, Path, Phase
from wijkapp.agreements.service.register import Hands, managed, seen, words_of
from wijkapp.agreements.service.standing import Standing, standing_of
from wijkapp.kit import time
from wijkapp.kit.db import changed, reading, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account


class GateShut(Refused):
    """Something is still open, and nobody said why it may be passed all the same."""

    sentence = _("Deze poort is nog dicht. Rond eerst af wat open staat, of leg uit waarom het toch kan.")


class AnotherPhase(Refused):
    """It is in another phase by now."""

    sentence = _("Deze afspraak is intussen in een andere fase. Kijk na waar jullie zijn.")


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
    evaluations: Sequence[Evaluation]


def file(actor: Account, agreement_id: UUID) -> File:
    """The page of one agreement. Raises NotFound, or NotAllowed in another region."""
    with reading() as db:
        agreement, hands = seen(db, actor, agreement_id)
        items = _items(db, agreement_id)
        memos = last_checks(db, agreement_id)
        return File(
            agreement=agreement,
            hands=hands,
            standing=standing_of(agreement),
            route=phases.route(agreement.path),
            back=phases.back_from(agreement.path, agreement.phase) if hands.manage else (),
            on=_on(agreement) if hands.manage else None,
            gates=_gates(db, agreement, items, memos),
            history=_history(db, agreement_id),
            progress=_progress(agreement, items) if hands.inside else (),
            checks=memos if hands.inside else {},
            evaluations=_evaluations(db, agreement_id),
        )


def _on(agreement: Agreement) -> Phase | None:
    waits = phases.gate_after(agreement.path, agreement.phase) is not None
    return None if waits else phases.next_phase(agreement.path, agreement.phase)


def _items(db: Session, agreement_id: UUID) -> Sequence[Item]:
    return db.scalars(select(Item).where(Item.agreement_id == agreement_id).order_by(Item.id)).all()


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
    return [
        Gate(
            number=number,
            last=decisions.get(number),
            shut=phases.blocks(number, agreement.path, points, facts),
            here=phases.PHASE_BEFORE[number] is agreement.phase,
        )
        for number in sorted(numbers)
    ]


def _points(agreement: Agreement, items: Sequence[Item]) -> list[Point]:
    gates = {one.code: one.gate for one in lists_of(agreement)}
    return [Point(item.code, gates.get(item.code.partition(".")[0]), item.status) for item in items]


def _facts(db: Session, agreement: Agreement, memos: dict[Check, CheckMemo]) -> Facts:
    parties = [party for party in agreement.parties if party.left_on is None]
    said = {about: memo.outcome for about, memo in memos.items() if memo.reopened_at is None}
    blocked = memos.get(Check.COMPETITION)
    competition = said.get(Check.COMPETITION)
    if blocked is not None and blocked.outcome is Outcome.BLOCKED:
        competition = Outcome.BLOCKED  # what was forbidden does not become open by another party
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
        gate = _gate(db, agreement, number)
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


def _gate(db: Session, agreement: Agreement, number: int) -> Gate:
    memos = last_checks(db, agreement.id)
    gates = _gates(db, agreement, _items(db, agreement.id), memos)
    found = next((one for one in gates if one.number == number), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Decided:
    """What was decided at a gate. to: back to which phase, for AGAIN."""

    decision: Decision
    decided_on: date
    decided_by: str
    conditions: str = ""
    override: str = ""
    to: Phase | None = None


def decide(actor: Account, agreement_id: UUID, number: int, decided: Decided) -> None:
    """Record what was decided at a gate; a yes leads to the next phase.

    A gate that was opened again by a new party may be decided from a later phase: that changes no phase.

    Raises GateShut while something is open and no reason is given, AnotherPhase, or Invalid.
    """
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        gate = _gate(db, agreement, number)
        _check(agreement, gate, decided)
        opens = phases.opens(number, decided.decision)
        if not phases.may_pass(number, gate.shut, decided.decision, decided.override):
            raise GateShut(_forbidden(gate))
        moment = time.now()
        db.add(
            GateDecision(
                agreement_id=agreement.id,
                gate=number,
                decision=decided.decision,
                decided_on=decided.decided_on,
                decided_by=decided.decided_by,
                conditions=decided.conditions,
                blocked=tuple(block.code for block in gate.shut) if opens else (),
                override=decided.override if opens and gate.shut else "",
                recorded_by_id=actor.id,
                recorded_at=moment,
            )
        )
        if gate.here and opens:
            go_to = phases.next_phase(agreement.path, agreement.phase)
            assert go_to is not None  # noqa: S101
            _move(db, agreement, go_to, actor, "")
        elif decided.decision is Decision.AGAIN and decided.to:
            _move(db, agreement, decided.to, actor, decided.conditions)


def _forbidden(gate: Gate) -> str | None:
    if any(block.hard for block in gate.shut):
        return str(_("De mededingingstoets zegt dat dit niet mag. Pas eerst de afspraak aan."))
    return None


def _check(agreement: Agreement, gate: Gate, decided: Decided) -> None:
    if decided.decision not in phases.DECISIONS[gate.number]:
        raise Invalid(fields={"decision": str(_("Kies iets uit de lijst."))})
    if decided.decided_on > time.today():
        raise Invalid(fields={"decided_on": str(_("Deze dag moet nog komen."))})
    back = phases.back_from(agreement.path, agreement.phase)
    if decided.decision is Decision.AGAIN and decided.to not in back:
        raise Invalid(fields={"to": str(_("Kies een fase."))})
    reopened = gate.last is not None and gate.last.reopened_at is not None
    if not gate.here and not reopened:
        raise AnotherPhase


def _move(db: Session, agreement: Agreement, phase: Phase, actor: Account, reason: str) -> None:
    """To another phase, unless somebody else just did."""
    was = agreement.phase
    won = changed(
        db,
        update(Agreement)
        .where(Agreement.id == agreement.id, Agreement.phase == was)
        .values(phase=phase)
        .execution_options(synchronize_session=False),
    )
    if won != 1:
        raise AnotherPhase
    db.refresh(agreement, ["phase"])
    db.add(
        PhaseStep(agreement_id=agreement.id, phase=phase, at=time.now(), by_id=actor.id, reason=reason[:500])
    )


def go_back(actor: Account, agreement_id: UUID, phase: Phase, reason: str) -> None:
    """Back to an earlier phase, with a reason. What was done stays done; gates are decided again."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        if phase not in phases.back_from(agreement.path, agreement.phase):
            raise AnotherPhase
        if not reason:
            raise Invalid(fields={"reason": str(_("Schrijf op waarom."))})
        _move(db, agreement, phase, actor, reason)


def go_on(actor: Account, agreement_id: UUID) -> None:
    """To the next phase of a light agreement, where none needs a decision. Raises AnotherPhase elsewhere."""
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        then = _on(agreement)
        if then is None:
            raise AnotherPhase
        _move(db, agreement, then, actor, "")


def reopen(db: Session, agreement: Agreement) -> None:
    """The parties changed: what depends on who they are must be looked at again, and decided again."""
    moment = time.now()
    lists = {one.code for one in lists_of(agreement) if one.reopens}
    for item in _items(db, agreement.id):
        if item.code.partition(".")[0] in lists and item.status is not ItemStatus.OPEN:
            item.status, item.done_on, item.reopened_at = ItemStatus.OPEN, None, moment
    for memo in last_checks(db, agreement.id).values():
        memo.reopened_at = memo.reopened_at or moment
    db.execute(
        update(GateDecision)
        .where(
            GateDecision.agreement_id == agreement.id,
            GateDecision.gate.in_((2, 3)),
            GateDecision.decision == Decision.GO,
            GateDecision.reopened_at.is_(None),
        )
        .values(reopened_at=moment)
        .execution_options(synchronize_session=False)
    )
