"""A plan of the database as the planner reads it, and what everybody did before."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from tests.rota.make import MONDAY_OF_ROTA as MONDAY
from tests.rota.make import at
from wijkapp.agreements import rule_sets
from wijkapp.agreements.rota_terms import DEFAULTS
from wijkapp.rota.models import Duty, Plan, PlanTarget, Wish
from wijkapp.rota.problem import Interval, Kind, Rota
from wijkapp.rota.roster import Table
from wijkapp.rota.rules import AbsenceKind, HeldBy, Line
from wijkapp.rota.service import holding
from wijkapp.rota.service.balance import balance_of, holidays_of
from wijkapp.rota.service.plan_page import page
from wijkapp.rota.service.problem import faults_of, problem_of, rota_of, targets_of

DAY = timedelta(days=1)


@pytest.fixture
def town(make):
    return make.rota_town(organisations=2, people=2)


def test_people_duties_and_keys_are_those_of_the_region(db, make, town):
    one, other = town.organisations
    make.rota_terms(town, key={one.id: Fraction(3), other.id: Fraction(1)}, rules={"daily_rest": 12})
    town.members[0].share, town.members[0].exempt_nights = 50, True
    town.members[1].active = False
    plan = make.draft(town, weeks=1, filled=False)

    problem = problem_of(db, plan)

    assert {person.id for person in problem.people} == {str(m.id) for m in town.members if m.active}
    first = problem.person[str(town.members[0].id)]
    assert (first.share, first.exempt_nights, first.level) == (Fraction(1, 2), True, 3)
    assert {one.id: one.key for one in problem.organisations} == {str(one.id): 3, str(other.id): 1}
    assert len(problem.duties) == len(make.duties(plan)) == 32
    assert problem.rules == {"daily_rest": 12}
    assert problem.keep == {}


def test_without_a_key_organisations_do_as_much_as_their_people_have_fte(db, make, town):
    town.members[0].share = 50
    problem = problem_of(db, make.draft(town, weeks=1, filled=False))
    keys = {one.id: one.key for one in problem.organisations}
    assert keys == {
        str(town.organisations[0].id): Fraction(3, 2),
        str(town.organisations[1].id): Fraction(2),
    }


def test_who_cannot_works_elsewhere_or_would_rather_not_is_known(db, make, town):
    member = town.members[0]
    make.absence(member, at("2027-01-05 00:00"), at("2027-01-07 00:00"))
    make.absence(member, at("2027-01-08 07:00"), at("2027-01-08 15:00"), AbsenceKind.BUSY)
    make.absence(member, at("2020-01-08 07:00"), at("2020-01-08 15:00"), AbsenceKind.BUSY)
    db.add(Wish(member_id=member.id, day=date(2027, 1, 9), block=""))
    db.add(Wish(member_id=member.id, day=date(2027, 1, 10), block="night"))
    plan = make.draft(town, weeks=1, filled=False)
    db.flush()

    person = problem_of(db, plan).person[str(member.id)]

    assert person.unavailable == (Interval(at("2027-01-05 00:00"), at("2027-01-07 00:00")),)
    assert person.busy == (Interval(at("2027-01-08 07:00"), at("2027-01-08 15:00")),)
    rather_not = [make.db.get_one(Duty, _id) for _id in map(_uuid, person.avoid)]
    assert sorted((one.block, one.line) for one in rather_not) == sorted(
        [(block, line) for block in ("day", "evening", "night") for line in Line]
        + [("night", line) for line in Line]
    )


def _uuid(text):
    from uuid import UUID

    return UUID(text)


def test_locked_duties_are_kept_and_what_was_given_is_kept_instead(db, make, town):
    plan = make.draft(town, weeks=1)
    night, evening = make.duty_on(plan, MONDAY), make.duty_on(plan, MONDAY, "evening")
    night.locked = True
    db.flush()
    assert problem_of(db, plan).keep == {str(night.id): str(night.member_id)}
    given = problem_of(db, plan, keep={evening.id: town.members[1].id})
    assert given.keep == {str(evening.id): str(town.members[1].id)}


def test_rests_hold_across_the_border_of_two_rotas(db, make, town):
    """A night that ends on the first morning of a rota is of the rota before."""
    before = make.plan(town, weeks=1, filled=False)
    member = town.members[0]
    night = make.duty_on(before, MONDAY + 6 * DAY)
    holding.give(db, night, member.id, how=HeldBy.PLANNER, by=None, moment=before.published_at)
    after = make.draft(town, MONDAY + 7 * DAY, weeks=1, filled=False)
    next_day = make.duty_on(after, MONDAY + 7 * DAY, "evening")
    next_day.starts_at = night.ends_at + timedelta(hours=10)  # fourteen are needed after a night
    db.flush()

    problem = problem_of(db, after)
    assert Interval(night.starts_at, night.ends_at) in problem.person[str(member.id)].busy
    rota = Rota({str(next_day.id): str(member.id)}, rota_of(db, after, problem).open)
    faults = faults_of(problem, rota, [str(next_day.id)])
    assert "rest_after_night" in {fault.rule for fault in faults}

    before.published_at = None
    db.flush()
    assert problem_of(db, after).person[str(member.id)].busy == ()


def test_being_on_call_in_another_rota_counts_and_weighs_nothing_here(db, make, town):
    before = make.plan(town, weeks=1, filled=False)
    backup = make.duty_on(before, MONDAY + 6 * DAY, line=Line.BACKUP)
    holding.give(db, backup, town.members[0].id, how=HeldBy.PLANNER, by=None, moment=before.published_at)
    after = make.draft(town, MONDAY + 7 * DAY, weeks=1)

    problem = problem_of(db, after)

    there = problem.duty[str(backup.id)]
    assert (there.weight, there.holiday, there.kind) == (0, False, Kind.REACHABLE)
    assert problem.keep == {str(backup.id): str(town.members[0].id)}
    rota = rota_of(db, after, problem)
    assert rota.assignments[str(backup.id)] == str(town.members[0].id)
    assert faults_of(problem, rota, [str(one.id) for one in make.duties(after)]) == []


def test_who_is_away_all_along_has_no_part_though_on_call_in_the_rota_before(db, make, town):
    before = make.plan(town, weeks=1, filled=False)
    member = town.members[0]
    backup = make.duty_on(before, MONDAY + 6 * DAY, line=Line.BACKUP)
    holding.give(db, backup, member.id, how=HeldBy.PLANNER, by=None, moment=before.published_at)
    make.absence(member, at("2027-01-11 00:00"), at("2027-01-20 00:00"))
    after = make.draft(town, MONDAY + 7 * DAY, weeks=1, filled=False)

    problem = problem_of(db, after)

    assert targets_of(problem)[member.id] == 0
    assert Table(problem).aims.people[0] == 0
    assert sum(targets_of(problem).values()) > 0


def test_duties_in_another_region_count_for_who_takes_part_in_both(db, make, town):
    account = town.nurses[0]
    other = make.rota_town(organisations=1, people=1)
    there = make.member(account, other.region)
    elsewhere = make.plan(other, weeks=1, filled=False)
    night = make.duty_on(elsewhere, MONDAY)
    holding.give(db, night, there.id, how=HeldBy.PLANNER, by=None, moment=elsewhere.published_at)

    here = problem_of(db, make.draft(town, weeks=1, filled=False))

    assert Interval(night.starts_at, night.ends_at) in here.person[str(town.member(account).id)].busy


def test_targets_and_work_of_published_rotas_make_the_balance(db, make, town):
    plan = make.plan(town, weeks=2)
    points = targets_of(problem_of(db, plan))
    total = db.scalar(select(func.sum(Duty.weight)).where(Duty.plan_id == plan.id))
    assert abs(sum(points.values()) - total) <= len(points)
    db.add_all(PlanTarget(plan_id=plan.id, member_id=one, points=value) for one, value in points.items())
    town.members[0].first_balance, town.members[0].first_holidays = 250, 3
    db.flush()

    balance = balance_of(db, town.region.id)

    done = dict.fromkeys(balance, 0)
    for duty in make.duties(plan):
        if duty.member_id:
            done[duty.member_id] += duty.weight
    first = {town.members[0].id: 250}
    assert balance == {one: first.get(one, 0) + done[one] - points[one] for one in done}
    assert balance_of(db, town.region.id, without=plan.id)[town.members[0].id] == 250
    assert holidays_of(db, town.region.id)[town.members[0].id] == 3
    assert balance_of(db, town.region.id, plan.published_at - DAY)[town.members[1].id] == 0


def test_the_balance_follows_the_work(db, make, town):
    plan = make.plan(town, weeks=1)
    duty = next(one for one in make.duties(plan) if one.member_id and one.block == "night")
    before = balance_of(db, town.region.id)
    giver = duty.member_id
    taker = next(one.id for one in town.members if one.id != giver)
    holding.give(db, duty, taker, how=HeldBy.SWAP, by=None, moment=plan.published_at)
    after = balance_of(db, town.region.id)
    assert after[giver] == before[giver] - duty.weight
    assert after[taker] == before[taker] + duty.weight


def test_who_held_a_running_duty_for_a_while_gets_the_points_of_that_time(db, make, town):
    plan = make.plan(town, weeks=1)
    duty = next(one for one in make.duties(plan) if one.member_id and one.block == "night")
    duty.weight = 200
    before = balance_of(db, town.region.id)
    first = duty.member_id
    second, third = [one.id for one in town.members if one.id != first][:2]
    length = duty.ends_at - duty.starts_at
    holding.give(db, duty, second, how=HeldBy.TAKEOVER, by=None, moment=duty.starts_at + length / 4)
    holding.give(db, duty, None, how=HeldBy.NOBODY, by=None, moment=duty.starts_at + length / 2)
    holding.give(db, duty, third, how=HeldBy.TAKEOVER, by=None, moment=duty.starts_at + length * 3 / 4)
    after = balance_of(db, town.region.id)
    assert after[first] == before[first] - 150
    assert after[second] == before[second] + 50
    assert after[third] == before[third] + 50


def _christmas(make, town):
    """The night of Christmas, and three others who did not have it."""
    plan = make.plan(town, date(2027, 12, 20), weeks=1)
    duty = make.duty_on(plan, date(2027, 12, 25))
    assert duty.holiday
    return plan, duty, [one.id for one in town.members if one.id != duty.member_id][:3]


def test_a_holiday_is_of_who_takes_it_in_a_swap(db, make, town):
    plan, duty, (other, *_rest) = _christmas(make, town)
    before, giver = holidays_of(db, town.region.id), duty.member_id
    holding.give(db, duty, other, how=HeldBy.SWAP, by=None, moment=plan.published_at)
    after = holidays_of(db, town.region.id)
    assert (after[giver], after[other]) == (before[giver] - 1, before[other] + 1)


@pytest.mark.parametrize(
    ("how", "part", "gone"),
    [(HeldBy.TAKEOVER, 0.75, False), (HeldBy.PLANNER, 0.75, False), (HeldBy.STANDS_IN, 0.25, True)],
)
def test_a_holiday_is_of_who_worked_most_of_it_whoever_has_it_last(db, make, town, how, part, gone):
    plan, duty, (second, *_rest) = _christmas(make, town)
    before, first = holidays_of(db, town.region.id), duty.member_id
    moment = duty.starts_at + (duty.ends_at - duty.starts_at) * part
    holding.give(db, duty, second, how=how, by=None, moment=moment)
    after = holidays_of(db, town.region.id)
    assert (after[first], after[second]) == (before[first] - gone, before[second] + gone)
    shown = {one.who.member_id: one.share.holidays for one in page(town.planners[0], plan.id).people}
    assert (shown[first], shown[second]) == (after[first], after[second])


def test_the_time_of_a_holiday_that_somebody_had_twice_is_counted_together(db, make, town):
    _plan, duty, (second, *_rest) = _christmas(make, town)
    before, first = holidays_of(db, town.region.id), duty.member_id
    length = duty.ends_at - duty.starts_at
    for eighths, member in ((3, second), (6, first)):
        holding.give(
            db, duty, member, how=HeldBy.TAKEOVER, by=None, moment=duty.starts_at + length * eighths / 8
        )
    assert holidays_of(db, town.region.id) == before


def test_a_holiday_that_stood_open_for_the_rest_is_of_who_was_there(db, make, town):
    _plan, duty, (second, *_rest) = _christmas(make, town)
    before, first = holidays_of(db, town.region.id), duty.member_id
    length = duty.ends_at - duty.starts_at
    holding.give(db, duty, None, how=HeldBy.NOBODY, by=None, moment=duty.starts_at + length / 4)
    holding.give(db, duty, second, how=HeldBy.TAKEOVER, by=None, moment=duty.starts_at + length * 7 / 8)
    after = holidays_of(db, town.region.id)
    assert (after[first], after[second]) == (before[first], before[second])


def test_what_is_put_right_after_the_end_changes_nothing_of_who_worked(db, make, town):
    _plan, duty, (second, *_rest) = _christmas(make, town)
    holidays, balance = holidays_of(db, town.region.id), balance_of(db, town.region.id)
    holding.give(db, duty, second, how=HeldBy.PLANNER, by=None, moment=duty.ends_at + timedelta(minutes=1))
    assert holidays_of(db, town.region.id) == holidays
    assert balance_of(db, town.region.id) == balance


def test_the_parts_of_a_duty_add_up_to_what_it_is_worth(db, make, town):
    plan = make.plan(town, weeks=1)
    duty = next(one for one in make.duties(plan) if one.member_id)
    before = sum(balance_of(db, town.region.id).values())
    for number, taker in enumerate(town.members[:7]):
        moment = duty.starts_at + timedelta(minutes=7 * number + 1)
        holding.give(db, duty, taker.id, how=HeldBy.TAKEOVER, by=None, moment=moment)
    assert sum(balance_of(db, town.region.id).values()) == before


def test_who_did_too_much_gets_less_in_the_next_rota(db, make, town):
    town.members[0].first_balance = 400
    problem = problem_of(db, make.draft(town, weeks=1, filled=False))
    assert problem.person[str(town.members[0].id)].balance == 4


def test_an_older_rota_keeps_the_figures_of_its_own_time(db, make, town, monkeypatch):
    newest = rule_sets.newest()
    older = newest.changed({"daily_rest": 10})
    monkeypatch.setattr(rule_sets, "on_day", lambda _day: older)
    make.rota_terms(town, rules={"week_hours": 50})
    plan = make.draft(town, weeks=1, filled=False)
    assert problem_of(db, plan).rules == {"daily_rest": 10, "week_hours": 50}


def test_laying_out_holds_to_the_terms_of_the_first_day(db, make, town):
    make.rota_terms(town, since=at("2027-01-11 00:00"), blocks=DEFAULTS.blocks[:1])
    assert {one.block for one in make.duties(make.draft(town, weeks=2, filled=False))} == {
        "evening",
        "night",
        "day",
    }
    later = make.draft(town, MONDAY + 14 * DAY, weeks=1, filled=False)
    assert {one.block for one in make.duties(later)} == {"evening"}
    assert db.scalar(select(func.count()).select_from(Plan)) == 2
