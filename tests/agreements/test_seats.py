"""A seat that was entered by name gets the account of who sits in it, without losing the seat."""

import pytest
from sqlalchemy import select

from tests.agreements.making import admins_of, three
from wijkapp.agreements.models import Body, Seat
from wijkapp.agreements.register import BodyKind, Hears, SeatLevel
from wijkapp.agreements.service import plans
from wijkapp.agreements.service.plans import Sits
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound
from wijkapp.people.rules import Role

NONE = "nog zonder account"


@pytest.fixture
def made(make, town):
    return three(town, admins_of(make, town))


@pytest.fixture
def seat(db, made):
    """Anna, an admin of Oost, sits in the core team since before an account could be chosen."""
    anna = made.admins[0]
    plans.add_body(anna, made.agreement_id, BodyKind.CORE, "", "")
    body = db.scalars(select(Body)).one()
    sits = Sits(SeatLevel.STAFF, organisation_id=anna.organisation_id, name="Anna")
    plans.seat(anna, made.agreement_id, body.id, sits)
    return db.scalars(select(Seat)).one()


def _at(made, seat) -> str:
    return f"/afspraken/{made.agreement_id}/stoelen/{seat.id}/account"


def _page(visitor, made, who) -> str:
    return visitor(who).get(f"/afspraken/{made.agreement_id}/overleg").text


def test_the_page_says_so_at_the_seat_and_it_is_mended_there(db, make, made, seat, visitor):
    anna = made.admins[0]
    bram = make.account(anna.organisation, Role.NURSE, name="Bram")
    page = _page(visitor, made, anna)
    assert NONE in page.lower()
    form = page.split(_at(made, seat))[1].split("</form>")[0]
    assert f'value="{anna.id}"' in form
    assert f'value="{bram.id}"' in form
    assert f'value="{made.admins[1].id}"' not in form  # works elsewhere

    assert visitor(anna).post(_at(made, seat), {"account": str(anna.id)}).status_code == 302
    db.expire_all()
    assert (seat.account_id, seat.name, seat.level) == (anna.id, anna.name, SeatLevel.STAFF)
    assert NONE not in _page(visitor, made, anna).lower()


def test_who_has_the_same_name_is_chosen_already(db, made, seat, visitor):
    seat.name = made.admins[0].name
    db.flush()
    assert f'selected value="{made.admins[0].id}"' in _page(visitor, made, made.admins[0])


def test_a_body_whose_seats_have_no_account_hears_of_a_step_once_one_has(db, made, seat):
    anna, agreement_id = made.admins[0], made.agreement_id
    plans.add_escalation(anna, agreement_id, 3, Hears.BODY, "Praten.", seat.body_id)
    [line] = plans.plans_page(anna, agreement_id).escalation
    assert line.hearers.instead
    plans.sits_here(anna, agreement_id, seat.id, anna.id)
    [line] = plans.plans_page(anna, agreement_id).escalation
    assert [one.id for one in line.hearers.people] == [anna.id]


def test_a_closed_account_is_told_and_mended_in_the_same_way(db, make, made, seat, visitor):
    anna = made.admins[0]
    bram = make.account(anna.organisation, Role.NURSE, name="Bram")
    plans.sits_here(anna, made.agreement_id, seat.id, bram.id)
    bram.active = False
    db.flush()
    assert "account is gesloten" in _page(visitor, made, anna)
    plans.sits_here(anna, made.agreement_id, seat.id, anna.id)
    assert "account is gesloten" not in _page(visitor, made, anna)


def test_only_an_active_colleague_of_that_party_who_has_no_seat_there_yet(db, make, made, seat, visitor):
    anna, west = made.admins[:2]
    gone = make.account(anna.organisation, Role.NURSE)
    gone.active = False
    db.flush()
    twice = Sits(SeatLevel.BOARD, account_id=anna.id)
    plans.seat(anna, made.agreement_id, seat.body_id, twice)
    for who in (gone, west, anna):
        with pytest.raises(Invalid) as refused:
            plans.sits_here(anna, made.agreement_id, seat.id, who.id)
        assert set(refused.value.fields) == {"account"}
    for sent in ({}, {"account": ""}, {"account": str(west.id)}, {"account": "maan"}):
        wrong = visitor(anna).post(_at(made, seat), sent)
        assert wrong.status_code == 422
        assert "Kies" in wrong.text
    assert seat.account_id is None


def test_bram_of_the_same_party_may_not_and_carla_of_another_organisation_never(make, town, made, seat):
    anna = made.admins[0]
    bram = make.account(anna.organisation, Role.NURSE)
    carla = make.account(make.provider(town.here, name="Elders").organisation, Role.ADMIN)
    for who in (bram, carla):
        with pytest.raises(NotAllowed):
            plans.sits_here(who, made.agreement_id, seat.id, anna.id)
    other = three(town, made.admins)
    with pytest.raises(NotFound):
        plans.sits_here(anna, other.agreement_id, seat.id, anna.id)
