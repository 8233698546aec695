"""Several plan at the same moment: one does it, the others are told; on both databases."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select

from tests.rota.make import Make
from tests.rota.test_swap_race import all_at_once, refusals
from tests.servers import KINDS
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.rota.models import DutyHold, Plan, PlanTarget
from wijkapp.rota.service import plans, propose, publish, runs
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
