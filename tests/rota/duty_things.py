"""What the doors of being on duty may be opened on, for `tests.world`."""

from sqlalchemy import select

from tests.rota.make import Make
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty, DutyCall
from wijkapp.rota.rules import Line

Things = dict[str, str]


def things_on_duty(
    make: Make, mine: Duty, theirs: Duty, nurse: Account, planner: Account
) -> dict[str, dict[str, Things]]:
    """Each has a main duty, was rung during it, and is the next after the other."""
    mine, theirs = (_main(make, one) for one in (mine, theirs))
    for duty, following, writer in ((mine, theirs, nurse), (theirs, mine, planner)):
        make.handover(duty, following, writer)
    return {
        "nurse": _doors(mine, theirs, make.call(mine)),
        "planner": _doors(theirs, mine, make.call(theirs)),
    }


def _main(make: Make, like: Duty) -> Duty:
    """The next of whoever has this one that is no back-up."""
    found = select(Duty).where(
        Duty.member_id == like.member_id, Duty.line == Line.MAIN, Duty.starts_at >= like.starts_at
    )
    return make.db.scalars(found.order_by(Duty.starts_at).limit(1)).one()


def _doors(own: Duty, before: Duty, call: DutyCall) -> dict[str, Things]:
    it = {"duty_id": str(own.id)}
    names = ("come", "leave", "stand_in", "reached", "rung", "handed_over", "hand_over")
    return {f"rota.{name}": it for name in names} | {
        "rota.settle": it | {"call_id": str(call.id)},
        "rota.drop_call": it | {"call_id": str(call.id)},
        "rota.confirm_handover": {"duty_id": str(before.id)},
    }
