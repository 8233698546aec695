"""What the doors of being on duty may be opened on, for `tests.world`."""

from tests.rota.make import Make
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty, DutyCall

Things = dict[str, str]


def things_on_duty(
    make: Make, mine: Duty, theirs: Duty, nurse: Account, planner: Account
) -> dict[str, dict[str, Things]]:
    """Each has a duty, was rung during it, and is the next after the other."""
    for duty, following, writer in ((mine, theirs, nurse), (theirs, mine, planner)):
        make.handover(duty, following, writer)
    return {
        "nurse": _doors(mine, theirs, make.call(mine)),
        "planner": _doors(theirs, mine, make.call(theirs)),
    }


def _doors(own: Duty, before: Duty, call: DutyCall) -> dict[str, Things]:
    it = {"duty_id": str(own.id)}
    names = ("come", "leave", "stand_in", "reached", "rung", "handed_over", "hand_over")
    return {f"rota.{name}": it for name in names} | {
        "rota.settle": it | {"call_id": str(call.id)},
        "rota.drop_call": it | {"call_id": str(call.id)},
        "rota.confirm_handover": {"duty_id": str(before.id)},
    }
