"""What an insurer, zorgkantoor or municipality sees of a region: roll-ups, with small numbers protected.

The wijkregisseur sees the same page, with the same numbers. No provider is in it by name or by figure.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.agreements.service import Standing
from wijkapp.directory import service as directory
from wijkapp.directory.models import Region, Wijk, WijkPopulation
from wijkapp.directory.service import Dot, Offered
from wijkapp.kit import time
from wijkapp.kit.db import reading, rows
from wijkapp.kit.errors import NotFound
from wijkapp.matching.rules import UnfillableReason
from wijkapp.oversight.models import NormSignal, RollupWeek, WijkDay
from wijkapp.oversight.rules.picture import Picture, Shown
from wijkapp.oversight.rules.protect import Part
from wijkapp.oversight.rules.tally import Tally
from wijkapp.oversight.rules.weeks import WEEK, Quarter, last_whole, monday, quarters_until, settled
from wijkapp.oversight.service.coverage import LEAST_PROVIDERS, coverage
from wijkapp.oversight.service.roll import columns
from wijkapp.oversight.service.signals import signals_in
from wijkapp.people import access
from wijkapp.people.models import Account

LINE, TREND = 5, 8  # quarters: in the table of a region, and of one wijk
WEEKS = 52
NOTED = timedelta(days=3)  # how old the clock's last look at a wijk may be


@dataclass(frozen=True)
class WijkLine:
    """One wijk in the table. stale: of the figures of its teams, how many are too old to trust.

    trend   within the term, per quarter; the last one last
    signal  the norm was missed for weeks running, and still is
    """

    wijk: Wijk
    shown: Shown
    standing: Standing | None
    providers: int
    stale: float | None
    covered: float | None
    trend: Sequence[Part | None]
    signal: NormSignal | None


@dataclass(frozen=True)
class WeekPoint:
    week: date
    shown: Shown


@dataclass(frozen=True)
class RegionPage:
    """quarters: that one may choose from, the newest first; weeks: of a year, the last one last.

    until           Monday of the newest week that may be shown
    reasons, other  why requests were not placed; other: for none of these reasons, None: protected
    """

    region: Region
    regions: Sequence[Region]
    quarter: Quarter
    quarters: Sequence[Quarter]
    over: bool
    until: date
    whole: Shown
    lines: Sequence[WijkLine]
    weeks: Sequence[WeekPoint]
    reasons: Mapping[UnfillableReason, int]
    other: int | None
    dots: Sequence[Dot]
    least: int

    @property
    def without(self) -> Sequence[WijkLine]:
        """Wijken without an agreement."""
        return [line for line in self.lines if line.standing is None]

    @property
    def covered(self) -> float | None:
        """Of the duties of the coming week, how many somebody has: a rota is of a region."""
        return next((line.covered for line in self.lines if line.covered is not None), None)

    @property
    def signals(self) -> Sequence[NormSignal]:
        return [line.signal for line in self.lines if line.signal is not None]


def region_page(
    actor: Account, region_id: UUID | None, quarter: Quarter | None, least: int
) -> RegionPage | None:
    """The region, by default the first of one's own, in a quarter. None: one sees no region at all.

    least  smaller numbers are not shown
    Raises NotAllowed, or NotFound for a region or quarter that is not there to be seen.
    """
    day = settled(time.today())
    with reading() as db:
        access.require(actor, "oversight.view")
        regions = _regions(db, actor)
        if not regions and region_id is None:
            return None
        region = _chosen(regions, region_id)
        wijken = wijken_of(db, region.id)
        quarters = _quarters(db, list(wijken), day)
        chosen = quarter or quarters[1]
        if chosen not in quarters:
            raise NotFound
        at = quarters.index(chosen)
        around = quarters[max(at - 1, 0) : at + LINE]
        pictures = pictures_of(db, list(wijken), around, chosen, day, least)
        picture = pictures[chosen]
        reasons, other = picture.reasons
        return RegionPage(
            region=region,
            regions=regions,
            quarter=chosen,
            quarters=quarters,
            over=picture.over,
            until=monday(day) - WEEK,
            whole=picture.region,
            lines=_lines(db, actor, wijken, pictures, chosen, least),
            weeks=weeks_of_region(pictures),
            reasons=reasons,
            other=other,
            dots=directory.dots(db, list(wijken)),
            least=least,
        )


def _regions(db: Session, actor: Account) -> Sequence[Region]:
    ids = directory.regions_led(db, actor.organisation_id)
    return db.scalars(select(Region).where(Region.id.in_(ids)).order_by(Region.name)).all()


def _chosen(regions: Sequence[Region], region_id: UUID | None) -> Region:
    for region in regions:
        if region_id in (None, region.id):
            return region
    raise NotFound


def regions_seen(actor: Account) -> Sequence[Region]:
    """The regions one may look at, by name."""
    with reading() as db:
        return _regions(db, actor)


def seen_region(db: Session, actor: Account, region_id: UUID | None) -> Region:
    """A region one may look at from outside. Raises NotFound when it is not one's own."""
    return _chosen(_regions(db, actor), region_id)


