"""The pages about duties: who is on duty, weeks, months, one duty; and who may see them."""

import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from tests.rota.make import Make, RotaTown, at
from tests.web import Visitor
from wijkapp.kit import time
from wijkapp.people.rules import Role
from wijkapp.rota.models import Plan
from wijkapp.rota.rules import HeldBy
from wijkapp.rota.service import holding

pytestmark = pytest.mark.database("sqlite")

TUESDAY_NIGHT = at("2027-01-06 00:30")  # in the night that began on Tuesday


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


def test_who_plans_has_making_a_rota_third_and_everybody_finds_what_changed(
    plan: Plan, town: RotaTown, visitor: Visit, at_night: datetime
) -> None:
    def row(page: str) -> list[str]:
        return re.findall(r'href="(/dienst[^"]*)"', page.split('class="dutynav')[1].split("</nav>")[0])

    assert row(visitor(town.planners[0]).get("/dienst").text)[2] == "/dienst/plannen"
    page = visitor(town.nurses[0]).get("/dienst/wijzigingen").text
    assert '<a href="/dienst/wijzigingen" aria-current="page">' in page
    assert "/dienst/plannen" not in row(page)


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


def test_a_referrer_sees_who_is_on_duty_and_not_who_works_when(
    plan: Plan, town: RotaTown, make: Make, visitor: Visit, at_night: datetime
) -> None:
    doctor = visitor(town.referrer)
    page = doctor.get("/dienst").text
    assert "Nu dienst · tot 7.00" in page
    assert "De komende week" not in page
    duty = make.duty_on(plan, date(2027, 1, 5))
    for path in ("week/2027-W01", "maand/2027-01", "lijst", str(duty.id), "vannacht", "adressen"):
        assert doctor.get(f"/dienst/{path}").status_code == 403, path


def test_somebody_of_another_region_sees_nothing_of_this_one(
    plan: Plan, town: RotaTown, make: Make, visitor: Visit, at_night: datetime
) -> None:
    elsewhere = make.organisation("Elders")
    make.region(members=[elsewhere])
    carla = visitor(make.account(elsewhere, *Role))
    duty = make.duty_on(plan, date(2027, 1, 5))
    assert carla.get(f"/dienst/{duty.id}").status_code in (403, 404)
    for path in ("", "/nu", "/week/2027-W01", "/lijst", "/vannacht", "/vannacht.pdf", "/adressen"):
        assert carla.get(f"/dienst{path}?regio={town.region.id}").status_code in (403, 404), path


def test_a_gap_is_loud_on_every_page(
    plan: Plan, town: RotaTown, make: Make, visitor: Visit, at_night: datetime, db: Session
) -> None:
    holding.give(
        db, make.duty_on(plan, date(2027, 1, 5)), None, how=HeldBy.NOBODY, by=None, moment=TUESDAY_NIGHT
    )
    holding.give(
        db, make.duty_on(plan, date(2027, 1, 7)), None, how=HeldBy.NOBODY, by=None, moment=TUESDAY_NIGHT
    )
    nurse = visitor(town.nurses[0])
    assert "Niemand heeft deze dienst" in nurse.get("/dienst/nu").text
    home = nurse.get("/dienst").text
    assert "2 diensten heeft niemand" in home or "2 diensten hebben niemand" in home
    for path in ("week/2027-W01", "maand/2027-01", "lijst?wie=gaten"):
        assert "niemand" in nurse.get(f"/dienst/{path}").text, path
    only_gaps = nurse.get("/dienst/lijst?wie=gaten").text
    assert only_gaps.count('<th scope="row">') == 2


def test_weeks_without_a_published_rota_say_so(
    plan: Plan, town: RotaTown, make: Make, visitor: Visit, at_night: datetime
) -> None:
    make.draft(town, first=date(2027, 1, 18))
    nurse = visitor(town.nurses[0])
    assert "Hier is nog geen rooster" in nurse.get("/dienst/week/2027-W03").text
    assert "Hier is nog geen rooster" not in nurse.get("/dienst/week/2027-W01").text


def test_a_duty_of_a_draft_has_no_page_yet(
    town: RotaTown, make: Make, visitor: Visit, at_night: datetime
) -> None:
    draft = make.draft(town)
    duty = make.duty_on(draft, date(2027, 1, 5))
    assert visitor(town.nurses[0]).get(f"/dienst/{duty.id}").status_code == 404


def test_the_page_of_a_duty_tells_who_had_it(
    plan: Plan, town: RotaTown, make: Make, visitor: Visit, at_night: datetime, db: Session
) -> None:
    duty = make.duty_on(plan, date(2027, 1, 5))
    other = next(one for one in town.nurses if town.member(one).id != duty.member_id)
    holding.give(db, duty, town.member(other).id, how=HeldBy.TAKEOVER, by=other.id, moment=TUESDAY_NIGHT)
    page = visitor(town.nurses[0]).get(f"/dienst/{duty.id}").text
    assert page.index("overgenomen") < page.index("volgens het rooster")


@pytest.mark.parametrize(
    "path", ["week/2026-W54", "week/x", "week/0001-W01", "maand/2027-13", "maand/x", "maand/9999-12"]
)
def test_what_is_no_week_or_month_is_not_found(plan: Plan, town: RotaTown, visitor: Visit, path: str) -> None:
    assert visitor(town.nurses[0]).get(f"/dienst/{path}").status_code == 404


def test_week_53_and_the_turn_of_the_year_are_pages_like_any_other(
    town: RotaTown, make: Make, visitor: Visit
) -> None:
    make.plan(town, first=date(2032, 12, 27), weeks=1)  # far ahead: none of its days is called today
    page = visitor(town.nurses[0]).get("/dienst/week/2032-W53").text
    assert "vr 31 dec" in page
    assert "za 1 jan" in page
    assert "feestdag" in page
    assert "/dienst/week/2033-W01" in page
