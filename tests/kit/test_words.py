"""Sentences that are put together out of words."""

from fractions import Fraction

import pytest

from wijkapp.kit import catalogues
from wijkapp.kit.words import decimal, listed


@pytest.mark.parametrize(
    ("words", "row"),
    [
        ([], ""),
        (["Oost"], "Oost"),
        (["Oost", "West"], "Oost en West"),
        (["Oost", "West", "Zuid"], "Oost, West en Zuid"),
    ],
)
def test_words_are_put_in_a_row(words, row):
    assert listed(iter(words)) == row


def test_a_row_may_end_otherwise():
    assert listed(["een naam", "een adres"], "%(first)s of %(last)s") == "een naam of een adres"


@pytest.mark.parametrize(
    ("number", "digits", "dutch", "english"),
    [
        (2, 2, "2", "2"),
        (1.5, 2, "1,5", "1.5"),
        (Fraction(10, 3), 2, "3,33", "3.33"),
        (10, 2, "10", "10"),
        (100.04, 1, "100", "100"),
        (-2.25, 2, "-2,25", "-2.25"),
    ],
)
def test_a_number_is_written_as_its_reader_does(number, digits, dutch, english):
    assert decimal(number, digits) == dutch
    with catalogues.speaking("en"):
        assert decimal(number, digits) == english
