"""The route: which phase follows which, and what keeps a gate shut."""

from dataclasses import replace

import pytest

from wijkapp.agreements import phases
from wijkapp.agreements.phases import Block, Facts, Point
from wijkapp.agreements.register import Decision, ItemStatus, Outcome, Path

A, B, C, D, END = phases.ORDER
READY = Facts(
    purpose=True,
    complaints=True,
    joining=True,
    exit_plan=True,
    wijken=1,
    parties=2,
    signed=2,
    competition=Outcome.JUSTIFIED,
    merger=Outcome.NONE,
    dpia=Outcome.START,
    evaluation=True,
)
DONE = [Point("laws.avg", 2, ItemStatus.DONE), Point("avg.1", 3, ItemStatus.NOT_NEEDED)]


@pytest.mark.parametrize(
    ("path", "phase", "gate", "then", "back"),
    [
        (Path.FULL, A, 1, B, ()),
        (Path.FULL, B, 2, C, (A,)),
        (Path.FULL, C, 3, D, (A, B)),
        (Path.FULL, D, 4, END, (A, B, C)),
        (Path.FULL, END, None, None, ()),
        (Path.LIGHT, A, None, C, ()),
        (Path.LIGHT, C, 3, D, (A,)),
        (Path.LIGHT, D, 4, END, (A, C)),
        (Path.LIGHT, END, None, None, ()),
    ],
)
def test_the_route(path, phase, gate, then, back):
    assert phases.gate_after(path, phase) == gate
    assert phases.next_phase(path, phase) == then
    assert phases.back_from(path, phase) == back


@pytest.mark.parametrize(("phase", "becomes"), [(A, A), (C, B), (D, D), (END, END)])
def test_a_light_agreement_that_grows_does_the_research_it_skipped(phase, becomes):
    assert phases.grown(phase) == becomes


@pytest.mark.parametrize("gate", [1, 2, 3, 4])
def test_nothing_keeps_a_gate_shut_when_all_is_ready(gate):
    assert phases.blocks(gate, Path.FULL, DONE, READY) == ()


@pytest.mark.parametrize(
    ("gate", "path", "missing", "code"),
    [
        (1, Path.FULL, {"purpose": False}, "purpose"),
        (1, Path.FULL, {"wijken": 0}, "wijken"),
        (2, Path.FULL, {"competition": None}, "competition"),
        (2, Path.FULL, {"competition": Outcome.INCOMPLETE}, "competition"),
        (2, Path.FULL, {"parties": 1}, "parties"),
        (3, Path.FULL, {"complaints": False}, "complaints"),
        (3, Path.FULL, {"joining": False}, "joining"),
        (3, Path.FULL, {"signed": 1}, "signed"),
        (3, Path.FULL, {"merger": None}, "merger"),
        (3, Path.FULL, {"dpia": Outcome.MEASURES}, "dpia"),
        (3, Path.FULL, {"evaluation": False}, "evaluation"),
        (3, Path.LIGHT, {"competition": None}, "competition"),
        (3, Path.LIGHT, {"signed": 0}, "signed"),
        (4, Path.FULL, {"exit_plan": False}, "exit_plan"),
    ],
)
def test_what_keeps_a_gate_shut(gate, path, missing, code):
    assert phases.blocks(gate, path, DONE, replace(READY, **missing)) == (Block(code),)


def test_a_light_agreement_needs_no_merger_test_dpia_or_evaluation():
    light = replace(READY, merger=None, dpia=None, evaluation=False)
    assert phases.blocks(3, Path.LIGHT, DONE, light) == ()


def test_only_the_points_of_a_gate_keep_it_shut():
    points = [Point("laws.avg", 2, ItemStatus.OPEN), Point("care.agb", None, ItemStatus.OPEN)]
    assert phases.blocks(2, Path.FULL, points, READY) == (Block("laws.avg"),)
    assert phases.blocks(3, Path.FULL, points, READY) == ()


@pytest.mark.parametrize("gate", [2, 3])
def test_what_the_law_forbids_stands_first_and_no_reason_opens_it(gate):
    points = [Point("laws.avg", gate, ItemStatus.OPEN)]
    shut = phases.blocks(gate, Path.FULL, points, replace(READY, competition=Outcome.BLOCKED))
    assert shut == (phases.FORBIDDEN, Block("laws.avg"))
    assert not phases.may_pass(gate, shut, Decision.GO, "De besturen willen het.")
    assert phases.may_pass(gate, shut, Decision.NO_GO, "")


@pytest.mark.parametrize(
    ("gate", "decision", "override", "passes"),
    [
        (1, Decision.GO, "", False),
        (1, Decision.GO, "Het budget komt volgende week.", True),
        (1, Decision.NO_GO, "", True),
        (4, Decision.GO, "", True),  # going on asks for nothing
        (4, Decision.AGAIN, "", True),
        (4, Decision.END, "", False),
        (4, Decision.END, "Er zijn geen cliënten meer.", True),
    ],
)
def test_what_is_open_asks_for_a_reason(gate, decision, override, passes):
    assert phases.may_pass(gate, (Block("laws.avg"),), decision, override) is passes
    assert phases.may_pass(gate, (), decision, "")
