"""The pages of the chat, as a browser without scripts sees them, and what they do with bad input."""

import json
import re
from html import unescape
from string import ascii_uppercase
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from tests.chat.conftest import Wijk, make_wijk, request_thread, said
from tests.chat.held import ALSO_LIKELY, CERTAIN, LIKELY
from wijkapp.chat import service, wording
from wijkapp.chat.models import Message, Thread
from wijkapp.clients import guard
from wijkapp.kit.db import new_id
from wijkapp.matching import service as matching
from wijkapp.matching.rules import WithdrawReason
from wijkapp.people.rules import Role

JSON = {"Accept": "application/json"}


@pytest.fixture
def wijk(make) -> Wijk:
    return make_wijk(make)


def _say(visitor, thread: UUID, text: str, **more: str):
    return visitor.post(f"/berichten/{thread}", {"message_id": str(new_id()), "text": text} | more)


def _newest(actor, thread: UUID) -> str:
    return service.show(actor, thread).lines[-1].text


def _count(db) -> int:
    return db.scalar(select(func.count()).select_from(Message))


# --- the list


def test_the_list_shows_a_wijk_before_anybody_said_something(visitor, wijk):
    page = visitor(wijk.anna).get("/berichten").text

    assert f"Wijk {wijk.town.here.name}" in page
    assert "Nog niets gezegd" in page


def test_the_list_shows_who_said_what_and_how_much_is_new(visitor, wijk):
    said(wijk.west.nurse, wijk.thread, "De lift is stuk.")
    said(wijk.west.nurse, wijk.thread, "Neem de trap.")

    page = visitor(wijk.anna).get("/berichten").text

    assert f"{wijk.west.nurse.name}: Neem de trap." in page
    assert re.search(r'chatline__n">2<span class="sr"> nieuwe berichten', page)


def test_whoever_waits_for_a_yes_stands_on_top(visitor, wijk):
    said(wijk.west.nurse, wijk.thread, "Het netwerk valt uit.", priority=True)

    page = visitor(wijk.anna).get("/berichten").text

    assert "Hier wacht iemand op jullie" in page
    assert "vraagt bevestiging" in page


def test_a_thread_that_opened_with_an_offer_is_in_the_list_once_something_was_said(visitor, wijk):
    thread = request_thread(wijk)
    assert f"/berichten/{thread}" not in visitor(wijk.anna).get("/berichten").text

    said(wijk.doctor, thread, "Fijn dat jullie kunnen.")

    assert f"/berichten/{thread}" in visitor(wijk.anna).get("/berichten").text


def test_the_tab_counts_threads_with_something_new(visitor, wijk):
    said(wijk.west.nurse, wijk.thread)
    anna = visitor(wijk.anna)

    assert anna.get("/berichten/ongelezen", headers=JSON).json == {"unread": 1}
    page = anna.get("/berichten").text
    assert re.search(r'data-unread="/berichten/ongelezen">1<span class="sr"> ongelezen', page)


# --- a thread


def test_a_thread_shows_days_writers_and_their_organisation(visitor, wijk):
    said(wijk.west.nurse, wijk.thread, "Wie heeft er plek?")
    said(wijk.west.nurse, wijk.thread, "Voor zaterdag.")
    said(wijk.anna, wijk.thread, "Wij <b>wel</b>.")

    page = visitor(wijk.anna).get(f"/berichten/{wijk.thread}").text

    assert "<span>vandaag</span>" in page
    assert f"<b data-by>{wijk.west.nurse.name}</b> <span data-for>West</span>" in page
    assert page.count("said--goes-on") == 1
    assert page.count("said--mine") == 2  # and the template for what comes live
    assert "Wij &lt;b&gt;wel&lt;/b&gt;." in page
    assert "Verstuurd" in page


def test_nothing_of_a_thread_stays_on_a_device(visitor, wijk):
    anna = visitor(wijk.anna)
    for path in ("/berichten", f"/berichten/{wijk.thread}", f"/berichten/{wijk.thread}/eerder"):
        assert anna.get(path).headers["Cache-Control"] == "no-store"
    assert "(account|berichten|" in anna.get("/sw.js").text


