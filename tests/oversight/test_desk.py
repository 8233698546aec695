"""What a wijkregisseur sees coming, on the work list."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.agreements.making import admins_of, three
from tests.matching.make import posted
from tests.oversight.test_work import stuck
from wijkapp.agreements.models import Item
from wijkapp.agreements.rules import Urgency
from wijkapp.directory.models import ContactPerson
from wijkapp.kit import time
from wijkapp.oversight import service
from wijkapp.people.rules import Role

pytestmark = pytest.mark.database("sqlite")  # what is asked here does not depend on the database


def faces(town):
    return [
        (one.organisation.name, one.leaves, one.successor and one.successor.name)
        for one in service.work_list(town.coordinator).faces
    ]


def leaves(db, provider, days: int):
    last = time.today() + timedelta(days=days)
    contact = db.scalars(select(ContactPerson).where(ContactPerson.account_id == provider.nurse.id)).one()
    contact.valid_until = last
    db.flush()
    return last


def test_who_leaves_within_a_month_or_left_stands_on_the_list(db, make, town):
    gone, soon, followed, later, _stays = (make.provider(town.here, name=name) for name in "ABCDE")
    leaves(db, gone, -1)
    day, other = leaves(db, soon, 30), leaves(db, followed, 3)
    leaves(db, later, 31)
    follower = make.account(followed.organisation, Role.NURSE, name="Fatima")
    make.contact(follower, town.here, since=other + timedelta(days=1))
    assert faces(town) == [("A", None, None), ("B", day, None), ("C", other, "Fatima")]


def test_a_closed_account_is_nobody_to_call(db, make, town):
    oost = make.provider(town.here, name="Oost")
    oost.nurse.active = False
    db.flush()
    assert faces(town) == [("Oost", None, None)]


def test_points_past_their_date_with_whose_they_are(db, make, town, visitor):
    admins = admins_of(make, town)
    made = three(town, admins)
    late, nobodys, coming = db.scalars(
        select(Item).where(Item.agreement_id == made.agreement_id).order_by(Item.code).limit(3)
    )
    today = time.today()
    late.due_on, late.owner_id = today - timedelta(days=9), admins[0].id
    nobodys.due_on, coming.due_on = today - timedelta(days=1), today
    db.flush()
    found = service.work_list(town.coordinator).overdue
    assert [(one.item_id, one.owner and one.owner.id) for one in found] == [
        (late.id, admins[0].id),
        (nobodys.id, None),
    ]
    page = visitor(town.coordinator).get("/regio/werklijst").text
    assert found[0].words in page
    assert "van niemand" in page
    elsewhere = make.organisation("Elders")
    make.region(members=[elsewhere])
    assert service.work_list(make.account(elsewhere, Role.COORDINATOR)).overdue == []


def test_who_did_not_answer_is_named(make, town, clock, visitor):
    oost = make.provider(town.here, name="Oost")
    request_id = stuck(clock, posted(town.referrer, urgency=Urgency.TODAY))
    [item] = service.work_list(town.coordinator).items
    assert (item.request.id, item.silent) == (request_id, [oost.organisation.name])
    assert "Nog geen antwoord: Oost." in visitor(town.coordinator).get("/regio/werklijst").text
