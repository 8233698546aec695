"""region_view: the page of a region for an insurer and the roll-up of a day, beside the requests themselves.

100 wijken, three years, a million requests with an answer, an offer and mostly a placement each. The days are
counted by the clock's own job. Then every wijk and week is held against the requests themselves.

`region_view.py 50000` does it with fewer.
"""

import random
import sqlite3
import sys
import tempfile
import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from _server import percentile, say
from alembic import command
from sqlalchemy import select

from wijkapp.agreements.rules import DEFAULTS, Urgency, to_json
from wijkapp.cli import alembic_config
from wijkapp.directory.models import Postcode, Region, RegionOrganisation, Team, Wijk
from wijkapp.directory.service import load_reference_data
from wijkapp.kit import db as kit_db
from wijkapp.kit import time
from wijkapp.kit.config import Settings
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.matching.rules import UnfillableReason
from wijkapp.oversight.models import RollupDay
from wijkapp.oversight.rules.figures import indicators
from wijkapp.oversight.rules.tally import Tally, total, within
from wijkapp.oversight.service import facts, roll
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import OrganisationKind, Role

REQUESTS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
WIJKEN, DAYS = 100, 3 * 365
MOST_MS, MOST_S = 300, 5
LOOKS, CHECKED_DAYS = 40, 25
GOAL = f"page p95 <= {MOST_MS} ms, a day <= {MOST_S} s, equal to the requests"
REASONS = [one.value for one in UnfillableReason]
WEEK = "[" + ",".join(["30,0,0,0"] * 7) + "]"


def people() -> tuple[Account, list[tuple[UUID, UUID, UUID]], UUID]:
    """An insurer who looks on; wijk, organisation and team of each wijk; and who asks."""
    with transaction() as db:
        region = Region(id=new_id(), name="Groot")
        insurer = Organisation(id=new_id(), kind=OrganisationKind.INSURER, name="Verzekeraar")
        db.add_all([region, insurer])
        db.flush()
        db.add(RegionOrganisation(region_id=region.id, organisation_id=insurer.id))
        viewer = Account(
            id=new_id(), organisation=insurer, name="Kijker", email="k@x.example", fs_uniquifier="k" * 16
        )
        viewer.roles = [AccountRole(role=Role.VIEWER)]
        db.add(viewer)
        places = []
        for n in range(WIJKEN):
            wijk = Wijk(
                id=new_id(),
                code=f"WK{n:06}",
                name=f"Wijk {n}",
                municipality_code="GM0001",
                municipality="Stad",
                region_id=region.id,
            )
            gives = Organisation(id=new_id(), kind=OrganisationKind.HOME_CARE, name=f"Zorg {n}")
            db.add_all([wijk, gives])
            db.flush()
            team = Team(
                id=new_id(), organisation_id=gives.id, wijk_id=wijk.id, name="Team", products=("verpleging",)
            )
            spot = Postcode(
                pc4=f"{1000 + n}",
                place="Stad",
                latitude=52 + n // 10 / 50,
                longitude=5 + n % 10 / 50,
                wijk_id=wijk.id,
            )
            db.add_all([team, spot])
            places.append((wijk.id, gives.id, team.id))
        return viewer, places, viewer.id


def text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def rows(
    places: list[tuple[UUID, UUID, UUID]], asker: UUID
) -> Iterator[tuple[tuple, tuple, tuple | None, tuple | None]]:
    """A request, who was asked, its offer and its placement. Wijken differ in how busy they are."""
    dice = random.Random(1)
    begin = time.day_starts(time.today() - timedelta(days=DAYS))
    busy = [1 + n % 7 for n in range(WIJKEN)]
    terms, urgencies = to_json(DEFAULTS), [one.value for one in Urgency]
    for number in range(REQUESTS):
        wijk, gives, team = (one.hex for one in dice.choices(places, busy)[0])
        posted = begin + timedelta(seconds=dice.random() * DAYS * 86400)
        id, offer = UUID(int=number + 1).hex, UUID(int=REQUESTS + number + 1).hex
        answered = posted + timedelta(minutes=dice.lognormvariate(2.5, 1.1))
        offered = answered + timedelta(minutes=dice.lognormvariate(2, 1))
        fate = dice.random()
        placed = fate < 0.93
        reason = None if placed else dice.choice(REASONS)
        status = "in_care" if placed else "unfillable"
        urgency = dice.choice(urgencies)
        request = (
            id, gives, asker.hex, id, text(posted), "1000", wijk, "pc4", '["verpleging"]', "[]", 3, WEEK, 210,
            urgency, str(posted.date()), "not_suitable", status, terms, 1, text(posted), 1, 0, text(posted),
            reason, text(offered + timedelta(days=1)) if reason else None, 0,
        )  # fmt: skip
        asked = (id, id, gives, team, "wijk", 1, "[]", 1, text(posted), "offered", text(answered))
        if not placed:
            yield request, asked, None, None
            continue
        yield request, asked, (
            offer, id, gives, team, asker.hex, str(posted.date()), 210, WEEK, 0, "chosen", text(offered),
            text(offered),
        ), (
            offer, id, offer, WEEK, "client", 1, asker.hex, text(offered + timedelta(minutes=20)),
        )  # fmt: skip


INTO = {
    "care_request": "id, organisation_id, posted_by_id, form_id, posted_at, pc4, wijk_id, shown_where, "
    "products, skills, level, moments, minutes_per_week, urgency, start_on, ehealth, status, terms, round, "
    "round_at, wave, ladder, answer_by, unfillable_reason, ended_at, wants_more",
    "invitation": "id, care_request_id, organisation_id, team_id, distance, rank, reasons, round, asked_at, "
    "answer, answered_at",
    "offer": "id, care_request_id, organisation_id, team_id, offered_by_id, start_on, minutes_per_week, "
    "week, comes_already, status, offered_at, take_back_until",
    "placement": "id, care_request_id, offer_id, week, chosen_by, shown_offers, recorded_by_id, placed_at",
}


