"""The clock of a running server, for one team, whenever a test says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import time as hour
from datetime import timedelta

import pytest
from sqlalchemy import Select, delete, select, update

from tests.browser.conftest import Server
from wijkapp.agreements.models import TermsVersion
from wijkapp.agreements.service import terms_for
from wijkapp.capacity import jobs
from wijkapp.capacity import service as capacity
from wijkapp.capacity.models import Capacity, CapacityAsk, CapacityRhythm
from wijkapp.directory.models import Team
from wijkapp.kit import db as kit_db
from wijkapp.kit import tickets, time
from wijkapp.kit.config import Settings
from wijkapp.kit.db import reading, transaction
from wijkapp.people.models import Account

OLD = timedelta(hours=30)


class Clock:
    """Shares the server's database and runs the same job; the server's dispatcher does the asking."""

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

    def _mine(self) -> Select[Capacity]:
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

    def ticket(self) -> str:
        """The one in the mail of the last reminder."""
        with reading() as db:
            ask_id = db.scalars(select(CapacityAsk.id).where(CapacityAsk.team_id == self.team_id)).one()
        return capacity.link_ticket(ask_id, self.account.id)

    def is_fresh(self) -> bool:
        return all(time.now() - one.confirmed_at < timedelta(minutes=2) for one in self.figures())

    def puts_back(self) -> None:
        """For the tests that come after."""
        with transaction() as db:
            db.execute(delete(TermsVersion).where(TermsVersion.id == self.terms.id))
            for figure_id, full in self.before.items():
                db.execute(update(Capacity).where(Capacity.id == figure_id).values(full=full))


@contextmanager
def clock_of(server: Server, name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """For a team of this person. What it changed is put back."""
    monkeypatch.setattr(kit_db, "_database", None)
    monkeypatch.setattr(tickets, "_key", None)
    tickets.use(Settings(instance=server.instance).secrets.master)
    engine = kit_db.connect(f"sqlite:///{server.instance / 'wijkapp.sqlite'}")
    made = Clock(name)
    try:
        yield made
    finally:
        made.puts_back()
        engine.dispose()
