"""Nobody is free: what else there is, and a word as soon as a place opens."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from tests.matching.make import offered, posted
from tests.matching.test_combined import WEEKEND, WORKDAYS, part
from wijkapp.capacity.models import Capacity
from wijkapp.kit import time
from wijkapp.matching import service
from wijkapp.matching.jobs import tell_of_places
from wijkapp.matching.models import PlaceWatch
from wijkapp.matching.rules import DeclineReason, WithdrawReason


@pytest.fixture
def refused(make, town):
    """A request that everybody in reach said no to."""
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    service.decline(provider.nurse, request_id, DeclineReason.NO_ROOM)
    return request_id, provider


def figure(db, provider, **values):
    db.execute(update(Capacity).where(Capacity.team_id == provider.team.id).values(**values))


# --- what else there is


def test_as_long_as_somebody_may_come_it_is_not_said_that_nobody_can(make, town):
    provider = make.provider(town.here)
    request_id = posted(town.referrer)
    assert service.show(town.referrer, request_id).nothing is None
    offered(provider.nurse, request_id)
    assert service.show(town.referrer, request_id).nothing is None


def test_when_everybody_said_no_the_first_day_of_a_place_is_told(db, make, town, refused):
    request_id, provider = refused
    day = time.today() + timedelta(days=6)
    figure(db, provider, from_date=day)
    nothing = service.show(town.referrer, request_id).nothing
    assert (nothing.opening, nothing.opening_at, nothing.published) == (day, provider.organisation.name, True)
    assert (nothing.left, nothing.nearby, nothing.watching) == ((), 0, False)


def test_without_a_day_it_says_so(db, town, refused, visitor):
    request_id, provider = refused
    figure(db, provider, full=True)
    assert service.show(town.referrer, request_id).nothing.opening is None
    page = visitor(town.referrer).get(f"/zorgvragen/{request_id}").get_data(as_text=True)
    assert "niemand heeft een dag genoemd" in page


def test_parts_that_do_not_make_a_whole_say_what_stays_open(make, town):
    one, other = make.provider(town.here), make.provider(town.here)
    request_id = posted(town.referrer)
    part(one.nurse, request_id, WORKDAYS)
    service.decline(other.nurse, request_id, DeclineReason.NO_ROOM_THEN)
    with time_machine.travel(time.now() + timedelta(days=1)):
        story = service.show(town.referrer, request_id)
    if story.nothing is None:  # a wider round is still to come
        service.widen(town.referrer, request_id)
        story = service.show(town.referrer, request_id)
    assert story.nothing.left == WEEKEND
    assert not story.together


def test_who_comes_at_night_may_bridge_and_who_is_further_off_may_have_room(make, town):
    make.product("oproepbare_verpleging", "Oproepbare verpleging")
    here = make.provider(town.here)
    night = make.provider(town.near, places=None, name="Nachtzorg", products=("oproepbare_verpleging",))
    make.provider(town.far)
    request_id = posted(town.referrer)
    service.decline(here.nurse, request_id, DeclineReason.NO_ROOM)
    nothing = service.show(town.referrer, request_id).nothing
    assert [one.organisation.id for one in nothing.night] == [night.organisation.id]
    assert nothing.nearby == 1


# --- tell me of the first place


def test_the_first_place_that_opens_is_told_once(db, town, refused, told):
    request_id, provider = refused
    figure(db, provider, full=True)
    with time_machine.travel(time.now(), tick=False) as clock:
        for _tap in range(2):
            service.watch_for_place(town.referrer, request_id)
        assert service.show(town.referrer, request_id).nothing.watching
        assert tell_of_places() == 0

        clock.shift(timedelta(hours=1))
        figure(db, provider, full=False, confirmed_at=time.now())
        assert tell_of_places() == 1
        assert tell_of_places() == 0

    assert told("matching.place_opened") == [town.referrer.name]
    assert not service.show(town.referrer, request_id).nothing.watching


def test_a_place_that_stood_there_already_is_no_news(town, refused, told):
    request_id, _provider = refused
    service.watch_for_place(town.referrer, request_id)
    assert tell_of_places() == 0
    assert told("matching.place_opened") == []


@pytest.mark.parametrize("why", ["stopped", "withdrawn"])
def test_who_no_longer_needs_it_hears_nothing(db, town, refused, told, why):
    request_id, provider = refused
    service.watch_for_place(town.referrer, request_id)
    if why == "stopped":
        service.stop_watching(town.referrer, request_id)
    else:
        service.withdraw(town.referrer, request_id, WithdrawReason.ADMITTED)
    figure(db, provider, confirmed_at=time.now() + timedelta(seconds=1))
    assert tell_of_places() == 0
    assert told("matching.place_opened") == []
    assert db.scalars(select(PlaceWatch.id).where(PlaceWatch.told_at.is_(None))).all() == []


# --- a promise kept, or put right in the same tap


def test_who_says_there_is_no_room_is_full_from_the_same_tap(db, make, town):
    provider = make.provider(town.here)
    service.decline(provider.nurse, posted(town.referrer), DeclineReason.NO_ROOM, now_full=True)
    assert db.scalars(select(Capacity.full)).one()


def test_the_button_stands_there_only_for_who_said_to_have_room(make, town, visitor):
    free, unknown = make.provider(town.here), make.provider(town.here, places=None)
    request_id = posted(town.referrer)
    pages = [
        visitor(one.nurse).get(f"/zorgvragen/{request_id}").get_data(as_text=True) for one in (free, unknown)
    ]
    assert ["zet ons op vol" in page for page in pages] == [True, False]
    assert "zet ons op vol" in visitor(free.nurse).get("/vandaag").get_data(as_text=True)
    answer = visitor(free.nurse).post(f"/zorgvragen/{request_id}/nee", {"reason": "no_room_now_full"})
    assert answer.status_code == 302
