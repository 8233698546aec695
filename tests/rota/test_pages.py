"""The pages about duties: who is on duty, weeks, months, one duty; and who may see them."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from tests.rota.make import Make, RotaTown, at
from tests.web import Visitor
from wijkapp.kit import time
from wijkapp.rota.models import Plan

pytestmark = pytest.mark.database("sqlite")

TUESDAY_NIGHT = at("2027-01-06 00:30")  # in the night that began on Tuesday


@pytest.fixture
def make(db: Session) -> Make:
    return Make(db)


@pytest.fixture
def town(make: Make) -> RotaTown:
    return make.rota_town(organisations=3, people=4)


@pytest.fixture
def plan(make: Make, town: RotaTown) -> Plan:
    return make.plan(town)


@pytest.fixture
def at_night(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(time, "now", lambda: TUESDAY_NIGHT)
    return TUESDAY_NIGHT


Visit = Callable[..., Visitor]


def test_every_page_of_the_rota_is_there(
    plan: Plan, town: RotaTown, visitor: Visit, at_night: datetime
) -> None:
    nurse = visitor(town.nurses[0])
    for path in ("", "/nu", "/week/2027-W01", "/maand/2027-01", "/lijst", "/lijst?wie=ik", "/vannacht"):
        assert nurse.get(f"/dienst{path}").status_code == 200, path
    assert nurse.get("/dienst/vannacht.pdf").data.startswith(b"%PDF")


def test_who_is_on_duty_now_and_next_is_on_the_first_page(
    plan: Plan, town: RotaTown, make: Make, visitor: Visit, at_night: datetime
) -> None:
    duty = make.duty_on(plan, date(2027, 1, 5))
    name = next(one.name for one in (*town.planners, *town.nurses) if town.member(one).id == duty.member_id)
    page = visitor(town.coordinator).get("/dienst").text
    assert "Nu dienst · tot 7.00" in page
    assert name in page
    assert "tel:+31612345678" in page
    assert "Daarna · woensdag" in page or "Daarna · vandaag 17.00" in page
