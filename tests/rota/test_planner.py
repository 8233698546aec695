"""The planner: lawful by the checker, as complete as can be, and as fair as trying everything finds."""

import random
from datetime import timedelta
from fractions import Fraction
from functools import cache
from itertools import combinations, product

import pytest
from hypothesis import given, settings

from tests.rota.make import MONDAY, away, duty, person, problem, problems, weeks
from wijkapp.agreements.rule_sets import newest
from wijkapp.rota import search
from wijkapp.rota.checker import check_person, check_rota
from wijkapp.rota.fairness import Tally, fair_parts, whole_parts
from wijkapp.rota.planner import plan_rota
from wijkapp.rota.problem import Interval, in_utc
from wijkapp.rota.question import cuts_of, is_for
from wijkapp.rota.roster import Roster, Table


def broken(made, rota):
    return [one.text for one in check_rota(made, rota)]


def best_by_trying_everything(made):
    """The best score of all lawful rotas; every one is tried."""
    table, rules = Table(made), newest().changed(made.rules)

    @cache
    def lawful(number, duties):
        own = [made.duties[duty] for duty in duties]
        return next(check_person(made, rules, made.people[number], own), None) is None

    best = None
    for who in product([None, *range(len(made.people))], repeat=len(made.duties)):
        own = [tuple(d for d, p in enumerate(who) if p == n) for n in range(len(made.people))]
        if all(lawful(number, duties) for number, duties in enumerate(own)):
            score = _score(made, table, who)
            best = score if best is None else min(best, score)
    return best


def _score(made, table, who):
    tally = Tally(made, table.aims)
    for number, someone in enumerate(who):
        if someone is not None:
            tally.add(number, someone)
    return tally.score(who.count(None))


@settings(max_examples=10)
@given(problems(duties=5, people=3, days=5))
def test_no_rota_of_a_tiny_problem_is_better(made):
    rota = plan_rota(made)
    unit = Table(made).aims.unit
    best = best_by_trying_everything(made)
    points = tuple(value * (1 if place in (0, 3, 5) else unit) for place, value in enumerate(best))
    assert rota.objective == points
    assert rota.proven
    assert rota.bound == points


def refuses(cut, chosen):
    return cut.duties <= chosen and not set(cut.unless) & chosen


@pytest.mark.parametrize("elsewhere", [None, 3, 4])
def test_what_the_solver_is_told_refuses_nothing_that_is_lawful(elsewhere):
    days = [day for day in range(1, 9) if day != elsewhere]
    made = [duty(f"n{d}", f"2026-06-{d:02} 23:00", f"2026-06-{d + 1:02} 07:00") for d in days]
    night = (away(f"2026-06-{elsewhere:02} 23:00", f"2026-06-{elsewhere + 1:02} 07:00"),) if elsewhere else ()
    table = Table(problem([person("anna", busy=night)], made, rules={"weekly_rest": 40}))
    fixed = table.fixed[0]
    sets = [set(c) for size in range(1, 9) for c in combinations(range(len(made)), size)]
    lawful = [c for c in sets if not any(table.law.faults([*fixed, *(table.law.duties[d] for d in c)]))]
    for chosen in sets:
        cuts = list(cuts_of(table, 0, sorted(chosen)))
        assert bool(cuts) == (chosen not in lawful)
        for cut in cuts:
            assert is_for(cut, table, 0)
            assert refuses(cut, chosen)
            assert not any(refuses(cut, other) for other in lawful)


def test_a_night_elsewhere_mends_what_is_wrong_for_the_others():
    made = [duty(f"n{d}", f"2026-06-{d:02} 23:00", f"2026-06-{d + 1:02} 07:00") for d in (1, 2, 3, 5)]
    night = (away("2026-06-04 23:00", "2026-06-05 07:00"),)
    table = Table(problem([person("anna"), person("bram", busy=night)], made))
    (cut,) = cuts_of(table, 0, [0, 1, 2, 3])
    assert (is_for(cut, table, 0), is_for(cut, table, 1)) == (True, False)


@settings(max_examples=20)
@given(problems(duties=14, people=5, days=12))
def test_what_comes_out_is_lawful_and_the_bound_is_no_better_than_it(made):
    rota = plan_rota(made, work=2.0)
    assert broken(made, rota) == []
    assert rota.bound <= rota.objective
    assert rota.proven == (rota.bound == rota.objective)
    assert {one.duty for one in rota.open} | set(rota.assignments) == {one.id for one in made.duties}


