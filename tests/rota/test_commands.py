"""The commands: a problem in, a rota out, byte for byte the same; a check that fails when it must."""

import json
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner

from wijkapp.cli import main

FIRST = datetime.fromisoformat("2026-06-01T17:00+02:00")
EVENINGS = [FIRST + timedelta(days=day) for day in range(6)]
PROBLEM = {
    "timezone": "Europe/Amsterdam",
    "organisations": [{"id": "oost", "key": 1}],
    "people": [{"id": name, "organisation": "oost", "level": 3, "share": 1} for name in ("anna", "bram")],
    "duties": [
        {
            "id": f"e{number}",
            "start": start.isoformat(),
            "end": (start + timedelta(hours=6)).isoformat(),
            "kind": "work",
            "level": 3,
            "weight": 1,
            "holiday": False,
        }
        for number, start in enumerate(EVENINGS)
    ],
}


@pytest.fixture
def run(tmp_path):
    def run(command, *contents, options=()):
        paths = []
        for number, content in enumerate(contents):
            path = tmp_path / f"{number}.json"
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
            paths.append(str(path))
        return CliRunner().invoke(main, ["rota", command, *paths, *options])

    return run


def test_a_rota_comes_out_that_passes_the_check(run):
    planned = run("plan", PROBLEM, options=["--seed", "1"])
    assert planned.exit_code == 0, planned.stderr
    rota = json.loads(planned.stdout)
    assert set(rota["assignments"]) == {f"e{n}" for n in range(6)}
    assert rota["load"] == {"anna": 3, "bram": 3}
    assert rota["organisation_load"] == {"oost": 6}
    assert rota["proven"] is True
    assert rota["open"] == []

    checked = run("check", PROBLEM, rota)
    assert (checked.exit_code, checked.stdout) == (0, "")


def test_the_same_seed_gives_the_same_bytes(run):
    assert run("plan", PROBLEM).stdout_bytes == run("plan", PROBLEM).stdout_bytes


def test_what_is_wrong_is_a_line_of_json_each(run):
    ill = {**PROBLEM, "rules": {"daily_rest": 24}}
    checked = run("check", ill, {"assignments": {f"e{n}": "anna" for n in range(5)}})
    assert checked.exit_code == 1
    lines = [json.loads(line) for line in checked.stdout.splitlines()]
    assert {line["rule"] for line in lines} == {"daily_rest", "cover"}
    assert all(line["text"] and line["source"] for line in lines)


def test_who_is_away_is_told(run):
    away = [["2026-06-01T00:00+02:00", "2026-06-02T00:00+02:00"]]
    people = [{**person, "unavailable": away} for person in PROBLEM["people"]]
    planned = json.loads(run("plan", {**PROBLEM, "people": people}).stdout)
    assert planned["open"] == [{"duty": "e0", "why": ["Afwezig: anna, bram."]}]
    checked = run("check", {**PROBLEM, "people": people}, planned)
    assert checked.exit_code == 0  # a gap that is told is no violation


@pytest.mark.parametrize("bad", ["{", "[]", "{}", "[" * 100_000, '{"people": 3}'])
def test_a_file_that_is_no_problem_is_refused_in_words(run, bad):
    for result in (run("plan", bad), run("check", bad, "{}")):
        assert result.exit_code == 1
        assert "Error" in result.stderr
        assert not isinstance(result.exception, RecursionError | KeyError | TypeError)


def test_a_duty_that_is_given_twice_is_no_rota(run):
    result = run("check", PROBLEM, '{"assignments": {"e0": "anna", "e1": "bram", "e0": "bram"}}')
    assert result.exit_code == 1
    assert "staat er twee keer in: e0" in result.stderr


def test_a_file_with_a_mark_of_windows_in_front_is_read(run):
    assert run("check", PROBLEM, "\ufeff" + json.dumps({"assignments": {}})).stderr == ""


def test_a_rota_of_another_problem_is_refused(run):
    result = run("check", PROBLEM, {"assignments": {"e9": "anna"}})
    assert result.exit_code == 1
    assert "assignments.e9: deze dienst bestaat niet" in result.stderr
