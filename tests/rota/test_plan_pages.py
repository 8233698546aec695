"""The pages on which a rota is made."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.rota.make import Make, RotaTown
from tests.web import Visitor
from wijkapp.kit import time
from wijkapp.rota import runner
from wijkapp.rota.models import Duty, Plan, PlanRun
from wijkapp.rota.rules import RunState
from wijkapp.rota.runner import Progress
from wijkapp.rota.service import runs

Visit = Callable[..., Visitor]


@pytest.fixture
def make(db: Session) -> Make:
    return Make(db)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "WORK", 0.2)


@pytest.fixture
def town(make: Make) -> RotaTown:
    return make.rota_town()


def plan_now() -> None:
    """What the process of the planner does, here."""
    while (task := runs.claim()) is not None:
        runner.do(task, Progress())


@pytest.mark.database("sqlite")
def test_a_rota_is_made_taken_over_and_published(db: Session, town: RotaTown, visitor: Visit) -> None:
    planner = visitor(town.planners[0])
    page = planner.get("/dienst/plannen")
    assert "Maak een rooster" in page.text
    first = time.today() + timedelta(days=40)
    made = planner.post(f"/dienst/plannen/regio/{town.region.id}", {"first": first.isoformat(), "weeks": "1"})
    assert made.status_code == 302, made.text
    here = made.location
    assert "De app maakt een voorstel" in planner.get(here).text
    assert planner.get(f"{here}/voortgang").status_code == 200
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
    assert "Vraag" in planner.get(f"{here}/dienst/{duty.id}").text
    nurse = visitor(town.nurses[0])
    assert "Jouw diensten" in nurse.get(f"{here}/voor-mij").text
    assert nurse.get("/dienst/wijzigingen").status_code == 200
    assert nurse.get(here).status_code == 403
