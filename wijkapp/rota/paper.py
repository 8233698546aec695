"""The paper of tonight as a PDF, one page, in its reader's language."""

from datetime import datetime
from typing import Any

from wijkapp.agreements.rota_words import block_word
from wijkapp.kit import documents, time
from wijkapp.kit.phones import phone_as_written
from wijkapp.kit.words import gettext as _
from wijkapp.kit.words import spoken
from wijkapp.rota.on_duty import OnDuty
from wijkapp.rota.service.sheet import Sheet
from wijkapp.rota.sheet import Part

TEMPLATE = "rota/sheet.typ"


def pdf(page: Sheet) -> bytes:
    """To print, and to keep on a phone."""
    return documents.pdf(
        TEMPLATE,
        {
            "lang": spoken().info().get("language", "nl"),
            "words": words_of(page.region, _moment(page.made_at)),
            "region": page.region,
            "published": page.published,
            "parts": [
                {
                    "title": _hours(part),
                    "name": block_word(part.name),
                    "runs": part.runs,
                    "ring": [_line(one) for one in part.ring],
                }
                for part in page.parts
            ],
            "coordinators": [
                (one.name, one.organisation, phone_as_written(one.phone)) for one in page.coordinators
            ],
        },
    )


def words_of(region: str, moment: str) -> dict[str, str]:
    """All that is the same on every paper."""
    return {
        "name": _("Dienst vannacht in %(region)s", region=region),
        "about": _("Wie er dienst heeft in %(region)s", region=region),
        "title": _("Dienst vannacht"),
        "as_of": _(
            "Stand van %(moment)s. Daarna kan er geruild zijn: kijk in wijkapp als dat kan.", moment=moment
        ),
        "throw_away": _("Gooi dit blad morgen weg."),
        "order": _("Bel van boven naar beneden. Neemt iemand niet op, bel dan de volgende."),
        "empty": _("De komende 24 uur heeft niemand dienst volgens het rooster."),
        "no_rota": _("Er is geen rooster gepubliceerd."),
        "unknown": _("De app weet niet wie er dienst heeft."),
        "runs": _("loopt nu"),
        "main": _("Dienst"),
        "backup": _("Achterwacht"),
        "nobody": _("Niemand"),
        "gap": _("gat in het rooster"),
        "no_number": _("geen nummer bekend"),
        "nobody_answers": _("Neemt niemand op?"),
        "coordinator": _("Wijkregisseur"),
        "danger": _("Levensgevaar: 112."),
    }


def _line(one: OnDuty) -> dict[str, Any]:
    return {
        "main": one.is_main,
        "name": one.person.name if one.person else "",
        "organisation": one.person.works_at if one.person else "",
        "phone": phone_as_written(one.person.phone) if one.person else "",
    }


def _hours(part: Part) -> str:
    return f"{_moment(part.starts_at)} – {time.local(part.ends_at):%H.%M}"


def _moment(moment: datetime) -> str:
    here = time.local(moment)
    return f"{_(time.WEEKDAYS[here.weekday()])} {here.day} {_(time.MONTHS[here.month - 1])} {here:%H.%M}"
