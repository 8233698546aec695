"""A place that is being talked about while an offer is open. Shown, and refuses nobody."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from wijkapp.capacity.models import CapacityHold
from wijkapp.kit import time
from wijkapp.kit.db import insert_new, new_id, rows


def hold(db: Session, *, offer_id: UUID, team_id: UUID, product: str) -> None:
    """A team offered this: one place shows as being talked about. Twice for one offer and product is fine."""
    moment = time.now()
    row = {
        "id": new_id(),
        "offer_id": offer_id,
        "team_id": team_id,
        "product": product,
        "held_at": moment,
    }
    insert_new(db, CapacityHold, [row])


def release(db: Session, offer_id: UUID) -> None:
    """The offer is over: taken back, chosen or not chosen. Twice, or without a hold, is fine."""
    db.execute(
        update(CapacityHold)
        .where(CapacityHold.offer_id == offer_id, CapacityHold.released_at.is_(None))
        .values(released_at=time.now())
    )


# Everybody's first page asks this, so it is made once.
_HELD = (
    select(CapacityHold.team_id, CapacityHold.product, func.count())
    .where(CapacityHold.team_id.in_(bindparam("teams", expanding=True)), CapacityHold.released_at.is_(None))
    .group_by(CapacityHold.team_id, CapacityHold.product)
)


def held(db: Session, team_ids: Collection[UUID]) -> dict[tuple[UUID, str], int]:
    """How many places of these teams are being talked about, per team and product."""
    found = rows(db, _HELD, {"teams": team_ids})
    return {(team_id, product): count for team_id, product, count in found}
