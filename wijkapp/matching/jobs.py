"""What the clock does here: chase requests for which something is due."""

import structlog
from sqlalchemy import select

from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.matching.models import CareRequest
from wijkapp.matching.rules import RequestStatus
from wijkapp.matching.service.climb import climb
from wijkapp.matching.service.nothing import tell_when_open, waiting_for_a_place

log = structlog.get_logger()

MOST = 100  # per tick; the rest is still due at the next one


def tell_of_places() -> int:
    """Whoever wants to hear of the first place that opens, hears it; once. Gives how many."""
    with reading() as db:
        watches = waiting_for_a_place(db, MOST)
    told = 0
    for watch_id in watches:
        try:
            told += tell_when_open(watch_id)
        except Exception:
            # The others must not wait for one that fails.
            log.exception("a watch for a place failed", watch=str(watch_id))
    return told


def escalate_due() -> int:
    """Each request for which something is due gets its next step, once, whatever crashes. Gives how many."""
    moment = time.now()
    with reading() as db:
        due = db.scalars(
            select(CareRequest.id)
            .where(
                CareRequest.escalate_at <= moment,
                CareRequest.status.in_((RequestStatus.OPEN, RequestStatus.OFFERED)),
            )
            .order_by(CareRequest.escalate_at)
            .limit(MOST)
        ).all()
    for request_id in due:
        try:
            climb(request_id)
        except Exception:
            # The others must not wait for one that fails; it is still due at the next tick.
            log.exception("a request could not be chased", request=str(request_id))
    return len(due)
