"""Who could take which waiting request: the most are placed, and nobody gets more than it has free."""

import random
import subprocess
import sys
from itertools import product as every
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from wijkapp.matching.optimum import Proposal, Room, Taker, Waiting, first_come, most_placed

NURSING, CARE = "verpleging", "persoonlijke_verzorging"
MORNINGS = (30, 0, 0, 0) * 7
EVENINGS = (0, 0, 30, 0) * 7


def request(number: int, *teams: int, week=MORNINGS, products=(NURSING,), priority=0) -> Waiting:
    """A request that these teams may take, the first of them nearest."""
    takers = tuple(Taker(UUID(int=team), detour) for detour, team in enumerate(teams))
    return Waiting(UUID(int=number), products, week, takers, priority)


def room(team: int, places=1, week=None, product=NURSING) -> Room:
    return Room(UUID(int=team), product, places, week)


def pairs(taken: dict[UUID, UUID]) -> dict[int, int]:
    return {one.int: team.int for one, team in taken.items()}


def test_who_can_go_to_one_team_only_gets_that_team():
    waiting = [request(1, 7, 8), request(2, 7)]
    rooms = [room(7), room(8)]
    assert pairs(first_come(waiting, rooms)) == {1: 7}
    found = most_placed(waiting, rooms)
    assert pairs(found.taken) == {1: 8, 2: 7}
    assert found.at_most == 2
    assert found.proven


def test_a_place_in_the_evening_is_no_place_in_the_morning():
    waiting = [request(1, 7), request(2, 7, week=EVENINGS)]
    assert pairs(most_placed(waiting, [room(7, places=2, week=EVENINGS)]).taken) == {2: 7}


def test_two_requests_share_the_minutes_of_a_daypart():
    waiting = [request(1, 7), request(2, 7), request(3, 7)]
    assert len(most_placed(waiting, [room(7, places=3, week=(60, 0, 0, 0) * 7)]).taken) == 2
    assert len(most_placed(waiting, [room(7, places=3)]).taken) == 3


def test_a_request_for_two_kinds_of_care_takes_a_place_of_each():
    both = request(1, 7, products=(NURSING, CARE))
    assert most_placed([both], [room(7)]) == Proposal({}, 0)
    rooms = [room(7, 2), room(7, 1, product=CARE)]
    assert len(most_placed([both, request(2, 7, products=(NURSING, CARE))], rooms).taken) == 1


def test_among_equals_the_urgent_one_goes_first_and_to_the_nearest():
    waiting = [request(1, 7, 8), request(2, 7, 8, priority=1), request(3, 7, 8)]
    assert pairs(most_placed(waiting, [room(7)]).taken) == {2: 7}
    assert pairs(most_placed(waiting[:1], [room(7), room(8)]).taken) == {1: 7}


def test_placing_more_comes_before_placing_the_urgent_one():
    waiting = [
        request(1, 7, products=(NURSING, CARE), priority=3),
        request(2, 7),
        request(3, 7, products=(CARE,)),
    ]
    assert set(pairs(most_placed(waiting, [room(7), room(7, product=CARE)]).taken)) == {2, 3}


def test_without_requests_or_rooms_there_is_nothing_to_propose():
    assert most_placed([], [room(7)]) == Proposal({}, 0)
    assert most_placed([request(1, 7)], []) == Proposal({}, 0)
    assert most_placed([request(1)], [room(7)]).proven


WEEKS = st.sampled_from((MORNINGS, EVENINGS, (30, 0, 30, 0) * 7))
REQUESTS = st.lists(
    st.tuples(st.sets(st.integers(0, 2)), WEEKS, st.sampled_from(((NURSING,), (CARE, NURSING)))), max_size=5
)
ROOMS = st.tuples(*[st.tuples(st.integers(0, 2), st.none() | WEEKS)] * 6)


@given(REQUESTS, ROOMS)
def test_no_other_division_places_more_and_nobody_is_given_too_much(asked, figures):
    waiting = [
        request(number, *teams, week=week, products=products)
        for number, (teams, week, products) in enumerate(asked)
    ]
    rooms = [
        room(index // 2, places, week, (NURSING, CARE)[index % 2])
        for index, (places, week) in enumerate(figures)
    ]
    found = most_placed(waiting, rooms)
    assert found.proven
    assert _allowed(waiting, rooms, found.taken)
    assert _allowed(waiting, rooms, first_come(waiting, rooms))
    choices = [[None, *(taker.team_id for taker in one.takers)] for one in waiting]
    best = 0
    for division in every(*choices):
        taken = {one.request_id: team for one, team in zip(waiting, division, strict=True) if team}
        if len(taken) > best and _allowed(waiting, rooms, taken):
            best = len(taken)
    assert len(found.taken) == best >= len(first_come(waiting, rooms))


def _allowed(waiting: list[Waiting], rooms: list[Room], taken: dict[UUID, UUID]) -> bool:
    for each in rooms:
        here = [
            one
            for one in waiting
            if taken.get(one.request_id) == each.team_id and each.product in one.products
        ]
        if len(here) > each.places:
            return False
        hours = [one.week for one in here if one.products[0] == each.product]
        if each.week is not None and any(
            sum(minutes) > most for minutes, most in zip(zip(*hours, strict=True), each.week, strict=False)
        ):
            return False
    known = {(each.team_id, each.product) for each in rooms}
    return all(
        (taken[one.request_id], product) in known
        for one in waiting
        if one.request_id in taken
        for product in one.products
    )


def test_the_same_question_gets_the_same_answer_in_another_process():
    here = most_placed(*_many(), shuffle=b"monday").taken
    code = (
        "from tests.matching.test_optimum import _many, pairs\n"
        "from wijkapp.matching.optimum import most_placed\n"
        "print(sorted(pairs(most_placed(*_many(), shuffle=b'monday').taken).items()))"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == str(sorted(pairs(here).items()))


def _many() -> tuple[list[Waiting], list[Room]]:
    dice = random.Random(4)
    waiting = [
        request(number, *dice.sample(range(12), 4), week=dice.choice((MORNINGS, EVENINGS)))
        for number in range(40)
    ]
    return waiting, [room(team, dice.randint(1, 4), (90, 0, 60, 0) * 7) for team in range(12)]
