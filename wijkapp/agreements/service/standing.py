"""Where each wijk stands with its agreements, for the rooms that show a region."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from wijkapp.agreements.models import Agreement, AgreementWijk, Party
from wijkapp.agreements.phases import ORDER
from wijkapp.agreements.register import Kind, Path, Phase
from wijkapp.kit import time


@dataclass(frozen=True)
class Standing:
    """The agreement of one wijk that is furthest.

    kind     what it is about
    path     the light route or the full one
    phase    how far it is
    parties  how many organisations take part
    signed   since when it is signed by all; None: not yet
    until    its last day; None: until further notice
    """

    agreement_id: UUID
    kind: Kind
    path: Path
    phase: Phase
    parties: int
    signed: date | None
    until: date | None


def standing_per_wijk(
    db: Session, wijk_ids: Collection[UUID], kind: Kind | None = None
) -> dict[UUID, Standing]:
    """The agreement that is furthest per wijk, of this kind or of any; a wijk without one is not in it."""
    found = db.execute(
        select(AgreementWijk.wijk_id, Agreement)
        .join(Agreement, Agreement.id == AgreementWijk.agreement_id)
        .options(selectinload(Agreement.parties).selectinload(Party.signatories))
        .where(
            AgreementWijk.wijk_id.in_(wijk_ids),
            Agreement.phase != Phase.ENDED,
            or_(Agreement.valid_until.is_(None), Agreement.valid_until >= time.today()),
            *([Agreement.kind == kind] if kind else []),
        )
        .order_by(Agreement.id)
    )
    best: dict[UUID, Standing] = {}
    for wijk_id, agreement in found:
        one = standing_of(agreement)
        if wijk_id not in best or _rank(one) > _rank(best[wijk_id]):
            best[wijk_id] = one
    return best


def _rank(standing: Standing) -> tuple[int, bool, bool]:
    """Further, signed, and on an equal footing the one about home care in the wijk itself."""
    return ORDER.index(standing.phase), standing.signed is not None, standing.kind is Kind.WIJK


def standing_of(agreement: Agreement) -> Standing:
    """The same of one agreement, its parties and signatories loaded."""
    parties = agreement.taking_part
    days = [party.signed_on for party in parties]
    return Standing(
        agreement_id=agreement.id,
        kind=agreement.kind,
        path=agreement.path,
        phase=agreement.phase,
        parties=len(parties),
        signed=max((day for day in days if day), default=None) if all(days) else None,
        until=agreement.valid_until,
    )
