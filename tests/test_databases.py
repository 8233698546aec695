"""The test databases themselves: what a test stores must be gone, and what threads do must be real."""

from threading import Thread

import pytest
from redis import Redis
from sqlalchemy import func, select, text

from tests.servers import KINDS
from wijkapp.directory.models import Skill
from wijkapp.kit.db import reading, transaction


def count(db):
    return db.scalar(select(func.count()).select_from(Skill))


def add(db, code):
    db.add(Skill(code=code, name=code, reserved_act=False))
    db.flush()


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_finds_no_rows_of_another(db, time):
    with transaction() as own:
        add(own, "katheter")
    assert count(db) == 1


def test_what_the_app_rolled_back_is_gone_and_what_the_test_made_stays(db):
    add(db, "katheter")

    def fail() -> None:
        with transaction() as own:
            add(own, "wondzorg")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading() as own:
        assert count(own) == count(db) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_threads_really_commit_and_lose_nothing(fresh_database, kind):
    fresh_database(kind)
    with transaction() as db:
        add(db, "katheter")

    def move_up() -> None:
        for _ in range(10):
            with transaction() as db:
                db.execute(text("UPDATE skill SET position = position + 1"))

    threads = [Thread(target=move_up) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with reading() as db:
        assert db.scalar(select(Skill.position)) == 80


def test_the_valkey_is_empty_and_ours(redis_url):
    with Redis.from_url(redis_url) as client:
        assert client.keys() == []
        client.set("a", 1)
        assert client.info()["server_name"] == "valkey"
