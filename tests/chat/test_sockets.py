"""The chat on the live line: who hears what, repeats, catching up, and garbage that is answered politely."""

from typing import Any
from uuid import uuid4

import pytest

from tests.chat.conftest import request_thread, said
from tests.web import Visitor, make_app
from wijkapp.chat import service
from wijkapp.chat import sockets as chat
from wijkapp.chat.rules import MOST_MENTIONS
from wijkapp.kit.db import new_id
from wijkapp.kit.limits import limiter
from wijkapp.kit.socket import socketio
from wijkapp.notify import sockets

SOME_ID = "0190b5a4-0000-7000-8000-000000000001"
GARBAGE = [
    None,
    "",
    [],
    {},
    7,
    {"thread": "x"},
    {"thread": 7, "id": SOME_ID, "text": "Hoi", "seq": 1},
    {"thread": SOME_ID, "id": SOME_ID, "text": None, "seq": -1},
    {"thread": SOME_ID, "id": "x", "text": "Hoi", "seq": 1e400},
    {"thread": SOME_ID, "id": SOME_ID, "text": "Hoi", "more": 1, "seq": 2**70},
    {"thread": SOME_ID, "id": SOME_ID, "text": {"$ne": None}, "seq": "x"},
    {"thread": SOME_ID, "id": SOME_ID, "text": "Hoi", "mentions": [SOME_ID] * (MOST_MENTIONS + 1)},
    {"thread": SOME_ID, "seq": 1, "as_of": "soon"},
]


@pytest.fixture(scope="session")
def demo_app(database_url, tmp_path_factory):
    return make_app(database_url, tmp_path_factory.mktemp("instance"), demo=True)


@pytest.fixture
def on_the_line(demo_app, db):
    """`on_the_line(account)`: an open page of this person."""
    sockets.init_app(demo_app, demo_app.config["SETTINGS"])
    made = []

    def connect(account) -> Any:
        visitor = Visitor(demo_app)
        visitor.signs_in(account)
        made.append(socketio.test_client(demo_app, flask_test_client=visitor.client))
        made[-1].get_received()
        return made[-1]

    yield connect
    for line in made:
        if line.is_connected():
            line.disconnect()
    assert chat._open == {}  # who hung up has nothing open
    sockets._callers.clear()


def ask(line: Any, event: str, **message: Any) -> dict[str, Any]:
    plain = {key: str(value) if key in {"thread", "id"} else value for key, value in message.items()}
    return dict(line.emit(f"chat.{event}", plain, callback=True))


def heard(line: Any, event: str) -> list[dict[str, Any]]:
    return [one["args"][0] for one in line.get_received() if one["name"] == f"chat.{event}"]


def test_whoever_has_the_thread_open_hears_the_whole_message(wijk, on_the_line):
    anna, west, coordinator = (
        on_the_line(one) for one in (wijk.anna, wijk.west.nurse, wijk.town.coordinator)
    )
    for line in (anna, west):
        assert ask(line, "open", thread=wijk.thread)["ok"]
    id = uuid4()

    answer = ask(anna, "say", thread=wijk.thread, id=id, text="  Goedemorgen\u202e ")

    (message,) = heard(west, "message")
    assert answer == {"ok": True, "message": message}
    assert (message["id"], message["seq"], message["text"]) == (str(id), 1, "Goedemorgen")
    assert (message["author"], message["organisation"]) == (wijk.anna.name, "Oost")
    assert len(heard(anna, "message")) == 1
    assert coordinator.get_received() == []  # has it not open


def test_whose_phone_will_ring_sees_it_at_once_on_any_page(wijk, on_the_line):
    west = on_the_line(wijk.west.nurse)
    ask(on_the_line(wijk.anna), "say", thread=wijk.thread, id=uuid4(), text="Goedemorgen")
    (told,) = west.get_received()
    assert told["args"] == [{"name": "chat.said", "about": str(wijk.thread)}]


def test_a_repeat_is_answered_and_not_told_again(wijk, on_the_line):
    anna, west = on_the_line(wijk.anna), on_the_line(wijk.west.nurse)
    ask(west, "open", thread=wijk.thread)
    id = uuid4()
    first = ask(anna, "say", thread=wijk.thread, id=id, text="Goedemorgen")
    again = ask(anna, "say", thread=wijk.thread, id=id, text="Goedemorgen")
    assert first == again
    assert [one["seq"] for one in heard(west, "message")] == [1]
    assert ask(west, "say", thread=wijk.thread, id=id, text="Goedemorgen")["status"] == 409


def test_a_repeat_of_what_a_killed_server_stored_is_told_as_the_same_message(wijk, on_the_line):
    anna, west = on_the_line(wijk.anna), on_the_line(wijk.west.nurse)
    ask(west, "open", thread=wijk.thread)
    line = said(wijk.anna, wijk.thread, "Goedemorgen").line  # stored, and then it was killed
    answer = ask(anna, "say", thread=wijk.thread, id=line.id, text="Goedemorgen")
    assert heard(west, "message") == [answer["message"]]
    assert answer["message"]["seq"] == 1


