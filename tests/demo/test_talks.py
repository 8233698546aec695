"""What was said in the demo: it is there, and the guard has nothing against it."""

from sqlalchemy import func, select

from wijkapp.chat import service as chat
from wijkapp.chat.models import Message
from wijkapp.clients import guard
from wijkapp.demo import talks
from wijkapp.people.models import Account


def _person(db, name):
    return db.scalars(select(Account).where(Account.name == name)).one()


def test_every_conversation_is_in_the_list_of_who_takes_part(region):
    talks.write()

    threads = [one for one in chat.my_threads(_person(region, talks.SAMIRA)) if one.last_at]

    assert {one.head.kind for one in threads} == {"wijk", "request", "contact"}
    assert any(one.unread for one in threads)
    assert any(one.priority_waits for one in threads)
    assert region.scalar(select(func.count()).select_from(Message)) == sum(
        len(one.said) for one in talks.TALKS
    )


def test_everybody_in_a_conversation_may_read_it(region):
    talks.write()
    for who in (talks.PIETER, talks.ESRA, talks.YARA, talks.HANNEKE, talks.KARIN):
        assert any(one.last_at for one in chat.my_threads(_person(region, who))), who


def test_the_guard_finds_no_client_in_what_was_said(region):
    guard.forget()
    texts = [text for talk in talks.TALKS for _ago, _who, text in talk.said]

    assert {text: found for text in texts if (found := guard.findings(text))} == {}
