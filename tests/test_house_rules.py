"""The rules of the house, checked on its source: three laws, doors, what no table may hold, no drawers."""

import ast
import re
from pathlib import Path

import pytest
from sqlalchemy import Column, String, Text

from tests import house as rules
from tests.house import House, read_house
from tests.servers import migrated
from tests.web import make_app
from wijkapp.kit import socket as live
from wijkapp.kit.db import Base, JsonTuple
from wijkapp.kit.freetext import FreeText
from wijkapp.people.access import PERMISSIONS, Scope
from wijkapp.people.doors import DOORS

APP = rules.ROOT / "wijkapp"


@pytest.fixture(scope="module")
def house() -> House:
    return read_house()


@pytest.fixture(scope="module")
def app(tmp_path_factory, worker_id):
    return make_app(migrated("sqlite", f"doors_{worker_id}"), tmp_path_factory.mktemp("instance"))


# --- the three laws


def test_law_1_only_the_toolbox_commits(house):
    assert rules.commits(house) == []


def test_law_1_who_joins_a_transaction_opens_none(house):
    assert rules.joiners_that_open(house) == []


def test_law_1_who_gets_no_session_opens_its_own(house):
    assert rules.sessions_from_nowhere(house) == []


def test_law_3_nothing_leaves_the_house_inside_a_transaction(house):
    assert rules.leaks(house) == []


def test_law_3_rooms_know_nothing_of_notify(house):
    above = ("wijkapp.notify", "wijkapp.app", "wijkapp.cli", "wijkapp.clock", "wijkapp.demo", "wijkapp.kept")
    below = [module for name, module in house.modules.items() if not name.startswith(above)]
    assert [
        module.path
        for module in below
        if any(name.startswith("wijkapp.notify") for name in module.imports.values())
    ] == []


KIT = {"wijkapp/kit/db.py": "def transaction(): ...\ndef reading(): ..."}
HEAD = "from wijkapp.kit.db import transaction, reading\n"


@pytest.mark.parametrize(
    ("law", "source"),
    [
        (rules.commits, "def post(db):\n    db.commit()"),
        (rules.commits, "class A:\n    def post(self, db):\n        db.session.rollback()"),
        (rules.joiners_that_open, "def post(db):\n    with transaction() as own: ..."),
        (rules.joiners_that_open, "def post(db):\n    more()\ndef more():\n    with reading() as db: ..."),
        (rules.sessions_from_nowhere, "def post():\n    db.add(1)"),
        (rules.leaks, "import smtplib\ndef post():\n    with transaction() as db:\n        smtplib.SMTP()"),
        (rules.leaks, "from smtplib import SMTP\ndef post(db):\n    SMTP()"),
        (
            rules.leaks,
            "import requests as r\ndef post():\n    with transaction():\n        a()\ndef a():\n    r.get(1)",
        ),
        (
            rules.leaks,
            "from wijkapp.kit.socket import socketio\ndef post(db):\n    socketio.emit(1)",
        ),
    ],
)
def test_whoever_breaks_a_law_is_found(law, source):
    assert law(House(KIT | {"wijkapp/a/service.py": HEAD + source})) != []


@pytest.mark.parametrize(
    "source",
    [
        "def post():\n    with transaction() as db:\n        join(db)\ndef join(db):\n    db.add(1)",
        "import smtplib\ndef post():\n    with transaction() as db: ...\n    smtplib.SMTP()",
        "def post():\n    with reading() as db:\n        def each():\n            db.get(1)\n        each()",
    ],
)
def test_who_keeps_the_laws_is_left_alone(source):
    house = House(KIT | {"wijkapp/a/service.py": HEAD + source})
    for law in (rules.commits, rules.joiners_that_open, rules.sessions_from_nowhere, rules.leaks):
        assert law(house) == []


def test_a_door_that_writes_is_found_through_a_package_that_passes_a_name_on():
    house = House(
        KIT
        | {
            "wijkapp/a/service/__init__.py": "from wijkapp.a.service.post import post",
            "wijkapp/a/service/post.py": HEAD + "def post():\n    with transaction() as db: ...",
            "wijkapp/a/views.py": "from wijkapp.a import service\ndef show():\n    service.post()",
        }
    )
    assert rules.writing_doors(house, {"a.show": "wijkapp.a.views.show"}) == ["a.show"]


# --- doors


def _views(app) -> dict[str, str]:
    return {
        rule.endpoint: f"{view.__module__}.{view.__qualname__}"
        for rule in app.url_map.iter_rules()
        for view in [app.view_functions[rule.endpoint]]
    }


