"""Roll-ups are what is in the requests themselves, whenever the clock looked."""

from bisect import bisect_left
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.matching.make import chosen, offered, posted
from tests.oversight.conftest import MORNING
from wijkapp.agreements.rules import Urgency
from wijkapp.kit import time
from wijkapp.kit.errors import Refused
from wijkapp.matching import service as matching
from wijkapp.matching.jobs import escalate_due
from wijkapp.matching.models import CareRequest
from wijkapp.matching.rules import DeclineReason, WithdrawReason
from wijkapp.oversight.models import RollupDay, RollupWeek, WijkDay
from wijkapp.oversight.rules.figures import indicators, times
from wijkapp.oversight.rules.tally import BANDS, Tally, tally, total, within
from wijkapp.oversight.rules.weeks import monday
from wijkapp.oversight.service import facts, roll
from wijkapp.oversight.service.roll import roll_up

SQLITE = pytest.mark.database("sqlite")


def days(db) -> dict:
    db.expire_all()
    rows = db.execute(select(RollupDay.day, RollupDay.wijk_id, RollupDay.urgency, *roll.columns(RollupDay)))
    return {tuple(row[:3]): Tally(*row[3:]) for row in rows}


def weeks(db) -> dict:
    rows = db.execute(select(RollupWeek.week, RollupWeek.wijk_id, *roll.columns(RollupWeek)))
    return {tuple(row[:2]): Tally(*row[2:]) for row in rows}


def raw(db) -> dict:
    """The same, out of every request there is."""
    moment, found = time.now(), {}
    everywhere = set(db.scalars(select(CareRequest.wijk_id)))
    for one in facts.asked(db, everywhere, moment - timedelta(days=365), moment):
        key = time.local(one.posted_at).date(), one.wijk_id, one.urgency
        found.setdefault(key, []).append(one)
    return {key: tally(those, moment) for key, those in found.items()}


def by_week(of_days: dict) -> dict:
    found = {}
    for (day, wijk_id, _urgency), one in of_days.items():
        key = monday(day), wijk_id
        found[key] = found.get(key, Tally()) + one
    return found


def test_a_day_is_what_its_requests_say(db, make, town, clock):
    oost = make.provider(town.here)
    first = posted(town.referrer, urgency=Urgency.DAY)
    posted(town.referrer, urgency=Urgency.TODAY)
    clock.shift(timedelta(minutes=7))
    chosen(town.referrer, offered(oost.nurse, first))
    roll_up()
    one = days(db)[time.today(), town.here.id, Urgency.DAY]
    assert (one.requests, one.judged, one.in_time, one.placed, one.pending) == (1, 1, 1, 1, 0)
    assert within(one.offer, 0.5).minutes == 10
    assert days(db) == raw(db)
    assert weeks(db) == by_week(raw(db))


def test_what_changes_later_changes_the_day_it_was_asked(db, make, town, clock):
    oost = make.provider(town.here)
    asked = posted(town.referrer, urgency=Urgency.PLANNED)
    roll_up()
    clock.shift(timedelta(days=5))
    roll_up()
    chosen(town.referrer, offered(oost.nurse, asked))
    clock.shift(timedelta(days=3))
    roll_up()
    assert [one.placed for one in days(db).values()] == [1]
    assert days(db) == raw(db)


def test_a_day_on_which_nothing_changed_is_not_written_again(db, make, town, clock, monkeypatch):
    make.provider(town.here)
    posted(town.referrer)
    roll_up()
    monkeypatch.setattr(roll, "_insert", lambda *_: pytest.fail("written again"))
    roll_up()


def test_a_long_past_is_counted_some_days_at_a_time(db, make, town, clock):
    make.provider(town.here)
    posted(town.referrer)
    clock.shift(timedelta(days=roll.AT_ONCE + 10))
    posted(town.referrer)
    roll_up()
    assert len(days(db)) == 1
    roll_up()
    assert days(db) == raw(db)


def test_how_a_wijk_stands_is_noted_each_day(db, make, town, clock):
    for _each in range(2):
        make.provider(town.here)
    make.provider(town.here, places=None)
    roll_up()
    clock.shift(timedelta(days=14))
    make.provider(town.here)
    roll_up()
    here = select(WijkDay.providers, WijkDay.figures, WijkDay.stale).where(WijkDay.wijk_id == town.here.id)
    # Three work there and two of them say what they have free: how old that is, is of those two alone.
    assert [tuple(row) for row in db.execute(here.order_by(WijkDay.day))] == [(3, 0, 0), (4, 3, 2)]


