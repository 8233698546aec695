"""The other colleagues of the demo are there on time: they check in, are reached, and read what was told.

Those of providers with a printed log-in link are left alone: whoever tries the demo does it for them.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from wijkapp.demo.parties import BY_HAND
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import Refused
from wijkapp.people.models import Account, Organisation
from wijkapp.rota.models import Duty, DutyHold, DutyReach, Handover, Member, Plan
from wijkapp.rota.rules import Line
from wijkapp.rota.service import check_in, handover, reach

EARLY = timedelta(minutes=4)
"""So long before the start they say that they are there."""

Step = Callable[[Account, UUID], object]


def do_what_is_due() -> None:
    """Everything that is due by now, each once. Called every second or so."""
    for step, actor, duty_id in _due(time.now()):
        try:
            step(actor, duty_id)
        except Refused:
            continue  # somebody took it over meanwhile: as among people


def _due(moment: datetime) -> Sequence[tuple[Step, Account, UUID]]:
    with reading() as db:
        found: list[tuple[Step, Account, UUID]] = []
        for step, question in (
            (check_in.come, _not_there_yet(moment)),
            (reach.reached, _not_reached(moment)),
            (handover.confirm, _not_read(moment)),
        ):
            found += [(step, db.get_one(Account, account), duty) for account, duty in db.execute(question)]
        return found


def _not_there_yet(moment: datetime) -> Select[UUID, UUID]:
    """Main duties that begin, of which the last hold did not check in."""
    held = aliased(DutyHold)
    last = select(func.max(held.number)).where(held.duty_id == Duty.id).correlate(Duty).scalar_subquery()
    return _by_others(
        select(Member.account_id, Duty.id)
        .join(Duty, Duty.member_id == Member.id)
        .join(DutyHold, (DutyHold.duty_id == Duty.id) & (DutyHold.number == last))
        .join(Plan, Plan.id == Duty.plan_id)
        .where(
            Plan.published_at.is_not(None),
            Duty.line == Line.MAIN,
            Duty.starts_at <= moment + EARLY,
            Duty.ends_at > moment,
            DutyHold.checked_in_at.is_(None),
        )
    )


def _not_reached(moment: datetime) -> Select[UUID, UUID]:
    return _by_others(
        select(Member.account_id, Duty.id)
        .join(DutyReach, DutyReach.member_id == Member.id)
        .join(Duty, Duty.id == DutyReach.duty_id)
        .where(DutyReach.reached_at.is_(None), Duty.starts_at > moment, Duty.member_id == Member.id)
    )


def _not_read(moment: datetime) -> Select[UUID, UUID]:
    return _by_others(
        select(Member.account_id, Handover.duty_id)
        .join(Duty, Duty.member_id == Member.id)
        .join(Handover, Handover.to_duty_id == Duty.id)
        .where(Handover.confirmed_at.is_(None), Duty.starts_at <= moment, Duty.ends_at > moment)
    )


def _by_others(question: Select[Any, Any]) -> Select[UUID, UUID]:
    return (
        question.join(Account, Account.id == Member.account_id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(Organisation.name.not_in(BY_HAND), Account.active)
    )
