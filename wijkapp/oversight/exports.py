"""The page of a region to take along: as CSV and Excel for a spreadsheet, as PDF to read.

Everything in it stands on the page, with the same numbers protected: exports are made out of `RegionPage`.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from wijkapp.kit import documents, time
from wijkapp.kit.words import gettext as _
from wijkapp.kit.words import spoken
from wijkapp.oversight import region_wording as told
from wijkapp.oversight.rules.picture import Pace, Shown
from wijkapp.oversight.rules.protect import Part
from wijkapp.oversight.rules.tally import Within
from wijkapp.oversight.rules.weeks import Quarter
from wijkapp.oversight.service.region import RegionPage, WijkLine

Cell = str | int | float | date | None
Rows = Sequence[Sequence[Cell]]

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain(text: str) -> str:
    """Text of a CSV as a spreadsheet shows it: a name that begins as a formula does, gets a quote in front.

    Source: OWASP, CSV Injection.
    """
    return "'" + text if text.startswith(BEGINS_A_FORMULA) else text


def wijken(page: RegionPage) -> Rows:
    """A line of headings, one for the region, and one for each wijk."""
    headings = [
        _("Wijk"),
        _("CBS-code"),
        _("Gemeente"),
        _("Afspraken"),
        _("Fase"),
        _("Partijen"),
        _("Getekend op"),
        _("Weken onder de norm"),
        _("Diensten bezet (%)"),
        _("Cijfers te oud (%)"),
        *_headings(),
    ]
    whole: list[Cell] = [
        page.region.name,
        "",
        "",
        "",
        "",
        None,
        None,
        None,
        None,
        None,
        *_figures(page.whole),
    ]
    return [headings, whole, *([*_about(line), *_figures(line.shown)] for line in page.lines)]


def _headings() -> list[str]:
    return [
        _("Zorgvragen"),
        _("Eerste antwoord: helft binnen (min)"),
        _("Eerste antwoord: 9 van de 10 binnen (min)"),
        _("Passend aanbod: helft binnen (min)"),
        _("Passend aanbod: 9 van de 10 binnen (min)"),
        _("Geplaatst: helft binnen (min)"),
        _("Geplaatst: 9 van de 10 binnen (min)"),
        _("Aanbod binnen de termijn (%)"),
        _("Geplaatst (%)"),
    ]


def _about(line: WijkLine) -> list[Cell]:
    standing = line.standing
    return [
        line.wijk.name,
        line.wijk.code,
        line.wijk.municipality,
        told.standing(standing),
        told.phase(standing) if standing else "",
        standing.parties if standing else None,
        standing.signed if standing else None,
        line.signal.weeks if line.signal else None,
        _percent(line.covered),
        _percent(line.stale),
    ]


def _figures(shown: Shown) -> list[Cell]:
    return [
        _number(shown),
        *(_minutes(one) for pace in (shown.answer, shown.offer, shown.placement) for one in _both(pace)),
        _part(shown.in_time),
        _part(shown.placed),
    ]


def _number(shown: Shown) -> Cell:
    return _("afgeschermd") if shown.requests is None else shown.requests


def _both(pace: Pace) -> tuple[Within | None, Within | None]:
    return pace.median, pace.p90


def _minutes(one: Within | None) -> Cell:
    return None if one is None else one.minutes if one.minutes is not None else _("langer dan een week")


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


def _part(part: Part | None) -> Cell:
    if part is None:
        return None
    return _percent(part.low) if part.exact else told.percent(part)


def weeks(page: RegionPage) -> Rows:
    """The region week by week."""
    headings = [
        _("Week"),
        _("Van"),
        _("Tot en met"),
        _("Zorgvragen"),
        _("Aanbod binnen de termijn (%)"),
        _("Geplaatst (%)"),
    ]
    return [headings] + [
        [
            "{}-W{:02}".format(*point.week.isocalendar()[:2]),
            point.week,
            date.fromordinal(point.week.toordinal() + 6),
            _number(point.shown),
            _part(point.shown.in_time),
            _part(point.shown.placed),
        ]
        for point in page.weeks
    ]


def reasons(page: RegionPage) -> Rows:
    """Why requests of the region were not placed."""
    rows: list[list[Cell]] = [[_("Niet geplaatst"), _("Zorgvragen")]]
    rows += [[told.reason(one), count] for one, count in page.reasons.items()]
    if page.other:
        rows.append([_("overige, of loopt nog"), page.other])
    return rows


def explained(page: RegionPage) -> Sequence[str]:
    """What whoever gets the figures must know."""
    return [
        _("%(region)s, %(quarter)s", region=page.region.name, quarter=told.quarter(page.quarter)),
        _("Hele weken: %(span)s.", span=told.span_of(page.quarter)),
        *([told.until(page.until)] if Quarter.of(page.until) == page.quarter else []),
        _(
            "Aantallen onder de %(least)s zijn afgeschermd, ook als ze uit andere zouden volgen. "
            "≥ en ≤ geven aan wat zeker is.",
            least=page.least,
        ),
        _("Tijden zijn naar boven afgerond. Uren waarin niemand gebeld mag worden, tellen niet mee."),
        _("Er staan geen cliënten, tarieven of cijfers van één aanbieder in."),
        _("Gemaakt op %(day)s met wijkapp.", day=told.day(time.today())),
    ]


def as_csv(rows: Rows) -> bytes:
    """As a Dutch Excel opens it: UTF-8 with a mark in front, semicolons, a decimal comma, 31-12-2026."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.1f}".replace(".", ",")
    return f"{cell:%d-%m-%Y}" if isinstance(cell, date) else plain(str(cell))


