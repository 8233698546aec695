"""A placement takes a place and the hours, once; what falls through comes back, once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.capacity.make import EVERY_MORNING, Make
from wijkapp.capacity.models import Capacity, CapacityChange, CapacityTake
from wijkapp.capacity.rules import NO_WEEK, SLOTS, Change
from wijkapp.capacity.service import NoPlaceLeft, give_back, open_place, take
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.outbox import Event

HALF_HOUR = (30,) * SLOTS


def _now(db: Session, capacity_id: UUID) -> Capacity:
    return db.get_one(Capacity, capacity_id, populate_existing=True)


def test_a_placement_takes_one_place_and_only_the_hours_there_are(db, make):
    figure = make.capacity(places=2)

    taken = take(db, figure.team_id, "verpleging", HALF_HOUR)

    assert taken.places == 1
    assert taken.week == tuple(30 if free else 0 for free in EVERY_MORNING)
    left = _now(db, figure.id)
    assert left.places == 1
    assert left.week == taken.week


def test_a_placement_does_not_confirm_the_figure(db, make):
    figure = make.capacity()
    confirmed_at = figure.confirmed_at

    take(db, figure.team_id, "verpleging", HALF_HOUR)

    assert _now(db, figure.id).confirmed_at == confirmed_at


def test_a_client_who_needs_more_than_is_free_never_makes_the_week_negative(db, make):
    figure = make.capacity()

    take(db, figure.team_id, "verpleging", (600,) * SLOTS)

    assert _now(db, figure.id).week == NO_WEEK


@pytest.mark.parametrize("state", [{"places": 0}, {"places": 3, "full": True}])
def test_a_team_without_a_place_refuses(db, make, state):
    figure = make.capacity(**state)

    with pytest.raises(NoPlaceLeft) as refused:
        take(db, figure.team_id, "verpleging", HALF_HOUR)

    assert refused.value.status == 409
    assert "geen plek" in str(refused.value.sentence)
    assert _now(db, figure.id).places == state["places"]
    assert db.scalar(select(func.count()).select_from(CapacityTake)) == 0


@pytest.mark.parametrize("state", [{"places": 0}, {"places": 3, "full": True}])
def test_a_full_team_that_offers_has_one_place_open_again(db, make, state):
    figure = make.capacity(**state)
    nurse = make.account()

    assert open_place(db, nurse.id, figure.team_id, "verpleging")

    opened = _now(db, figure.id)
    assert (opened.places, opened.full, opened.confirmed_by_id) == (1, False, nurse.id)
    take(db, figure.team_id, "verpleging", HALF_HOUR)
    assert _now(db, figure.id).places == 0


def test_an_offer_opens_no_place_when_there_is_one(db, make):
    figure = make.capacity(places=1)

    assert not open_place(db, make.account().id, figure.team_id, "verpleging")

    assert _now(db, figure.id).places == 1


def test_another_kind_of_care_or_team_keeps_its_places(db, make):
    here = make.capacity()
    other_care = make.capacity(make.team(name="Oost"), product="wondzorg")

    take(db, here.team_id, "verpleging", HALF_HOUR)

    assert _now(db, other_care.id).places == 2


def test_a_team_that_published_nothing_made_room_for_one_client(db, make):
    make.product()
    team = make.team()

    taken = take(db, team.id, "verpleging", HALF_HOUR)

    assert (taken.places, taken.week) == (0, NO_WEEK)
    with pytest.raises(NoPlaceLeft):
        take(db, team.id, "verpleging", HALF_HOUR)


def test_room_made_for_one_client_is_no_published_place_afterwards(db, make):
    make.product()
    taken = take(db, make.team().id, "verpleging", HALF_HOUR)

    assert give_back(db, taken.id)

    assert _now(db, taken.capacity_id).places == 0


def test_what_is_given_back_is_what_was_taken_and_only_once(db, make):
    figure = make.capacity(places=1)
    taken = take(db, figure.team_id, "verpleging", HALF_HOUR)

    assert give_back(db, taken.id)
    assert not give_back(db, taken.id)

    back = _now(db, figure.id)
    assert (back.places, back.week) == (1, EVERY_MORNING)


def test_an_unknown_take_gives_nothing_back(db):
    assert not give_back(db, new_id())


def test_the_history_tells_what_happened(db, make):
    figure = make.capacity(places=1)

    give_back(db, take(db, figure.team_id, "verpleging", HALF_HOUR).id)
    db.flush()

    history = db.execute(select(CapacityChange.what, CapacityChange.places).order_by(CapacityChange.id)).all()
    assert [tuple(row) for row in history] == [(Change.TAKEN, 0), (Change.GIVEN_BACK, 1)]


def test_the_contact_person_hears_that_a_place_was_taken(db, make):
    anna, wijk = make.account(), make.wijk()
    team = make.team(anna.organisation, wijk)
    make.contact(anna, wijk)
    figure = make.capacity(team)

    take(db, team.id, "verpleging", HALF_HOUR)

    told = db.execute(select(Event.name, Event.about_id, Event.to_id)).all()
    assert [tuple(row) for row in told] == [("capacity.taken", figure.id, anna.id)]


def _try(_number: int, team_id: UUID) -> str:
    try:
        with transaction() as db:
            take(db, team_id, "verpleging", HALF_HOUR)
    except NoPlaceLeft:
        return "no place"
    return "placed"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("filled_in", [True, False])
def test_of_twenty_who_want_the_last_place_exactly_one_gets_it(fresh_database, kind, filled_in):
    fresh_database(kind)
    with transaction() as db:
        make = Make(db)
        make.product()
        team = make.team()
        if filled_in:
            make.capacity(team, places=1)

    with ThreadPoolExecutor(20) as threads:
        said = list(threads.map(lambda number: _try(number, team.id), range(20)))

    assert sorted(said) == ["no place"] * 19 + ["placed"]
    with reading() as db:
        assert db.scalars(select(Capacity.places).where(Capacity.team_id == team.id)).all() == [0]
        assert db.scalar(select(func.count()).select_from(CapacityTake)) == 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_who_give_back_at_the_same_time_give_back_once(fresh_database, kind):
    fresh_database(kind)
    with transaction() as db:
        figure = Make(db).capacity(places=1)
        taken = take(db, figure.team_id, "verpleging", HALF_HOUR)

    def back(_number: int) -> bool:
        with transaction() as db:
            return give_back(db, taken.id)

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(back, range(2))) == [False, True]
    with reading() as db:
        assert _now(db, figure.id).places == 1
        assert _now(db, figure.id).week == EVERY_MORNING
