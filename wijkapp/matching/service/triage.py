"""E-health first: what came of that question, kept to be counted. No request hangs on it, and no client."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from wijkapp.directory import service as directory
from wijkapp.kit import time
from wijkapp.kit.db import insert_new, new_id, transaction
from wijkapp.matching.ehealth import Share, Triage
from wijkapp.matching.models import EhealthTriage
from wijkapp.matching.rules import Ehealth
from wijkapp.people import access
from wijkapp.people.models import Account


def an_aid_is_enough(
    actor: Account, form_id: UUID, pc4: str, products: tuple[str, ...], aids: tuple[str, ...]
) -> None:
    """An aid does it: nobody is asked, and only that is kept. Raises UnknownPostcode."""
    access.require(actor, "matching.post")
    with transaction() as db:
        wijk = directory.known_wijk_of(db, pc4)
        note(db, actor, form_id, wijk.id, products, Triage(Ehealth.SUFFICIENT, None, aids))


def note(
    db: Session, actor: Account, form_id: UUID, wijk_id: UUID, products: tuple[str, ...], triage: Triage
) -> None:
    """Keep the answer that was given on this form; the last one when somebody thought again."""
    said = {
        "wijk_id": wijk_id,
        "decided_at": time.now(),
        "products": products,
        "outcome": triage.outcome,
        "reason": triage.reason,
        "aids": triage.aids,
    }
    key = {"organisation_id": actor.organisation_id, "form_id": form_id}
    insert_new(db, EhealthTriage, [{"id": new_id()} | key | said])
    db.execute(update(EhealthTriage).filter_by(**key).values(said))


def shares(db: Session, wijk_ids: Collection[UUID], since: datetime, until: datetime) -> dict[UUID, Share]:
    """Per wijk: how often an aid did a part of it, or all, between these moments. Without questions: none."""
    rows = db.execute(
        select(EhealthTriage.wijk_id, EhealthTriage.outcome, func.count())
        .where(
            EhealthTriage.wijk_id.in_(wijk_ids),
            EhealthTriage.decided_at >= since,
            EhealthTriage.decided_at < until,
        )
        .group_by(EhealthTriage.wijk_id, EhealthTriage.outcome)
    )
    counts: dict[UUID, dict[Ehealth, int]] = {}
    for wijk_id, outcome, number in rows:
        counts.setdefault(wijk_id, {})[outcome] = number
    return {
        wijk_id: Share(
            asked=sum(outcomes.values()),
            partly=outcomes.get(Ehealth.PARTLY, 0),
            enough=outcomes.get(Ehealth.SUFFICIENT, 0),
        )
        for wijk_id, outcomes in counts.items()
    }
