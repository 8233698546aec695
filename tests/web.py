"""The web app in front of a test's database, and people who visit it without a browser."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from tests import servers
from wijkapp.kit import db as kit_db
from wijkapp.kit.config import Settings
from wijkapp.people import session
from wijkapp.people.models import Account


def make_app(url: str, instance: Path, **settings: Any) -> Flask:
    """The app on a test's database; kit.db stays connected as it was. Forms need no CSRF token."""
    from wijkapp.app import create_app

    kept = kit_db._database
    try:
        app = create_app(Settings(instance=instance, database_url=url, **settings))
        kit_db.engine().dispose()
    finally:
        kit_db._database = kept
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    # Each test process makes several apps; a template is compiled once for all of them.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(servers.folder("templates")))
    return app


class Visitor:
    """Somebody's browser: it keeps cookies, and follows no redirect by itself."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        return self.client.post(path, data=data or {}, **more)

    def signs_in(self, account: Account) -> "Visitor":
        """By a link of the demo; the app must be a demo."""
        with self.app.app_context():
            link = session.demo_link(account)
        assert self.post(link).status_code == 302
        return self
