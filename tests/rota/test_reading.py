"""Problems and rotas in JSON: what is wrong is said per field; what is right comes back as it was."""

import copy
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from wijkapp.rota.problem import BadInput, Kind, Open, Rota
from wijkapp.rota.reading import problem_to_json, read_problem, read_rota

WHOLE = {
    "timezone": "Europe/Amsterdam",
    "organisations": [{"id": "oost", "key": 12.5}, {"id": "west", "key": 3}],
    "people": [
        {
            "id": "anna",
            "organisation": "oost",
            "level": 4,
            "share": 0.8,
            "unavailable": [["2026-07-01T00:00+02:00", "2026-07-15T00:00+02:00"]],
            "busy": [
                ["2026-06-01T08:00+02:00", "2026-06-01T12:00+02:00"],
                ["2026-06-01T12:00+02:00", "2026-06-01T17:00+02:00"],
            ],
            "avoid": ["n1"],
            "balance": -1.5,
            "holidays": 2,
            "exempt_nights": True,
        },
        {"id": "bram", "organisation": "west", "level": 2, "share": 1},
    ],
    "duties": [
        {
            "id": "n1",
            "start": "2026-03-28T23:00+01:00",
            "end": "2026-03-29T07:00+02:00",
            "kind": "bereikbaarheid",
            "level": 3,
            "weight": 2.5,
            "holiday": True,
        }
    ],
    "rules": {"daily_rest": 12, "nights": None, "exempt_nights": False},
    "keep": {"n1": "anna"},
}


def test_everything_is_read():
    made = read_problem(WHOLE)
    anna, bram = made.people
    assert (anna.share, anna.balance, anna.avoid) == (Fraction("0.8"), Fraction("-1.5"), {"n1"})
    assert [one.end - one.start for one in anna.busy] == [timedelta(hours=9)]  # what touches is one
    assert (bram.holidays, bram.exempt_nights, bram.unavailable) == (0, False, ())
    (night,) = made.duties
    assert night.start == datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert night.end - night.start == timedelta(hours=7)
    assert (night.kind, night.weight, night.holiday) == (Kind.REACHABLE, Fraction("2.5"), True)
    assert made.rules == {"daily_rest": 12, "nights": None, "exempt_nights": False}
    assert made.keep == {"n1": "anna"}


