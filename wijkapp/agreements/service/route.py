"""How an agreement moves: decisions at its gates, going on, going back, and opening again."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from wijkapp.agreements import phases
from wijkapp.agreements.models import (
    Agreement,
    GateDecision,
    PhaseStep,
)
from wijkapp.agreements.register import Decision, ItemStatus, Phase
from wijkapp.agreements.service.dossier import Gate, gate_of, items_of, last_checks, lists_of, on_from
from wijkapp.agreements.service.register import admins, in_charge, managed
from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, transaction
from wijkapp.kit.errors import Invalid, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account


class GateShut(Refused):
    """Something is still open, and nobody said why it may be passed all the same."""

    sentence = _("Deze poort is nog dicht. Rond eerst af wat open staat, of leg uit waarom het toch kan.")


class AnotherPhase(Refused):
    """It is in another phase by now."""

    sentence = _("Deze afspraak is intussen in een andere fase. Kijk na waar jullie zijn.")


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

    A gate that was opened again by another party may be decided from a later phase: that changes no phase.
    So may one that was answered with no, until it is a yes.

    Raises GateShut while something is open and no reason is given, AnotherPhase, or Invalid.
    """
    with transaction() as db:
        agreement = managed(db, actor, agreement_id)
        gate = gate_of(db, agreement, number)
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
    if not gate.here and not gate.open_again:
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
        then = on_from(agreement)
        if then is None:
            raise AnotherPhase
        _move(db, agreement, then, actor, "")


def reopen(db: Session, agreement: Agreement, organisation_id: UUID) -> None:
    """This party came or went: what depends on who they are must be looked at and decided again."""
    moment = time.now()
    lists = {one.code for one in lists_of(agreement) if one.reopens}
    for item in items_of(db, agreement.id):
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
    to = {*in_charge(db, agreement.id), *admins(db, [organisation_id])}
    outbox.record(db, "agreements.reopened", about=agreement.id, to=sorted(to))
