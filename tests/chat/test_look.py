"""Lists, pages of a thread, what was missed, searching and taking along."""

import pytest
from sqlalchemy import event, insert, text

from tests.chat.conftest import request_thread, said, texts
from wijkapp.chat import service
from wijkapp.chat.models import Message, Thread
from wijkapp.clients.guard import ClientDataFound
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.errors import Invalid, NotFound


def test_the_list_has_the_newest_message_first_and_what_is_new(wijk, clock):
    thread = request_thread(wijk)
    said(wijk.anna, wijk.thread, "In de wijk")
    clock.forward(minutes=1)
    said(wijk.doctor, thread, "Over de zorgvraag " + "en zo voort " * 40)

    first, second, *_rest = service.my_threads(wijk.anna)

    assert (first.head.id, first.unread, first.mine) == (thread, 1, False)
    assert first.excerpt == ("Over de zorgvraag " + "en zo voort " * 40)[:140]
    assert (second.head.id, second.unread, second.mine, second.excerpt) == (
        wijk.thread,
        0,
        True,
        "In de wijk",
    )
    assert service.unread_count(wijk.anna) == 1


def test_reading_makes_nothing_new_for_oneself_but_not_for_others(wijk):
    for number in range(3):
        said(wijk.west.nurse, wijk.thread, f"Bericht {number}")
    assert service.unread_count(wijk.anna) == service.unread_count(wijk.town.coordinator) == 1

    service.mark_read(wijk.anna, wijk.thread, 2)
    (line,) = [one for one in service.my_threads(wijk.anna) if one.head.id == wijk.thread]
    assert line.unread == 1
    service.mark_read(wijk.anna, wijk.thread, 3)

    assert service.unread_count(wijk.anna) == 0
    assert service.unread_count(wijk.town.coordinator) == 1


def test_read_marks_are_of_an_organisation_and_never_go_back(wijk):
    for number in range(3):
        said(wijk.anna, wijk.thread, f"Bericht {number}")
    assert service.mark_read(wijk.west.nurse, wijk.thread, 3).read_by.organisation == "West"
    assert service.mark_read(wijk.west.nurse, wijk.thread, 1).read_by is None
    assert service.mark_read(wijk.bram, wijk.thread, 2).read_by is None  # Oost said it, so knows it
    assert service.mark_read(wijk.west.nurse, wijk.thread, 10**9).read_by is None

    (mark,) = service.show(wijk.anna, wijk.thread).read_by
    assert (mark.organisation, mark.seq, mark.at) == ("West", 3, time.now())
    with pytest.raises(NotFound):
        service.mark_read(wijk.carla, wijk.thread, 1)


def test_pages_of_a_thread_follow_one_another_without_gap_or_overlap(wijk, clock):
    for number in range(1, 8):
        said(wijk.anna, wijk.thread, f"Bericht {number}")
    page = service.show(wijk.anna, wijk.thread, limit=3)
    seen = [texts(page)]
    while page.before:
        said(wijk.west.nurse, wijk.thread, "Er komt er steeds een bij")  # shifts no page
        page = service.show(wijk.anna, wijk.thread, before=page.before, limit=3)
        seen.insert(0, texts(page))
    assert seen == [["Bericht 1"], [f"Bericht {n}" for n in (2, 3, 4)], [f"Bericht {n}" for n in (5, 6, 7)]]


def test_who_was_away_gets_what_was_missed_and_what_was_changed(wijk, clock):
    first = said(wijk.anna, wijk.thread, "Een").line
    second = said(wijk.anna, wijk.thread, "Twee").line
    page = service.show(wijk.west.nurse, wijk.thread)
    clock.forward(minutes=1)
    service.edit(wijk.anna, first.id, "Eerste")
    service.delete(wijk.anna, second.id)
    said(wijk.anna, wijk.thread, "Drie")

    news = service.since(wijk.west.nurse, wijk.thread, 2, shown_from=1, as_of=page.as_of)

    assert [(line.seq, line.text, line.deleted) for line in news.lines] == [
        (1, "Eerste", False),
        (2, "", True),
        (3, "Drie", False),
    ]
    assert not news.more
    assert texts_of(service.since(wijk.west.nurse, wijk.thread, 3)) == []
    with pytest.raises(NotFound):
        service.since(wijk.carla, wijk.thread, 0)


def texts_of(news):
    return [line.text for line in news.lines]


