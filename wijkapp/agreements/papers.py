"""A document of an agreement to print or to send: an accessible PDF, and a DOCX to go on writing in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from unicodedata import normalize

import docx
from docx.shared import Cm, Pt, RGBColor

from wijkapp.agreements.models import Factor, State, Version
from wijkapp.agreements.sealed import Content
from wijkapp.agreements.service.merging import day_in_words
from wijkapp.kit import documents, time

BRAND = RGBColor(0x0F, 0x5C, 0x4F)
GREY = RGBColor(0x50, 0x5B, 0x55)
LONGEST_NAME = 90


@dataclass(frozen=True)
class Hand:
    """Somebody's signature, or the place for it. signed: when and by what; empty: not yet."""

    organisation: str
    name: str
    signed: str


@dataclass(frozen=True)
class Sheet:
    """What is printed. standing: which version, and whether it counts; proof: its hash and key, in pairs."""

    content: Content
    standing: str
    hands: Sequence[Hand]
    proof: Sequence[tuple[str, str]]


def pdf(sheet: Sheet) -> bytes:
    """The document as a tagged PDF (PDF/UA-1)."""
    return documents.pdf(
        "documents/paper.typ",
        {
            "title": sheet.content.title,
            "standing": sheet.standing,
            "clauses": [{"title": one.title, "lines": _lines(one.words)} for one in sheet.content.clauses],
            "hands": [vars(one) for one in sheet.hands],
            "proof": [list(pair) for pair in sheet.proof],
        },
    )


def _lines(words: Sequence[str]) -> list[dict[str, object]]:
    return [{"point": line.startswith("– "), "words": line.removeprefix("– ")} for line in words]


def word(sheet: Sheet) -> bytes:
    """The same as a DOCX, with real headings and lists."""
    made = docx.Document()
    made.core_properties.title = sheet.content.title
    made.core_properties.author = "wijkapp"
    made.core_properties.language = "nl-NL"
    for section in made.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.2)
    made.styles["Normal"].font.size = Pt(11)
    for level in ("Title", "Heading 1", "Heading 2"):
        made.styles[level].font.color.rgb = BRAND
    made.add_heading(sheet.content.title, 0)
    made.add_paragraph().add_run(sheet.standing).font.color.rgb = GREY
    for clause in sheet.content.clauses:
        made.add_heading(clause.title, 1)
        for line in _lines(clause.words):
            made.add_paragraph(str(line["words"]), style="List Bullet" if line["point"] else None)
    _hands(made, sheet)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _hands(made: "docx.document.Document", sheet: Sheet) -> None:
    if sheet.hands:
        made.add_heading("Handtekeningen", 1)
        table = made.add_table(rows=1, cols=3, style="Table Grid")
        for cell, words in zip(table.rows[0].cells, ("Organisatie", "Naam", "Getekend"), strict=True):
            cell.text = words
        for one in sheet.hands:
            row = table.add_row().cells
            row[0].text, row[1].text, row[2].text = one.organisation, one.name, one.signed or "nog niet"
    for name, value in sheet.proof:
        made.add_paragraph().add_run(f"{name}: {value}").font.size = Pt(8)


def file_name(document: str, agreement: str, ends: str) -> str:
    """samenwerkingsovereenkomst-samen-in-oost-concept.pdf: so that one finds it again. Plain letters only."""
    plain = normalize("NFKD", f"{document} {agreement}").encode("ascii", "ignore").decode().lower()
    return f"{'-'.join(re.findall('[a-z0-9]+', plain))[:LONGEST_NAME].rstrip('-')}-{ends}"


def signed_in_words(at: datetime, factor: Factor) -> str:
    """1 december 2026, 10.05 uur, met een passkey. Dutch: a document is in one language."""
    return f"{day_in_words(time.local(at).date())}, {time.clock(at)} uur, {BY[factor]}"


def standing(version: Version) -> str:
    """Which version it is, and whether it counts."""
    day = day_in_words(time.local(version.offered_at).date())
    told = f"Versie {version.number} van {day}"
    if version.state is State.IN_FORCE and version.in_force_at:
        return f"{told}, geldt sinds {day_in_words(time.local(version.in_force_at).date())}"
    return f"{told}, {STANDS[version.state]}"


BY = {
    Factor.PASSKEY: "met een passkey",
    Factor.CODE: "met een code",
    Factor.DEMO: "in de demo, zonder bewijs",
}
STANDS = {
    State.OFFERED: "nog niet door iedereen getekend",
    State.IN_FORCE: "geldt",
    State.REPLACED: "vervangen door een latere versie",
    State.TAKEN_BACK: "teruggenomen",
}
