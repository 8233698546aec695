"""A team that takes nobody for a while: closed for a holiday, or stopped until it expects to go on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.capacity.models import CapacityPause
from wijkapp.capacity.rules import PauseKind, PauseReason


@dataclass(frozen=True, slots=True)
class Pause:
    """One pause as it stands. until_on: last day; of a stop: as they expect it."""

    id: UUID
    team_id: UUID
    kind: PauseKind
    reason: PauseReason
    from_on: date
    until_on: date


_COLUMNS = tuple(getattr(CapacityPause, name) for name in Pause.__slots__)


def pauses(db: Session, team_ids: Collection[UUID], day: date) -> dict[UUID, Pause]:
    """Which of these teams take nobody on this day; of several pauses the one that lasts longest."""
    standing = (
        select(*_COLUMNS)
        .where(
            CapacityPause.team_id.in_(team_ids),
            CapacityPause.from_on <= day,
            CapacityPause.until_on >= day,
            CapacityPause.ended_at.is_(None),
        )
        .order_by(CapacityPause.until_on, CapacityPause.id)
    )
    return {row.team_id: Pause(*row) for row in db.execute(standing)}
