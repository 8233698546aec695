"""What is seen of a region, in words. For templates and exports."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil, floor
from urllib.parse import quote

from wijkapp.agreements import register_wording
from wijkapp.agreements.register import Kind
from wijkapp.agreements.register_wording import KINDS, ON_MAP, on_map
from wijkapp.agreements.service import Standing
from wijkapp.kit import time
from wijkapp.kit.time import MONTHS
from wijkapp.kit.words import gettext as _
from wijkapp.kit.words import lazy, ngettext, thousands
from wijkapp.matching.rules import UnfillableReason
from wijkapp.oversight import drawing, wording
from wijkapp.oversight.models import SignalStep
from wijkapp.oversight.rules.looks import Look
from wijkapp.oversight.rules.picture import Pace, Shown
from wijkapp.oversight.rules.protect import Part
from wijkapp.oversight.rules.signals import NORM_SHARE, WEEKS_RUNNING
from wijkapp.oversight.rules.tally import Within
from wijkapp.oversight.rules.weeks import Quarter
from wijkapp.oversight.service.region import WeekPoint, WijkLine, WijkPicture

NONE = "–"

LOOKS = {
    Look.REGION: lazy("de regio"),
    Look.TREND: lazy("het verloop per week"),
    Look.WIJK: lazy("een wijk"),
    Look.REPORT: lazy("de melding over een wijk zonder afspraken"),
    Look.SIGNALS: lazy("de signalen"),
    Look.CSV: lazy("de cijfers als CSV"),
    Look.XLSX: lazy("de cijfers als Excel"),
    Look.PDF: lazy("het verslag als PDF"),
    Look.WIJKEN: lazy("de lijst van wijken"),
    Look.CARD: lazy("wie er werkt in een wijk"),
    Look.TERMS: lazy("de afspraken van een wijk"),
    Look.REGISTER: lazy("de lijst van afspraken"),
    Look.AGREEMENT: lazy("een afspraak"),
    Look.DOCUMENTS: lazy("de documenten van een afspraak"),
}


def percent(part: Part | None) -> str:
    """86%, ≥ 85% when the rest is too small to tell, – when it is not shown."""
    if part is None:
        return NONE
    if part.exact:
        return f"{part.low:.0%}"
    return f"≥ {floor(part.low * 100)}%" if part.high == 1 else f"≤ {ceil(part.high * 100)}%"


def share(part: float | None) -> str:
    return wording.share(part)


def value(part: Part | None) -> float | None:
    """Where a part stands in a drawing: what it is at least, or at most."""
    return None if part is None else part.low if part.high == 1 or part.exact else part.high


def number(count: int | None) -> str:
    return NONE if count is None else str(count)


def within(one: Within | None) -> str:
    """binnen 20 min"""
    if one is None:
        return NONE
    if one.minutes is None:
        return _("langer dan een week")
    return _("binnen %(span)s", span=wording.span(one.minutes))


def day(one: date) -> str:
    return f"{one.day} {_(MONTHS[one.month - 1])} {one.year}"


def quarter(one: Quarter) -> str:
    return _("%(year)s, %(number)se kwartaal", year=one.year, number=one.number)


def span_of(one: Quarter) -> str:
    """The days of a quarter: whole weeks, so not those of a calendar."""
    return _("%(first)s tot en met %(last)s", first=day(one.first), last=day(one.last))


def week(monday: date) -> str:
    return _("week %(n)s", n=monday.isocalendar().week)


def until(monday: date) -> str:
    """Up to which week there are figures."""
    return _("Tot en met week %(n)s. Jongere weken zijn nog niet klaar.", n=monday.isocalendar().week)


def week_span(monday: date) -> str:
    """9 nov – 15 nov 2026"""
    return f"{monday.day} {_(MONTHS[monday.month - 1])} – {day(monday + timedelta(days=6))}"


def phase(one: Standing) -> str:
    """How far it is, as its own route calls that."""
    return register_wording.phase(one.phase, one.path)


def kind(one: Kind) -> str:
    return str(KINDS[one])


def quarters(them: Sequence[tuple[Quarter, Shown]]) -> Sequence[str]:
    return [quarter(one) for one, _shown in them]


def weeks(points: Sequence[WeekPoint]) -> Sequence[str]:
    return [week(point.week) for point in points]


def pace(one: Pace) -> str:
    return "" if one.p90 is None else _("9 van de 10 %(within)s", within=within(one.p90))


def standing(one: Standing | None) -> str:
    """In a word or two: whether there is an agreement, and how far it is."""
    if one is None:
        return _("geen afspraken")
    return _("getekend") if one.signed else phase(one).lower()


def standing_tag(one: Standing | None) -> str:
    return "full" if one is None else "ok" if one.signed else "few"


def state(line: WijkLine) -> str:
    """How a wijk is coloured on the map."""
    return "missed" if line.signal is not None else on_map(line.standing)


def state_word(line: WijkLine) -> str:
    return str(STATES[state(line)])


STATES = ON_MAP | {"missed": lazy("norm weken niet gehaald")}


def reason(one: UnfillableReason) -> str:
    return wording.unfillable(one)


def look(one: Look) -> str:
    return str(LOOKS[one])


def step(one: SignalStep) -> str:
    """Which step of the parties' own ladder was told, and when."""
    return _(
        "De stap na %(days)s is gemeld op %(day)s.",
        days=_days(one.after_days),
        day=day(time.local(one.told_at).date()),
    )


