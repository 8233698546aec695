"""Every phase, gate, cell and point of the route map is there, counted per row of the source."""

from collections import Counter

import pytest

from wijkapp.agreements import checks
from wijkapp.agreements.lists import seeds
from wijkapp.agreements.register import Check, Form, Kind, Path, Phase

PER_ROW = {
    # roles and bodies
    **{f"3.{n}": 1 for n in range(1, 20)},
    # results of the phases; 3.21 also holds the five laws
    "3.20": 10,
    "3.21": 9 + 5,
    "3.22": 9,
    "3.23": 5,
    # the end
    "3.28": 4,
    # project organisation, law, competition, merger, money, care
    **{f"3.{n}": 1 for n in range(29, 38)},
    **{f"3.{n}": 1 for n in range(39, 44)},
    **{f"3.{n}": 1 for n in (47, 48, 49, 51)},
    "3.52": 5,
    **{f"3.{n}": 1 for n in range(53, 63)},
    **{f"3.{n}": 1 for n in range(63, 75)},
    **{f"3.75-{n}": 1 for n in range(1, 13)},
    **{f"3.{n}": 1 for n in range(76, 83)},
    # annexes
    "annex 4": 11,
    "annex 5": 10,
    "annex 6": 15,
    "annex 11": 7,
    "annex 12": 8,
    "annex 13": 7,
    "annex 14": 10,
    "annex 15": 18,
    # whom to tell and to ask: three stakeholders in B, C and D, five in all four phases, each twice
    "1.5.3": (3 * 3 + 5 * 4) * 2,
    # the leaflet of tips
    **{f"4.{n}": 1 for n in (3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24)},
    "4.2": 2,
    "4.4": 2,
    "2.7": 12,
}


def test_every_row_of_the_source_has_its_points():
    found = Counter(point.row for one in seeds().lists for point in one.points)
    assert found == PER_ROW


def test_phases_gates_forms_and_the_way_back_are_there():
    route = seeds()
    assert {phase: told.row for phase, told in route.phases.items()} == {
        Phase.INITIATION: "3.20",
        Phase.DEFINITION: "3.21",
        Phase.REALISATION: "3.22",
        Phase.EXECUTION: "3.23",
    }
    assert {number: told.row for number, told in route.gates.items()} == {
        number: f"3.{24 + number}" for number in (1, 2, 3, 4)
    }
    assert set(route.forms) == set(Form)
    assert route.moves == ("3.24",)


def test_the_questions_of_the_checks_are_there():
    found = Counter((check, question.row) for check, _path, question in checks.rules().questions)
    assert found == {
        (Check.COMPETITION, "3.45"): 8,
        (Check.COMPETITION, "3.44"): 4,
        (Check.COMPETITION, "3.50"): 6,
        (Check.COMPETITION, "4.20"): 3,
        (Check.MERGER, "3.52"): 4,
    }


@pytest.mark.parametrize("version", ["2025-1", ""])
def test_a_version_that_does_not_exist_is_no_version(version):
    with pytest.raises(KeyError):
        seeds(version)


def test_no_two_points_have_the_same_code_and_each_is_found_by_it():
    route = seeds()
    points = [point for one in route.lists for point in one.points]
    assert len({point.code for point in points}) == len(points)
    for point in points:
        assert route.point(point.code) is point
        assert len(point.code) <= 64
        assert point.words
        assert point.words[-1] in ".:*)" or point.code.startswith(("contract.", "inform_", "input_")), (
            point.code
        )


def test_the_matrix_says_per_phase_whom_to_tell_and_its_gate_waits_for_them():
    cells = {
        one.code: ({point.code.partition(".")[2] for point in one.points}, one.gate)
        for one in seeds().lists
        if one.matrix
    }
    always = {"board", "clinical", "directors", "secretariat", "support"}
    later = always | {"supervisors", "councils", "payers"}
    assert cells == {
        "inform_a": (always, 1),
        "input_a": (always, None),
        "inform_b": (later, 2),
        "input_b": (later, None),
        "inform_c": (later, 3),
        "input_c": (later, None),
        "inform_d": (later, 4),
        "input_d": (later, None),
    }


@pytest.mark.parametrize(
    ("path", "kind", "begins"),
    [
        (Path.LIGHT, Kind.WIJK, ["step_1", "step_2", "step_3", "step_4", "scan"]),
        (Path.LIGHT, Kind.ANW, ["step_1", "step_2", "step_3", "step_4"]),
        (Path.FULL, Kind.WIJK, ["scan", "roles", "results_a"]),
        (Path.FULL, Kind.COOPERATIVE, ["roles", "results_a", "proposal"]),
    ],
)
def test_an_agreement_begins_with_the_lists_of_its_path(path, kind, begins):
    assert [one.code for one in seeds().lists_for(path, kind)][: len(begins)] == begins
