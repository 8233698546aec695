"""A team that takes nobody for a while is not rung, says so, and can still answer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.matching.make import offered, posted
from wijkapp.capacity import service as capacity
from wijkapp.capacity.rules import PauseReason
from wijkapp.kit import time
from wijkapp.matching.models import Invitation


@pytest.mark.parametrize("reason", [PauseReason.HOLIDAY, PauseReason.SHORT_STAFFED])
def test_a_closed_team_is_not_rung_and_may_answer_all_the_same(db, make, reason):
    town = make.town()
    away, there = make.provider(town.here, places=2), make.provider(town.here, places=2)
    today = time.today()
    capacity.pause(away.nurse, [away.team.id], reason, today, today + timedelta(days=9))

    request = posted(town.referrer)

    asked = dict(
        db.execute(
            select(Invitation.organisation_id, Invitation.reasons).where(
                Invitation.care_request_id == request
            )
        ).all()
    )
    rung = db.scalars(
        select(Invitation.organisation_id).where(
            Invitation.care_request_id == request, Invitation.asked_at.is_not(None)
        )
    ).all()
    assert asked[away.organisation.id][0] == "closed"
    assert there.organisation.id in rung
    assert away.organisation.id not in rung
    assert offered(away.nurse, request)
