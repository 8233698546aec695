"""whom_to_ask: how soon a page knows who may lawfully take a duty, and which duties could come in return.

A region of 20 organisations and 140 people, after a year of published rotas, in SQLite: all of that counts
for the rules. Against the same region with its first rota only.
"""

import sys
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent))

from _server import percentile, say
from sqlalchemy.orm import Session

from tests.rota.make import Make
from wijkapp import cli
from wijkapp.kit import config, db, time
from wijkapp.rota.models import Duty
from wijkapp.rota.service import candidates

FIRST, WEEKS, PLANS = date(2027, 1, 4), 4, 13
MOST_MS, SAMPLES = 100, 20


def times(session: Session, duties: list[Duty], moment: datetime) -> tuple[list[float], list[float]]:
    """Milliseconds to know the people, and after that the trades, for a number of duties."""
    people, trades = [], []
    for duty in duties[:: max(1, len(duties) // SAMPLES)]:
        session.expire_all()
        start = perf_counter()
        found = candidates.lawful(session, duty, moment)
        people.append((perf_counter() - start) * 1000)
        assert found, "nobody may: nothing is measured"
        start = perf_counter()
        at = candidates.desk(session, duty, moment)
        candidates.trades(session, candidates.widened(session, at, moment), moment)
        trades.append((perf_counter() - start) * 1000)
    return people, trades


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="wijkapp-bench-") as folder:
        cli.bring_up_to_date(config.load(instance=Path(folder)))
        with db.transaction() as session:
            make = Make(session)
            town = make.rota_town(organisations=20, people=7)
            plan = make.plan(town, FIRST, WEEKS)
            few = times(session, make.duties(plan), time.day_starts(FIRST - timedelta(days=1)))
            for number in range(1, PLANS):
                first = FIRST + number * timedelta(weeks=WEEKS)
                plan = make.plan(town, first, WEEKS)
            cli.keep_what_is_loaded()  # as the server does
            many = times(session, make.duties(plan), time.day_starts(first - timedelta(days=1)))
    for name, before, now in zip(("people", "trades"), few, many, strict=True):
        value, against = percentile(now, 0.95), percentile(before, 0.95)
        goal = f"p95 <= {MOST_MS} ms" if name == "people" else "beside one rota"
        met = value <= MOST_MS or name != "people"
        say(f"whom_to_ask.{name}", value, "ms", against=against, ratio=value / against, goal=goal, met=met)


if __name__ == "__main__":
    main()
