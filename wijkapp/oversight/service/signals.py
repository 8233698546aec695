"""Signals: a wijk that misses the agreed time for weeks running. The wijkregisseur is told once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from wijkapp.directory.models import Wijk
from wijkapp.kit import outbox, time
from wijkapp.kit.db import insert_new, new_id, reading, transaction
from wijkapp.matching.service.steps import coordinators_of
from wijkapp.oversight.models import NormSignal, RollupWeek, SignalStep
from wijkapp.oversight.rules.signals import LEAST_JUDGED, Missed, missed
from wijkapp.oversight.rules.tally import NOTHING, Tally
from wijkapp.oversight.rules.weeks import WEEK, monday, weeks_between
from wijkapp.oversight.service.ladder import told_steps
from wijkapp.oversight.service.roll import columns
from wijkapp.oversight.service.seen import seen
from wijkapp.people import access
from wijkapp.people.models import Account

Weeks = list[tuple[date, Tally]]
"""The weeks of a wijk that are over, the oldest first."""

LOOKS_BACK = 26  # weeks
SHOWN_FOR = timedelta(days=91)  # what ended


def look() -> None:
    """Begin, continue and end signals, by the weeks that are over."""
    last = monday(time.today()) - WEEK
    with reading() as db:
        weeks = _weeks(db, last)
        running = {one.wijk_id: one for one in db.scalars(select(NormSignal).where(_RUNS))}
    found = {wijk_id: one for wijk_id, those in weeks.items() if (one := missed(those)) is not None}
    new = {wijk_id: one for wijk_id, one in found.items() if wijk_id not in running}
    since = {
        wijk_id: _judged(weeks[wijk_id], one.last_week)
        for wijk_id, one in running.items()
        if wijk_id in found
    }
    over = [one.id for wijk_id, one in running.items() if wijk_id not in found]
    if new or over or any(since.values()):
        with transaction() as db:
            for wijk_id, one in new.items():
                _begin(db, wijk_id, one)
            for wijk_id, those in since.items():
                _go_on(db, wijk_id, those)
            db.execute(update(NormSignal).where(NormSignal.id.in_(over), _RUNS).values(ended_on=last))


_RUNS = NormSignal.ended_on.is_(None)


def _judged(weeks: Weeks, after: date) -> Sequence[date]:
    """Those after this one that say something."""
    return [week for week, one in weeks if week > after and one.judged]


def _begin(db: Session, wijk_id: UUID, one: Missed) -> None:
    facts = {"first_week": one.first_week, "last_week": one.last_week, "weeks": one.weeks}
    row = {"id": new_id(), "wijk_id": wijk_id, "told_at": time.now(), **facts}
    if insert_new(db, NormSignal, [row]):  # else another clock began it just now
        outbox.record(db, "oversight.norm_missed", about=wijk_id, to=coordinators_of(db, wijk_id))


def _go_on(db: Session, wijk_id: UUID, since: Sequence[date]) -> None:
    """These weeks missed it too. Its first week stays: that may be longer ago than we look back."""
    if since:
        db.execute(
            update(NormSignal)
            .where(NormSignal.wijk_id == wijk_id, _RUNS, NormSignal.last_week < since[0])
            .values(last_week=since[-1], weeks=NormSignal.weeks + len(since))
        )


def _weeks(db: Session, last: date) -> dict[UUID, Weeks]:
    first = last - WEEK * (LOOKS_BACK - 1)
    rows = db.execute(
        select(RollupWeek.wijk_id, RollupWeek.week, *columns(RollupWeek)[:3]).where(
            RollupWeek.week.between(first, last)
        )
    )
    counted = {(row[0], row[1]): Tally(*row[2:]) for row in rows}
    return {
        wijk_id: [(week, counted.get((wijk_id, week), NOTHING)) for week in weeks_between(first, last)]
        for wijk_id in {one for one, _week in counted}
    }


@dataclass(frozen=True)
class SignalsPage:
    """name: of one's regions; signals: those that run first; steps: of their ladder, that were told."""

    name: str
    signals: Sequence[NormSignal]
    steps: Mapping[UUID, Sequence[SignalStep]]


def signals(actor: Account, least: int) -> SignalsPage:
    """What runs in one's regions, and what ended lately. Raises NotAllowed.

    least  smaller numbers are not shown
    """
    with reading() as db:
        here = seen(db, actor, "oversight.view")
        found = signals_in(db, actor, list(here.wijken), least)
        return SignalsPage(here.name, found, told_steps(db, [one.id for one in found]))


_JUDGED = (
    select(func.coalesce(func.sum(RollupWeek.judged), 0))
    .where(
        RollupWeek.wijk_id == NormSignal.wijk_id,
        RollupWeek.week.between(NormSignal.first_week, NormSignal.last_week),
    )
    .correlate(NormSignal)
    .scalar_subquery()
)


def signals_in(db: Session, actor: Account, wijk_ids: Sequence[UUID], least: int) -> Sequence[NormSignal]:
    """Of these wijken: what runs, longest first, and what ended lately.

    Whoever does not lead the region sees none that is about few requests: it says how many of them were late.
    """
    lately = NormSignal.ended_on >= time.today() - SHOWN_FOR
    few = 0 if access.may(actor, "oversight.act") else max(LEAST_JUDGED, least)
    return db.scalars(
        select(NormSignal)
        .join(Wijk, Wijk.id == NormSignal.wijk_id)
        .options(joinedload(NormSignal.wijk))
        .where(NormSignal.wijk_id.in_(wijk_ids), _RUNS | lately, few <= _JUDGED)
        .order_by(NormSignal.ended_on.is_not(None), NormSignal.first_week, Wijk.name)
    ).all()
