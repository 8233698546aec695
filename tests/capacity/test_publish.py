"""What a team says about its places: by whom, within which limits, never over what a colleague just said."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.capacity.make import EVERY_MORNING, Make, published
from wijkapp.capacity.models import Capacity, CapacityChange
from wijkapp.capacity.rules import NO_WEEK, SLOTS, Change
from wijkapp.capacity.service import (
    NOT_THERE,
    ChangedMeanwhile,
    confirm,
    confirm_all,
    give_back,
    publish,
    set_full,
    set_places,
    take,
)
from wijkapp.kit import time
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound
from wijkapp.people.rules import OrganisationKind, Role


class Town:
    """Anna keeps a team's figure; Bram is her admin; Carla works elsewhere; the insurer looks."""

    def __init__(self, make: Make) -> None:
        make.product()
        own = make.organisation("Zorg Dichtbij")
        self.anna = make.account(own, Role.NURSE, name="Anna de Wit")
        self.yara = make.account(own, Role.PLANNER, name="Yara Benali")
        self.bram = make.account(own, Role.ADMIN, name="Bram Smit")
        self.carla = make.account(None, Role.NURSE, name="Carla Kroon")
        insurer = make.organisation("Zorgzeker", OrganisationKind.INSURER)
        self.insurer = make.account(insurer, Role.VIEWER, name="Ilse Vis")
        self.team = make.team(own, skills=("insuline",))


@pytest.fixture
def town(make) -> Town:
    return Town(make)


def _now(db: Session, capacity: Capacity) -> Capacity:
    return db.get_one(Capacity, capacity.id, populate_existing=True)


def test_a_nurse_publishes_for_her_own_team_and_signs_for_it(db, town):
    capacity_id = publish(
        town.anna, town.team.id, "verpleging", published(3, skills=("insuline",)), NOT_THERE
    )

    figure = db.get_one(Capacity, capacity_id)
    assert (figure.places, figure.week, figure.skills) == (3, EVERY_MORNING, ("insuline",))
    assert figure.confirmed_by_id == town.anna.id
    assert time.now() - figure.confirmed_at < timedelta(seconds=10)
    change = db.scalars(select(CapacityChange)).one()
    assert (change.what, change.places, change.changed_by_id) == (Change.PUBLISHED, 3, town.anna.id)


@pytest.mark.parametrize("who", ["bram", "carla", "insurer"])
def test_nobody_else_says_confirms_or_changes_what_a_team_has(db, make, town, who):
    figure = make.capacity(town.team, places=2, age=timedelta(days=2))
    actor, before = getattr(town, who), figure.confirmed_at

    for deed in (
        lambda: publish(actor, town.team.id, "verpleging", published(9), 1),
        lambda: set_places(actor, figure.id, 9, 1),
        lambda: set_full(actor, figure.id, True),
        lambda: confirm(actor, figure.id),
    ):
        with pytest.raises(NotAllowed):
            deed()

    assert _now(db, figure).confirmed_at == before
    assert (figure.places, figure.full) == (2, False)
    assert db.scalar(select(func.count()).select_from(CapacityChange)) == 0


def test_all_is_still_right_stamps_every_own_figure_and_nothing_else(db, make, town):
    old = timedelta(days=9)
    mine = make.capacity(town.team, places=2, age=old)
    stopped = make.capacity(make.team(town.anna.organisation, name="Oud", active=False), age=old)
    no_longer = make.capacity(town.team, product="wondzorg", age=old)
    elsewhere = make.capacity(make.team(name="Ver"), age=old)

    assert confirm_all(town.anna) == 1

    assert _now(db, mine).confirmed_by_id == town.anna.id
    assert (mine.places, mine.version) == (2, 1)
    for other in (stopped, no_longer, elsewhere):
        assert _now(db, other).confirmed_by_id is None
        assert time.now() - other.confirmed_at > timedelta(days=8)


def test_all_is_still_right_when_there_is_nothing_yet(town):
    assert confirm_all(town.anna) == 0


@pytest.mark.parametrize("who", ["bram", "insurer"])
def test_only_who_keeps_figures_says_that_all_is_still_right(town, who):
    with pytest.raises(NotAllowed):
        confirm_all(getattr(town, who))


def test_confirming_one_figure_leaves_the_others(db, make, town):
    figure = make.capacity(town.team, age=timedelta(days=2))
    other = make.capacity(make.team(town.anna.organisation, name="Zuid"), age=timedelta(days=2))

    confirm(town.anna, figure.id)

    assert _now(db, figure).confirmed_by_id == town.anna.id
    assert _now(db, other).confirmed_by_id is None


