"""Which offers together cover a request: the smallest, all of them, in an order that favours nobody."""

from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkapp.matching.combine import MOST_SHOWN, Combination, Part, missing, shares, smallest

DAY = date(2026, 11, 23)
MORNING_AND_EVENING = (60, 0, 60, 0) + (0,) * 24
TWICE_EACH = (2, 0, 2, 0) + (0,) * 24


def part(number: int, week: tuple[int, ...], later: int = 0) -> Part:
    return Part(UUID(int=number), week + (0,) * (28 - len(week)), DAY + timedelta(days=later))


def numbers(found: list[Combination]) -> list[tuple[int, ...]]:
    return [tuple(offer_id.int for offer_id in one.offer_ids) for one in found]


def test_a_morning_and_an_evening_make_a_day():
    parts = [part(1, (60,)), part(2, (0, 0, 60)), part(3, (30, 0, 30))]
    assert smallest(MORNING_AND_EVENING, parts) == [Combination((UUID(int=1), UUID(int=2)), DAY)]


def test_one_offer_that_covers_it_all_is_the_smallest_combination():
    assert numbers(smallest(MORNING_AND_EVENING, [part(1, (60,)), part(2, (60, 0, 60))])) == [(2,)]


def test_nothing_is_proposed_when_all_together_leave_something_open():
    parts = [part(1, (60,)), part(2, (60, 0, 30))]
    assert smallest(MORNING_AND_EVENING, parts) == []
    assert missing(MORNING_AND_EVENING, parts) == (0, 0, 30) + (0,) * 25


def test_the_combination_that_covers_everything_first_comes_first():
    parts = [part(1, (60,)), part(2, (0, 0, 60), later=9), part(3, (0, 0, 60), later=2)]
    found = smallest(MORNING_AND_EVENING, parts)
    assert numbers(found) == [(1, 3), (1, 2)]
    assert found[0].start_on == DAY + timedelta(days=2)


def test_equals_stand_in_the_same_order_each_time_and_another_for_another_request():
    parts = [part(number, (60,) if number % 2 else (0, 0, 60)) for number in range(1, 9)]
    orders = {tuple(numbers(smallest(MORNING_AND_EVENING, parts, shuffle=bytes([n])))) for n in range(20)}
    assert len(orders) > 10
    again = [smallest(MORNING_AND_EVENING, each, shuffle=b"x", most=99) for each in (parts, parts[::-1])]
    assert [set(one.offer_ids) for one in again[0]] == [set(one.offer_ids) for one in again[1]]


def test_no_more_are_shown_than_somebody_can_choose_between():
    parts = [part(number, (60,) if number % 2 else (0, 0, 60)) for number in range(1, 13)]
    assert len(smallest(MORNING_AND_EVENING, parts)) == MOST_SHOWN
    assert len(smallest(MORNING_AND_EVENING, parts, most=99)) == 36


def test_two_halves_of_one_visit_are_no_visit():
    halves = [part(1, (15, 0, 60)), part(2, (15, 0, 0))]
    once = (1, 0, 2, 0) + (0,) * 24
    need = (30, 0, 60, 0) + (0,) * 24
    assert numbers(smallest(need, halves)) == [(1, 2)]
    assert smallest(need, halves, visits=once) == []


def test_a_minute_that_does_not_divide_over_the_visits_is_nobodys_fault():
    need = (61,) + (0,) * 27
    parts = [part(1, (30,)), part(2, (30,))]
    assert numbers(smallest(need, parts, visits=TWICE_EACH)) == [(1, 2)]
    assert [share[0] for share in shares(need, parts, visits=TWICE_EACH)] == [30, 31]


def test_where_two_can_do_the_same_daypart_it_is_given_out_once():
    parts = [part(1, (60, 0, 30)), part(2, (60, 0, 60))]
    assert [share[:3] for share in shares(MORNING_AND_EVENING, parts)] == [(60, 0, 30), (0, 0, 30)]


def test_among_many_offers_the_smallest_are_still_found():
    crowd = [part(number, (30, 0, 15)) for number in range(1, 39)]
    found = smallest(MORNING_AND_EVENING, [*crowd, part(39, (60,)), part(40, (0, 0, 60))])
    assert numbers(found) == [(39, 40)]


def test_among_very_many_offers_that_each_do_little_a_combination_is_found():
    found = smallest(MORNING_AND_EVENING, [part(number, (4, 0, 4)) for number in range(1, 41)])
    assert [len(one.offer_ids) for one in found] == [15]


WEEKS = st.lists(st.sampled_from((0, 0, 30, 60)), min_size=6, max_size=6).map(tuple)


@given(need=WEEKS.filter(any), weeks=st.lists(WEEKS, max_size=7))
def test_nothing_smaller_exists_and_nothing_as_small_is_left_out(need, weeks):
    parts = [Part(UUID(int=number), week, DAY) for number, week in enumerate(weeks)]
    covering = [
        set(each)
        for size in range(1, len(parts) + 1)
        for each in combinations(range(len(parts)), size)
        if all(sum(weeks[index][slot] for index in each) >= need[slot] for slot in range(6))
    ]
    expected = [each for each in covering if len(each) == min(map(len, covering))]
    found = [set(each) for each in numbers(smallest(need, parts, most=999))]
    assert sorted(map(sorted, found)) == sorted(map(sorted, expected))


@given(need=WEEKS, weeks=st.lists(WEEKS, min_size=1, max_size=5), whole=st.booleans())
def test_shares_give_out_what_is_asked_and_never_more(need, weeks, whole):
    parts = [Part(UUID(int=number), week, DAY) for number, week in enumerate(weeks)]
    visits = tuple(minutes // 30 for minutes in need) if whole else None
    given_out = shares(need, parts, visits=visits)
    for slot, asked in enumerate(need):
        assert sum(share[slot] for share in given_out) <= asked
        assert all(0 <= share[slot] <= part.week[slot] for share, part in zip(given_out, parts, strict=True))
    for one in smallest(need, parts, visits=visits):
        chosen = [part for part in parts if part.offer_id in one.offer_ids]
        assert not any(missing(need, chosen, visits=visits))


@pytest.mark.parametrize("parts", [[], [part(1, (0, 0, 0))]])
def test_without_anything_that_helps_there_is_no_combination(parts):
    assert smallest(MORNING_AND_EVENING, parts) == []
