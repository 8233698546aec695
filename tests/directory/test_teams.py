"""An admin keeps the own teams; nobody else does."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from tests.directory.conftest import Home
from tests.directory.make import Make
from tests.servers import KINDS
from wijkapp.directory import service
from wijkapp.directory.models import Team
from wijkapp.directory.service import ChangedMeanwhile, NotAProvider, TeamFacts, UnknownPostcode
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound
from wijkapp.people.rules import OrganisationKind, Role


def facts(**more: object) -> TeamFacts:
    given = {
        "name": "Team Zuid",
        "products": ("verpleging",),
        "skills": ("insuline",),
        "highest_level": 4,
        "languages": ("tr",),
        "contracts": ("3311",),
        "phone": "+31301234567",
    }
    return TeamFacts(**given | more)


def test_a_team_starts_in_a_wijk_of_the_list_or_of_a_postcode(db, home: Home):
    by_code = service.start_team(home.anna, new_id(), home.wijk.code, "", facts())
    by_pc4 = service.start_team(home.anna, new_id(), "", "3524 ab", facts(name="Team Noord"))
    assert by_code.wijk_id == by_pc4.wijk_id == home.wijk.id
    assert [team.id for team in service.teams_in(db, [home.wijk.id])] == [by_pc4.id, by_code.id]
    assert by_code.skills == ("insuline",)


def test_posting_a_new_team_twice_makes_one(db, home: Home):
    form_id = new_id()
    for _tap in range(2):
        team = service.start_team(home.anna, form_id, home.wijk.code, "", facts())
    assert team.id == form_id
    assert db.scalar(select(func.count()).where(Team.organisation_id == home.organisation.id)) == 1


def test_bram_may_not_and_carla_never(db, make: Make, home: Home):
    team = make.team(home.organisation, home.wijk)
    for act in (
        lambda who: service.start_team(who, new_id(), home.wijk.code, "", facts()),
        lambda who: service.change_team(who, team.id, service.state(team), facts()),
        lambda who: service.set_active(who, team.id, False),
        lambda who: service.team_of(who, team.id),
        lambda who: service.own_teams(who),
        lambda who: service.choices(who),
    ):
        with pytest.raises(NotAllowed):
            act(home.bram)
    for act in (
        lambda: service.change_team(home.carla, team.id, service.state(team), facts()),
        lambda: service.set_active(home.carla, team.id, False),
        lambda: service.team_of(home.carla, team.id),
        lambda: service.start_team(home.carla, team.id, "", "3524", facts()),
    ):
        with pytest.raises(NotFound):
            act()
    assert home.wijk not in [place.wijk for place in service.own_teams(home.carla).places]


def test_a_region_that_did_not_let_you_in_is_closed_also_by_postcode(db, home: Home):
    for code, pc4, field in ((home.wijk.code, "", "wijk"), ("", "3524", "pc4")):
        with pytest.raises(Invalid) as refused:
            service.start_team(home.carla, new_id(), code, pc4, facts())
        assert "Utrecht-Zuid" in refused.value.fields[field]


def test_a_wijk_of_no_region_is_open(db, make: Make, home: Home):
    free = make.wijk(pc4=["3999"])
    assert service.start_team(home.anna, new_id(), "", "3999", facts()).wijk_id == free.id


@pytest.mark.parametrize(
    ("code", "pc4", "field"), [("", "", "wijk"), ("WK999999", "", "wijk"), ("🙂", "", "wijk")]
)
def test_a_wijk_is_needed_and_must_exist(db, home: Home, code: str, pc4: str, field: str):
    with pytest.raises(Invalid) as refused:
        service.start_team(home.anna, new_id(), code, "", facts())
    assert "wijk" in refused.value.fields


def test_an_unknown_postcode_is_refused(db, home: Home):
    with pytest.raises(UnknownPostcode):
        service.start_team(home.anna, new_id(), "", "9999", facts())


def test_two_teams_in_a_wijk_have_two_names(db, make: Make, home: Home):
    service.start_team(home.anna, new_id(), home.wijk.code, "", facts())
    other = service.start_team(home.anna, new_id(), home.wijk.code, "", facts(name="Ander"))
    with pytest.raises(Invalid, match="rode velden"):
        service.start_team(home.anna, new_id(), home.wijk.code, "", facts())
    with pytest.raises(Invalid, match="rode velden"):
        service.change_team(home.anna, other.id, service.state(other), facts())


def test_a_stale_page_does_not_undo_what_a_colleague_changed(db, make: Make, home: Home):
    team = service.start_team(home.anna, new_id(), home.wijk.code, "", facts())
    opened = service.state(team)
    service.change_team(home.anna, team.id, opened, facts(phone=None))
    with pytest.raises(ChangedMeanwhile):
        service.change_team(home.anna, team.id, opened, facts(name="Oud"))
    assert service.change_team(home.anna, team.id, opened, facts(phone=None)).phone is None  # the same, twice


def test_a_team_that_stops_gets_no_requests_and_can_start_again(db, make: Make, home: Home):
    team = make.team(home.organisation, home.wijk)
    for _tap in range(2):
        service.set_active(home.anna, team.id, False)
    assert service.teams_in(db, [home.wijk.id]) == []
    assert [one.id for one in service.own_teams(home.anna).places[0].teams] == [team.id]
    service.set_active(home.anna, team.id, True)
    assert service.teams_in(db, [home.wijk.id]) == [team]


def test_who_gives_no_care_has_no_teams(db, make: Make):
    admin = make.account(make.organisation(kind=OrganisationKind.GP_PRACTICE), Role.ADMIN)
    with pytest.raises(NotAProvider):
        service.own_teams(admin)


@pytest.mark.parametrize("kind", KINDS)
def test_two_taps_at_the_same_moment_make_one_team_or_a_clear_refusal(fresh_database, kind: str):
    fresh_database(kind)
    with transaction() as db:
        make = Make(db)
        service.seed_reference(db)
        organisation = make.organisation()
        wijk = make.wijk(region=make.region(members=[organisation]))
        admin = make.account(organisation, Role.ADMIN)
    form_id, start, results = new_id(), Barrier(4), []

    def tap() -> None:
        start.wait()
        try:
            results.append(service.start_team(admin, form_id, wijk.code, "", facts()).id)
        except Exception as wrong:
            results.append(wrong)

    threads = [Thread(target=tap) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Team)) == 1
    assert results == [form_id] * 4
