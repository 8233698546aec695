"""An insurer, zorgkantoor or municipality looks at a region once it is invited, and until that ends."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.matching.make import Make
from tests.racing import all_at_once
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound
from wijkapp.kit.letters import Letter, words_of
from wijkapp.kit.outbox import Event
from wijkapp.oversight.service import looks, onlookers, region
from wijkapp.oversight.service.onlookers import TakesPart
from wijkapp.people.models import Organisation
from wijkapp.people.rules import OrganisationKind, Role

KANTOOR = OrganisationKind.INSURER


@pytest.fixture
def insurer(make: Make):
    """Of an insurer that looks nowhere yet."""
    return make.account(make.organisation("Waterlinie", KANTOOR), Role.VIEWER)


@pytest.fixture
def boss(make: Make, town):
    """Runs a provider of the region."""
    return make.account(make.provider(town.here, name="Oost").organisation, Role.ADMIN)


def told(db, name: str) -> list[object]:
    return list(db.scalars(select(Event.to_id).where(Event.name == name)))


def listed(actor) -> list[tuple[str, str | None]]:
    return [(one.name, one.by) for place in looks.looks(actor).may for one in place.onlookers]


def test_who_is_invited_sees_the_region_and_the_providers_hear_of_it(db, town, boss, insurer):
    assert region.regions_seen(insurer) == []
    onlookers.invite(town.coordinator, town.region.id, insurer.organisation_id)
    onlookers.invite(town.coordinator, town.region.id, insurer.organisation_id)
    assert [one.id for one in region.regions_seen(insurer)] == [town.region.id]
    assert told(db, "oversight.onlookers") == [boss.id]
    assert told(db, "oversight.may_look") == [insurer.id]
    assert listed(boss) == [("Waterlinie", town.coordinator.name)]


def test_whose_look_ends_sees_nothing_any_more(db, town, boss, insurer):
    onlookers.invite(town.coordinator, town.region.id, insurer.organisation_id)
    onlookers.end(town.coordinator, town.region.id, insurer.organisation_id)
    assert region.regions_seen(insurer) == []
    assert listed(boss) == []
    assert told(db, "oversight.onlookers") == [boss.id, boss.id]


def test_who_is_new_to_wijkapp_gets_an_invitation_by_mail(db, town, boss):
    onlookers.invite_new(
        town.coordinator, town.region.id, KANTOOR, "Zorgkantoor Dijk", ("Teun", "teun@dijk.example")
    )
    [mailed] = [words_of(one) for one in db.scalars(select(Letter))]
    assert (mailed["name"], mailed["organisation"], mailed["inviter"]) == (
        "Teun",
        "Zorgkantoor Dijk",
        town.coordinator.name,
    )
    assert listed(boss) == [("Zorgkantoor Dijk", town.coordinator.name)]


def test_who_did_not_answer_in_time_is_invited_again(clock, town, boss, db):
    for email in ("teun@dijk.example", "tine@dijk.example", "teun@dijk.example"):
        onlookers.invite_new(town.coordinator, town.region.id, KANTOOR, "Dijk", ("Teun", email))
        assert [place.onlookers[0].empty for place in looks.looks(boss).may] == [True]
        clock.shift(timedelta(days=8))
    assert db.scalar(select(func.count()).where(Organisation.name == "Dijk")) == 1
    assert len(told(db, "oversight.onlookers")) == 1


@pytest.mark.parametrize("elsewhere", [True, False])
def test_nobody_gets_the_first_account_of_an_insurer_that_others_let_in(make, town, db, elsewhere):
    """Whoever leads one region would see the others with it."""
    waits = make.organisation("Waterlinie", KANTOOR)
    make.region(members=[waits] if elsewhere else [])
    if elsewhere:
        onlookers.invite(town.coordinator, town.region.id, waits.id)
    with pytest.raises(Invalid) as wrong:
        onlookers.invite_new(town.coordinator, town.region.id, KANTOOR, "Waterlinie", ("Ik", "ik@x.example"))
    assert list(wrong.value.fields) == ["name"]
    assert db.scalars(select(Letter.id)).all() == []


def test_an_address_that_has_an_account_invites_nobody(db, town, boss):
    with pytest.raises(Invalid) as wrong:
        onlookers.invite_new(town.coordinator, town.region.id, KANTOOR, "Dijk", ("Teun", boss.email))
    assert list(wrong.value.fields) == ["email"]
    assert db.scalar(select(func.count()).where(Organisation.name == "Dijk")) == 0


def test_an_organisation_that_is_here_is_not_made_twice(town, insurer):
    with pytest.raises(Invalid) as wrong:
        onlookers.invite_new(
            town.coordinator, town.region.id, KANTOOR, "waterlinie", ("Teun", "t@dijk.example")
        )
    assert list(wrong.value.fields) == ["name"]


def test_a_provider_is_not_invited_to_look(make, town, boss):
    for kind, name in ((OrganisationKind.HOME_CARE, "Noord"), (OrganisationKind.GP_PRACTICE, "Praktijk")):
        with pytest.raises(Invalid):
            onlookers.invite(town.coordinator, town.region.id, make.organisation(name, kind).id)
        with pytest.raises(Invalid):
            onlookers.invite_new(
                town.coordinator, town.region.id, kind, f"{name} twee", ("Teun", "t@dijk.example")
            )


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.REFERRER])
def test_a_municipality_that_would_do_more_than_look_is_not_let_in_so(make, town, role):
    dijk = make.account(make.organisation("Dijkhaven", OrganisationKind.MUNICIPALITY), role)
    with pytest.raises(TakesPart):
        onlookers.invite(town.coordinator, town.region.id, dijk.organisation_id)
    with pytest.raises(NotFound):  # nor is the own municipality put out
        onlookers.end(town.coordinator, town.region.id, town.coordinator.organisation_id)


def test_nobody_but_who_leads_the_region_says_who_looks(make, town, boss, insurer):
    carla = make.account(make.organisation("Elders", OrganisationKind.MUNICIPALITY), Role.COORDINATOR)
    make.region(members=[carla.organisation])
    works_here = make.account(boss.organisation, Role.COORDINATOR)
    for who in (boss, carla, works_here, insurer):
        for act in (
            lambda who=who: onlookers.invite(who, town.region.id, insurer.organisation_id),
            lambda who=who: onlookers.end(who, town.region.id, insurer.organisation_id),
            lambda who=who: onlookers.invite_new(who, town.region.id, KANTOOR, "X", ("Y", "y@x.example")),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert [place.others for place in looks.looks(boss).may] == [None]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_ten_at_once_invite_once(fresh_database, kind):
    fresh_database(kind)
    with transaction() as db:
        make = Make(db)
        town = make.town()
        insurer = make.account(make.organisation("Waterlinie", KANTOOR), Role.VIEWER)
    said = all_at_once(
        [lambda: onlookers.invite(town.coordinator, town.region.id, insurer.organisation_id)] * 10
    )
    assert said == [None] * 10
    with reading() as db:
        assert told(db, "oversight.may_look") == [insurer.id]


@pytest.mark.database("sqlite")
def test_what_was_typed_stays_beside_what_is_wrong(town, boss, visitor):
    browser = visitor(town.coordinator)
    answer = browser.post(
        f"/regio/wie-keek-mee/{town.region.id}/nieuw",
        {"name": "Zorgkantoor Dijk", "kind": "insurer", "person": "Teun", "email": "teun"},
    )
    assert answer.status_code == 422
    assert 'value="Zorgkantoor Dijk"' in answer.text
    assert "Dit is geen e-mailadres" in answer.text
    assert "<details open>" in answer.text
    assert browser.post(f"/regio/wie-keek-mee/{town.region.id}/uitnodigen").status_code == 422
