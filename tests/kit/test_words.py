"""Sentences that are put together out of words."""

import pytest

from wijkapp.kit.words import listed


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
