"""A signal goes up the ladder that the parties agreed on, and tells whom they chose."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from tests.agreements.making import Three, in_force
from tests.oversight.test_region import counted
from wijkapp.agreements.register import BodyKind, Hears, SeatLevel
from wijkapp.agreements.service import plans
from wijkapp.agreements.service.plans import Sits
from wijkapp.kit import time
from wijkapp.kit.outbox import Event
from wijkapp.oversight import jobs
from wijkapp.oversight.models import NormSignal
from wijkapp.oversight.rules.weeks import WEEK, monday
from wijkapp.oversight.service import ladder, signals
from wijkapp.people.rules import Role

TALK = "Zij spreken elkaar."


def _told(db) -> list[tuple[UUID, UUID]]:
    """About what, and whom: of every step up to now."""
    found = select(Event.about_id, Event.to_id).where(Event.name == "oversight.step_due").order_by(Event.id)
    return [tuple(row) for row in db.execute(found)]


def _too_late(make, *wijken) -> None:
    """Five weeks in which offers came too late."""
    first = monday(time.today()) - WEEK * 5
    for wijk in wijken:
        counted(make, wijk, *[20] * 5, first=first, late=8)


def _steering(make, made: Three) -> tuple[UUID, UUID]:
    """A body in which a nurse of Oost sits, beside somebody without an account; and that nurse."""
    oost = made.admins[0]
    nurse = make.account(oost.organisation, Role.NURSE)
    plans.add_body(oost, made.agreement_id, BodyKind.STEERING, "Alles.", "Elke maand.")
    body_id = plans.plans_page(oost, made.agreement_id).bodies[0].body.id
    plans.seat(oost, made.agreement_id, body_id, Sits(SeatLevel.BOARD, account_id=nurse.id))
    west = made.admins[1].organisation_id
    by_name = Sits(SeatLevel.BOARD, organisation_id=west, name="Bo Smit")
    plans.seat(oost, made.agreement_id, body_id, by_name)
    return body_id, nurse.id


def test_each_step_tells_those_who_were_chosen_for_it_and_once(db, make, town, clock, visitor):
    made = in_force(make, town)
    body_id, nurse_id = _steering(make, made)
    add = plans.add_escalation
    add(made.coordinator, made.agreement_id, 2, Hears.BODY, TALK, body_id)
    add(made.coordinator, made.agreement_id, 9, Hears.ADMINS, TALK)
    add(made.coordinator, made.agreement_id, 20, Hears.COORDINATOR, TALK)
    _too_late(make, town.here, town.near)  # no agreement holds near
    jobs.roll_up()
    assert _told(db) == []
    said = []
    for days in (2, 0, 6, 1, 11, 30):
        clock.shift(timedelta(days=days))
        before = len(_told(db))
        said.append((ladder.climb(), {to for _about, to in _told(db)[before:]}))
    admins = {one.id for one in made.admins}
    assert said == [
        (1, {nurse_id}),
        (0, set()),
        (0, set()),
        (1, admins),
        (1, {made.coordinator.id}),
        (0, set()),
    ]
    assert {about for about, _to in _told(db)} == {made.agreement_id}
    assert "De stap na 9 dagen is gemeld" in visitor(town.coordinator).get("/regio/signalen").text


def test_after_a_clock_that_stood_still_everybody_of_the_steps_hears_once(db, make, town, clock):
    made = in_force(make, town)
    for days, hears in ((2, Hears.ADMINS), (9, Hears.ALL)):
        plans.add_escalation(made.coordinator, made.agreement_id, days, hears, TALK)
    _too_late(make, town.here)
    jobs.roll_up()
    clock.shift(timedelta(days=10))
    assert ladder.climb() == 2
    everybody = {one.id for one in (made.coordinator, *made.admins)}
    assert sorted(to for _about, to in _told(db)) == sorted(everybody)


def test_a_signal_that_is_over_goes_no_further(db, make, town, clock):
    made = in_force(make, town)
    plans.add_escalation(made.coordinator, made.agreement_id, 2, Hears.ALL, TALK)
    _too_late(make, town.here)
    signals.look()
    db.execute(NormSignal.__table__.update().values(ended_on=monday(time.today()) - WEEK))
    clock.shift(timedelta(days=3))
    assert ladder.climb() == 0
    assert _told(db) == []