def as_xlsx(page: RegionPage) -> bytes:
    """A workbook with a sheet for each table, and one that explains."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in (
        (_("Wijken"), wijken(page)),
        (_("Weken"), weeks(page)),
        (_("Niet geplaatst"), reasons(page)),
        (_("Uitleg"), [[line] for line in explained(page)]),
    ):
        _add_sheet(book, title, rows)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _add_sheet(book: Workbook, title: str, rows: Rows) -> None:
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    # Text stays text, whatever it begins with: here a quote in front would only be seen.
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
            if isinstance(cell.value, date):
                cell.number_format = "DD-MM-YYYY"
    if len(rows[0]) > 1:
        sheet.freeze_panes = "B2"
        for cell in sheet[1]:
            cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for number in range(1, len(rows[0]) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 22 if number == 1 else 14
    if len(rows[0]) == 1:
        sheet.column_dimensions["A"].width = 100


def as_pdf(page: RegionPage) -> bytes:
    """A report to read or print, tagged for who hears it."""
    return documents.pdf(
        "oversight/region.typ",
        {
            "lang": spoken().info().get("language", "nl"),
            "words": _words_of_the_paper(),
            "title": _("Samenwerking in de wijk: %(region)s", region=page.region.name),
            "quarter": told.quarter(page.quarter),
            "explained": list(explained(page)),
            "whole_headings": [_("Wat"), _("Hoeveel")],
            "whole": _lines_of(page.whole),
            "headings": [
                _("Wijk"),
                _("Afspraken"),
                _("Zorgvragen"),
                _("Passend aanbod"),
                _("Binnen de termijn"),
                _("Geplaatst"),
            ],
            "wijken": [_printed(line) for line in page.lines],
            "without": [line.wijk.name for line in page.without],
            "signals": [f"{one.wijk.name}: {told.weeks_running(one.weeks)}" for one in page.signals],
            "reason_headings": reasons(page)[0],
            "reasons": [[str(cell) for cell in row] for row in reasons(page)[1:]],
            "week_headings": [_("Week"), _("Zorgvragen"), _("Binnen de termijn")],
            "weeks": [
                [told.week_span(one.week), told.number(one.shown.requests), told.percent(one.shown.in_time)]
                for one in page.weeks
                if one.week in page.quarter.weeks
            ],
        },
    )


def _words_of_the_paper() -> dict[str, str]:
    return {
        "whole": _("Hele regio"),
        "wijken": _("Per wijk"),
        "signals": _("Signalen"),
        "late": _("De afgesproken tijd wordt weken niet gehaald:"),
        "without": _("Wijken zonder afspraken"),
        "reasons": _("Niet geplaatst"),
        "weeks": _("Per week"),
    }


def _printed(line: WijkLine) -> list[str]:
    return [
        line.wijk.name,
        told.standing(line.standing),
        told.number(line.shown.requests),
        told.within(line.shown.offer.median),
        told.percent(line.shown.in_time),
        told.percent(line.shown.placed),
    ]


def _lines_of(shown: Shown) -> list[list[str]]:
    return [
        [_("Zorgvragen"), told.number(shown.requests)],
        [_("Eerste antwoord, de helft"), told.within(shown.answer.median)],
        [_("Eerste passend aanbod, de helft"), told.within(shown.offer.median)],
        [_("Geplaatst, de helft"), told.within(shown.placement.median)],
        [_("Aanbod binnen de termijn"), told.percent(shown.in_time)],
        [_("Geplaatst"), told.percent(shown.placed)],
    ]