def test_who_saw_an_older_figure_is_told_who_changed_it_and_to_what(db, make, town):
    figure = make.capacity(town.team, places=1)
    set_places(town.yara, figure.id, 2, seen=1)

    with pytest.raises(ChangedMeanwhile) as refused:
        set_places(town.anna, figure.id, 5, seen=1)

    assert refused.value.status == 409
    assert str(refused.value.sentence) == "Yara heeft dit net aangepast: 2 plekken. Kijk het even na."
    assert _now(db, figure).places == 2


def test_who_saw_the_figure_before_a_placement_is_told_about_that(db, make, town):
    figure = make.capacity(town.team, places=2)
    take(db, town.team.id, "verpleging", NO_WEEK)
    db.flush()

    with pytest.raises(ChangedMeanwhile, match="geplaatst of vrijgekomen: nu 1 plek"):
        publish(town.anna, town.team.id, "verpleging", published(2), seen=1)

    assert _now(db, figure).places == 1


def test_a_confirmation_by_a_colleague_stands_in_nobodys_way(make, town):
    figure = make.capacity(town.team, places=1)
    confirm(town.yara, figure.id)

    assert set_places(town.anna, figure.id, 2, seen=1) == 2


def test_two_who_fill_in_the_same_figure_for_the_first_time(db, town):
    publish(town.yara, town.team.id, "verpleging", published(1), NOT_THERE)

    with pytest.raises(ChangedMeanwhile, match="Yara heeft dit net aangepast: 1 plek"):
        publish(town.anna, town.team.id, "verpleging", published(4), NOT_THERE)

    assert db.scalars(select(Capacity.places)).all() == [1]


def test_full_is_full_whatever_the_number_and_can_be_undone(db, make, town):
    figure = make.capacity(town.team, places=3)

    set_full(town.anna, figure.id, True)
    assert _now(db, figure).full
    set_full(town.anna, figure.id, False)
    assert (_now(db, figure).full, figure.places) == (False, 3)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("places", {"places": -1}),
        ("places", {"places": 100}),
        ("week", {"week": (60,) * 27}),
        ("week", {"week": (-1,) * SLOTS}),
        ("week", {"week": (24 * 60 + 1,) * SLOTS}),
        ("from_date", {"from_date": time.today().replace(year=1900, day=1)}),
        ("from_date", {"from_date": time.today().replace(year=2200, day=1)}),
        ("skills", {"skills": ("beademing",)}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_not_stored(db, town, field, wrong):
    with pytest.raises(Invalid) as refused:
        publish(town.anna, town.team.id, "verpleging", published(**wrong), NOT_THERE)

    assert list(refused.value.fields) == [field]
    assert db.scalar(select(func.count()).select_from(Capacity)) == 0


def test_a_team_publishes_only_care_it_offers(town):
    with pytest.raises(NotFound):
        publish(town.anna, town.team.id, "wondzorg", published(), NOT_THERE)


def test_a_team_or_figure_that_is_not_there_is_not_found(town):
    with pytest.raises(NotFound):
        publish(town.anna, new_id(), "verpleging", published(), NOT_THERE)
    with pytest.raises(NotFound):
        publish(town.anna, town.team.id, "verpleging", published(), seen=1)
    with pytest.raises(NotFound):
        set_places(town.anna, new_id(), 1, seen=1)


def test_what_falls_through_after_a_new_figure_comes_on_top_of_it(db, make, town):
    figure = make.capacity(town.team, places=1)
    taken = take(db, town.team.id, "verpleging", NO_WEEK)
    db.flush()
    publish(town.anna, town.team.id, "verpleging", published(4), seen=2)

    give_back(db, taken.id)

    assert _now(db, figure).places == 5


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("first", [True, False])
def test_of_two_colleagues_who_save_at_the_same_time_one_is_asked_to_look_again(fresh_database, kind, first):
    fresh_database(kind)
    with transaction() as db:
        make = Make(db)
        town = Town(make)
        if not first:
            make.capacity(town.team, places=9)

    def save(who: str) -> str:
        try:
            seen = NOT_THERE if first else 1
            publish(getattr(town, who), town.team.id, "verpleging", published(len(who)), seen)
        except ChangedMeanwhile:
            return "look again"
        return "saved"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(save, ["anna", "yara"])) == ["look again", "saved"]
    with reading() as db:
        assert db.scalars(select(Capacity.places)).all() == [4]
        assert len(db.scalars(select(CapacityChange)).all()) == 1
