"""The duties of a plan, as the region agreed on them, written down with nobody in them."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.rota.layout import Planned, duties_of
from wijkapp.rota.models import Duty, Plan


def lay_out(db: Session, plan: Plan) -> int:
    """Write a Duty row for everything agreed on between the first and the last day of a plan; how many.

    The terms are those of the first day. The plan has to be in the database, with no duties yet.
    """
    terms = agreements.rota_terms_for(db, plan.region_id, time.day_starts(plan.first_day))
    rows = [row_of(plan.id, plan.region_id, one) for one in duties_of(terms, plan.first_day, plan.last_day)]
    if rows:
        db.execute(insert(Duty), rows)
    return len(rows)


def row_of(plan_id: UUID, region_id: UUID, one: Planned) -> dict[str, Any]:
    """The columns of one duty."""
    return {
        "id": new_id(),
        "plan_id": plan_id,
        "region_id": region_id,
        "block": one.block,
        "line": one.line,
        "seat": one.seat,
        "starts_at": one.start,
        "ends_at": one.end,
        "kind": one.kind,
        "level": one.level,
        "weight": round(one.weight * 100),
        "holiday": one.holiday,
    }