def test_duties_of_the_coming_week_that_nobody_has_are_noted(db, make, town, clock):
    nurse = make.provider(town.here).nurse
    make.member(nurse, town.region, level=4)
    roll_up()
    here = select(WijkDay.blocks, WijkDay.covered).where(WijkDay.wijk_id == town.here.id)
    assert tuple(db.execute(here).one()) == (None, None)
    plan = make.published(town.region, nurse, monday(time.today()), weeks=3)
    roll_up()
    blocks, covered = db.execute(here).one()
    assert blocks > covered > 1  # one person cannot have them all
    held = [one for one in make.duties(plan) if one.line == "main" and one.member_id]
    later = [one for one in held if one.starts_at > time.now() + timedelta(days=8)]
    soon = [one for one in held if time.now() < one.starts_at < time.now() + timedelta(days=6)]
    for one in (*later[:1], soon[0]):
        one.member_id = None
    db.flush()
    roll_up()
    assert tuple(db.execute(here).one()) == (blocks, covered - 1)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.sampled_from(list(Urgency))),
        st.tuples(st.just("shift"), st.sampled_from([3, 40, 60 * 5, 60 * 26, 60 * 24 * 8])),
        st.tuples(st.sampled_from(["offer", "decline", "choose", "withdraw"]), st.integers(0, 3)),
        st.tuples(st.just("roll"), st.just(0)),
    ),
    max_size=14,
)


@SQLITE
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_happens_and_whenever_the_clock_looks_roll_ups_are_the_raw_figures(db, make, steps):
    with db.begin_nested() as undo, time_machine.travel(MORNING, tick=False) as clock:
        town = make.town()
        oost = make.provider(town.here, places=9)
        requests, offers = [], []
        for what, arg in steps:
            _do(what, arg, clock, town, oost, requests, offers)
        roll_up()
        assert days(db) == raw(db)
        assert weeks(db) == by_week(raw(db))
        undo.rollback()


def _do(what, arg, clock, town, oost, requests, offers):
    one = requests[arg % len(requests)] if requests and what not in {"post", "shift"} else None
    try:
        if what == "post":
            requests.append(posted(town.referrer, urgency=arg))
        elif what == "shift":
            clock.shift(timedelta(minutes=arg))
            escalate_due()
        elif what == "roll":
            roll_up()
        elif one and what == "offer":
            offers.append(offered(oost.nurse, one))
        elif one and what == "decline":
            matching.decline(oost.nurse, one, DeclineReason.NO_ROOM)
        elif one and what == "withdraw":
            matching.withdraw(town.referrer, one, WithdrawReason.ADMITTED)
        elif offers and what == "choose":
            chosen(town.referrer, offers[arg % len(offers)])
    except Refused:
        pass


@given(st.lists(st.floats(0, 20_000), min_size=1, max_size=40))
@settings(max_examples=50)
def test_a_median_out_of_bands_is_true_of_the_times_themselves(minutes):
    bands = tuple(sum(bisect_left(BANDS, one) == n for one in minutes) for n in range(len(BANDS) + 1))
    exact = times(minutes)
    for part, real in ((0.5, exact.median), (0.9, exact.p90)):
        said = within(bands, part).minutes
        assert real <= (said or float("inf"))
        number = BANDS.index(said) if said else len(BANDS)
        assert number == 0 or real > BANDS[number - 1]


def test_counts_are_those_of_the_figures_of_the_wijkregisseur(db, make, town, clock):
    oost = make.provider(town.here)
    for minutes in (4, 50, 300):
        asked = posted(town.referrer)
        clock.shift(timedelta(minutes=minutes))
        chosen(town.referrer, offered(oost.nurse, asked))
    roll_up()
    moment = time.now()
    asked = facts.asked(db, {town.here.id}, moment - timedelta(days=3), moment)
    same = indicators(asked, [], moment)
    one = total(days(db).values())
    assert (one.requests, one.judged, one.in_time, one.placed) == (
        same.requests,
        same.judged,
        same.in_time,
        same.placed,
    )
