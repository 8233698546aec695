"""A small region with people who take duties, and a published rota of it."""

import pytest
from sqlalchemy.orm import Session

from tests.rota.make import Make, RotaTown
from wijkapp.rota import runner
from wijkapp.rota.models import Plan


@pytest.fixture(autouse=True)
def _quick_planner(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks little further than the first rota."""
    monkeypatch.setattr(runner, "WORK", 0.2)


@pytest.fixture
def make(db: Session) -> Make:
    return Make(db)


@pytest.fixture
def town(make: Make) -> RotaTown:
    return make.rota_town(organisations=3, people=4)


@pytest.fixture
def plan(make: Make, town: RotaTown) -> Plan:
    return make.plan(town)
