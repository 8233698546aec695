"""Why a duty stays open: in words a planner understands, and nothing that could be left out."""

from tests.rota.make import away, duty, person, problem, weeks
from wijkapp.rota.checker import check_rota
from wijkapp.rota.planner import plan_rota

GONE = (away("2026-03-02 00:00", "2026-03-09 00:00"),)
EVENING = duty("e", "2026-06-01 17:00", "2026-06-01 23:00")
NIGHT = duty("n", "2026-06-01 23:00", "2026-06-02 07:00", level=4)


def why(made):
    rota = plan_rota(made)
    assert check_rota(made, rota) == []
    return {one.duty: set(one.why) for one in rota.open}


def test_a_week_in_which_nobody_is_there():
    made = problem([person("anna", unavailable=GONE), person("bram", unavailable=GONE)], weeks(1, a_day=1))
    assert why(made) == {one.id: {"Afwezig: anna, bram."} for one in made.duties}


def test_each_is_told_with_their_own_reason():
    people = [
        person("anna", level=3),
        person("bram", level=4, exempt_nights=True),
        person("carla", level=4, busy=(away("2026-06-02 08:00", "2026-06-02 16:00"),)),
        person("daan", level=4, unavailable=(away("2026-06-01 00:00", "2026-06-02 00:00"),)),
    ]
    assert why(problem(people, [NIGHT])) == {
        "n": {
            "Niveau lager dan 4: anna.",
            "Hoeft geen nachten: bram.",
            "Kan niet naast werk dat al vaststaat (rust na een nachtdienst): carla.",
            "Afwezig: daan.",
        }
    }


def test_a_duty_that_is_too_long_is_the_reason_itself():
    long = duty("l", "2026-06-01 08:00", "2026-06-01 21:00")
    gone = person("bram", unavailable=(away("2026-06-01 00:00", "2026-06-02 00:00"),))
    told = why(problem([person("anna"), gone], [long]))
    assert told == {"l": {"Regel: duur van een dienst, 12 uur (Arbeidstijdenwet art. 5:7 lid 2)."}}


def test_who_has_something_else_then_is_told_beside_two_duties_at_once():
    busy = person("bram", busy=(away("2026-05-31 22:00", "2026-06-01 06:00"),))
    days = [duty(name, "2026-06-01 08:00", "2026-06-01 16:00") for name in "xy"]
    (told,) = why(problem([person("anna"), busy], days)).values()
    assert told == {
        "Deze diensten vragen dezelfde mensen: ma 1 jun 2026 08:00.",
        "Kan niet naast werk dat al vaststaat (rust na een nachtdienst): bram.",
    }


def test_of_a_crowd_the_first_are_named():
    made = problem([person(f"p{n:02}", level=2) for n in range(30)], [NIGHT])
    names = ", ".join(f"p{n:02}" for n in range(10))
    assert why(made) == {"n": {f"Niveau lager dan 4: {names} en nog 20."}}


def test_two_duties_that_ask_for_the_same_person_name_each_other_and_the_rule():
    """Anna has the level for both; what bram misses for the night is told too, as he would be the way out."""
    people = [person("anna", level=4), person("bram", level=2)]
    made = problem(people, [duty("e", "2026-06-01 17:00", "2026-06-01 23:00", level=3), NIGHT])
    ((name, reasons),) = why(made).items()
    other = {"e": "ma 1 jun 2026 23:00", "n": "ma 1 jun 2026 17:00"}[name]
    assert f"Deze diensten vragen dezelfde mensen: {other}." in reasons
    assert "Regel: rust tussen twee diensten, 11 uur (Arbeidstijdenwet art. 5:3 lid 2)." in reasons
    assert any(one.startswith("Niveau lager") and "bram" in one for one in reasons)


def test_nothing_is_told_that_could_be_left_out():
    """Three reasons: the rule, the other duty, and bram who is away."""
    people = [
        person("anna", level=4),
        person("bram", level=4, unavailable=(away("2026-06-01 00:00", "2026-06-03 00:00"),)),
    ]
    ((_name, reasons),) = why(problem(people, [EVENING, NIGHT])).items()
    assert "Afwezig: bram." in reasons
    assert len(reasons) == 3


def test_a_week_too_full_for_one_person_names_the_weekly_rest():
    days = [duty(f"d{day}", f"2026-06-{day:02} 12:00", f"2026-06-{day:02} 23:00") for day in range(1, 8)]
    off = {"weekends_off": None, "week_hours": None, "average_short": None}
    reasons = why(problem([person("anna")], days, rules=off))
    assert len(reasons) == 1
    (told,) = reasons.values()
    assert "Regel: rust in elke zeven maal 24 uur, 36 uur (Arbeidstijdenwet art. 5:5 lid 2)." in told
    assert any(one.startswith("Deze diensten vragen dezelfde mensen: ") for one in told)


def test_without_people_there_is_nobody_to_ask():
    assert why(problem([], [EVENING])) == {"e": {"Er is niemand om te vragen."}}
