"""What notify does by itself: forget what nobody needs any more."""

from datetime import timedelta

from sqlalchemy import delete

from wijkapp.kit import time
from wijkapp.kit.db import transaction
from wijkapp.kit.letters import Letter
from wijkapp.kit.outbox import Event
from wijkapp.notify.models import PostedMail, PushSubscription

TOLD_FOR = timedelta(days=90)
"""How long it can be shown who was told what, and when. What happened itself is kept by the rooms."""

MAIL_FOR = timedelta(days=30)
LETTER_FOR = timedelta(days=7)
RETIRED_FOR = timedelta(days=30)


def forget_old() -> None:
    """Throw away old news and its ledger, read mail, sent letters and subscriptions that ended."""
    moment = time.now()
    old = (
        delete(Event).where(Event.done_at < moment - TOLD_FOR),  # the ledger goes with it
        delete(PostedMail).where(PostedMail.posted_at < moment - MAIL_FOR),
        delete(Letter).where(Letter.done_at < moment - LETTER_FOR),
        delete(PushSubscription).where(PushSubscription.retired_at < moment - RETIRED_FOR),
    )
    for statement in old:
        with transaction() as db:
            db.execute(statement)