def test_every_route_and_socket_event_stands_in_the_access_table_and_nothing_else_does(app):
    events = {f"socket:{name}" for name in live.socketio.server.handlers["/"] if name != "disconnect"}
    assert set(_views(app)) | events == set(DOORS)


def test_every_door_names_a_permission_that_exists_and_every_permission_is_used(house):
    asked = _asked_permissions(house)
    assert set(DOORS.values()) | asked <= set(PERMISSIONS)
    assert set(PERMISSIONS) == set(DOORS.values()) | asked


def _asked_permissions(house: House) -> set[str]:
    """What services and templates ask the access table for."""
    found = set()
    for module in house.modules.values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                found |= _permissions_in(node)
    for path in (APP / "templates").rglob("*.html"):
        found |= set(re.findall(r"\bmay\(\s*[\"']([^\"']+)", path.read_text()))
    return found


def _permissions_in(call: ast.Call) -> set[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = {one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return texts if name in {"may", "require"} else {text for text in texts if text in PERMISSIONS}


def test_a_door_that_changes_something_is_for_people_who_are_known(app):
    """Public doors that take a POST are those of logging in, and those that ask for a signed ticket."""
    changing = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    public = {one for one in changing if PERMISSIONS[DOORS[one]].scope is Scope.PUBLIC}
    by_ticket = {"capacity.tap", "capacity.answer_reminder", "rota.tap", "rota.answer"}
    assert {endpoint.split(".")[0] for endpoint in public - by_ticket} == {"people"}


def test_no_route_takes_get_and_post_in_one(app):
    for rule in app.url_map.iter_rules():
        assert not {"GET", "POST"} <= rule.methods, rule


def test_get_never_writes(app, house):
    views = _views(app)
    gets = {rule.endpoint: views[rule.endpoint] for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert len(gets) > 20
    assert all(name in house.functions for name in gets.values()), "a view that cannot be read"
    assert rules.writing_doors(house, gets) == []


def test_the_search_for_writing_doors_sees_what_it_should(app, house):
    """Nearly every POST writes; the others log in or out, search without an address, or are counted later."""
    views = _views(app)
    posts = {
        rule.endpoint: views[rule.endpoint] for rule in app.url_map.iter_rules() if "POST" in rule.methods
    }
    quiet = set(posts) - set(rules.writing_doors(house, posts))
    assert {endpoint.split(".")[0] for endpoint in quiet} <= {
        "people",
        "notify",
        "chat",
        "guard",
        "documents",
    }
    assert len(quiet) < len(posts) / 4


# --- what no table may hold

PERSONAL = re.compile(
    r"bsn|birth|client|patient|address|street|house_number|surname|first_name|initials|gender|sex$|diagnos"
    r"|remark|comment|note|text|body|message|subject|description"
)
NOT_A_CLIENT = {
    "care_request.carer_gender": "of the carer that is asked for",
    "letter.to_address": "of somebody who works here; the letter is emptied once sent",
    "posted_mail.to_address": "of somebody who works here; only when no mail server is set",
    "posted_mail.subject": "of a mail by the app itself",
    "posted_mail.body": "of a mail by the app itself",
    "push_subscription.p256dh": "a key",
}


def _columns(*, outside: str | None = None) -> list[Column]:
    return [
        column for table in Base.metadata.tables.values() for column in table.columns if table.name != outside
    ]


def test_no_column_outside_clients_can_hold_something_about_a_client(app):
    clients = {
        mapper.local_table.name for mapper in Base.registry.mappers if ".clients." in mapper.class_.__module__
    }
    suspect = {
        str(column)
        for column in _columns()
        if PERSONAL.search(column.name)
        and column.table.name not in clients
        # What the guard reads before it is stored: tests/test_guarded.py. And ids are of rows, not of people.
        and not isinstance(column.type, FreeText)
        and not column.foreign_keys
    }
    assert suspect - set(NOT_A_CLIENT) == set()


SHORT = 120
LONG_TEXT = {
    "document_signature.seal": "a signature, in hexadecimals",
    "account.email": "254 is the longest mail address",
    "account.password": "an argon2 hash",
    "account.tf_totp_secret": "sealed",
    "account_invitation.email": "254 is the longest mail address",
    "letter.to_address": "254 is the longest mail address",
    "log_in_link.next_path": "a path of this app",
    "organisation.email": "254 is the longest mail address",
    "passkey.extensions": "what a browser says of its key",
    "passkey.transports": "codes",
    "plan_run.problem": "ids and moments",
    "plan_run.rota": "ids and points",
    "posted_mail.to_address": "254 is the longest mail address",
    "posted_mail.subject": "a mail by the app itself",
    "posted_mail.body": "a mail by the app itself",
    "wijk.shared_mail": "254 is the longest mail address",
}
JOURNEY = ("care_request", "invitation", "offer", "placement", "capacity", "capacity_take", "capacity_change")
CODES = {"care_request.language": "ISO 639-1, from a list"}


def _is_text(column: Column) -> bool:
    plain = isinstance(column.type, String) and not hasattr(column.type, "enums")
    return plain and not isinstance(column.type, JsonTuple)


def test_no_column_takes_free_text_without_a_reason(app):
    long = {
        str(column)
        for column in _columns()
        if _is_text(column) and (isinstance(column.type, Text) or (column.type.length or SHORT + 1) > SHORT)
    }
    assert long - set(LONG_TEXT) == set()


def test_the_journey_stores_codes_dates_and_numbers_and_no_text_but_what_the_guard_read(app):
    texts = {
        str(column)
        for column in _columns()
        if column.table.name in JOURNEY and _is_text(column) and not column.foreign_keys
    }
    assert texts - set(CODES) == set()
    remarks = {str(column) for column in _columns() if isinstance(column.type, FreeText)}
    assert {"care_request.remark", "offer.remark", "invitation.decline_remark"} <= remarks


def test_every_exception_is_still_needed(app):
    known = {str(column) for column in _columns()}
    assert {*NOT_A_CLIENT, *LONG_TEXT, *CODES} - known - {"push_subscription.p256dh"} == set()


# --- templates

INLINE = {
    "a style in the page": re.compile(r"<style|\sstyle\s*=", re.I),
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "a handler in the page": re.compile(r"\son[a-z]+\s*=\s*[\"']|hx-on", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "text that is not escaped": re.compile(r"\|\s*safe\b|autoescape\s+false", re.I),
    "a post without a token": re.compile(
        r"<form(?=[^>]*method=[\"']?post)(?:(?!</form>|csrf).)*</form>", re.I | re.S
    ),
    "a page from elsewhere": re.compile(r"(?:src|href)=[\"'](?:https?:)?//", re.I),
}
COMMENT = re.compile(r"\{#.*?#\}", re.S)


@pytest.mark.parametrize("what", INLINE)
def test_no_template_has(what):
    found = {
        f"{path.relative_to(APP)}: {match.group()[:60]!r}"
        for path in sorted((APP / "templates").rglob("*.html"))
        for match in INLINE[what].finditer(COMMENT.sub("", path.read_text()))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("what", "source"),
    [
        ("a style in the page", '<p class="a" style="color: red">'),
        ("a script in the page", "<script>1</script>"),
        ("a handler in the page", '<a onclick="x()">'),
        ("a javascript: address", '<a href="javascript:x()">'),
        ("text that is not escaped", "{{ name | safe }}"),
        ("a post without a token", '<form method="post" action="/"><button>Ja</button></form>'),
        ("a page from elsewhere", '<img src="//cdn.example/x.png">'),
    ],
)
def test_whatever_a_template_may_not_have_is_found(what, source):
    assert INLINE[what].search(source)


# --- no drawers, no other clock


def test_there_is_no_drawer_for_everything(house):
    drawers = {"util", "utils", "helper", "helpers", "common", "misc", "shared", "manager", "managers"}
    assert [name for name in house.modules if drawers & set(name.split("."))] == []


def test_only_the_toolbox_asks_the_machine_what_time_it_is(house):
    asks = re.compile(r"datetime\.(datetime\.)?(now|utcnow|today)$|date\.today$")
    found = [
        f"{module.path}:{node.lineno}"
        for module in house.modules.values()
        if module.path != "wijkapp/kit/time.py"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and asks.search(module.dotted(node) or "")
    ]
    assert found == []


MOST_LINES, MOST_IN_A_FUNCTION = 400, 40


def test_every_module_can_be_read_in_one_sitting():
    long = {
        str(path.relative_to(APP)): lines
        for path in APP.rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > MOST_LINES
    }
    assert long == {}


def test_every_function_fits_on_a_screen(house):
    long = [
        f"{one.where}: {lines}"
        for one in house.functions.values()
        if (lines := (one.node.end_lineno or 0) - one.node.lineno + 1) > MOST_IN_A_FUNCTION
    ]
    assert long == []


def test_every_test_folder_is_of_a_room():
    rooms = {path.name for path in APP.iterdir() if path.is_dir()} | {"browser"}
    folders = {path.parent.name for path in Path(rules.ROOT, "tests").glob("*/test_*.py")}
    assert folders <= rooms