NAN = float("nan")


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("timezone", "Mars/Olympus", "timezone"),
        ("timezone", "../etc", "timezone"),
        ("organisations", {}, "organisations"),
        ("organisations", None, "organisations"),
        ("organisations.0.key", -1, "organisations[0].key"),
        ("organisations.0.key", 10**10, "organisations[0].key"),
        ("organisations.1.id", "oost", "organisations[1].id"),
        ("people.0", "anna", "people[0]"),
        ("people.0.id", "", "people[0].id"),
        ("people.0.id", "a" * 101, "people[0].id"),
        ("people.1.id", "anna", "people[1].id"),
        ("people.0.organisation", "noord", "people[0].organisation"),
        ("people.0.level", 7, "people[0].level"),
        ("people.0.level", "4", "people[0].level"),
        ("people.0.level", True, "people[0].level"),
        ("people.0.share", NAN, "people[0].share"),
        ("people.0.share", -0.1, "people[0].share"),
        ("people.0.unavailable", [["2026-07-01T00:00+02:00"]], "people[0].unavailable[0]"),
        ("people.0.busy", [["2026-07-01T00:00", "2026-07-02T00:00+02:00"]], "people[0].busy[0][0]"),
        ("people.0.busy.0.1", "2026-05-01T12:00+02:00", "people[0].busy[0][1]"),
        ("people.0.avoid", ["n9"], "people[0].avoid[0]"),
        pytest.param("people.0.balance", 10**400, "people[0].balance", id="endless balance"),
        ("people.0.holidays", 1.5, "people[0].holidays"),
        ("people.0.exempt_nights", 1, "people[0].exempt_nights"),
        ("people.0.age", 56, "people[0].age"),
        ("duties.0.start", "gisteren", "duties[0].start"),
        ("duties.0.start", 5, "duties[0].start"),
        ("duties.0.start", "0001-01-01T00:00+14:00", "duties[0].start"),
        ("duties.0.end", "2026-03-28T23:00+01:00", "duties[0].end"),
        ("duties.0.end", "2026-04-28T23:00+01:00", "duties[0].end"),
        ("duties.0.end", "2026-03-29T07:00:30+02:00", "duties[0].end"),
        ("duties.0.kind", "slapen", "duties[0].kind"),
        ("duties.0.kind", [], "duties[0].kind"),
        ("duties.0.level", None, "duties[0].level"),
        ("duties.0.weight", "2", "duties[0].weight"),
        ("duties.0.holiday", "kerst", "duties[0].holiday"),
        ("rules", [], "rules"),
        ("rules.dayly_rest", 11, "rules.dayly_rest"),
        ("rules.daily_rest", "11", "rules.daily_rest"),
        ("rules.daily_rest", True, "rules.daily_rest"),
        ("rules.level", 3, "rules.level"),
        pytest.param("rules.nights", 10**400, "rules.nights", id="endless nights"),
        ("rules.night_from", 24.5, "rules.night_from"),
        ("keep", [], "keep"),
        ("keep.n9", "anna", "keep.n9"),
        ("keep.n1", "carla", "keep.n1"),
        ("keep.n1", ["anna"], "keep.n1"),
        ("kep", {}, "kep"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(path, value, where):
    data = copy.deepcopy(WHOLE)
    at = data
    *steps, last = path.split(".")
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[int(last) if isinstance(at, list) else last] = value
    with pytest.raises(BadInput) as wrong:
        read_problem(data)
    assert where in wrong.value.fields


def test_a_key_may_be_a_large_number_of_something():
    data = copy.deepcopy(WHOLE)
    data["organisations"][0]["key"] = 1_250_000.5
    assert read_problem(data).organisations[0].key == Fraction("1250000.5")


@pytest.mark.parametrize(
    ("key", "read"), [(1 / 3, "0.3333"), (0.1 + 0.2, "0.3"), (1e-9, 0), (2.5, "2.5"), (0.0001, "0.0001")]
)
def test_points_are_read_in_four_decimals(key, read):
    data = copy.deepcopy(WHOLE)
    data["organisations"][0]["key"] = data["duties"][0]["weight"] = key
    made = read_problem(data)
    assert made.organisations[0].key == made.duties[0].weight == Fraction(read)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(BadInput) as wrong:
        read_problem({"people": [{}], "duties": 3})
    assert {"organisations", "duties", "people[0].id", "people[0].level"} <= set(wrong.value.fields)


@pytest.mark.parametrize("data", [None, [], "x", 1])
def test_what_is_no_problem_at_all_is_refused(data):
    with pytest.raises(BadInput):
        read_problem(data)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ([], ""),
        ({}, "assignments"),
        ({"assignments": []}, "assignments"),
        ({"assignments": {"n9": "anna"}}, "assignments.n9"),
        ({"assignments": {"n1": "carla"}}, "assignments.n1"),
        ({"assignments": {"n1": None}}, "assignments.n1"),
        ({"assignments": {}, "open": [{"duty": "n9"}]}, "open[0].duty"),
        ({"assignments": {}, "open": "n1"}, "open"),
    ],
)
def test_a_rota_of_something_else_is_refused(data, where):
    with pytest.raises(BadInput) as wrong:
        read_rota(data, read_problem(WHOLE))
    assert where in wrong.value.fields


def test_a_rota_comes_back_as_it_was_written():
    made = read_problem(WHOLE)
    rota = Rota({"n1": "anna"}, load={"anna": Fraction("2.5")}, objective=(Fraction(0),))
    written = rota.to_json()
    assert written["load"] == {"anna": 2.5}
    assert read_rota(written, made).assignments == rota.assignments
    empty = Rota({}, (Open("n1", ("Iedereen is weg.",)),)).to_json()
    assert empty["open"] == [{"duty": "n1", "why": ["Iedereen is weg."]}]
    assert read_rota(empty, made).open == (Open("n1", ("Iedereen is weg.",)),)


def test_a_problem_comes_back_as_it_was_written():
    made = read_problem(WHOLE)
    written = problem_to_json(made)
    assert read_problem(written) == made
    assert written["duties"][0]["end"] == "2026-03-29T07:00:00+02:00"
    assert written["people"][0]["share"] == 0.8
