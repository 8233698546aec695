"""What the doors of making a rota may be opened on, for `tests.rota.things`."""

from datetime import timedelta

from tests.rota.make import Make
from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty, Member, PlanRun
from wijkapp.rota.rules import RunKind, RunState

Things = dict[str, str]
DOORS = "plan plan_progress plan_fairness plan_again falling_out fall_out publishing publish_plan"


def things_of_plans(
    make: Make, region: Region, planner: Account, published: Duty, nurse: Member
) -> dict[str, Things]:
    """Of whoever plans: a rota in the making with an empty proposal, and a duty of one that stands."""
    monday = time.today() - timedelta(days=time.today().weekday())
    draft = make._draft(region, planner, monday + timedelta(weeks=6), 1, filled=False)
    run = make._keep(
        PlanRun(
            plan_id=draft.id,
            kind=RunKind.PLAN,
            state=RunState.DONE,
            problem="{}",
            rota='{"assignments":{}}',
            asked_by_id=planner.id,
            asked_at=time.now(),
        )
    )
    it = {"plan_id": str(draft.id)}
    duty, of_run = it | {"duty_id": str(make.duties(draft)[0].id)}, it | {"run_id": str(run.id)}
    found = {f"rota.{door}": it for door in (*DOORS.split(), "throw_plan_away", "bring_in_rota")}
    found |= {
        f"rota.{door}": of_run for door in ("stop_planning", "take_proposal", "drop_proposal", "ask_proposal")
    }
    found |= {f"rota.{door}": duty for door in ("plan_duty", "put_in_duty", "lock_duty")}
    return found | {
        "rota.may_have": it | {"member_id": str(nurse.id)},
        "rota.ask_for_duty": {"plan_id": str(published.plan_id), "duty_id": str(published.id)},
    }
