"""When somebody really was on duty: for whoever looks whether work at night was work."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from wijkapp.kit.db import reading
from wijkapp.rota.models import Duty
from wijkapp.rota.on_duty import Turn
from wijkapp.rota.service import on_duty


def stretches(
    accounts: Collection[UUID], first: datetime, last: datetime
) -> Mapping[UUID, Sequence[tuple[datetime, datetime]]]:
    """By account from when until when they held duties between these moments, in every region."""
    with reading() as db:
        turns = on_duty.turns(db, Duty.starts_at < last, Duty.ends_at > first)
    wanted = set(accounts)
    found: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for turn in turns:
        for account, begins, ends in _held(turn):
            if account in wanted and begins < ends:
                found.setdefault(account, []).append((begins, ends))
    return found


def _held(turn: Turn) -> list[tuple[UUID, datetime, datetime]]:
    ends = [*(one.from_at for one in turn.holds[1:]), turn.ends_at]
    return [
        (one.person.account_id, max(one.from_at, turn.starts_at), end)
        for one, end in zip(turn.holds, ends, strict=False)
        if one.person
    ]
