"""The one place to ask what a wijk agreed, and to agree on something else."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from wijkapp.agreements import rules
from wijkapp.agreements.models import TermsVersion
from wijkapp.agreements.rules import Terms


def terms_for(db: Session, wijk_id: UUID, moment: datetime) -> Terms:
    """The terms the providers of this wijk work by at this moment (UTC)."""
    return terms_of(db, [wijk_id], moment)[wijk_id]


# Everybody's first page asks this, so it is made once.
_AGREED = (
    select(TermsVersion.wijk_id, TermsVersion.clauses)
    .where(
        TermsVersion.wijk_id.in_(bindparam("wijken", expanding=True)),
        TermsVersion.valid_from <= bindparam("moment"),
    )
    .order_by(TermsVersion.valid_from, TermsVersion.id)  # the last one stands
)


def terms_of(db: Session, wijk_ids: Collection[UUID], moment: datetime) -> dict[UUID, Terms]:
    """The same for several wijken, in one question; one that agreed on nothing has the defaults."""
    rows = db.execute(_AGREED, {"wijken": wijk_ids, "moment": moment})
    agreed = {row.wijk_id: row.clauses for row in rows}
    return {wijk_id: agreed.get(wijk_id, rules.DEFAULTS) for wijk_id in wijk_ids}
