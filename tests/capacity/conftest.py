"""What the tests of free places may ask for."""

import pytest
from sqlalchemy.orm import Session

from tests.capacity.make import Make


@pytest.fixture
def make(db: Session) -> Make:
    return Make(db)
