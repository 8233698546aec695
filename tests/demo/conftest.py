"""The demo region in a test's own database."""

import pytest

from wijkapp.demo import fill, history
from wijkapp.directory import service as directory


@pytest.fixture
def region(db):
    """The demo region with its history."""
    directory.seed_reference(db)
    fill.fill(db)
    history.write(db)
    db.commit()
    return db
