"""The other colleagues of the demo check in, are reached and read; whom the tester plays is left alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from wijkapp.demo import colleagues, duties
from wijkapp.demo.parties import BY_HAND
from wijkapp.kit import time
from wijkapp.people.models import Account, Organisation
from wijkapp.rota.models import Duty, DutyHold, DutyReach, Member
from wijkapp.rota.rules import Line

pytestmark = pytest.mark.database("sqlite")


def test_they_are_there_on_time_and_the_tester_has_to_say_so(region, time_machine):
    duties.write(region)
    coming = region.execute(
        select(Duty, Organisation.name)
        .join(Member, Member.id == Duty.member_id)
        .join(Account, Account.id == Member.account_id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(Duty.starts_at > time.now() + timedelta(days=1), Duty.line == Line.MAIN)
        .order_by(Duty.starts_at)
    ).all()
    theirs = next(duty for duty, name in coming if name not in BY_HAND)
    mine = next(duty for duty, name in coming if name in BY_HAND)
    for duty in (theirs, mine):
        asked = duty.starts_at - timedelta(hours=20)
        region.add(DutyReach(duty_id=duty.id, member_id=duty.member_id, asked_at=asked))
    region.commit()

    def was_reached(duty):
        region.expire_all()
        return region.scalars(select(DutyReach.reached_at).where(DutyReach.duty_id == duty.id)).one()

    def checked_in(duty):
        region.expire_all()
        return region.scalars(select(DutyHold.checked_in_at).where(DutyHold.duty_id == duty.id)).one()

    time_machine.move_to(theirs.starts_at - timedelta(minutes=5), tick=False)
    colleagues.do_what_is_due()
    assert checked_in(theirs) is None
    assert was_reached(theirs) is not None
    time_machine.move_to(theirs.starts_at - timedelta(minutes=3), tick=False)
    colleagues.do_what_is_due()
    assert checked_in(theirs) is not None

    time_machine.move_to(mine.starts_at + timedelta(minutes=3), tick=False)
    colleagues.do_what_is_due()
    assert checked_in(mine) is None
    assert was_reached(mine) is None
