"""From a reminder an hour before a duty to the coordinator's phone: one step at a time, each of them once.

A hold carries how far it has come (`step`) and when the next step is (`due_at`). All moments are in UTC.
"""

from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple, Protocol

from wijkapp.rota.rules import HeldBy, Line

REMIND_BEFORE = timedelta(minutes=60)
CALL_BEFORE = timedelta(minutes=10)


class Step(IntEnum):
    """How far reminding and escalating has come."""

    NONE = 0
    REMINDED = 1  # an hour before
    CALLED = 2  # ten minutes before, or at once when it is nearer: be there, and say so
    TO_BACKUP = 3  # nobody said so in time
    TO_COORDINATOR = 4  # nor did the back-up stand in; nothing is left to be done by itself


class Start(NamedTuple):
    """What a new hold begins with."""

    step: Step
    due_at: datetime | None
    checked_in_at: datetime | None


class Held(Protocol):
    """What is asked of a duty; `rota.models.Duty` has it."""

    line: Line
    starts_at: datetime
    ends_at: datetime


def first_step(duty: Held, moment: datetime, how: HeldBy) -> Start:
    """Where checking in begins for a hold that is made now.

    Who takes a running duty by an own tap is there by that. A duty that nobody has goes to its back-up at the
    start. A back-up is reminded, and checks in only when there is something to do.
    """
    running = duty.starts_at <= moment
    if moment >= duty.ends_at:
        return Start(Step.TO_COORDINATOR, None, None)
    if how is HeldBy.NOBODY:
        return Start(Step.CALLED, max(duty.starts_at, moment), None) if _main(duty) else _done()
    if running and how in {HeldBy.TAKEOVER, HeldBy.STANDS_IN}:
        return Start(Step.CALLED, None, moment)
    if duty.starts_at - moment > CALL_BEFORE:
        return Start(Step.NONE, max(duty.starts_at - REMIND_BEFORE, moment), None)
    return Start(Step.REMINDED, moment, None) if _main(duty) else Start(Step.NONE, moment, None)


def _main(duty: Held) -> bool:
    return duty.line is Line.MAIN


def _done() -> Start:
    return Start(Step.TO_COORDINATOR, None, None)
