"""An agreement about evenings, nights and weekends says how the duties go, once all have signed it."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from tests.agreements.making import COOPERATION, admins_of, sign, signed, three, written
from tests.forms import filled
from tests.rota.make import Make
from wijkapp.agreements import rule_sets
from wijkapp.agreements.models import RotaTermsVersion
from wijkapp.agreements.register import Kind
from wijkapp.agreements.rota_terms import DEFAULTS, DutyBlock, RotaTerms
from wijkapp.agreements.rules import Terms
from wijkapp.agreements.service import (
    agree_on_rota,
    agree_on_rules,
    documents,
    offering,
    rota_terms_for,
    rota_terms_page,
    signing,
)
from wijkapp.agreements.service.merging import clauses_of, day_in_words
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.people.rules import Role
from wijkapp.rota.planner import plan_rota
from wijkapp.rota.service import propose, runs

DAY = timedelta(days=1)
EVENING, NIGHT, BY_DAY = DEFAULTS.blocks
NIGHTS = replace(DEFAULTS, blocks=(EVENING, NIGHT), check_in_within=timedelta(minutes=5))
LONGER = replace(NIGHT, ends=BY_DAY.starts.replace(hour=8))


@pytest.fixture
def make(db):
    return Make(db)


@pytest.fixture
def town(make):
    return make.town()


@pytest.fixture
def begun(make, town):
    """`begun(...)`: an agreement about duties of three parties."""
    admins = admins_of(make, town)
    return lambda **more: three(town, admins, **({"title": "Samen in de nacht", "kind": Kind.ANW} | more))


def _holds(town, day: date) -> RotaTerms:
    """What the region works by, late on this day."""
    with reading() as db:
        return rota_terms_for(db, town.region.id, time.day_starts(day + DAY) - timedelta(minutes=1))


def _versions(db) -> int:
    return db.scalar(select(func.count()).select_from(RotaTermsVersion)) or 0


def test_what_was_agreed_about_duties_stands_in_it_to_the_last_term(begun):
    made = begun()
    terms = replace(NIGHTS, key={made.admins[0].organisation_id: Fraction(3)})
    with reading() as db:
        agreement, _hands = documents.seen_inside(db, made.coordinator, made.agreement_id)
        clauses = clauses_of(terms, time.today(), agreement, {made.admins[0].organisation_id: "Oost"})
    said = {name for one in clauses[1:] for name in one.value or {}}
    assert said == set(vars(terms)) - {"rules"} | {"rule_set"}
    assert len({one.code for one in clauses}) == len(clauses)
    assert "Oost: 100%" in next(one for one in clauses if one.code == "app.key").words
    assert all("%(" not in line for one in clauses for line in (one.title, *one.words))


def test_the_last_signature_puts_it_to_work_from_the_agreed_day_and_not_before(begun, town, db):
    made = begun()
    missing = documents.desk(made.coordinator, made.agreement_id, COOPERATION).missing
    assert ("terms", "terms") in {(one.name, one.where) for one in missing}
    agree_on_rota(made.coordinator, town.region.id, replace(DEFAULTS, rules={"daily_rest": 12}), time.today())
    starts = time.today() + 20 * DAY
    written(made, NIGHTS, starts)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    assert [sign(made, one) for one in made.admins[:2]] == [False, False]
    assert _versions(db) == 1

    assert sign(made, made.admins[2])

    assert _holds(town, starts - DAY) == replace(DEFAULTS, rules={"daily_rest": 12})
    assert _holds(town, starts) == replace(NIGHTS, rules={"daily_rest": 12})
    with reading() as db:
        page = rota_terms_page(db, town.region.id, time.day_starts(starts))
    assert page.source is not None
    assert page.source.agreement_id == made.agreement_id


def test_one_longer_night_is_the_one_thing_that_is_signed_again(begun, town, db):
    made = begun()
    written(made, NIGHTS)
    signed(made)
    written(made, replace(NIGHTS, blocks=(EVENING, LONGER)))
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    assert signing.paper(made.admins[0], made.agreement_id, COOPERATION, "0").touched == ("app.blocks.night",)
    for one in made.admins:
        sign(made, one)
    assert _holds(town, time.today()).block("night") == LONGER
    assert _versions(db) == 2


def test_what_was_replaced_before_its_day_does_not_take_over_on_it(begun, town):
    made, today = begun(), time.today()
    for terms, days in ((NIGHTS, 20), (NIGHTS, 40), (replace(NIGHTS, blocks=(EVENING, LONGER)), 50)):
        written(made, terms, today + days * DAY)
        signed(made)
    held = [_holds(town, today + days * DAY) for days in (20, 40, 50)]
    assert held == [DEFAULTS, DEFAULTS, replace(NIGHTS, blocks=(EVENING, LONGER))]


def test_a_changed_text_does_not_put_off_what_is_still_to_begin(begun, town):
    made, starts = begun(), time.today() + 20 * DAY
    written(made, NIGHTS, starts)
    signed(made)
    offering.answer(made.coordinator, made.agreement_id, COOPERATION, "extra", "Wij drinken koffie.")
    signed(made)
    assert [_holds(town, starts - DAY), _holds(town, starts)] == [DEFAULTS, NIGHTS]


def test_where_it_goes_so_already_nothing_changes(begun, town, db):
    made = begun()
    agree_on_rota(made.coordinator, town.region.id, replace(NIGHTS, rules={"daily_rest": 12}), time.today())
    written(made, NIGHTS)
    signed(made)
    offering.answer(made.coordinator, made.agreement_id, COOPERATION, "extra", "Wij drinken koffie.")
    signed(made)
    assert _versions(db) == 1
    assert not documents.desk(made.coordinator, made.agreement_id, COOPERATION).drifted


def test_what_is_changed_by_hand_afterwards_is_told(begun, town, visitor):
    made = begun()
    written(made, NIGHTS)
    signed(made)
    leads = visitor(made.coordinator)
    assert "geldt, komt uit een overeenkomst" in leads.get("/dienst/afspraken").text
    assert (
        '‘<span lang="nl">Samen in de nacht</span>’ getekend' in leads.get("/dienst/afspraken/wijzigen").text
    )

    agree_on_rota(made.coordinator, town.region.id, replace(NIGHTS, rules={"daily_rest": 12}), time.today())
    assert not documents.desk(made.coordinator, made.agreement_id, COOPERATION).drifted
    agree_on_rota(made.coordinator, town.region.id, DEFAULTS, time.today())

    paper = f"/afspraken/{made.agreement_id}/documenten/{COOPERATION}"
    assert "wijkregisseur veranderde de afspraken van de regio" in leads.get(paper).text
    assert "geldt nu niet" in leads.get("/dienst/afspraken").text


def test_of_two_agreements_the_one_signed_last_counts_and_who_signed_the_other_is_told(begun, town, visitor):
    first, second = begun(), begun(title="Eén nachtteam")
    later = time.today() + 20 * DAY
    written(first, NIGHTS)
    signed(first)
    written(first, replace(NIGHTS, swap_approval=True), later)
    signed(first)
    other = replace(NIGHTS, blocks=(EVENING, LONGER))
    written(second, other)
    signed(second)

    assert _holds(town, time.today()) == _holds(town, later) == other
    assert 'wat in ‘<span lang="nl">Eén nachtteam</span>’ is getekend' in _paper(
        visitor(first.admins[0]), first
    )
    assert not documents.desk(second.coordinator, second.agreement_id, COOPERATION).drifted
    listed = visitor(town.coordinator).get("/dienst/afspraken").text
    assert listed.index("Eén nachtteam") < listed.index("Samen in de nacht") < listed.index("geldt nu niet")
    assert "Wat het laatst getekend is, geldt" in listed


def _paper(browser, made) -> str:
    return str(browser.get(f"/afspraken/{made.agreement_id}/documenten/{COOPERATION}").text)


def test_figures_for_work_and_rest_change_at_once_and_what_was_signed_waits_for_its_day(begun, town):
    made = begun()
    starts = time.today() + 20 * DAY
    written(made, NIGHTS, starts)
    signed(made)
    agree_on_rules(made.coordinator, town.region.id, {"daily_rest": 12}, time.today())
    assert _holds(town, time.today()) == replace(DEFAULTS, rules={"daily_rest": 12})
    assert _holds(town, starts) == replace(NIGHTS, rules={"daily_rest": 12})


def test_a_rota_of_after_that_day_is_planned_by_it(begun, make, town):
    made = begun()
    planner = make.account(made.admins[0].organisation, Role.PLANNER)
    for admin in made.admins:
        for _one in range(2):
            make.member(make.account(admin.organisation, Role.NURSE), town.region)
    monday = time.today() + (7 - time.today().weekday()) * DAY + 7 * DAY
    early = DutyBlock("own1", "vroeg", EVENING.starts.replace(hour=5), BY_DAY.starts, backup=False)
    written(made, replace(DEFAULTS, blocks=(early,)), monday)
    signed(made)
    plan = make._draft(town.region, planner, monday, 1, filled=False)
    make.db.flush()

    run_id = propose.ask(planner, plan.id)
    task = runs.claim()
    assert task is not None
    assert runs.finish(run_id, plan_rota(task.problem, work=0.1))

    duties = {str(one.id): one.block for one in make.duties(plan)}
    assert set(duties.values()) == {"own1"}
    assert len(duties) == 7
    assert set(runs.proposed_by(make.db, runs.run_of(make.db, plan.id, run_id))) == {
        one.id for one in make.duties(plan)
    }


def test_which_rules_for_rest_hold_stands_in_it_by_version_day_and_source(begun, town, visitor):
    made = begun()
    written(made, NIGHTS)
    rules = rule_sets.on_day(time.today())
    signed(made)
    for who in (made.coordinator, made.admins[0]):
        clause = documents.desk(who, made.agreement_id, COOPERATION).in_force.content.clause("app.rules")
        assert clause.value == {"rule_set": rules.version}
        words = " ".join(clause.words)
        assert all(one in words for one in (rules.version, day_in_words(rules.valid_from), rules.source))
    agree_on_rules(made.coordinator, town.region.id, {"daily_rest": 12}, time.today())
    assert not documents.desk(made.coordinator, made.agreement_id, COOPERATION).fresh


def test_it_names_the_rules_of_the_day_from_which_it_holds(begun, monkeypatch):
    made, starts = begun(), time.today() + 20 * DAY
    now = rule_sets.newest()
    newer = replace(now, version="2099-1", valid_from=starts)
    monkeypatch.setattr(rule_sets, "all_versions", lambda: (now, newer))
    for day, is_newer in ((starts - DAY, False), (starts, True)):
        written(made, NIGHTS, day)
        clause = documents.desk(made.coordinator, made.agreement_id, COOPERATION).content.clause("app.rules")
        assert ("2099-1" in clause.words[1]) is is_newer


# --- filling it in


def test_terms_of_a_wijk_do_not_fit_duties_nor_the_other_way_round(begun, make, town):
    for made, terms in ((begun(), Terms()), (begun(kind=Kind.WIJK), RotaTerms())):
        with pytest.raises(NotFound):
            offering.set_terms(made.coordinator, made.agreement_id, COOPERATION, terms, time.today())


def test_duties_that_cannot_be_agreed_are_refused_at_their_clause(begun):
    made = begun()
    wrong = replace(
        NIGHTS, blocks=(), holiday_times=Fraction(0), key={made.admins[0].organisation_id: Fraction(-1)}
    )
    with pytest.raises(Invalid) as refused:
        offering.set_terms(made.coordinator, made.agreement_id, COOPERATION, wrong, time.today() - DAY)
    assert set(refused.value.fields) == {"blocks", "holiday_times", "key", "valid_from"}


def test_the_duties_are_filled_in_on_a_page_that_keeps_what_was_typed_wrong(begun, visitor):
    made = begun()
    leads = visitor(made.coordinator)
    path = f"/afspraken/{made.agreement_id}/documenten/{COOPERATION}"
    page = leads.get(f"{path}/app").text
    sent = filled(page) | {"check_in_within": "7", "swap_approval": "y"}
    sent |= {f"key_{one.organisation_id.hex}": "1" for one in made.admins}

    wrong = leads.post(f"{path}/app", sent | {"blocks-0-points": "veel"})
    assert wrong.status_code == 422
    assert 'value="veel"' in wrong.text
    none = leads.post(f"{path}/app", sent | {f"blocks-{n}-gone": "y" for n in range(3)})
    assert none.status_code == 422
    assert "minstens één dienst" in none.text

    assert leads.post(f"{path}/app", sent).status_code == 302
    shown = leads.get(path).text
    assert "Binnen 7 minuten na het begin" in shown
    assert "West: 33,3%" in shown
    assert filled(leads.get(f"{path}/app").text) | {"csrf_token": ""} == sent | {"csrf_token": ""}


def test_who_fills_it_in_sees_which_rules_for_rest_hold_and_what_the_region_chose(begun, town, visitor):
    made = begun()
    leads, path = visitor(made.coordinator), f"/afspraken/{made.agreement_id}/documenten/{COOPERATION}/app"
    page = leads.get(path).text
    assert f"Versie {rule_sets.on_day(time.today()).version}" in page
    assert "geen getal zelf" in page
    agree_on_rules(made.coordinator, town.region.id, {"daily_rest": 12}, time.today())
    page = leads.get(path).text
    assert "<b>12 uur</b>" in page
    assert "geen getal zelf" not in page
    assert f"/dienst/afspraken?regio={town.region.id}" in page


def test_only_the_wijkregisseur_fills_it_in(begun, make, town, visitor):
    made = begun()
    anna, path = made.admins[0], f"/afspraken/{made.agreement_id}/documenten/{COOPERATION}/app"
    bram = make.account(anna.organisation, Role.NURSE)
    carla = make.account(make.provider(town.here, name="Elders").organisation, Role.ADMIN)
    assert visitor(made.coordinator).get(path).status_code == 200
    for who in (anna, bram, carla):
        assert visitor(who).get(path).status_code == 403
        assert visitor(who).post(path, {}).status_code == 403
