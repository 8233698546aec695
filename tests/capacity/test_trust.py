"""Holds, promises, corrections, openings and pauses: what others may rely on."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from tests.capacity.town import TUESDAY, Town
from wijkapp.capacity import service as capacity
from wijkapp.capacity.models import CapacityChange
from wijkapp.capacity.rules import REASONS, Change, Light, Outcome, PauseKind, PauseReason
from wijkapp.kit import time
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound
from wijkapp.people.rules import OrganisationKind, Role

DAY = timedelta(days=1)
CARE = ("verpleging",)


@pytest.fixture
def town(make):
    with time_machine.travel(TUESDAY, tick=False) as clock:
        made = Town(make)
        made.clock = clock
        yield made


def _shown(town, product="verpleging"):
    (one,) = [one for one in capacity.mine(town.anna) if one.product.code == product]
    return one


# --- holds


def test_an_open_offer_holds_a_place_that_is_shown_and_refuses_nobody(db, town):
    town.figure(places=2)
    offer = uuid4()
    capacity.hold(db, offer_id=offer, team_id=town.team.id, product="verpleging")
    capacity.hold(db, offer_id=offer, team_id=town.team.id, product="verpleging")
    capacity.hold(db, offer_id=uuid4(), team_id=town.team.id, product="verpleging")
    db.flush()

    assert _shown(town).held == 2
    assert _shown(town).light is Light.FREE
    assert capacity.take(db, town.team.id, "verpleging", (0,) * 28).places == 1

    capacity.release(db, offer)
    capacity.release(db, offer)
    assert _shown(town).held == 1


def test_who_asks_sees_how_many_places_are_talked_about_and_a_rival_does_not(db, town, make):
    town.figure()
    capacity.hold(db, offer_id=uuid4(), team_id=town.team.id, product="verpleging")
    doctor = make.account(make.organisation("Huisarts", OrganisationKind.GP_PRACTICE), Role.REFERRER)
    members = [doctor.organisation, town.carla.organisation]
    town.wijk.region_id = make.region(members=members).id
    db.flush()

    assert [one.held for one in capacity.in_wijk(doctor, town.wijk.code)] == [1, 0]
    assert [one.held for one in capacity.in_wijk(town.carla, town.wijk.code)] == [None, None]


# --- promises


def test_only_who_stands_on_free_when_asked_makes_a_promise(db, town, make):
    town.figure(places=1)
    full = make.team(town.anna.organisation, town.wijk, "Vol")
    old = make.team(town.anna.organisation, town.wijk, "Oud")
    later = make.team(town.anna.organisation, town.wijk, "Later")
    make.capacity(full, full=True)
    make.capacity(old, confirmed_at=TUESDAY - 30 * DAY)
    make.capacity(later, from_date=time.today() + DAY)

    capacity.asked(db, uuid4(), {team.id: CARE for team in (town.team, full, old, later)})

    rate = capacity.hit_rate(db, [town.anna.organisation_id], TUESDAY - DAY)[town.anna.organisation_id]
    assert (rate.asked, rate.kept, rate.no_room, rate.share) == (1, 0, 0, None)


def test_every_kind_of_care_that_is_asked_must_be_free(db, town):
    town.figure()
    capacity.asked(db, uuid4(), {town.team.id: ("verpleging", "wondzorg")})

    assert capacity.hit_rate(db, [town.anna.organisation_id], TUESDAY - DAY) == {}


@pytest.mark.parametrize(
    ("answers", "counts"),
    [
        ([], (1, 0, 0, None)),
        ([Outcome.KEPT], (1, 1, 0, 1.0)),
        ([Outcome.NO_ROOM], (1, 0, 1, 0.0)),
        ([Outcome.OTHER], (1, 0, 0, None)),  # says nothing about the figure
        ([Outcome.NO_ROOM, Outcome.KEPT], (1, 1, 0, 1.0)),  # thought better of it
        ([Outcome.KEPT, Outcome.NO_ROOM], (1, 1, 0, 1.0)),
        ([Outcome.OTHER, Outcome.NO_ROOM], (1, 0, 0, None)),
    ],
)
def test_what_came_of_a_promise(db, town, answers, counts):
    town.figure()
    request = uuid4()
    capacity.asked(db, request, {town.team.id: CARE})
    capacity.asked(db, request, {town.team.id: CARE})  # a next round asks the same team again
    for outcome in answers:
        capacity.answered(db, request, town.team.id, outcome)

    rate = capacity.hit_rate(db, [town.anna.organisation_id], TUESDAY - DAY)[town.anna.organisation_id]
    assert (rate.asked, rate.kept, rate.no_room, rate.share) == counts


def test_each_provider_sees_its_own_rate_and_only_since_when_it_asks(db, town):
    town.figure()
    request = uuid4()
    capacity.asked(db, request, {town.team.id: CARE})
    capacity.answered(db, request, town.team.id, Outcome.KEPT)

    assert capacity.own_hit_rate(town.anna).share == 1
    assert capacity.own_hit_rate(town.carla) is None
    with pytest.raises(NotAllowed):
        capacity.own_hit_rate(town.bram)
    assert capacity.hit_rate(db, [town.anna.organisation_id], TUESDAY + DAY) == {}


def test_a_wrong_figure_is_put_right_in_the_same_tap(db, town):
    figure = town.figure(places=3)

    assert capacity.correct(db, town.daan.id, town.team.id, "verpleging")
    assert not capacity.correct(db, town.daan.id, town.team.id, "verpleging")
    assert not capacity.correct(db, town.daan.id, town.team.id, "wondzorg")

    now = town.now(figure)
    assert (now.full, now.places, now.confirmed_by_id, now.version) == (True, 3, town.daan.id, 2)
    (kept,) = db.query(CapacityChange).all()
    assert (kept.what, kept.full, kept.changed_by_id) == (Change.CORRECTED, True, town.daan.id)


# --- the next opening


def _opens(db, town, product="verpleging"):
    found = capacity.next_opening(db, [town.team.id], product, time.today())
    return found and ((found.day - time.today()).days, found.published)


@pytest.mark.parametrize(
    ("figure", "opens"),
    [
        ({}, (0, True)),
        ({"from_date": TUESDAY.date() + 5 * DAY}, (5, True)),
        ({"full": True}, None),
        ({"full": True, "expected_on": TUESDAY.date() + 9 * DAY}, (9, False)),
        ({"places": 0, "expected_on": TUESDAY.date() + 9 * DAY}, (9, False)),
        ({"places": 0, "expected_on": TUESDAY.date() - DAY}, None),  # that day is over
        ({"expected_on": TUESDAY.date() + 9 * DAY}, (0, True)),
        ({"confirmed_at": TUESDAY - 30 * DAY}, None),  # nobody knows whether it is still so
    ],
)
def test_when_there_will_be_a_place_again(db, town, figure, opens):
    town.figure(**figure)

    assert _opens(db, town) == opens
    assert _opens(db, town, "wondzorg") is None


def test_the_earliest_opening_of_all_teams_counts(db, town, make):
    town.figure(full=True, expected_on=time.today() + 9 * DAY)
    other = make.team(wijk=town.wijk)
    make.capacity(other, from_date=time.today() + 4 * DAY)

    found = capacity.next_opening(db, [town.team.id, other.id], "verpleging", time.today())
    assert (found.team_id, found.day) == (other.id, time.today() + 4 * DAY)
    assert capacity.next_opening(db, [], "verpleging", time.today()) is None


def test_a_team_that_is_closed_or_stopped_opens_the_day_after(db, town):
    town.figure()
    today = time.today()
    capacity.pause(town.anna, [town.team.id], PauseReason.HOLIDAY, today, today + 3 * DAY)
    assert _opens(db, town) == (4, True)

    (pause,) = capacity.own_pauses(town.anna)[town.team.id]
    capacity.resume(town.anna, pause.id)
    capacity.pause(town.anna, [town.team.id], PauseReason.ILLNESS, today, today + 6 * DAY)
    assert _opens(db, town) == (7, False)


# --- pauses


def test_a_closed_team_takes_nobody_and_says_until_when(db, town, make):
    town.figure(places=3)
    today = time.today()
    capacity.pause(town.anna, [town.team.id], PauseReason.HOLIDAY, today, today + 3 * DAY)

    (figure,) = capacity.figures(db, [town.team.id])
    assert (figure.from_date, figure.full) == (today + 4 * DAY, False)
    assert _shown(town).light is Light.CLOSED
    town.wijk.region_id = make.region(members=[town.carla.organisation]).id
    db.flush()
    signal = capacity.in_wijk(town.carla, town.wijk.code)[0]
    assert (signal.light, signal.closed_until, signal.places) == (Light.CLOSED, today + 3 * DAY, None)

    town.clock.move_to(TUESDAY + 4 * DAY)
    assert _shown(town).light is not Light.CLOSED


def test_a_stopped_team_is_full_until_it_goes_on(db, town):
    town.figure(places=3)
    today = time.today()
    capacity.pause(town.anna, [town.team.id], PauseReason.SHORT_STAFFED, today, today + 30 * DAY)

    (figure,) = capacity.figures(db, [town.team.id])
    assert (figure.full, figure.expected_on) == (True, today + 31 * DAY)
    kept = capacity.unconfirmed(db, town.anna.organisation_id, time.now())
    assert (kept.places, kept.to_confirm) == ((), 0)

    (pause,) = capacity.own_pauses(town.anna)[town.team.id]
    assert (pause.kind, pause.reason) == (PauseKind.STOPPED, PauseReason.SHORT_STAFFED)
    capacity.resume(town.anna, pause.id)
    assert not capacity.figures(db, [town.team.id])[0].full
    with pytest.raises(NotFound):
        capacity.resume(town.anna, pause.id)


def test_a_closing_that_is_to_come_changes_nothing_yet(db, town):
    town.figure()
    today = time.today()
    capacity.pause(town.anna, [town.team.id], PauseReason.HOLIDAY, today + DAY, today + 3 * DAY)

    assert _shown(town).light is Light.FREE
    assert len(capacity.own_pauses(town.anna)[town.team.id]) == 1


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(-1, 3, "from_on"), (400, 401, "from_on"), (2, 1, "until_on"), (0, 400, "until_on")],
)
def test_days_that_cannot_be_are_refused(town, first, last, field):
    today = time.today()
    with pytest.raises(Invalid) as refused:
        capacity.pause(
            town.anna, [town.team.id], PauseReason.HOLIDAY, today + first * DAY, today + last * DAY
        )
    assert set(refused.value.fields) == {field}


def test_a_team_does_not_close_twice_at_once_and_of_several_all_or_none(town, make):
    today = time.today()
    second = make.team(town.anna.organisation, town.wijk, "Tweede")
    capacity.pause(town.anna, [second.id], PauseReason.HOLIDAY, today + 5 * DAY, today + 9 * DAY)

    with pytest.raises(Invalid):
        capacity.pause(town.anna, [town.team.id, second.id], PauseReason.TRAINING, today, today + 5 * DAY)
    assert town.team.id not in capacity.own_pauses(town.anna)
    capacity.pause(town.anna, [town.team.id, second.id], PauseReason.TRAINING, today, today + 4 * DAY)
    with pytest.raises(Invalid):
        capacity.pause(town.anna, [], PauseReason.TRAINING, today, today)


def test_anna_may_bram_may_not_and_carla_never(town):
    today = time.today()
    for who in (town.bram, town.carla):
        with pytest.raises(NotAllowed):
            capacity.pause(who, [town.team.id], PauseReason.HOLIDAY, today, today)
        with pytest.raises(NotAllowed):
            capacity.story(who, town.team.id)
    capacity.pause(town.daan, [town.team.id], PauseReason.HOLIDAY, today, today)
    (pause,) = capacity.own_pauses(town.anna)[town.team.id]
    for who in (town.bram, town.carla):
        with pytest.raises(NotAllowed):
            capacity.resume(who, pause.id)


def test_every_reason_goes_with_one_kind():
    listed = [reason for reasons in REASONS.values() for reason in reasons]
    assert sorted(listed) == sorted(PauseReason)
