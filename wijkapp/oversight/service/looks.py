"""Who looked at a region from outside: written down at each look, and shown to the providers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from wijkapp.directory import service as directory
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.oversight.models import OutsiderLook
from wijkapp.oversight.rules.looks import LOOKS_KEPT, SHOWN, Look
from wijkapp.oversight.service.onlookers import Watched, watched
from wijkapp.people import access
from wijkapp.people.models import Account, Organisation

MOST = 300  # lines on a page, but for a day that has more
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Looked:
    """What a page shows to whom: to be written down when an outsider sees it."""

    region_id: UUID
    what: Look
    wijk_id: UUID | None = None


def write_down(actor: Account, looked: Sequence[Looked]) -> None:
    """This person sees this now."""
    moment = time.now()
    with transaction() as db:
        db.add_all(
            OutsiderLook(
                account_id=actor.id,
                organisation_id=actor.organisation_id,
                region_id=one.region_id,
                wijk_id=one.wijk_id,
                what=one.what,
                at=moment,
            )
            for one in looked
        )


@dataclass(frozen=True, slots=True)
class Line:
    """What one person looked at on one day, how often and when last."""

    day: date
    organisation: str
    name: str
    what: Look
    wijk: str | None
    times: int
    last: datetime


@dataclass(frozen=True)
class LooksPage:
    """Whole days, the last one first. before: the day from which there are more. may: who may look where."""

    lines: Sequence[Line]
    before: date | None
    may: Sequence[Watched] = ()


def looks(actor: Account, until: date | None = None) -> LooksPage:
    """Who looked at the regions one takes part in, up to and with this day. Raises NotAllowed."""
    access.require(actor, "oversight.looks")
    today = time.today()
    last = min(until or today, today)
    with reading() as db:
        regions = directory.regions_of(db, actor.organisation_id)
        may = watched(db, actor)
        found = db.execute(
            _LOOKS.where(
                OutsiderLook.region_id.in_(regions),
                OutsiderLook.at >= time.now() - SHOWN,
                OutsiderLook.at < time.day_starts(last + DAY),
            )
        ).all()
    # Moments apart: one look at a page about several regions is a row for each of them.
    alike: dict[tuple[date, str, str, Look, str | None], dict[datetime, None]] = {}
    for row in found:
        seen = (time.local(row.at).date(), row.organisation, row.name, row.what, row.wijk)
        alike.setdefault(seen, {})[row.at] = None
    page = _page([Line(*seen, len(moments), next(iter(moments))) for seen, moments in alike.items()])
    return replace(page, may=may)


_LOOKS = (
    select(
        OutsiderLook.at,
        OutsiderLook.what,
        Organisation.name.label("organisation"),
        Account.name.label("name"),
        Wijk.name.label("wijk"),
    )
    .join(Organisation, Organisation.id == OutsiderLook.organisation_id)
    .join(Account, Account.id == OutsiderLook.account_id)
    .outerjoin(Wijk, Wijk.id == OutsiderLook.wijk_id)
    .order_by(OutsiderLook.at.desc())
)


def _page(lines: Sequence[Line]) -> LooksPage:
    """The newest days that fit, and at least one."""
    if len(lines) <= MOST:
        return LooksPage(lines, None)
    first_left = lines[MOST].day
    shown = [line for line in lines if line.day > first_left]
    if shown:
        return LooksPage(shown, first_left)
    shown = [line for line in lines if line.day == first_left]
    return LooksPage(shown, first_left - DAY if len(shown) < len(lines) else None)


def forget() -> None:
    """What is kept no longer."""
    with transaction() as db:
        db.execute(delete(OutsiderLook).where(OutsiderLook.at < time.now() - LOOKS_KEPT))
