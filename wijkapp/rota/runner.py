"""The planner in a process of its own, so that the pages stay quick: started by the clock, one at a time.

The process ends when nothing waits. Killed, it is succeeded: its run is silent, and the clock looks again.
"""

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from wijkapp.kit import time
from wijkapp.kit.config import Settings
from wijkapp.kit.db import reading
from wijkapp.rota.problem import Rota
from wijkapp.rota.service import runs
from wijkapp.rota.service.runs import Work

log = structlog.get_logger()

BEAT = 2.0  # seconds
WORK: float | None = None  # seconds the solver may count; None: as many as the planner takes by itself
POLITENESS = 10  # of the process: pages go before planning
STAGES = {"greedy": 10, "search": 25, "cover": 40}
A_STEP, ALMOST = 4, 95  # percent


@dataclass
class _Here:
    """Where this installation is, and the process that was started last."""

    settings: Settings | None = None
    process: "subprocess.Popen[bytes] | None" = None


_here = _Here()


def use(settings: Settings) -> None:
    """Processes work for this installation from now on."""
    _here.settings = settings


def start_due() -> None:
    """Start a process when something waits for the planner and none is at work. By the clock."""
    if _here.process is not None and _here.process.poll() is None:
        return
    with reading() as db:
        due = runs.is_due(db, time.now())
    if due and _here.settings is not None:
        _here.process = _started(_here.settings)


def _started(settings: Settings) -> "subprocess.Popen[bytes]":
    places = {"WIJKAPP_INSTANCE": str(settings.instance), "WIJKAPP_DATABASE_URL": settings.database}
    return subprocess.Popen(
        [sys.executable, "-m", "wijkapp.cli", "rota", "work"],
        env=os.environ | places,
        stdin=subprocess.DEVNULL,
    )


def work(instance: Path) -> int:
    """Do what waits, one after the other; how many. Nothing when another process is at it."""
    done = 0
    with _alone(instance) as alone:
        while alone and (task := runs.claim()) is not None:
            os.nice(POLITENESS if done == 0 else 0)
            with _alive(task) as progress:
                do(task, progress)
            done += 1
    return done


class Progress:
    """How far a piece of planning is, in percent."""

    def __init__(self) -> None:
        self.percent = 5

    def __call__(self, what: str, _score: tuple[int, ...] = ()) -> None:
        self.percent = max(self.percent, STAGES.get(what, min(self.percent + A_STEP, ALMOST)))


def do(task: Work, progress: Progress) -> None:
    """Plan or mend, and write down what came of it."""
    try:
        rota = _solved(task, progress)
    except Exception:
        log.exception("planning failed", run=str(task.run_id))
        runs.fail(task.run_id)
    else:
        runs.finish(task.run_id, rota)


def _solved(task: Work, progress: Progress) -> Rota:
    from wijkapp.rota import planner
    from wijkapp.rota.repair import replan

    if task.rota is None:
        return planner.plan_rota(task.problem, work=WORK or planner.WORK, progress=progress)
    return replan(task.problem, task.rota)


@contextmanager
def _alive(task: Work) -> Iterator[Progress]:
    """Meanwhile say every few seconds that we live; end at once when nobody waits for it any more."""
    progress, ready = Progress(), threading.Event()

    def beat() -> None:
        while not ready.wait(BEAT):
            try:
                wanted = runs.beat(task.run_id, progress.percent)
            except Exception:
                log.warning("beat failed", exc_info=True)  # the database is away; the next may do
                continue
            if not wanted and not ready.is_set():
                os._exit(0)  # the solver listens to nobody; what waits behind it the clock sees

    heart = threading.Thread(target=beat, daemon=True)
    heart.start()
    try:
        yield progress
    finally:
        ready.set()
        heart.join()


@contextmanager
def _alone(instance: Path) -> Iterator[bool]:
    """Is this the only process of this installation on this machine? The lock goes with the process."""
    with open(instance / "rota.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
