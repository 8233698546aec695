"""The steps of what happens when it does not work: who hears of each, and what the page says of it."""

import pytest
from sqlalchemy import select

from tests.agreements.making import Three, admins_of, three
from tests.matching.make import Make, Town
from wijkapp.agreements.models import Escalation, Seat
from wijkapp.agreements.register import BodyKind, Hears, SeatLevel
from wijkapp.agreements.service import parties, plans, signatories
from wijkapp.agreements.service.merging import facts_of
from wijkapp.agreements.service.plans import BodyHears, Sits
from wijkapp.agreements.service.register import seen_inside
from wijkapp.kit.db import reading
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.people.rules import Role

TALK = "Zij spreken elkaar."


@pytest.fixture
def made(make: Make, town: Town) -> Three:
    return three(town, admins_of(make, town))


def _hears(made: Three, hears: Hears, body_id=None) -> plans.Hearers:
    plans.add_escalation(made.coordinator, made.agreement_id, 5, hears, TALK, body_id)
    [line] = plans.plans_page(made.coordinator, made.agreement_id).escalation
    plans.drop_escalation(made.coordinator, made.agreement_id, line.step.id)
    return line.hearers


def _ids(found: plans.Hearers) -> set:
    return {one.id for one in found.people}


def _body(made: Three) -> object:
    plans.add_body(made.coordinator, made.agreement_id, BodyKind.CARE, "", "")
    return plans.plans_page(made.coordinator, made.agreement_id).bodies[-1].body.id


def test_everybody_that_can_be_chosen_is_who_it_says(db, make, made):
    oost, west, zuid = made.admins
    nurse, second = (make.account(oost.organisation, role) for role in (Role.NURSE, Role.ADMIN))
    signatories.name_signer(oost, made.agreement_id, nurse.id, "bestuurder")
    coordinator = made.coordinator.id
    assert _ids(_hears(made, Hears.SIGNERS)) == {oost.id, nurse.id, west.id, zuid.id}
    assert _ids(_hears(made, Hears.ADMINS)) == {oost.id, second.id, west.id, zuid.id}
    assert _ids(_hears(made, Hears.LEAD)) == _ids(_hears(made, Hears.COORDINATOR)) == {coordinator}
    assert _ids(_hears(made, Hears.ALL)) == {oost.id, second.id, west.id, zuid.id, coordinator}


def test_of_a_party_that_signs_on_paper_the_admins_hear(db, make, made):
    west = made.admins[1]
    second = make.account(west.organisation, Role.ADMIN)
    own = signatories.own_hands(west, made.agreement_id).party
    signatories.drop_signer(west, made.agreement_id, own.signatories[0].id)
    parties.name_signatory(west, made.agreement_id, own.id, "Op Papier", "directeur")
    db.expire_all()
    assert _ids(_hears(made, Hears.SIGNERS)) == {*(one.id for one in made.admins), second.id}


def test_of_a_body_those_with_an_account_at_a_party_hear_and_of_none_everybody_in_charge(db, make, made):
    oost, west, _zuid = made.admins
    nurse, gone = (make.account(one.organisation, Role.NURSE) for one in (oost, west))
    body_id = _body(made)
    nobody = _hears(made, Hears.BODY, body_id)
    in_charge = {made.coordinator.id, *(one.id for one in made.admins)}
    assert (_ids(nobody), nobody.instead) == (in_charge, True)
    for one in (nurse, gone):
        plans.seat(oost, made.agreement_id, body_id, Sits(SeatLevel.STAFF, account_id=one.id))
    found = _hears(made, Hears.BODY, body_id)
    assert (_ids(found), found.instead) == ({nurse.id, gone.id}, False)
    page = parties.parties_page(west, made.agreement_id)
    assert page.hands.own is not None
    parties.leave(west, made.agreement_id, page.hands.own.id)
    nurse.active = False
    db.flush()
    assert _hears(made, Hears.BODY, body_id).instead


