"""Papers to print, also of what somebody typed on a phone."""

import pytest

from wijkapp.kit import documents
from wijkapp.rota import paper

NIGHT = {
    "lang": "nl",
    "words": paper.words_of("Noord", "ma 5 jan 17.00"),
    "published": True,
    "parts": [],
    "coordinators": [],
}


@pytest.mark.parametrize("text", ["Noord", "Noord 👩🏽‍⚕️", "漢字", "עברית", "\U0010fffd"])
def test_a_character_that_no_font_has_is_no_reason_to_have_no_paper(text):
    assert documents.pdf("rota/sheet.typ", NIGHT | {"region": text}).startswith(b"%PDF")


def test_a_paper_promises_that_it_can_be_read_aloud_when_it_can():
    assert b"pdfuaid" in documents.pdf("rota/sheet.typ", NIGHT | {"region": "Noord"})
    assert b"pdfuaid" not in documents.pdf("rota/sheet.typ", NIGHT | {"region": "漢字"})
