"""What others see of free places: a light that fades, and numbers only for who asks for care."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.capacity.make import EVERY_MORNING
from wijkapp.capacity import service
from wijkapp.capacity.rules import NO_WEEK, Freshness, Light
from wijkapp.capacity.wording import week_in_words
from wijkapp.kit import time
from wijkapp.kit.errors import NotAllowed, NotFound
from wijkapp.people.rules import OrganisationKind, Role


@pytest.mark.parametrize(
    ("figure", "light"),
    [
        ({"places": 2}, Light.FREE),
        ({"places": 1}, Light.FEW),
        ({"places": 0}, Light.FULL),
        ({"places": 2, "full": True}, Light.FULL),
        ({"places": 2, "from_date": time.today() + timedelta(days=9)}, Light.LATER),
        ({"places": 2, "age": timedelta(hours=71)}, Light.FREE),
        ({"places": 2, "age": timedelta(hours=73)}, Light.UNKNOWN),
    ],
)
def test_the_light_of_a_figure(db, make, figure, light):
    team = make.team()
    make.capacity(team, **figure)

    (shown,) = service.lights(db, team.wijk_id, time.now())

    assert shown.light is light


def test_care_that_was_never_filled_in_is_unknown_and_says_so(db, make):
    make.product()
    team = make.team()

    (shown,) = service.lights(db, team.wijk_id, time.now())

    assert (shown.figure, shown.light, shown.fresh) == (None, Light.UNKNOWN, Freshness.STALE)


def test_figures_for_ranking_are_read_in_two_queries_however_many_teams_there_are(db, make):
    teams = [make.team(name=f"Team {number}") for number in range(3)]
    for team in teams:
        make.capacity(team)
        make.capacity(team, product="wondzorg")
    asked = []
    connection = db.connection()
    event.listen(connection, "before_cursor_execute", lambda *what: asked.append(what[2]))

    figures = service.figures(db, [team.id for team in teams[:2]], ["verpleging"])

    assert {(one.team_id, one.product) for one in figures} == {(team.id, "verpleging") for team in teams[:2]}
    assert (figures[0].places, figures[0].week) == (2, EVERY_MORNING)
    assert len(asked) == 2  # the figures, and who takes nobody for a while
    assert len(service.figures(db, [teams[0].id])) == 2


def test_the_summary_of_today_counts_what_must_be_looked_at(db, make):
    for code in ("verpleging", "wondzorg", "dementie"):
        make.product(code, code.capitalize())
    team = make.team(products=("verpleging", "wondzorg", "dementie"))
    make.capacity(team, places=2)
    old = make.capacity(team, product="wondzorg", places=0, age=timedelta(days=2))

    kept = service.unconfirmed(db, team.organisation_id, time.now())

    assert (kept.figures, kept.to_confirm) == (2, 2)
    assert kept.confirmed_at == old.confirmed_at
    assert kept.places == (("Verpleging", 2),)


def test_an_organisation_without_teams_has_nothing_to_confirm(db, make):
    kept = service.unconfirmed(db, make.organisation().id, time.now())

    assert (kept.figures, kept.to_confirm, kept.confirmed_at, kept.places) == (0, 0, None, ())


class Wijk:
    def __init__(self, make) -> None:
        gp = make.organisation("Huisartsen", OrganisationKind.GP_PRACTICE)
        insurer = make.organisation("Zorgzeker", OrganisationKind.INSURER)
        self.doctor = make.account(gp, Role.REFERRER)
        self.insurer = make.account(insurer, Role.VIEWER)
        self.buyers = [make.account(insurer, Role.VIEWER, Role.ADMIN), make.account(insurer, Role.ADMIN)]
        self.wijk = make.wijk(region=make.region(members=[gp, insurer]))
        own, rival = make.organisation("Zorg Dichtbij"), make.organisation("De Linde")
        self.anna, self.carla = make.account(own), make.account(rival)
        make.capacity(make.team(own, self.wijk), places=37)
        make.capacity(make.team(rival, self.wijk), places=43)
        self.far = make.account()


def test_a_referrer_sees_how_many_places_and_a_rival_only_the_light(make):
    town = Wijk(make)

    for actor, seen in ((town.doctor, (43, 37)), (town.anna, (None, 37)), (town.carla, (43, None))):
        signals = service.in_wijk(actor, town.wijk.code)
        assert tuple(one.places for one in signals) == seen
        assert {one.light for one in signals} == {Light.FREE}


def test_who_works_elsewhere_or_at_an_insurer_sees_no_lights(make):
    town = Wijk(make)

    for actor in (town.far, town.insurer, *town.buyers):
        with pytest.raises(NotAllowed):
            service.in_wijk(actor, town.wijk.code)
    with pytest.raises(NotFound):
        service.in_wijk(town.doctor, "WK999999")


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        ((), ""),
        (range(0, 28, 4), "ochtend"),
        ([slot for slot in range(28) if slot % 4 in (0, 2)], "ochtend en avond"),
        (range(28), "dag en nacht"),
        ([slot for slot in range(20) if slot % 4 < 3], "ochtend, middag en avond op werkdagen"),
        ((22, 26), "avond in het weekend"),
        ((0, 8), "ochtend op ma en wo"),
    ],
)
def test_a_week_in_words(slots, words):
    week = list(NO_WEEK)
    for slot in slots:
        week[slot] = 30

    assert week_in_words(week) == words
