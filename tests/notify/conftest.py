"""A house with people to tell: a database that really commits, a push service, dispatchers that stop."""

import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select

from tests.notify.push_service import Browser, PushService
from wijkapp.kit import outbox
from wijkapp.kit.config import Settings
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.letters import Letter
from wijkapp.kit.outbox import Event
from wijkapp.notify import service
from wijkapp.notify.dispatch import Dispatcher
from wijkapp.notify.models import Delivery, PostedMail, PushSubscription
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import OrganisationKind, Role


class House:
    """One method per thing that a test's sentence says."""

    def __init__(self, settings: Settings, push: PushService) -> None:
        self.settings, self.push = settings, push
        self.dispatchers: list[Dispatcher] = []
        self.live: list[Event] = []
        self._numbers = count(1)

    def person(self, **more: object) -> Account:
        number = next(self._numbers)
        with transaction() as db:
            organisation = Organisation(name=f"Thuiszorg {number}", kind=OrganisationKind.HOME_CARE)
            account = Account(
                organisation=organisation,
                name=f"Anna {number}",
                email=f"anna{number}@zorg.example",
                fs_uniquifier=f"{number:064d}",
                roles=[AccountRole(role=Role.NURSE)],
                **more,
            )
            db.add(account)
        return account

    def phone(self, person: Account, name: str | None = None, **how: object) -> Browser:
        """A browser of this person that is subscribed. how: what the push service answers."""
        browser = self.push.browser(name or f"phone{next(self._numbers)}", **how)
        service.subscribe(self.settings, person, None, browser.address)
        return browser

    def happens(self, *people: Account, name: str = "matching.asked", about: UUID | None = None) -> UUID:
        about = about or uuid4()
        with transaction() as db:
            outbox.record(db, name, about=about, to=[person.id for person in people])
        return about

    def dispatcher(self, *, start: bool = True) -> Dispatcher:
        made = Dispatcher(self.settings, tell_live=self._hear)
        self.dispatchers.append(made)
        if start:
            made.start()
        return made

    def _hear(self, events: Sequence[Event]) -> None:
        self.live += events

    # --- what became of it

    def events(self) -> list[Event]:
        with reading() as db:
            return list(db.scalars(select(Event).order_by(Event.id)))

    def letters(self) -> list[Letter]:
        with reading() as db:
            return list(db.scalars(select(Letter)))

    def ledger(self) -> list[Delivery]:
        with reading() as db:
            return list(db.scalars(select(Delivery)))

    def mails(self) -> list[PostedMail]:
        with reading() as db:
            return list(db.scalars(select(PostedMail)))

    def subscriptions(self) -> list[PushSubscription]:
        with reading() as db:
            return list(db.scalars(select(PushSubscription)))

    def everybody_told(self) -> bool:
        return all(event.done_at for event in self.events())

    def tried_in_vain(self) -> bool:
        """The first event was tried and waits to be tried again."""
        first = self.events()[0]
        return first.attempts > 0 and first.lease is None and first.done_at is None

    def wait_for(self, what: Callable[[], object], seconds: float = 30) -> None:
        """Until this holds; fails the test when it takes too long."""
        tick = threading.Event()
        for _ in range(int(seconds / 0.02)):
            if what():
                return
            tick.wait(0.02)
        pytest.fail(f"still waiting after {seconds} s")


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def house(kind: str, fresh_database: Callable[[str], Engine], tmp_path: Path) -> Iterator[House]:
    fresh_database(kind)
    settings = Settings(instance=tmp_path, push_private=True, mail_from="wijk@zorg.example")
    outbox.bell.clear()
    with PushService() as push:
        house = House(settings, push)
        yield house
        push.hangs_no_more()
        for dispatcher in house.dispatchers:
            dispatcher.stop()
