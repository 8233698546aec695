"""The one place to ask what a wijk agreed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from wijkapp.agreements.rules import DEFAULTS, Terms


def terms_for(db: Session, wijk_id: UUID, moment: datetime) -> Terms:
    """The terms the providers of this wijk work by at this moment (UTC).

    No wijk can agree on other terms yet, so the documented defaults hold everywhere.
    """
    return DEFAULTS
