"""What the tests of the chat may ask for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.matching.make import Make, Provider, Town, offered, posted
from wijkapp.chat import service
from wijkapp.chat.service import Page, Said
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.outbox import Event
from wijkapp.matching.models import Invitation
from wijkapp.people.models import Account
from wijkapp.people.rules import Role

AFTERNOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
"""A Tuesday; nobody's quiet hours."""


@dataclass
class Wijk:
    """Oost and West work in Lunetten. Anna is Oost's contact person, Bram its planner; Carla is elsewhere."""

    town: Town
    oost: Provider
    west: Provider
    bram: Account
    carla: Account
    make: Make = field(repr=False)

    @property
    def anna(self) -> Account:
        return self.oost.nurse

    @property
    def doctor(self) -> Account:
        return self.town.referrer

    @property
    def thread(self) -> UUID:
        return self.town.here.id


@dataclass
class Clock:
    """A clock that a test sets."""

    moment: datetime

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(AFTERNOON)
    monkeypatch.setattr(time, "now", lambda: clock.moment)
    return clock


@pytest.fixture
def make(db: Session) -> Make:
    return Make(db)


def make_wijk(make: Make) -> Wijk:
    town = make.town()
    oost, west = make.provider(town.here, name="Oost"), make.provider(town.here, name="West")
    elsewhere = make.organisation("Elders")
    make.region(members=[elsewhere])
    return Wijk(
        town,
        oost,
        west,
        bram=make.account(oost.organisation, Role.PLANNER),
        carla=make.account(elsewhere, *Role),
        make=make,
    )


@pytest.fixture
def wijk(make: Make, clock: Clock) -> Wijk:
    return make_wijk(make)


def said(
    by: Account, thread: UUID, text: str = "Kan iemand morgen de route overnemen?", **how: object
) -> Said:
    return service.say(by, thread, how.pop("id", None) or new_id(), text, **how)


def texts(page: Page) -> list[str]:
    return [line.text for line in page.lines]


def request_thread(wijk: Wijk) -> UUID:
    """The thread between the doctor, who asked, and Oost, that offered."""
    request_id = posted(wijk.doctor)
    offered(wijk.anna, request_id)
    return wijk.make.db.scalars(
        select(Invitation.id).where(
            Invitation.care_request_id == request_id, Invitation.organisation_id == wijk.oost.organisation.id
        )
    ).one()


@pytest.fixture
def told(db: Session) -> Callable[..., list[str]]:
    """`told("chat.said")`: the names of whom were told, one for each time; sorted."""

    def names(event: str, *, still: bool = False) -> list[str]:
        asked = select(Account.name).join(Event, Event.to_id == Account.id).where(Event.name == event)
        return sorted(db.scalars(asked.where(Event.done_at.is_(None)) if still else asked))

    return names
