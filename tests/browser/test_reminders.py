"""Figures confirmed and set full from a lock screen, while no page of the app is open; and from a mail."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time as hour
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select, update

from tests.browser.conftest import Server
from tests.browser.pushed import PushedPhone
from tests.browser.steps import YARA
from tests.notify.push_service import PushService
from wijkapp.agreements.models import TermsVersion
from wijkapp.agreements.service import terms_for
from wijkapp.capacity import jobs
from wijkapp.capacity.models import Capacity, CapacityAsk, CapacityRhythm
from wijkapp.directory.models import Team
from wijkapp.kit import db as kit_db
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.notify.models import PostedMail, PushSubscription
from wijkapp.people.models import Account

LogsIn = Callable[[Page, str], Page]
QUESTION = "Klopt dit nog?"
OLD = timedelta(hours=30)


class Clock:
    """The clock of the running server, but for one team and whenever a test says so.

    It shares the server's database and runs the same job; who is asked, is asked by the server's dispatcher.
    """

    def __init__(self, name: str) -> None:
        with transaction() as db:
            self.account = db.scalars(select(Account).where(Account.name == name)).one()
            self.account.quiet_until = self.account.quiet_from  # tests run by night too
            own = select(Team).where(Team.organisation_id == self.account.organisation_id)
            team = db.scalars(own.order_by(Team.id).limit(1)).one()
            self.team_id = team.id
            terms = terms_for(db, team.wijk_id, time.now())
            every_day = replace(terms, weekend_counts=True, quiet=(hour(0), hour(0)))
            self.terms = TermsVersion(
                wijk_id=team.wijk_id,
                valid_from=time.now(),
                clauses=every_day,
                made_by_id=self.account.id,
                made_at=time.now(),
            )
            db.add(self.terms)
            self.before = {one.id: one.full for one in db.scalars(self._mine())}

    def _mine(self):
        return select(Capacity).where(Capacity.team_id == self.team_id)

    def reminds(self) -> None:
        """A day passes for the figures of this team, and its usual moment comes."""
        with transaction() as db:
            db.execute(delete(CapacityAsk).where(CapacityAsk.team_id == self.team_id))
            db.execute(delete(CapacityRhythm).where(CapacityRhythm.team_id == self.team_id))
            db.add(CapacityRhythm(team_id=self.team_id, remind_at=time.now()))
            db.execute(
                update(Capacity)
                .where(Capacity.team_id == self.team_id)
                .values(confirmed_at=time.now() - OLD, confirmed_by_id=self.account.id)
            )
        jobs.remind_due()

    def figures(self) -> list[Capacity]:
        with reading() as db:
            return list(db.scalars(self._mine()))

    def is_fresh(self) -> bool:
        return all(time.now() - one.confirmed_at < timedelta(minutes=2) for one in self.figures())

    def puts_back(self) -> None:
        """For the tests that come after."""
        with transaction() as db:
            db.execute(delete(TermsVersion).where(TermsVersion.id == self.terms.id))
            for figure_id, full in self.before.items():
                db.execute(update(Capacity).where(Capacity.id == figure_id).values(full=full))


@pytest.fixture
def push_service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture
def clock(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    monkeypatch.setattr(kit_db, "_database", None)
    engine = kit_db.connect(f"sqlite:///{server.instance / 'wijkapp.sqlite'}")
    made = Clock(YARA)
    yield made
    made.puts_back()
    engine.dispose()


def test_figures_are_confirmed_and_set_full_by_buttons_while_the_app_is_closed(
    phone: Callable[[], Page], logs_in: LogsIn, push_service: PushService, clock: Clock
) -> None:
    page = logs_in(phone(), YARA)
    mine = PushedPhone(page, push_service, "yara")
    page.goto("/meldingen")
    mine.turns_on()
    mine.closes_the_app()

    clock.reminds()
    asked = mine.is_asked(QUESTION)
    assert asked["buttons"] == ["Klopt nog", "Vol"]
    assert re.search(r"\d plek|vol", asked["body"])
    assert not clock.is_fresh()

    (after,) = mine.presses(QUESTION, "confirm")
    assert after["title"] == "Bevestigd"
    assert clock.is_fresh()

    told = len(push_service.accepted("yara"))
    clock.reminds()
    mine._until(lambda: len(push_service.accepted("yara")) > told, "second question")
    mine.is_asked(QUESTION)
    page.context.set_offline(True)
    (still,) = mine.presses(QUESTION, "full")
    assert still["title"] == QUESTION
    assert still["body"].startswith("Geen verbinding")
    page.context.set_offline(False)

    (after,) = mine.presses(QUESTION, "full")
    assert after["title"] == "Jullie staan op vol"
    assert all(one.full for one in clock.figures())


def test_a_figure_is_confirmed_from_a_mail_by_a_button_and_not_by_opening_it(
    desktop: Callable[[], Page], clock: Clock, server: Server
) -> None:
    with transaction() as db:  # she has no phone that is pushed to
        db.execute(delete(PushSubscription).where(PushSubscription.account_id == clock.account.id))
        db.execute(delete(PostedMail).where(PostedMail.to_address == clock.account.email))
    page = desktop()  # nobody is logged in here
    clock.reminds()
    mail = _mail(page, clock.account.email)
    assert "plek" in mail.body or "vol" in mail.body

    page.goto(re.search(rf"{server.url}\S+", mail.body)[0])
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
    assert not clock.is_fresh()

    page.get_by_role("button", name="Klopt nog").click()
    expect(page.get_by_role("heading", name="Bevestigd")).to_be_visible()
    assert clock.is_fresh()


def _mail(page: Page, address: str) -> PostedMail:
    for _ in range(500):
        with reading() as db:
            found = db.scalars(select(PostedMail).where(PostedMail.to_address == address)).all()
        if asked := [one for one in found if one.subject == QUESTION]:
            return asked[-1]
        page.wait_for_timeout(20)
    raise AssertionError(f"no mail to {address}")
