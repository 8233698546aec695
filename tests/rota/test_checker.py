"""The checker, rule by rule, and against a second reading that walks over every minute."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rota.make import away, duty, person, problem, problems
from tests.rota.naive import broken
from wijkapp.agreements.rule_sets import newest
from wijkapp.rota.checker import check_rota
from wijkapp.rota.problem import Kind, Open, Rota


def rules_broken(duties, *, rules=None, **about):
    """The rules that somebody breaks who has all of these."""
    made = problem([person("anna", **about)], duties, rules=rules or {})
    return {one.rule for one in check_rota(made, Rota({one.id: "anna" for one in duties}))}


def nights(*days, kind=Kind.WORK):
    """Nights of 23:00 to 07:00 from these days of June 2026, a month without surprises."""
    return [
        duty(f"n{day}", f"2026-06-{day:02} 23:00", f"2026-06-{day + 1:02} 07:00", kind=kind) for day in days
    ]


def evenings(*days, kind=Kind.WORK, hours=6):
    return [
        duty(f"e{day}", f"2026-06-{day:02} {23 - hours:02}:00", f"2026-06-{day:02} 23:00", kind=kind)
        for day in days
    ]


NO_WEEKENDS = {"weekends_off": None, "sundays_off": None}


@pytest.mark.parametrize(
    ("duties", "found"),
    [
        (evenings(1) + nights(2), set()),
        (evenings(1) + nights(1), {"daily_rest"}),
        ([*nights(1), duty("l", "2026-06-02 20:59", "2026-06-02 22:00")], {"rest_after_night"}),
        ([*nights(1), duty("l", "2026-06-02 21:00", "2026-06-02 22:00")], set()),
        ([*evenings(1), duty("e", "2026-06-02 09:59", "2026-06-02 12:00")], {"daily_rest"}),
        ([*evenings(1), duty("e", "2026-06-02 10:00", "2026-06-02 12:00")], set()),
        ([*evenings(1), duty("e", "2026-06-01 20:00", "2026-06-01 22:00")], {"overlap"}),
        (nights(1, 2), set()),
        (nights(1, 2) + evenings(4), set()),  # two nights are no series: 34 hours will do
        ([*nights(1, 2, 3), duty("l", "2026-06-06 04:59", "2026-06-06 05:50")], {"rest_after_nights"}),
        ([*nights(1, 2, 3), duty("l", "2026-06-06 05:00", "2026-06-06 05:50")], set()),
        (nights(1, 2, 3) + nights(5), {"rest_after_nights"}),
        (nights(1, 2, 3, 4, 5), set()),
        (nights(1, 2, 3, 4, 5, 6, 7, 8), {"longest_run", "weekly_rest"}),
        (evenings(1, 2, 3, 4, 5, 6, 7, hours=11), {"weekly_rest", "week_hours", "average_short"}),
        ([duty("long", "2026-06-01 08:00", "2026-06-01 20:00")], set()),
        ([duty("long", "2026-06-01 08:00", "2026-06-01 20:01")], {"shift_hours"}),
        ([duty("long", "2026-06-01 21:00", "2026-06-02 07:01")], {"night_hours"}),
        ([duty("long", "2026-06-01 21:00", "2026-06-02 21:01", kind=Kind.PRESENT)], {"stand_by_hours"}),
        (nights(1, kind=Kind.ON_CALL) + evenings(2), set()),  # to be called is no work
        (nights(1) + evenings(2, kind=Kind.ON_CALL), {"on_call_after_night"}),
        (evenings(1, kind=Kind.ON_CALL) + nights(1), {"on_call_before_night"}),
        (nights(*range(1, 15), kind=Kind.ON_CALL), {"on_call_days"}),
        (nights(*range(1, 14), kind=Kind.ON_CALL), set()),
    ],
)
def test_rest_and_length(duties, found):
    rules = {**NO_WEEKENDS, "average_short": 15}
    assert rules_broken(duties, rules=rules) - ({"average_short"} - found) == found


@pytest.mark.parametrize(
    ("days", "found"),
    [((1, 6, 13), set()), ((6, 13, 20), {"weekends_off"}), ((6, 7, 13), set()), ((6, 13), set())],
)
def test_two_of_four_weekends_are_free(days, found):
    assert rules_broken(evenings(*days)) == found


def test_a_friday_night_takes_the_weekend_too():
    assert rules_broken(nights(5) + evenings(13, 20)) == {"weekends_off"}
    assert rules_broken(evenings(5, 13, 20)) == set()


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ({"nights": 2}, {"nights"}),
        ({"sundays_off": 52}, {"sundays_off"}),
        ({"week_hours": 14.9}, {"week_hours"}),
        ({"average_short": 5.9}, {"average_short"}),
        ({"average_short": 6}, set()),
        ({"average_long": 1.4}, {"average_long"}),
        ({"average_long": 1.5}, set()),
        ({"average_nights": 1.4}, set()),  # three nights are not many
        ({"average_nights": 1.4, "many_nights": 3}, {"average_nights"}),
        ({"nights": None, "week_hours": False}, set()),
        ({"on_call_free": 14}, set()),
        ({"weekly_rest_days": None, "weekly_rest": 200}, set()),  # no time in which to rest
        ({"night_from": 23, "night_to": 7, "nights": 2}, {"nights"}),
        ({"night_from": 22, "night_to": 0, "night_work": 0.5, "night_late": 22, "nights": 2}, {"nights"}),
        ({"night_from": 22, "night_to": 0, "night_work": 1, "night_late": 22, "nights": 2}, set()),
    ],
)
def test_figures_of_a_region_count(rules, found):
    assert rules_broken(nights(1, 7, 10), rules=rules) == found


@pytest.mark.parametrize("off", [None, False, 0])
def test_free_time_without_a_length_asks_for_nothing(off):
    calls = nights(1, 7, 10, kind=Kind.ON_CALL)
    assert rules_broken(calls, rules={"on_call_free_hours": off, **NO_WEEKENDS}) == set()


def test_two_times_two_days_a_month_are_free_of_calls():
    month = nights(*range(1, 29, 2), kind=Kind.ON_CALL)
    off = {**NO_WEEKENDS, "on_call_days": None}
    assert rules_broken(month, rules=off) == {"on_call_free"}
    assert rules_broken(month[:-3], rules=off) == set()


@pytest.mark.parametrize(
    ("about", "found"),
    [
        ({"level": 2}, {"level"}),
        ({"exempt_nights": True}, {"exempt_nights"}),
        ({"unavailable": (away("2026-06-02 06:59", "2026-06-03 00:00"),)}, {"unavailable"}),
        ({"unavailable": (away("2026-06-02 07:00", "2026-06-03 00:00"),)}, set()),
        ({"busy": (away("2026-06-02 20:00", "2026-06-02 22:00"),)}, {"rest_after_night"}),
        ({"busy": (away("2026-06-01 08:00", "2026-06-01 12:01"),)}, {"daily_rest"}),
    ],
)
def test_who_somebody_is_counts(about, found):
    night = duty("n", "2026-06-01 23:00", "2026-06-02 07:00", level=3)
    assert rules_broken([night], **about) == found


def test_what_people_do_elsewhere_is_not_ours():
    busy = (away("2026-06-08 08:00", "2026-06-08 20:00"), away("2026-06-08 21:00", "2026-06-09 20:00"))
    assert rules_broken(evenings(1), busy=busy) == set()


def test_a_violation_names_rule_source_people_and_moments_in_dutch():
    made = problem([person("anna")], nights(1) + evenings(2))
    (found,) = check_rota(made, Rota({"n1": "anna", "e2": "anna"}))
    assert found.text == (
        "anna rust 10 uur na de nacht van ma 1 jun 2026 23:00, tot di 2 jun 2026 17:00; nodig is 14 uur."
    )
    assert found.source == newest().rules["rest_after_night"].source
    assert found.to_json() == {
        "rule": "rest_after_night",
        "source": "Arbeidstijdenwet art. 5:8",
        "people": ["anna"],
        "moments": ["2026-06-01T21:00:00+00:00", "2026-06-02T15:00:00+00:00"],
        "duties": ["n1", "e2"],
        "text": found.text,
    }


def test_a_gap_that_is_not_told_is_a_violation_and_so_is_a_duty_that_was_fixed():
    made = problem([person("anna"), person("bram")], evenings(1, 2), keep={"e2": "bram"})
    assert [one.rule for one in check_rota(made, Rota({"e2": "anna"}))] == ["cover", "keep"]
    assert check_rota(made, Rota({"e2": "bram"}, (Open("e1", ("ziek",)),))) == []


def test_every_figure_has_a_source_and_says_whether_it_is_confirmed():
    for rule in newest().rules.values():
        assert rule.source
        assert rule.title
        assert rule.confirmed or "te bevestigen" in rule.source or "uitleg" in rule.source


@settings(max_examples=12)
@given(problems(duties=8, people=1), st.data())
def test_the_checker_agrees_with_a_walk_over_every_minute(made, data):
    duties = data.draw(st.lists(st.sampled_from(made.duties), min_size=1, unique_by=lambda one: one.id))
    (anna,) = made.people
    theirs = {one.rule for one in check_rota(made, Rota({one.id: anna.id for one in duties}))}
    assert theirs - {"cover", "keep"} == broken(made, anna, duties)


def test_a_night_that_loses_an_hour_is_an_hour_shorter():
    night = duty("n", "2026-03-28 23:00", "2026-03-29 07:00")
    assert night.end - night.start == timedelta(hours=7)
