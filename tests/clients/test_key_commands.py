"""What whoever hosts the app types about the key store: how it stands, a new master key, and copies."""

import sqlite3
import stat
from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.clients.make import ROOS, seat
from wijkapp.clients import key_commands, keys
from wijkapp.clients.service import consent, vault
from wijkapp.kit import command, crypto, time
from wijkapp.kit import db as kit_db
from wijkapp.kit.config import Settings, key_line
from wijkapp.kit.db import new_id


@pytest.fixture
def home(make, tmp_path, monkeypatch):
    """The instance folder, whose key store and master key are in use."""
    monkeypatch.setenv("WIJKAPP_INSTANCE", str(tmp_path / "home"))
    monkeypatch.setattr(kit_db, "connect", lambda url: None)
    monkeypatch.setattr(key_commands, "BREATH", 0)
    monkeypatch.setattr(command.logs, "set_up", lambda *_how: None)  # the runner's screen goes
    settings = Settings()
    settings.make_instance()
    keys.use(settings.keys, settings.vault_keys)
    return tmp_path / "home"


@pytest.fixture
def run(home):
    """`run(*words)`: what was printed, and the exit code."""

    def invoke(*words):
        result = CliRunner().invoke(key_commands.keys_of_the_vault, [str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.output, result.exit_code

    return invoke


def withdrawn(case):
    consent.withdraw(case.nurse, seat(case.nurse), case.file_id)


def test_counting_says_what_is_there_and_what_should_not_be(run, make, tmp_path):
    case, other = make.case(filled=True), make.case(filled=True)
    keys.copy_to(tmp_path / "copy")
    withdrawn(other)
    keys.add_from(tmp_path / "copy")
    keys.make(new_id())
    said, code = run("count")
    assert [line.split()[0] for line in said.splitlines()] == ["1", "1", "1"]
    assert code == 0
    keys.destroy(list(keys.names()))
    said, code = run("count")
    assert ("1 toestemmingen waarvan de sleutel er niet is" in said, code) == (True, 1)
    assert case


def test_rotating_takes_a_new_master_key_and_everything_still_opens(run, make, look, home):
    case = make.case(filled=True)
    before = (home / "secrets" / "vault.key").read_text()
    said, code = run("rotate")
    after = (home / "secrets" / "vault.key").read_text()
    assert (code, said.startswith("1 sleutels")) == (0, True)
    assert after != before
    assert len(after.split()) == 1
    assert stat.S_IMODE((home / "secrets" / "vault.key").stat().st_mode) == 0o600
    assert look(case.nurse, case.file_id).person == ROOS


def test_after_rotating_an_older_copy_of_the_keys_opens_only_with_the_older_master_key(
    run, make, look, home, tmp_path
):
    case = make.case(filled=True)
    keys.copy_to(tmp_path / "copy")
    old = Settings().vault_keys()
    run("rotate")
    copied = f"sqlite:///{tmp_path / 'copy'}"
    keys.use(copied, Settings().vault_keys)
    with pytest.raises(keys.KeysAway):
        look(case.nurse, case.file_id)
    keys.use(copied, lambda: old)
    assert look(case.nurse, case.file_id).person == ROOS


def test_rotating_that_stops_half_way_is_taken_up_again(run, make, look, home, monkeypatch):
    case = make.case(filled=True)

    def crashes():
        raise SystemExit(1)

    with monkeypatch.context() as patch:
        patch.setattr(keys, "rewrap", crashes)
        assert run("rotate")[1] == 1
    assert len((home / "secrets" / "vault.key").read_text().split()) == 2
    assert look(case.nurse, case.file_id).person == ROOS
    assert run("rotate")[1] == 0
    assert len((home / "secrets" / "vault.key").read_text().split()) == 1
    assert look(case.nurse, case.file_id).person == ROOS


def test_with_a_master_key_from_elsewhere_its_first_line_becomes_the_one(
    run, make, tmp_path, monkeypatch, look
):
    old, new, file = crypto.new_key(), crypto.new_key(), tmp_path / "master"
    monkeypatch.setenv("WIJKAPP_VAULT_KEY_FILE", str(file))
    file.write_text(key_line(old))
    keys.use(Settings().keys, Settings().vault_keys)
    case = make.case(filled=True)
    file.write_text(key_line(new) + key_line(old))
    assert run("rotate")[0].startswith("1 sleutels")
    file.write_text(key_line(new))
    assert look(case.nurse, case.file_id).person == ROOS


def test_copies_are_made_and_those_that_are_too_old_go(run, make, tmp_path):
    make.case(filled=True)
    folder = tmp_path / "copies"
    folder.mkdir()
    for days in (1, 13, 15, 400):
        stamp = (time.now() - timedelta(days=days)).strftime(key_commands.STAMP)
        (folder / f"keys-{stamp}.sqlite").touch()
    (folder / "keys-iets-anders.sqlite").touch()
    assert run("backup", folder)[1] == 0
    assert len(list(folder.iterdir())) == 4
    (newest,) = [one for one in folder.iterdir() if one.stat().st_size]
    with sqlite3.connect(newest) as connection:
        assert connection.execute("SELECT count(*) FROM data_key").fetchone() == (1,)
    connection.close()
    run("prune", folder, "--keep-days", 0)
    assert [one.name for one in folder.iterdir()] == ["keys-iets-anders.sqlite"]


def test_putting_a_copy_back_brings_what_was_lost_but_not_what_a_client_withdrew(run, make, tmp_path, look):
    case, gone = make.case(filled=True), make.case(filled=True)
    keys.copy_to(tmp_path / "copy")
    withdrawn(gone)
    keys.destroy(list(keys.names()))  # the disk broke
    with pytest.raises(vault.Gone):
        look(case.nurse, case.file_id)
    assert run("restore", tmp_path / "copy") == ("2 sleutels teruggezet, waarvan 1 opnieuw vernietigd.\n", 0)
    assert look(case.nurse, case.file_id).person == ROOS
    with pytest.raises(vault.Gone):
        look(gone.nurse, gone.file_id)


def test_without_a_master_key_each_command_says_so_in_one_line(run, monkeypatch):
    monkeypatch.setenv("WIJKAPP_VAULT_KEY_COMMAND", "false")
    for word in ("count", "rotate"):
        said, code = run(word)
        assert ("Error: De cliëntgegevens zijn nu niet te openen" in said, code) == (True, 1)
        assert "Traceback" not in said


def test_a_file_that_is_no_copy_is_refused(run, tmp_path):
    (tmp_path / "nonsense").write_text("geen database")
    (tmp_path / "empty").touch()
    for name in ("nonsense", "empty"):
        said, code = run("restore", tmp_path / name)
        assert ("geen kopie" in said, code) == (True, 1)
