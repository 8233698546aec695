"""What the tests of the toolbox may ask for."""

import pytest
from sqlalchemy.orm import Session

from tests.make import Make


@pytest.fixture
def make_house(db: Session) -> Make:
    """The factory of the rooms: the toolbox itself has hardly a table."""
    return Make(db)
