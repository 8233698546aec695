"""`wijkapp demo`: what it says when it cannot start, and that a second start goes on where one was."""

import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests import servers
from wijkapp.demo.parties import LOG_INS

WIJKAPP = [sys.executable, "-c", "from wijkapp.cli import main; main()", "demo"]


def environment(folder):
    return servers.clean_environment() | {"WIJKAPP_INSTANCE": str(folder), "PYTHONUNBUFFERED": "1"}


def refused(folder, *options, **settings):
    """What it says when it does not start."""
    done = subprocess.run(
        [*WIJKAPP, *options],
        env=environment(folder) | settings,
        capture_output=True,
        text=True,
        timeout=40,
    )
    assert done.returncode == 1, done.stdout
    return done.stderr


@contextmanager
def running(folder, *options):
    """A demo that runs: its port and what it printed at the start."""
    port, said = servers.free_port(), folder.parent / f"said-{time.monotonic_ns()}"
    command = [*WIJKAPP, "--port", str(port), *options]
    with (
        said.open("w") as log,
        servers.serving(command, environment(folder), stdout=log, stderr=log) as demo,
    ):
        for _ in range(400):
            if answers(port):
                break
            assert demo.poll() is None, said.read_text()
            time.sleep(0.1)
        yield port, said.read_text()
        demo.send_signal(signal.SIGINT)
        demo.wait(timeout=50)
        assert "De demo is gestopt" in said.read_text()


def answers(port):
    try:
        with urlopen(f"http://127.0.0.1:{port}/inloggen", timeout=5) as page:
            return page.status == 200
    except (URLError, OSError):
        return False


def links(said):
    return re.findall(r"(/demo/in/\S+?)\.", said)


@pytest.mark.timeout(180)  # starts the demo three times
def test_it_serves_with_a_link_per_role_and_a_second_run_goes_on(tmp_path):
    folder = tmp_path / "demo"
    with running(folder) as (port, first):
        assert f"http://127.0.0.1:{port}" in first
        for label, name in LOG_INS:
            assert label in first
            assert name in first
        for link in re.findall(rf"http://127\.0\.0\.1:{port}(/demo/in/\S+)", first):
            with urlopen(f"http://127.0.0.1:{port}{link}", timeout=10) as page:
                assert page.status == 200
        assert "draait al een demo" in refused(folder, "--port", "0")

    with running(folder, "--quiet") as (_port, second):
        assert "verder waar je was" in second
        assert links(second) == links(first)

    with running(folder, "--fresh") as (_port, third):
        assert "is gemaakt" in third
        assert links(third) == links(first), "a printed link still works after starting over"


def test_a_port_that_is_taken_gives_a_way_out(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(tmp_path, "--port", str(port))

    assert f"poort {port}" in said
    assert f"make demo PORT={port + 1}" in said


def test_it_does_not_listen_to_others_unless_told(tmp_path):
    assert "WIJKAPP_DEMO_PUBLIC=1" in refused(tmp_path, "--host", "0.0.0.0", "--port", "0")


def test_starting_over_leaves_another_database_alone(tmp_path):
    said = refused(
        tmp_path, "--fresh", "--port", "0", WIJKAPP_DATABASE_URL=f"sqlite:///{tmp_path / 'x.sqlite'}"
    )

    assert "WIJKAPP_DATABASE_URL" in said