def wijken_of(db: Session, region_id: UUID) -> dict[UUID, Wijk]:
    """The wijken of a region, by name."""
    found = db.scalars(select(Wijk).where(Wijk.region_id == region_id).order_by(Wijk.name, Wijk.code))
    return {wijk.id: wijk for wijk in found}


def _quarters(db: Session, wijk_ids: Sequence[UUID], day: date) -> Sequence[Quarter]:
    """The one that runs and those before it, back to the first request; the newest first."""
    first = db.scalar(select(func.min(RollupWeek.week)).where(RollupWeek.wijk_id.in_(wijk_ids)))
    found = [Quarter.of(day), last_whole(day)]
    while first is not None and found[-1] > Quarter.of(first):
        found.append(found[-1].before)
    return found


def pictures_of(
    db: Session,
    wijk_ids: Sequence[UUID],
    quarters: Collection[Quarter],
    chosen: Quarter,
    day: date,
    least: int,
) -> dict[Quarter, Picture]:
    """The quarters of a region, by what was over on this day; the times only in the one that is chosen."""
    wanted = sorted({*quarters, chosen})
    plain = _counted(db, wijk_ids, wanted[0].first, wanted[-1].last, times=False)
    whole = _counted(db, wijk_ids, chosen.first, chosen.last, times=True)
    return {one: Picture(one, wijk_ids, whole if one == chosen else plain, day, least) for one in wanted}


def _counted(
    db: Session, wijk_ids: Sequence[UUID], first: date, last: date, *, times: bool
) -> dict[UUID, dict[date, Tally]]:
    asked = columns(RollupWeek) if times else columns(RollupWeek)[:4]
    question = (
        select(RollupWeek.wijk_id, RollupWeek.week, *asked)
        .where(RollupWeek.week.between(first, last), RollupWeek.wijk_id.in_(wijk_ids))
        .order_by(RollupWeek.wijk_id)
    )
    return {
        wijk_id: {row[1]: Tally(*row[2:]) for row in those}
        for wijk_id, those in groupby(rows(db, question).all(), itemgetter(0))
    }


def weeks_of_region(pictures: Mapping[Quarter, Picture]) -> Sequence[WeekPoint]:
    """Each whole week of these quarters, at most a year of them."""
    whole = [(one, picture) for _quarter, picture in sorted(pictures.items()) for one in picture.weeks]
    return [WeekPoint(week, picture.week(week)) for week, picture in whole[-WEEKS:]]


