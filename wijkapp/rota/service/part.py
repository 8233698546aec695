"""Of the page of one duty what belongs to being on duty: there or not, reachable or not, calls, handovers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from wijkapp.kit import time
from wijkapp.kit.db import new_id, reading
from wijkapp.people.models import Account
from wijkapp.rota.checkin import MISSED
from wijkapp.rota.models import Duty
from wijkapp.rota.service import calls, check_in, handover, holding, reach
from wijkapp.rota.service.calls import Call
from wijkapp.rota.service.check_in import Mine
from wijkapp.rota.service.handover import Shown
from wijkapp.rota.service.reach import Reach
from wijkapp.rota.service.regions import may_plan
from wijkapp.rota.service.who import account_of, backups, published


@dataclass(frozen=True, slots=True)
class OnDutyPart:
    """What one person sees of it.

    mine      the own duty, with what can be done now
    missing   it runs, and nobody says they are there
    stand_in  the reader is back-up now and may stand in
    plan_id   the rota it is in, for whoever plans
    reach     did our messages arrive; for the holder and those who plan
    calls     for the holder and those who plan
    norm      how fast somebody should be there
    next_call id of the call that is written down next
    own       the handover of this duty, when the reader has to do with it
    given     handovers written for whoever has this duty
    talks     there is a conversation, and the reader is in it
    """

    mine: Mine | None
    missing: bool
    stand_in: bool
    plan_id: UUID | None
    reach: Reach | None
    calls: tuple[Call, ...]
    may_log: bool
    norm: timedelta
    next_call: UUID
    own: Shown | None
    given: tuple[Shown, ...]

    @property
    def talks(self) -> bool:
        return self.own is not None and self.own.answers is not None


def part(actor: Account, duty_id: UUID) -> OnDutyPart | None:
    """None of a duty that is not published."""
    with reading() as db:
        duty = published(db, duty_id)
        return _part(db, actor, duty) if duty else None


def _part(db: Session, actor: Account, duty: Duty) -> OnDutyPart:
    moment = time.now()
    is_mine = account_of(db, duty.member_id) == actor.id
    own = handover.of_duty(db, actor, duty)
    given = handover.to_duty(db, actor, duty)
    plans = may_plan(db, actor, duty.region_id)
    sees = is_mine or plans
    missing, stand_in = _missing(db, actor, duty)
    return OnDutyPart(
        mine=_mine(db, duty, moment, own, given) if is_mine else None,
        missing=missing,
        stand_in=stand_in,
        plan_id=duty.plan_id if plans else None,
        reach=reach.of_duty(db, duty) if sees else None,
        calls=tuple(calls.of_duty(db, duty)) if sees else (),
        may_log=is_mine and calls.may_log(duty, moment),
        norm=calls.norm(db, duty),
        next_call=new_id(),
        own=own,
        given=tuple(given),
    )


def _mine(db: Session, duty: Duty, moment: datetime, own: Shown | None, given: Sequence[Shown]) -> Mine:
    written = own is not None and own.answers is not None
    to_read = next((one.duty.id for one in given if one.may_confirm), None)
    return check_in.of_holder(db, duty, moment, written, to_read)


def _missing(db: Session, actor: Account, duty: Duty) -> tuple[bool, bool]:
    """Does nobody say that they are there, and may this person stand in?"""
    moment = time.now()
    hold = holding.last_hold(db, duty.id)
    if hold is None or hold.checked_in_at is not None or not duty.starts_at <= moment < duty.ends_at:
        return False, False
    missing = hold.step in MISSED
    return missing, missing and actor.id in dict(backups(db, duty, moment))
