"""A duty of the demo that begins whenever a test says so: its clock is advanced, the server's runs on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.browser.conftest import Server
from wijkapp.chat.models import Thread
from wijkapp.kit import db as kit_db
from wijkapp.kit import tickets, time
from wijkapp.kit.config import Settings
from wijkapp.kit.db import reading, transaction
from wijkapp.people.models import Account
from wijkapp.rota import jobs
from wijkapp.rota.checkin import Step, Tap
from wijkapp.rota.models import Duty, DutyCall, DutyHold, DutyReach, Handover, Member, Plan
from wijkapp.rota.rules import HeldBy, Line
from wijkapp.rota.service import reach, taps

LASTS = timedelta(hours=6)


class Night:
    """The last duty of the demo's rota and its back-up. It shares the server's database and runs its jobs."""

    def __init__(self, holder: str, backup: str) -> None:
        with transaction() as db:
            main, second = _last_pair(db)
            self.duty_id, self.backup_id = main.id, second.id
            self.before = {one.id: (one.starts_at, one.ends_at, one.member_id) for one in (main, second)}
            self.member_id, self.second_id = _member(db, holder), _member(db, backup)

    @property
    def page(self) -> str:
        return f"/dienst/{self.duty_id}"

    def begins(self, ago: timedelta, step: Step = Step.REMINDED) -> None:
        """It began so long ago (later, when negative) and this was done already; the next step is due now."""
        starts = time.now() - ago
        with transaction() as db:
            _give(db, self.duty_id, self.member_id, starts, step, time.now())
            _give(db, self.backup_id, self.second_id, starts, Step.OVER, None)

    def goes_on(self, by: timedelta) -> None:
        """So much later: what is due then is done."""
        with transaction() as db:
            for one in db.scalars(select(Duty).where(Duty.id.in_(self.before))).all():
                one.starts_at, one.ends_at = one.starts_at - by, one.ends_at - by
            for hold in db.scalars(select(DutyHold).where(DutyHold.duty_id.in_(self.before))).all():
                hold.from_at -= by
                hold.due_at = hold.due_at - by if hold.due_at else None
        jobs.check_in_due()

    def mailed(self) -> str:
        """The page behind the mail that asks its holder to be there."""
        with reading() as db:
            duty = db.get_one(Duty, self.duty_id)
            account_id = db.get_one(Member, self.member_id).account_id
            return f"/dienst/tik/{taps.link_ticket(duty, account_id, Tap.HERE)}"

    def is_tested(self) -> None:
        """The afternoon before has come."""
        reach.ask(self.duty_id, self.member_id, time.now())

    def was_reached(self) -> bool:
        with reading() as db:
            known = db.get(DutyReach, (self.duty_id, self.member_id))
        return known is not None and known.reached_at is not None

    def puts_back(self) -> None:
        """For the tests that come after."""
        with transaction() as db:
            for what in (DutyReach, DutyCall, Handover):
                db.execute(delete(what).where(what.duty_id.in_(self.before)))
            db.execute(delete(Thread).where(Thread.id.in_(self.before)))
            for duty_id, (starts, ends, member) in self.before.items():
                _give(db, duty_id, member, starts, Step.NONE, starts - timedelta(hours=1), ends)


def _last_pair(db: Session) -> tuple[Duty, Duty]:
    found = db.scalars(
        select(Duty)
        .join(Plan, Plan.id == Duty.plan_id)
        .where(Plan.published_at.is_not(None))
        .order_by(Duty.starts_at.desc())
        .limit(2)
    ).all()
    main, second = sorted(found, key=lambda one: one.line is Line.BACKUP)
    assert main.starts_at == second.starts_at
    return main, second


def _member(db: Session, name: str) -> UUID:
    found = select(Member.id).join(Account, Account.id == Member.account_id).where(Account.name == name)
    return db.scalars(found).one()


def _give(
    db: Session,
    duty_id: UUID,
    member_id: UUID | None,
    starts: datetime,
    step: Step,
    due: datetime | None,
    ends: datetime | None = None,
) -> None:
    """Its one hold is of this member, and this far."""
    db.execute(delete(DutyHold).where(DutyHold.duty_id == duty_id))
    db.execute(
        update(Duty)
        .where(Duty.id == duty_id)
        .values(starts_at=starts, ends_at=ends or starts + LASTS, member_id=member_id)
    )
    db.add(
        DutyHold(
            duty_id=duty_id,
            number=1,
            member_id=member_id,
            from_at=starts,
            how=HeldBy.PUBLISHED if member_id else HeldBy.NOBODY,
            made_at=starts - timedelta(days=20),
            step=int(step),
            due_at=due,
        )
    )


@contextmanager
def night_of(server: Server, monkeypatch: pytest.MonkeyPatch, holder: str, backup: str) -> Iterator[Night]:
    """Of these two. What it changed is put back."""
    monkeypatch.setattr(kit_db, "_database", None)
    monkeypatch.setattr(tickets, "_key", None)
    tickets.use(Settings(instance=server.instance).secrets.master)
    engine = kit_db.connect(f"sqlite:///{server.instance / 'wijkapp.sqlite'}")
    made = Night(holder, backup)
    try:
        yield made
    finally:
        made.puts_back()
        engine.dispose()
