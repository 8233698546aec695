"""The pages of the register: what a refusal keeps, and what an outsider is never shown."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from lxml.html import fromstring
from sqlalchemy import select, update

from tests.matching.make import Make, Provider, Town
from wijkapp.agreements.checks import rules
from wijkapp.agreements.lists import seeds
from wijkapp.agreements.models import Agreement, CheckMemo, Evaluation, Item, PhaseStep
from wijkapp.agreements.register import BodyKind, Check, Form, ItemStatus, Kind, Path, Phase
from wijkapp.agreements.service import judge, parties, plans, points, register
from wijkapp.agreements.service.judge import Answers
from wijkapp.agreements.service.points import Said
from wijkapp.agreements.service.register import Facts
from wijkapp.directory.models import RegionOrganisation
from wijkapp.kit import time
from wijkapp.people.models import Account
from wijkapp.people.rules import OrganisationKind, Role

pytestmark = pytest.mark.database("sqlite")
CANARY = "kanarie-in-de-kolenmijn"


@pytest.fixture
def oost(make: Make, town: Town) -> Provider:
    return make.provider(town.here, name="Oost")


@pytest.fixture
def admin(make: Make, oost: Provider) -> Account:
    return make.account(oost.organisation, Role.ADMIN)


def begun(admin: Account, town: Town, path: Path) -> UUID:
    facts = Facts(
        title="Samen in Lunetten",
        kind=Kind.WIJK,
        path=path,
        form=Form.WORKING,
        purpose="Snel zorg.",
        wijken=(town.here.code,),
        joining="Je werkt hier.",
    )
    return register.begin(admin, facts)


def test_an_insurer_reads_the_register_and_nothing_of_the_inside(db, visitor, make, town, admin):
    insurer = make.organisation("Verzekeraar", OrganisationKind.INSURER)
    db.add(RegionOrganisation(region_id=town.region.id, organisation_id=insurer.id))
    db.flush()
    viewer = make.account(insurer, Role.VIEWER)
    agreement_id = begun(admin, town, Path.LIGHT)
    item = db.scalars(select(Item)).first()
    points.say(admin, agreement_id, item.id, Said(ItemStatus.DONE, CANARY))
    plans.add_body(admin, agreement_id, BodyKind.STEERING, CANARY, CANARY)
    answers = Answers({}, {}, facts=CANARY, conclusion=CANARY)
    judge.judge(admin, agreement_id, Check.COMPETITION, answers)
    plans.plan_exit(admin, agreement_id, CANARY)
    db.add(
        PhaseStep(
            agreement_id=agreement_id, phase=Phase.INITIATION, at=time.now(), by_id=admin.id, reason=CANARY
        )
    )
    db.flush()

    looks = visitor(viewer)
    here = f"/afspraken/{agreement_id}"
    open_to_all = ["", "/aansluiten", "/poort/3"]
    inside = ["/partijen", "/overleg", "/toetsen/competition", "/lijsten/step_1"]
    told = {path: looks.get(here + path) for path in (*open_to_all, *inside)}
    assert [one.status_code for one in told.values()] == [200] * 3 + [403] * 4
    everything = [looks.get("/afspraken"), *told.values()]
    assert all(CANARY not in one.get_data(as_text=True) for one in everything)
    assert "Samen in Lunetten" in told[""].get_data(as_text=True)
    assert CANARY in visitor(admin).get(f"{here}/overleg").get_data(as_text=True)


def test_a_gate_that_is_shut_says_so_and_keeps_what_was_typed(db, visitor, town, admin):
    agreement_id = begun(admin, town, Path.FULL)
    sent = {"decision": "go", "decided_on": time.today().isoformat(), "decided_by": "Het bestuur van Oost"}
    answer = visitor(admin).post(f"/afspraken/{agreement_id}/poort/1", data=sent)
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Deze poort is nog dicht" in page
    assert "Het bestuur van Oost" in page


def test_a_client_s_name_does_not_get_into_the_evidence(db, visitor, town, admin):
    agreement_id = begun(admin, town, Path.LIGHT)
    item = db.scalars(select(Item)).first()
    sent = {"status": "done", "evidence": "Besproken met mevrouw De Wit uit de Lupinestraat 12, 111222333."}
    answer = visitor(admin).post(f"/afspraken/{agreement_id}/punten/{item.id}", data=sent)
    assert answer.status_code == 422
    db.expire_all()
    assert item.status is ItemStatus.OPEN


def test_a_check_is_asked_again_with_what_was_answered_last(db, visitor, town, admin):
    agreement_id = begun(admin, town, Path.FULL)
    mine, path = visitor(admin), f"/afspraken/{agreement_id}/toetsen/merger"
    sent = {
        "q_merge": "yes",
        "q_control": "no",
        "persons": "60",
        "joint_world": "151",
        "filed_on": "2025-11-02",
    }
    assert mine.post(path, data=sent).status_code == 302
    [memo] = db.scalars(select(CheckMemo))
    assert set(memo.answers) == {"merge=yes", "control=no", "persons=60", "joint_world=151000000"}
    page = mine.get(path).get_data(as_text=True)
    assert 'value="60"' in page
    assert 'value="151"' in page
    assert "30 nov" in page  # NZa has four weeks


@pytest.mark.parametrize("day", ["0001-01-01", "2013-12-31", "9999-12-31"])
def test_a_day_on_which_nothing_could_be_filed_is_refused_and_the_page_still_opens(visitor, town, admin, day):
    agreement_id = begun(admin, town, Path.FULL)
    at = f"/afspraken/{agreement_id}/toetsen/merger"
    refused = visitor(admin).post(at, {"filed_on": day})
    assert (refused.status_code, "filed_on-error" in refused.text) == (422, True)
    assert visitor(admin).get(at).status_code == 200
    assert visitor(admin).post(at, {"filed_on": "2014-01-01"}, follow_redirects=True).status_code == 200


def test_an_agreement_is_begun_and_changed_on_its_pages(db, visitor, town, admin):
    mine = visitor(admin)
    sent = {"title": "Samen", "kind": "wijk", "path": "light", "wijken": town.here.code}
    there = mine.post("/afspraken/nieuw", data=sent).headers["Location"]
    edited = sent | {"form": "contract", "cost_model": "own", "complaints": "Bel Oost.", "notice_months": "3"}
    assert mine.post(f"{there}/wijzigen", data=edited).status_code == 302
    agreement = db.scalars(select(Agreement)).one()
    assert (agreement.form, agreement.notice_months) == (Form.CONTRACT, 3)
    wrong = mine.post(
        f"{there}/wijzigen", data=edited | {"valid_from": "2026-12-01", "valid_until": "2026-11-01"}
    )
    assert wrong.status_code == 422
    assert "Bel Oost." in wrong.get_data(as_text=True)


def mark_on(page: str) -> str:
    found = re.search(r'<input[^>]*name="seen"[^>]*value="(\w{64})"', page)
    assert found, "the form does not say what was looked at"
    return found[1]


def test_who_saves_second_reads_what_the_first_kept_and_loses_no_words(db, visitor, town, admin):
    agreement_id = begun(admin, town, Path.LIGHT)
    item, mine = db.scalars(select(Item)).first(), visitor(admin)
    there, question = f"/afspraken/{agreement_id}", "documenten/cooperation/vraag/considerations"
    facts = {"title": "Samen", "wijken": town.here.code, "form": "working", "cost_model": "own"}
    for form, post, field, rest in (
        ("wijzigen", "wijzigen", "purpose", facts),
        (f"punten/{item.id}", f"punten/{item.id}", "evidence", {"status": "done"}),
        (question, question, "words", {}),
        ("overleg", "stoppen", "exit_plan", {}),
    ):
        at, seen = f"{there}/{post}", mark_on(mine.get(f"{there}/{form}").text)
        assert mine.post(at, data=rest | {field: "Van de eerste.", "seen": seen}).status_code == 302, form
        late = mine.post(at, data=rest | {field: "Van de tweede.", "seen": seen})
        assert (late.status_code, "Iemand anders veranderde dit" in late.text) == (409, True), form
        assert "Van de tweede." in late.text, form
        again = {field: "Van de tweede.", "seen": mark_on(late.text)}
        assert mine.post(at, data=rest | again).status_code == 302, form


def test_a_tick_that_two_people_give_stays_a_tick(db, visitor, town, admin):
    agreement_id = begun(admin, town, Path.LIGHT)
    item, mine = db.scalars(select(Item)).first(), visitor(admin)
    at = f"/afspraken/{agreement_id}/punten/{item.id}/klaar"
    for _person in range(2):
        mine.post(at, data={"done": "1"})
    db.refresh(item)
    assert item.status is ItemStatus.DONE
    mine.post(at, data={"done": ""})
    db.refresh(item)
    assert item.status is ItemStatus.OPEN


def read_out_in_english(page: str) -> str:
    """What a screen reader reads in the language of the page: not what says that it is Dutch."""
    root = fromstring(page)
    for one in root.xpath("//*[@lang='nl']"):
        one.drop_tree()
    return " ".join([root.text_content(), *root.xpath("//@aria-label")])


def test_who_reads_english_hears_the_dutch_of_the_lists_as_dutch(db, visitor, town, admin):
    agreement_id = begun(admin, town, Path.FULL)
    admin.language = "en"
    db.commit()
    item = db.scalars(select(Item)).first()
    mine, here = visitor(admin), f"/afspraken/{agreement_id}"
    told = seeds()
    dutch = {one.title for one in (*told.lists, *told.gates.values())} | {one.source for one in told.lists}
    dutch |= {one.words for part in told.lists for one in part.points}
    dutch |= {one.words for part in (told.phases, told.gates, told.forms) for one in part.values()}
    dutch |= {one.words for about in Check for one in rules().asked(about, Path.FULL)}

    for path in ("", "/lijsten/roles", f"/punten/{item.id}", "/poort/1", "/toetsen/competition", "/wijzigen"):
        page = mine.get(here + path).text
        assert any(one in page for one in dutch), path
        read = " ".join(read_out_in_english(page).split())
        assert not [one for one in dutch if " " in one and one in read], path


def test_what_has_ended_asks_for_nothing_more(db, visitor, make, town, admin):
    agreement_id = begun(admin, town, Path.FULL)
    judge.judge(admin, agreement_id, Check.MERGER, Answers({}, {}))
    parties.add_party(admin, agreement_id, make.provider(town.here).organisation.id)
    plans.plan_evaluation(admin, agreement_id, time.today())
    mine, there = visitor(admin), f"/afspraken/{agreement_id}"
    assert "opnieuw doen" in mine.get(there).text
    db.execute(update(Agreement).values(phase=Phase.ENDED))
    db.expire_all()
    pages = [mine.get(there + more).text for more in ("", "/overleg", "/documenten/cooperation")]
    assert not any("opnieuw doen" in one or "gepland" in one or "<form" in one for one in pages)
    newer = register.begin(
        admin, Facts("Nieuwer", Kind.WIJK, Path.LIGHT, Form.WORKING, "", (town.here.code,))
    )
    db.execute(update(Agreement).where(Agreement.id == newer).values(phase=Phase.ENDED))
    db.execute(update(Agreement).where(Agreement.id == agreement_id).values(phase=Phase.DEFINITION))
    db.expire_all()
    assert [one.agreement.id for one in register.register(admin).lines] == [agreement_id, newer]
    db.execute(update(Agreement).values(phase=Phase.ENDED))
    db.expire_all()
    closed = ("/wijzigen", "/documenten/cooperation/vraag/considerations")
    assert [mine.get(there + more).status_code for more in closed] == [409, 409]


def test_what_the_own_organisation_has_to_do_is_told_where_its_admin_begins(db, visitor, make, town, admin):
    agreement_id = begun(admin, town, Path.LIGHT)
    item = db.scalars(select(Item)).first()
    points.say(admin, agreement_id, item.id, Said(ItemStatus.OPEN, "", admin.id, time.today() - timedelta(1)))
    other = make.account(make.provider(town.here).organisation, Role.ADMIN)
    here, there = (visitor(who).get("/afspraken").text for who in (admin, other))
    assert ("1 te laat" in here, "Onze taken" in there) == (True, False)


def test_what_came_out_of_an_evaluation_is_not_typed_over(db, town, admin):
    agreement_id = begun(admin, town, Path.LIGHT)
    plans.plan_evaluation(admin, agreement_id, time.today())
    one = db.scalars(select(Evaluation)).one()
    plans.evaluated(admin, agreement_id, one.id, "Het werkt.")
    with pytest.raises(plans.Evaluated):
        plans.evaluated(admin, agreement_id, one.id, "Het werkt niet.")
    db.expire_all()
    assert one.conclusion == "Het werkt."
