"""What the tests of the agreements may ask for."""

import pytest
from sqlalchemy.orm import Session

from tests.matching.make import Make, Town


@pytest.fixture
def make(db: Session) -> Make:
    return Make(db)


@pytest.fixture
def town(make: Make) -> Town:
    return make.town()
