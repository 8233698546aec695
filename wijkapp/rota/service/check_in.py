"""Being on duty: I am here, I stand in, I go. What happens when nobody says so is in `steps`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, aliased

from wijkapp.chat.rules import KEPT_AFTER_CLOSING
from wijkapp.kit import time
from wijkapp.kit.db import changed, transaction
from wijkapp.kit.errors import NotFound, Refused
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account
from wijkapp.rota.checkin import (
    BEFORE_CHECK_IN,
    CHECK_IN_BEFORE,
    MISSED,
    REMIND_BEFORE,
    WRAP_UP_BEFORE,
    Step,
    may_check_in,
    may_check_out,
    there_from,
)
from wijkapp.rota.models import Duty, DutyHold, Handover, Member, Plan
from wijkapp.rota.rules import HeldBy, Line
from wijkapp.rota.service import holding
from wijkapp.rota.service.steps import solved
from wijkapp.rota.service.who import NotYourDuty, backups, own, published, takes_duties

WRITTEN_WITHIN = timedelta(hours=2)
"""So long after the end the first screen still asks for a handover."""


class TooEarly(Refused):
    """It is not time yet."""


class TooLate(Refused):
    """The duty is over."""

    sentence = _("Deze dienst is voorbij.")


class SomebodyStandsIn(Refused):
    """The back-up is on duty already."""

    sentence = _("Een collega is al ingesprongen.")


class NothingToStandIn(Refused):
    """Whoever has it is there, or may still come in time."""

    sentence = _("Inspringen hoeft nu niet. Is er toch iemand nodig? Neem de dienst dan over.")


@dataclass(frozen=True, slots=True)
class Mine:
    """A duty of one's own that begins within the hour, runs, or just ended without a handover."""

    duty: Duty
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    moment: datetime
    handed_over: bool
    to_read: UUID | None = None  # the duty before it, whose handover waits to be read

    @property
    def may_come(self) -> bool:
        return self.checked_in_at is None and may_check_in(self.duty, self.moment)

    @property
    def come_from(self) -> datetime:
        return self.duty.starts_at - CHECK_IN_BEFORE

    @property
    def is_late(self) -> bool:
        return self.is_main and self.checked_in_at is None and self.moment >= self.duty.starts_at

    @property
    def on(self) -> bool:
        there = self.checked_in_at is not None and self.checked_out_at is None
        return there and self.moment < self.duty.ends_at

    @property
    def may_leave(self) -> bool:
        there = self.checked_in_at is not None and self.checked_out_at is None
        return there and may_check_out(self.duty, self.moment)

    @property
    def asks_handover(self) -> bool:
        return self.is_main and not self.handed_over and may_check_out(self.duty, self.moment)

    @property
    def is_main(self) -> bool:
        return self.duty.line is Line.MAIN


# Everybody's first page asks this, so it is made once.
_given = aliased(Handover)
_TO_READ = (
    select(_given.duty_id)
    .where(
        _given.to_duty_id == Duty.id,
        _given.confirmed_at.is_(None),
        _given.written_at > bindparam("kept", type_=_given.written_at.type),
    )
    .order_by(_given.written_at)
    .limit(1)
    .scalar_subquery()
)
_NEAR = (
    select(Duty, Handover.duty_id, _TO_READ)
    .join(Plan, Plan.id == Duty.plan_id)
    .join(Member, Member.id == Duty.member_id)
    .outerjoin(Handover, Handover.duty_id == Duty.id)
    .where(
        Plan.published_at.is_not(None),
        Member.account_id == bindparam("account"),
        Duty.starts_at <= bindparam("soon"),
        Duty.ends_at > bindparam("just"),
    )
    .order_by(Duty.starts_at, Duty.id)
)


def mine(db: Session, actor: Account) -> tuple[Mine, ...]:
    """What the switch on the first screen is about, the first to begin first; usually one or none."""
    moment = time.now()
    given = {"account": actor.id, "soon": moment + REMIND_BEFORE, "just": moment - WRITTEN_WITHIN}
    found = db.execute(_NEAR, given | {"kept": moment - KEPT_AFTER_CLOSING}).all()
    near = [of_holder(db, duty, moment, written is not None, to_read) for duty, written, to_read in found]
    return tuple(one for one in near if one.duty.ends_at > moment or one.asks_handover)


