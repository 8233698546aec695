"""Makes the paper of tonight, and sends it once each evening to who has to help when nobody answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.directory.models import Region
from wijkapp.kit import documents, time
from wijkapp.kit.db import reading
from wijkapp.kit.forms import phone_as_written
from wijkapp.kit.words import gettext as _
from wijkapp.people.models import Account
from wijkapp.rota import sheet
from wijkapp.rota.models import Duty
from wijkapp.rota.on_duty import OnDuty
from wijkapp.rota.service import on_duty
from wijkapp.rota.service.on_duty import Coordinator
from wijkapp.rota.service.regions import region_for
from wijkapp.rota.sheet import Part

TEMPLATE = "rota/sheet.typ"


@dataclass(frozen=True)
class Sheet:
    """The coming day of one region on one page."""

    region_id: UUID
    region: str
    made_at: datetime
    published: bool
    parts: tuple[Part, ...]
    coordinators: tuple[Coordinator, ...]


def sheet_for(actor: Account, region_id: UUID | None = None) -> Sheet:
    """The paper of tonight as it is now. Raises NotFound, NotAllowed."""
    with reading() as db:
        return sheet_of(db, region_for(db, actor, region_id, "rota.read").id, time.now())


def sheet_of(db: Session, region_id: UUID, moment: datetime) -> Sheet:
    """The paper of one region as things are at this moment."""
    turns = on_duty.turns(
        db,
        Duty.region_id == region_id,
        Duty.ends_at > moment,
        Duty.starts_at < moment + sheet.LOOKS_AHEAD,
    )
    return Sheet(
        region_id=region_id,
        region=db.scalars(select(Region.name).where(Region.id == region_id)).one(),
        made_at=moment,
        published=bool(turns) or on_duty.is_published(db, region_id, moment),
        parts=sheet.parts(turns, moment),
        coordinators=on_duty.coordinators(db, region_id),
    )


def pdf(page: Sheet) -> bytes:
    """The same to print, one page, in Dutch."""
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
