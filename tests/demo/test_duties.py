"""The duties of the demo: a lawful rota around today, with something to see on every page."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from wijkapp.demo import duties
from wijkapp.demo.duty_staff import DUTY_STAFF
from wijkapp.demo.parties import OTHERS, PROVIDERS
from wijkapp.kit import time
from wijkapp.rota.models import Duty, DutyHold, Handover, Member, Plan, Swap, SwapAsk
from wijkapp.rota.rules import Line
from wijkapp.rota.service.problem import faults_of, problem_of, rota_of

pytestmark = pytest.mark.database("sqlite")


@pytest.mark.parametrize("moment", ["2026-12-21 09:00", "2027-03-28 02:30", "2027-06-06 23:30"])
def test_on_any_day_there_is_a_lawful_rota_of_ten_weeks_with_one_gap(region, moment):
    """With Christmas ahead, in the night that has an hour less, and at the end of a Sunday."""
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False):
        assert duties.write(region)
        plans = region.scalars(select(Plan).order_by(Plan.first_day)).all()
        assert plans[0].first_day <= time.today() - timedelta(weeks=4)
        assert plans[-1].last_day >= time.today() + timedelta(weeks=4)
        for plan in plans:
            problem = problem_of(region, plan)
            rota = rota_of(region, plan, problem)
            assert faults_of(problem, rota, [one.id for one in problem.duties]) == []
        assert region.scalar(select(func.count()).where(Duty.member_id.is_(None))) == 1


def test_the_rota_has_people_a_past_a_swap_and_a_duty_this_evening(region):
    assert duties.write(region)
    everybody = select(func.count()).select_from(Member)
    assert region.scalar(everybody) >= 30

    # What has been was checked in and told, and a swap is asked.
    now = time.now()
    begun = region.execute(select(Duty, DutyHold).join(DutyHold).where(Duty.starts_at <= now)).all()
    assert begun
    assert all(hold.checked_in_at and hold.due_at is None for _duty, hold in begun)
    assert region.scalar(select(func.count()).select_from(Handover)) > 5
    swap = region.scalars(select(Swap)).one()
    assert region.scalar(select(func.count()).where(SwapAsk.swap_id == swap.id)) >= 1

    # Whoever tries the demo is on duty this evening.
    evening = region.scalars(
        select(Duty).where(Duty.block == "evening", Duty.line == Line.MAIN, Duty.seat == 1)
    )
    [today] = [one for one in evening if time.local(one.starts_at).date() == time.today()]
    assert today.member_id == duties._member(region, duties.SAMIRA).id


def test_it_is_written_once_and_goes_on_when_it_ends(region, monkeypatch):
    duties.write(region)
    assert not duties.write(region)

    later = time.today() + timedelta(weeks=5)
    monkeypatch.setattr(duties.time, "today", lambda: later)
    assert duties.write(region)
    last = region.scalar(select(func.max(Plan.last_day)))
    assert last >= later + timedelta(weeks=2)


def test_nobody_has_the_name_of_another():
    names = [person.name for party in (*PROVIDERS, *OTHERS) for person in party.people]
    names += [name for _domain, people in DUTY_STAFF.values() for name, _title in people]
    assert len(set(names)) == len(names)