def of_holder(
    db: Session, duty: Duty, moment: datetime, handed_over: bool, to_read: UUID | None = None
) -> Mine:
    """The same for one duty, as its holder sees it."""
    hold = holding.last_hold(db, duty.id)
    came, left = (hold.checked_in_at, hold.checked_out_at) if hold else (None, None)
    return Mine(duty, came, left, moment, handed_over, to_read)


def come(actor: Account, duty_id: UUID) -> Duty:
    """I am here; on duty from now on. Twice is fine.

    Raises NotFound, NotYourDuty, TooEarly, TooLate, SomebodyStandsIn.
    """
    access.require(actor, "rota.take")
    moment = time.now()
    with transaction() as db:
        duty, hold = own(db, actor, duty_id)
        if hold.checked_in_at is None:
            _check_in(db, duty, hold, moment)
        return duty


def _check_in(db: Session, duty: Duty, hold: DutyHold, moment: datetime) -> None:
    if moment >= duty.ends_at:
        raise TooLate
    if not may_check_in(duty, moment):
        raise TooEarly(
            gettext("Aanmelden kan vanaf %(time)s.", time=time.clock(duty.starts_at - CHECK_IN_BEFORE))
        )
    there, before = there_from(duty, moment), hold.step
    waits = DutyHold.checked_in_at.is_(None) & DutyHold.step.in_(BEFORE_CHECK_IN)
    claimed = changed(
        db,
        update(DutyHold)
        .where(DutyHold.id == hold.id, waits)
        .values(checked_in_at=moment, step=int(there.step), due_at=there.due_at)
        .execution_options(synchronize_session=False),
    )
    if claimed != 1:
        raise SomebodyStandsIn
    if before in MISSED:
        solved(db, duty, Step(before), moment)


def leave(actor: Account, duty_id: UUID) -> Duty:
    """I go off duty. Twice is fine.

    Raises NotFound, NotYourDuty, and TooEarly: long before the end somebody takes it over instead.
    """
    access.require(actor, "rota.take")
    moment = time.now()
    with transaction() as db:
        duty, hold = own(db, actor, duty_id)
        if not may_check_out(duty, moment):
            raise TooEarly(
                gettext(
                    "Afmelden kan vanaf %(time)s. Kun je niet verder? Laat een collega het overnemen.",
                    time=time.clock(duty.ends_at - WRAP_UP_BEFORE),
                )
            )
        there = DutyHold.checked_in_at.is_not(None) & DutyHold.checked_out_at.is_(None)
        db.execute(update(DutyHold).where(DutyHold.id == hold.id, there).values(checked_out_at=moment))
        return duty


def stand_in(actor: Account, duty_id: UUID) -> Duty:
    """The back-up takes the place of whoever did not come, or of nobody. Twice is fine.

    Raises NotFound, NotYourDuty (no back-up now), TooLate, NothingToStandIn, SomebodyStandsIn.
    """
    access.require(actor, "rota.take")
    moment = time.now()
    with transaction() as db:
        duty = published(db, duty_id)
        if duty is None or not takes_duties(db, actor, duty.region_id):
            raise NotFound
        db.refresh(duty, with_for_update=True)  # of two back-ups the second sees what the first did
        hold = holding.last_hold(db, duty_id)
        if hold is not None and hold.how is HeldBy.STANDS_IN and hold.by_id != actor.id:
            raise SomebodyStandsIn
        if hold is None or hold.how is HeldBy.STANDS_IN:
            return duty  # a phone that did not hear the answer taps again
        if moment >= duty.ends_at:
            raise TooLate
        if hold.checked_in_at is not None or hold.step not in MISSED:
            raise NothingToStandIn
        member_id = dict(backups(db, duty, moment)).get(actor.id)
        if member_id is None:
            raise NotYourDuty(gettext("Alleen wie nu achterwacht is, kan hier inspringen."))
        before = _relieve(db, hold)
        solved(db, duty, before, moment, but=actor.id)
        holding.give(db, duty, member_id, how=HeldBy.STANDS_IN, by=actor.id, moment=moment)
        return duty


def _relieve(db: Session, hold: DutyHold) -> Step:
    """Whoever did not come has it no longer; how far it had come with them."""
    before = Step(hold.step)
    claimed = changed(
        db,
        update(DutyHold)
        .where(DutyHold.id == hold.id, DutyHold.checked_in_at.is_(None), DutyHold.step.in_(MISSED))
        .values(step=int(Step.RELIEVED), due_at=None)
        .execution_options(synchronize_session=False),
    )
    if claimed != 1:  # whoever has it came just now, or another back-up was first
        raise NothingToStandIn
    return before
