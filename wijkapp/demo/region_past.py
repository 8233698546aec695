"""What the demo region did in the past year, as roll-ups only: a past without requests to go with it.

Made up, and the same each time. The last two weeks are left to the clock, which counts the demo's requests.
"""

import random
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from wijkapp.agreements.rules import Urgency
from wijkapp.demo.region import WIJKEN
from wijkapp.directory.models import Wijk, WijkPopulation
from wijkapp.kit import time
from wijkapp.oversight.models import NormSignal, RollupDay, RollupMark, RollupWeek
from wijkapp.oversight.rules.tally import Tally, added
from wijkapp.oversight.rules.weeks import WEEK, monday

PAST, LEFT = 65, 2  # weeks: so far back it begins, and so long ago it ends
SOURCE = "Verzonnen voor de demo"
COUNTED = date(2026, 1, 1)

# Per wijk, in the order of WIJKEN: requests a week, share in time at the beginning and at the end.
PACE = ((24, 0.72, 0.93), (19, 0.85, 0.9), (15, 0.7, 0.86), (13, 0.9, 0.92), (6, 0.6, 0.8), (4, 0.8, 0.9))
LAST = (9, 0.95, 0.3)  # the others: that goes from good to bad
OLD = (0.14, 0.19, 0.11, 0.23, 0.17)  # share of 65 and older


def people(db: Session) -> None:
    """Who lives in each wijk, within the caller's transaction."""
    wijken = {wijk.name: wijk.id for wijk in db.scalars(select(Wijk))}
    for number, place in enumerate(WIJKEN):
        old = int((place.inhabitants or 0) * OLD[number % len(OLD)])
        db.add(
            WijkPopulation(
                wijk_id=wijken[place.name],
                counted_on=COUNTED,
                inhabitants=place.inhabitants or 0,
                from_65=old,
                from_75=int(old * 0.46),
                from_80=int(old * 0.27),
                source=SOURCE,
            )
        )


def write(db: Session) -> None:
    """All of it, within the caller's transaction."""
    for kind in (RollupDay, RollupWeek, RollupMark, NormSignal):
        db.execute(delete(kind))
    dice = random.Random(7)  # noqa: S311 - a made-up past, the same each time
    last = monday(time.today()) - WEEK * LEFT
    wijken = {wijk.name: wijk.id for wijk in db.scalars(select(Wijk))}
    for number, place in enumerate(WIJKEN):
        pace = PACE[number] if number < len(PACE) else LAST
        for n in range(PAST):
            _week(db, dice, wijken[place.name], last - WEEK * (PAST - 1 - n), pace, n / PAST)
    db.add(
        NormSignal(
            wijk_id=wijken[WIJKEN[-1].name],
            first_week=last - WEEK * 8,
            last_week=last,
            weeks=9,
            told_at=time.day_starts(last - WEEK * 5),
            ended_on=last + WEEK,
        )
    )
    db.add(RollupMark(name="days", day=last + timedelta(days=6)))


def _week(
    db: Session, dice: random.Random, wijk_id: UUID, first: date, pace: tuple[int, float, float], gone: float
) -> None:
    usual, begins, ends = pace
    whole = Tally()
    for day in range(7):
        count = round(dice.gauss(usual / 7, 0.8))
        if count > 0:
            one = _tally(dice, count, begins + (ends - begins) * gone)
            whole += one
            db.add(
                _row(RollupDay(day=first + timedelta(days=day), wijk_id=wijk_id, urgency=Urgency.DAY), one)
            )
    if whole.requests:
        db.add(_row(RollupWeek(week=first, wijk_id=wijk_id), whole))


def _tally(dice: random.Random, count: int, in_time: float) -> Tally:
    met = sum(dice.random() < in_time for _each in range(count))
    placed = sum(dice.random() < 0.93 for _each in range(count))
    unplaced = [0, 0, 0, 0, 0, 0]
    for _each in range(count - placed):
        unplaced[dice.choice((0, 1, 1, 1, 2, 4))] += dice.random() < 0.8
    bands = [_bands(dice, usual, count) for usual in (1, 4, 7)]
    return Tally(count, count, met, placed, 0, tuple(unplaced), *bands)


def _bands(dice: random.Random, usual: int, count: int) -> tuple[int, ...]:
    found: tuple[int, ...] = ()
    for _each in range(count):
        band = min(max(round(dice.gauss(usual, 1.8)), 0), 15)
        found = added(found, (0,) * band + (1,))
    return found


def _row(row: RollupDay | RollupWeek, one: Tally) -> RollupDay | RollupWeek:
    for name in Tally.__slots__:
        setattr(row, name, getattr(one, name))
    return row
