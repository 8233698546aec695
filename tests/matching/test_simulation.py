"""Ways of asking, tried on the same made-up people."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from wijkapp.agreements.rules import DEFAULTS, Urgency
from wijkapp.kit.time import AMSTERDAM
from wijkapp.matching.commands import simulate
from wijkapp.matching.made_up import Settings, make
from wijkapp.matching.simulation import Run, outcome
from wijkapp.matching.ways import Everybody, OneByOne, Waves

SMALL = Settings(warm_up=10, days=5)


@pytest.fixture(scope="module")
def ours() -> Run:
    run = Run(make(SMALL), Waves())
    run.go()
    return run


def test_the_same_settings_give_the_same_figures(ours):
    tiny = replace(SMALL, providers=12, warm_up=1, days=2)
    assert Run(make(tiny), Waves()).go() == Run(make(tiny), Waves()).go()
    assert Run(make(tiny), Waves()).go() != Run(make(replace(tiny, seed=2)), Waves()).go()


def test_two_ways_of_asking_meet_the_same_requests_and_the_same_people():
    first, second = make(SMALL), make(SMALL)
    assert [one.id for one in first.asked] == [one.id for one in second.asked]
    asked, provider = first.asked[0], next(iter(first.providers.values()))
    answers = [
        provider.answers_after(asked.urgency, asked.posted_at, asked.dice(provider.id)) for _each in range(2)
    ]
    assert answers[0] == answers[1]


def test_our_waves_meet_the_goal(ours):
    """Median of ten minutes at most, 60 % fewer phones than ringing everybody, and no fewer placed."""
    here, there = outcome(ours), Run(make(SMALL), Everybody()).go()
    assert here.requests == there.requests > 50
    assert here.median <= 10
    assert here.phones <= 0.4 * there.phones
    assert here.placed >= there.placed
    assert here.within_term >= there.within_term - 0.02


def test_nobody_is_rung_in_quiet_hours_but_for_today(ours):
    for case in ours.cases:
        for moment in case.rung.values():
            hour = moment.astimezone(tz=AMSTERDAM).hour
            assert 7 <= hour < 22 or case.asked.urgency is Urgency.TODAY


def test_every_request_ends_and_everybody_in_reach_was_rung_before_it_was_given_up(ours):
    assert all(case.ended for case in ours.cases)
    given_up = [case for case in ours.cases if case.placed_at is None]
    placed = [case for case in ours.cases if case.placed_at is not None]
    assert placed
    assert all(case.suitable_at <= case.placed_at for case in placed)
    for case in given_up:
        assert case.calls >= max((other.calls for other in placed), default=0) / 4


def test_no_team_has_fewer_places_than_none(ours):
    rooms = [
        room for one in ours.region.providers.values() for team in one.teams for room in team.rooms.values()
    ]
    assert min(room.places for room in rooms) >= 0
    assert min(room.shown for room in rooms) >= 0


def test_one_by_one_rings_one_phone_at_a_time():
    run = Run(make(replace(SMALL, providers=12, warm_up=1, days=3)), OneByOne())
    assert run.go().requests
    assert not any(case.rung for case in run.cases)
    assert all(case.calls <= 3 * 12 for case in run.cases)


def test_a_wijk_that_wants_more_certainty_rings_more_phones():
    tiny = replace(SMALL, providers=24, warm_up=1, days=2)
    sure = Run(make(tiny), Waves(), replace(DEFAULTS, wanted_chance=0.99)).go()
    easy = Run(make(tiny), Waves(), replace(DEFAULTS, wanted_chance=0.6)).go()
    assert sure.phones > easy.phones


def test_the_command_prints_a_line_for_each_way_of_asking():
    runner = CliRunner()
    small = ["--days", "1", "--providers", "6", "--requests", "2"]
    shown = runner.invoke(simulate, small)
    assert shown.exit_code == 0, shown.output
    assert "onze golven" in shown.output
    assert "Doel" in shown.output
    lines = runner.invoke(simulate, [*small, "--json"]).output.splitlines()
    assert [json.loads(line)["way"] for line in lines][-1] == "onze golven"