def full_fortnight(seed):
    """So much work for so few that nobody can be exactly on target."""
    dice = random.Random(seed)
    duties, people = weeks(2), []
    starts = [MONDAY + timedelta(days=dice.randrange(12)) for _one in range(5)]
    for n, start in enumerate(starts):
        gone = Interval(in_utc(start), in_utc(start + timedelta(days=5)))
        points = Fraction(dice.randint(-9, 9))
        avoid = frozenset(dice.sample([one.id for one in duties], 3))
        home = ("oo", "ww")[n % 2]
        about = {"organisation": home, "balance": points, "unavailable": (gone,), "avoid": avoid}
        people.append(person(f"p{n}", **about))
    return problem(people, duties)


@pytest.mark.parametrize("seed", [10, 33, 88])
def test_no_rota_is_better_than_the_bound_when_nobody_can_be_on_target(seed):
    rota = plan_rota(full_fortnight(seed), work=2.0)
    assert rota.bound <= rota.objective
    assert rota.proven


def test_trying_at_random_keeps_to_the_law_and_to_the_aims():
    better = 0
    for seed in range(6):
        roster = Roster(Table(full_fortnight(seed)))
        search.greedy(roster, seed)
        before = roster.score
        search.sharpen(roster, seed)
        assert roster.score <= before
        assert all(roster.lawful(person) for person in range(5))
        better += roster.score < before
    assert better >= 3


def test_the_same_problem_and_seed_give_the_same_rota():
    made = problem([person(f"p{n}", organisation="oo" if n < 3 else "ww") for n in range(7)], weeks(3))
    assert plan_rota(made, 3).to_json() == plan_rota(made, 3).to_json()


def test_three_weeks_for_seven_people_are_fair_to_a_point():
    made = problem([person(f"p{n}", organisation="oo" if n < 3 else "ww") for n in range(7)], weeks(3))
    rota = plan_rota(made)
    assert broken(made, rota) == []
    assert rota.proven
    assert not rota.open
    assert rota.objective[:3] == (0, 0, 0)
    assert sum(rota.load.values()) == 3 * 7 * 3
    assert abs(rota.organisation_load["oo"] - Fraction(63, 2)) < 1
    assert sum(rota.balance.values()) == 0


def test_work_follows_fte_and_key_and_what_was_done_before():
    people = [
        person("full", share=Fraction(1)),
        person("half", share=Fraction("0.5")),
        person("ahead", share=Fraction(1), balance=Fraction(4)),
    ]
    duties = [duty(f"e{day}", f"2026-06-{day:02} 17:00", f"2026-06-{day:02} 23:00") for day in range(1, 12)]
    rota = plan_rota(problem(people, duties, rules={"weekends_off": None, "weekly_rest": None}))
    assert rota.load == {"full": 6, "half": 3, "ahead": 2}
    assert set(rota.balance.values()) == {0}


def test_what_was_fixed_stays():
    made = problem([person("anna"), person("bram")], weeks(1, a_day=1), keep={"2026-03-02-0": "bram"})
    assert plan_rota(made).assignments["2026-03-02-0"] == "bram"


def test_wishes_are_met_when_it_costs_nobody_anything():
    made = problem([person("anna", avoid=frozenset({"2026-03-02-0"})), person("bram")], weeks(1, a_day=1))
    rota = plan_rota(made)
    assert rota.assignments["2026-03-02-0"] == "bram"
    assert rota.objective[-1] == 0


def test_a_duty_that_nobody_can_have_stays_open_and_the_others_do_not():
    gone = (away("2026-03-04 00:00", "2026-03-05 00:00"),)
    made = problem([person("anna", unavailable=gone), person("bram", unavailable=gone)], weeks(1, a_day=1))
    rota = plan_rota(made)
    assert [one.duty for one in rota.open] == ["2026-03-04-0"]
    assert len(rota.assignments) == 6
    assert broken(made, rota) == []


def test_nothing_to_plan_is_planned():
    assert plan_rota(problem([person("anna")], [])).proven
    assert plan_rota(problem([], [])).assignments == {}


@pytest.mark.parametrize(
    ("total", "shares", "before", "parts"),
    [
        (10, [1, 1], [0, 0], [5, 5]),
        (10, [1, 3], [0, 0], ["2.5", "7.5"]),
        (10, [1, 1], [4, 0], [3, 7]),
        (10, [1, 1, 1], [40, 0, 1], [0, "5.5", "4.5"]),
        (10, [0, 1], [0, 0], [0, 10]),
        (10, [0, 0], [0, 0], [0, 0]),
    ],
)
def test_parts_level_what_was_done_before(total, shares, before, parts):
    found, _level = fair_parts(Fraction(total), [Fraction(s) for s in shares], [Fraction(b) for b in before])
    assert found == [Fraction(part) for part in parts]


def test_whole_parts_give_the_rest_to_the_largest_remainders():
    assert whole_parts([Fraction("2.5"), Fraction("3.7"), Fraction("3.8")], 10) == [2, 4, 4]
