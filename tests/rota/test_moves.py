"""Is it lawful that a duty goes to another, and which two could be traded? The checker has the last word."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.rota.make import at, away, duty, person, problem, weeks
from wijkapp.rota.checker import check_rota
from wijkapp.rota.moves import from_now, trades, widened, wrong_after
from wijkapp.rota.problem import Kind, Rota

EVENING = duty("avond", "2026-03-02 17:00", "2026-03-02 23:00")
NIGHT = duty("nacht", "2026-03-02 23:00", "2026-03-03 07:00", weight=Fraction(3, 2))
MORNING = duty("ochtend", "2026-03-03 07:00", "2026-03-03 17:00")
LATER = duty("later", "2026-03-12 17:00", "2026-03-12 23:00")


def rules(found):
    return [one.rule for one in found]


def test_a_duty_that_leaves_too_little_rest_may_not_be_taken():
    case = problem([person("anna"), person("bram")], [EVENING, MORNING])
    rota = Rota({"avond": "anna", "ochtend": "bram"})
    [wrong] = wrong_after(case, rota, {"ochtend": "anna"})
    assert (wrong.rule, wrong.people) == ("daily_rest", ("anna",))


def test_what_was_wrong_already_and_has_nothing_to_do_with_it_is_not_told():
    case = problem([person("anna"), person("bram")], [EVENING, MORNING, LATER])
    rota = Rota({"avond": "anna", "ochtend": "anna", "later": "bram"})
    assert wrong_after(case, rota, {"later": "anna"}) == []


def test_mending_what_was_wrong_is_lawful():
    case = problem([person("anna"), person("bram")], [EVENING, MORNING])
    rota = Rota({"avond": "anna", "ochtend": "anna"})
    assert wrong_after(case, rota, {"ochtend": "bram"}) == []


def test_who_gives_a_night_away_may_lose_the_rest_that_it_stood_for():
    nights = [duty(f"n{day}", f"2026-03-0{day} 23:00", f"2026-03-0{day + 1} 07:00") for day in range(2, 7)]
    case = problem([person("anna"), person("bram")], nights)
    rota = Rota({one.id: "anna" for one in nights})
    assert rules(wrong_after(case, rota, {"n5": "bram"})) == ["rest_after_nights"]
    assert wrong_after(case, rota, {"n6": "bram"}) == []


def test_giving_to_nobody_asks_only_of_who_had_it():
    case = problem([person("anna")], [EVENING])
    assert wrong_after(case, Rota({"avond": "anna"}), {"avond": None}) == []


def test_two_can_trade_what_neither_could_simply_take():
    """Both have a duty on Monday night and Tuesday morning; either is too much beside one's own."""
    case = problem([person("anna"), person("bram")], [NIGHT, MORNING])
    rota = Rota({"nacht": "anna", "ochtend": "bram"})
    assert rules(wrong_after(case, rota, {"ochtend": "anna"})) != []
    assert [(one.duty, one.person) for one in trades(case, rota, "nacht", {"ochtend"})] == [
        ("ochtend", "bram")
    ]
    assert wrong_after(case, rota, {"nacht": "bram", "ochtend": "anna"}) == []


def test_no_trade_for_who_is_away_or_lacks_the_level_or_when_it_may_not_be_traded():
    bram = person("bram", unavailable=(away("2026-03-02 20:00", "2026-03-03 05:00"),))
    case = problem([person("anna"), bram], [NIGHT, LATER])
    rota = Rota({"nacht": "anna", "later": "bram"})
    assert trades(case, rota, "nacht", {"later"}) == []
    well = replace(case, people=(person("anna"), person("bram")))
    assert trades(well, rota, "nacht", set()) == []
    assert trades(replace(well, keep={"later": "bram"}), rota, "nacht", {"later"}) == []
    low = replace(case, people=(person("anna"), person("bram", level=2)))
    assert trades(replace(low, duties=(replace(NIGHT, level=4), LATER)), rota, "nacht", {"later"}) == []


