"""When each step of a duty is, without a database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from tests.rota.make import at
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.rota.checkin import (
    Next,
    Start,
    Step,
    asked_at_for,
    confirmed_by,
    first_step,
    is_tested,
    known_by,
    may_check_in,
    may_check_out,
    next_step,
    next_step_of_nobody,
    there_from,
)
from wijkapp.rota.rules import HeldBy, Line

TERMS = RotaTerms()
START, END = at("2027-01-05 23:00"), at("2027-01-06 07:00")


@dataclass
class Duty:
    line: Line = Line.MAIN
    starts_at: datetime = START
    ends_at: datetime = END


NIGHT, BACKUP = Duty(), Duty(Line.BACKUP)


def test_a_duty_of_next_week_waits_until_an_hour_before():
    start = first_step(NIGHT, at("2027-01-01 12:00"), HeldBy.PUBLISHED)
    assert start == Start(Step.NONE, at("2027-01-05 22:00"), None)


@pytest.mark.parametrize("how", [HeldBy.SWAP, HeldBy.PLANNER, HeldBy.UNDO])
def test_who_gets_a_running_duty_from_another_is_asked_at_once(how):
    moment = at("2027-01-06 01:00")
    start = first_step(NIGHT, moment, how)
    assert start == Start(Step.NONE, moment, None)
    assert next_step(NIGHT, start.step, moment, moment, TERMS) == (Step.CALLED, at("2027-01-06 01:15"))


@pytest.mark.parametrize("how", [HeldBy.TAKEOVER, HeldBy.STANDS_IN])
def test_who_takes_a_running_duty_by_a_tap_is_there(how):
    moment = at("2027-01-06 01:00")
    assert first_step(NIGHT, moment, how) == Start(Step.THERE, at("2027-01-06 06:30"), moment)


def test_taking_over_a_duty_that_has_not_begun_still_needs_a_check_in():
    assert first_step(NIGHT, at("2027-01-05 15:00"), HeldBy.TAKEOVER).checked_in_at is None


def test_a_duty_that_is_over_asks_nothing_of_anybody():
    for how in HeldBy:
        assert first_step(NIGHT, NIGHT.ends_at, how) == Start(Step.OVER, None, None)


def test_from_an_hour_before_to_the_coordinator():
    told, step, moment = [], Step.NONE, at("2027-01-05 22:00")
    while moment:
        taken = next_step(NIGHT, step, NIGHT.starts_at, moment, TERMS)
        told.append((taken.step, moment))
        step, moment = taken
    assert told == [
        (Step.REMINDED, at("2027-01-05 22:00")),
        (Step.CALLED, at("2027-01-05 22:50")),
        (Step.TO_BACKUP, at("2027-01-05 23:15")),
        (Step.TO_COORDINATOR, at("2027-01-05 23:25")),
    ]


def test_a_region_says_how_long_to_wait():
    quick = RotaTerms(check_in_within=timedelta(minutes=5), backup_within=timedelta(minutes=3))
    start = NIGHT.starts_at
    assert next_step(NIGHT, Step.REMINDED, start, start, quick).due_at == start + timedelta(minutes=5)
    assert next_step(NIGHT, Step.CALLED, start, start, quick).due_at == start + timedelta(minutes=3)


def test_when_the_clock_stood_still_nobody_hears_of_an_hour_that_has_passed():
    assert next_step(NIGHT, Step.NONE, NIGHT.starts_at, at("2027-01-05 22:55"), TERMS) == (
        Step.CALLED,
        at("2027-01-05 23:15"),
    )
    assert next_step(NIGHT, Step.CALLED, NIGHT.starts_at, NIGHT.ends_at, TERMS) == Next(Step.OVER, None)


def test_a_back_up_is_reminded_once_and_need_not_check_in():
    start = first_step(BACKUP, at("2027-01-01 12:00"), HeldBy.PUBLISHED)
    assert start.due_at == at("2027-01-05 22:00")
    assert next_step(BACKUP, Step.NONE, start.due_at, start.due_at, TERMS) == Next(Step.REMINDED, None)


def test_of_a_duty_that_nobody_has_the_planner_hears_in_the_afternoon_and_the_back_up_at_the_start():
    start = first_step(NIGHT, at("2027-01-01 12:00"), HeldBy.NOBODY)
    assert start == Start(Step.NONE, at("2027-01-05 16:00"), None)
    assert next_step_of_nobody(NIGHT, Step.NONE, start.due_at, TERMS) == (Step.CALLED, NIGHT.starts_at)
    begins = NIGHT.starts_at
    assert next_step_of_nobody(NIGHT, Step.CALLED, begins, TERMS) == (
        Step.TO_BACKUP,
        begins + timedelta(minutes=10),
    )
    later = begins + timedelta(minutes=10)
    assert next_step_of_nobody(NIGHT, Step.TO_BACKUP, later, TERMS) == (Step.TO_COORDINATOR, None)


def test_a_gap_that_falls_while_the_duty_runs_rings_the_back_up_at_once():
    moment = at("2027-01-06 02:00")
    assert first_step(NIGHT, moment, HeldBy.NOBODY) == Start(Step.NONE, moment, None)
    assert next_step_of_nobody(NIGHT, Step.NONE, moment, TERMS).step is Step.TO_BACKUP


def test_that_there_is_no_back_up_is_told_to_the_planner_only():
    assert next_step_of_nobody(BACKUP, Step.NONE, at("2027-01-05 16:00"), TERMS) == (Step.CALLED, None)


def test_who_is_there_is_asked_for_the_handover_half_an_hour_before_the_end():
    there = there_from(NIGHT, NIGHT.starts_at)
    assert there == (Step.THERE, at("2027-01-06 06:30"))
    assert next_step(NIGHT, there.step, NIGHT.starts_at, there.due_at, TERMS) == (
        Step.WRAPPING_UP,
        NIGHT.ends_at,
    )
    assert there_from(BACKUP, NIGHT.starts_at).due_at is None


def test_one_checks_in_from_a_quarter_before_the_start_and_out_from_half_an_hour_before_the_end():
    assert not may_check_in(NIGHT, at("2027-01-05 22:44"))
    assert may_check_in(NIGHT, at("2027-01-05 22:45"))
    assert not may_check_in(NIGHT, NIGHT.ends_at)
    assert not may_check_out(NIGHT, at("2027-01-06 06:29"))
    assert may_check_out(NIGHT, at("2027-01-06 06:30"))


@pytest.mark.parametrize(
    ("starts", "tested", "known"),
    [
        ("2027-01-05 23:00", "2027-01-05 16:00", "2027-01-05 20:00"),  # a night: the same afternoon
        ("2027-01-05 17:00", "2027-01-04 16:00", "2027-01-04 20:00"),  # an evening: the day before
        ("2027-01-09 07:00", "2027-01-08 16:00", "2027-01-08 20:00"),  # a day in the weekend
        ("2027-01-05 20:00", "2027-01-05 16:00", "2027-01-05 18:00"),  # two hours before comes first
        ("2026-03-29 07:00", "2026-03-28 16:00", "2026-03-28 20:00"),  # over the change to summer time
        ("2026-10-25 01:00", "2026-10-24 16:00", "2026-10-24 20:00"),
    ],
)
def test_reaching_is_tested_the_afternoon_before_and_known_the_same_evening(starts, tested, known):
    assert asked_at_for(at(starts)) == at(tested)
    assert known_by(at(tested), at(starts)) == at(known)


@pytest.mark.parametrize(
    ("starts", "asked", "known"),
    [
        ("2027-01-05 23:00", "2027-01-05 19:20", "2027-01-05 20:00"),
        ("2027-01-05 23:00", "2027-01-05 19:45", "2027-01-05 20:15"),
        ("2027-01-05 23:00", "2027-01-05 20:59", "2027-01-05 21:29"),
        ("2027-01-06 07:00", "2027-01-05 22:10", "2027-01-05 22:40"),
        ("2027-01-06 07:00", "2027-01-06 00:30", "2027-01-06 05:00"),
    ],
)
def test_who_is_asked_late_has_half_an_hour_to_answer(starts, asked, known):
    assert known_by(at(asked), at(starts)) == at(known)


def test_who_gets_a_duty_late_is_tested_at_once_but_not_when_it_is_about_to_begin():
    start = at("2027-01-05 23:00")
    assert not is_tested(start, at("2027-01-05 15:59"))
    assert is_tested(start, at("2027-01-05 20:59"))
    assert not is_tested(start, at("2027-01-05 21:00"))


def test_a_handover_is_to_be_confirmed_from_when_the_next_is_there():
    assert confirmed_by(at("2027-01-06 07:00"), at("2027-01-06 17:00"), TERMS) == at("2027-01-06 18:00")
    assert confirmed_by(at("2027-01-05 23:00"), at("2027-01-05 23:00"), TERMS) == at("2027-01-06 00:00")
    assert confirmed_by(at("2027-01-05 23:00"), None, TERMS) == at("2027-01-06 00:00")
