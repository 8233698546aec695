"""How good the guard is on lines it has not seen. Bars are a little below what was measured."""

from collections.abc import Sequence

import pytest

from tests.clients.marked_lines import LINES, MarkedLine, read
from wijkapp.clients.screening import Kind, Level, screen

BARS = {
    Kind.NAME: 0.75,
    Kind.BSN: 0.97,
    Kind.BIRTH_DATE: 0.97,
    Kind.ADDRESS: 0.97,
    Kind.POSTCODE: 0.90,
    Kind.PHONE: 0.97,
    Kind.EMAIL: 0.97,
    Kind.IBAN: 0.97,
    Kind.INSURANCE: 0.95,
    Kind.CLIENT_NUMBER: 0.90,
    Kind.HANDLE: 0.90,
}


@pytest.fixture(scope="module")
def unseen() -> list[MarkedLine]:
    return list(read(LINES / "unseen"))


@pytest.fixture(scope="module")
def found(unseen):
    """What the guard found in every line."""
    return {id(line): screen(line.text, line.allow) for line in unseen}


def share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits)


def test_most_messages_that_point_at_a_client_are_stopped(unseen, found):
    assert share([bool(found[id(line)]) for line in unseen if not line.is_clean]) >= 0.87


def test_few_clean_messages_are_stopped(unseen, found):
    clean = [found[id(line)] for line in unseen if line.is_clean]
    assert share([bool(each) for each in clean]) <= 0.03
    assert share([any(one.level is Level.CERTAIN for one in each) for each in clean]) <= 0.015


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_found_in_what_others_wrote(kind, unseen, found):
    hits = [
        any(one.start < end and start < one.end for one in found[id(line)])
        for line in unseen
        for start, end, marked in line.spans
        if marked == kind
    ]
    assert share(hits) >= BARS[kind]


def test_no_line_to_train_on_is_among_the_unseen(unseen):
    assert {line.text for line in read(LINES / "train")}.isdisjoint(line.text for line in unseen)
