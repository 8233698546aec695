"""Nonsense in every field, address, query and body of every door: refused politely, never a failure."""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote

import pytest
from flask import Flask, Request
from sqlalchemy import Engine, func, make_url, select
from sqlalchemy.orm import Session

from tests.make import Make
from tests.test_access import Doors
from tests.test_guarded import every_form, fields_of
from tests.web import Visitor
from tests.world import World, make_world, openings, path_of
from wijkapp.agreements.rota_forms import BlockForm
from wijkapp.clients import keys
from wijkapp.kit import db as kit_db
from wijkapp.kit import time
from wijkapp.kit.db import Base, reading
from wijkapp.kit.limits import limiter
from wijkapp.matching.models import CareRequest, Offer

pytestmark = pytest.mark.timeout(300)  # all forms there are, at all doors

NASTY = {
    "nothing": "",
    "spaces": "  \t ",
    "long": "x" * 5_000,  # longer than any field may be
    "emoji": "👩🏽‍⚕️" * 10,
    "right to left": "\u202eعائشة\u2066",
    "null": "a\x00b",
    "half a character": "\ud800",
    "minus": "-1",
    "huge": "9" * 60,
    "infinite": "1e999",
    "no number": "NaN",
    "other digits": "٣",
    "no day": "2026-02-30",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "markup": "<script>alert(1)</script>{{ 7*7 }}%s%(x)s",
    "sql": "'; DROP TABLE account; --",
    "path": "../../etc/passwd",
}
BODIES = [
    "",
    "null",
    "[]",
    "7",
    '"x"',
    "{}",
    "{",
    '{"endpoint": 7}',
    json.dumps({"endpoint": "x" * 9000, "keys": []}),
]
DATABASES_DIFFER = {"null", "half a character", "long", "huge", "infinite", "first day", "last day"}
REFUSED = {400, 403, 404, 409, 410}
IN_AN_ADDRESS = ("emoji", "right to left", "null", "half a character", "minus", "huge", "markup", "path")


@pytest.fixture
def engine(database_url: str, fresh_database: Callable[[str], Engine]) -> Engine:
    """A database of this test alone: each request is a transaction that is rolled back whole.

    Thousands of savepoints within one transaction make PostgreSQL slow.
    """
    return fresh_database(make_url(database_url).get_backend_name())


@pytest.fixture
def world(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(keys, "destroy", lambda _names: 0)  # a key that is gone is not undone
    with (
        engine.begin() as connection,
        kit_db.within(connection),
        Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session,
    ):
        world = make_world(Make(session))
        session.commit()
    return world


@pytest.fixture
def doors(demo_app: Flask, engine: Engine) -> Doors:
    return Doors(demo_app, Session(engine))


def every_field() -> list[str]:
    """The name of every field of every form, and of the first one in each that holds several."""
    names = {
        "csrf_token",
        "moments-0",
        "moves-0",
        "week-0",
        *(f"blocks-0-{one}" for one in fields_of(BlockForm)),
    }
    return sorted(names.union(*(fields_of(form) for form in every_form())))


Sent = Callable[..., int]


@pytest.fixture
def send(demo_app: Flask, engine: Engine, world: World) -> Sent:
    """`send(who, path, ...)`: the status of the answer. What it did is undone, a log out too."""
    visitors = {who: Visitor(demo_app).signs_in(account) for who, account in world.people.items()}

    def send(who: str, path: str, method: str = "POST", **what: object) -> int:
        client = visitors[who].client
        kept = client.get_cookie("wijkapp")
        with engine.connect() as connection, kit_db.within(connection):
            undone = connection.begin()
            answer = client.open(path, method=method, **what)
            undone.rollback()
        client.set_cookie("wijkapp", kept.value)
        return answer.status_code

    return send


def _encoded(fields: dict[str, str]) -> bytes:
    """As a browser would send it, were it asked to send half a character."""
    return b"&".join(
        f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}".encode() for name, value in fields.items()
    )


def _failed(said: dict[str, int]) -> dict[str, int]:
    return {where: status for where, status in said.items() if status >= 500}


@pytest.mark.database("sqlite")
def test_this_test_knows_the_forms_and_comes_in_at_nearly_every_door(doors, world):
    assert {"pc4", "hours", "places", "email", "name", "code", "since", "form_id"} <= set(every_field())
    for method in ("GET", "POST"):
        came_in = {rule.endpoint for _who, rule, _at in openings(doors.app, world, method, everybody=False)}
        closed = [rule for rule, takes in doors.every() if takes == method and rule.endpoint not in came_in]
        by_secret = ("<token>", "<ticket>", "<secret>.ics", "/nu", "/nu.txt")
        assert [rule.rule for rule in closed if not rule.rule.endswith(by_secret)] == []


@pytest.mark.parametrize("kinds", [list(NASTY)[start::3] for start in range(3)], ids=["one", "two", "three"])
def test_nonsense_in_every_field_never_fails(doors, world, engine, send, monkeypatch, kinds):
    for limit in ("MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE"):
        monkeypatch.setitem(doors.app.config, limit, None)  # all fields at once are more than one sends
    here = set(kinds) & (DATABASES_DIFFER if engine.dialect.name == "postgresql" else set(kinds))
    names = every_field()
    bodies = {kind: _encoded(dict.fromkeys(names, NASTY[kind])) for kind in here}
    said = {}
    for who, rule, path in openings(doors.app, world, "POST", everybody=False):
        for kind, body in bodies.items():
            form = {"data": body, "content_type": "application/x-www-form-urlencoded"}
            said[f"{rule.endpoint}, {kind}"] = send(who, path, **form)
    assert _failed(said) == {}
    assert 413 not in said.values()


