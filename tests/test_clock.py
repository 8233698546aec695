"""One clock ticks, another takes over, and a job that fails fails alone."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.servers import KINDS
from tests.web import make_app
from wijkapp import clock
from wijkapp.clock import Job, Leader

LEADS = "locktype = 'advisory'"


@pytest.fixture(params=KINDS)
def clocks(
    request: pytest.FixtureRequest, fresh_database: Callable[[str], Engine], tmp_path: Path
) -> Iterator[tuple[Leader, Leader]]:
    """Two clocks on one database."""
    fresh_database(request.param)
    both = Leader(tmp_path), Leader(tmp_path)
    yield both
    for one in both:
        one.resign()


def test_of_two_clocks_one_leads_and_goes_on_leading(clocks):
    first, second = clocks

    assert first.leads()
    assert not second.leads()
    assert first.leads()


def test_another_clock_takes_over_when_the_leader_is_gone(clocks):
    first, second = clocks
    assert first.leads()

    first.resign()

    assert second.leads()
    assert not first.leads()


def test_a_leader_whose_line_to_the_database_broke_leads_no_more(fresh_database, tmp_path):
    engine = fresh_database("postgresql")
    first, second = Leader(tmp_path), Leader(tmp_path)
    assert first.leads()
    with engine.connect() as other:
        me = other.scalar(text("SELECT pg_backend_pid()"))
        other.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {LEADS} AND pid <> {me}"))

    assert not first.leads()
    assert second.leads()
    for one in (first, second):
        one.resign()


def test_a_job_that_fails_is_tried_again_and_stops_no_other(fresh_database, tmp_path):
    fresh_database("sqlite")
    twice, other = threading.Semaphore(0), threading.Event()

    def fail() -> None:
        twice.release()
        raise RuntimeError("not today")

    often = timedelta(seconds=0.05)
    scheduler = clock.start(tmp_path, {"fails": Job(often, fail), "works": Job(often, other.set)})
    try:
        assert twice.acquire(timeout=30)
        assert twice.acquire(timeout=30)
        assert other.wait(30)
    finally:
        scheduler.shutdown()


@pytest.mark.parametrize("kind", KINDS)
def test_every_job_of_the_table_may_run_at_any_time(fresh_database, kind, tmp_path):
    engine = fresh_database(kind)  # a transaction that stays open keeps the log of SQLite from emptying
    make_app(engine.url.render_as_string(hide_password=False), tmp_path)
    for job in clock.JOBS.values():
        job.run()
        job.run()
