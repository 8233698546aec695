"""What a wijk agreed: from when it holds, who may change it, and what cannot be agreed."""

from dataclasses import fields, replace
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tests.agreements.making import facts
from tests.matching.make import Make, Town, posted
from tests.racing import all_at_once, refusals
from tests.servers import KINDS
from wijkapp.agreements import rules, wording
from wijkapp.agreements.models import TermsVersion
from wijkapp.agreements.rules import (
    Escalation,
    EscalationStep,
    Terms,
    Urgency,
    from_json,
    to_json,
    wrong_in,
)
from wijkapp.agreements.service import (
    ChangedMeanwhile,
    agree,
    parties,
    register,
    terms_for,
    terms_of,
    terms_page,
)
from wijkapp.directory.rules import Distance
from wijkapp.kit import time as kit_time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed
from wijkapp.matching.models import CareRequest
from wijkapp.people.rules import Role

OURS = Terms(
    answer_within=dict.fromkeys(Urgency, timedelta(minutes=45)),
    rounds=(frozenset(Distance),),
    wanted_chance=0.8,
    quiet=(time(21, 30), time(6)),
    escalation=(EscalationStep(Escalation.COORDINATOR, timedelta(hours=1)),),
    weekend_counts=True,
    take_back_within=timedelta(minutes=5),
)
MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


def today() -> object:
    return kit_time.today()


def test_terms_are_stored_and_read_back_whole():
    for terms in (Terms(), OURS):
        assert from_json(to_json(terms)) == terms


def test_a_clause_that_is_newer_than_what_was_agreed_is_as_the_defaults_have_it():
    assert from_json('{"wanted_chance": 0.8, "of_an_app_to_come": 1}') == replace(Terms(), wanted_chance=0.8)


def test_a_wijk_that_agreed_on_nothing_has_the_defaults(db, town: Town):
    assert terms_for(db, town.here.id, MORNING) == rules.DEFAULTS


def test_what_was_agreed_holds_from_its_day_and_in_that_wijk_only(db, town: Town, clock):
    agree(town.coordinator, town.here.id, OURS, today() + timedelta(days=2))
    midnight = kit_time.day_starts(today() + timedelta(days=2))
    assert terms_for(db, town.here.id, midnight - timedelta(seconds=1)) == rules.DEFAULTS
    assert terms_for(db, town.here.id, midnight) == OURS
    both = terms_of(db, [town.here.id, town.near.id], midnight)
    assert both == {town.here.id: OURS, town.near.id: rules.DEFAULTS}


def test_the_last_version_of_a_moment_stands_and_the_older_ones_stay(db, town: Town, clock):
    agree(town.coordinator, town.here.id, OURS, today())
    agree(town.coordinator, town.here.id, Terms(), today(), shared_mail="groep@lunetten.example")
    assert terms_for(db, town.here.id, MORNING) == Terms()
    clock.shift(timedelta(hours=1))
    page = terms_page(town.coordinator, town.here.code)
    assert [one.clauses for one in page.versions] == [Terms(), OURS]
    assert page.standing is page.versions[0]


def test_a_running_request_keeps_the_terms_it_was_sent_under(db, make: Make, town: Town, clock):
    make.provider(town.here)
    request_id = posted(town.referrer)
    agree(town.coordinator, town.here.id, OURS, today())
    assert db.get_one(CareRequest, request_id).terms == rules.DEFAULTS
    assert db.get_one(CareRequest, posted(town.referrer)).terms == OURS


def test_only_the_wijkregisseur_of_the_region_changes_them(make: Make, town: Town, visitor):
    nurse = make.provider(town.here).nurse
    elsewhere = make.organisation("Gemeente Elders")
    make.region(members=[elsewhere])
    stranger = make.account(elsewhere, Role.COORDINATOR)
    for actor in (nurse, stranger):
        with pytest.raises(NotAllowed):
            agree(actor, town.here.id, OURS, today())
    page = f"/wijken/{town.here.code}/afspraken"
    assert visitor(nurse).get(page).status_code == 200
    assert visitor(nurse).get(f"{page}/wijzigen").status_code == 403
    assert visitor(stranger).get(page).status_code == 403


def test_a_team_that_works_in_a_region_leads_nothing_there(make: Make, town: Town):
    works_here = make.provider(town.here).organisation
    make.region(members=[works_here])
    leads_elsewhere = make.account(works_here, Role.COORDINATOR)
    assert not terms_page(leads_elsewhere, town.here.code).may_change
    with pytest.raises(NotAllowed):
        agree(leads_elsewhere, town.here.id, OURS, today())
    agreement_id = register.begin(town.coordinator, facts(town))
    parties.add_party(town.coordinator, agreement_id, works_here.id)
    assert not parties.parties_page(leads_elsewhere, agreement_id).hands.leads
    assert parties.parties_page(town.coordinator, agreement_id).hands.leads


