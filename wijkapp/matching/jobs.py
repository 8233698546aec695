"""What the clock does here: chase requests whose answering term is over."""

from uuid import UUID

import structlog
from sqlalchemy import select, update

from wijkapp.kit import outbox, time
from wijkapp.kit.db import changed, reading, transaction
from wijkapp.matching.models import CareRequest
from wijkapp.matching.rules import RequestStatus
from wijkapp.matching.service.post import ask_wider
from wijkapp.matching.service.steps import coordinators_of, to_askers

log = structlog.get_logger()

MOST = 100  # per tick; the rest is still due at the next one


def escalate_due() -> int:
    """Each request whose term is over gets its next step, once, whatever crashes. Returns how many."""
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
            _escalate(request_id)
        except Exception:
            # The others must not wait for one that fails; it is still due at the next tick.
            log.exception("a request could not be chased", request=str(request_id))
    return len(due)


def _escalate(request_id: UUID) -> None:
    """Ask the next round; after the last one tell the wijkregisseur and the asker that nobody could help."""
    moment = time.now()
    with transaction() as db:
        claimed = changed(
            db,
            update(CareRequest)
            .where(CareRequest.id == request_id, CareRequest.escalate_at <= moment)
            .values(escalate_at=None),
        )
        if claimed != 1:  # another clock was first, or an answer came
            return
        request = db.get_one(CareRequest, request_id)
        if request.status is not RequestStatus.OPEN:
            to_askers(db, request, "matching.choice_waits")  # no need to ask wider
            return
        if not ask_wider(db, request, moment):
            outbox.record(
                db, "matching.unanswered", about=request.id, to=coordinators_of(db, request.wijk_id)
            )
            to_askers(db, request, "matching.unanswered")