def test_searching_finds_all_words_in_own_threads_only(wijk, clock):
    thread = request_thread(wijk)
    said(wijk.anna, wijk.thread, "De sleutelkluis is vervangen")
    clock.forward(seconds=1)
    said(wijk.doctor, thread, "Is er een Sleutelkluis? 100% zeker?")

    def found(actor, words):
        return [one.line.text for one in service.search(actor, words)]

    assert len(found(wijk.anna, "sleutelkluis")) == 2
    assert found(wijk.anna, "kluis vervangen") == ["De sleutelkluis is vervangen"]
    assert found(wijk.west.nurse, "sleutelkluis") == ["De sleutelkluis is vervangen"]
    assert found(wijk.carla, "sleutelkluis") == []
    assert found(wijk.anna, "0%") == ["Is er een Sleutelkluis? 100% zeker?"]
    assert service.search(wijk.anna, "sleutel_luis", vouched=True) == []
    with pytest.raises(ClientDataFound):
        service.search(wijk.anna, "111222333")
    for nothing in ("", "  ", "x" * 101):
        with pytest.raises(Invalid):
            service.search(wijk.anna, nothing)


def test_a_thread_can_be_taken_along(wijk):
    thread = request_thread(wijk)
    said(wijk.anna, thread, "Een")
    said(wijk.doctor, thread, "Twee")
    copy = service.export(wijk.bram, thread)
    assert [line.text for line in copy.lines] == ["Een", "Twee"]
    assert copy.parties == ("Huisartsen Lunetten", "Oost")
    assert copy.left_out == 0
    with pytest.raises(NotFound):
        service.export(wijk.west.nurse, thread)


MANY = 50_000


def fill(db, wijk, many):
    """A thread as if it had been used for years."""
    thread = wijk.thread if many > 50 else wijk.town.near.id
    db.execute(
        insert(Thread).values(
            id=thread, kind="wijk", wijk_id=thread, last_seq=many, last_at=time.now(), opened_at=time.now()
        )
    )
    rows = [
        {
            "id": new_id(),
            "thread_id": thread,
            "seq": seq,
            "author_id": wijk.anna.id,
            "organisation_id": wijk.anna.organisation_id,
            "text": "",
            "priority": False,
            "said_at": time.now(),
        }
        for seq in range(1, many + 1)
    ]
    for start in range(0, many, 5_000):
        db.execute(insert(Message), rows[start : start + 5_000])
    db.flush()
    db.execute(text("ANALYZE"))
    return thread


class Statements:
    """What the database was asked, and how many rows it gave."""

    def __init__(self, db):
        self.connection = db.connection()
        self.asked = []

    def __enter__(self):
        event.listen(self.connection.engine, "after_cursor_execute", self._note)
        return self

    def __exit__(self, *_how):
        event.remove(self.connection.engine, "after_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, parameters, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA", "EXPLAIN")):
            self.asked.append((statement, parameters))

    def plans(self):
        """How the database looks each of these up; a scan of `message` says so."""
        how = "EXPLAIN QUERY PLAN" if self.connection.dialect.name == "sqlite" else "EXPLAIN"
        found = []
        for statement, parameters in self.asked:
            rows = self.connection.exec_driver_sql(f"{how} {statement}", parameters).all()
            found.append("\n".join(str(row[-1]) for row in rows))
        return found


def test_a_thread_of_fifty_thousand_messages_is_opened_with_the_same_questions_as_one_of_fifty(wijk, db):
    for provider in (wijk.oost, wijk.west):
        wijk.make.team(provider.organisation, wijk.town.near)
        wijk.make.contact(provider.nurse, wijk.town.near)
    long, short = fill(db, wijk, MANY), fill(db, wijk, 50)
    acts = {
        "open": lambda thread: service.show(wijk.anna, thread),
        "earlier": lambda thread: service.show(wijk.anna, thread, before=40, limit=20),
        "since": lambda thread: service.since(wijk.anna, thread, 45 if thread == short else MANY - 5),
        "list": lambda _thread: service.my_threads(wijk.anna),
        "count": lambda _thread: service.unread_count(wijk.anna),
    }
    for name, act in acts.items():
        act(long)  # what is compiled once is compiled
        with Statements(db) as of_long:
            act(long)
        with Statements(db) as of_short:
            act(short)
        assert [one for one, _how in of_long.asked] == [one for one, _how in of_short.asked], name
        assert len(of_long.asked) <= 8, name
        for plan in of_long.plans():
            assert "SCAN message" not in plan, (name, plan)
            assert "Seq Scan on message" not in plan, (name, plan)
    assert len(service.show(wijk.anna, long).lines) == 50
    for thread in (long, short):
        said(wijk.anna, thread)
    with Statements(db) as said_in_long:
        said(wijk.anna, long)
    with Statements(db) as said_in_short:
        said(wijk.anna, short)
    assert len(said_in_long.asked) == len(said_in_short.asked) <= 10