STEP = EscalationStep
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("terms", "clause"),
    [
        (replace(OURS, answer_within=dict.fromkeys(Urgency, timedelta(minutes=1))), "answer_within"),
        (replace(OURS, wanted_chance=1.0), "wanted_chance"),
        (replace(OURS, fresh_for=DAY, stale_after=DAY), "stale_after"),
        (replace(OURS, take_back_within=2 * DAY), "take_back_within"),
        (replace(OURS, messages_kept=31 * DAY), "messages_kept"),
        (replace(OURS, rounds=(frozenset({Distance.REGION}), frozenset({Distance.WIJK}))), "rounds"),
        (replace(OURS, escalation=()), "escalation"),
        (replace(OURS, escalation=(STEP(Escalation.UNFILLABLE, DAY),)), "escalation"),  # nobody is told
        (
            replace(
                OURS, escalation=(STEP(Escalation.COORDINATOR, DAY), STEP(Escalation.SHARED_MAIL, 0 * DAY))
            ),
            "escalation",
        ),
        (
            replace(
                OURS, escalation=(STEP(Escalation.UNFILLABLE, DAY), STEP(Escalation.COORDINATOR, 2 * DAY))
            ),
            "escalation",
        ),
    ],
)
def test_what_cannot_be_agreed_is_said_at_its_clause(town: Town, terms, clause):
    with pytest.raises(Invalid) as refused:
        agree(town.coordinator, town.here.id, terms, today(), shared_mail="groep@lunetten.example")
    assert set(refused.value.fields) == {clause}


def test_the_defaults_can_be_agreed():
    assert wrong_in(Terms()) == {}


def test_yesterday_and_a_mail_to_nobody_cannot_be_agreed(town: Town):
    with pytest.raises(Invalid) as refused:
        agree(town.coordinator, town.here.id, Terms(), today() - DAY)
    assert set(refused.value.fields) == {"valid_from", "shared_mail"}


# --- the page


FORM = {
    "today": "20",
    "day": "3",
    "three_workdays": "5",
    "planned": "48",
    "rounds": "wijk_first",
    "wanted_chance": "90",
    "quiet_from": "23:00",
    "quiet_until": "06:30",
    "coordinator_after": "0",
    "mail": "y",
    "mail_after": "2",
    "shared_mail": "Groep@Lunetten.example",
    "gives_up": "y",
    "unfillable_after": "48",
    "take_back_within": "15",
    "fresh_for": "36",
    "stale_after": "96",
    "weekend_counts": "y",
    "messages_kept": "14",
    "public_figures": "y",
}


def form(**more: str) -> dict[str, str]:
    return FORM | {"seen": "", "valid_from": today().isoformat()} | more


def test_the_wijkregisseur_changes_every_clause_on_one_page(db, town: Town, visitor):
    page = f"/wijken/{town.here.code}/afspraken"
    regisseur = visitor(town.coordinator)
    assert regisseur.post(f"{page}/wijzigen", data=form()).status_code == 302

    agreed = terms_for(db, town.here.id, kit_time.now())
    assert {
        one.name for one in fields(Terms) if getattr(agreed, one.name) == getattr(Terms(), one.name)
    } == set()
    assert agreed.answer_within[Urgency.TODAY] == timedelta(minutes=20)
    assert [step.who for step in agreed.escalation] == list(Escalation)
    db.refresh(town.here)
    assert town.here.shared_mail == "groep@lunetten.example"
    shown = regisseur.get(page).text
    for words in ("Van 23.00 tot 6.30", "90% kans", "eigen afspraak", "groep@lunetten.example", "Na 2 uur"):
        assert words in shown


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("today", "veel"),
        ("wanted_chance", "100"),
        ("quiet_from", "straks"),
        ("rounds", "ergens"),
        ("shared_mail", "geen adres"),
        ("valid_from", "gisteren"),
        ("valid_from", "2020-01-01"),
        ("stale_after", "12"),
        ("mail_after", "-1"),
        ("unfillable_after", ""),
        ("messages_kept", "٣"),
    ],
)
def test_what_is_filled_in_wrong_is_said_and_everything_typed_stays(town: Town, visitor, field, typed):
    answer = visitor(town.coordinator).post(
        f"/wijken/{town.here.code}/afspraken/wijzigen", data=form(**{field: typed, "planned": "47"})
    )
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert 'value="47"' in answer.text


def test_who_changes_what_another_changed_meanwhile_is_shown_so(db, town: Town, visitor):
    agree(town.coordinator, town.here.id, Terms(), today(), shared_mail="a@b.example")
    page = f"/wijken/{town.here.code}/afspraken/wijzigen"
    assert visitor(town.coordinator).post(page, data=form(seen="")).status_code == 409
    with pytest.raises(ChangedMeanwhile):
        agree(town.coordinator, town.here.id, OURS, today(), seen="")


@pytest.mark.parametrize("kind", KINDS)
def test_of_two_who_change_the_same_version_one_wins(fresh_database, kind):
    fresh_database(kind)
    with transaction() as db:
        town = Make(db).town()
    said = all_at_once([lambda: agree(town.coordinator, town.here.id, OURS, today(), seen="")] * 4)
    assert refusals(said) == {ChangedMeanwhile: 3}
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(TermsVersion)) == 1


def test_of_every_clause_it_is_told_how_it_is_measured(town: Town, visitor):
    clauses = [clause for part in wording.parts(Terms()) for clause in part.clauses]
    assert all(clause.measured for clause in clauses)
    page = visitor(town.coordinator).get(f"/wijken/{town.here.code}/afspraken").text
    assert page.count("Zo meten we dit:") == len(clauses)