def test_who_read_it_stands_under_ones_own_last_message(visitor, wijk):
    said(wijk.anna, wijk.thread)
    service.mark_read(wijk.west.nurse, wijk.thread, 1)

    assert "Gelezen door West" in visitor(wijk.anna).get(f"/berichten/{wijk.thread}").text


def test_earlier_messages_are_a_link_further_and_the_first_new_one_is_marked(visitor, wijk):
    for n in range(60):
        said(wijk.west.nurse, wijk.thread, f"Regel nummer {n} van de dag.")
    anna = visitor(wijk.anna)

    page = anna.get(f"/berichten/{wijk.thread}").text
    assert "nummer 59 " in page
    assert "nummer 5 " not in page
    assert f"/berichten/{wijk.thread}?voor=11" in page
    assert page.count('id="nieuw"') == 1

    older = anna.get(f"/berichten/{wijk.thread}?voor=11").text
    assert "nummer 5 " in older
    assert "nummer 59 " not in older
    assert "Naar de nieuwste berichten" in older
    part = anna.get(f"/berichten/{wijk.thread}/eerder?voor=11").text
    assert part.count('class="said"') + part.count('class="said said--goes-on"') == 10


@pytest.mark.parametrize("number", ["x", "-1", "9" * 40, "1.5", "%00", "²"])
def test_a_number_in_the_address_that_is_none_shows_the_newest(visitor, wijk, number):
    said(wijk.west.nurse, wijk.thread, "Hallo.")
    anna = visitor(wijk.anna)
    assert "Hallo." in anna.get(f"/berichten/{wijk.thread}?voor={number}").text
    assert anna.get(f"/berichten/{wijk.thread}/nieuw?na={number}", headers=JSON).json["last_seq"] == 1


def test_an_open_page_without_a_live_line_asks_what_is_new(visitor, wijk):
    said(wijk.west.nurse, wijk.thread, "Een.")
    said(wijk.west.nurse, wijk.thread, "Twee.")

    news = visitor(wijk.anna).get(f"/berichten/{wijk.thread}/nieuw?na=1", headers=JSON).json

    assert [message["text"] for message in news["messages"]] == ["Twee."]


def test_bram_takes_part_too_and_carla_finds_nothing(visitor, wijk):
    message = said(wijk.anna, wijk.thread).line
    assert visitor(wijk.bram).get(f"/berichten/{wijk.thread}").status_code == 200
    assert visitor(wijk.bram).post(f"/berichten/bericht/{message.id}/verwijder").status_code == 404

    carla = visitor(wijk.carla)
    for path in ("", "/eerder", "/nieuw", "/pdf"):
        assert carla.get(f"/berichten/{wijk.thread}{path}").status_code == 404
    assert _say(carla, wijk.thread, "Hallo").status_code == 404
    assert carla.post(f"/berichten/{wijk.thread}/gelezen", {"seq": "1"}).status_code == 404
    for act in ("verwijder", "bevestig"):
        assert carla.post(f"/berichten/bericht/{message.id}/{act}").status_code == 404
    assert carla.post(f"/berichten/{wijk.thread}/{message.id}/wijzig", {"text": "Hoi"}).status_code == 404


# --- saying


def test_what_is_sent_is_said_once_also_when_the_form_is_sent_twice(visitor, wijk):
    anna, id = visitor(wijk.anna), str(new_id())
    for _ in range(2):
        answer = anna.post(
            f"/berichten/{wijk.thread}", {"message_id": id, "text": " Wij kunnen.\r\nTot zo. "}
        )
        assert answer.status_code == 302
        assert answer.location.endswith("#onderaan")

    assert [line.text for line in service.show(wijk.anna, wijk.thread).lines] == ["Wij kunnen.\nTot zo."]


