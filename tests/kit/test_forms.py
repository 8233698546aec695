"""Text that is safe to store, whatever is pasted into a field."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from wtforms import Form

from wijkapp.kit.forms import Line, Piece, mark_of, pieces, plain, prose
from wijkapp.kit.phones import phone_as_written

anything = st.text(st.characters(), max_size=200)  # lone surrogates too


@given(anything)
def test_text_is_stored_as_one_clean_line(typed):
    stored = plain(typed)
    assert stored == stored.strip()
    assert "  " not in stored
    assert not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in stored)
    assert not set(stored) & set(
        "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff\u2028\u2029"
    )
    stored.encode()  # a database takes it


@given(anything)
def test_what_was_cleaned_is_clean(typed):
    assert plain(plain(typed)) == plain(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Anna   de  Vries ", "Anna de Vries"),
        ("Anna\nde\tVries\r\n", "Anna de Vries"),
        ("Anna\u00a0de\u2003Vries", "Anna de Vries"),
        ("Zo\u0065\u0308", "Zoë"),  # composed
        ("An\x00na\x1b[31m", "Anna[31m"),
        ("\u202eannA", "annA"),  # would be shown the other way round
        ("\ufeffAnna", "Anna"),
        ("\ud800Anna", "Anna"),  # half a character
        ("عائشة", "عائشة"),
        ("Wijkteam 👩🏽‍⚕️ Oost", "Wijkteam 👩🏽‍⚕️ Oost"),  # the joiner in an emoji stays
        ("<b>Anna</b> & 'co'", "<b>Anna</b> & 'co'"),  # escaped where it is shown, not here
        ("", ""),
        ("\u200e \x07", ""),
    ],
)
def test_what_people_paste(typed, stored):
    assert plain(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("\r\n S: valt vaak.\r\nB: knie,  links \n", "S: valt vaak.\nB: knie,  links"),
        ("een\rtwee\u2028drie\u2029vier", "een\ntwee\ndrie\nvier"),
        ("Zo\u0065\u0308\x00\u202e", "Zoë"),
        (" \n\t ", ""),
    ],
)
def test_lines_of_text_stay_lines(typed, stored):
    assert prose(typed) == stored


def test_a_text_is_cut_at_what_was_found_in_it():
    found = {"start": 4, "end": 8, "kind": "name", "level": "likely", "instead": "[naam]"}
    assert pieces("Mw. Roos belt", [found]) == (
        Piece("Mw. "),
        Piece("Roos", "name", "likely", "[naam]"),
        Piece(" belt"),
    )
    assert pieces("Wondzorg", []) == ()


def test_another_text_has_another_mark():
    assert mark_of("Roos") == mark_of("Roos") != mark_of("Roos ")


@pytest.mark.parametrize(
    ("e164", "written"),
    [
        ("+31612345678", "06 12345678"),
        ("+31301234567", "030 123 4567"),
        ("+32470123456", "+32 470 12 34 56"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_number_is_shown_as_people_write_it(e164, written):
    assert phone_as_written(e164) == written


def test_what_was_typed_cannot_leave_its_attribute():
    class Page(Form):
        place = Line()

    field = Page(data={"place": '"><script>&'}).place
    shown = field(required=True, disabled=False, **{"aria-label": Markup('a "b"')})

    assert shown == (
        '<input aria-label="a &quot;b&quot;" id="place" name="place" required type="text" '
        'value="&#34;&gt;&lt;script&gt;&amp;">'
    )
