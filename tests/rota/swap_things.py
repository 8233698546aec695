"""Swaps that the doors may be opened on: who -> endpoint -> what its address names; for `things`."""

from tests.rota.make import Make
from wijkapp.kit import time
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty, Member, Swap, SwapAsk
from wijkapp.rota.rules import SwapKind, SwapState

Things = dict[str, str]


def things_of_swaps(
    make: Make, of_nurse: Duty, of_planner: Duty, accounts: list[Account], members: list[Member]
) -> dict[str, dict[str, Things]]:
    """The nurse and the planner have a duty each, and each asks the other to take it."""
    asked, asks = (
        _swap(make, of_planner, accounts[1], members[0]),
        _swap(make, of_nurse, accounts[0], members[1]),
    )
    own, other, it = {"duty_id": str(of_nurse.id)}, {"duty_id": str(of_planner.id)}, {"swap_id": str(asks.id)}
    doors = dict.fromkeys(("swap", "withdraw_swap", "approve_swap", "refuse_swap"), it)
    doors |= dict.fromkeys(("ask", "ask_swap"), own)
    doors |= dict.fromkeys(("take_over", "take_open", "undo_take_over"), other)
    seen = {f"rota.{door}": things for door, things in doors.items()}
    return {"nurse": seen | _answers(asked), "planner": seen | _answers(asks), "coordinator": seen}


def _answers(swap: Swap) -> dict[str, Things]:
    return {f"rota.{door}": {"swap_id": str(swap.id)} for door in ("take_swap", "decline_swap")}


def _swap(make: Make, duty: Duty, by: Account, to: Member) -> Swap:
    moment = time.now()
    swap = Swap(
        duty_id=duty.id,
        kind=SwapKind.ONE,
        state=SwapState.OPEN,
        from_id=duty.member_id,
        asked_by_id=by.id,
        asked_at=moment,
        ends_at=duty.starts_at,
    )
    make._keep(swap)
    make._keep(SwapAsk(swap_id=swap.id, member_id=to.id, asked_at=moment))
    return swap
