"""What a provider's own history says, as it stands in the database."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.matching.make import chosen, offered, posted
from wijkapp.agreements.rules import Urgency
from wijkapp.kit import time
from wijkapp.matching import service, wording
from wijkapp.matching.answering import NOTHING_KNOWN
from wijkapp.matching.rules import DeclineReason
from wijkapp.matching.service.habits import LOOKED_AT, habits_of
from wijkapp.notify.letters import shared_mail

MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)
MINUTES = timedelta(minutes=1)


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


def habit(db, provider):
    return habits_of(db, [provider.organisation.id], Urgency.DAY, time.now())[provider.organisation.id]


def test_who_was_never_rung_is_taken_to_answer_as_others_do(db, make, town):
    assert habit(db, make.provider(town.here)) == NOTHING_KNOWN


def test_answers_are_learned_with_their_minutes_and_whether_they_were_offers(db, make, town, clock):
    provider = make.provider(town.here)
    for number in range(4):
        request_id = posted(town.referrer)
        clock.shift(4 * MINUTES)
        if number % 2:
            offered(provider.nurse, request_id)
        else:
            service.decline(provider.nurse, request_id, DeclineReason.NO_ROOM)
    known = habit(db, provider)
    assert known.known == 4
    assert known.answered_within(5) > 0.5 > NOTHING_KNOWN.answered_within(5)
    assert 0.4 < known.offers < 0.5


def test_who_was_beaten_by_a_placement_was_not_silent(db, make, town, clock):
    quick, beaten = make.provider(town.here, places=9), make.provider(town.here)
    for _time in range(5):
        request_id = posted(town.referrer)
        clock.shift(3 * MINUTES)
        chosen(town.referrer, offered(quick.nurse, request_id))
    clock.shift(timedelta(days=1))
    assert habit(db, beaten).known == 5
    assert habit(db, beaten).answered_within(120) > 0.9 * NOTHING_KNOWN.answered_within(120)


def test_only_the_last_times_count(db, make, town, clock):
    provider = make.provider(town.here)
    for _time in range(LOOKED_AT + 3):
        posted(town.referrer)
    clock.shift(timedelta(hours=1))
    assert habit(db, provider).known == LOOKED_AT
    clock.shift(timedelta(days=200))
    assert habit(db, provider) == NOTHING_KNOWN


def test_a_provider_reads_how_it_usually_answers(db, make, town, clock, visitor):
    provider = make.provider(town.here)
    for _time in range(4):
        request_id = posted(town.referrer)
        clock.shift(4 * MINUTES)
        offered(provider.nurse, request_id)
    assert "minuten" in wording.usually(habit(db, provider))
    assert (
        "Jullie antwoorden meestal binnen"
        in visitor(provider.nurse).get(f"/zorgvragen/{posted(town.referrer)}").text
    )
    assert wording.usually(NOTHING_KNOWN) == ""


def test_the_mail_to_the_group_says_where_and_gives_a_link_and_nothing_about_the_care():
    mail = shared_mail({"wijk": "Lunetten", "request": "01a2"}, "https://wijk.example")
    assert "Lunetten" in mail.subject
    assert "https://wijk.example/zorgvragen/01a2" in mail.body
