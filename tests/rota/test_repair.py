"""When somebody falls out: lawful substitutes in a sensible order; a rota mended while few people notice."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings

from tests.rota.make import away, duty, person, problem, problems, weeks
from wijkapp.rota.checker import check_rota
from wijkapp.rota.planner import plan_rota
from wijkapp.rota.problem import Open, Rota
from wijkapp.rota.repair import replan, substitutes


def changed(before, after):
    """Who has something else than before, apart from who lost a duty to that."""
    return {who for name, who in after.assignments.items() if before.assignments.get(name) != who}


@pytest.fixture(scope="module")
def made():
    return problem([person(f"p{n}") for n in range(8)], weeks(4))


@pytest.fixture(scope="module")
def rota(made):
    return plan_rota(made)


def test_substitutes_are_just_those_whom_the_checker_allows(made, rota):
    for name in list(rota.assignments)[:20]:
        allowed = {
            one.id
            for one in made.people
            if one.id != rota.assignments[name]
            and not check_rota(made, Rota({**rota.assignments, name: one.id}))
        }
        assert {one.person for one in substitutes(made, rota, name)} == allowed


def test_who_is_behind_and_has_a_quiet_week_comes_first():
    people = [person(name) for name in ("anna", "bram", "carla", "daan")]
    duties = [
        duty(f"e{day}", f"2026-06-{day:02} 17:00", f"2026-06-{day:02} 23:00") for day in (1, 8, 9, 10, 16)
    ]
    made = problem([*people[:3], replace(people[3], avoid=frozenset({"e9"}))], duties)
    rota = Rota({"e9": "anna", "e1": "bram", "e8": "carla"}, target=dict.fromkeys("abcd", Fraction(1)))
    assert [one.person for one in substitutes(made, rota, "e9")] == ["bram", "carla", "daan"]


def test_who_left_and_what_is_no_duty_any_more_are_passed_over(made, rota):
    name = made.duties[0].id
    left = rota.assignments[made.duties[1].id]
    people = tuple(one for one in made.people if one.id != left)
    now = replace(made, people=people, duties=made.duties[1:])
    found = replan(now, rota)
    assert check_rota(now, found) == []
    assert left not in found.assignments.values()
    assert name not in found.assignments
    assert left not in {one.person for one in substitutes(now, rota, made.duties[2].id)}
    assert substitutes(now, Rota(rota.assignments), made.duties[2].id)


def test_a_rota_that_is_lawful_stays_as_it_is(made, rota):
    assert replan(made, rota).assignments == rota.assignments


def test_who_falls_ill_is_replaced_and_few_notice(made, rota):
    ill = rota.assignments["2026-03-10-1"]
    gone = (away("2026-03-09 00:00", "2026-03-16 00:00"),)
    now = replace(
        made, people=tuple(replace(one, unavailable=gone) if one.id == ill else one for one in made.people)
    )
    mended = replan(now, rota)
    assert check_rota(now, mended) == []
    assert not mended.open
    lost = [name for name, who in rota.assignments.items() if mended.assignments[name] != who]
    assert len(changed(rota, mended)) <= len(lost)
    assert ill not in changed(rota, mended)


def test_others_move_when_nobody_can_simply_take_over():
    """Only bram may have the night, and he has the evening before it."""
    people = [person("anna", level=4), person("bram", level=4), person("carla", level=2)]
    evening = duty("e", "2026-06-01 17:00", "2026-06-01 23:00")
    night = duty("n", "2026-06-01 23:00", "2026-06-02 07:00", level=4)
    was = Rota({"e": "bram", "n": "anna"})
    ill = replace(people[0], unavailable=(away("2026-06-01 00:00", "2026-06-03 00:00"),))
    mended = replan(problem([ill, *people[1:]], [evening, night]), was)
    assert mended.assignments == {"e": "carla", "n": "bram"}


@settings(max_examples=12)
@given(problems(duties=10, people=4, days=8))
def test_whatever_the_rota_was_what_comes_out_is_lawful(made):
    anyhow = Rota({one.id: made.people[n % len(made.people)].id for n, one in enumerate(made.duties)})
    mended = replan(made, anyhow)
    assert check_rota(made, mended) == []
    assert all(isinstance(one, Open) and one.why for one in mended.open)
