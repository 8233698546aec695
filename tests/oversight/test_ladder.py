"""A signal goes up the ladder that the parties agreed on."""

from datetime import timedelta

from sqlalchemy import select

from tests.agreements.making import in_force
from tests.oversight.test_region import counted
from wijkapp.agreements.service import plans
from wijkapp.kit import time
from wijkapp.kit.outbox import Event
from wijkapp.oversight import jobs
from wijkapp.oversight.models import NormSignal
from wijkapp.oversight.rules.weeks import WEEK, monday
from wijkapp.oversight.service import ladder, signals

STEP = "oversight.step_due"


def _told_of_steps(db) -> set:
    return {tuple(row) for row in db.execute(select(Event.about_id, Event.to_id).where(Event.name == STEP))}


def test_a_signal_goes_up_the_ladder_of_the_agreement_each_step_once(db, make, town, clock, visitor):
    made = in_force(make, town)
    for days in (2, 9):
        plans.add_escalation(made.coordinator, made.agreement_id, days, "de besturen", "Zij spreken elkaar.")
    last = monday(time.today()) - WEEK
    counted(make, town.here, *[20] * 5, first=last - WEEK * 4, late=8)
    counted(make, town.near, *[20] * 5, first=last - WEEK * 4, late=8)  # no agreement holds there
    jobs.roll_up()
    assert _told_of_steps(db) == set()
    for moved in (2, 0, 1):
        clock.shift(timedelta(days=moved))
        assert ladder.climb() == (moved == 2)
    assert _told_of_steps(db) == {(made.agreement_id, one.id) for one in (made.coordinator, *made.admins)}
    told = len(db.scalars(select(Event.id).where(Event.name == STEP)).all())
    clock.shift(timedelta(days=30))
    assert ladder.climb() == 1
    assert len(db.scalars(select(Event.id).where(Event.name == STEP)).all()) == told * 2
    assert "De stap na 9 dagen is gemeld" in visitor(town.coordinator).get("/regio/signalen").text


def test_a_signal_that_is_over_goes_no_further(db, make, town, clock):
    made = in_force(make, town)
    plans.add_escalation(made.coordinator, made.agreement_id, 2, "de besturen", "Zij spreken elkaar.")
    last = monday(time.today()) - WEEK
    counted(make, town.here, *[20] * 5, first=last - WEEK * 4, late=8)
    signals.look()
    db.execute(NormSignal.__table__.update().values(ended_on=last))
    clock.shift(timedelta(days=3))
    assert ladder.climb() == 0
    assert _told_of_steps(db) == set()
