"""The paper of tonight as a PDF, one page, in Dutch."""

from datetime import datetime
from typing import Any

from wijkapp.kit import documents, time
from wijkapp.kit.phones import phone_as_written
from wijkapp.kit.words import gettext as _
from wijkapp.rota.on_duty import OnDuty
from wijkapp.rota.service.sheet import Sheet
from wijkapp.rota.sheet import Part

TEMPLATE = "rota/sheet.typ"


def pdf(page: Sheet) -> bytes:
    """To print, and to keep on a phone."""
    return documents.pdf(
        TEMPLATE,
        {
            "region": page.region,
            "made": _moment(page.made_at),
            "published": page.published,
            "parts": [
                {
                    "title": _hours(part),
                    "name": _(part.name),
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
    return f"{time.WEEKDAYS[here.weekday()]} {here.day} {time.MONTHS[here.month - 1]} {here:%H.%M}"
