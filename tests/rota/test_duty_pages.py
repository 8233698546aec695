"""On the pages: the switch, calls, what is handed over, and taps without logging in."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.forms import filled
from tests.rota.make import Make
from tests.rota.test_check_in import Night, go
from wijkapp.kit.db import new_id
from wijkapp.people.models import Account
from wijkapp.rota import jobs
from wijkapp.rota.checkin import Tap
from wijkapp.rota.models import DutyCall, DutyReach, Handover
from wijkapp.rota.rules import CallFrom, CallOutcome
from wijkapp.rota.service import part, reach, taps

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def night(db):
    return Night(db, Make(db))


@pytest.fixture
def clock(night):
    with time_machine.travel(night.duty.starts_at, tick=False) as clock:
        yield clock


@pytest.fixture
def page(night):
    return f"/dienst/{night.duty.id}"


def test_the_first_screen_has_the_switch_and_the_page_says_who_is_there(night, clock, visitor, page):
    anna = visitor(night.anna)
    assert "Ik ben er" in anna.get("/vandaag").text
    assert anna.post(f"{page}/aanmelden", {"naar": "vandaag"}).location == "/vandaag"
    first = anna.get("/vandaag").text
    assert "Je hebt dienst tot 7.00" in first
    assert "Ik ben er" not in first
    assert "aangemeld 23.00" in visitor(night.bram).get(page).text
    clock.move_to(night.duty.ends_at - timedelta(minutes=20))
    assert "Schrijf de overdracht" in anna.get("/vandaag").text
    assert anna.post(f"{page}/afmelden").status_code == 302
    assert night.hold.checked_out_at


def test_somebody_else_finds_no_switch_and_is_refused(night, clock, visitor, page):
    bram, coordinator = visitor(night.bram), visitor(night.town.coordinator)
    assert "Ik ben er" not in bram.get(page).text
    assert bram.post(f"{page}/aanmelden").status_code == 403
    assert coordinator.post(f"{page}/aanmelden").status_code == 403
    carla = visitor(night.make.rota_town(organisations=1, people=1).planners[0])
    for door in ("aanmelden", "afmelden", "inspringen", "bereikbaar", "oproepen", "overdracht"):
        assert (
            carla.post(
                f"{page}/{door}", {"caller": "client", "ago": "0", "call_id": str(new_id())}
            ).status_code
            == 404
        )
    assert carla.get(f"{page}/overdracht").status_code == 404


def test_the_back_up_stands_in_on_the_page(night, clock, visitor, page):
    for minutes in (-10, 15):
        go(clock, night, minutes=minutes)
    assert "Ik spring in" in visitor(night.bram).get(page).text
    assert "Ik spring in" not in visitor(night.town.coordinator).get(page).text
    assert visitor(night.bram).post(f"{page}/inspringen").status_code == 302
    assert "achterwacht valt in" in visitor(night.town.coordinator).get(page).text


def test_a_call_is_a_kind_a_time_and_an_outcome(night, clock, visitor, page):
    anna = visitor(night.anna)
    anna.post(f"{page}/aanmelden")
    go(clock, night, hours=2)
    sent = filled(anna.get(page).text) | {"caller": "alarm_centre", "ago": "5"}
    for _twice in range(2):
        assert anna.post(f"{page}/oproepen", sent).status_code == 302
    assert filled(anna.get(page).text)["call_id"] != sent["call_id"]
    [call] = night.db.scalars(select(DutyCall)).all()
    assert (call.caller, call.asked_at) == (
        CallFrom.ALARM_CENTRE,
        night.duty.starts_at + timedelta(minutes=115),
    )
    assert "loopt nog" in anna.get(page).text
    settled = anna.post(f"{page}/oproepen/{call.id}", {"outcome": "helped"})
    assert settled.status_code == 422, "nobody said whether somebody went"
    anna.post(f"{page}/oproepen/{call.id}", {"minutes": "45", "outcome": "helped"})
    night.db.expire_all()
    assert call.outcome is CallOutcome.HELPED
    shown = anna.get(page).text
    assert "na 45 min ter plaatse" in shown
    assert "later dan 30 min" in shown
    assert visitor(night.bram).post(f"{page}/oproepen/{call.id}/weg").status_code == 403
    anna.post(f"{page}/oproepen/{call.id}/weg")
    assert night.db.scalars(select(DutyCall)).all() == []


def test_who_plans_sees_how_often_somebody_was_there_in_time_and_a_nurse_does_not(night, clock, visitor):
    go(clock, night, hours=3)
    for minutes in (20, 45, None):
        call = night.make.call(night.duty)
        call.asked_at = night.duty.starts_at
        call.on_site_at = call.asked_at + timedelta(minutes=minutes) if minutes else None
    night.db.flush()
    shown = visitor(night.town.coordinator).get("/dienst").text
    assert "Gebeld in vier weken" in shown
    assert "1 van de 2" in shown
    assert "Gebeld in vier weken" not in visitor(night.town.nurses[0]).get("/dienst").text
    clock.move_to(night.duty.starts_at + timedelta(weeks=4, hours=1))
    assert "Gebeld in vier weken" not in visitor(night.town.coordinator).get("/dienst").text


def test_who_plans_elsewhere_sees_no_calls_and_not_whether_somebody_was_reached(night, clock):
    night.make.call(night.duty)
    night.db.commit()
    carla = night.make.rota_town(organisations=1, people=1).planners[0]
    seen = [part.part(one, night.duty.id).calls for one in (night.town.coordinator, carla)]
    assert [len(calls) for calls in seen] == [1, 0]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"caller": "jan"},
        {"caller": "client", "ago": "-1"},
        {"caller": "client", "ago": "x"},
        {"caller": "client", "ago": "0", "call_id": "x"},
    ],
)
def test_a_call_that_cannot_be_read_is_not_written_down(night, clock, visitor, page, sent):
    known = {"call_id": str(new_id())}
    assert visitor(night.anna).post(f"{page}/oproepen", known | sent).status_code == 422
    assert night.db.scalars(select(DutyCall)).all() == []


ANSWERS = {"happened": "Rustige nacht", "still_open": "Huisarts terugbellen om 9 uur", "watch": ""}


def test_a_handover_is_written_read_by_the_next_and_confirmed(night, clock, visitor, page):
    next_one = night.town.account(night.next.member_id)
    anna, daan = visitor(night.anna), visitor(next_one)
    clock.move_to(night.duty.ends_at - timedelta(minutes=10))
    assert daan.get(f"{page}/overdracht").status_code == 404, "nothing was written yet"
    assert anna.post(f"{page}/overdracht", ANSWERS).status_code == 302
    shown = daan.get(f"{page}/overdracht").text
    assert "Rustige nacht" in shown
    assert "Gelezen, ik neem het over" in shown
    assert "Overdracht voor jou" in daan.get(f"/dienst/{night.next.id}").text
    outsiders = {one.id for one in night.town.nurses} - {night.anna.id, next_one.id}
    other = night.db.get_one(Account, sorted(outsiders)[0])
    for who in (other, night.town.coordinator):
        assert visitor(who).get(f"{page}/overdracht").status_code in (403, 404)
    assert daan.post(f"{page}/overdracht/gelezen").status_code == 302
    assert "Gelezen door" in anna.get(f"{page}/overdracht").text
    late = anna.post(f"{page}/overdracht", ANSWERS)
    assert (late.status_code, ANSWERS["still_open"] in late.text) == (409, True)
    assert "heeft je overdracht al gelezen" in late.text
    assert (
        visitor(night.anna).post(f"{page}/overdracht/gelezen").status_code == 404
        or next_one.id == night.anna.id
    )


def test_the_first_screen_of_the_next_leads_to_the_handover_until_it_is_read(night, clock, visitor, page):
    next_one = night.town.account(night.next.member_id)
    clock.move_to(night.duty.ends_at - timedelta(minutes=10))
    assert visitor(night.anna).post(f"{page}/overdracht", ANSWERS).status_code == 302
    clock.move_to(night.next.starts_at - timedelta(minutes=5))
    daan, to_read = visitor(next_one), f'href="{page}/overdracht"'
    assert to_read in daan.get("/vandaag").text
    assert to_read in daan.get(f"/dienst/{night.next.id}").text.split('id="dienst"')[0], "with the switch"
    daan.post(f"{page}/overdracht/gelezen")
    assert to_read not in daan.get("/vandaag").text


def test_that_nobody_said_they_are_there_is_loud_wherever_one_looks_who_is_on_duty(night, clock, visitor):
    coordinator = visitor(night.town.coordinator)
    go(clock, night, minutes=-10)
    clock.move_to(night.duty.starts_at + timedelta(minutes=1))
    assert "Niemand meldde zich" not in coordinator.get("/dienst").text, "there is time yet"
    go(clock, night, minutes=15)
    for path in ("/dienst", "/dienst/nu"):
        assert "Niemand meldde zich" in coordinator.get(path).text
    assert "card--gap" in visitor(night.town.nurses[0]).get("/vandaag").text.split('id="dienst-nu"')[0][-60:]
    choose = f"/dienst/plannen/{night.duty.plan_id}/dienst/{night.duty.id}"
    assert choose in coordinator.get(f"/dienst/{night.duty.id}").text
    assert "Bel een collega" in (found := coordinator.get(choose).text)
    assert f"{choose}/vraag" not in found, "of a duty that runs nobody can be asked any more"
    own = visitor(night.anna).get(f"/dienst/{night.duty.id}").text
    assert "Je bent nog niet aangemeld" in own
    assert "Bel wie deze dienst heeft" not in own, "that is she"
    visitor(night.anna).post(f"/dienst/{night.duty.id}/aanmelden")
    assert "Niemand meldde zich" not in coordinator.get("/dienst/nu").text


def test_who_plans_sees_in_every_list_who_could_not_be_reached_and_a_nurse_does_not(night, clock, visitor):
    week = "{}-W{:02}".format(*night.duty.starts_at.isocalendar())
    lists = ("/dienst", "/dienst/nu", f"/dienst/week/{week}", "/dienst/lijst")

    def found(who: Account) -> list[str]:
        return [one for one in lists if "niet bereikt" in visitor(who).get(one).text]

    clock.move_to(night.duty.starts_at - timedelta(hours=7))
    jobs.reach_due()
    assert found(night.town.coordinator) == [], "there is time to answer"
    clock.move_to(night.duty.starts_at - timedelta(hours=2))
    jobs.reach_due()
    assert found(night.town.coordinator) == list(lists)
    assert found(night.town.nurses[0]) == []
    for duty in (night.duty, night.backup):
        reach.reached(night.town.account(duty.member_id), duty.id)
    assert "/dienst/nu" not in found(night.town.coordinator)


def test_what_was_written_on_another_page_is_not_lost_to_an_older_one(night, clock, visitor, page):
    clock.move_to(night.duty.ends_at - timedelta(minutes=10))
    anna = visitor(night.anna)
    seen = filled(anna.get(f"{page}/overdracht").text)["seen"]
    sent = ANSWERS | {"seen": seen}
    for _twice in range(2):
        assert anna.post(f"{page}/overdracht", sent).status_code == 302
    late = anna.post(f"{page}/overdracht", sent | {"happened": "Toch druk"})
    assert (late.status_code, "Toch druk" in late.text) == (409, True)
    again = filled(anna.get(f"{page}/overdracht").text) | {"happened": "Rustige nacht, één val"}
    assert anna.post(f"{page}/overdracht", again).status_code == 302
    assert night.db.scalars(select(Handover.happened)).one() == "Rustige nacht, één val"


def test_who_lost_the_duty_or_is_too_late_keeps_what_was_typed(night, clock, visitor, page):
    clock.move_to(night.duty.ends_at + timedelta(hours=13))
    late = visitor(night.anna).post(f"{page}/overdracht", ANSWERS)
    assert (late.status_code, ANSWERS["still_open"] in late.text) == (409, True)
    lost = visitor(night.bram).post(f"{page}/overdracht", ANSWERS)
    assert (lost.status_code, ANSWERS["still_open"] in lost.text) == (403, True)
    assert "niet (meer) van jou" in lost.text
    assert night.db.scalars(select(Handover)).all() == []


def test_a_name_of_a_client_is_held_back_and_what_was_typed_stays(night, clock, visitor, page):
    clock.move_to(night.duty.ends_at)
    sent = ANSWERS | {"happened": "Mevrouw Jansen-de Vries, 030 123 45 67, is gevallen"}
    answer = visitor(night.anna).post(f"{page}/overdracht", sent)
    assert answer.status_code == 422
    assert "Huisarts terugbellen om 9 uur" in answer.text
    assert night.db.scalars(select(Handover)).all() == []


def test_the_two_talk_and_nobody_else_reads_it(night, clock, visitor, page):
    next_one = night.town.account(night.next.member_id)
    clock.move_to(night.duty.ends_at)
    visitor(night.anna).post(f"{page}/overdracht", ANSWERS)
    talk = f"/berichten/{night.duty.id}"
    for who in (night.anna, next_one):
        shown = visitor(who).get(talk)
        assert shown.status_code == 200
        assert page in shown.text
    others = {one.id for one in (*night.town.nurses, *night.town.planners)} - {night.anna.id, next_one.id}
    for one in others:
        assert visitor(night.db.get_one(Account, one)).get(talk).status_code == 404


# --- without logging in


def test_a_tap_on_the_lock_screen_checks_in(night, clock, visitor):
    ticket = taps.button_ticket(night.duty, night.anna.id, Tap.HERE)
    stranger = visitor()
    answer = stranger.client.post("/dienst/tik", json={"ticket": ticket})
    assert answer.json == {"title": "Je bent aangemeld", "sentence": "Je hebt dienst tot 7.00. Goede dienst!"}
    assert stranger.client.post("/dienst/tik", json={"ticket": ticket}).status_code == 200, "twice is fine"
    assert night.hold.checked_in_at == night.duty.starts_at


def test_a_ticket_of_somebody_who_lost_the_duty_does_nothing(night, clock, visitor):
    ticket = taps.button_ticket(night.duty, night.bram.id, Tap.HERE)
    assert visitor().client.post("/dienst/tik", json={"ticket": ticket}).status_code == 403
    clock.move_to(night.duty.ends_at)
    assert visitor().client.post("/dienst/tik", json={"ticket": ticket}).status_code == 410


@pytest.mark.parametrize("sent", [None, {}, {"ticket": 3}, {"ticket": "abc"}, ["ticket"]])
def test_what_is_no_ticket_is_refused(night, visitor, sent):
    assert visitor().client.post("/dienst/tik", json=sent).status_code == 404


def test_a_mail_leads_to_a_page_with_one_button(night, clock, visitor):
    for minutes in (-10, 15):
        go(clock, night, minutes=minutes)
    path = f"/dienst/tik/{taps.link_ticket(night.duty, night.bram.id, Tap.STEP_IN)}"
    stranger = visitor()
    assert "Ik spring in" in stranger.get(path).text
    assert night.hold.member_id == night.duty.member_id, "opening it does nothing yet"
    assert "Je bent ingesprongen" in stranger.post(path).text
    assert "al geregeld" in stranger.get(path).text
    assert visitor().get("/dienst/tik/niets").status_code == 404


def test_a_message_that_arrives_says_so(night, clock, visitor):
    clock.move_to(night.duty.starts_at - timedelta(hours=7))
    jobs.reach_due()
    ticket = taps.button_ticket(night.duty, night.anna.id, Tap.REACHED)
    assert visitor().client.post("/dienst/tik", json={"ticket": ticket}).status_code == 200
    assert night.db.scalar(select(DutyReach.reached_at).where(DutyReach.duty_id == night.duty.id))
    assert "Onze berichten komen aan" in visitor(night.anna).get(f"/dienst/{night.duty.id}").text
