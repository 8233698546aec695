"""What the tests of people may ask for: people, and the app as it is outside the demo."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.people.make import Make
from tests.web import Visitor, make_app
from wijkapp.kit.limits import limiter


@pytest.fixture
def make(db: Session) -> Make:
    return Make(db)


@pytest.fixture(scope="session")
def strict_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_app(database_url, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def stranger(strict_app: Flask, db: Session) -> Callable[[], Visitor]:
    """`stranger()`: a browser that nobody is logged in on, not in the demo. Tries are counted from nought."""
    with strict_app.app_context():
        limiter.reset()
    return lambda: Visitor(strict_app)
