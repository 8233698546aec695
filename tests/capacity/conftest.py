"""What the tests of free places may ask for."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.capacity.make import Make
from tests.web import Visitor, make_app
from wijkapp.people.models import Account


@pytest.fixture
def make(db: Session) -> Make:
    return Make(db)


@pytest.fixture(scope="session")
def demo_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_app(database_url, tmp_path_factory.mktemp("instance"), demo=True)


@pytest.fixture
def visit(demo_app: Flask, db: Session) -> Callable[[Account], Visitor]:
    """`visit(anna)`: Anna's browser, logged in."""
    return lambda account: Visitor(demo_app).signs_in(account)
