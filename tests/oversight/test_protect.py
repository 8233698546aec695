"""Nobody works out a small number, by adding and subtracting all that is shown."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkapp.oversight.rules.protect import Part, is_safe, part_of, partition, release

LEAST = 10


def shown_sets(table, width, least=LEAST, *, over=True):
    """Everything that is shown, as sets of cells (row, week) with what is said of each."""
    found = release(table, width, least, over=over)
    everything = {(row, week) for row in table for week in range(width)}
    sets = [everything] if found.total else []
    sets += [{(row, week) for week in range(width)} for row in found.rows]
    return sets + [{(row, week) for row in table} for week in found.columns]


def value(cells, table):
    return tuple(map(sum, zip(*[table[row][week] for row, week in cells], strict=True)))


def worked_out(sets, table, width):
    """Every set of cells whose sum follows from these by any adding and subtracting."""
    # Who reads a nought knows that there is nothing in any cell of it.
    empty = {cell for one in sets if not any(value(one, table)) for cell in one}
    cells = [cell for cell in product(table, range(width)) if cell not in empty]
    if not cells or not sets:
        return []
    known = np.array([[cell in one for cell in cells] for one in sets], dtype=float)
    _u, strengths, directions = np.linalg.svd(known)
    free = directions[(strengths > 1e-9).sum() :]  # what the sums say nothing about
    subsets = np.array(list(product((0.0, 1.0), repeat=len(cells)))[1:])
    follows = np.abs(subsets @ free.T).max(axis=1, initial=0) < 1e-9
    return [[cell for cell, on in zip(cells, row, strict=True) if on] for row in subsets[follows]]


NUMBER = st.one_of(st.just(0), st.integers(1, 9), st.integers(10, 25))


@st.composite
def tables(draw, parts=1):
    rows, width = draw(st.sampled_from([(1, 3), (2, 3), (3, 3), (2, 4), (3, 4), (4, 3)]))
    vector = st.tuples(*[NUMBER] * parts)
    return {row: draw(st.lists(vector, min_size=width, max_size=width)) for row in range(rows)}, width


@settings(max_examples=120)
@given(tables())
def test_no_sum_that_follows_from_what_is_shown_is_small(made):
    table, width = made
    # Somebody looked each week while the quarter ran, and looks again when it is over.
    sets = shown_sets(table, width, over=False) + shown_sets(table, width)
    for subset in worked_out(sets, table, width):
        assert is_safe(value(subset, table), LEAST), subset


@settings(max_examples=60)
@given(tables(parts=2))
def test_nor_any_part_of_one(made):
    table, width = made
    sets = shown_sets(table, width, over=False) + shown_sets(table, width)
    for subset in worked_out(sets, table, width):
        assert is_safe(value(subset, table), LEAST), subset


@settings(max_examples=100)
@given(tables(parts=2))
def test_no_two_of_all_that_is_shown_differ_by_a_small_number(made):
    table, width = made
    sets = shown_sets(table, width, over=False) + shown_sets(table, width)
    for one, other in combinations(sets, 2):
        for more, less in ((one, other), (other, one)):
            if less < more:
                assert is_safe(value(more - less, table), LEAST)


def shares(count, rows):
    """Every way to have so many in these rows."""
    if rows == 1:
        return [(count,)]
    return [(here, *rest) for here in range(count + 1) for rest in shares(count - here, rows - 1)]


def said(columns, least):
    """What a reader is told: the total, the rows and the columns, None for what is hidden."""
    rows, weeks = range(len(columns[0])), range(len(columns))
    found = release({row: [(column[row],) for column in columns] for row in rows}, len(columns), least)
    return (
        sum(map(sum, columns)) if found.total else None,
        tuple(sum(one[row] for one in columns) if row in found.rows else None for row in rows),
        tuple(sum(columns[week]) if week in found.columns else None for week in weeks),
    )


def fits(columns, total, rows):
    """Beside a total a nought is told, so that who is hidden has at least one."""
    mine = [sum(one[row] for one in columns) for row in range(len(rows))]
    is_so = all(one == told if told is not None else one > 0 for one, told in zip(mine, rows, strict=True))
    return total is None or (sum(mine) == total and is_so)


def everything_of(columns):
    """The cells, the weeks, the rows and the total."""
    weeks, rows = map(sum, columns), map(sum, zip(*columns, strict=True))
    return [*(cell for column in columns for cell in column), *weeks, *rows, sum(map(sum, columns))]


@pytest.mark.parametrize(("weeks", "least", "most"), [(3, 3, 3), (2, 5, 7)])
def test_every_small_number_may_be_another_by_all_that_is_shown(weeks, least, most):
    """In whole numbers, a dash for a week being 1 to least - 1: all tables that may be meant."""
    pairs = list(product(range(most + 1), repeat=2))
    for total, rows, told in {said(columns, least) for columns in product(pairs, repeat=weeks)}:
        dash = [one for count in range(1, least) for one in shares(count, 2)]
        meant = product(*(shares(one, 2) if one is not None else dash for one in told))
        possible = [everything_of(columns) for columns in meant if fits(columns, total, rows)]
        for numbers in map(set, zip(*possible, strict=True)):
            assert len(numbers) > 1 or is_safe(tuple(numbers), least), (total, rows, told)


def test_the_search_sees_a_hidden_row_behind_a_total():
    table = {"a": [(20,), (20,)], "b": [(3,), (0,)]}
    sets = [{(row, week) for row in table for week in (0, 1)}, {("a", 0), ("a", 1)}]
    assert [("b", 0), ("b", 1)] in worked_out(sets, table, 2)


def test_a_second_row_is_hidden_with_the_only_small_one():
    table = {"a": [(30,)] * 2, "b": [(12,)] * 2, "c": [(2,)] * 2}
    found = release(table, 2, LEAST)
    assert found.total
    assert found.rows == {"a"}
    assert found.columns == {0, 1}


def test_a_busy_region_is_shown_as_it_is():
    table = {"a": [(30,)] * 3, "b": [(12,)] * 3}
    found = release(table, 3, LEAST)
    assert (found.total, found.rows) == (True, {"a", "b"})


def test_a_quarter_that_runs_shows_no_rows_that_grow():
    found = release({"a": [(30,)] * 3}, 3, LEAST, over=False)
    assert (found.total, found.rows, found.columns) == (False, set(), {0, 1, 2})


@pytest.mark.parametrize("each", [1, 9])
def test_hidden_rows_that_their_sum_would_tell_are_hidden_with_a_third(each):
    rows = {number: [(each,)] for number in range(10)}
    found = release({"a": [(30,)], "b": [(12,)]} | rows, 1, LEAST)
    assert (found.total, found.rows) == (True, {"a"})
    found = release(rows, 1, LEAST)
    assert (found.total, found.rows, found.columns) == (False, set(), {0})


@pytest.mark.parametrize("each", [1, 9])
def test_hidden_weeks_that_their_sum_would_tell_hide_the_total_and_every_row(each):
    found = release({"a": [(each,)] * 10 + [(40,)]}, 11, LEAST)
    assert (found.total, found.rows, found.columns) == (False, set(), {10})


def test_nothing_of_a_quiet_region():
    found = release({"a": [(1,), (2,)], "b": [(3,), (1,)]}, 2, LEAST)
    assert (found.total, found.rows, found.columns) == (False, set(), set())


@pytest.mark.parametrize(
    ("count", "rest", "shown", "says"),
    [
        (30, 20, True, Part(0.6, 0.6)),
        (57, 3, False, Part(51 / 60, 1.0)),
        (60, 0, False, Part(51 / 60, 1.0)),
        (0, 60, False, Part(0.0, 9 / 60)),
        (3, 57, False, Part(0.0, 9 / 60)),
        (30, 20, False, None),  # hidden for another's sake
        (7, 7, False, None),
        (4, 3, False, None),
        (0, 0, True, None),
        (60, 0, True, Part(1.0, 1.0)),
    ],
)
def test_a_share_says_as_much_as_it_may(count, rest, shown, says):
    assert part_of(count, rest, LEAST, shown=shown) == says


def test_reasons_are_parts_of_a_whole_that_is_known():
    assert partition({"full": 30, "far": 12, "late": 4}, 11, LEAST) == ({"full": 30, "far": 12}, 15)
    assert partition({"full": 30, "far": 12, "late": 4}, 0, LEAST) == ({"full": 30}, 16)
    assert partition({"late": 4}, 0, LEAST) == ({}, None)
    assert partition({}, 0, LEAST) == ({}, 0)
