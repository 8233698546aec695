"""What threads are about, and the rules of a message that need no database."""

from datetime import datetime, timedelta
from enum import StrEnum

LONGEST = 2000
"""Characters in one message."""

EDITABLE = timedelta(minutes=5)
"""How long the author may still change a message."""

KEPT_AFTER_CLOSING = timedelta(days=30)
"""How long a thread is kept once what it is about is over; an agreement may say shorter."""

ASK_AGAIN = timedelta(minutes=5)
"""After so long without an acknowledgement a priority message rings again, and again."""


class Kind(StrEnum):
    WIJK = "wijk"  # everybody who works there
    REQUEST = "request"  # the asker and one provider, about one request
    DUTY = "duty"  # who hands over a duty and who takes it
    CONTACT = "contact"  # two organisations in one wijk: whoever is contact person now


def may_edit(said_at: datetime, moment: datetime) -> bool:
    """Is it still so short ago that nobody acted on it?"""
    return moment - said_at <= EDITABLE
