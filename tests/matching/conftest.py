"""What the tests of the journey may ask for."""

from collections.abc import Callable, Iterable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.matching.make import Make, Town
from wijkapp.kit.outbox import Event
from wijkapp.people.models import Account


@pytest.fixture
def make(db: Session) -> Make:
    return Make(db)


@pytest.fixture
def town(make: Make) -> Town:
    return make.town()


@pytest.fixture
def told(db: Session) -> Callable[..., list[str]]:
    """`told("matching.asked")`: the names of whom were told, one for each time; sorted."""

    def names(event: str, *, since: Iterable[Event] = ()) -> list[str]:
        rows = db.scalars(
            select(Account.name).join(Event, Event.to_id == Account.id).where(Event.name == event)
        )
        return sorted(rows)

    return names
