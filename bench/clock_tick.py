"""clock_tick: what a tick of the clock takes with 10,000 open requests of which 20 are due, and with 1,000.

Requests are sent for real in a made-up region, once for each of its wijken, and copied with everybody they
reach until there are enough. Each tick finds 20 at a quarter of their term, where nobody has answered: the
clock works out the chance again out of the histories of whom it may ring, and rings whom it must. What ten
times as many open requests cost more is what they stand in the way of those that are due.
"""

import random
import tempfile
import time
from dataclasses import replace
from datetime import time as hour
from datetime import timedelta
from pathlib import Path
from typing import Any

from _server import percentile, say
from rank_national import nation, regions
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from wijkapp import cli
from wijkapp.agreements import rules
from wijkapp.agreements.rules import Urgency
from wijkapp.directory.models import Postcode
from wijkapp.kit import config, db
from wijkapp.kit import time as clock
from wijkapp.kit.db import new_id
from wijkapp.matching import service as matching
from wijkapp.matching.jobs import escalate_due
from wijkapp.matching.models import CareRequest, Invitation
from wijkapp.people.models import Account, AccountRole
from wijkapp.people.rules import Role

FEW, MANY, DUE, SAMPLES = 1_000, 10_000, 20, 30
MOST_RATIO = 1.5
GOAL = f"{MANY} open requests at most {MOST_RATIO}x the time of {FEW}"
TERM = timedelta(hours=2)


def store(requests: int, folder: Path) -> object:
    """A region with so many open requests, in a new SQLite database. Gives the database, to be used again."""
    cli.bring_up_to_date(config.load(instance=folder))
    everywhere = regions()
    made = nation([everywhere[len(everywhere) // 2]], sum(len(region) for region in everywhere))
    with db.transaction() as session:
        for kind, rows in made.rows.items():
            session.execute(insert(kind), rows)
        askers = session.scalars(
            select(Account).join(AccountRole).where(AccountRole.role == Role.REFERRER)
        ).all()
        places = session.scalars(select(Postcode.pc4).order_by(Postcode.pc4)).all()
    for pc4 in places:
        matching.post_request(askers[0], new_id(), _profile(pc4))
    with db.transaction() as session:
        _copy(session, requests - len(places))
        session.execute(update(CareRequest).values(escalate_at=clock.now() + timedelta(days=1)))
    with db.engine().connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    return db._database


def _profile(pc4: str) -> matching.Profile:
    return matching.Profile(
        pc4=pc4,
        products=("verpleging",),
        skills=(),
        moments=(1, 0, 0, 0) * 7,
        minutes_per_week=210,
        urgency=Urgency.DAY,
        start_on=clock.today() + timedelta(days=1),
    )


def _copy(session: Session, copies: int) -> None:
    sent = [_columns(one) for one in session.scalars(select(CareRequest))]
    reached: dict[Any, list[dict[str, Any]]] = {one["id"]: [] for one in sent}
    for invitation in session.scalars(select(Invitation)):
        reached[invitation.care_request_id].append(_columns(invitation))
    requests: list[dict[str, Any]] = []
    invitations: list[dict[str, Any]] = []
    for number in range(copies):
        like = sent[number % len(sent)]
        requests.append(like | {"id": new_id(), "form_id": new_id()})
        invitations += [
            one | {"id": new_id(), "care_request_id": requests[-1]["id"]} for one in reached[like["id"]]
        ]
    session.execute(insert(CareRequest), requests)
    session.execute(insert(Invitation), invitations)


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}


def timed(database: object, dice: random.Random) -> float:
    """Milliseconds of one tick that finds DUE requests at the first quarter of their term."""
    db._database = database  # type: ignore[assignment]
    began = clock.now() - TERM / 4
    with db.transaction() as session:
        waiting = session.scalars(select(CareRequest.id).where(CareRequest.wave == 1)).all()
        due = dice.sample(sorted(waiting), DUE)
        session.execute(
            update(CareRequest)
            .where(CareRequest.id.in_(due))
            .values(round_at=began, answer_by=began + TERM, escalate_at=clock.now())
        )
        session.execute(
            update(Invitation)
            .where(Invitation.care_request_id.in_(due), Invitation.rung_at.is_not(None))
            .values(rung_at=began)
        )
    start = time.perf_counter()
    done = escalate_due()
    spent = (time.perf_counter() - start) * 1000
    if done != DUE:
        raise SystemExit(f"{done} requests were due instead of {DUE}")
    return spent


def main() -> None:
    # The figure must not depend on when it is taken.
    rules.DEFAULTS = replace(rules.DEFAULTS, quiet=(hour(0), hour(0)))
    dice = random.Random(1)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        few, many = store(FEW, Path(one)), store(MANY, Path(other))
        timed(few, dice), timed(many, dice)
        # In turn, so that both meet the same machine.
        rows = [(timed(few, dice), timed(many, dice)) for _sample in range(SAMPLES)]
    at_few, at_many = [row[0] for row in rows], [row[1] for row in rows]
    for name, part in (("p50", 0.5), ("p95", 0.95)):
        value, against = percentile(at_many, part), percentile(at_few, part)
        ratio = value / against
        say(
            f"clock_tick.{name}",
            value,
            "ms",
            against=against,
            ratio=ratio,
            goal=GOAL,
            met=ratio <= MOST_RATIO,
        )


if __name__ == "__main__":
    main()
