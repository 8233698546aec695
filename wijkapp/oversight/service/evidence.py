"""One agreement beside what came of it: the terms in force, and the figures of the last whole quarter."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.agreements.models import Agreement
from wijkapp.agreements.register import Kind
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rules import Terms
from wijkapp.agreements.service import Standing
from wijkapp.agreements.service.register import Hands, seen
from wijkapp.agreements.service.standing import standing_of
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import NotAllowed, NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.oversight.models import WijkDay
from wijkapp.oversight.rules.picture import Shown
from wijkapp.oversight.rules.protect import Part, is_safe, part_of
from wijkapp.oversight.rules.weeks import Quarter, last_whole, settled
from wijkapp.oversight.service.coverage import LEAST_PROVIDERS
from wijkapp.oversight.service.region import pictures_of, wijken_of
from wijkapp.people.models import Account, Organisation
from wijkapp.people.rules import Role
from wijkapp.rota.models import Duty, DutyCall, DutyHold, Handover, Plan
from wijkapp.rota.rules import Line

WORKS = (Kind.WIJK, Kind.ANW)
"""Agreements by which the app works."""


@dataclass(frozen=True)
class Measured:
    """What came of it in one wijk. stale: of the figures about room, which part was too old."""

    wijk: Wijk
    shown: Shown
    stale: float | None


@dataclass(frozen=True)
class Group:
    """Wijken with the same terms."""

    terms: Terms
    wijken: Sequence[Measured]


@dataclass(frozen=True)
class Duties:
    """What came of it in the evenings, nights and weekends of a region. None: protected, or nothing to say.

    filled     duties that somebody had
    there      of those, checked in within the agreed time
    on_site    calls to which somebody went, that were in time
    confirmed  handovers that were read in time
    ahead      the shortest time before its first day that a rota was published
    """

    filled: Part | None
    there: Part | None
    on_site: Part | None
    confirmed: Part | None
    ahead: timedelta | None


@dataclass(frozen=True)
class Evidence:
    """groups: of a wijk agreement; rota and duties: of one about evenings, nights and weekends."""

    agreement: Agreement
    hands: Hands
    standing: Standing
    quarter: Quarter
    groups: Sequence[Group]
    rota: RotaTerms | None
    duties: Duties | None
    names: Mapping[UUID, str]
    from_outside: bool
    least: int


def evidence(actor: Account, agreement_id: UUID, least: int) -> Evidence:
    """For the parties, who leads the region, and who looks from outside. Raises NotFound or NotAllowed."""
    day = settled(time.today())
    with reading() as db:
        agreement, hands = seen(db, actor, agreement_id)
        outside = Role.VIEWER in actor.role_set and not hands.inside
        if not (hands.inside or outside):
            raise NotAllowed(
                _("Dit zien de partijen, de wijkregisseur en wie namens de verzekeraar meekijkt.")
            )
        if agreement.kind not in WORKS:
            raise NotFound
        about_duties = agreement.kind is Kind.ANW
        quarter = last_whole(day)
        rota = agreements.rota_terms_for(db, agreement.region_id, time.now()) if about_duties else None
        return Evidence(
            agreement=agreement,
            hands=hands,
            standing=standing_of(agreement),
            quarter=quarter,
            groups=[] if about_duties else _groups(db, agreement, quarter, day, least),
            rota=rota,
            duties=_duties(db, agreement.region_id, rota, quarter, least) if rota else None,
            names=_names(db, rota.key) if rota else {},
            from_outside=outside,
            least=least,
        )


def _names(db: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    found = db.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(list(ids))))
    return {row.id: row.name for row in found}


def _groups(db: Session, agreement: Agreement, quarter: Quarter, day: date, least: int) -> Sequence[Group]:
    # What may be shown of a wijk depends on all wijken of the region: the same as on the other pages.
    region = list(wijken_of(db, agreement.region_id))
    wijken = [wijk for wijk in agreement.wijken if wijk.id in region]
    picture = pictures_of(db, region, [quarter], quarter, day, least)[quarter]
    ids = [wijk.id for wijk in wijken]
    terms, stale = agreements.terms_of(db, ids, time.now()), _stale(db, ids, quarter)
    groups: list[Group] = []
    for wijk in wijken:
        measured = Measured(wijk, picture.wijk(wijk.id), stale.get(wijk.id))
        same = next((n for n, one in enumerate(groups) if one.terms == terms[wijk.id]), None)
        if same is None:
            groups.append(Group(terms[wijk.id], [measured]))
        else:
            groups[same] = replace(groups[same], wijken=[*groups[same].wijken, measured])
    return groups


def _stale(db: Session, wijk_ids: Collection[UUID], quarter: Quarter) -> dict[UUID, float]:
    """Over the days on which enough providers worked there to say it of nobody."""
    found = db.execute(
        select(WijkDay.wijk_id, func.sum(WijkDay.stale), func.sum(WijkDay.figures))
        .where(
            WijkDay.wijk_id.in_(wijk_ids),
            WijkDay.day.between(quarter.first, quarter.last),
            WijkDay.providers >= LEAST_PROVIDERS,
        )
        .group_by(WijkDay.wijk_id)
    )
    return {wijk_id: int(stale) / int(figures) for wijk_id, stale, figures in found if figures}


# --- evenings, nights and weekends


def _duties(db: Session, region_id: UUID, terms: RotaTerms, quarter: Quarter, least: int) -> Duties:
    since, until = time.day_starts(quarter.first), time.day_starts(quarter.after.first)
    there = _first_there(db, region_id, since, until)
    filled = [(starts, at) for starts, has, at in there if has]
    return Duties(
        filled=_part([has for _starts, has, _at in there], least),
        there=_part([_in_time(starts, at, terms.check_in_within) for starts, at in filled], least),
        on_site=_part(_calls(db, region_id, since, until, terms.on_site_within), least),
        confirmed=_part(_handovers(db, region_id, since, until, terms.confirm_within), least),
        ahead=_ahead(db, region_id, quarter),
    )


def _part(lines: Sequence[bool], least: int) -> Part | None:
    count, rest = sum(lines), len(lines) - sum(lines)
    return part_of(count, rest, least, shown=is_safe((count, rest), least))


def _in_time(since: datetime, at: datetime | None, within: timedelta) -> bool:
    return at is not None and at <= since + within


def _first_there(
    db: Session, region_id: UUID, since: datetime, until: datetime
) -> Sequence[tuple[datetime, bool, datetime | None]]:
    """Of each published duty of who is called first: its start, has somebody it, and who was there when."""
    found = db.execute(
        select(Duty.starts_at, Duty.member_id, func.min(DutyHold.checked_in_at).label("there_at"))
        .join(Plan, Plan.id == Duty.plan_id)
        .outerjoin(DutyHold, DutyHold.duty_id == Duty.id)
        .where(
            Duty.region_id == region_id,
            Plan.published_at.is_not(None),
            Duty.line == Line.MAIN,
            Duty.starts_at >= since,
            Duty.starts_at < until,
        )
        .group_by(Duty.id, Duty.starts_at, Duty.member_id)
    )
    return [(row.starts_at, row.member_id is not None, row.there_at) for row in found]


def _calls(db: Session, region_id: UUID, since: datetime, until: datetime, norm: timedelta) -> Sequence[bool]:
    found = db.execute(
        select(DutyCall.asked_at, DutyCall.on_site_at)
        .join(Duty, Duty.id == DutyCall.duty_id)
        .where(
            Duty.region_id == region_id,
            Duty.starts_at >= since,
            Duty.starts_at < until,
            DutyCall.on_site_at.is_not(None),
        )
    )
    return [_in_time(row.asked_at, row.on_site_at, norm) for row in found]


def _handovers(
    db: Session, region_id: UUID, since: datetime, until: datetime, within: timedelta
) -> Sequence[bool]:
    found = db.execute(
        select(Duty.ends_at, Handover.confirmed_at)
        .join(Duty, Duty.id == Handover.duty_id)
        .where(Duty.region_id == region_id, Duty.starts_at >= since, Duty.starts_at < until)
        .where(Handover.to_duty_id.is_not(None))
    )
    return [_in_time(row.ends_at, row.confirmed_at, within) for row in found]


def _ahead(db: Session, region_id: UUID, quarter: Quarter) -> timedelta | None:
    found = db.execute(
        select(Plan.first_day, Plan.published_at).where(
            Plan.region_id == region_id,
            Plan.published_at.is_not(None),
            Plan.first_day.between(quarter.first, quarter.last),
        )
    )
    waits = [time.day_starts(row.first_day) - row.published_at for row in found]
    return min(waits, default=None)