def fill(path: Path, places: list[tuple[UUID, UUID, UUID]], asker: UUID) -> None:
    """Straight into the file: the app would take hours, and would do the same."""
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA synchronous=OFF")
        waiting: dict[str, list[tuple]] = {name: [] for name in INTO}
        for made in rows(places, asker):
            for name, row in zip(INTO, made, strict=True):
                if row is not None:
                    waiting[name].append(row)
            if len(waiting["care_request"]) == 20_000:
                write(file, waiting)
        write(file, waiting)
        file.execute("ANALYZE")


def write(file: sqlite3.Connection, waiting: dict[str, list[tuple]]) -> None:
    for name, columns in INTO.items():
        marks = ", ".join("?" * len(columns.split(",")))
        file.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", waiting[name])
        waiting[name].clear()


def count_everything() -> list[float]:
    """The clock's job, until it has come to today; seconds a day took."""
    took: list[float] = []
    one_day = roll.count_day

    def timed(day: date) -> None:
        start = clock.perf_counter()
        one_day(day)
        took.append(clock.perf_counter() - start)

    roll.count_day = timed
    for _tick in range(DAYS // roll.AT_ONCE + 2):
        roll.roll_up()
    roll.count_day = one_day
    return took


def is_equal(path: Path) -> bool:
    """Requests, placements and reasons of every wijk and week by plain SQL; all of some days by the rules."""
    with sqlite3.connect(path) as file:
        [(requests, placed)] = file.execute("SELECT sum(requests), sum(placed) FROM rollup_week").fetchall()
        [(all_of_them,)] = file.execute("SELECT count(*) FROM care_request").fetchall()
        [(chosen,)] = file.execute("SELECT count(DISTINCT care_request_id) FROM placement").fetchall()
        apart = dict(
            file.execute("SELECT wijk_id, sum(requests) FROM rollup_week GROUP BY wijk_id").fetchall()
        )
        raw = dict(file.execute("SELECT wijk_id, count(*) FROM care_request GROUP BY wijk_id").fetchall())
    same = (requests, placed, apart) == (all_of_them, chosen, raw)
    dice, today = random.Random(2), time.today()
    days = [today - timedelta(days=dice.randrange(1, DAYS)) for _each in range(CHECKED_DAYS)]
    return same and all(day_is_equal(day) for day in days)


def day_is_equal(day: date) -> bool:
    moment = time.now()
    with reading() as db:
        asked = facts.asked_on(db, day, moment)
        stored = total(
            Tally(*row) for row in db.execute(select(*roll.columns(RollupDay)).where(RollupDay.day == day))
        )
    raw = indicators(asked, [], moment)
    half = within(stored.offer, 0.5)
    return (
        (stored.requests, stored.judged, stored.in_time, stored.placed, sum(stored.unplaced))
        == (raw.requests, raw.judged, raw.in_time, raw.placed, sum(raw.unplaced.values()))
        and half is not None
        and raw.offer.median is not None
        and half.minutes is not None
        and raw.offer.median <= half.minutes
    )


def look(settings: Settings, viewer: Account) -> tuple[list[float], float]:
    """Milliseconds for the page of the region, one look after the other; and of the processor, at each."""
    from wijkapp.app import create_app
    from wijkapp.people import session

    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    visitor = app.test_client()
    with app.app_context():
        link = session.demo_link(viewer)
    visitor.post(link)
    took, worked = [], 0.0
    for _look in range(LOOKS + 3):
        start, began = clock.perf_counter(), clock.process_time()
        answer = visitor.get("/regio/overzicht")
        took.append((clock.perf_counter() - start) * 1000)
        worked += (clock.process_time() - began) * 1000
        if answer.status_code != 200 or "Wijk 99" not in answer.text:
            raise SystemExit(f"the page of the region answered {answer.status_code}")
    return took[3:], worked / len(took)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="wijkapp-bench-") as folder:
        path = Path(folder) / "wijkapp.sqlite"
        settings = Settings(instance=Path(folder), demo=True, log_level="error")
        command.upgrade(alembic_config(settings.database), "head")
        kit_db.connect(settings.database)
        load_reference_data()
        viewer, places, asker = people()
        fill(path, places, asker)
        days = count_everything()
        equal = is_equal(path)
        start = clock.perf_counter()
        with reading() as db:
            since = datetime.now(UTC) - timedelta(days=91)
            indicators(facts.asked(db, {one[0] for one in places}, since, time.now()), [], time.now())
        raw_ms = (clock.perf_counter() - start) * 1000
        page, worked = look(settings, viewer)
        slow, p95 = max(days), percentile(page, 0.95)
        met = equal and slow <= MOST_S and p95 <= MOST_MS
        say(
            "region_view.page.p50",
            percentile(page, 0.5),
            "ms",
            against=raw_ms,
            ratio=percentile(page, 0.5) / raw_ms,
            goal=GOAL,
            met=met,
        )
        say("region_view.page.p95", p95, "ms", against=raw_ms, ratio=p95 / raw_ms, goal=GOAL, met=met)
        say("region_view.page.cpu", worked, "ms", against=None, ratio=None, goal=GOAL, met=worked <= MOST_MS)
        say("region_view.day.slowest", slow, "s", against=None, ratio=None, goal=GOAL, met=met)
        say("region_view.equal", float(equal), "of 1", against=1.0, ratio=float(equal), goal=GOAL, met=equal)


if __name__ == "__main__":
    main()
