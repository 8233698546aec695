"""The key store: keys are made, wrapped, found, destroyed, copied, and their master key is renewed."""

import shlex
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests import servers
from wijkapp.clients import keys
from wijkapp.kit import crypto
from wijkapp.kit.config import BadSettings, Settings, key_line
from wijkapp.kit.db import new_id


@pytest.fixture(params=servers.KINDS)
def url(request, tmp_path, worker_id, monkeypatch):
    """A key store of each kind, in use."""
    monkeypatch.setattr(keys, "_store", None)
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'keys.sqlite'}"
        return
    name = f"keys_{worker_id}"
    yield servers.empty_postgresql(name)
    keys._store.engine.dispose()
    servers.drop("postgresql", name)


@pytest.fixture
def masters(url):
    """The master keys in use; change the list to change them."""
    found = [crypto.MasterKey(crypto.new_key())]
    keys.use(url, lambda: found)
    return found


def _stored(url):
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return connection.execute(text("SELECT wrapped FROM data_key")).scalars().all()


def test_a_key_is_found_by_its_name_and_stored_only_wrapped(url, masters):
    name = new_id()
    key = keys.make(name)
    assert keys.get(name) == key
    (wrapped,) = _stored(url)
    assert key not in bytes(wrapped)


def test_a_key_that_was_destroyed_is_gone_and_twice_does_no_harm(masters):
    name, other = new_id(), new_id()
    keys.make(name)
    kept = keys.make(other)
    assert keys.destroy([name]) == 1
    assert keys.destroy([name]) == 0
    assert (keys.get(name), keys.get(other)) == (None, kept)
    assert list(keys.names()) == [other]


def test_a_wrapped_key_opens_under_no_other_name(url, masters):
    name, other = new_id(), new_id()
    keys.make(name)
    keys.make(other)
    with keys._store.engine.begin() as connection:
        wrapped = connection.scalar(keys.select(keys.data_key.c.wrapped).where(keys.data_key.c.name == name))
        connection.execute(
            keys.update(keys.data_key).where(keys.data_key.c.name == other).values(wrapped=wrapped)
        )
    with pytest.raises(keys.KeysAway):
        keys.get(other)


def test_another_master_key_opens_nothing_and_says_whom_to_ask(masters):
    name = new_id()
    keys.make(name)
    masters[:] = [crypto.MasterKey(crypto.new_key())]
    with pytest.raises(keys.KeysAway) as refused:
        keys.get(name)
    assert refused.value.status == 503


def test_after_rewrapping_only_the_new_master_key_opens(masters):
    names = [new_id() for _ in range(3)]
    before = [keys.make(name) for name in names]
    old, new = masters[0], crypto.MasterKey(crypto.new_key())
    masters[:] = [new, old]
    assert [keys.get(name) for name in names] == before
    assert keys.rewrap() == 3
    assert keys.rewrap() == 0
    masters[:] = [new]
    assert [keys.get(name) for name in names] == before
    masters[:] = [old]
    with pytest.raises(keys.KeysAway):
        keys.get(names[0])


def test_rewrapping_changes_nothing_when_one_key_cannot_be_opened(url, masters):
    keys.make(new_id())
    old = masters[0]
    masters[:] = [crypto.MasterKey(crypto.new_key())]
    keys.make(new_id())
    before = sorted(map(bytes, _stored(url)))
    masters[:] = [crypto.MasterKey(crypto.new_key()), old]
    with pytest.raises(keys.KeysAway):
        keys.rewrap()
    assert sorted(map(bytes, _stored(url))) == before


def test_a_copy_holds_all_keys_and_gives_back_those_that_are_missing(masters, tmp_path):
    name, other = new_id(), new_id()
    key, _kept = keys.make(name), keys.make(other)
    copy = tmp_path / "copy.sqlite"
    assert keys.copy_to(copy) == 2
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        keys.copy_to(copy)
    keys.destroy([name])
    assert keys.add_from(copy) == 1
    assert keys.add_from(copy) == 0
    assert keys.get(name) == key


def test_eight_at_once_each_make_and_destroy_their_own(masters):
    kept = new_id()
    keys.make(kept)

    def work(_number):
        name = new_id()
        key = keys.make(name)
        return keys.get(name) == key and keys.destroy([name])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(24))) == [1] * 24
    assert list(keys.names()) == [kept]


def test_what_was_destroyed_is_not_in_the_file_any_more(tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "_store", None)
    path = tmp_path / "keys.sqlite"
    keys.use(f"sqlite:///{path}", lambda: [crypto.MasterKey(b"m" * 32)])
    for _ in range(40):
        keys.make(new_id())
    wrapped = {bytes(one) for one in _stored(f"sqlite:///{path}")}
    assert all(one in path.read_bytes() for one in wrapped)
    keys.destroy(list(keys.names()))
    assert not any(one in path.read_bytes() for one in wrapped)
    assert [one.name for one in tmp_path.iterdir()] == ["keys.sqlite"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


# --- where the master key comes from


def test_the_first_master_key_is_made_in_the_instance_folder_and_stays(tmp_path):
    made = Settings(instance=tmp_path).vault_keys()
    assert Settings(instance=tmp_path).vault_keys() == made
    assert stat.S_IMODE((tmp_path / "secrets" / "vault.key").stat().st_mode) == 0o600


def test_the_master_key_may_come_from_a_file_or_a_command(tmp_path):
    file = tmp_path / "key"
    first, second = crypto.new_key(), crypto.new_key()
    file.write_text(key_line(first) + key_line(second))
    expected = [crypto.MasterKey(first), crypto.MasterKey(second)]
    assert Settings(instance=tmp_path, vault_key_file=str(file)).vault_keys() == expected
    command = f"cat {shlex.quote(str(file))}"
    assert Settings(instance=tmp_path, vault_key_command=command).vault_keys() == expected
    assert not (tmp_path / "secrets").exists()


@pytest.mark.parametrize("text", ["", "\n", "te kort", "AAAA", "é" * 43])
def test_a_master_key_that_cannot_be_is_refused_and_not_shown(tmp_path, text):
    (tmp_path / "key").write_text(text)
    with pytest.raises(BadSettings) as wrong:
        Settings(instance=tmp_path, vault_key_file=str(tmp_path / "key")).vault_keys()
    assert not text.strip() or text not in str(wrong.value)


@pytest.mark.parametrize("command", ["false", "/bestaat/niet", "'"])
def test_a_command_that_fails_leaves_the_vault_closed_but_the_app_up(tmp_path, command, monkeypatch):
    monkeypatch.setattr(keys, "_store", None)
    settings = Settings(instance=tmp_path, vault_key_command=command)
    keys.use(settings.keys, settings.vault_keys)
    with pytest.raises(keys.KeysAway):
        keys.make(new_id())


def test_keys_in_the_database_itself_are_refused():
    with pytest.raises(ValueError, match="another database"):
        Settings(database_url="postgresql+psycopg://a@b/c", keys_url="postgresql+psycopg://a@b/c")