@pytest.mark.database("sqlite")
def test_nonsense_where_json_is_wanted_never_fails(doors, world, send, monkeypatch):
    """At every door once; all of it where the body is read."""
    read = []
    whole = Request.get_data
    monkeypatch.setattr(Request, "get_data", lambda *of, **how: read.append(of) or whole(*of, **how))
    said = {}
    for who, rule, path in openings(doors.app, world, "POST", everybody=False):
        for body in BODIES:
            said[f"{rule.endpoint}, {body[:20]}"] = send(
                who, path, data=body, content_type="application/json"
            )
            if not read:
                break
        read.clear()
    assert _failed(said) == {}
    assert len(said) > len({where.split(",")[0] for where in said}), "no door reads JSON"


@pytest.mark.database("postgresql")  # takes less text than SQLite
def test_nonsense_after_the_question_mark_never_fails(doors, world, send):
    said = {}
    names = [*every_field(), "next", "page", "wijk", "q", "regio", "van", "wie"]
    for kind in ("null", "half a character", "no day"):  # few doors read anything here
        asked = _encoded(dict.fromkeys(names, NASTY[kind])).decode()
        for who, rule, path in openings(doors.app, world, "GET", everybody=False):
            said[f"{rule.endpoint}, {kind}"] = send(who, f"{path}?{asked}", "GET")
    assert _failed(said) == {}


@pytest.mark.database("postgresql")
def test_nonsense_in_an_address_is_a_page_that_does_not_exist(doors, world, send):
    """Asked by somebody who may come in, about things of their own but for the words in the address."""
    said = {}
    for who, method, door in _about_something(doors, world):
        for kind in IN_AN_ADDRESS if "<" in door else IN_AN_ADDRESS[:1]:
            nonsense = quote(NASTY[kind].encode("utf-8", "surrogatepass"), safe="")
            path = re.sub(r"<\w+>|(?<=/)\*", nonsense, door)
            said[f"{method} {door}, {kind}"] = send(who, path, method)
    assert {where: status for where, status in said.items() if status not in REFUSED} == {}


def _about_something(doors: Doors, world: World) -> Iterator[tuple[str, str, str]]:
    """Who, method and address of each door, with `<name>` where any word may stand.

    An id or a number can be nothing else, so it is one of their own; where nothing else is asked, it is `*`.
    """
    comes_in = {
        (rule.rule, method): who
        for method in ("GET", "POST")
        for who, rule, _path in openings(doors.app, world, method, everybody=False)
    }
    for rule, method in doors.every():
        if rule.arguments:
            who = comes_in.get((rule.rule, method), "carla")
            own = world.own[who].get(rule.endpoint, {}) if re.search(r"<\w+>", rule.rule) else {}
            known = {name: str(thing) for name, thing in own.items()}
            yield who, method, re.sub(r"<[^<>:]+:(\w+)>", partial(_filled, known), rule.rule)


def _filled(known: dict[str, str], gap: re.Match[str]) -> str:
    return known.get(gap[1], "*")


def stored(kind: type[Base]) -> int:
    with reading() as db:
        return db.scalars(select(func.count()).select_from(kind)).one()


@pytest.mark.database("sqlite")
def test_a_body_that_is_too_large_is_refused(send):
    assert send("doctor", "/zorgvragen", data={"pc4": "9" * 300_000}) == 413


@pytest.mark.database("sqlite")
def test_a_form_that_is_not_complete_stores_nothing_and_keeps_what_was_typed(doors, world):
    before = stored(CareRequest)
    visitor = Visitor(doors.app).signs_in(world.people["doctor"])
    answer = visitor.post("/zorgvragen", {"pc4": "3524", "hours": "7,5", "uzovi": "9999"})
    assert answer.status_code == 422
    assert 'value="3524"' in answer.text
    assert 'value="7,5"' in answer.text
    assert stored(CareRequest) == before


@pytest.mark.database("sqlite")
def test_a_stale_page_gets_a_clear_answer_and_changes_nothing(doors, world):
    """The nurse offers while the doctor withdraws: her page still shows the form."""
    path = _path_of(doors, world, "nurse", "matching.offer")
    request_id = world.own["nurse"]["matching.offer"]["request_id"]
    Visitor(doors.app).signs_in(world.people["doctor"]).post(
        f"/zorgvragen/{request_id}/intrekken", {"reason": "mistake"}
    )
    before = stored(Offer)
    late = Visitor(doors.app).signs_in(world.people["nurse"])
    answer = late.post(path, {"start_on": time.today().isoformat(), "hours": "3"})
    assert answer.status_code == 409
    assert "gesloten" in answer.text
    assert stored(Offer) == before


def _path_of(doors: Doors, world: World, who: str, endpoint: str) -> str:
    return path_of(doors.app, endpoint, world.own[who][endpoint])


@pytest.mark.database("sqlite")
def test_without_its_token_a_form_is_refused(demo_app, world, monkeypatch):
    visitor = Visitor(demo_app).signs_in(world.people["nurse"])
    monkeypatch.setitem(demo_app.config, "WTF_CSRF_ENABLED", True)
    answer = visitor.post("/capaciteit/klopt")
    assert answer.status_code == 403
    assert "Ververs de pagina" in answer.text
