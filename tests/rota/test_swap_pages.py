"""The pages about swapping, as those who use them see them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.rota.make import Make
from wijkapp.kit.db import new_id
from wijkapp.people.rules import Role
from wijkapp.rota.models import Duty, Swap
from wijkapp.rota.rules import HeldBy, SwapState
from wijkapp.rota.service import candidates, holding, swap_look
from wijkapp.rota.service.swap import Question, ask
from wijkapp.rota.service.swap_answer import decline, take

pytestmark = pytest.mark.database("sqlite")
NOON = datetime(2027, 1, 11, 11, tzinfo=UTC)
TUESDAY = date(2027, 1, 12)


class Desk:
    """Anna has the night of the 12th; Bram may take it."""

    def __init__(self, db, make, visitor):
        self.db, self.make, self.visitor = db, make, visitor
        self.town = make.rota_town(organisations=3, people=4)
        self.plan = make.plan(self.town, weeks=2)
        self.duty = make.duty_on(self.plan, TUESDAY)
        self.anna = self.town.account(self.duty.member_id)
        able = [self.town.account(one.who.member_id) for one in candidates.lawful(db, self.duty, NOON)]
        self.bram = next(one for one in able if one in self.town.nurses)
        self.path = f"/dienst/{self.duty.id}"

    def holder(self):
        duty = self.db.get_one(Duty, self.duty.id, populate_existing=True)
        return self.town.account(duty.member_id) if duty.member_id else None

    def the_swap(self):
        return self.db.scalars(select(Swap)).one()


@pytest.fixture
def desk(db, visitor):
    with time_machine.travel(NOON, tick=False):
        yield Desk(db, Make(db), visitor)


def test_from_the_own_duty_to_a_colleague_who_has_it(desk):
    anna, bram = desk.visitor(desk.anna), desk.visitor(desk.bram)
    assert "Ruil of geef weg" in anna.get(desk.path).text

    page = anna.get(f"{desk.path}/ruilen").text
    assert desk.bram.name in page
    sent = anna.post(f"{desk.path}/ruilen")
    assert sent.status_code == 302
    assert "Tot iemand ja zegt, blijft de dienst van jou." in anna.get(sent.location).text

    assert "Kun jij een dienst van" in bram.get("/vandaag").text
    assert "Ik neem hem" in bram.get("/dienst/ruilen").text
    swap_id = desk.the_swap().id
    assert bram.post(f"/dienst/ruilen/{swap_id}/nemen").status_code == 302
    assert "Jij hebt de dienst overgenomen." in bram.get(f"/dienst/ruilen/{swap_id}").text
    assert f"{desk.bram.name} heeft de dienst overgenomen." in anna.get(f"/dienst/ruilen/{swap_id}").text
    assert desk.holder() == desk.bram
    assert "gelukt" in anna.get("/dienst/ruilen").text


def test_who_is_too_late_reads_why(desk):
    swap_id = ask(desk.anna, desk.duty.id, Question())
    able = [one.who.member_id for one in candidates.lawful(desk.db, desk.duty, NOON)]
    other = next(one for one in map(desk.town.account, able) if one != desk.bram)
    take(desk.bram, swap_id)
    answer = desk.visitor(other).post(f"/dienst/ruilen/{swap_id}/nemen")
    assert answer.status_code == 409
    assert "net voor" in answer.text


def test_one_colleague_and_a_trade_are_one_tap_each(desk):
    anna = desk.visitor(desk.anna)
    anna.post(f"{desk.path}/ruilen", {"to": str(desk.town.member(desk.bram).id)})
    swap = desk.the_swap()
    assert "kan niet" not in anna.get("/dienst/ruilen").text
    desk.visitor(desk.bram).post(f"/dienst/ruilen/{swap.id}/niet")
    assert "Niemand nam de dienst over" in anna.get(f"/dienst/ruilen/{swap.id}").text
    trade = swap_look.ask_page(desk.anna, desk.duty.id).trades[0]
    assert anna.post(f"{desk.path}/ruilen", {"return_duty": str(trade.turn.duty_id)}).status_code == 302
    page = desk.visitor(desk.town.account(trade.who.member_id)).get("/dienst/ruilen").text
    assert "In ruil voor jouw dienst" in page
    assert "Ik ruil" in page


def test_nonsense_in_the_form_is_refused(desk):
    anna = desk.visitor(desk.anna)
    for field in ("to", "return_duty"):
        for typed in ("geen", "x" * 500, "9" * 36):
            assert anna.post(f"{desk.path}/ruilen", {field: typed}).status_code in {404, 409, 422}
    assert desk.db.scalars(select(Swap)).all() == []


def test_a_duty_that_does_not_exist_cannot_come_in_return(desk):
    assert desk.visitor(desk.anna).post(
        f"{desk.path}/ruilen", {"return_duty": str(new_id())}
    ).status_code in {404, 422}


def test_anna_may_a_colleague_may_not_and_carla_never(desk):
    outsider = next(one for one in desk.town.nurses if one not in (desk.anna, desk.bram))
    carla = desk.make.account(None, *Role)
    swap_id = ask(desk.anna, desk.duty.id, Question(frozenset({desk.town.member(desk.bram).id})))
    for who, status in ((desk.anna, 200), (desk.bram, 200), (outsider, 404), (carla, 404)):
        assert desk.visitor(who).get(f"/dienst/ruilen/{swap_id}").status_code == status
    for who in (outsider, carla, desk.town.referrer):
        visitor = desk.visitor(who)
        for door in ("nemen", "niet", "intrekken", "goed", "afkeuren"):
            assert visitor.post(f"/dienst/ruilen/{swap_id}/{door}").status_code in {403, 404}
        assert visitor.get(f"{desk.path}/ruilen").status_code in {403, 404}
    assert desk.the_swap().state is SwapState.OPEN


def test_a_planner_asks_on_behalf_and_sees_how_much_each_has_to_do(desk):
    coordinator = desk.visitor(desk.town.coordinator)
    assert "Vraag een ander voor deze dienst" in coordinator.get(desk.path).text
    page = coordinator.get(f"{desk.path}/ruilen").text
    assert "eigen deel" in page or "punten over" in page
    coordinator.post(f"{desk.path}/ruilen")
    assert "De planner vraagt je, in plaats van" in desk.visitor(desk.bram).get("/dienst/ruilen").text
    mine = desk.visitor(desk.anna).get("/dienst/ruilen").text
    assert "Gevraagd door de planner" in mine
    assert "Trek de vraag in" in mine
    planner = next(one for one in desk.town.planners if one not in (desk.anna, desk.bram))
    assert desk.visitor(planner).get("/dienst/ruilen").status_code == 200


def test_what_waits_for_a_planner_stands_on_top_of_the_planners_page(desk):
    desk.make.rota_terms(desk.town, swap_approval=True)
    swap_id = ask(desk.anna, desk.duty.id, Question())
    take(desk.bram, swap_id)
    coordinator = desk.visitor(desk.town.coordinator)
    assert "Goedkeuren" in coordinator.get("/dienst/ruilen").text
    assert "als de planner het goedkeurt" in desk.visitor(desk.bram).get("/dienst/ruilen").text
    assert coordinator.post(f"/dienst/ruilen/{swap_id}/goed").status_code == 302
    assert desk.holder() == desk.bram


def test_a_duty_that_nobody_has_is_taken_in_two_taps(desk):
    holding.give(desk.db, desk.duty, None, how=HeldBy.NOBODY, by=None, moment=NOON)
    bram = desk.visitor(desk.bram)
    page = bram.get(desk.path).text
    assert "Neem deze dienst" in page
    bram.post(f"{desk.path}/nemen", {"seen": str(desk.duty.sequence)})
    assert desk.holder() == desk.bram
    assert "Vraag iemand voor deze dienst" not in desk.visitor(desk.town.coordinator).get(desk.path).text


def test_a_running_duty_is_taken_over_in_two_taps_and_given_back_in_one(desk):
    with time_machine.travel(desk.duty.starts_at + timedelta(hours=1), tick=False):
        able = [one.who.member_id for one in candidates.lawful(desk.db, desk.duty, desk.duty.starts_at)]
        taker = desk.town.account(able[0])
        visitor = desk.visitor(taker)
        assert "Neem nu over" in visitor.get(desk.path).text
        for seen in ({}, {"seen": "x"}):
            assert visitor.post(f"{desk.path}/overnemen", seen).status_code == 422
        visitor.post(f"{desk.path}/overnemen", {"seen": str(desk.duty.sequence)})
        assert desk.holder() == taker
        assert "Draai terug" in visitor.get(desk.path).text
        visitor.post(f"{desk.path}/terug")
        assert desk.holder() == desk.anna


def test_why_a_duty_cannot_be_taken_over_is_said_on_its_page(desk):
    with time_machine.travel(desk.duty.starts_at - timedelta(hours=2), tick=False):
        member = desk.town.member(desk.bram)
        desk.make.absence(member, desk.duty.starts_at, desk.duty.ends_at)
        page = desk.visitor(desk.bram).get(desk.path).text
        assert "Waarom kan ik deze dienst niet overnemen?" in page
        assert "is er niet tijdens de dienst van" in page


def test_a_question_that_all_answered_with_no_still_shows_whose_the_duty_is(desk):
    swap_id = ask(desk.anna, desk.duty.id, Question())
    for one in candidates.lawful(desk.db, desk.duty, NOON):
        decline(desk.town.account(one.who.member_id), swap_id)
    page = desk.visitor(desk.anna).get("/dienst/ruilen").text
    assert "kunnen niet" in page or "kan niet" in page
    assert "blijft de dienst van jou" in page
