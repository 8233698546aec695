"""How providers answered before, for the rule that works out whom to ring."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Row, bindparam, func, select
from sqlalchemy.orm import Session

from wijkapp.agreements.rules import Urgency
from wijkapp.kit import time
from wijkapp.kit.db import UtcDateTime
from wijkapp.matching.answering import Habit, Past, habit_of, week_part
from wijkapp.matching.models import CareRequest, Invitation, Placement
from wijkapp.matching.rules import Answer

LOOKED_AT = 40  # times that a provider was rung, the last ones
HORIZON = timedelta(days=180)  # longer ago says nothing about it any more


_OF: BindParameter[UUID] = bindparam("organisation")
_SINCE: BindParameter[datetime] = bindparam("since", type_=UtcDateTime())
# One short question for each provider, made once: its index gives the last few, of perhaps thousands.
_LAST = (
    select(
        Invitation.rung_at,
        Invitation.answered_at,
        Invitation.answer,
        CareRequest.urgency,
        CareRequest.ended_at,
        select(func.min(Placement.placed_at))
        .where(Placement.care_request_id == CareRequest.id)
        .correlate(CareRequest)
        .scalar_subquery()
        .label("placed_at"),
    )
    .join(CareRequest, CareRequest.id == Invitation.care_request_id)
    .where(Invitation.organisation_id == _OF, Invitation.asked_at > _SINCE)
    .order_by(Invitation.asked_at.desc())
    .limit(LOOKED_AT)
)


def habits_of(
    db: Session, organisation_ids: Iterable[UUID], urgency: Urgency, moment: datetime
) -> dict[UUID, Habit]:
    """How each of these providers will answer a request of this urgency that rings now."""
    part = week_part(time.local(moment))
    return {
        organisation_id: habit_of(_history(db, organisation_id, moment), urgency, part)
        for organisation_id in organisation_ids
    }


def _history(db: Session, organisation_id: UUID, moment: datetime) -> list[Past]:
    rows = db.execute(_LAST, {"organisation": organisation_id, "since": moment - HORIZON})
    return [_past(row, moment) for row in rows if row.rung_at is not None]


def _past(row: Row[*tuple[Any, ...]], moment: datetime) -> Past:
    rung = row.rung_at
    until = min(one for one in (row.answered_at, row.placed_at, row.ended_at, moment) if one is not None)
    watched = max((until - rung).total_seconds() / 60, 0.0)
    return Past(
        urgency=row.urgency,
        part=week_part(time.local(rung)),
        minutes=watched if row.answered_at is not None and row.answered_at >= rung else None,
        watched=watched,
        offered=row.answer is Answer.OFFERED,
    )
