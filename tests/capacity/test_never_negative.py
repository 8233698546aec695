"""Whatever placements, fall-throughs and new figures follow one another: no place and no hour below zero."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.capacity.make import published
from wijkapp.capacity.models import Capacity
from wijkapp.capacity.rules import SLOTS
from wijkapp.capacity.service import NoPlaceLeft, give_back, publish, take
from wijkapp.kit import time

WEEKS = st.lists(st.sampled_from([0, 30, 60, 600]), min_size=SLOTS, max_size=SLOTS).map(tuple)
DEEDS = st.one_of(
    st.tuples(st.just("take"), WEEKS),
    st.tuples(st.just("give back"), st.integers(0, 20)),
    st.tuples(st.just("publish"), st.tuples(st.integers(0, 3), WEEKS, st.booleans())),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DEEDS, max_size=15))
def test_places_and_hours_are_what_the_deeds_add_up_to_and_never_negative(db, make, deeds):
    actor = make.account()
    figure = make.capacity(make.team(actor.organisation), places=1)
    places, full, open_takes, week = 1, False, [], figure.week

    for deed, what in deeds:
        if deed == "take":
            try:
                taken = take(db, figure.team_id, "verpleging", what)
            except NoPlaceLeft:
                assert full or places == 0
                continue
            assert not full
            assert places >= 1
            places -= 1
            week = tuple(have - took for have, took in zip(week, taken.week, strict=True))
            open_takes.append(taken)
        elif deed == "give back" and open_takes:
            taken = open_takes.pop(what % len(open_takes))
            assert give_back(db, taken.id)
            assert not give_back(db, taken.id)
            places += 1
            week = tuple(have + gave for have, gave in zip(week, taken.week, strict=True))
        elif deed == "publish":
            places, week, full = what
            said = published(places, week=week, full=full, from_date=time.today())
            publish(actor, figure.team_id, "verpleging", said, seen=figure.version)
        figure = db.get_one(Capacity, figure.id, populate_existing=True)
        assert (figure.places, figure.week) == (places, week)
        assert figure.places >= 0
        assert min(figure.week) >= 0
