"""The register: begun, walked through its gates, joined, signed, ended; who may see and do what."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from tests.matching.make import Make, Provider, Town
from wijkapp.agreements import service as agreements
from wijkapp.agreements.lists import seeds
from wijkapp.agreements.models import Agreement, Application, CheckMemo, GateDecision, Item, Party
from wijkapp.agreements.register import (
    BodyKind,
    Check,
    Decision,
    Form,
    ItemStatus,
    JoinState,
    Kind,
    Outcome,
    Path,
    Phase,
    SeatLevel,
)
from wijkapp.agreements.service import dossier, joining, judge, parties, plans, points, register, route
from wijkapp.agreements.service.judge import Answers, RiskFacts
from wijkapp.agreements.service.plans import Sits
from wijkapp.agreements.service.points import Said
from wijkapp.agreements.service.register import Ended, Facts
from wijkapp.agreements.service.route import AnotherPhase, Decided, GateShut
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound, Refused
from wijkapp.kit.outbox import Event
from wijkapp.people.models import Account
from wijkapp.people.rules import Role

TODAY_YES = ("keeps_choice", "open", "no_more")


@pytest.fixture
def oost(make: Make, town: Town) -> Provider:
    return make.provider(town.here, name="Oost")


@pytest.fixture
def west(make: Make, town: Town) -> Provider:
    return make.provider(town.here, name="West")


@pytest.fixture
def oost_admin(make: Make, oost: Provider) -> Account:
    return make.account(oost.organisation, Role.ADMIN)


@pytest.fixture
def west_admin(make: Make, west: Provider) -> Account:
    return make.account(west.organisation, Role.ADMIN)


def facts(town: Town, path: Path = Path.LIGHT, **more: object) -> Facts:
    given = {
        "title": "Samen in Lunetten",
        "kind": Kind.WIJK,
        "path": path,
        "form": Form.WORKING,
        "purpose": "Iedereen krijgt snel zorg.",
        "wijken": (town.here.code,),
        "complaints": "De klachtenfunctionaris.",
        "joining": "Je werkt in de wijk.\nJe houdt je plekken bij.",
    }
    return Facts(**given | more)  # type: ignore[arg-type]


def begun(town: Town, path: Path = Path.LIGHT, **more: object) -> UUID:
    return register.begin(town.coordinator, facts(town, path, **more))


def all_done(db, agreement_id: UUID) -> None:
    done = {"status": ItemStatus.DONE, "done_on": time.today()}
    db.execute(update(Item).where(Item.agreement_id == agreement_id).values(done))
    db.flush()
    db.expire_all()


def yes_today(**more: object) -> Decided:
    return Decided(Decision.GO, time.today(), "De besturen", **more)  # type: ignore[arg-type]


def signs(admin: Account, agreement_id: UUID, db) -> None:
    party = db.scalars(
        select(Party).where(
            Party.agreement_id == agreement_id, Party.organisation_id == admin.organisation_id
        )
    ).one()
    parties.name_signatory(admin, agreement_id, party.id, "Bo Smit", "bestuurder")
    db.expire_all()
    page = parties.parties_page(admin, agreement_id)
    [mine] = [one for one in page.agreement.parties if one.id == party.id]
    parties.signed(admin, agreement_id, mine.signatories[-1].id, time.today())


def in_force(db, town: Town, admins: list[Account]) -> UUID:
    """A light agreement of these parties, signed, judged and passed."""
    agreement_id = begun(town)
    for admin in admins:
        parties.add_party(town.coordinator, agreement_id, admin.organisation_id)
        signs(admin, agreement_id, db)
    answers = Answers(dict.fromkeys(TODAY_YES, "yes"), {})
    assert judge.judge(town.coordinator, agreement_id, Check.COMPETITION, answers) is Outcome.SMALL
    all_done(db, agreement_id)
    route.go_on(town.coordinator, agreement_id)
    route.decide(town.coordinator, agreement_id, 3, yes_today())
    db.expire_all()
    return agreement_id


def phase_of(db, agreement_id: UUID) -> Phase:
    db.expire_all()
    return db.get_one(Agreement, agreement_id).phase


def gate(actor: Account, agreement_id: UUID, number: int) -> dossier.Gate:
    return dossier.gate_page(actor, agreement_id, number).gate


# --- beginning


@pytest.mark.parametrize("path", Path)
def test_a_new_agreement_has_every_point_of_its_lists(db, town, path):
    agreement_id = begun(town, path)
    codes = set(db.scalars(select(Item.code).where(Item.agreement_id == agreement_id)))
    assert codes == {point.code for one in seeds().lists_for(path, Kind.WIJK) for point in one.points}


def test_who_begins_at_a_provider_takes_part_and_who_leads_the_region_does_not(db, town, oost_admin):
    register.begin(oost_admin, facts(town))
    begun(town)
    assert db.scalars(select(Party.organisation_id)).all() == [oost_admin.organisation_id]


def test_a_nurse_or_a_viewer_begins_none_and_nobody_begins_in_another_region(make, town, oost):
    with pytest.raises(NotAllowed):
        register.begin(oost.nurse, facts(town))
    elsewhere = make.town(pc4=9711)
    with pytest.raises(Invalid) as wrong:
        register.begin(elsewhere.coordinator, facts(town))
    assert "wijken" in wrong.value.fields


def test_the_register_is_searched_by_name_wijk_and_party(town, oost_admin):
    agreement_id = register.begin(oost_admin, facts(town))
    other = begun(town, Path.FULL, title="Nachtteam", kind=Kind.ANW, wijken=(town.near.code,))

    def found(**asked: object) -> set[UUID]:
        return {one.agreement.id for one in register.register(town.coordinator, **asked).lines}

    assert found() == {agreement_id, other}
    assert found(words="nacht") == found(kind=Kind.ANW) == {other}
    assert found(words="oost") == found(words="lunetten") == {agreement_id}
    assert found(words="hoograven") == {other}
    assert found(phase=Phase.EXECUTION) == set()
    page = register.register(town.coordinator)
    assert [wijk.id for wijk in page.without] == [town.far.id]


# --- gates


def test_a_gate_is_refused_with_open_points_and_passed_with_them_done(db, town):
    agreement_id = begun(town, Path.FULL)
    with pytest.raises(GateShut):
        route.decide(town.coordinator, agreement_id, 1, yes_today())
    assert phase_of(db, agreement_id) is Phase.INITIATION
    assert {"results_a.question", "proposal.goal", "inform_a.board"} <= {
        block.code for block in gate(town.coordinator, agreement_id, 1).shut
    }

    all_done(db, agreement_id)
    route.decide(town.coordinator, agreement_id, 1, yes_today(conditions="Binnen het budget."))

    assert phase_of(db, agreement_id) is Phase.DEFINITION
    [made] = db.scalars(select(GateDecision))
    assert (made.blocked, made.override, made.conditions) == ((), "", "Binnen het budget.")


def test_a_gate_is_passed_over_open_points_with_a_reason_that_stays(db, town):
    agreement_id = begun(town, Path.FULL)
    route.decide(town.coordinator, agreement_id, 1, yes_today(override="Het budget komt later."))

    assert phase_of(db, agreement_id) is Phase.DEFINITION
    [made] = db.scalars(select(GateDecision))
    assert made.override == "Het budget komt later."
    assert "results_a.budget" in made.blocked


def test_a_no_changes_nothing_and_another_gate_is_not_at_hand(db, town):
    agreement_id = begun(town, Path.FULL)
    route.decide(town.coordinator, agreement_id, 1, Decided(Decision.NO_GO, time.today(), "De besturen"))
    assert phase_of(db, agreement_id) is Phase.INITIATION
    with pytest.raises(AnotherPhase):
        route.decide(town.coordinator, agreement_id, 2, yes_today(override="Haast."))
    tomorrow = time.today() + timedelta(days=1)
    with pytest.raises(Invalid):
        route.decide(town.coordinator, agreement_id, 1, Decided(Decision.GO, tomorrow, "De besturen"))


def test_what_the_law_forbids_passes_for_no_reason(db, town, oost_admin, west_admin):
    agreement_id = in_force(db, town, [oost_admin, west_admin])
    route.go_back(town.coordinator, agreement_id, Phase.REALISATION, "Er komt een afspraak bij.")
    answers = Answers(dict.fromkeys(TODAY_YES, "yes") | {"open": "no"}, {})
    assert judge.judge(town.coordinator, agreement_id, Check.COMPETITION, answers) is Outcome.BLOCKED

    with pytest.raises(GateShut):
        route.decide(town.coordinator, agreement_id, 3, yes_today(override="De besturen willen het."))
    assert phase_of(db, agreement_id) is Phase.REALISATION


def test_a_new_party_opens_again_what_depends_on_the_parties(db, make, town, oost_admin, west_admin):
    agreement_id = in_force(db, town, [oost_admin, west_admin])
    assert gate(town.coordinator, agreement_id, 3).passed
    with reading() as look:
        assert agreements.standing_per_wijk(look, [town.here.id])[town.here.id].signed == time.today()

    third = make.provider(town.here, name="Zuid")
    third_admin = make.account(third.organisation, Role.ADMIN)
    parties.add_party(town.coordinator, agreement_id, third.organisation.id)
    db.expire_all()

    told = set(db.scalars(select(Event.to_id).where(Event.name == "agreements.reopened")))
    assert told == {town.coordinator.id, oost_admin.id, west_admin.id, third_admin.id}
    opened = gate(town.coordinator, agreement_id, 3)
    assert not opened.passed
    codes = {block.code for block in opened.shut}
    assert {"signed", "competition", "step_1.acquainted", "step_3.choice"} <= codes
    assert "step_2.population" not in codes  # who lives there did not change
    assert phase_of(db, agreement_id) is Phase.EXECUTION  # it runs on meanwhile
    with reading() as look:
        assert agreements.standing_per_wijk(look, [town.here.id])[town.here.id].signed is None

    route.decide(town.coordinator, agreement_id, 3, yes_today(override="Zij tekenen volgende week."))
    assert gate(town.coordinator, agreement_id, 3).passed
    assert phase_of(db, agreement_id) is Phase.EXECUTION


def test_a_no_to_what_was_opened_again_is_not_the_last_word(db, make, town, oost_admin, west_admin, visitor):
    agreement_id = in_force(db, town, [oost_admin, west_admin])
    parties.add_party(town.coordinator, agreement_id, make.provider(town.here).organisation.id)
    no = Decided(Decision.NO_GO, time.today(), "De besturen")
    route.decide(town.coordinator, agreement_id, 3, no)
    at = f"/afspraken/{agreement_id}"
    assert "Leg het besluit vast" in visitor(town.coordinator).get(f"{at}/poort/3").text
    assert "Bekijk deze poort" in visitor(town.coordinator).get(at).text
    route.decide(town.coordinator, agreement_id, 3, yes_today(override="Zij tekenen volgende week."))
    assert gate(town.coordinator, agreement_id, 3).passed
    with pytest.raises(AnotherPhase):
        route.decide(town.coordinator, agreement_id, 3, no)


def test_a_party_that_leaves_opens_it_too_and_stays_in_the_register(db, town, oost_admin, west_admin):
    agreement_id = in_force(db, town, [oost_admin, west_admin])
    mine = parties.parties_page(west_admin, agreement_id).hands.own
    parties.leave(west_admin, agreement_id, mine.id)
    db.expire_all()
    assert not gate(town.coordinator, agreement_id, 3).passed
    assert db.get_one(Party, mine.id).left_on == time.today()
    with pytest.raises(NotAllowed):
        parties.parties_page(west_admin, agreement_id)


def test_a_party_is_put_out_by_who_leads_the_region_alone_and_hears_it(db, town, oost_admin, west_admin):
    agreement_id = in_force(db, town, [oost_admin, west_admin])
    theirs = parties.parties_page(west_admin, agreement_id).hands.own
    with pytest.raises(NotAllowed):
        parties.leave(oost_admin, agreement_id, theirs.id)

    db.execute(delete(Event))
    parties.leave(town.coordinator, agreement_id, theirs.id)
    told = set(db.scalars(select(Event.to_id).where(Event.name == "agreements.reopened")))
    assert told == {town.coordinator.id, oost_admin.id, west_admin.id}


def test_one_goes_back_with_a_reason_and_what_was_done_stays_done(db, town, oost_admin, west_admin):
    agreement_id = in_force(db, town, [oost_admin, west_admin])
    with pytest.raises(Invalid):
        route.go_back(town.coordinator, agreement_id, Phase.REALISATION, "")
    with pytest.raises(AnotherPhase):
        route.go_back(town.coordinator, agreement_id, Phase.ENDED, "Klaar.")
    route.go_back(town.coordinator, agreement_id, Phase.REALISATION, "Andere tijden.")
    assert phase_of(db, agreement_id) is Phase.REALISATION
    assert set(db.scalars(select(Item.status))) == {ItemStatus.DONE}
    assert (
        next(step.reason for step in dossier.file(town.coordinator, agreement_id).history) == "Andere tijden."
    )


def test_an_agreement_ends_with_an_exit_plan_and_then_stays_as_it_is(db, town, oost_admin, west_admin):
    agreement_id = in_force(db, town, [oost_admin, west_admin])
    ends = Decided(Decision.END, time.today(), "De partijen samen")
    with pytest.raises(GateShut):
        route.decide(town.coordinator, agreement_id, 4, ends)
    plans.plan_exit(town.coordinator, agreement_id, "Elke cliënt weet wie overneemt.")
    route.decide(town.coordinator, agreement_id, 4, ends)
    assert phase_of(db, agreement_id) is Phase.ENDED
    with pytest.raises(Ended):
        register.change(town.coordinator, agreement_id, facts(town))
    with pytest.raises(Ended):
        parties.leave(oost_admin, agreement_id, parties.parties_page(oost_admin, agreement_id).hands.own.id)
    with reading() as look:
        assert agreements.standing_per_wijk(look, [town.here.id]) == {}


def test_a_light_agreement_grows_and_keeps_what_was_done(db, town, oost_admin, west_admin):
    agreement_id = in_force(db, town, [oost_admin, west_admin])
    register.grow(town.coordinator, agreement_id)
    db.expire_all()
    page = dossier.file(town.coordinator, agreement_id)
    assert page.agreement.path is Path.FULL
    assert page.agreement.phase is Phase.EXECUTION
    assert [one.number for one in page.gates] == [1, 2, 3, 4]
    done = db.scalars(select(Item.status).where(Item.code.startswith("step_"))).all()
    assert set(done) == {ItemStatus.DONE}
    assert db.scalars(select(Item.status).where(Item.code == "laws.avg")).one() is ItemStatus.OPEN


def test_one_simply_goes_on_only_where_no_gate_waits(db, town):
    light, full = begun(town), begun(town, Path.FULL)
    route.go_on(town.coordinator, light)
    assert phase_of(db, light) is Phase.REALISATION
    for agreement_id in (light, full):
        with pytest.raises(AnotherPhase):
            route.go_on(town.coordinator, agreement_id)


# --- points


def test_a_point_has_an_owner_evidence_and_a_day(db, town, oost_admin, west_admin, make):
    agreement_id = in_force(db, town, [oost_admin, west_admin])
    [row] = points.list_page(oost_admin, agreement_id, "step_2").rows
    said = Said(ItemStatus.DONE, "Verslag van 3 november.", west_admin.id)
    points.say(oost_admin, agreement_id, row.item.id, said)
    db.expire_all()
    item = db.get_one(Item, row.item.id)
    assert (item.owner_id, item.done_on, item.evidence) == (west_admin.id, time.today(), said.evidence)

    assert dossier.file(oost_admin, agreement_id).spread == [("West", 1)]

    points.tick(oost_admin, agreement_id, item.id, done=False)
    db.expire_all()
    assert (item.status, item.done_on, item.evidence) == (ItemStatus.OPEN, None, said.evidence)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(ItemStatus.NOT_NEEDED), "evidence"),
        (Said(ItemStatus.DONE, done_on=time.today() + timedelta(days=2)), "done_on"),
        (Said(ItemStatus.OPEN, owner_id=UUID(int=7)), "owner"),
    ],
)
def test_a_point_that_is_not_needed_says_why_and_nothing_is_done_tomorrow(db, town, oost_admin, said, field):
    agreement_id = register.begin(oost_admin, facts(town))
    item_id = db.scalars(select(Item.id)).first()
    with pytest.raises(Invalid) as wrong:
        points.say(oost_admin, agreement_id, item_id, said)
    assert set(wrong.value.fields) == {field}


# --- who sees what


def test_everybody_in_the_region_reads_the_register_and_only_parties_see_inside(
    make, town, oost, oost_admin, west
):
    agreement_id = register.begin(oost_admin, facts(town))
    outside = dossier.file(west.nurse, agreement_id)
    assert (outside.progress, outside.checks, outside.hands.inside) == ((), {}, False)
    for page in (parties.parties_page, plans.plans_page):
        with pytest.raises(NotAllowed):
            page(west.nurse, agreement_id)
    with pytest.raises(NotAllowed):
        points.list_page(west.nurse, agreement_id, "step_1")
    inside = dossier.file(oost.nurse, agreement_id)
    assert inside.hands.inside
    assert not inside.hands.manage
    with pytest.raises(NotAllowed):
        dossier.file(make.town(pc4=9711).coordinator, agreement_id)
    with pytest.raises(NotFound):
        dossier.file(oost_admin, UUID(int=7))


def test_nobody_signs_for_another_party(db, town, oost_admin, west_admin):
    agreement_id = in_force(db, town, [oost_admin, west_admin])
    theirs = parties.parties_page(west_admin, agreement_id).hands.own
    for who in (oost_admin, town.coordinator):
        with pytest.raises(NotAllowed):
            parties.name_signatory(who, agreement_id, theirs.id, "Bo Smit", "bestuurder")
        with pytest.raises(NotAllowed):
            parties.signed(who, agreement_id, theirs.signatories[0].id, time.today())


# --- joining


def waiting(db, town: Town, agreement_id: UUID, admin: Account) -> Application:
    joining.apply(admin, agreement_id, "Wij werken hier al.")
    db.expire_all()
    return db.scalars(select(Application)).one()


def test_who_meets_the_criteria_joins_and_hears_it(db, town, oost_admin, west_admin):
    agreement_id = register.begin(oost_admin, facts(town))
    asked = waiting(db, town, agreement_id, west_admin)
    assert asked.criteria == "Je werkt in de wijk.\nJe houdt je plekken bij."
    joining.decide_application(
        town.coordinator, agreement_id, asked.id, welcome=True, reasons="Voldoet aan alles."
    )
    db.expire_all()
    assert {one.organisation_id for one in db.scalars(select(Party))} == {
        oost_admin.organisation_id,
        west_admin.organisation_id,
    }
    told = db.scalars(select(Event.to_id).where(Event.name == "agreements.join_answered")).all()
    assert told == [west_admin.id]


def test_a_no_names_a_known_criterion_and_the_reason_and_can_be_appealed_once(
    db, town, oost_admin, west_admin
):
    agreement_id = register.begin(oost_admin, facts(town))
    asked = waiting(db, town, agreement_id, west_admin)

    def refuse(unmet: tuple[int, ...], reasons: str) -> None:
        joining.decide_application(
            town.coordinator, agreement_id, asked.id, welcome=False, unmet=unmet, reasons=reasons
        )

    for unmet, reasons in (((), "Zomaar."), ((3,), "Er is geen derde."), ((1,), "")):
        with pytest.raises(Invalid):
            refuse(unmet, reasons)
    refuse((2,), "De cijfers zijn maanden oud.")
    db.expire_all()
    assert (asked.state, asked.unmet) == (JoinState.REFUSED, (2,))
    joining.appeal(west_admin, agreement_id, asked.id, "Ze zijn van gisteren.")
    db.expire_all()
    assert asked.state is JoinState.APPEALED
    refuse((2,), "Nog steeds oud.")
    with pytest.raises(Refused):
        joining.appeal(west_admin, agreement_id, asked.id, "Nog eens.")


def test_who_left_may_ask_again_and_who_was_let_in_waits_for_nothing(db, town, oost_admin, west_admin):
    agreement_id = register.begin(oost_admin, facts(town))
    asked = waiting(db, town, agreement_id, west_admin)
    parties.add_party(town.coordinator, agreement_id, west_admin.organisation_id)
    db.expire_all()
    assert asked.state is JoinState.ACCEPTED

    own = select(Party.id).where(Party.organisation_id == west_admin.organisation_id)
    parties.leave(west_admin, agreement_id, db.scalars(own).one())
    assert joining.join_page(west_admin, agreement_id).may_apply
    joining.apply(west_admin, agreement_id, "Toch weer.")
    with pytest.raises(joining.StillWaiting):
        joining.apply(west_admin, agreement_id, "En nog eens.")


def test_when_who_took_the_initiative_is_gone_others_hear_of_it(db, make, town, oost, oost_admin, west_admin):
    agreement_id = register.begin(oost_admin, facts(town))
    later = make.account(oost.organisation, Role.ADMIN)
    oost_admin.active = False
    db.flush()
    waiting(db, town, agreement_id, west_admin)
    plans.plan_evaluation(later, agreement_id, time.today())
    plans.remind()
    for name in ("agreements.asked_to_join", "agreements.evaluation_due"):
        told = db.scalars(select(Event.to_id).where(Event.name == name)).all()
        assert set(told) == {later.id, town.coordinator.id}, name


def test_nobody_is_judged_by_what_was_not_written_down(town, oost_admin, west_admin):
    agreement_id = register.begin(oost_admin, facts(town, joining=""))
    with pytest.raises(joining.NoCriteria):
        joining.apply(west_admin, agreement_id, "")


# --- checks, bodies, evaluations


def test_a_check_is_a_dated_memo_and_a_later_one_stands_beside_it(db, town, oost_admin):
    agreement_id = register.begin(oost_admin, facts(town, Path.FULL))
    first = judge.judge(
        oost_admin, agreement_id, Check.COMPETITION, Answers({"tariffs": "yes"}, {"share": 3})
    )
    second = judge.judge(
        oost_admin, agreement_id, Check.COMPETITION, Answers({"tariffs": "no"}, {"share": 3})
    )
    assert (first, second) == (Outcome.BLOCKED, Outcome.INCOMPLETE)
    memos = db.scalars(select(CheckMemo).order_by(CheckMemo.id)).all()
    assert [memo.answers for memo in memos] == [
        ("competitors=yes", "share=3", "tariffs=yes"),
        ("competitors=yes", "share=3", "tariffs=no"),
    ]


def test_the_dpia_follows_the_risks_that_are_left(town, oost_admin):
    agreement_id = register.begin(oost_admin, facts(town, Path.FULL))

    def says() -> Outcome:
        return judge.judge(oost_admin, agreement_id, Check.DPIA, Answers({}, {}))

    assert says() is Outcome.INCOMPLETE
    judge.add_risk(oost_admin, agreement_id, RiskFacts("Telefoon kwijt.", "", 4, 4, 2, 4, False))
    assert says() is Outcome.START
    judge.add_risk(oost_admin, agreement_id, RiskFacts("Iedereen leest mee.", "", 5, 5, 4, 4, False))
    assert says() is Outcome.CONSULT


def test_a_new_risk_asks_for_the_dpia_again(town, oost_admin, visitor):
    agreement_id = register.begin(oost_admin, facts(town, Path.FULL))
    judge.add_risk(oost_admin, agreement_id, RiskFacts("Telefoon kwijt.", "", 4, 4, 2, 4, False))
    judge.judge(oost_admin, agreement_id, Check.DPIA, Answers({}, {}))

    def asks_again() -> list[bool]:
        shut = {block.code for block in gate(oost_admin, agreement_id, 3).shut}
        page = visitor(oost_admin).get(f"/afspraken/{agreement_id}/toetsen/dpia").text
        listed = visitor(oost_admin).get(f"/afspraken/{agreement_id}").text
        return ["dpia" in shut, "risico’s veranderden sindsdien" in page, "opnieuw doen" in listed]

    assert asks_again() == [False] * 3
    judge.add_risk(oost_admin, agreement_id, RiskFacts("Iedereen leest mee.", "", 5, 5, 4, 4, False))
    assert asks_again() == [True] * 3
    judge.drop_risk(
        oost_admin, agreement_id, judge.check_page(oost_admin, agreement_id, Check.DPIA).risks[1].id
    )
    assert asks_again() == [False] * 3


def test_a_light_agreement_has_no_merger_test_or_dpia(town, oost_admin):
    agreement_id = register.begin(oost_admin, facts(town))
    for about in (Check.MERGER, Check.DPIA):
        with pytest.raises(NotFound):
            judge.check_page(oost_admin, agreement_id, about)


def test_a_steering_group_says_which_party_sits_lower(db, town, oost_admin, west_admin):
    agreement_id = in_force(db, town, [oost_admin, west_admin])
    plans.add_body(oost_admin, agreement_id, BodyKind.STEERING, "Alles.", "Elke maand.")
    body = plans.plans_page(oost_admin, agreement_id).bodies[0].body
    for admin, level in ((oost_admin, SeatLevel.BOARD), (west_admin, SeatLevel.MANAGER)):
        sits = Sits(level, organisation_id=admin.organisation_id, name="Bo Smit")
        plans.seat(oost_admin, agreement_id, body.id, sits)
    with pytest.raises(Invalid):  # twice would count for two
        plans.seat(
            oost_admin, agreement_id, body.id, Sits(SeatLevel.BOARD, None, sits.organisation_id, "bo smit")
        )
    db.expire_all()
    [line] = plans.plans_page(oost_admin, agreement_id).bodies
    assert {(one.party, one.level) for one in line.uneven} == {
        ("West", SeatLevel.BOARD),
        ("Oost", SeatLevel.MANAGER),
    }


def test_an_evaluation_is_told_of_once_two_weeks_before(db, town, oost_admin):
    agreement_id = register.begin(oost_admin, facts(town))
    plans.plan_evaluation(oost_admin, agreement_id, time.today() + timedelta(days=15))
    assert plans.remind() == 0
    plans.plan_evaluation(oost_admin, agreement_id, time.today() + timedelta(days=14))
    assert (plans.remind(), plans.remind()) == (1, 0)
    told = db.scalars(select(Event.to_id).where(Event.name == "agreements.evaluation_due")).all()
    assert set(told) == {oost_admin.id, town.coordinator.id}
    for taken_or_past in (14, -1):
        with pytest.raises(Invalid):
            plans.plan_evaluation(oost_admin, agreement_id, time.today() + timedelta(days=taken_or_past))


def test_the_agreement_that_is_furthest_stands_for_a_wijk(db, town, oost_admin, west_admin):
    begun(town, Path.FULL, kind=Kind.ANW, wijken=(town.here.code, town.near.code))
    running = in_force(db, town, [oost_admin, west_admin])
    db.execute(update(Agreement).where(Agreement.id != running).values(phase=Phase.DEFINITION))
    with reading() as look:
        found = agreements.standing_per_wijk(look, [town.here.id, town.near.id, town.far.id])
        assert found[town.here.id].agreement_id == running
        assert (found[town.here.id].parties, found[town.here.id].kind) == (2, Kind.WIJK)
        assert found[town.near.id].phase is Phase.DEFINITION
        assert town.far.id not in found
        anw = agreements.standing_per_wijk(look, [town.here.id], Kind.ANW)
        assert anw[town.here.id].kind is Kind.ANW
