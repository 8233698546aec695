"""Signals: a wijk that misses the agreed time for weeks running. The wijkregisseur is told once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from wijkapp.directory.models import Wijk
from wijkapp.kit import outbox, time
from wijkapp.kit.db import insert_new, new_id, reading, transaction
from wijkapp.matching.service.steps import coordinators_of
from wijkapp.oversight.models import NormSignal, RollupWeek, SignalStep
from wijkapp.oversight.rules.signals import Missed, missed
from wijkapp.oversight.rules.tally import NOTHING, Tally
from wijkapp.oversight.rules.weeks import WEEK, monday, weeks_between
from wijkapp.oversight.service.ladder import told_steps
from wijkapp.oversight.service.roll import columns
from wijkapp.oversight.service.seen import seen
from wijkapp.people.models import Account

LOOKS_BACK = 26  # weeks
SHOWN_FOR = timedelta(days=91)  # what ended


def look() -> None:
    """Begin, continue and end signals, by the weeks that are over."""
    last = monday(time.today()) - WEEK
    with reading() as db:
        found = {wijk_id: missed(weeks) for wijk_id, weeks in _weeks(db, last).items()}
        running = {one.wijk_id: one for one in db.scalars(select(NormSignal).where(_RUNS))}
    due = {wijk_id: one for wijk_id, one in found.items() if _differs(one, running.get(wijk_id))}
    over = [one for wijk_id, one in running.items() if found.get(wijk_id) is None]
    if due or over:
        with transaction() as db:
            for wijk_id, one in due.items():
                if one is not None:
                    _keep(db, wijk_id, one)
            ids = [one.id for one in over]
            db.execute(update(NormSignal).where(NormSignal.id.in_(ids), _RUNS).values(ended_on=last))


_RUNS = NormSignal.ended_on.is_(None)


def _differs(one: Missed | None, signal: NormSignal | None) -> bool:
    return one is not None and (
        signal is None or (signal.last_week, signal.weeks) != (one.last_week, one.weeks)
    )


def _keep(db: Session, wijk_id: UUID, one: Missed) -> None:
    facts = {"first_week": one.first_week, "last_week": one.last_week, "weeks": one.weeks}
    here = NormSignal.wijk_id == wijk_id
    if db.scalar(update(NormSignal).where(here, _RUNS).values(**facts).returning(NormSignal.id)) is None:
        row = {"id": new_id(), "wijk_id": wijk_id, "told_at": time.now(), **facts}
        insert_new(db, NormSignal, [row])
        outbox.record(db, "oversight.norm_missed", about=wijk_id, to=coordinators_of(db, wijk_id))


def _weeks(db: Session, last: date) -> dict[UUID, list[tuple[date, Tally]]]:
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


def signals(actor: Account) -> SignalsPage:
    """What runs in one's regions, and what ended lately. Raises NotAllowed."""
    with reading() as db:
        here = seen(db, actor, "oversight.view")
        found = signals_in(db, list(here.wijken))
        return SignalsPage(here.name, found, told_steps(db, [one.id for one in found]))


def signals_in(db: Session, wijk_ids: Sequence[UUID]) -> Sequence[NormSignal]:
    """Of these wijken: what runs, longest first, and what ended lately."""
    lately = NormSignal.ended_on >= time.today() - SHOWN_FOR
    return db.scalars(
        select(NormSignal)
        .join(Wijk, Wijk.id == NormSignal.wijk_id)
        .options(joinedload(NormSignal.wijk))
        .where(NormSignal.wijk_id.in_(wijk_ids), _RUNS | lately)
        .order_by(NormSignal.ended_on.is_not(None), NormSignal.first_week, Wijk.name)
    ).all()
