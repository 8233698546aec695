"""What the tests of the sociale kaart may ask for."""

import pytest
from sqlalchemy.orm import Session

from tests.directory.make import Make


@pytest.fixture
def make(db: Session) -> Make:
    return Make(db)
