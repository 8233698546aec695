"""Keeps the counts per day and week: what is new, and again what may have changed since.

Each day is a look and a transaction of its own. Whatever changes in between is found at the next tick, as
long as something of that day is pending.
"""

import time as clock
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from wijkapp.agreements.rules import Urgency
from wijkapp.directory import service as directory
from wijkapp.directory.models import Wijk
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.matching.models import CareRequest
from wijkapp.oversight.models import RollupDay, RollupMark, RollupWeek, WijkDay
from wijkapp.oversight.rules.figures import Asked, Figures
from wijkapp.oversight.rules.tally import Tally, tally, total
from wijkapp.oversight.rules.weeks import monday
from wijkapp.oversight.service import facts
from wijkapp.oversight.service.coverage import LEAST_PROVIDERS

DAY = timedelta(days=1)
AT_ONCE = 60  # days: of a past that was never counted, so many at each tick
_MARK = "days"

# As the partial index on what the clock chases has it, so that it is used.
_STANDS = text("status IN ('open', 'offered')")


def roll_up() -> None:
    """Count what is new and what may have changed, and how every wijk stands today."""
    today = time.today()
    again, new = _due(today)
    for day in (*again, *new):
        count_day(day)
        clock.sleep(0)  # let the pages go first
    if new:
        _set_mark(new[-1])
    _note_today(today)


def count_day(day: date) -> None:
    """Count the requests of a day, and its week again."""
    moment = time.now()
    with reading() as db:
        found = _counted(facts.asked_on(db, day, moment), moment)
        same = found == _stored(db, day)
    if not same:
        with transaction() as db:
            db.execute(delete(RollupDay).where(RollupDay.day == day))
            _insert(db, RollupDay, [{"day": day, "wijk_id": w, "urgency": u} for w, u in found], found)
            _add_up_week(db, monday(day))


def _counted(asked: Sequence[Asked], moment: datetime) -> dict[tuple[UUID, Urgency], Tally]:
    apart: dict[tuple[UUID, Urgency], list[Asked]] = {}
    for one in asked:
        apart.setdefault((one.wijk_id, one.urgency), []).append(one)
    return {key: tally(those, moment) for key, those in apart.items()}


def _insert(db: Session, kind: Any, keys: Iterable[dict[str, Any]], found: dict[Any, Tally]) -> None:
    rows = [key | asdict(one) for key, one in zip(keys, found.values(), strict=True)]
    if rows:
        db.execute(insert(kind), rows)


def _stored(db: Session, day: date) -> dict[tuple[UUID, Urgency], Tally]:
    rows = db.execute(
        select(RollupDay.wijk_id, RollupDay.urgency, *columns(RollupDay)).where(RollupDay.day == day)
    )
    return {(row[0], row[1]): Tally(*row[2:]) for row in rows}


def columns(kind: type[RollupDay] | type[RollupWeek]) -> tuple[Any, ...]:
    """The counts, in the order of Tally."""
    return tuple(getattr(kind, name) for name in Tally.__slots__)


def _add_up_week(db: Session, first: date) -> None:
    rows = db.execute(
        select(RollupDay.wijk_id, *columns(RollupDay)).where(RollupDay.day.between(first, first + 6 * DAY))
    )
    apart: dict[UUID, list[Tally]] = {}
    for row in rows:
        apart.setdefault(row[0], []).append(Tally(*row[1:]))
    found = {wijk_id: total(those) for wijk_id, those in apart.items()}
    db.execute(delete(RollupWeek).where(RollupWeek.week == first))
    _insert(db, RollupWeek, [{"week": first, "wijk_id": wijk_id} for wijk_id in found], found)


def _due(today: date) -> tuple[Sequence[date], Sequence[date]]:
    """Days to count again, and days that were never counted: the oldest first, and today not among them."""
    with reading() as db:
        mark = db.scalar(select(RollupMark.day).where(RollupMark.name == _MARK))
        pending = set(db.scalars(select(RollupDay.day).where(RollupDay.pending > 0).distinct()))
        standing = {
            time.local(one).date() for one in db.scalars(select(CareRequest.posted_at).where(_STANDS))
        }
        first = mark + DAY if mark else _first_day(db, today)
    new = [first + n * DAY for n in range(min((today - first).days, AT_ONCE))]
    latest = {today} if len(new) < AT_ONCE else set()
    return sorted(latest | {day for day in pending | standing | {today - DAY} if day < first}), new


def _first_day(db: Session, today: date) -> date:
    first = db.scalar(select(func.min(CareRequest.posted_at)))
    return time.local(first).date() if first else today


def _set_mark(day: date) -> None:
    with transaction() as db:
        db.merge(RollupMark(name=_MARK, day=day))


def _note_today(today: date) -> None:
    """How every wijk stands, over what was noted earlier today."""
    moment = time.now()
    with reading() as db:
        wijken = db.scalars(select(Wijk.id)).all()
        published = facts.figures(db, wijken, moment)
        providers = _providers(db, wijken)
        duties = facts.duties(db, wijken, moment)
        known = {
            one.wijk_id: (one.providers, one.figures, one.stale, one.blocks, one.covered)
            for one in db.scalars(select(WijkDay).where(WijkDay.day == today))
        }
    found = {
        wijk_id: (providers.get(wijk_id, 0), one.total, one.stale, *duties.get(wijk_id, (None, None)))
        for wijk_id in wijken
        for one in [_of_enough(published.get(wijk_id, Figures()))]
    }
    if found != known:
        with transaction() as db:
            db.execute(delete(WijkDay).where(WijkDay.day == today))
            names = ("providers", "figures", "stale", "blocks", "covered")
            db.add_all(
                WijkDay(day=today, wijk_id=wijk_id, **dict(zip(names, counts, strict=True)))
                for wijk_id, counts in found.items()
            )


def _of_enough(published: Figures) -> Figures:
    """None when so few providers published any, that a share of them would say something of one."""
    return published if len(published.by) >= LEAST_PROVIDERS else Figures()


def _providers(db: Session, wijk_ids: Collection[UUID]) -> dict[UUID, int]:
    there: dict[UUID, set[UUID]] = {}
    for team in directory.teams_in(db, wijk_ids):
        there.setdefault(team.wijk_id, set()).add(team.organisation_id)
    return {wijk_id: len(those) for wijk_id, those in there.items()}