def test_a_repeat_while_the_first_is_under_way_waits_its_turn(wijk, on_the_line, monkeypatch):
    anna, id = on_the_line(wijk.anna), uuid4()
    monkeypatch.setattr(chat, "_under_way", {id})
    assert ask(anna, "say", thread=wijk.thread, id=id, text="Goedemorgen")["status"] == 503


def test_who_takes_no_part_opens_nothing_and_hears_nothing(wijk, on_the_line):
    carla, anna = on_the_line(wijk.carla), on_the_line(wijk.anna)
    for event in ("open", "since", "read", "say"):
        more = (
            {"seq": 0}
            if event in {"since", "read"}
            else {"id": uuid4(), "text": "Hoi"}
            if event == "say"
            else {}
        )
        answer = ask(carla, event, thread=wijk.thread, **more)
        assert answer["status"] == 404, event
    ask(anna, "say", thread=wijk.thread, id=uuid4(), text="Goedemorgen")
    assert carla.get_received() == []


def test_who_leaves_hears_no_more_on_a_page_that_is_still_open(wijk, on_the_line, db):
    west = on_the_line(wijk.west.nurse)
    ask(west, "open", thread=wijk.thread)
    wijk.west.team.active = False
    db.flush()

    chat.show_out()

    assert heard(west, "closed") == [{"thread": str(wijk.thread)}]
    said_now = said(wijk.anna, wijk.thread)
    chat.tell_message(said_now)
    assert heard(west, "message") == []


def test_reading_editing_and_acknowledging_are_seen_at_once(wijk, on_the_line):
    thread = request_thread(wijk)
    anna, doctor = on_the_line(wijk.anna), on_the_line(wijk.doctor)
    for line in (anna, doctor):
        ask(line, "open", thread=thread)
    line = said(wijk.doctor, thread, priority=True).line
    anna.get_received()

    assert ask(anna, "read", thread=thread, seq=1) == {"ok": True}
    assert heard(doctor, "read") == []  # stored with what others read in this second
    chat.write_marks()
    (read,) = heard(doctor, "read")
    assert (read["thread"], read["organisation"], read["seq"]) == (str(thread), "Oost", 1)
    assert ask(anna, "read", thread=thread, seq=1) == {"ok": True}
    chat.write_marks()
    assert heard(doctor, "read") == []  # known already

    assert ask(anna, "acknowledge", id=line.id)["ok"]
    (yes,) = heard(doctor, "acknowledged")
    assert (yes["id"], yes["organisation"], yes["by"]) == (str(line.id), "Oost", wijk.anna.name)

    chat.tell_change(service.edit(wijk.doctor, line.id, "Anders"))
    assert [one["text"] for one in heard(anna, "changed")] == ["Anders"]


def test_a_page_catches_up_from_its_last_number(wijk, on_the_line):
    for number in range(1, 5):
        said(wijk.anna, wijk.thread, f"Bericht {number}")
    news = ask(on_the_line(wijk.west.nurse), "since", thread=wijk.thread, seq=2)
    assert [one["text"] for one in news["messages"]] == ["Bericht 3", "Bericht 4"]
    assert (news["more"], news["last_seq"], news["closed"]) == (False, 4, False)


def test_the_guard_answers_where_it_found_something_and_nothing_is_sent(wijk, on_the_line):
    anna, west = on_the_line(wijk.anna), on_the_line(wijk.west.nurse)
    ask(west, "open", thread=wijk.thread)
    answer = ask(anna, "say", thread=wijk.thread, id=uuid4(), text="BSN 111222333 is bekend")
    assert answer["status"] == 422
    assert answer["may_vouch"] is False
    assert answer["findings"][0]["kind"] == "bsn"
    assert "111222333" not in str(answer)
    assert west.get_received() == []


@pytest.mark.parametrize("event", ["open", "say", "since", "read", "acknowledge"])
@pytest.mark.parametrize("message", GARBAGE)
def test_garbage_is_answered_politely(wijk, on_the_line, event, message):
    answer = dict(on_the_line(wijk.anna).emit(f"chat.{event}", message, callback=True))
    assert answer["status"] in {404, 422}
    assert answer["error"]


def test_2001_characters_are_told_to_be_too_long_and_2000_emoji_arrive(wijk, on_the_line):
    anna = on_the_line(wijk.anna)
    too_long = ask(anna, "say", thread=wijk.thread, id=uuid4(), text="😀" * 2001)
    assert too_long["status"] == 422
    answer = ask(anna, "say", thread=wijk.thread, id=uuid4(), text="😀" * 2000)
    assert answer["message"]["text"] == "😀" * 2000


def test_nobody_floods_a_thread(wijk, on_the_line, monkeypatch):
    monkeypatch.setattr(chat, "PER_MINUTE", 5)
    monkeypatch.setattr(limiter, "enabled", True)
    anna = on_the_line(wijk.anna)
    answers = [
        ask(anna, "say", thread=wijk.thread, id=new_id(), text=f"Bericht {number}") for number in range(7)
    ]
    assert [answer.get("status") for answer in answers] == [None] * 5 + [429] * 2