def _days(count: int) -> str:
    return ngettext("%(num)s dag", "%(num)s dagen", count)


def weeks_running(count: int) -> str:
    return ngettext("%(num)s week op rij", "%(num)s weken op rij", count)


def spark(parts: Sequence[Part | None]) -> drawing.Line:
    return drawing.line([value(one) for one in parts], 88, 28)


def chart(parts: Sequence[Part | None]) -> drawing.Line:
    return drawing.line([value(one) for one in parts], 664, 200, edge=8)


def weekly(points: Sequence[WeekPoint]) -> drawing.Line:
    return spark([point.shown.in_time for point in points[-26:]])


norm_height = 8 + (200 - 16) * (1 - NORM_SHARE)


def rule() -> str:
    """When a wijk is a signal."""
    return _(
        "Een signaal is er als minder dan %(norm)s van de zorgvragen op tijd een passend aanbod kreeg. "
        "Dat duurt dan %(weeks)s of langer. De wijkregisseur krijgt bericht.",
        norm=share(NORM_SHARE),
        weeks=weeks_running(WEEKS_RUNNING),
    )


def report(page: WijkPicture, address: str, who: str, organisation: str) -> str:
    """A letter about a wijk without an agreement, to send to whom it concerns."""
    people = page.population
    lines = [
        _("Geachte heer, mevrouw,"),
        "",
        _(
            "In de wijk %(wijk)s (%(code)s, %(municipality)s) werken de aanbieders van wijkverpleging nog "
            "niet samen met vastgelegde afspraken.",
            wijk=page.wijk.name,
            code=page.wijk.code,
            municipality=page.wijk.municipality,
        ),
        ngettext("Er werkt %(num)s aanbieder.", "Er werken %(num)s aanbieders.", page.providers),
    ]
    if people is not None and people.from_75 is not None:
        lines.append(
            _(
                "Er wonen %(all)s mensen, van wie %(old)s van 75 jaar en ouder (%(source)s).",
                all=thousands(people.inhabitants),
                old=thousands(people.from_75),
                source=people.source,
            )
        )
    lines += [
        _(
            "De leidraad Herkenbare en aanspreekbare wijkverpleging vraagt om één aanspreekpunt. "
            "Ook vraagt hij om afspraken over nieuwe zorgvragen en over onplanbare zorg in de nacht."
        ),
        _("Gaan jullie met de aanbieders in gesprek over wat hier nodig is?"),
        "",
        _("Meer over deze wijk: %(address)s", address=address),
        "",
        _("Met vriendelijke groet,"),
        who,
        organisation,
    ]
    return "\n".join(lines)


def mail(subject: str, text: str) -> str:
    """An address that opens a mail programme; to whom is for the writer."""
    return f"mailto:?subject={quote(subject)}&body={quote(text)}"


def columns(counts: Sequence[int | None]) -> Sequence[drawing.Bar]:
    return drawing.bars(counts, 664, 90)
