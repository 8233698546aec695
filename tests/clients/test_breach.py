"""Breaches: written down, the clock of 72 hours, who is reminded, and what comes before closing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from wijkapp.clients.breach_rules import Kind, Risk, State, next_reminder, state
from wijkapp.clients.models import Breach
from wijkapp.clients.service import breach
from wijkapp.clients.service.breach import NotReady, Told
from wijkapp.kit import time
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound
from wijkapp.kit.outbox import Event
from wijkapp.people.rules import Role

FOUND = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def bea(make):
    return make.account(None, Role.ADMIN, name="Bea Beheer")


def told(**more):
    return Told(
        **{"found_at": FOUND, "kind": Kind.LOST, "risk": Risk.SOME, "what": "Telefoon kwijt in de bus"} | more
    )


def at(hours):
    return time_machine.travel(FOUND + timedelta(hours=hours), tick=False)


def written(bea, **more):
    with at(1):
        return breach.write_down(bea, told(**more))


@pytest.mark.parametrize(
    ("hours", "more", "stands"),
    [
        (1, {}, State.RUNNING),
        (72, {}, State.RUNNING),
        (73, {}, State.OVERDUE),
        (73, {"risk": Risk.NONE}, State.NOT_NEEDED),
        (73, {"reported_at": FOUND}, State.TOLD),
        (73, {"closed_at": FOUND}, State.CLOSED),
    ],
)
def test_how_a_breach_stands(hours, more, stands):
    given = {"risk": Risk.SOME, "reported_at": None, "closed_at": None} | more
    assert state(FOUND, moment=FOUND + timedelta(hours=hours), **given) is stands


def test_reminders_stop_after_the_last():
    assert next_reminder(FOUND, FOUND + timedelta(hours=48)) == FOUND + timedelta(hours=72)
    assert next_reminder(FOUND, FOUND + timedelta(hours=72)) is None


def test_the_72_hours_go_over_the_night_of_the_clock():
    found = datetime(2026, 10, 24, 12, tzinfo=time.AMSTERDAM)  # that night lasts an hour longer
    assert state(found, Risk.SOME, None, None, found.astimezone(UTC) + timedelta(hours=72)) is State.RUNNING


def test_its_words_are_sealed_and_come_back(bea, db):
    breach_id = written(bea, measures="Op afstand gewist", people_touched=3)

    shown = breach.show(bea, breach_id)
    assert (shown.what, shown.measures) == ("Telefoon kwijt in de bus", "Op afstand gewist")
    assert (shown.recorded_by, shown.line.people_touched) == ("Bea Beheer", 3)
    row = db.execute(text("SELECT what_sealed, measures_sealed FROM breach")).one()
    assert not any(b"Telefoon" in bytes(value) or b"gewist" in bytes(value) for value in row)


def test_the_admins_are_reminded_a_day_before_and_when_the_time_is_up(bea, make, told_of):
    colleague = make.account(bea.organisation, Role.ADMIN, name="Ben Beheer")
    make.account(bea.organisation, Role.NURSE)
    written(bea)
    with at(47):
        assert breach.remind_due() == 0
    with at(48):
        assert (breach.remind_due(), breach.remind_due()) == (1, 0)
    assert told_of() == sorted([bea.id, colleague.id])
    with at(73):
        assert (breach.remind_due(), breach.remind_due()) == (1, 0)
    with at(200):
        assert breach.remind_due() == 0
    assert len(told_of()) == 4


@pytest.fixture
def told_of(db):
    return lambda: sorted(db.scalars(select(Event.to_id).where(Event.name == "clients.breach_due")))


def test_once_told_to_the_authority_nobody_is_reminded(bea, told_of):
    breach_id = written(bea)
    with at(2):
        breach.told_authority(bea, breach_id)
        breach.told_authority(bea, breach_id)
    with at(100):
        assert breach.remind_due() == 0
        assert breach.show(bea, breach_id).line.state is State.TOLD


def test_found_long_before_it_was_written_down_reminds_at_once(bea):
    with at(60):
        breach.write_down(bea, told())
        assert breach.remind_due() == 1


def test_the_risk_may_turn_out_to_be_another(bea, db):
    breach_id = written(bea, risk=Risk.NONE)
    with at(100):
        assert breach.remind_due() == 0
    with at(3):
        breach.change(bea, breach_id, told(risk=Risk.HIGH))
        assert db.scalar(select(Breach.remind_at)) == FOUND + timedelta(hours=48)
        breach.change(bea, breach_id, told(risk=Risk.NONE))
        db.expire_all()
        assert db.scalar(select(Breach.remind_at)) is None


def test_when_it_was_found_cannot_be_moved(bea):
    breach_id = written(bea)
    with at(5):
        breach.change(bea, breach_id, told(found_at=FOUND + timedelta(hours=4)))
        assert breach.show(bea, breach_id).line.found_at == FOUND


def test_it_is_closed_only_when_everybody_was_told(bea):
    breach_id = written(bea, risk=Risk.HIGH)
    with at(2):
        with pytest.raises(NotReady, match="Autoriteit"):
            breach.close(bea, breach_id)
        breach.told_authority(bea, breach_id)
        with pytest.raises(NotReady, match="mensen"):
            breach.close(bea, breach_id)
        breach.told_people(bea, breach_id)
        with pytest.raises(NotReady, match="op te lossen"):
            breach.close(bea, breach_id)
        breach.change(bea, breach_id, told(risk=Risk.HIGH, measures="Op afstand gewist"))
        breach.close(bea, breach_id)
        breach.close(bea, breach_id)
        assert breach.show(bea, breach_id).line.state is State.CLOSED
        with pytest.raises(NotReady):
            breach.change(bea, breach_id, told())


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"what": "  "}, "what"),
        ({"what": "x" * 4001}, "what"),
        ({"measures": "x" * 4001}, "measures"),
        ({"found_at": FOUND + timedelta(hours=2)}, "found_on"),
        ({"found_at": FOUND - timedelta(days=400)}, "found_on"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(bea, more, field):
    with at(1), pytest.raises(Invalid) as wrong:
        breach.write_down(bea, told(**more))
    assert field in wrong.value.fields


def test_it_is_of_the_admins_of_one_organisation(bea, make):
    breach_id = written(bea)
    carla = make.account(None, *Role)
    bram = make.account(bea.organisation, Role.NURSE)
    doors = (breach.show, breach.told_authority, breach.told_people, breach.close)
    for door in doors:
        with pytest.raises(NotFound):
            door(carla, breach_id)
        with pytest.raises(NotAllowed):
            door(bram, breach_id)
    assert breach.breaches(carla) == []
    with pytest.raises(NotAllowed):
        breach.breaches(bram)
