"""Sends the paper of tonight, once each evening, to who has to help when nobody answers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from datetime import time as hour
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.kit import letters, time
from wijkapp.kit.db import insert_new, reading, transaction
from wijkapp.kit.letters import Attachment
from wijkapp.people.models import Account
from wijkapp.rota.models import NightSheet, Plan
from wijkapp.rota.service import sheet
from wijkapp.rota.service.sheet import Sheet

AT = hour(17)
"""On a clock in Amsterdam; after it as soon as can be."""


def due(db: Session, moment: datetime) -> Sequence[UUID]:
    """Regions with a rota for today whose paper did not go out yet; none before the evening."""
    here = time.local(moment)
    if here.time() < AT:
        return []
    day = here.date()
    sent = select(NightSheet.region_id).where(NightSheet.day == day)
    return db.scalars(
        select(Plan.region_id)
        .where(
            Plan.published_at.is_not(None),
            Plan.first_day <= day,
            Plan.last_day >= day,
            Plan.region_id.not_in(sent),
        )
        .distinct()
    ).all()


def send(region_id: UUID, moment: datetime, pdf: Callable[[Sheet, str], bytes]) -> bool:
    """Mail it to the coordinators. False when another clock just did. pdf: makes the paper, in a language."""
    with reading() as db:
        page = sheet.sheet_of(db, region_id, moment)
        people = db.execute(
            select(Account.email, Account.name, Account.language).where(
                Account.id.in_([one.account_id for one in page.coordinators])
            )
        ).all()
    day = time.local(moment).date()
    papers = {
        language: Attachment(f"dienst-{day}.pdf", "application/pdf", pdf(page, language))
        for language in {row.language for row in people}
    }
    with transaction() as db:
        if not insert_new(db, NightSheet, [{"region_id": region_id, "day": day, "sent_at": moment}]):
            return False
        for email, name, language in people:
            words = {"region": page.region, "name": name, "language": language}
            letters.post(db, "rota.night_sheet", email, words, [papers[language]])
    return True