def test_a_seat_is_of_a_colleague_of_a_party_or_of_somebody_by_name(db, make, made, town):
    oost = made.admins[0]
    body_id = _body(made)
    other = make.account(make.provider(town.here, name="Noord").organisation, Role.NURSE)
    wrong = (
        (Sits(SeatLevel.STAFF, account_id=other.id), {"account"}),
        (Sits(SeatLevel.STAFF, organisation_id=other.organisation_id, name="Bo"), {"organisation"}),
        (Sits(SeatLevel.STAFF, organisation_id=oost.organisation_id), {"name"}),
        (Sits(SeatLevel.STAFF), {"organisation", "name"}),
    )
    for sits, fields in wrong:
        with pytest.raises(Invalid) as refused:
            plans.seat(oost, made.agreement_id, body_id, sits)
        assert set(refused.value.fields) == fields
    plans.seat(oost, made.agreement_id, body_id, Sits(SeatLevel.STAFF, account_id=oost.id))
    [seat] = db.scalars(select(Seat))
    assert (seat.name, seat.organisation_id, seat.account_id) == (oost.name, oost.organisation_id, oost.id)


def test_a_body_that_a_step_asks_stays_and_a_body_of_another_agreement_is_none(db, make, town, made):
    body_id = _body(made)
    another = three(town, ())
    with pytest.raises(NotFound):
        plans.add_escalation(town.coordinator, another.agreement_id, 5, Hears.BODY, TALK, body_id)
    plans.add_escalation(town.coordinator, made.agreement_id, 5, Hears.BODY, TALK, body_id)
    with pytest.raises(BodyHears):
        plans.drop_body(town.coordinator, made.agreement_id, body_id)
    [step] = db.scalars(select(Escalation))
    plans.drop_escalation(town.coordinator, made.agreement_id, step.id)
    plans.drop_body(town.coordinator, made.agreement_id, body_id)


def test_what_was_asked_in_words_is_still_read_on_the_page_and_in_the_document(db, made, town, visitor):
    plans.add_escalation(made.coordinator, made.agreement_id, 5, Hears.SIGNERS, TALK)
    plans.add_escalation(made.coordinator, made.agreement_id, 9, Hears.ALL, TALK)
    db.execute(
        Escalation.__table__.update().where(Escalation.after_days == 9).values(note="De besturen van toen")
    )
    db.expire_all()
    with reading() as look:
        agreement, _hands = seen_inside(look, made.coordinator, made.agreement_id)
        steps = facts_of(look, agreement)["escalation"]
    assert steps == (
        f"na 5 dagen: wie tekent voor de partijen, {TALK}",
        f"na 9 dagen: De besturen van toen, {TALK}",
    )
    page = visitor(made.coordinator).get(f"/afspraken/{made.agreement_id}/overleg").text
    assert "De besturen van toen" in page
    assert made.admins[0].name in page


@pytest.mark.database("sqlite")
def test_the_page_takes_a_choice_and_refuses_what_is_none(db, made, visitor):
    body_id = _body(made)
    mine, here = visitor(made.coordinator), f"/afspraken/{made.agreement_id}"
    sent = {"after_days": "5", "step": TALK}
    for who in ("", "body", "de besturen", str(made.agreement_id)):
        wrong = mine.post(f"{here}/escalatie", data=sent | {"who": who})
        assert wrong.status_code == 422, who
        assert TALK in wrong.text
    assert mine.post(f"{here}/escalatie", data=sent | {"who": str(body_id)}).status_code == 302
    told = mine.get(f"{here}/overleg").text
    assert "Werkgroep zorg en kwaliteit: daarvan kan niemand bericht krijgen." in told
    seat = mine.post(f"{here}/overleg/{body_id}/stoelen", data={"level": "staff", "name": "Bo Smit"})
    assert seat.status_code == 422
    assert 'value="Bo Smit"' in seat.text
    sits = {"level": "staff", "account": str(made.admins[0].id)}
    assert mine.post(f"{here}/overleg/{body_id}/stoelen", data=sits).status_code == 302
    assert f"Werkgroep zorg en kwaliteit: {made.admins[0].name}" in mine.get(f"{here}/overleg").text
