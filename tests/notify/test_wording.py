"""Every event that a room records has words, and a page that exists."""

import ast
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound

from tests.web import make_app
from wijkapp.notify.letters import LETTERS
from wijkapp.notify.wording import WORDINGS, mail
from wijkapp.people.access import PERMISSIONS

ROOMS = {path.parent.name for path in Path("wijkapp").glob("*/models*")}


def _names() -> set[str]:
    """What looks like an event in the services and jobs: "room.what_happened", and is no permission."""
    found = set()
    for path in Path("wijkapp").rglob("*.py"):
        if path.stem not in {"service", "jobs"} and path.parent.name != "service":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                room, dot, rest = node.value.partition(".")
                if dot and room in ROOMS and rest.replace("_", "").isalpha():
                    found.add(node.value)
    return found - PERMISSIONS.keys() - LETTERS.keys()


def test_every_event_that_is_recorded_has_words() -> None:
    names = {name for name in _names() if not name.startswith("push.")}
    assert "matching.asked" in names, "this test still finds them"
    assert names <= WORDINGS.keys()


@pytest.mark.database("sqlite")
def test_every_event_leads_to_a_page_that_exists(database_url: str, tmp_path: Path) -> None:
    app: Flask = make_app(database_url, tmp_path)
    routes = app.url_map.bind("wijk.example")
    for name, words in WORDINGS.items():
        try:
            routes.match(words.page(uuid4()), "GET")
        except (NotFound, MethodNotAllowed):
            pytest.fail(f"{name}: no page {words.path}")


def test_a_mail_says_what_the_push_says_and_where_to_look() -> None:
    subject, body = mail(WORDINGS["matching.asked"], "https://wijk.example/zorgvragen/1")
    assert subject == "Nieuwe zorgvraag"
    assert body.startswith("Nieuwe zorgvraag in jullie wijk. Kun je hem aannemen?")
    assert "https://wijk.example/zorgvragen/1" in body
