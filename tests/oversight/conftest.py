"""What the tests of oversight may ask for."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy.orm import Session

from tests.make import Make, Town

MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)  # a Tuesday


@pytest.fixture
def clock():
    """A clock that stands still until a test moves it on."""
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


@pytest.fixture
def make(db: Session, clock) -> Make:
    return Make(db)


@pytest.fixture
def town(make: Make) -> Town:
    return make.town()
