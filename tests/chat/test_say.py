"""Saying, changing and taking back."""

import pytest
from sqlalchemy import func, select

from tests.chat.conftest import request_thread, said, texts
from wijkapp.chat import service
from wijkapp.chat.models import Message, Thread
from wijkapp.chat.rules import LONGEST
from wijkapp.chat.service.say import IdTaken, ThreadClosed, TooLate
from wijkapp.clients.guard import ClientDataFound
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound
from wijkapp.matching import service as matching
from wijkapp.matching.rules import WithdrawReason
from wijkapp.people.rules import Role


def test_messages_have_one_order_for_everybody(wijk):
    for text in ("Wie heeft er plek?", "Wij wel.", "Fijn, dank je!"):
        said(wijk.anna if text != "Wij wel." else wijk.west.nurse, wijk.thread, text)

    for reader in (wijk.anna, wijk.west.nurse):
        page = service.show(reader, wijk.thread)
        assert texts(page) == ["Wie heeft er plek?", "Wij wel.", "Fijn, dank je!"]
        assert [line.seq for line in page.lines] == [1, 2, 3]
        assert page.last_seq == 3


def test_a_repeat_of_the_id_is_the_same_message(wijk, db):
    id = new_id()
    first = said(wijk.anna, wijk.thread, "Goedemorgen", id=id)
    again = said(wijk.anna, wijk.thread, "Goedemorgen allemaal", id=id)

    assert again.again
    assert again.line == first.line
    assert db.scalar(select(func.count()).select_from(Message)) == 1
    assert service.show(wijk.anna, wijk.thread).last_seq == 1


def test_nobody_takes_over_the_id_of_another_message(wijk):
    id = said(wijk.anna, wijk.thread).line.id
    with pytest.raises(IdTaken):
        said(wijk.west.nurse, wijk.thread, id=id)
    with pytest.raises(IdTaken):
        said(wijk.anna, request_thread(wijk), id=id)


def test_anna_and_bram_may_the_viewer_and_carla_may_not(wijk, make):
    admin = make.account(wijk.oost.organisation, Role.ADMIN)
    said(wijk.anna, wijk.thread)
    said(wijk.bram, wijk.thread)
    with pytest.raises(NotAllowed):
        said(admin, wijk.thread)
    with pytest.raises(NotFound):
        said(wijk.carla, wijk.thread)
    with pytest.raises(NotFound):
        said(wijk.doctor, wijk.thread)  # a huisarts is not automatically in the thread of a wijk
    with pytest.raises(NotFound):
        said(wijk.anna, new_id())


def test_what_may_be_a_client_is_stopped_before_anything_is_stored(wijk, db):
    text = "Mw. Van der Berg heeft BSN 111222333"
    with pytest.raises(ClientDataFound) as refused:
        said(wijk.anna, wijk.thread, text)
    assert refused.value.certain
    assert "111222333" not in str(refused.value.sentence) + str(refused.value.details)
    with pytest.raises(ClientDataFound):
        said(wijk.anna, wijk.thread, text, vouched=True)
    line = said(wijk.anna, wijk.thread, "Hij komt morgen").line
    with pytest.raises(ClientDataFound):
        service.edit(wijk.anna, line.id, text)
    assert db.scalars(select(Message.text)).all() == ["Hij komt morgen"]


@pytest.mark.parametrize("text", ["", "   \n ", "x" * (LONGEST + 1), "😀" * (LONGEST + 1)])
def test_nothing_and_too_much_are_refused(wijk, db, text):
    with pytest.raises(Invalid) as refused:
        said(wijk.anna, wijk.thread, text)
    assert "text" in refused.value.fields
    assert db.scalar(select(func.count()).select_from(Message)) == 0


@pytest.mark.parametrize(
    "text", ["😀" * LONGEST, "a" * LONGEST, "שלום לכולם", "👩‍⚕️ is er", "regel 1\nregel 2"]
)
def test_whatever_people_type_comes_back_as_it_was(wijk, text):
    said(wijk.anna, wijk.thread, text)
    assert texts(service.show(wijk.west.nurse, wijk.thread)) == [text]


def test_a_message_can_be_changed_for_five_minutes(wijk, clock):
    line = said(wijk.anna, wijk.thread, "Ik kom om 10 uur").line
    clock.forward(minutes=4)

    edited = service.edit(wijk.anna, line.id, "Ik kom om 11 uur").line

    assert (edited.text, edited.edited_at, edited.seq) == ("Ik kom om 11 uur", clock.moment, line.seq)
    assert texts(service.show(wijk.bram, wijk.thread)) == ["Ik kom om 11 uur"]
    clock.forward(minutes=1, seconds=1)
    with pytest.raises(TooLate):
        service.edit(wijk.anna, line.id, "Ik kom om 12 uur")


def test_only_who_wrote_it_changes_it_or_takes_it_back(wijk):
    line = said(wijk.anna, wijk.thread).line
    for somebody in (wijk.bram, wijk.west.nurse, wijk.carla):
        with pytest.raises(NotFound):
            service.edit(somebody, line.id, "Anders")
        with pytest.raises(NotFound):
            service.delete(somebody, line.id)


def test_what_is_taken_back_leaves_a_mark_and_no_words(wijk, db, clock):
    line = said(wijk.anna, wijk.thread, "Dit was niet handig", mentions=[wijk.bram.id]).line
    clock.forward(days=3)

    service.delete(wijk.anna, line.id)
    service.delete(wijk.anna, line.id)

    (left,) = service.show(wijk.bram, wijk.thread).lines
    assert (left.deleted, left.text, left.mentions) == (True, "", ())
    assert db.scalars(select(Message.text)).all() == [""]
    with pytest.raises(TooLate):
        service.edit(wijk.anna, line.id, "Toch wel")


def test_only_who_takes_part_can_be_mentioned(wijk):
    line = said(wijk.anna, wijk.thread, mentions=[wijk.bram.id, wijk.west.nurse.id]).line
    assert set(line.mentions) == {wijk.bram.id, wijk.west.nurse.id}
    for stranger in (wijk.carla.id, wijk.doctor.id, new_id()):
        with pytest.raises(Invalid) as refused:
            said(wijk.anna, wijk.thread, mentions=[stranger])
        assert "mentions" in refused.value.fields


def test_nothing_more_is_said_in_a_thread_that_was_closed_but_words_can_be_taken_back(wijk, db):
    thread = request_thread(wijk)
    line = said(wijk.anna, thread).line
    request_id = db.get_one(Thread, thread).page_id

    matching.withdraw(wijk.doctor, request_id, WithdrawReason.NOT_NEEDED)
    db.expire_all()

    with pytest.raises(ThreadClosed):
        said(wijk.doctor, thread)
    with pytest.raises(ThreadClosed):
        service.edit(wijk.anna, line.id, "Anders")
    assert service.show(wijk.doctor, thread).head.closed_at == time.now()
    assert service.delete(wijk.anna, line.id).line.deleted