def _lines(
    db: Session,
    actor: Account,
    wijken: Mapping[UUID, Wijk],
    pictures: Mapping[Quarter, Picture],
    chosen: Quarter,
    least: int,
) -> Sequence[WijkLine]:
    ids = list(wijken)
    standings = agreements.standing_per_wijk(db, ids)
    noted = noted_lately(db, ids, time.today())
    signals = {one.wijk_id: one for one in signals_in(db, actor, ids, least) if one.ended_on is None}
    trend = [one for one in quarters_until(chosen, LINE) if one in pictures]
    return [
        WijkLine(
            wijk=wijk,
            shown=pictures[chosen].wijk(wijk_id),
            standing=standings.get(wijk_id),
            providers=noted[wijk_id].providers if wijk_id in noted else 0,
            stale=stale_share(noted.get(wijk_id)),
            covered=covered_share(noted.get(wijk_id)),
            trend=[pictures[one].wijk(wijk_id).in_time for one in trend],
            signal=signals.get(wijk_id),
        )
        for wijk_id, wijk in wijken.items()
    ]


def noted_lately(db: Session, wijk_ids: Collection[UUID], today: date) -> dict[UUID, WijkDay]:
    """How each wijk stood when the clock last looked, unless that is long ago."""
    noted = db.scalars(
        select(WijkDay)
        .where(WijkDay.wijk_id.in_(wijk_ids), WijkDay.day > today - NOTED)
        .order_by(WijkDay.day)
    )
    return {one.wijk_id: one for one in noted}


def stale_share(one: WijkDay | None) -> float | None:
    if one is None or one.providers < LEAST_PROVIDERS or not one.figures:
        return None
    return one.stale / one.figures


def covered_share(one: WijkDay | None) -> float | None:
    return one.covered / one.blocks if one and one.blocks and one.covered is not None else None


@dataclass(frozen=True)
class WijkPicture:
    """One wijk: what was agreed, who lives there, what is offered, and how it goes.

    cover     per daypart whether anybody has room
    quarters  of the last two years, the last one last
    """

    region: Region
    wijk: Wijk
    quarter: Quarter
    over: bool
    shown: Shown
    standing: Standing | None
    providers: int
    stale: float | None
    covered: float | None
    population: WijkPopulation | None
    offered: Offered
    cover: tuple[int, ...] | None
    quarters: Sequence[tuple[Quarter, Shown]]
    signal: NormSignal | None
    least: int


def wijk_picture(actor: Account, code: str, quarter: Quarter | None, least: int) -> WijkPicture:
    """Raises NotAllowed, or NotFound for a wijk that is not in one's regions."""
    today = time.today()
    with reading() as db:
        access.require(actor, "oversight.view")
        wijk, region = _seen_wijk(db, actor, code)
        ids = list(wijken_of(db, region.id))
        quarters = _quarters(db, ids, settled(today))
        chosen = quarter or quarters[1]
        if chosen not in quarters:
            raise NotFound
        back = [one for one in quarters_until(chosen, TREND) if one in quarters]
        pictures = pictures_of(db, ids, back, chosen, settled(today), least)
        noted = noted_lately(db, [wijk.id], today).get(wijk.id)
        running = [one for one in signals_in(db, actor, [wijk.id], least) if one.ended_on is None]
        return WijkPicture(
            region=region,
            wijk=wijk,
            quarter=chosen,
            over=pictures[chosen].over,
            shown=pictures[chosen].wijk(wijk.id),
            standing=agreements.standing_per_wijk(db, [wijk.id]).get(wijk.id),
            providers=noted.providers if noted else 0,
            stale=stale_share(noted),
            covered=covered_share(noted),
            population=directory.population(db, [wijk.id]).get(wijk.id),
            offered=directory.offered(directory.teams_in(db, [wijk.id]), directory.products(db)),
            cover=coverage(db, wijk.id),
            quarters=[(one, picture.wijk(wijk.id)) for one, picture in sorted(pictures.items())],
            signal=running[0] if running else None,
            least=least,
        )


def _seen_wijk(db: Session, actor: Account, code: str) -> tuple[Wijk, Region]:
    wijk = db.scalar(select(Wijk).where(Wijk.code == code))
    if wijk is None or wijk.region_id is None:
        raise NotFound
    return wijk, seen_region(db, actor, wijk.region_id)
