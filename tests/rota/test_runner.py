"""The planner in a process of its own: one at a time, stopped at once, succeeded when it is killed."""

import subprocess
import sys
import time as clock
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, update

from tests.rota.make import Make, RotaTown
from tests.servers import KINDS, clean_environment
from wijkapp.kit import time
from wijkapp.kit.config import Settings
from wijkapp.kit.db import reading, transaction
from wijkapp.rota import runner
from wijkapp.rota.models import PlanRun
from wijkapp.rota.rules import RunState
from wijkapp.rota.service import propose, runs

pytestmark = pytest.mark.timeout(180)

PATIENCE = 60  # seconds; a planner is polite, and waits for whatever else the machine does
# `wijkapp rota work`, with a planner that looks no further than the first rota, or one that never has any.
WORKER = "import time; from wijkapp.rota import runner; {how}; from wijkapp.cli import main; main()"
QUICK = "runner.WORK = 0.2"
STUCK = "runner.do = lambda *_: time.sleep(600)"
Process = subprocess.Popen[bytes]


class Here:
    """An installation in which a planner asked for a rota. Its processes are ended with the test."""

    def __init__(self, engine: Engine, instance: Path) -> None:
        self.url, self.instance = engine.url.render_as_string(hide_password=False), instance
        self.processes: list[Process] = []
        with transaction() as db:
            make = Make(db)
            self.town: RotaTown = make.rota_town(organisations=3, people=4)
            self.plan_id = make.draft(self.town, weeks=6, filled=False).id

    def asks(self) -> UUID:
        return propose.ask(self.town.planners[0], self.plan_id)

    def starts(self, how: str = QUICK) -> Process:
        places = {"WIJKAPP_INSTANCE": str(self.instance), "WIJKAPP_DATABASE_URL": self.url}
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER.format(how=how), "rota", "work"],
            env=clean_environment() | places,
            stderr=subprocess.PIPE,
        )
        self.processes.append(process)
        return process

    def state(self, run_id: UUID) -> RunState:
        with reading() as db:
            return db.get_one(PlanRun, run_id).state

    def waits_for(self, run_id: UUID, state: RunState) -> None:
        until = clock.monotonic() + PATIENCE
        while self.state(run_id) is not state:
            assert clock.monotonic() < until, f"still {self.state(run_id)}"
            clock.sleep(0.02)


@pytest.fixture
def here(fresh_database: Callable[[str], Engine], tmp_path: Path) -> Iterator[Callable[[str], Here]]:
    made: list[Here] = []

    def make(kind: str) -> Here:
        made.append(Here(fresh_database(kind), tmp_path))
        return made[-1]

    yield make
    for one in made:
        for process in one.processes:
            process.kill()
            process.communicate()


@pytest.mark.parametrize("kind", KINDS)
def test_a_process_does_what_waits_and_ends(here: Callable[[str], Here], kind: str) -> None:
    it = here(kind)
    run_id = it.asks()
    process = it.starts()
    assert process.wait(PATIENCE) == 0
    assert it.state(run_id) is RunState.DONE
    with reading() as db:
        run = db.get_one(PlanRun, run_id)
        assert len(runs.said_by(run)["assignments"]) > 100


def test_a_killed_process_is_succeeded_and_a_second_one_has_nothing_to_do(
    here: Callable[[str], Here],
) -> None:
    it = here("sqlite")
    run_id = it.asks()
    first = it.starts(STUCK)
    it.waits_for(run_id, RunState.RUNNING)
    assert runner.work(it.instance) == 0, "the first is at work"
    first.kill()
    first.wait()
    assert it.state(run_id) is RunState.RUNNING
    with transaction() as db:  # a minute later
        db.execute(update(PlanRun).values(beat_at=time.now() - timedelta(seconds=61)))
    second = it.starts()
    assert second.wait(PATIENCE) == 0
    assert it.state(run_id) is RunState.DONE


def test_a_process_stops_within_seconds_when_nobody_waits_any_more(here: Callable[[str], Here]) -> None:
    it = here("sqlite")
    run_id = it.asks()
    process = it.starts(STUCK)
    it.waits_for(run_id, RunState.RUNNING)
    propose.stop(it.town.planners[0], it.plan_id, run_id)
    assert process.wait(PATIENCE) == 0
    assert it.state(run_id) is RunState.CANCELLED


def test_the_clock_starts_one_process_and_only_when_something_waits(
    here: Callable[[str], Here], monkeypatch: pytest.MonkeyPatch
) -> None:
    it = here("sqlite")
    started = []

    class Pretended:
        def poll(self) -> None:
            return None

    monkeypatch.setattr(runner, "_here", runner._Here())
    monkeypatch.setattr(runner, "_started", lambda settings: started.append(settings) or Pretended())
    runner.use(Settings(instance=it.instance, database_url=it.url))
    runner.start_due()
    assert started == []
    it.asks()
    runner.start_due()
    runner.start_due()
    assert len(started) == 1
