"""Several plan at the same moment: one does it, the others are told; on both databases."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select

from tests.racing import all_at_once, refusals
from tests.rota.make import Make
from tests.servers import KINDS
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid
from wijkapp.people.rules import Role
from wijkapp.rota.models import Absence, DutyHold, Member, Plan, PlanTarget
from wijkapp.rota.service import change, members, plans, propose, publish, runs
from wijkapp.rota.service.members import Facts
from wijkapp.rota.service.plans import AlreadyPublished, Overlaps
from wijkapp.rota.service.runs import AlreadyPlanning

pytestmark = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def first() -> date:
    return time.today() + timedelta(days=60)


def test_a_rota_is_published_once(kind: str, fresh_database: Callable[[str], Engine], first: date) -> None:
    fresh_database(kind)
    with transaction() as db:
        make = Make(db)
        town = make.rota_town()
        plan_id = make.draft(town, first, weeks=1).id
        duties = len(make.duties(db.get_one(Plan, plan_id)))
    said = all_at_once([lambda: publish.publish(town.planners[0], plan_id, {}, gaps_seen=True)] * 4)
    assert refusals(said) == {AlreadyPublished: 3}
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(DutyHold)) == duties
        assert db.scalar(select(func.count()).select_from(PlanTarget)) == len(town.members)


def test_two_who_make_a_rota_for_the_same_weeks_make_one_and_it_is_planned_once(
    kind: str, fresh_database: Callable[[str], Engine], first: date
) -> None:
    fresh_database(kind)
    with transaction() as db:
        town = Make(db).rota_town()
    starts = [first, first + timedelta(days=3)] * 2
    said = all_at_once(
        [lambda day=day: plans.make(town.planners[0], town.region.id, day, 1) for day in starts]
    )
    assert refusals(said) == {Overlaps: 3}
    [plan_id] = [one for one in said if not isinstance(one, Exception)]
    assert sum(one is not None for one in all_at_once([runs.claim] * 4)) == 1
    assert refusals(all_at_once([lambda: propose.ask(town.planners[1], plan_id)] * 2)) == {AlreadyPlanning: 2}
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Plan)) == 1


def test_of_two_who_say_that_somebody_falls_out_one_gets_the_planner_and_it_is_written_once(
    kind: str, fresh_database: Callable[[str], Engine], first: date
) -> None:
    fresh_database(kind)
    with transaction() as db:
        make = Make(db)
        town = make.rota_town()
        plan_id = make.plan(town, first, weeks=1).id
    ill, planners = town.members[-1].id, town.planners[:2]
    acts = [
        lambda who=who: change.falls_out(who, plan_id, ill, first, first) for who in (*planners, *planners)
    ]
    assert refusals(all_at_once(acts)) == {AlreadyPlanning: 3}
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Absence)) == 1


def test_of_two_who_put_somebody_on_the_list_one_does(
    kind: str, fresh_database: Callable[[str], Engine]
) -> None:
    fresh_database(kind)
    with transaction() as db:
        make = Make(db)
        town = make.rota_town()
        new = make.account(town.organisations[0], Role.NURSE)
    facts = Facts(level=3, share=100)
    acts = [lambda: members.add_person(town.planners[0], town.region.id, new.id, facts)] * 4
    assert refusals(all_at_once(acts)) == {Invalid: 3}
    with reading() as db:
        mine = select(func.count()).select_from(Member).where(Member.account_id == new.id)
        assert db.scalar(mine) == 1
