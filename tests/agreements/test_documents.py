"""Documents of an agreement: made of the register and answers, signed per clause, then in force."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.agreements.making import (
    COOPERATION,
    FORTY,
    QUIET,
    admins_of,
    facts,
    in_force,
    sign,
    signed,
    three,
    written,
)
from tests.matching.make import Make, Town
from tests.racing import all_at_once, refusals
from tests.servers import KINDS
from wijkapp.agreements import sealed
from wijkapp.agreements.drafting import templates, unknown_names
from wijkapp.agreements.models import Agreement, Signature, State, TermsVersion
from wijkapp.agreements.register import Check, Path
from wijkapp.agreements.rules import Terms, Urgency
from wijkapp.agreements.service import (
    agree,
    documents,
    joining,
    judge,
    offering,
    parties,
    register,
    signatories,
    signing,
    standing_per_wijk,
    terms_for,
)
from wijkapp.agreements.service.dossier import Forbidden
from wijkapp.agreements.service.judge import Answers
from wijkapp.agreements.service.merging import clauses_of, facts_of
from wijkapp.kit import time
from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound, Refused
from wijkapp.kit.outbox import Event
from wijkapp.people.rules import Role


def _terms(town: Town) -> Terms:
    with reading() as db:
        return terms_for(db, town.here.id, time.now())


def test_every_template_asks_only_what_the_register_or_a_question_answers(make, town):
    made = three(town, admins_of(make, town))
    with reading() as db:
        known = facts_of(db, documents.seen_inside(db, made.coordinator, made.agreement_id)[0])
    assert [unknown_names(one, known) for one in templates().values()] == [set()] * 7
    for one in templates().values():
        asked = {question.code for question in one.asked(Path.FULL)}
        assert asked == {question.code for question in one.questions}, one.code
        assert one.optional <= asked | set(known), one.code


IN_SOURCE = {
    "proposal": {"reason", "goal", "reach", "directions", "priority", "themes", "ownership", "timeline"}
    | {"benefits", "budget", "manager", "who"},
    "intention": {"parties", "considerations", "goal", "duration", "execution", "secrecy", "rights"}
    | {"costs", "law", "exclusivity"},
    "plan": {"reason", "value", "picture", "laws", "governance", "business_case", "staff", "admission"}
    | {"premises", "services", "risks", "communication", "conditions", "ending"}
    | {"organisation", "milestones", "monitoring", "goal", "parties"},
    "cooperation": {"parties", "considerations", "goal", "conditions", "form", "subjects", "governance"}
    | {"guarantees", "liability", "duration", "exclusivity", "property", "communication", "evaluation"}
    | {"procedure", "secrecy", "final", "aftercare", "clients", "joining", "costs", "extra"},
    "joint_controllers": {"parties", "purposes", "basis", "duties", "information", "rights", "security"}
    | {"retention", "processors", "public"},
}
"""The topics of the annexes (DOMAIN 1.5.15, and 1.5.13 step 4)."""


def test_every_topic_of_the_source_is_a_clause():
    for kind, topics in IN_SOURCE.items():
        assert {one.code for one in templates()[kind].articles} == topics


def test_what_the_app_does_stands_in_it_to_the_last_term(make, town):
    made = three(town, admins_of(make, town))
    with reading() as db:
        agreement, _hands = documents.seen_inside(db, made.coordinator, made.agreement_id)
        clauses = clauses_of(FORTY, time.today(), agreement, {})
    said = {name for one in clauses[1:] for name in one.value or {}}
    assert said == set(vars(FORTY))


def test_what_misses_is_told_until_it_is_filled_in(make, town):
    made = three(town, admins_of(make, town))
    found = documents.desk(made.coordinator, made.agreement_id, COOPERATION).missing
    assert {(one.name, one.where) for one in found} == {
        ("considerations", "question"),
        ("agreed", "question"),
        ("terms", "terms"),
    }
    with pytest.raises(offering.NotWhole):
        offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    written(made)
    assert documents.desk(made.coordinator, made.agreement_id, COOPERATION).missing == []


def test_a_party_without_somebody_who_signs_here_is_told(make, town):
    made = three(town, admins_of(make, town))
    written(made)
    oost = made.admins[0]
    own = signatories.own_hands(oost, made.agreement_id).party.signatories[0]
    signatories.drop_signer(oost, made.agreement_id, own.id)
    parties.name_signatory(oost, made.agreement_id, own.party_id, "Op papier", "directeur")
    missing = documents.desk(oost, made.agreement_id, COOPERATION).missing
    assert [(one.name, one.where) for one in missing] == [("Oost", "signers")]


def test_a_light_agreement_has_the_short_papers_and_a_full_one_all(make, town):
    light = three(town, admins_of(make, town))
    kinds = [one.template.code for one in documents.shelf(light.coordinator, light.agreement_id).lines]
    assert kinds == ["cooperation", "joint_controllers", "joining", "chain_mail"]
    with pytest.raises(NotFound):
        documents.desk(light.coordinator, light.agreement_id, "plan")
    full = register.begin(town.coordinator, facts(town, path=Path.FULL))
    assert len(documents.shelf(town.coordinator, full).lines) == 7


def test_it_is_in_force_when_the_last_of_all_has_signed_and_the_app_works_by_it(make, town, db):
    made = three(town, admins_of(make, town))
    written(made)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    assert [sign(made, one) for one in made.admins[:2]] == [False, False]
    assert _terms(town) != QUIET

    assert sign(made, made.admins[2])
    assert _terms(town) == QUIET
    desk = documents.desk(made.coordinator, made.agreement_id, COOPERATION)
    assert desk.in_force is not None
    assert not desk.fresh
    told = db.scalars(select(Event.to_id).where(Event.name == "agreements.in_force"))
    assert set(told) == {made.admins[0].id, made.admins[1].id, made.coordinator.id}


def test_whoever_signed_it_is_signed_in_the_register_too(make, town, db):
    made = in_force(make, town)
    page = parties.parties_page(made.coordinator, made.agreement_id)
    assert all(one.signed_on == time.today() for one in page.agreement.parties)


def _signed_by_all(made) -> bool:
    with reading() as db:
        return standing_per_wijk(db, [made.town.here.id])[made.town.here.id].signed is not None


def test_who_signed_something_that_was_taken_back_has_not_signed_what_came_after(make, town):
    made = three(town, admins_of(make, town))
    written(made)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    sign(made, made.admins[0])
    offering.take_back(made.coordinator, made.agreement_id, COOPERATION)
    offering.answer(made.coordinator, made.agreement_id, COOPERATION, "extra", "Heel iets anders.")
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    for one in made.admins[1:]:
        sign(made, one)
    assert not _signed_by_all(made)
    sign(made, made.admins[0])
    assert _signed_by_all(made)


def test_who_is_named_again_has_signed_once_it_is_offered_again(make, town):
    made = in_force(make, town)
    oost, second = made.admins[0], make.account(made.admins[0].organisation, Role.NURSE)
    [own] = signatories.own_hands(oost, made.agreement_id).party.signatories
    signatories.name_signer(oost, made.agreement_id, second.id, "teamleider")
    signatories.drop_signer(oost, made.agreement_id, own.id)
    signatories.name_signer(oost, made.agreement_id, oost.id, "bestuurder")
    party = signatories.own_hands(oost, made.agreement_id).party
    [theirs] = [one for one in party.signatories if one.account_id == second.id]
    signatories.drop_signer(oost, made.agreement_id, theirs.id)
    assert not _signed_by_all(made)

    assert documents.desk(made.coordinator, made.agreement_id, COOPERATION).fresh
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    assert documents.desk(made.coordinator, made.agreement_id, COOPERATION).in_force
    assert _signed_by_all(made)
    with pytest.raises(offering.NothingNew):
        offering.offer(made.coordinator, made.agreement_id, COOPERATION)


def test_one_changed_clause_is_all_that_is_signed_again(make, town):
    made = in_force(make, town)
    oost = made.admins[0]
    code = "liability"
    offering.answer(
        made.coordinator, made.agreement_id, COOPERATION, code, "Wij zijn verzekerd bij Pelikaan."
    )
    assert offering.offer(made.coordinator, made.agreement_id, COOPERATION) == 2

    paper = signing.paper(oost, made.agreement_id, COOPERATION, "00")
    assert paper.touched == (code,)
    assert list(paper.statement["touched"]) == [code]
    assert paper.before is not None
    for one in made.admins:
        sign(made, one)
    desk = documents.desk(oost, made.agreement_id, COOPERATION)
    assert [one.state for one in desk.versions] == [State.IN_FORCE, State.REPLACED]


def test_taking_a_clause_away_is_a_change_too(make, town):
    made = in_force(make, town)
    for words in ("Wij zijn verzekerd bij Pelikaan.", ""):
        offering.answer(made.coordinator, made.agreement_id, COOPERATION, "guarantees", words)
        offering.offer(made.coordinator, made.agreement_id, COOPERATION)
        touched = signing.paper(made.admins[0], made.agreement_id, COOPERATION, "00").touched
        assert sealed.OUTLINE in touched
        for one in made.admins:
            sign(made, one)


def test_a_changed_text_does_not_begin_the_terms_again(make, town, db):
    made = in_force(make, town)
    before = len(documents.desk(made.coordinator, made.agreement_id, COOPERATION).versions)
    offering.answer(made.coordinator, made.agreement_id, COOPERATION, "extra", "Wij drinken koffie.")
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    for one in made.admins:
        sign(made, one)
    assert before == 1
    assert len(db.scalars(select(TermsVersion).where(TermsVersion.wijk_id == town.here.id)).all()) == 1


def test_the_app_does_not_begin_before_the_agreement_that_says_so(make, town):
    made = three(town, admins_of(make, town), valid_from=time.today() + timedelta(days=9))
    written(made)
    [early] = documents.desk(made.coordinator, made.agreement_id, COOPERATION).missing
    assert (early.name, early.where) == ("starts", "terms")
    with pytest.raises(offering.NotWhole):
        offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    written(made, starts=time.today() + timedelta(days=9))
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)


def test_terms_that_are_signed_today_and_agreed_for_later_wait_for_their_day(make, town):
    made = three(town, admins_of(make, town))
    written(made)
    later = time.today() + timedelta(days=20)
    offering.set_terms(made.coordinator, made.agreement_id, COOPERATION, QUIET, later)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    for one in made.admins:
        sign(made, one)
    assert _terms(town) != QUIET
    with reading() as db:
        assert terms_for(db, town.here.id, time.now() + timedelta(days=21)) == QUIET


def _on(town: Town, days: int) -> Terms:
    with reading() as db:
        return terms_for(db, town.here.id, time.now() + timedelta(days=days))


def test_what_was_replaced_before_its_day_does_not_take_over_on_it(make, town):
    made = three(town, admins_of(make, town))
    written(made, QUIET, time.today() + timedelta(days=20))
    signed(made)
    calm = replace(QUIET, messages_kept=timedelta(days=2))
    written(made, calm, time.today() + timedelta(days=10))
    signed(made)
    assert [_on(town, days) == calm for days in (9, 11, 21)] == [False, True, True]


def test_the_same_terms_from_another_day_begin_on_that_day(make, town):
    made = three(town, admins_of(make, town))
    for words, days in (("Eerst.", 20), ("Toch later.", 40), ("Nog een zin.", 40)):
        written(made, QUIET, time.today() + timedelta(days=days))
        offering.answer(made.coordinator, made.agreement_id, COOPERATION, "extra", words)
        signed(made)
    assert [_on(town, days) == QUIET for days in (21, 39, 41)] == [False, False, True]


def test_a_new_party_signs_all_of_it_and_the_others_only_what_that_changes(make, town):
    made = in_force(make, town)
    noord = make.provider(town.here, name="Noord")
    admin = make.account(noord.organisation, Role.ADMIN)
    parties.add_party(made.coordinator, made.agreement_id, noord.organisation.id)
    signatories.name_signer(admin, made.agreement_id, admin.id, "eigenaar")
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    assert signing.paper(made.admins[0], made.agreement_id, COOPERATION, "0").touched == ("parties",)
    assert len(signing.paper(admin, made.agreement_id, COOPERATION, "0").touched) > 20


def test_what_waits_for_a_party_that_left_is_taken_back(make, town):
    made = three(town, admins_of(make, town))
    written(made)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    own = parties.parties_page(made.admins[2], made.agreement_id).hands.own
    parties.leave(made.admins[2], made.agreement_id, own.id)
    with pytest.raises(signing.NotAsked):
        signing.paper(made.admins[0], made.agreement_id, COOPERATION, "0")
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    assert [sign(made, one) for one in made.admins[:2]] == [False, True]


def test_the_same_text_offered_again_is_signed_only_by_who_did_not(make, town):
    made = three(town, admins_of(make, town))
    written(made)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    sign(made, made.admins[0])
    offering.take_back(made.coordinator, made.agreement_id, COOPERATION)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    with pytest.raises(signing.NotAsked):
        signing.paper(made.admins[0], made.agreement_id, COOPERATION, "0")
    assert [sign(made, one) for one in made.admins[1:]] == [False, True]


def test_nobody_signs_twice_or_for_another_or_another_text(make, town):
    made = three(town, admins_of(make, town))
    written(made)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    sign(made, made.admins[0])
    for who in (made.admins[0], made.coordinator):
        with pytest.raises(signing.NotAsked):
            sign(made, who)
    with pytest.raises(signing.AnotherText):
        signing.sign(
            made.admins[1],
            made.agreement_id,
            COOPERATION,
            digest="0" * 64,
            nonce="0",
            proof=signing.Proof(signing.Factor.CODE),
        )


def test_while_a_version_waits_there_is_no_other_and_without_a_change_there_is_none(make, town):
    made = three(town, admins_of(make, town))
    written(made)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    offering.answer(made.coordinator, made.agreement_id, COOPERATION, "extra", "Nog iets.")
    with pytest.raises(offering.Waiting):
        offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    offering.take_back(made.coordinator, made.agreement_id, COOPERATION)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    for one in made.admins:
        sign(made, one)
    with pytest.raises(offering.NothingNew):
        offering.offer(made.coordinator, made.agreement_id, COOPERATION)


def test_a_paper_that_is_not_signed_counts_at_once(make, town):
    made = three(town, admins_of(make, town))
    for code, words in (("way_in", "Bel het nummer van de wijk."), ("changes", "Eén ingang.")):
        offering.answer(made.coordinator, made.agreement_id, "chain_mail", code, words)
    offering.offer(made.coordinator, made.agreement_id, "chain_mail")
    assert documents.desk(made.coordinator, made.agreement_id, "chain_mail").in_force is not None


def test_terms_that_cannot_be_agreed_are_refused_at_their_clause(make, town):
    made = three(town, admins_of(make, town))
    wrong = replace(FORTY, answer_within=dict.fromkeys(Urgency, timedelta(days=30)))
    with pytest.raises(Invalid) as refused:
        offering.set_terms(
            made.coordinator, made.agreement_id, COOPERATION, wrong, time.today() - timedelta(days=1)
        )
    assert set(refused.value.fields) == {"answer_within", "valid_from", "mail"}


def test_the_admin_of_a_party_writes_her_colleague_signs_and_reads_and_carla_sees_nothing(make, town):
    made = three(town, admins_of(make, town))
    anna = made.admins[0]
    bram = make.account(anna.organisation, Role.NURSE)
    carla = make.provider(town.here, name="Elders").nurse
    written(made)
    signatories.name_signer(anna, made.agreement_id, bram.id, "teamleider")
    offering.offer(anna, made.agreement_id, COOPERATION)
    assert documents.desk(bram, made.agreement_id, COOPERATION).offered
    sign(made, bram)
    for refused in (
        lambda: offering.answer(bram, made.agreement_id, COOPERATION, "extra", "x"),
        lambda: offering.take_back(bram, made.agreement_id, COOPERATION),
        lambda: signatories.name_signer(bram, made.agreement_id, bram.id, "baas"),
        lambda: documents.shelf(carla, made.agreement_id),
        lambda: documents.version_page(carla, made.agreement_id, COOPERATION, 1),
        lambda: signing.export(carla, made.agreement_id, COOPERATION, 1),
        lambda: signing.paper(carla, made.agreement_id, COOPERATION, "0"),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_what_the_app_is_going_to_do_and_where_is_for_the_wijkregisseur(make, town, visitor):
    made = three(town, admins_of(make, town))
    anna, at = made.admins[0], f"/afspraken/{made.agreement_id}/documenten/cooperation"
    with pytest.raises(NotAllowed):
        offering.set_terms(anna, made.agreement_id, COOPERATION, QUIET, time.today())
    wider = facts(town, wijken=(town.here.code, town.near.code))
    register.change(anna, made.agreement_id, wider)  # nothing was said about the app yet
    written(made)
    register.change(anna, made.agreement_id, replace(wider, title="Heel anders"))
    with pytest.raises(Invalid) as refused:
        register.change(anna, made.agreement_id, facts(town))
    assert set(refused.value.fields) == {"wijken"}
    register.change(made.coordinator, made.agreement_id, facts(town))
    for who, opens in ((made.coordinator, True), (anna, False)):
        page = visitor(who).get(at).text
        assert "App: " in page  # everybody inside reads it
        assert (f"{at}/app" in page) is opens
        assert visitor(who).get(f"{at}/app").status_code == (200 if opens else 403)


def test_what_the_competition_check_forbids_is_not_offered_to_sign(make, town, visitor):
    made = three(town, admins_of(make, town))
    written(made)
    for said, allowed in (("no", False), ("yes", True)):
        answers = Answers(dict.fromkeys(("keeps_choice", "open", "no_more"), said), {})
        judge.judge(made.coordinator, made.agreement_id, Check.COMPETITION, answers)
        page = visitor(made.coordinator).get(f"/afspraken/{made.agreement_id}/documenten/cooperation").text
        assert ("Leg voor om te tekenen" in page) is allowed
        if not allowed:
            with pytest.raises(Forbidden):
                offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    assert offering.offer(made.coordinator, made.agreement_id, COOPERATION) == 1


def test_what_was_signed_on_paper_stays_whoever_takes_the_name_away(make, town):
    made = three(town, admins_of(make, town))
    oost = made.admins[0]
    party = signatories.own_hands(oost, made.agreement_id).party
    parties.name_signatory(oost, made.agreement_id, party.id, "Op papier", "directeur")
    paper = signatories.own_hands(oost, made.agreement_id).party.signatories[-1]
    parties.signed(oost, made.agreement_id, paper.id, time.today())
    with pytest.raises(Refused):
        signatories.drop_signer(oost, made.agreement_id, paper.id)


def test_a_colleague_of_another_organisation_cannot_be_named(make, town):
    made = three(town, admins_of(make, town))
    with pytest.raises(Invalid):
        signatories.name_signer(made.admins[0], made.agreement_id, made.admins[1].id, "bestuurder")


def test_what_was_signed_says_so_for_good(make, town, db):
    made = in_force(make, town)
    held = db.scalars(select(Signature)).all()
    assert {one.digest for one in held} == {
        documents.desk(made.coordinator, made.agreement_id, COOPERATION).versions[0].digest
    }
    register.change(made.coordinator, made.agreement_id, facts(town, title="Heel anders"))
    page = documents.version_page(made.admins[0], made.agreement_id, COOPERATION, 1)
    assert page.version.content.title == "Samenwerkingsovereenkomst: Samen in Oost"
    assert sealed.whole(page.version.content) == page.version.digest
    assert db.get_one(Agreement, made.agreement_id).title == "Heel anders"


def test_when_the_terms_of_the_wijk_are_no_longer_what_was_signed_the_page_says_so(make, town):
    made = in_force(make, town)
    assert not documents.desk(made.coordinator, made.agreement_id, COOPERATION).drifted
    agree(made.coordinator, town.here.id, replace(QUIET, messages_kept=timedelta(days=2)), time.today())
    assert documents.desk(made.coordinator, made.agreement_id, COOPERATION).drifted


def test_every_wijk_that_was_signed_for_is_looked_at_not_the_first(make, town, visitor):
    both = (town.here.code, town.near.code)
    made = three(town, admins_of(make, town), wijken=both)
    written(made)
    signed(made)
    assert not documents.desk(made.coordinator, made.agreement_id, COOPERATION).drifted
    register.change(made.coordinator, made.agreement_id, facts(town, wijken=both[:1]))
    agree(made.coordinator, town.near.id, replace(QUIET, messages_kept=timedelta(days=2)), time.today())
    assert documents.desk(made.coordinator, made.agreement_id, COOPERATION).drifted
    page = visitor(made.coordinator).get(f"/afspraken/{made.agreement_id}/documenten/cooperation").text
    assert f"Zo werkt de app nu in {town.near.name}" in page
    assert f"Zo werkt de app nu in {town.here.name}" not in page


@pytest.mark.parametrize("kind", KINDS)
def test_a_colleague_who_is_named_twice_at_once_signs_once(fresh_database, kind):
    fresh_database(kind)
    with transaction() as db:
        make = Make(db)
        town = make.town()
        admins = admins_of(make, town)
        second = make.account(admins[0].organisation, Role.NURSE)
    made = three(town, admins)
    name = partial(signatories.name_signer, admins[0], made.agreement_id, second.id, "teamleider")
    assert all_at_once([name] * 4) == [None] * 4
    named = signatories.own_hands(admins[0], made.agreement_id).party.signatories
    assert [one.account_id for one in named] == [admins[0].id, second.id]


@pytest.mark.parametrize("kind", KINDS)
def test_a_no_is_appealed_once_however_many_try_at_once(fresh_database, kind):
    fresh_database(kind)
    with transaction() as db:
        make = Make(db)
        town = make.town()
        admins = admins_of(make, town)
        noord = make.account(make.provider(town.here, name="Noord").organisation, Role.ADMIN)
    made = three(town, admins)
    joining.apply(noord, made.agreement_id, "")
    [asked] = joining.join_page(noord, made.agreement_id).applications
    joining.decide_application(
        made.coordinator, made.agreement_id, asked.id, welcome=False, unmet=(1,), reasons="Nee."
    )
    appeal = partial(joining.appeal, noord, made.agreement_id, asked.id, "Toch wel.")
    assert refusals(all_at_once([appeal] * 4)) == {joining.StillWaiting: 3}


@pytest.mark.parametrize("kind", KINDS)
def test_of_all_who_sign_at_once_one_is_the_last_and_it_comes_into_force_once(fresh_database, kind):
    fresh_database(kind)
    with transaction() as db:
        make = Make(db)
        town = make.town()
        admins = admins_of(make, town)
    made = three(town, admins)
    written(made)
    offering.offer(made.coordinator, made.agreement_id, COOPERATION)
    last = all_at_once([lambda one=one: sign(made, one) for one in made.admins])
    assert sorted(last) == [False, False, True]
    with reading() as db:
        assert len(db.scalars(select(TermsVersion)).all()) == 1
