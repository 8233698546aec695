"""What happens by itself around a duty: reminding, ringing the back-up, ringing the coordinator.

Every step is claimed by a conditional UPDATE of the hold: two clocks take it once, a restart loses none.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.kit import outbox
from wijkapp.kit.db import changed, transaction
from wijkapp.rota.checkin import Next, Step, next_step, next_step_of_nobody
from wijkapp.rota.models import Duty, DutyHold, Handover
from wijkapp.rota.rules import Line
from wijkapp.rota.service.who import account_of, backups, coordinators, next_duty, those_who_plan

AN_HOUR, BE_THERE, MISSING = "rota.in_an_hour", "rota.be_there", "rota.missed"
BACKUP_SOON, STEP_IN, NOBODY_THERE = "rota.backup_soon", "rota.step_in", "rota.nobody_there"
SOLVED, OPEN_SOON = "rota.solved", "rota.open_soon"
HANDOVER_DUE, NO_HANDOVER = "rota.handover_due", "rota.no_handover"


def due(db: Session, moment: datetime, most: int) -> Sequence[UUID]:
    """Holds whose next step has come, longest ago first."""
    return db.scalars(
        select(DutyHold.id).where(DutyHold.due_at <= moment).order_by(DutyHold.due_at).limit(most)
    ).all()


def take_step(hold_id: UUID, moment: datetime) -> bool:
    """Take the next step of a hold that is due. False when another clock was first, or somebody came."""
    with transaction() as db:
        hold = db.scalar(select(DutyHold).where(DutyHold.id == hold_id, DutyHold.due_at <= moment))
        if hold is None:
            return False
        duty = db.get_one(Duty, hold.duty_id)
        terms = agreements.rota_terms_for(db, duty.region_id, moment)
        step = _next(db, duty, hold, moment, terms)
        claimed = changed(
            db,
            update(DutyHold)
            .where(DutyHold.id == hold.id, DutyHold.step == hold.step, DutyHold.due_at <= moment)
            .values(step=int(step.step), due_at=step.due_at)
            .execution_options(synchronize_session=False),  # below it is told from which step it came
        )
        if claimed != 1:
            return False
        if step.step is not Step.OVER:
            _tell(db, duty, hold, step.step, moment)
        elif hold.step == Step.WRAPPING_UP and hold.member_id == duty.member_id:
            _tell_of_no_handover(db, duty, hold)
        return True


def _next(db: Session, duty: Duty, hold: DutyHold, moment: datetime, terms: RotaTerms) -> Next:
    later = aliased(DutyHold)
    given_on = exists().where(later.duty_id == hold.duty_id, later.number > hold.number)
    if db.scalar(select(given_on)):
        return Next(Step.OVER, None)
    if hold.member_id is None:
        step = next_step_of_nobody(duty, hold.step, moment, terms)
    else:
        step = next_step(duty, hold.step, hold.from_at, moment, terms)
    if step.step is Step.TO_BACKUP and not backups(db, duty, moment):
        return Next(Step.TO_COORDINATOR, None)  # there is nobody in between
    return step


def _tell(db: Session, duty: Duty, hold: DutyHold, step: Step, moment: datetime) -> None:
    holder = account_of(db, hold.member_id)
    mine = [holder] if holder else []
    if step is Step.REMINDED:
        outbox.record(db, AN_HOUR if duty.line is Line.MAIN else BACKUP_SOON, about=duty.id, to=mine)
    elif step is Step.CALLED and holder:
        outbox.record(db, BE_THERE, about=duty.id, to=mine)
    elif step is Step.CALLED:
        outbox.record(db, OPEN_SOON, about=duty.id, to=those_who_plan(db, duty.region_id))
    elif step is Step.TO_BACKUP:
        outbox.record(db, MISSING, about=duty.id, to=mine)
        outbox.record(db, STEP_IN, about=duty.id, to=[one for one, _member in backups(db, duty, moment)])
    elif step is Step.TO_COORDINATOR:
        outbox.record(db, MISSING, about=duty.id, to=mine if hold.step < Step.TO_BACKUP else [])
        outbox.record(db, NOBODY_THERE, about=duty.id, to=coordinators(db, duty.region_id))
    elif step is Step.WRAPPING_UP and not _is_handed_over(db, duty):
        outbox.record(db, HANDOVER_DUE, about=duty.id, to=mine)


def _is_handed_over(db: Session, duty: Duty) -> bool:
    return db.get(Handover, duty.id) is not None


def _tell_of_no_handover(db: Session, duty: Duty, hold: DutyHold) -> None:
    """The end came without a handover: whoever is next rings the one who leaves."""
    if _is_handed_over(db, duty):
        return
    following = next_duty(db, duty)
    people = [account_of(db, hold.member_id), account_of(db, following.member_id) if following else None]
    outbox.record(db, NO_HANDOVER, about=duty.id, to=[one for one in people if one])


def solved(db: Session, duty: Duty, before: Step, moment: datetime, but: UUID | None = None) -> None:
    """Somebody is there after all: whoever was rung for it hears that.

    before  how far it had come
    but     who did it, and knows
    """
    told = {account for account, _member in backups(db, duty, moment)}
    if before is Step.TO_COORDINATOR:
        told |= set(coordinators(db, duty.region_id))
    outbox.take_back(db, [STEP_IN, NOBODY_THERE], about=duty.id, to=told)
    outbox.record(db, SOLVED, about=duty.id, to=told - {but})
