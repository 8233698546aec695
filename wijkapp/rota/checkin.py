"""From a reminder an hour before a duty to the coordinator's phone: one step at a time, each of them once.

A hold carries how far it has come (`step`) and when the next step is (`due_at`). All moments are in UTC. The
steps after checking in are of the handover; those of reaching people the afternoon before are in `Asked`.
"""

from datetime import datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple, Protocol

from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.kit.time import AMSTERDAM
from wijkapp.rota.problem import in_utc
from wijkapp.rota.rules import HeldBy, Line

REMIND_BEFORE = timedelta(minutes=60)
CALL_BEFORE = timedelta(minutes=10)

CHECK_IN_BEFORE = timedelta(minutes=15)
"""From so long before the start one can say: I am here."""

WRAP_UP_BEFORE = timedelta(minutes=30)
"""So long before the end the handover is asked for, and from then on one can go off duty."""

TEST_AT = time(16)
"""On a clock in Amsterdam: does what we send arrive with whoever has the next evening, night or day?"""

TEST_BEFORE = timedelta(hours=4)  # a duty that begins sooner after it was tested the day before
KNOWN_BY = time(20)  # nothing heard by then: somebody is told
KNOWN_BEFORE = timedelta(hours=2)  # or by so long before the start, when that is earlier
ANSWER_WITHIN = timedelta(minutes=30)  # but not before whoever was asked could have answered


class Step(IntEnum):
    """How far reminding and escalating has come."""

    NONE = 0
    REMINDED = 1  # an hour before
    CALLED = 2  # ten minutes before, or at once when it is nearer: be there, and say so
    TO_BACKUP = 3  # nobody said so in time
    TO_COORDINATOR = 4  # nor did the back-up stand in; nothing more is done by itself
    THERE = 5  # somebody is on duty
    WRAPPING_UP = 6  # was asked for the handover
    OVER = 7  # nothing is left to do
    RELIEVED = 8  # the back-up stands in


class Tap(StrEnum):
    """What one tap says, on a lock screen or in a mail."""

    HERE = "here"  # I am on duty
    STEP_IN = "step_in"  # I, the back-up, stand in
    REACHED = "reached"  # what you send arrives


BEFORE_CHECK_IN = (Step.NONE, Step.REMINDED, Step.CALLED, Step.TO_BACKUP, Step.TO_COORDINATOR)
MISSED = (Step.TO_BACKUP, Step.TO_COORDINATOR)


class Start(NamedTuple):
    """What a new hold begins with."""

    step: Step
    due_at: datetime | None
    checked_in_at: datetime | None


class Next(NamedTuple):
    """A step that is taken now, and when the one after it is due."""

    step: Step
    due_at: datetime | None


class Held(Protocol):
    """What is asked of a duty; `rota.models.Duty` has it."""

    line: Line
    starts_at: datetime
    ends_at: datetime


def first_step(duty: Held, moment: datetime, how: HeldBy) -> Start:
    """Where checking in begins for a hold that is made now.

    Who takes a running duty by an own tap is there by that. Of a duty that nobody has the planner hears in
    time, and its back-up at the start. A back-up is reminded, and comes only when there is something to do.
    """
    if moment >= duty.ends_at:
        return Start(Step.OVER, None, None)
    if how is HeldBy.NOBODY:
        return Start(Step.NONE, max(asked_at_for(duty.starts_at), moment), None)
    if duty.starts_at <= moment and how in {HeldBy.TAKEOVER, HeldBy.STANDS_IN}:
        there = there_from(duty, moment)
        return Start(there.step, there.due_at, moment)
    return Start(Step.NONE, max(duty.starts_at - REMIND_BEFORE, moment), None)


def next_step(duty: Held, step: int, since: datetime, moment: datetime, terms: RotaTerms) -> Next:
    """What is done now with a hold of somebody that is due, and when it is due again.

    since  from when on this person holds it
    """
    if moment >= duty.ends_at:
        return Next(Step.OVER, None)
    if step == Step.THERE:
        return Next(Step.WRAPPING_UP, duty.ends_at)
    if duty.line is not Line.MAIN:
        return Next(Step.OVER if step else Step.REMINDED, None)
    if step == Step.NONE and moment < duty.starts_at - CALL_BEFORE:
        return Next(Step.REMINDED, duty.starts_at - CALL_BEFORE)
    if step in {Step.NONE, Step.REMINDED}:
        return Next(Step.CALLED, max(duty.starts_at, since) + terms.check_in_within)
    if step == Step.CALLED:
        return Next(Step.TO_BACKUP, moment + terms.backup_within)
    return Next(Step.TO_COORDINATOR, None)


def next_step_of_nobody(duty: Held, step: int, moment: datetime, terms: RotaTerms) -> Next:
    """The same for a duty that nobody has: the planner hears it first, then its back-up at the start."""
    if moment >= duty.ends_at or duty.line is not Line.MAIN:
        return Next(Step.CALLED if step == Step.NONE and moment < duty.ends_at else Step.OVER, None)
    if step == Step.NONE and moment < duty.starts_at:
        return Next(Step.CALLED, duty.starts_at)
    if step < Step.TO_BACKUP:
        return Next(Step.TO_BACKUP, moment + terms.backup_within)
    return Next(Step.TO_COORDINATOR, None)


def there_from(duty: Held, moment: datetime) -> Next:
    """Somebody is on duty from now on: what is next is the handover, of whoever is rung first."""
    asks_at = max(duty.ends_at - WRAP_UP_BEFORE, moment) if duty.line is Line.MAIN else None
    return Next(Step.THERE, asks_at)


def may_check_in(duty: Held, moment: datetime) -> bool:
    """Is it near enough to say: I am here?"""
    return duty.starts_at - CHECK_IN_BEFORE <= moment < duty.ends_at


def may_check_out(duty: Held, moment: datetime) -> bool:
    """Is it near enough to the end to go off duty? Before that somebody else takes it over."""
    return moment >= duty.ends_at - WRAP_UP_BEFORE


def asked_at_for(starts_at: datetime) -> datetime:
    """The afternoon before: the last 16:00 that leaves four hours to do something about it."""
    latest = (starts_at - TEST_BEFORE).astimezone(AMSTERDAM)
    day = latest.date() if latest.time() >= TEST_AT else latest.date() - timedelta(days=1)
    return in_utc(datetime.combine(day, TEST_AT, AMSTERDAM))


def known_by(asked_at: datetime, starts_at: datetime) -> datetime:
    """Nothing heard by then: somebody has to ring. Who was asked late still has time to answer."""
    evening = datetime.combine(asked_at.astimezone(AMSTERDAM).date(), KNOWN_BY, AMSTERDAM)
    return max(min(in_utc(evening), starts_at - KNOWN_BEFORE), asked_at + ANSWER_WITHIN)


def is_tested(starts_at: datetime, moment: datetime) -> bool:
    """Is it the time to test? Not so late that checking in comes first."""
    return asked_at_for(starts_at) <= moment < starts_at - KNOWN_BEFORE


def confirmed_by(ends_at: datetime, next_starts_at: datetime | None, terms: RotaTerms) -> datetime:
    """Until when the next may confirm a handover before somebody is told: from when that one is there."""
    return max(ends_at, next_starts_at or ends_at) + terms.confirm_within
