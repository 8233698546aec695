"""Who may see what: the more specific goes first, a no wins a tie, silence is no."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkapp.clients.rules import (
    SEES,
    Answer,
    Data,
    Said,
    Scope,
    code_of,
    permitted,
    seen_by_role,
    written_by_role,
)
from wijkapp.people.rules import Role

OOST, WEST = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=1)
YES, NO, OBJECTS = Answer.GIVEN, Answer.REFUSED, Answer.OBJECTION
IDENTITY, REPORTS = Data.IDENTITY, Data.REPORTS


def said(answer, organisation=None, *data, since=BEFORE, until=None):
    return Said(answer, since, until, organisation, frozenset(data))


@pytest.mark.parametrize(
    ("answers", "may"),
    [
        ([], False),
        ([said(YES)], True),
        ([said(NO)], False),
        ([said(YES), said(OBJECTS)], False),  # a tie
        ([said(YES), said(NO)], False),
        ([said(OBJECTS), said(YES, OOST)], True),  # about one party goes before about all
        ([said(YES), said(OBJECTS, OOST)], False),
        ([said(YES), said(OBJECTS, WEST)], True),  # about another party
        ([said(OBJECTS), said(YES, None, IDENTITY)], True),  # about a kind of data goes before about all
        ([said(YES), said(OBJECTS, None, IDENTITY)], False),
        ([said(YES), said(OBJECTS, None, REPORTS)], True),
        ([said(OBJECTS, None, IDENTITY), said(YES, OOST)], True),  # a party goes before a kind of data
        ([said(YES, None, IDENTITY), said(OBJECTS, OOST)], False),
        ([said(YES, OOST), said(OBJECTS, OOST, IDENTITY)], False),  # about both goes before about one
        ([said(OBJECTS, OOST), said(YES, OOST, IDENTITY)], True),
        ([said(YES, OOST, IDENTITY), said(OBJECTS, OOST, IDENTITY, REPORTS)], False),
        ([said(YES, since=AFTER)], False),
        ([said(YES, until=NOW)], False),  # until is the first moment that it no longer counts
        ([said(YES, since=NOW, until=AFTER)], True),
        ([said(YES), said(OBJECTS, until=NOW)], True),
    ],
)
def test_what_the_client_said_decides(answers, may):
    assert permitted(answers, OOST, IDENTITY, NOW) is may
    assert permitted(reversed(answers), OOST, IDENTITY, NOW) is may


@pytest.mark.parametrize("typed", ["K7QM-4X2P", " k7qm 4x2p", "k7qm4x2p", "K7-QM-4X-2P"])
def test_a_code_may_be_typed_in_many_ways(typed):
    assert code_of(typed) == "K7QM-4X2P"


@pytest.mark.parametrize("typed", ["", "K7QM-4X2", "K7QM-4X2PP", "K7QM-4X20", "K7QM.4X2P", "Ｋ7QM-4X2P"])
def test_what_is_no_code_is_not_made_into_one(typed):
    assert code_of(typed) is None


ANSWERS = st.lists(
    st.builds(
        Said,
        st.sampled_from(Answer),
        st.sampled_from([BEFORE, AFTER]),
        st.sampled_from([None, NOW, AFTER]),
        st.sampled_from([None, OOST, WEST]),
        st.frozensets(st.sampled_from(Data), max_size=2),
    ),
    max_size=8,
)


@given(ANSWERS, st.sampled_from(Data))
def test_the_most_specific_no_always_shuts(answers, data):
    assert not permitted([*answers, said(OBJECTS, OOST, data)], OOST, data, NOW)


@given(ANSWERS, st.sampled_from(Data), st.randoms())
def test_the_order_in_which_it_was_said_does_not_matter(answers, data, random):
    mixed = random.sample(answers, len(answers))
    assert permitted(mixed, OOST, data, NOW) == permitted(answers, OOST, data, NOW)


@given(ANSWERS, st.sampled_from(Data))
def test_without_a_yes_nothing_is_shown(answers, data):
    noes = [one for one in answers if one.answer is not YES]
    assert not permitted(noes, OOST, data, NOW)


def test_each_scope_takes_in_the_one_before_it():
    wider = [SEES[scope] for scope in (Scope.NONE, Scope.PLANNING, Scope.REPORTS, Scope.ALL)]
    assert all(less < more for less, more in pairwise(wider))
    assert wider[-1] == set(Data)


@pytest.mark.parametrize(
    ("roles", "seen", "written"),
    [
        ({Role.NURSE}, set(Data), set(Data)),
        ({Role.REFERRER, Role.ADMIN}, set(Data), set(Data)),
        ({Role.PLANNER}, {Data.IDENTITY, Data.APPOINTMENTS}, {Data.APPOINTMENTS}),
        ({Role.PLANNER, Role.NURSE}, set(Data), set(Data)),
        ({Role.ADMIN, Role.COORDINATOR, Role.VIEWER}, set(), set()),
        (set(), set(), set()),
    ],
)
def test_a_role_sets_the_most_that_somebody_sees(roles, seen, written):
    assert (seen_by_role(roles), written_by_role(roles)) == (seen, written)
