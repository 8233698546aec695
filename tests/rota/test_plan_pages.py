"""The pages on which a rota is made."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.forms import filled
from tests.rota.make import MONDAY_OF_ROTA, Make, RotaTown, plan_now
from tests.web import Visitor
from wijkapp.kit import time
from wijkapp.rota.models import Duty, Plan, PlanRun
from wijkapp.rota.rules import HeldBy, RunState
from wijkapp.rota.service import holding

Visit = Callable[..., Visitor]


@pytest.fixture
def town(make: Make) -> RotaTown:
    return make.rota_town()


@pytest.mark.database("sqlite")
def test_a_rota_is_made_taken_over_and_published(db: Session, town: RotaTown, visitor: Visit) -> None:
    planner = visitor(town.planners[0])
    page = planner.get("/dienst/plannen")
    assert "Maak een rooster" in page.text
    first = time.today() + timedelta(days=40)
    made = planner.post(f"/dienst/plannen?regio={town.region.id}", {"first": first.isoformat(), "weeks": "1"})
    assert made.status_code == 302, made.text
    here = made.location
    assert "De app maakt een voorstel" in planner.get(here).text
    progress = planner.get(f"{here}/voortgang")
    assert progress.status_code == 200
    assert 'hx-select="unset"' in progress.text, "the page around it selects itself"
    assert "morph:outerHTML" in progress.text, "who stands on Stop with the keyboard is not put off it"
    plan_now()
    assert planner.get(f"{here}/voortgang").headers["HX-Refresh"] == "true"
    page = planner.get(here)
    assert "Voorstel van de app" in page.text
    run = db.scalars(select(PlanRun)).one()
    assert run.state is RunState.DONE
    assert planner.post(f"{here}/voorstel/{run.id}").status_code == 302
    duties = db.scalars(select(Duty)).all()
    assert duties
    assert all(one.member_id for one in duties)
    assert "Publiceer" in planner.get(here).text
    assert planner.get(f"{here}/eerlijk").status_code == 200
    duty = duties[0]
    assert "Wie kan deze dienst doen" in planner.get(f"{here}/dienst/{duty.id}").text
    assert planner.get(f"{here}/mag/{duty.member_id}").json is not None
    assert planner.get(f"{here}/publiceren").status_code == 200
    assert planner.post(f"{here}/publiceren").status_code == 302
    db.expire_all()
    assert db.scalars(select(Plan)).one().published_at
    assert "gepubliceerd" in planner.get(here).text
    again = planner.get(f"{here}/publiceren")
    assert (again.status_code, again.location) == (302, here), "who comes back finds nothing to publish"
    assert "Vraag" in planner.get(f"{here}/dienst/{duty.id}").text
    nurse = visitor(town.nurses[0])
    assert "Jouw diensten" in nurse.get(f"{here}/voor-mij").text
    assert nurse.get("/dienst/wijzigingen").status_code == 200
    assert nurse.get(here).status_code == 403


@pytest.mark.database("sqlite")
def test_a_duty_is_set_locked_and_emptied_by_tap_and_by_drag(
    db: Session, make: Make, town: RotaTown, visitor: Visit
) -> None:
    plan = make.draft(town, weeks=1)
    planner = visitor(town.planners[0])
    here = f"/dienst/plannen/{plan.id}"
    night, evening = make.duty_on(plan, MONDAY_OF_ROTA), make.duty_on(plan, MONDAY_OF_ROTA, "evening")
    json = {"headers": {"Accept": "application/json"}}
    refused = planner.post(f"{here}/dienst/{evening.id}", {"member": str(night.member_id)}, **json)
    assert refused.status_code == 409
    assert "nodig is" in refused.json["error"] or "tegelijk" in refused.json["error"]
    page = planner.post(f"{here}/dienst/{evening.id}", {"member": str(night.member_id)})
    assert page.status_code == 409
    assert "Zet toch" in page.text
    even_so = {"member": str(night.member_id), "even_so": "1"}
    assert planner.post(f"{here}/dienst/{evening.id}", even_so, **json).json == {"ok": True}
    assert "regel klopt niet" in planner.get(here).text
    assert planner.post(f"{here}/dienst/{evening.id}/vast", {"locked": "1"}).status_code == 302
    assert "Maak los" in planner.get(f"{here}/dienst/{evening.id}").text
    assert planner.post(f"{here}/dienst/{evening.id}", {"member": "", "even_so": "1"}).status_code == 302
    assert "heeft niemand" in planner.get(here).text
    for nonsense in ("x", "0" * 40, "\u202e"):
        assert planner.post(f"{here}/dienst/{evening.id}", {"member": nonsense}).status_code == 422


@pytest.mark.database("sqlite")
def test_publishing_asks_for_a_reason_and_keeps_what_was_chosen(
    make: Make, town: RotaTown, visitor: Visit
) -> None:
    plan = make.draft(town, weeks=1)
    planner = visitor(town.planners[0])
    here = f"/dienst/plannen/{plan.id}"
    night, evening = make.duty_on(plan, MONDAY_OF_ROTA), make.duty_on(plan, MONDAY_OF_ROTA, "evening")
    planner.post(f"{here}/dienst/{evening.id}", {"member": str(night.member_id), "even_so": "1"})
    gap = make.duty_on(plan, MONDAY_OF_ROTA + timedelta(days=3))
    planner.post(f"{here}/dienst/{gap.id}", {"member": ""})
    asked = planner.get(f"{here}/publiceren").text
    assert "gaps_seen" not in filled(asked)
    fields = re.findall(r'name="(why-[^"]+)"', asked)
    assert fields
    said = planner.post(f"{here}/publiceren", {fields[0]: "no such reason", "gaps_seen": "1"})
    assert said.status_code == 422
    assert filled(said.text)["gaps_seen"] == "1"
    assert "waarom het toch mag" in said.text
    assert (
        planner.post(f"{here}/publiceren", dict.fromkeys(fields, "agreed") | {"gaps_seen": "1"}).status_code
        == 302
    )
    assert "waarvan is gezegd waarom het mag" in planner.get(here).text


@pytest.mark.database("sqlite")
def test_bad_dates_and_weeks_are_told_at_the_field(make: Make, town: RotaTown, visitor: Visit) -> None:
    planner = visitor(town.planners[0])
    make.plan(town, weeks=1)
    for given in (
        {},
        {"first": "2026-02-30", "weeks": "1"},
        {"first": "0001-01-01", "weeks": "1"},
        {"first": "9999-12-31", "weeks": "26"},
        {"first": "2027-01-04", "weeks": "-1"},
        {"first": "2027-01-04", "weeks": "٣"},
    ):
        answer = planner.post(f"/dienst/plannen?regio={town.region.id}", given)
        assert answer.status_code == 422, given
        assert 'class="error"' in answer.text
        assert f'action="/dienst/plannen?regio={town.region.id}"' in answer.text
    plan = make.plan(town, MONDAY_OF_ROTA + timedelta(days=70), weeks=1)
    here = f"/dienst/plannen/{plan.id}"
    for given in (
        {},
        {"member": "x"},
        {"member": str(town.members[0].id), "first": "x", "last": "9999-12-31"},
    ):
        assert planner.post(f"{here}/uitval", given).status_code == 422
    for days in (("2027-03-16", "2027-03-15"), ("0001-01-01", "0001-01-01"), ("2027-03-15", "9999-12-31")):
        given = {"member": str(town.members[0].id), "first": days[0], "last": days[1]}
        assert planner.post(f"{here}/uitval", given).status_code == 422
    assert planner.get(f"{here}?vanaf=x").status_code == 404
    assert planner.get(f"{here}?vanaf=9999-12-31").status_code == 200


@pytest.mark.database("sqlite")
def test_what_changed_for_me_is_told(db: Session, make: Make, town: RotaTown, visitor: Visit) -> None:
    plan = make.plan(
        town, time.today() + timedelta(days=3), weeks=1, published=time.now() - timedelta(days=1)
    )
    duty = make.duties(plan)[0]
    [mine] = [one for one in town.members if one.id == duty.member_id]
    other = next(one for one in town.members if one.id != mine.id)
    holding.give(db, duty, other.id, how=HeldBy.SWAP, by=None, moment=time.now())
    db.commit()
    names = {one.id: town.account(one.id) for one in (mine, other)}
    lost = visitor(names[mine.id]).get("/dienst/wijzigingen").text
    assert f"Van jou af, naar {names[other.id].name}" in lost
    got = visitor(names[other.id]).get("/dienst/wijzigingen").text
    assert f"Erbij, van {names[mine.id].name}" in got
    page = visitor(names[other.id]).get(f"/dienst/plannen/{plan.id}/voor-mij")
    assert str(duty.id) in page.text
