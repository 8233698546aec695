"""Everything that happens by itself and how often: one table.

The clock holds no facts. What is due lives in columns (`escalate_at`, `try_at`), so a restart, a second clock
or a lost tick does no harm. One clock leads; another takes over when it stops.
"""

import fcntl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

import structlog
from apscheduler.events import EVENT_SCHEDULER_SHUTDOWN
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection, text

from wijkapp.agreements import jobs as agreements_jobs
from wijkapp.capacity import jobs as capacity_jobs
from wijkapp.chat import jobs as chat_jobs
from wijkapp.clients import jobs as clients_jobs
from wijkapp.kit import db
from wijkapp.matching import jobs as matching_jobs
from wijkapp.notify import jobs as notify_jobs
from wijkapp.oversight import jobs as oversight_jobs
from wijkapp.people.service import papers
from wijkapp.rota import jobs as rota_jobs
from wijkapp.rota import runner as rota_runner

log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    every: timedelta
    run: Callable[[], object]


JOBS: dict[str, Job] = {
    "agreements.remind": Job(timedelta(hours=1), agreements_jobs.remind_of_evaluations),
    "capacity.remind": Job(timedelta(minutes=1), capacity_jobs.remind_due),
    "matching.escalate": Job(timedelta(seconds=15), matching_jobs.escalate_due),
    "matching.tell_of_places": Job(timedelta(seconds=15), matching_jobs.tell_of_places),
    "clients.destroy_due": Job(timedelta(seconds=15), clients_jobs.destroy_due),
    "clients.remind_of_breaches": Job(timedelta(minutes=5), clients_jobs.remind_of_breaches),
    "clients.sweep_keys": Job(timedelta(minutes=10), clients_jobs.sweep_keys),
    "chat.ask_again": Job(timedelta(seconds=15), chat_jobs.ask_again),
    "chat.wipe": Job(timedelta(minutes=5), chat_jobs.wipe_due),
    "rota.check_in": Job(timedelta(seconds=15), rota_jobs.check_in_due),
    "rota.leavers": Job(timedelta(seconds=15), rota_jobs.leavers_due),
    "rota.ask_again": Job(timedelta(minutes=1), rota_jobs.ask_again),
    "rota.reach": Job(timedelta(minutes=1), rota_jobs.reach_due),
    "rota.handovers": Job(timedelta(minutes=1), rota_jobs.handovers_due),
    "rota.sheets": Job(timedelta(minutes=1), rota_jobs.sheets_due),
    "rota.forget": Job(timedelta(hours=1), rota_jobs.forget),
    "rota.plan": Job(timedelta(seconds=2), rota_runner.start_due),
    "kit.settle": Job(timedelta(minutes=10), db.settle),
    "oversight.roll_up": Job(timedelta(minutes=10), oversight_jobs.roll_up),
    "oversight.forget_looks": Job(timedelta(hours=6), oversight_jobs.forget_looks),
    "people.remind_of_papers": Job(timedelta(hours=1), papers.remind),
    "notify.forget": Job(timedelta(hours=1), notify_jobs.forget_old),
}

LEADER = 7_305_114_281_004
"""PostgreSQL advisory lock of the clock that leads; any number, as long as it is always this one."""


class Leader:
    """Are we the one clock that ticks? A file lock on SQLite, an advisory lock on PostgreSQL.

    Both vanish with the process, so a killed leader is succeeded at the next tick of another.
    """

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        self.file: IO[str] | None = None
        self.connection: Connection | None = None

    def leads(self) -> bool:
        """True for one process at a time."""
        return self._by_file() if db.engine().dialect.name == "sqlite" else self._by_database()

    def resign(self) -> None:
        """Let another lead."""
        if self.file:
            self.file.close()
        if self.connection:
            self.connection.close()
        self.file = self.connection = None

    def _by_file(self) -> bool:
        if self.file:
            return True
        file = open(self.instance / "clock.lock", "w")  # noqa: SIM115 - open as long as we lead
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self.file = file
        return True

    def _by_database(self) -> bool:
        try:
            if self.connection:
                self.connection.execute(text("SELECT 1"))
                return True
            connection = db.engine().connect().execution_options(isolation_level="AUTOCOMMIT")
            if connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LEADER}):
                self.connection = connection
                return True
            connection.close()
        except Exception:
            # The line to the database broke, and the lock with it: try to lead again at the next tick.
            log.warning("clock lost its lead", exc_info=True)
            self.connection = None
        return False


def start(instance: Path, jobs: dict[str, Job] | None = None) -> BackgroundScheduler:
    """Tick in the background from now on."""
    leader = Leader(instance)
    scheduler = BackgroundScheduler(timezone="UTC")
    for name, job in (JOBS if jobs is None else jobs).items():
        scheduler.add_job(
            _tick,
            "interval",
            args=(leader, name, job),
            id=name,
            seconds=job.every.total_seconds(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=60,  # the default of 1 s drops jobs on a busy machine
        )
    scheduler.add_listener(lambda _event: leader.resign(), EVENT_SCHEDULER_SHUTDOWN)
    scheduler.start()
    return scheduler


def _tick(leader: Leader, name: str, job: Job) -> None:
    if not leader.leads():
        return
    try:
        job.run()
    except Exception:
        # The next tick tries again; what is due is still due.
        log.exception("clock job failed", job=name)
