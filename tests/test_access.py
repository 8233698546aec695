"""Every door, knocked on by every role and by a stranger: the access table's verdict, and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests import servers
from tests.conftest import forgetting
from tests.make import Make
from tests.web import Visitor
from tests.world import Things, World, has_role, make_world
from wijkapp.clients import keys
from wijkapp.kit import db as kit_db
from wijkapp.kit import time
from wijkapp.kit.db import Base, new_id
from wijkapp.kit.limits import limiter
from wijkapp.kit.socket import events, socketio
from wijkapp.notify import sockets
from wijkapp.people.access import PERMISSIONS, Scope
from wijkapp.people.doors import DOORS
from wijkapp.people.models import Account

pytestmark = pytest.mark.database("sqlite")  # what is asked here does not depend on the database

WHO = ("nurse", "planner", "admin", "doctor", "coordinator", "viewer", "buyer", "carla")
REFUSED = {401, 403, 404}
NOT_YOURS = {403, 404, 410}  # 410: an invitation that is over, or was never yours; one cannot tell

# What every form of the app takes for good; each looks at its own fields.
FILLED_IN = {
    "account": "",
    "ago": "0",
    "call_id": "01a20000-0000-7000-8000-000000000000",
    "caller": "client",
    "found_at": "hospital",
    "chosen_by": "client",
    "full": "1",
    "highest_level": "3",
    "hours": "3",
    "last_day": "2099-01-01",
    "minutes": "",
    "name": "Nieuwe naam",
    "outcome": "helped",
    "places": "3",
    "products": "verpleging",
    "roles": "nurse",
    "seen": "1",
    "start": "now",
    "text": "Wij kunnen.",
    "message_id": "01a20000-0000-7000-8000-000000000000",
    "words": "netwerk",
    "seq": "1",
}
REASONS = {"decline": "no_room", "withdraw": "mistake", "return_placement": "client_changed"}

# What these name is nobody's: a stretch of the calendar, that shows what whoever looks may see.
OF_EVERYBODY = {"rota.week", "rota.month"}

# Doors that open for a role, on nothing: what this role may do here needs another role as well.
NOTHING_OF_ITS_OWN = {
    # Who plans sees who, where and when, and writes appointments; the rest is for who speaks with the client.
    *(
        ("planner", f"clients.{door}")
        for door in (
            "write_identity",
            "write_handover",
            "add_report",
            "ask",
            "record_consent",
            "refuse",
            "record_objection",
            "lift",
            "withdraw",
            "erase",
            "review",
        )
    ),
    ("planner", "privacy.rights"),
    ("planner", "privacy.export_json"),
    ("planner", "privacy.export_pdf"),
    # Who takes no part in an agreement sees what the register says of it.
    *(
        (who, f"register.{door}")
        for who in ("doctor", "viewer")
        for door in ("points", "point", "parties", "check", "plans")
    ),
    *(
        (who, f"documents.{door}")
        for who in ("doctor", "viewer")
        for door in ("index", "show", "version", "draft_pdf", "draft_docx", "pdf", "word", "signed_file")
    ),
    *(
        (who, f"documents.{door}")  # nobody asks for their signature
        for who in ("doctor", "viewer", "coordinator")
        for door in ("paper", "ask_passkey", "sign")
    ),
    ("doctor", "region.evidence"),
    # Of an insurer: it has no teams, and begins no agreement.
    *(("buyer", f"directory.{door}") for door in ("teams", "new_team", "start_team")),
    *(("buyer", f"register.{door}") for door in ("new", "begin")),
    ("coordinator", "chat.acknowledge"),  # her organisation is asked for no yes
    ("carla", "oversight.fairness"),  # works at a provider: no figures of competitors
    ("coordinator", "matching.return_placement"),  # sees requests, and is no side of a placement
}


@pytest.fixture(scope="session")
def _world(database_url: str, worker_id: str) -> Iterator[tuple[kit_db._Database, World]]:
    """A database with the world in it, written once for all tests here."""
    kept = kit_db._database
    engine = kit_db.connect(servers.migrated("sqlite", f"world_{worker_id}"))
    with (
        engine.begin() as connection,
        kit_db.within(connection),
        Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session,
    ):
        made = make_world(Make(session))
        session.commit()
    database, kit_db._database = kit_db._database, kept
    yield database, made
    engine.dispose()
    servers.drop("sqlite", f"world_{worker_id}")


@pytest.fixture
def db(_world: tuple[kit_db._Database, World], monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    with forgetting(_world[0], monkeypatch) as session:
        yield session


@pytest.fixture
def world(_world: tuple[kit_db._Database, World], db: Session, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(keys, "destroy", lambda _names: 0)  # a key that is gone is not undone
    people = {who: db.get_one(Account, account.id) for who, account in _world[1].people.items()}
    return replace(_world[1], people=people)


@contextmanager
def undone(db: Session) -> Iterator[None]:
    """What happens in here did not happen."""
    kept = db.connection().begin_nested()  # the session's own would wait for its first question
    yield
    kept.rollback()
    db.expire_all()


class Doors:
    """Knocks on doors; every knock is undone."""

    def __init__(self, app: Flask, db: Session) -> None:
        self.app, self.db = app, db
        self.visitors: dict[Account | None, Visitor] = {}

    def every(self) -> Iterator[tuple[Rule, str]]:
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield rule, method

    def knock(self, who: Account | None, rule: Rule, method: str, things: Things) -> int:
        with self.app.test_request_context():
            path = self.app.url_map.bind("localhost").build(
                rule.endpoint, {name: things[name] for name in rule.arguments}, method=method
            )
        with self._in(who) as visitor, undone(self.db):
            answer = visitor.client.open(
                path, method=method, data=_filled_in(rule.endpoint) if method == "POST" else None
            )
        assert answer.status_code < 500, f"{method} {path}"
        return answer.status_code

    @contextmanager
    def _in(self, who: Account | None) -> Iterator[Visitor]:
        """Their browser, logged in once; what a knock puts in its cookie is undone too."""
        if who is None:
            yield Visitor(self.app)
            return
        if who not in self.visitors:
            self.visitors[who] = Visitor(self.app).signs_in(who)
        client = self.visitors[who].client
        kept = client.get_cookie("wijkapp")
        yield self.visitors[who]
        client.set_cookie("wijkapp", kept.value)


def _filled_in(endpoint: str) -> dict[str, str]:
    day = time.today().isoformat()
    reason = REASONS.get(endpoint.removeprefix("matching."), "")
    return FILLED_IN | {"reason": reason, "start_on": day, "since": day}


@pytest.fixture
def doors(demo_app: Flask, db: Session) -> Doors:
    return Doors(demo_app, db)


def is_public(endpoint: str) -> bool:
    return PERMISSIONS[DOORS[endpoint]].scope is Scope.PUBLIC


def test_a_stranger_is_sent_to_the_log_in_page_or_refused(doors, world):
    wrong = []
    for rule, method in doors.every():
        said = doors.knock(None, rule, method, world.foreign)
        turned_away = 302 if method == "GET" else 401
        if said == 403 or (said != turned_away and not is_public(rule.endpoint)):
            wrong.append((rule.endpoint, method, said))
    assert wrong == []


@pytest.mark.parametrize("who", WHO)
def test_who_has_no_role_for_a_door_is_refused_even_with_things_of_the_own_organisation(doors, world, who):
    wrong = []
    for rule, method in doors.every():
        if not has_role(world.people[who], rule.endpoint):
            for things in (*_everything_named_by(world, rule), world.foreign):
                said = doors.knock(world.people[who], rule, method, things)
                if said != 403:
                    wrong.append((rule.endpoint, method, said))
    assert wrong == []


def _everything_named_by(world: World, rule: Rule) -> list[Things]:
    """The things that colleagues, and others, may open this door on."""
    found = [own[rule.endpoint] for own in world.own.values() if rule.endpoint in own]
    return [things for n, things in enumerate(found) if things not in found[:n]]


@pytest.mark.parametrize("who", WHO)
def test_who_has_a_role_comes_in_on_the_own_things(doors, world, who):
    wrong, tried = [], 0
    for rule, method in doors.every():
        if is_public(rule.endpoint) or not has_role(world.people[who], rule.endpoint):
            continue
        things = {} if not rule.arguments else world.own[who].get(rule.endpoint)
        if things is None:
            alone = who in {"buyer", "carla"}  # of whose organisation there is nothing behind most doors
            assert alone or (who, rule.endpoint) in NOTHING_OF_ITS_OWN or "wijk" in rule.rule, rule.endpoint
            continue
        tried += 1
        said = doors.knock(world.people[who], rule, method, things)
        refused = said in REFUSED or not (said < 400 or said in {409, 422})
        if refused != ((who, rule.endpoint) in NOTHING_OF_ITS_OWN):
            wrong.append((rule.endpoint, method, said))
    assert wrong == []
    assert tried > 10


@pytest.mark.parametrize("who", WHO)
def test_nobody_comes_in_on_things_of_others_or_of_nobody(doors, world, who):
    wrong = []
    for rule, method in doors.every():
        if not rule.arguments or is_public(rule.endpoint) or not has_role(world.people[who], rule.endpoint):
            continue
        if rule.endpoint in OF_EVERYBODY:
            continue
        for things in (world.foreign, unknown(world.foreign)):
            said = doors.knock(world.people[who], rule, method, things)
            if said not in NOT_YOURS:
                wrong.append((rule.endpoint, method, said))
    assert wrong == []


def unknown(things: Things) -> Things:
    """The same kind of things, that nobody has."""
    nobodys = {name: str(new_id()) for name in things if name.endswith("_id")}
    return things | nobodys | {"code": "WK999999"}


def test_carla_of_another_organisation_never_comes_in_on_anything_of_the_others(doors, world):
    wrong = []
    for rule, method in doors.every():
        if rule.arguments and not is_public(rule.endpoint) and rule.endpoint not in OF_EVERYBODY:
            for things in _everything_named_by(world, rule):
                if things != world.own["carla"].get(rule.endpoint):
                    said = doors.knock(world.people["carla"], rule, method, things)
                    if said not in NOT_YOURS:
                        wrong.append((rule.endpoint, method, said))
    assert wrong == []


def test_a_door_that_is_refused_changes_nothing(db, doors, world):
    def rows() -> dict[str, int]:
        return {
            name: db.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
            if name not in {"device", "audit_event"}  # logging in, and that somebody tried
        }

    before = rows()
    for rule, method in doors.every():
        if method == "POST" and rule.arguments and not is_public(rule.endpoint):
            visitor = Visitor(doors.app).signs_in(world.people["carla"])
            with doors.app.test_request_context():
                path = doors.app.url_map.bind("localhost").build(
                    rule.endpoint, {name: world.foreign[name] for name in rule.arguments}, method="POST"
                )
            visitor.post(path)
            assert rows() == before, rule.endpoint


def test_the_wrong_method_is_a_page_that_does_not_exist(doors, world):
    visitor = Visitor(doors.app).signs_in(world.people["nurse"])
    for path, method in (("/zorgvragen/lijst", "POST"), ("/vandaag", "DELETE")):
        assert visitor.client.open(path, method=method).status_code == 404


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("/capaciteit/klopt", "/capaciteit"),
        ("/dienst/beschikbaar/wens/weg", "/dienst/beschikbaar"),
        (f"/dienst/mensen/{UUID(int=1)}/weg", f"/dienst/mensen/{UUID(int=1)}"),
        ("/uitloggen", "/"),
    ],
)
def test_who_opens_again_what_was_only_sent_gets_the_page_it_was_about(doors, asked, page):
    answer = Visitor(doors.app).client.get(asked)
    assert (answer.status_code, answer.location.startswith(page)) == (302, True)
    assert Visitor(doors.app).client.get(answer.location).status_code != 405
    script = Visitor(doors.app).client.get(asked, headers={"Accept": "application/json"})
    assert script.status_code == 404


def test_a_closed_account_is_out_at_its_next_request(db, doors, world):
    anna = world.people["nurse"]
    visitor = Visitor(doors.app).signs_in(anna)
    assert visitor.get("/vandaag").status_code == 200
    anna.active = False
    db.flush()
    assert visitor.get("/vandaag").status_code == 302
    assert visitor.post("/capaciteit/klopt").status_code == 401


def test_a_role_that_is_taken_away_closes_its_doors_at_once(db, doors, world):
    anna = world.people["nurse"]
    visitor = Visitor(doors.app).signs_in(anna)
    anna.roles.clear()
    db.flush()
    assert visitor.get("/vandaag").status_code == 403


def test_a_door_without_a_verdict_stays_shut(doors, world, monkeypatch):
    monkeypatch.delitem(DOORS, "matching.index")
    assert Visitor(doors.app).signs_in(world.people["nurse"]).get("/zorgvragen").status_code == 403


# --- the live line

FOLLOWS = {"nurse", "planner", "doctor", "coordinator"}


@pytest.fixture
def line(demo_app: Flask, db: Session) -> Iterator[Callable[[Account | None], Any]]:
    """`line(account)`: an open page of this person, or of a stranger."""
    sockets.init_app(demo_app, demo_app.config["SETTINGS"])  # another test may have made another app
    opened = []

    def connect(who: Account | None) -> Any:
        visitor = Visitor(demo_app)
        if who is not None:
            visitor.signs_in(who)
        opened.append(socketio.test_client(demo_app, flask_test_client=visitor.client))
        return opened[-1]

    yield connect
    for one in opened:
        if one.is_connected():
            one.disconnect()


CHAT = {f"socket:chat.{what}" for what in ("open", "say", "since", "read", "acknowledge")}


def test_the_walk_knows_every_socket_event():
    listed = {name for name in DOORS if name.startswith("socket:")}
    assert listed == {"socket:connect", "socket:about.watch"} | CHAT
    assert {f"socket:{name}" for name in events} == listed - {"socket:connect"}


@pytest.mark.parametrize("who", WHO)
def test_who_may_chat_opens_the_own_threads_on_the_line_and_no_other(line, world, who):
    open_page = line(world.people[who])
    own = world.own[who].get("chat.show", {}).get("thread_id")
    foreign = world.foreign["thread_id"]
    other_side = {"nurse", "planner"}  # of the doctor's thread
    for thread_id in {own, foreign, world.own["doctor"]["chat.show"]["thread_id"]} - {None}:
        said = open_page.emit("chat.open", {"thread": thread_id}, callback=True)
        if thread_id == own:
            assert said["ok"]
        elif thread_id == foreign or who not in other_side:
            assert said["status"] in {403, 404}


def test_a_stranger_has_no_live_line(line):
    assert not line(None).is_connected()


@pytest.mark.parametrize("who", WHO)
def test_every_role_has_a_live_line_and_follows_only_what_it_may_see(line, world, who):
    asked = world.own["doctor"]["matching.show"]["request_id"]
    open_page = line(world.people[who])
    assert open_page.is_connected()

    for request_id, allowed in ((asked, who in FOLLOWS), (world.foreign["request_id"], False)):
        said = open_page.emit("about.watch", {"kind": "request", "id": request_id}, callback=True)
        assert said.get("status") == (None if allowed else 404)
        assert said.get("ok") == (True if allowed else None)
