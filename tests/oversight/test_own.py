"""What a provider sees of itself: a place among the others, never a figure of one of them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from tests.agreements.things import make_agreement
from tests.matching.make import offered, posted
from tests.rota.make import Make as MakeRota
from wijkapp.agreements.models import Item
from wijkapp.kit import time
from wijkapp.matching import service as matching
from wijkapp.matching.rules import DeclineReason
from wijkapp.oversight import service
from wijkapp.oversight.rules import Period
from wijkapp.oversight.rules.position import Position, position
from wijkapp.people.rules import PaperKind, Role
from wijkapp.people.service import papers
from wijkapp.rota.models import Duty, PlanTarget


@pytest.mark.parametrize(
    ("own", "others", "low_is_good", "found"),
    [
        (None, [1, 2, 3, 4], False, None),
        (5, [1, 2, 3], False, None),
        (5, [1, 2, 3, 9], False, Position.ABOVE),
        (5, [1, 2, 8, 9], False, Position.MIDDLE),
        (5, [5, 5, 5, 5], False, Position.MIDDLE),
        (5, [1, 7, 8, 9], False, Position.BELOW),
        (5, [1, 7, 8, 9], True, Position.ABOVE),
        (5, [1, 2, 3, 9], True, Position.BELOW),
    ],
)
def test_a_place_is_that_among_four_or_more(own, others, low_is_good, found):
    assert position(own, others, low_is_good=low_is_good) is found


def asked_of_all(make, town, clock, others: int):
    """We answer each of three requests with an offer at once; the others say no, later."""
    ours = make.provider(town.here, name="Oost", places=9)
    theirs = [make.provider(town.here, name=f"Rivaal {n}", places=9) for n in range(others)]
    for _request in range(3):
        request_id = posted(town.referrer)
        clock.shift(timedelta(minutes=2))
        offered(ours.nurse, request_id)
        clock.shift(timedelta(minutes=20))
        for one in theirs:
            matching.decline(one.nurse, request_id, DeclineReason.NO_ROOM)
    return ours, theirs


@pytest.mark.database("sqlite")
def test_with_four_others_one_sees_where_one_stands(make, town, clock, visitor):
    ours, theirs = asked_of_all(make, town, clock, 4)
    [wijk] = service.ours(ours.nurse, Period.MONTH).wijken
    assert (wijk.answers, wijk.speed, wijk.offers) == (Position.MIDDLE, Position.ABOVE, Position.ABOVE)
    [wijk] = service.ours(theirs[0].nurse, Period.MONTH).wijken
    assert wijk.offers is Position.MIDDLE
    page = visitor(ours.nurse).get("/onze-cijfers").text
    assert "boven" in page
    assert "Rivaal" not in page


@pytest.mark.database("sqlite")
def test_with_three_others_nothing_is_said(make, town, clock):
    ours, _theirs = asked_of_all(make, town, clock, 3)
    [wijk] = service.ours(ours.nurse, Period.MONTH).wijken
    assert {wijk.answers, wijk.speed, wijk.offers, wijk.right} == {None}


def test_own_tasks_and_papers_are_there_and_those_of_another_are_not(make, town, clock, visitor):
    oost, west = make.provider(town.here, name="Oost"), make.provider(town.here, name="West")
    admin = make.account(oost.organisation, Role.ADMIN)
    made = make_agreement(
        make.db, town.region, [town.here], town.coordinator, oost.organisation, west.organisation
    )
    owned = select(Item.id).where(Item.agreement_id == made.agreement.id).order_by(Item.id)
    item, other = make.db.scalars(owned.limit(2)).all()
    day = time.today() - timedelta(days=1)
    make.db.execute(update(Item).where(Item.id == item).values(owner_id=oost.nurse.id, due_on=day))
    make.db.execute(update(Item).where(Item.id == other).values(owner_id=west.nurse.id))
    make.db.flush()
    papers.save_papers(admin, {PaperKind.INSURANCE: time.today() + timedelta(days=10)})

    ours = service.ours(oost.nurse, Period.MONTH)
    assert [one.item_id for one in ours.tasks] == [item]
    assert [one.kind for one in ours.papers] == [PaperKind.INSURANCE]
    theirs = service.ours(west.nurse, Period.MONTH)
    assert (list(theirs.tasks), list(theirs.papers)) == ([], [])
    page = visitor(oost.nurse).get("/onze-cijfers").text
    assert "te laat" in page
    assert "binnen 14 dagen" in page


@pytest.mark.database("sqlite")
def test_own_points_stand_beside_the_part_that_was_meant(db, clock):
    make = MakeRota(db)
    here = make.rota_town(organisations=2, people=2)
    plan = make.plan(here, time.today(), 1, published=time.now())
    for member in here.members:
        db.add(PlanTarget(plan_id=plan.id, member_id=member.id, points=1000))
    db.flush()
    us = here.planners[0]
    mine = [one.id for one in here.members if one.account_id in {us.id, here.nurses[0].id}]
    done = db.scalar(select(func.sum(Duty.weight)).where(Duty.member_id.in_(mine)))
    [duties] = service.ours(us, Period.MONTH).duties
    assert (duties.people, duties.part, duties.done) == (2, 2000, done)
