"""Settings: work without any, refuse what cannot be in a line each; secrets are made once and kept closed."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from subprocess import PIPE
from threading import Barrier

import pytest

from tests.servers import clean_environment, serving
from wijkapp.kit.config import BadSettings, Secrets, load


@pytest.fixture(autouse=True)
def no_settings_of_my_own(monkeypatch):
    for name in set(os.environ) - set(clean_environment()):
        monkeypatch.delenv(name)


def test_without_settings_everything_has_a_default_that_needs_no_other_server(tmp_path):
    settings = load(instance=tmp_path)
    assert settings.database == f"sqlite:///{tmp_path}/wijkapp.sqlite"
    assert (settings.redis_url, settings.smtp_host, settings.demo) == ("", "", False)
    assert settings.address == "http://127.0.0.1:8000"
    assert not settings.https


def test_a_setting_from_the_environment_counts(monkeypatch):
    monkeypatch.setenv("WIJKAPP_BASE_URL", "https://wijk.example/")
    monkeypatch.setenv("WIJKAPP_PORT", "9000")
    settings = load()
    assert (settings.address, settings.https, settings.port) == ("https://wijk.example", True, 9000)


def test_the_map_draws_its_own_background_unless_tiles_are_chosen(monkeypatch):
    assert load().tiles is None
    monkeypatch.setenv("WIJKAPP_MAP_TILES", "pdok")
    assert load().tiles.origin == "https://service.pdok.nl"
    monkeypatch.setenv("WIJKAPP_MAP_TILES", "https://kaart.example:8443/{z}/{x}/{y}.png")
    assert (load().tiles.origin, load().tiles.credit) == ("https://kaart.example:8443", "kaart.example:8443")


def test_an_unknown_setting_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("WIJKAPP_DATABSE_URL", "x")
    with pytest.raises(BadSettings, match=r"^WIJKAPP_DATABSE_URL: no such setting$"):
        load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "postgres://x"),
        ("BASE_URL", "wijk.example"),
        ("BASE_URL", "javascript:alert(1)"),
        ("SMTP_SECURITY", "ssl"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", ""),
        ("IDLE_MINUTES", "0"),
        ("PROXIES", "9"),
        ("DEMO", "maybe"),
        ("MAP_TILES", "osm"),
        ("MAP_TILES", "http://kaart.example/{z}/{x}/{y}.png"),
        ("MAP_TILES", "https://kaart.example/"),
        ("MAP_TILES", "https://kaart.example; script-src */{z}/{x}/{y}.png"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_one_line_that_names_the_setting(monkeypatch, name, value):
    monkeypatch.setenv(f"WIJKAPP_{name}", value)
    with pytest.raises(BadSettings) as refused:
        load()
    assert str(refused.value).startswith(f"WIJKAPP_{name}: ")
    assert "\n" not in str(refused.value)


def test_every_wrong_setting_has_its_line(monkeypatch):
    monkeypatch.setenv("WIJKAPP_PORT", "many")
    monkeypatch.setenv("WIJKAPP_LOG_LEVEL", "loud")
    monkeypatch.setenv("WIJKAPP_COLOUR", "green")
    with pytest.raises(BadSettings) as refused:
        load()
    assert len(str(refused.value).splitlines()) == 3


def test_a_secret_is_not_repeated_when_its_setting_is_refused(monkeypatch):
    monkeypatch.setenv("WIJKAPP_SMTP_PASSWORD", "hunter2")
    monkeypatch.setenv("WIJKAPP_PORT", "many")
    with pytest.raises(BadSettings) as refused:
        load()
    assert "hunter2" not in str(refused.value)


# --- secrets


def test_secrets_are_made_on_first_use_and_stay_the_same(tmp_path):
    first, second = Secrets(tmp_path), Secrets(tmp_path)
    assert first.master.secret == second.master.secret
    assert first.vapid.private_numbers() == second.vapid.private_numbers()
    assert len(first.master.secret) == 32


def test_only_the_apps_own_user_reads_secrets(tmp_path):
    secrets = Secrets(tmp_path)
    assert secrets.master
    assert secrets.vapid
    folder = tmp_path / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    files = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert files == {"master.key": 0o600, "vapid.pem": 0o600}


def test_only_the_apps_own_user_looks_in_the_instance_folder(tmp_path):
    settings = load(instance=tmp_path / "new" / "instance")

    settings.make_instance()

    assert settings.instance.stat().st_mode & 0o777 == 0o700


def test_two_installations_have_different_secrets(tmp_path):
    assert Secrets(tmp_path / "a").master.secret != Secrets(tmp_path / "b").master.secret


START = """
import sys, time
from pathlib import Path
from wijkapp.kit.config import Secrets
print("ready", flush=True)
sys.stdin.readline()
secrets = Secrets(Path(sys.argv[1]))
print(secrets.master.secret.hex(), secrets.vapid.private_numbers().private_value)
"""


def test_processes_that_start_together_end_up_with_one_secret(tmp_path):
    command = [sys.executable, "-c", START, str(tmp_path)]
    with ExitStack() as stack:
        four = [serving(command, stdin=PIPE, stdout=PIPE, text=True) for _ in range(4)]
        started = [stack.enter_context(one) for one in four]
        assert {process.stdout.readline() for process in started} == {"ready\n"}
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        said = {process.communicate(timeout=30)[0] for process in started}
    assert len(said) == 1
    assert {path.name for path in (tmp_path / "secrets").iterdir()} == {"master.key", "vapid.pem"}


def test_threads_that_start_together_end_up_with_one_secret(tmp_path):
    """As do two containers on one volume: there, both processes have number 1."""
    for turn in range(20):
        together, folder = Barrier(8), tmp_path / str(turn)

        def read(_thread, together=together, folder=folder):
            together.wait()
            return Secrets(folder).master.secret

        with ThreadPoolExecutor(8) as threads:
            said = set(threads.map(read, range(8)))
        assert said == {Secrets(folder).master.secret}
        assert len(said.pop()) == 32
