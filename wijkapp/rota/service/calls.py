"""The one on duty was rung: who (a kind), how fast somebody was there, how it ended. Nothing of a client."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.kit import time
from wijkapp.kit.db import insert_new, transaction
from wijkapp.kit.errors import NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account
from wijkapp.rota.checkin import CHECK_IN_BEFORE
from wijkapp.rota.models import Duty, DutyCall
from wijkapp.rota.rules import CallFrom, CallOutcome
from wijkapp.rota.service.who import own

LOGGED_FOR = timedelta(hours=12)
"""So long after the end one may still write down a call."""

SUMMED = timedelta(weeks=4)


class NotNow(Refused):
    """The duty has not begun, or is long over."""

    sentence = _("Oproepen schrijf je op tijdens je dienst, of kort daarna.")


@dataclass(frozen=True, slots=True)
class Call:
    """One call. minutes: from the phone until somebody was there; in_time: within what was agreed."""

    id: UUID
    caller: CallFrom
    asked_at: datetime
    minutes: int | None
    in_time: bool | None
    outcome: CallOutcome | None

    @property
    def done(self) -> bool:
        return self.outcome is not None


@dataclass(frozen=True, slots=True)
class Summary:
    """How often those on duty were rung in some weeks, how often somebody went, and how often in time.

    norm  what counts as in time now
    """

    calls: int
    went: int
    in_time: int
    norm: timedelta


def may_log(duty: Duty, moment: datetime) -> bool:
    return duty.starts_at - CHECK_IN_BEFORE <= moment <= duty.ends_at + LOGGED_FOR


def rung(actor: Account, duty_id: UUID, call_id: UUID, caller: CallFrom, ago: timedelta) -> None:
    """Somebody rang, just now or so long ago. Raises NotFound, NotYourDuty, NotNow.

    call_id  of the form: sent again it is the same call
    """
    access.require(actor, "rota.take")
    moment = time.now()
    with transaction() as db:
        duty, hold = own(db, actor, duty_id)
        if not may_log(duty, moment):
            raise NotNow
        of_duty = {"duty_id": duty.id, "member_id": hold.member_id}
        insert_new(db, DutyCall, [{"id": call_id, **of_duty, "caller": caller, "asked_at": moment - ago}])


def settle(
    actor: Account, duty_id: UUID, call_id: UUID, minutes: int | None, outcome: CallOutcome | None
) -> None:
    """How it went, and what came of it. minutes: from the call until somebody was there; None: nobody went.

    Raises NotFound, NotYourDuty, NotNow.
    """
    access.require(actor, "rota.take")
    with transaction() as db:
        duty, _hold = own(db, actor, duty_id)
        if not may_log(duty, time.now()):
            raise NotNow
        call = db.get(DutyCall, call_id)
        if call is None or call.duty_id != duty_id:
            raise NotFound
        there = call.asked_at + timedelta(minutes=minutes) if minutes is not None else None
        db.execute(update(DutyCall).where(DutyCall.id == call_id).values(on_site_at=there, outcome=outcome))


def drop(actor: Account, duty_id: UUID, call_id: UUID) -> None:
    """It was a slip. Raises NotFound, NotYourDuty, NotNow."""
    access.require(actor, "rota.take")
    with transaction() as db:
        duty, _hold = own(db, actor, duty_id)
        if not may_log(duty, time.now()):
            raise NotNow
        call = db.get(DutyCall, call_id)
        if call is not None and call.duty_id == duty_id:
            db.delete(call)


def norm(db: Session, duty: Duty) -> timedelta:
    """How fast somebody should be there, as agreed when the duty began."""
    return agreements.rota_terms_for(db, duty.region_id, duty.starts_at).on_site_within


def of_duty(db: Session, duty: Duty) -> list[Call]:
    """The calls of one duty, the last first."""
    within = norm(db, duty)
    rows = db.scalars(
        select(DutyCall)
        .where(DutyCall.duty_id == duty.id)
        .order_by(DutyCall.asked_at.desc(), DutyCall.id.desc())
    )
    return [_call(row, within) for row in rows]


def summary(db: Session, region_id: UUID, moment: datetime) -> Summary:
    """Of a region over the last SUMMED."""
    within = agreements.rota_terms_for(db, region_id, moment).on_site_within
    rows = db.execute(
        select(DutyCall.asked_at, DutyCall.on_site_at)
        .join(Duty, Duty.id == DutyCall.duty_id)
        .where(Duty.region_id == region_id, DutyCall.asked_at > moment - SUMMED, DutyCall.asked_at <= moment)
    ).all()
    spans = [there - asked for asked, there in rows if there is not None]
    return Summary(len(rows), len(spans), sum(span <= within for span in spans), within)


def _call(row: DutyCall, within: timedelta) -> Call:
    span = row.on_site_at - row.asked_at if row.on_site_at else None
    return Call(
        id=row.id,
        caller=row.caller,
        asked_at=row.asked_at,
        minutes=int(span.total_seconds() // 60) if span is not None else None,
        in_time=span <= within if span is not None else None,
        outcome=row.outcome,
    )
