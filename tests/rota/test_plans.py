"""A rota is made, proposed, repaired by hand, and published."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.rota.make import MONDAY_OF_ROTA, Make, RotaTown, at, plan_now
from wijkapp.kit import catalogues, time
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound
from wijkapp.kit.outbox import Event
from wijkapp.people.models import Account
from wijkapp.people.rules import Role
from wijkapp.rota import runner
from wijkapp.rota.models import Absence, Duty, DutyHold, PlanException, PlanRun, PlanTarget, Swap
from wijkapp.rota.rules import AcceptedWhy, HeldBy, Line, RunKind, RunState, SwapKind
from wijkapp.rota.runner import Progress
from wijkapp.rota.service import absence, change, plan_page, plans, propose, publish, runs
from wijkapp.rota.service.candidates import NotLawful
from wijkapp.rota.service.change import Move
from wijkapp.rota.service.plans import AlreadyPublished, NobodyTakesPart, Overlaps
from wijkapp.rota.service.publish import GapsNotSeen, NotAccepted
from wijkapp.rota.service.runs import AlreadyPlanning, RunIsOver

DAY = timedelta(days=1)
Told = Callable[[str], set[str]]

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture(autouse=True)
def _in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "now", lambda: at("2026-11-20 10:00"))


@pytest.fixture
def town(make: Make) -> RotaTown:
    return make.rota_town(organisations=3, people=3)


@pytest.fixture
def anna(town: RotaTown) -> Account:
    return town.planners[0]


@pytest.fixture
def told(db: Session) -> Told:
    def names(event: str) -> set[str]:
        return set(
            db.scalars(select(Account.name).join(Event, Event.to_id == Account.id).where(Event.name == event))
        )

    return names


def fresh(db: Session, duty: Duty) -> Duty:
    return db.scalars(select(Duty).where(Duty.id == duty.id).execution_options(populate_existing=True)).one()


# --- made


def test_the_next_rota_begins_where_the_last_one_ends(db: Session, make: Make, town: RotaTown) -> None:
    ahead = timedelta(days=28)
    today = date(2026, 11, 20)
    first = plans.next_day(db, town.region.id, today, ahead)
    assert first == date(2026, 12, 21), "a Monday, at least four weeks ahead"
    plan = make.draft(town, filled=False)
    assert plans.next_day(db, town.region.id, today, ahead) == plan.last_day + DAY


def test_a_rota_holds_every_duty_and_the_planner_is_asked(
    db: Session, make: Make, town: RotaTown, anna: Account
) -> None:
    plan_id = plans.make(anna, town.region.id, MONDAY_OF_ROTA, 1)
    duties = db.scalars(select(Duty).where(Duty.plan_id == plan_id)).all()
    assert len(duties) == 2 * (7 + 7 + 2)  # evenings, nights, two days in the weekend; each with a back-up
    assert db.scalars(select(PlanRun.state)).all() == [RunState.WAITING]


def test_no_two_rotas_of_a_region_overlap(make: Make, town: RotaTown, anna: Account) -> None:
    make.draft(town, filled=False)
    with pytest.raises(Overlaps):
        plans.make(anna, town.region.id, MONDAY_OF_ROTA + 7 * DAY, 1)


def test_a_rota_of_the_past_or_of_years_ahead_is_refused(town: RotaTown, anna: Account) -> None:
    for first, weeks in ((date(2026, 11, 19), 1), (date(2029, 1, 1), 1), (MONDAY_OF_ROTA, 0)):
        with pytest.raises(Invalid):
            plans.make(anna, town.region.id, first, weeks)


def test_without_people_there_is_nothing_to_plan(make: Make, town: RotaTown) -> None:
    other = make.region(members=[town.organisations[0]])
    with pytest.raises(NobodyTakesPart):
        plans.make(town.planners[0], other.id, MONDAY_OF_ROTA, 1)


def test_bram_a_nurse_may_not_plan_and_carla_elsewhere_knows_of_nothing(make: Make, town: RotaTown) -> None:
    plan = make.draft(town, filled=False)
    bram = town.nurses[0]
    elsewhere = make.organisation()
    make.region(members=[elsewhere])
    carla = make.account(elsewhere, Role.PLANNER, Role.COORDINATOR)
    for actor, refusal in ((bram, NotAllowed), (carla, NotFound)):
        with pytest.raises(refusal):
            plan_page.page(actor, plan.id)
        with pytest.raises(refusal):
            propose.ask(actor, plan.id)
        with pytest.raises(refusal):
            publish.publish(actor, plan.id, {}, gaps_seen=True)
        with pytest.raises(refusal):
            change.put(actor, plan.id, Move(make.duties(plan)[0].id, None))
    with pytest.raises(NotAllowed):
        plans.make(carla, town.region.id, MONDAY_OF_ROTA, 1)


def test_a_rota_that_nobody_saw_can_be_thrown_away_and_no_other(
    db: Session, make: Make, town: RotaTown, anna: Account
) -> None:
    plan = make.draft(town)
    plans.throw_away(anna, plan.id)
    assert not db.scalars(select(Duty)).all()
    stands = make.plan(town)
    with pytest.raises(AlreadyPublished):
        plans.throw_away(anna, stands.id)


# --- proposed


def test_the_proposal_is_lawful_and_fair_and_becomes_the_rota(
    db: Session, make: Make, town: RotaTown, anna: Account, told: Told
) -> None:
    plan_id = plans.make(anna, town.region.id, MONDAY_OF_ROTA, 1)
    plan_now()
    assert told("rota.proposed") == {anna.name}
    page = plan_page.page(anna, plan_id)
    assert page.proposal
    assert not page.proposal.open
    assert len(page.proposal.changed) == len(page.places)
    assert page.gaps, "a proposal is not the rota yet"
    assert propose.take(anna, plan_id, page.proposal.run.id) == len(page.places)
    page = plan_page.page(anna, plan_id)
    assert not page.gaps
    assert not page.faults
    assert not page.proposal
    assert sum(one.share.points for one in page.people) == sum(
        (Fraction(one.duty.weight, 100) for one in page.places), Fraction(0)
    )
    with pytest.raises(RunIsOver):
        propose.take(anna, plan_id, db.scalars(select(PlanRun.id)).one())


def test_a_proposal_that_is_put_away_changes_nothing(make: Make, town: RotaTown, anna: Account) -> None:
    plan = make.draft(town, weeks=1)
    before = {one.id: one.member_id for one in make.duties(plan)}
    run_id = propose.ask(anna, plan.id)
    plan_now()
    propose.put_away(anna, plan.id, run_id)
    assert {one.id: one.member_id for one in make.duties(plan)} == before
    assert plan_page.page(anna, plan.id).proposal is None


def test_what_was_locked_stays(db: Session, make: Make, town: RotaTown, anna: Account) -> None:
    plan = make.draft(town, weeks=1)
    duty = make.duty_on(plan, MONDAY_OF_ROTA)
    had = duty.member_id
    change.lock(anna, plan.id, duty.id, locked=True)
    run_id = propose.ask(anna, plan.id)
    plan_now()
    propose.take(anna, plan.id, run_id)
    assert fresh(db, duty).member_id == had


def test_planning_goes_on_once_at_a_time_and_can_be_stopped(
    db: Session, make: Make, town: RotaTown, anna: Account
) -> None:
    plan = make.draft(town, weeks=1, filled=False)
    run_id = propose.ask(anna, plan.id)
    with pytest.raises(AlreadyPlanning):
        propose.ask(anna, plan.id)
    task = runs.claim()
    assert task is not None
    assert runs.claim() is None, "it is claimed once"
    assert runs.beat(run_id, 30)
    propose.stop(anna, plan.id, run_id)
    assert not runs.beat(run_id, 40), "the process hears that nobody waits any more"
    runner.do(task, Progress())
    assert db.get_one(PlanRun, run_id, populate_existing=True).state is RunState.CANCELLED
    with pytest.raises(RunIsOver):
        propose.stop(anna, plan.id, run_id)
    propose.ask(anna, plan.id)


def test_a_process_that_died_is_succeeded(
    make: Make, town: RotaTown, anna: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make.draft(town, weeks=1, filled=False)
    run_id = propose.ask(anna, plan.id)
    assert runs.claim()
    moment = time.now()
    monkeypatch.setattr(time, "now", lambda: moment + timedelta(seconds=59))
    assert runs.claim() is None, "it may live still"
    monkeypatch.setattr(time, "now", lambda: moment + timedelta(seconds=61))
    task = runs.claim()
    assert task is not None
    assert task.run_id == run_id


def test_what_fails_each_time_ends_some_time_and_whoever_asked_hears_it(
    db: Session, make: Make, town: RotaTown, anna: Account, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make.draft(town, weeks=1, filled=False)
    run_id = propose.ask(anna, plan.id)
    moment = time.now()
    monkeypatch.setattr(time, "now", lambda: moment + timedelta(minutes=61))
    assert runs.claim() is None
    assert db.get_one(PlanRun, run_id, populate_existing=True).state is RunState.FAILED
    assert told("rota.plan_failed") == {anna.name}


def test_when_people_cannot_does_not_stay_behind_in_what_the_planner_was_asked(
    db: Session, make: Make, town: RotaTown, anna: Account
) -> None:
    plan = make.draft(town, weeks=1, filled=False)

    def asked() -> str:
        return db.get_one(PlanRun, run_id, populate_existing=True).problem

    run_id = propose.ask(anna, plan.id)
    assert runs.claim()
    assert "unavailable" in asked()
    propose.stop(anna, plan.id, run_id)
    assert asked() == "{}"
    run_id = propose.ask(anna, plan.id)
    plan_now()
    assert asked() == "{}"
    assert plan_page.page(anna, plan.id).proposal
    propose.put_away(anna, plan.id, run_id)
    run_id = propose.ask(anna, plan.id)
    publish.publish(anna, plan.id, {}, gaps_seen=True)
    assert asked() == "{}"


# --- by hand


def test_somebody_is_put_in_a_duty_when_that_is_lawful(
    db: Session, make: Make, town: RotaTown, anna: Account
) -> None:
    plan = make.draft(town, weeks=1)
    duty = make.duty_on(plan, MONDAY_OF_ROTA)
    page = change.choices(anna, plan.id, duty.id)
    best = page.candidates[0]
    assert best.who.member_id != duty.member_id
    assert str(duty.id) in change.may_have(anna, plan.id, best.who.member_id)
    change.put(anna, plan.id, Move(duty.id, best.who.member_id))
    assert fresh(db, duty).member_id == best.who.member_id


def test_what_a_rule_forbids_says_who_and_why_and_can_be_done_even_so(
    db: Session, make: Make, town: RotaTown, anna: Account
) -> None:
    plan = make.draft(town, weeks=1)
    night, evening = make.duty_on(plan, MONDAY_OF_ROTA), make.duty_on(plan, MONDAY_OF_ROTA, "evening")
    member = night.member_id
    name = db.get_one(Account, next(one.account_id for one in town.members if one.id == member)).name
    with pytest.raises(NotLawful) as refused:
        change.put(anna, plan.id, Move(evening.id, member))
    assert name in str(refused.value.sentence)
    assert str(member) not in str(refused.value.sentence)
    unfit = {one.who.member_id: one.why for one in change.choices(anna, plan.id, evening.id).others or ()}
    assert unfit[member]
    change.put(anna, plan.id, Move(evening.id, member, even_so=True))
    assert fresh(db, evening).member_id == member
    assert plan_page.page(anna, plan.id).faults


def test_two_duties_are_exchanged(db: Session, make: Make, town: RotaTown, anna: Account) -> None:
    plan = make.draft(town, weeks=1)
    duties = make.duties(plan, "evening", Line.MAIN)
    one, other = next(
        (one, other)
        for one in duties
        for other in duties
        if one.member_id != other.member_id and abs(one.starts_at - other.starts_at) > 2 * DAY
    )
    mine, theirs = one.member_id, other.member_id
    change.put(anna, plan.id, Move(other.id, mine, from_duty_id=one.id, even_so=True))
    assert (fresh(db, one).member_id, fresh(db, other).member_id) == (theirs, mine)
    with pytest.raises(Invalid):
        change.put(anna, plan.id, Move(other.id, mine, from_duty_id=one.id))


def test_a_rota_that_stands_is_not_changed_by_hand(make: Make, town: RotaTown, anna: Account) -> None:
    plan = make.plan(town, weeks=1)
    duty = make.duties(plan)[0]
    for what in (
        lambda: change.put(anna, plan.id, Move(duty.id, None, even_so=True)),
        lambda: change.lock(anna, plan.id, duty.id, locked=True),
        lambda: propose.ask(anna, plan.id),
    ):
        with pytest.raises(AlreadyPublished):
            what()


# --- published


def test_publishing_tells_everybody_and_keeps_what_was_meant(
    db: Session, make: Make, town: RotaTown, anna: Account, told: Told
) -> None:
    plan = make.draft(town, weeks=1)
    publish.publish(anna, plan.id, {})
    duties = make.duties(plan)
    holds = db.scalars(select(DutyHold)).all()
    assert {one.how for one in holds} == {HeldBy.PUBLISHED}
    assert len(holds) == len(duties)
    meant = sum(db.scalars(select(PlanTarget.points)))
    assert abs(meant - sum(one.weight for one in duties)) <= len(town.members)
    everybody = {one.name for one in (*town.planners, *town.nurses)}
    assert told("rota.published") == everybody - {anna.name}
    with pytest.raises(AlreadyPublished):
        publish.publish(anna, plan.id, {})


def test_a_rule_that_says_no_needs_a_reason_that_is_kept(
    db: Session, make: Make, town: RotaTown, anna: Account
) -> None:
    plan = make.draft(town, weeks=1)
    night, evening = make.duty_on(plan, MONDAY_OF_ROTA), make.duty_on(plan, MONDAY_OF_ROTA, "evening")
    change.put(anna, plan.id, Move(evening.id, night.member_id, even_so=True))
    with pytest.raises(NotAccepted):
        publish.publish(anna, plan.id, {})
    faults = plan_page.page(anna, plan.id).faults
    publish.publish(anna, plan.id, {publish.key_of(one): AcceptedWhy.AGREED for one in faults})
    kept = db.scalars(select(PlanException)).all()
    assert {(one.rule, one.member_id) for one in kept} == {
        (one.violation.rule, night.member_id) for one in faults
    }
    assert {one.why for one in kept} == {AcceptedWhy.AGREED}
    page = plan_page.page(anna, plan.id)
    assert not page.faults
    assert len(page.accepted) == len(faults)


def test_a_rota_with_gaps_is_published_only_by_who_knows(
    db: Session, make: Make, town: RotaTown, anna: Account
) -> None:
    plan = make.draft(town, weeks=1)
    duty = make.duties(plan)[0]
    change.put(anna, plan.id, Move(duty.id, None, even_so=True))
    with pytest.raises(GapsNotSeen):
        publish.publish(anna, plan.id, {})
    publish.publish(anna, plan.id, {}, gaps_seen=True)
    assert db.scalars(select(DutyHold.how).where(DutyHold.duty_id == duty.id)).all() == [HeldBy.NOBODY]


# --- somebody falls out


def test_somebody_falls_out_and_few_people_notice(
    db: Session, make: Make, town: RotaTown, anna: Account
) -> None:
    plan = make.draft(town, weeks=2)
    ill = make.duty_on(plan, MONDAY_OF_ROTA).member_id
    assert ill
    run_id = change.falls_out(anna, plan.id, ill, MONDAY_OF_ROTA, MONDAY_OF_ROTA + 3 * DAY)
    [absence] = db.scalars(select(Absence)).all()
    assert absence.starts_at == time.day_starts(MONDAY_OF_ROTA)
    plan_now()
    page = plan_page.page(anna, plan.id)
    assert page.proposal
    assert page.proposal.run.id == run_id
    assert page.proposal.run.kind is RunKind.REPAIR
    lost = [one for one in page.proposal.changed if one.who and one.who.member_id == ill]
    assert lost
    assert len(page.proposal.changed) <= len(lost) + 4
    propose.take(anna, plan.id, run_id)
    assert not plan_page.page(anna, plan.id).faults


def test_what_was_locked_for_who_falls_out_goes_to_another(
    db: Session, make: Make, town: RotaTown, anna: Account
) -> None:
    plan = make.draft(town, weeks=2)
    night = make.duty_on(plan, MONDAY_OF_ROTA)
    ill = night.member_id
    assert ill
    later = next(one for one in make.duties(plan) if one.member_id == ill and one.starts_at > night.starts_at)
    for duty in (night, later):
        change.lock(anna, plan.id, duty.id, locked=True)
    run_id = change.falls_out(anna, plan.id, ill, MONDAY_OF_ROTA, MONDAY_OF_ROTA)
    plan_now()
    propose.take(anna, plan.id, run_id)
    assert fresh(db, night).member_id not in (ill, None)
    assert (fresh(db, later).member_id, later.locked) == (ill, True)
    assert not plan_page.page(anna, plan.id).faults


def test_who_falls_out_cannot_in_any_region_hears_it_and_sees_who_said_so(
    db: Session, make: Make, town: RotaTown, anna: Account, told: Told
) -> None:
    plan = make.draft(town, weeks=1)
    ill = town.members[-1]  # of another organisation than Anna
    nurse = db.get_one(Account, ill.account_id)
    beyond = make.region(members=[town.organisations[-1]])
    here_too = make.member(nurse, beyond)
    stopped = make.member(nurse, make.region(members=[town.organisations[-1]]), active=False)
    change.falls_out(anna, plan.id, ill.id, MONDAY_OF_ROTA, MONDAY_OF_ROTA)
    assert set(db.scalars(select(Absence.member_id))) == {ill.id, here_too.id, stopped.id}
    assert told("rota.cannot") == {nurse.name}
    [said] = absence.availability(nurse).said_by.values()
    assert said == anna.name
    [one] = absence.availability(nurse).absences
    absence.drop_absence(nurse, one.id)
    assert not db.scalars(select(Absence)).all()


def test_what_a_planner_chose_against_a_rule_stays_when_somebody_falls_out(
    make: Make, town: RotaTown, anna: Account
) -> None:
    plan = make.draft(town, weeks=2)
    night, evening = make.duty_on(plan, MONDAY_OF_ROTA), make.duty_on(plan, MONDAY_OF_ROTA, "evening")
    change.put(anna, plan.id, Move(evening.id, night.member_id, even_so=True))
    other = next(
        one.member_id for one in make.duties(plan, "day") if one.member_id not in (None, night.member_id)
    )
    change.falls_out(anna, plan.id, other, MONDAY_OF_ROTA + 5 * DAY, MONDAY_OF_ROTA + 6 * DAY)
    plan_now()
    proposal = plan_page.page(anna, plan.id).proposal
    assert proposal
    assert proposal.changed
    assert evening.id not in {one.duty.id for one in proposal.changed}


def test_of_a_rota_that_stands_those_who_would_get_a_duty_are_asked(
    db: Session, make: Make, town: RotaTown, anna: Account
) -> None:
    plan = make.plan(town, weeks=1)
    duty = make.duty_on(plan, MONDAY_OF_ROTA + DAY)
    ill = duty.member_id
    assert ill
    run_id = change.falls_out(anna, plan.id, ill, MONDAY_OF_ROTA + DAY, MONDAY_OF_ROTA + DAY)
    plan_now()
    answer = propose.ask_people(anna, plan.id, run_id)
    swaps = db.scalars(select(Swap)).all()
    assert answer.asked == len(swaps) >= 1
    assert {one.kind for one in swaps} == {SwapKind.PLANNER}
    assert fresh(db, duty).member_id == ill, "until somebody says yes it stays"


def test_an_impossible_night_is_explained_in_the_words_of_who_reads(
    db: Session, make: Make, town: RotaTown, anna: Account
) -> None:
    plan = make.draft(town, weeks=1, filled=False)
    night = make.duty_on(plan, MONDAY_OF_ROTA)
    for member in town.members:
        make.absence(member, night.starts_at, night.ends_at)
    run_id = propose.ask(anna, plan.id)
    plan_now()
    propose.take(anna, plan.id, run_id)
    gaps = plan_page.page(anna, plan.id).gaps
    assert {one.duty.block for one in gaps} == {"night"}
    assert len(gaps) == 2
    said = " ".join(gaps[0].why)
    assert said.startswith("Afwezig: ")
    assert all(one.name in said for one in town.nurses)

    with catalogues.speaking("en"):
        assert plan_page.page(anna, plan.id).gaps[0].why[0].startswith("Away: ")
    run = db.scalars(select(PlanRun)).one()
    run.rota = re.sub(r',"reasons":\[.*?\](?=\})', "", run.rota or "")
    db.commit()
    with catalogues.speaking("en"):  # of before the facts were kept
        assert " ".join(plan_page.page(anna, plan.id).gaps[0].why) == said