def test_a_quick_reply_is_said_as_it_stands(visitor, wijk):
    said(wijk.west.nurse, wijk.thread)
    page = visitor(wijk.anna).get(f"/berichten/{wijk.thread}").text
    reply = re.search(r'name="quick" value="([^"]+)"', page)[1]

    visitor(wijk.anna).post(
        f"/berichten/{wijk.thread}", {"message_id": str(new_id()), "quick": reply, "text": ""}
    )

    assert _newest(wijk.anna, wijk.thread) == reply


def test_who_is_called_by_name_is_mentioned_and_set_apart(visitor, wijk):
    name = wijk.west.nurse.name
    _say(visitor(wijk.anna), wijk.thread, f"Dag @{name}, rijd jij?")

    assert service.show(wijk.anna, wijk.thread).lines[0].mentions == (wijk.west.nurse.id,)
    page = visitor(wijk.anna).get(f"/berichten/{wijk.thread}").text
    assert f'<b class="named">@{name}</b>, rijd jij?' in page


def test_a_whole_team_can_be_called_by_name(visitor, wijk):
    team = [
        wijk.make.account(wijk.oost.organisation, Role.NURSE, name=f"Zuster {letter}{letter.lower()}")
        for letter in ascii_uppercase
    ]
    guard.forget()  # it knows these colleagues too
    answer = _say(
        visitor(wijk.anna), wijk.thread, "Kunnen jullie? " + " ".join(f"@{one.name}" for one in team)
    )

    assert answer.status_code == 302
    assert set(service.show(wijk.anna, wijk.thread).lines[0].mentions) == {one.id for one in team}


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"text": ""}, "Schrijf eerst iets."),
        ({"text": " \u200b\u202e "}, "Schrijf eerst iets."),
        ({"text": "a " * 1500}, "te lang"),
        ({"text": "Hallo", "message_id": "x"}, "stond te lang open"),
        ({"text": "Hallo", "message_id": ""}, "stond te lang open"),
    ],
)
def test_bad_input_says_why_and_keeps_what_was_typed(visitor, wijk, db, form, says):
    answer = visitor(wijk.anna).post(f"/berichten/{wijk.thread}", {"message_id": str(new_id())} | form)

    assert answer.status_code == 422
    assert says in answer.text
    assert form["text"].strip(" \u200b\u202e") in answer.text
    assert _count(db) == 0


@pytest.mark.parametrize("text", ["👩🏽\u200d⚕️🚑", "שלום, ik kom zo", "e\u0301e\u0301n", "0", "<script>"])
def test_any_writing_is_said(visitor, wijk, text):
    assert _say(visitor(wijk.anna), wijk.thread, text).status_code == 302
    assert visitor(wijk.anna).get(f"/berichten/{wijk.thread}").status_code == 200


def test_an_unknown_thread_is_not_found(visitor, wijk):
    anna = visitor(wijk.anna)
    assert anna.get(f"/berichten/{uuid4()}").status_code == 404
    assert anna.get("/berichten/geen-nummer").status_code == 404
    assert _say(anna, uuid4(), "Hallo").status_code == 404
    assert anna.post(f"/berichten/{wijk.thread}/gelezen", {"seq": "veel"}).status_code == 422


# --- the guard


def test_a_name_of_a_client_is_marked_and_nothing_is_kept(visitor, wijk, db):
    answer = _say(visitor(wijk.anna), wijk.thread, CERTAIN)

    assert answer.status_code == 422
    assert 'guard__mark--certain">Jansen</mark>' in answer.text
    assert f">{CERTAIN}</textarea>" in answer.text
    assert "Nog niets is verstuurd of bewaard" in answer.text
    assert not re.search(r"<button[^>]*data-guard-vouch(?![^>]*hidden)", answer.text.split("<template")[0])
    assert _count(db) == 0


def test_one_tap_takes_it_away_and_sends(visitor, wijk):
    answer = _say(visitor(wijk.anna), wijk.thread, CERTAIN, redact="1")

    assert answer.status_code == 302
    assert _newest(wijk.anna, wijk.thread) == "Kan iemand morgen naar mevrouw [naam]?"