def test_the_most_even_and_the_nearest_comes_first_and_who_would_rather_not_comes_last():
    people = [person("anna"), person("bram"), person("carla", avoid=frozenset({"avond"}))]
    near, far = (
        duty(name, f"2026-03-{day} 17:00", f"2026-03-{day} 23:00") for name, day in (("b", 10), ("a", 20))
    )
    heavy, carlas = (
        replace(NIGHT, id="zwaar", start=at("2026-03-08 23:00"), end=at("2026-03-09 07:00")),
        LATER,
    )
    case = problem(people, [EVENING, near, far, heavy, carlas])
    rota = Rota({"avond": "anna", "a": "bram", "b": "bram", "zwaar": "bram", "later": "carla"})
    found = trades(case, rota, "avond", {"a", "b", "zwaar", "later"})
    assert [one.duty for one in found] == ["b", "a", "zwaar", "later"]


def test_of_a_duty_that_runs_only_the_rest_is_taken_over():
    case = problem(
        [person("anna"), person("bram", busy=(away("2026-03-02 08:00", "2026-03-02 18:00"),))], [EVENING]
    )
    rota = Rota({"avond": "anna"})
    assert rules(wrong_after(case, rota, {"avond": "bram"})) == ["overlap"]
    rest = from_now(case, "avond", at("2026-03-02 22:00"))
    assert rest.duty["avond"].start == at("2026-03-02 22:00")
    assert from_now(case, "avond", at("2026-03-02 12:00")) is case


def test_time_of_another_rota_comes_on_the_table_as_the_duty_it_is():
    """Bram works from ten to five, then has an evening of the next rota: all of it is busy time."""
    busy = away("2026-03-12 10:00", "2026-03-12 23:00")
    case = problem([person("anna"), person("bram", busy=(busy,))], [EVENING])
    wide, rota = widened(case, Rota({"avond": "anna"}), {LATER: "bram"})
    assert wide.person["bram"].busy == (away("2026-03-12 10:00", "2026-03-12 17:00"),)
    assert rota.assignments == {"avond": "anna", "later": "bram"}
    assert [one.duty for one in trades(wide, rota, "avond", {"later"})] == ["later"]


def test_being_on_call_in_another_rota_is_there_once():
    on_call = replace(LATER, kind=Kind.ON_CALL)
    case = problem([person("anna"), person("bram")], [EVENING, on_call], keep={"later": "bram"})
    wide, rota = widened(case, Rota({"avond": "anna", "later": "bram"}), {on_call: "bram"})
    assert [one.id for one in wide.duties] == ["avond", "later"]
    assert wide.keep == {}
    assert rota.assignments == {"avond": "anna", "later": "bram"}


@given(st.data())
@settings(max_examples=40)
def test_every_trade_that_is_found_is_lawful_and_the_others_are_not(data):
    duties = weeks(1)
    people = [person(name, level=3) for name in ("anna", "bram", "carla", "dirk")]
    case = problem(people, duties)
    rota = Rota({one.id: data.draw(st.sampled_from(people)).id for one in duties})
    assume(len(set(rota.assignments.values())) > 1)
    mine = data.draw(st.sampled_from(duties)).id
    before = len(check_rota(case, rota))
    found = {one.duty for one in trades(case, rota, mine, {one.id for one in duties})}
    for other in duties:
        who, me = rota.assignments[other.id], rota.assignments[mine]
        if who == me:
            continue
        swapped = {mine: who, other.id: me}
        wrong = [one for one in wrong_after(case, rota, swapped) if set(one.duties) & set(swapped)]
        if other.id in found:
            # The quick rules look only at what the new duty is part of, and so does this.
            assert not [one for one in wrong if _is_of_a_new_duty(one, swapped)]
        elif before == 0:
            assert wrong


def _is_of_a_new_duty(violation, swapped):
    return any(swapped.get(name) in violation.people for name in violation.duties)
