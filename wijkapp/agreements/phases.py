"""The route of an agreement: which phase may follow which, and what keeps a gate shut.

Source: the route map of DOMAIN 1.5.2 and 1.5.4. Phases may overlap or be repeated: going back is always
allowed, with a reason; going on takes a decision at a gate.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wijkapp.agreements.register import Decision, ItemStatus, Outcome, Path, Phase

ORDER = (Phase.INITIATION, Phase.DEFINITION, Phase.REALISATION, Phase.EXECUTION, Phase.ENDED)
LIGHT = (Phase.INITIATION, Phase.REALISATION, Phase.EXECUTION, Phase.ENDED)

GATE_AFTER = {Phase.INITIATION: 1, Phase.DEFINITION: 2, Phase.REALISATION: 3, Phase.EXECUTION: 4}
PHASE_BEFORE = {gate: phase for phase, gate in GATE_AFTER.items()}
LIGHT_GATES = frozenset({3, 4})
"""A light agreement is decided upon when it comes into force and when it ends."""

DECISIONS: dict[int, tuple[Decision, ...]] = {
    1: (Decision.GO, Decision.NO_GO),
    2: (Decision.GO, Decision.NO_GO),
    3: (Decision.GO, Decision.NO_GO),
    4: (Decision.GO, Decision.AGAIN, Decision.END),  # go on, in another form or not; repeat; stop together
}


def route(path: Path) -> tuple[Phase, ...]:
    """The phases of a path, in order."""
    return LIGHT if path is Path.LIGHT else ORDER


def gate_after(path: Path, phase: Phase) -> int | None:
    """The gate at the end of a phase; None when one goes on without, or there is nothing after it."""
    gate = GATE_AFTER.get(phase)
    return None if path is Path.LIGHT and gate not in LIGHT_GATES else gate


def next_phase(path: Path, phase: Phase) -> Phase | None:
    """What comes after a phase; None after the end."""
    steps = route(path)
    at = steps.index(phase)
    return steps[at + 1] if at + 1 < len(steps) else None


def back_from(path: Path, phase: Phase) -> tuple[Phase, ...]:
    """The phases one may go back to; from the end there is no way back."""
    if phase is Phase.ENDED:
        return ()
    steps = route(path)
    return steps[: steps.index(phase)]


def grown(phase: Phase) -> Phase:
    """Where a light agreement goes on as a full one: what was skipped comes first, what runs goes on."""
    return Phase.DEFINITION if phase is Phase.REALISATION else phase


@dataclass(frozen=True)
class Point:
    """One point of a list, as far as a gate looks at it."""

    code: str
    gate: int | None
    status: ItemStatus


@dataclass(frozen=True)
class Facts:
    """What a gate looks at beside the lists.

    competition, merger, dpia  outcome of the last check; None: not made, or to be made again
    parties, signed            how many there are, and how many of them signed
    wijken                     how many it is about
    """

    purpose: bool
    complaints: bool
    joining: bool
    exit_plan: bool
    wijken: int
    parties: int
    signed: int
    competition: Outcome | None
    merger: Outcome | None
    dpia: Outcome | None
    evaluation: bool


@dataclass(frozen=True)
class Block:
    """What keeps a gate shut. hard: no reason opens it. code: of a point, or of a fact below."""

    code: str
    hard: bool = False


FORBIDDEN = Block("competition_blocked", hard=True)


def blocks(gate: int, path: Path, points: Iterable[Point], facts: Facts) -> tuple[Block, ...]:
    """Everything that keeps this gate shut, what no reason opens first."""
    shut = [*_facts_shut(gate, path, facts)]
    shut += [Block(one.code) for one in points if one.gate == gate and one.status is ItemStatus.OPEN]
    return tuple(sorted(shut, key=lambda block: not block.hard))


def _facts_shut(gate: int, path: Path, facts: Facts) -> Iterable[Block]:
    asked: dict[str, bool] = {}
    if gate == 1:
        asked = {"purpose": facts.purpose, "wijken": facts.wijken > 0}
    if gate == 2:
        asked = {"parties": facts.parties > 1, **_of_competition(facts)}
    if gate == 3:
        asked = {
            "purpose": facts.purpose,
            "wijken": facts.wijken > 0,
            "parties": facts.parties > 1,
            "complaints": facts.complaints,
            "joining": facts.joining,
            **_of_competition(facts),
            "signed": 1 < facts.parties == facts.signed,
        }
        if path is Path.FULL:
            asked |= {
                "merger": facts.merger is not None and facts.merger is not Outcome.INCOMPLETE,
                "dpia": facts.dpia is Outcome.START,
                "evaluation": facts.evaluation,
            }
    if gate == 4:
        asked = {"exit_plan": facts.exit_plan}
    if gate in (2, 3) and facts.competition is Outcome.BLOCKED:
        yield FORBIDDEN
    yield from (Block(code) for code, well in asked.items() if not well)


def _of_competition(facts: Facts) -> dict[str, bool]:
    """Nobody goes on before the questions were answered; a forbidden agreement is said above."""
    return {"competition": facts.competition not in (None, Outcome.INCOMPLETE)}


def opens(gate: int, decision: Decision) -> bool:
    """Does this decision lead to the next phase? After the last one only the end does."""
    return decision is (Decision.END if gate == 4 else Decision.GO)


def may_pass(gate: int, shut: Collection[Block], decision: Decision, override: str) -> bool:
    """May this be decided? What is open asks for a reason; what is forbidden goes on for no reason."""
    if not opens(gate, decision) or not shut:
        return True
    return bool(override) and not any(block.hard for block in shut)
