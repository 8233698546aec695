"""Where each wijk stands with its agreements, for the rooms that show a region."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from wijkapp.agreements.register import Kind, Phase


@dataclass(frozen=True)
class Standing:
    """The agreement of one wijk that is furthest.

    kind     what it is about
    phase    how far it is
    parties  how many organisations take part
    signed   since when it is signed by all; None: not yet
    until    its last day; None: until further notice
    """

    agreement_id: UUID
    kind: Kind
    phase: Phase
    parties: int
    signed: date | None
    until: date | None


def standing_per_wijk(db: Session, wijk_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """The agreement that is furthest per wijk; a wijk without one is not in it."""
    return {}
