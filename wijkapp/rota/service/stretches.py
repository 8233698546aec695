"""When somebody really was on duty: for whoever looks whether work at night was work."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from wijkapp.kit.db import reading
from wijkapp.rota.models import Duty, DutyHold, Member
from wijkapp.rota.on_duty import spans
from wijkapp.rota.service import on_duty


def stretches(
    accounts: Collection[UUID], first: datetime, last: datetime
) -> Mapping[UUID, Sequence[tuple[datetime, datetime]]]:
    """By account from when until when they held duties between these moments, in every region."""
    held = select(DutyHold.duty_id).join(Member, Member.id == DutyHold.member_id)
    theirs = Duty.id.in_(held.where(Member.account_id.in_(accounts)))
    with reading() as db:
        turns = on_duty.turns(db, Duty.starts_at < last, Duty.ends_at > first, theirs)
    wanted = set(accounts)
    found: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for turn in turns:
        for one, begins, ends in spans(turn):
            if one.person and one.person.account_id in wanted:
                found.setdefault(one.person.account_id, []).append((begins, ends))
    return found