def test_what_may_be_a_colleague_is_asked_and_goes_through_when_its_writer_says_so(visitor, wijk, db):
    anna = visitor(wijk.anna)
    asked = _say(anna, wijk.thread, LIKELY)
    assert asked.status_code == 422
    assert "Staat hier een naam van een cliënt?" in asked.text
    mark = re.search(r'name="vouched" value="([0-9a-f]{16})"', asked.text)[1]
    assert _count(db) == 0

    # Who vouched for one text did not vouch for another.
    assert _say(anna, wijk.thread, ALSO_LIKELY, vouched=mark).status_code == 422
    assert _say(anna, wijk.thread, LIKELY, vouched=mark).status_code == 302
    assert _newest(wijk.anna, wijk.thread) == LIKELY


def test_a_script_gets_what_was_found_and_whether_one_may_vouch(visitor, wijk):
    form = {"message_id": str(new_id()), "text": CERTAIN}
    held = visitor(wijk.anna).post(f"/berichten/{wijk.thread}", form, headers=JSON)

    assert held.status_code == 422
    assert held.json["may_vouch"] is False
    (found,) = held.json["findings"]
    assert CERTAIN[found["start"] : found["end"]] == "Jansen"
    assert found["instead"] == "[naam]"
    assert CERTAIN not in held.text


def test_searching_for_a_client_is_refused_and_for_a_word_is_not(visitor, wijk):
    said(wijk.west.nurse, wijk.thread, "De lift is weer stuk.")
    anna = visitor(wijk.anna)

    found = anna.post("/berichten/zoeken", {"words": "lift"})
    assert "De lift is weer stuk." in found.text
    assert "1 bericht gevonden" in found.text
    assert "Niets gevonden" in anna.post("/berichten/zoeken", {"words": "olifant"}).text
    assert anna.post("/berichten/zoeken", {"words": "mevrouw Jansen"}).status_code == 422
    assert anna.post("/berichten/zoeken", {"words": ""}).status_code == 422
    assert anna.get("/berichten/zoeken?words=lift").location == "/berichten"
    assert "Niets gevonden" in visitor(wijk.doctor).post("/berichten/zoeken", {"words": "lift"}).text


# --- what one does with a message


def test_one_s_own_message_can_be_changed_from_a_link_and_says_so(visitor, wijk):
    line = said(wijk.anna, wijk.thread, "Om 8 uur.").line
    anna = visitor(wijk.anna)

    form = anna.get(f"/berichten/{wijk.thread}?wijzig={line.id}").text
    assert "Je wijzigt je bericht" in form
    assert ">Om 8 uur.</textarea>" in form
    assert anna.post(f"/berichten/{wijk.thread}/{line.id}/wijzig", {"text": CERTAIN}).status_code == 422
    assert anna.post(f"/berichten/{wijk.thread}/{line.id}/wijzig", {"text": "Om 9 uur."}).status_code == 302

    page = anna.get(f"/berichten/{wijk.thread}").text
    assert "Om 9 uur." in page
    assert "Om 8 uur." not in page
    assert "<span data-edited>(bewerkt)</span>" in page


def test_a_deleted_message_leaves_that_there_was_one(visitor, wijk):
    line = said(wijk.anna, wijk.thread, "Per ongeluk.").line

    assert visitor(wijk.anna).post(f"/berichten/bericht/{line.id}/verwijder").status_code == 302

    page = visitor(wijk.west.nurse).get(f"/berichten/{wijk.thread}").text
    assert "Per ongeluk." not in page
    assert '<p class="said__gone" data-gone>' in page


def test_a_priority_message_is_acknowledged_for_the_organisation(visitor, wijk):
    line = said(wijk.west.nurse, wijk.thread, "Het netwerk valt uit.", priority=True).line
    anna = visitor(wijk.anna)
    page = anna.get(f"/berichten/{wijk.thread}").text
    assert "West vraagt om jullie bevestiging" in page
    assert "0 van 1 bevestigden" in page

    assert anna.post(f"/berichten/bericht/{line.id}/bevestig").status_code == 302

    page = visitor(wijk.bram).get(f"/berichten/{wijk.thread}").text
    assert "vraagt om jullie bevestiging" not in page
    assert "1 van 1 bevestigden" in page
    assert wijk.anna.name in page


def test_reading_is_a_post_of_its_own(visitor, wijk):
    said(wijk.west.nurse, wijk.thread)
    anna = visitor(wijk.anna)
    anna.get(f"/berichten/{wijk.thread}")
    assert service.unread_count(wijk.anna) == 1

    assert anna.post(f"/berichten/{wijk.thread}/gelezen", {"seq": "1"}).status_code == 302

    assert service.unread_count(wijk.anna) == 0


def test_a_closed_thread_can_be_read_and_says_when_it_goes(visitor, wijk, db):
    thread = request_thread(wijk)
    said(wijk.doctor, thread, "Dank jullie wel.")
    request_id = db.get_one(Thread, thread).page_id
    matching.withdraw(wijk.doctor, request_id, WithdrawReason.MISTAKE)

    page = visitor(wijk.anna).get(f"/berichten/{thread}").text
    assert "Dit gesprek is afgesloten" in page
    assert "Deze berichten verdwijnen op" in page
    assert "<textarea" not in page
    assert f"/zorgvragen/{request_id}" in page


# --- ways in and out


def test_a_contact_card_opens_a_thread_with_the_other_organisation(visitor, wijk):
    page = visitor(wijk.anna).get(f"/wijken/{wijk.town.here.code}").text
    assert page.count('action="/berichten/contact"') == 1  # not to oneself
    form = {"organisation": str(wijk.west.organisation.id), "wijk": str(wijk.town.here.id)}

    answer = visitor(wijk.anna).post("/berichten/contact", form)

    assert answer.status_code == 302
    assert "West" in visitor(wijk.anna).get(answer.location).text
    assert visitor(wijk.carla).post("/berichten/contact", form).status_code == 404
    assert visitor(wijk.anna).post("/berichten/contact", form | {"wijk": "x"}).status_code == 422
    assert visitor(wijk.anna).post("/berichten/contact").status_code == 422


def test_a_request_leads_to_its_thread_and_back(visitor, wijk, db):
    thread = request_thread(wijk)
    request_id = db.get_one(Thread, thread).page_id

    for who in (wijk.anna, wijk.doctor):
        assert f'href="/berichten/{thread}"' in visitor(who).get(f"/zorgvragen/{request_id}").text
        assert f'href="/zorgvragen/{request_id}"' in visitor(who).get(f"/berichten/{thread}").text


def test_a_copy_for_the_own_record_is_a_pdf(visitor, wijk):
    said(wijk.anna, wijk.thread, "Regel 1\n#let x = 2 *vet* <b>")
    answer = visitor(wijk.west.nurse).get(f"/berichten/{wijk.thread}/pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_what_is_on_paper_is_what_was_said(wijk):
    said(wijk.anna, wijk.thread, "Het netwerk valt uit.", priority=True)
    gone = said(wijk.west.nurse, wijk.thread, "Oeps.").line
    service.delete(wijk.west.nurse, gone.id)

    (day,) = wording.printed(service.export(wijk.anna, wijk.thread))["days"]

    first, second = day["lines"]
    assert (first["who"], first["organisation"], first["priority"]) == (wijk.anna.name, "Oost", "Spoed")
    assert second["text"] == "Bericht verwijderd"


def test_the_page_carries_names_in_a_form_that_scripts_read(visitor, wijk):
    page = visitor(wijk.anna).get(f"/berichten/{wijk.thread}").text
    members = json.loads(unescape(re.search(r'data-members="([^"]*)"', page)[1]))
    assert wijk.west.nurse.name in {one["name"] for one in members}
