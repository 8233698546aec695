"""What threads are about, and the rules of a message that need no database."""

from datetime import datetime, timedelta
from enum import StrEnum

from wijkapp.kit.words import mark

LONGEST = 2000
"""Characters in one message."""

LONGEST_SEARCH = 100
"""Characters one may search for."""

MOST_MENTIONS = 50
"""People one message may call by name; a page without scripts calls the first so many."""

EDITABLE = timedelta(minutes=5)
"""How long the author may still change a message."""

KEPT_AFTER_CLOSING = timedelta(days=30)
"""How long a thread is kept once what it is about is over; an agreement may say shorter."""

ASK_AGAIN = timedelta(minutes=5)
"""After so long without an acknowledgement a priority message rings again, and again."""


GRACE = timedelta(seconds=5)
"""So long a phone waits with ringing: who has the thread open has read it by then, and it stays silent."""

PER_MINUTE = 60
"""Messages of one person; nobody types faster."""


class Kind(StrEnum):
    WIJK = "wijk"  # everybody who works there
    REQUEST = "request"  # the asker and one provider, about one request
    DUTY = "duty"  # who hands over a duty and who takes it
    CONTACT = "contact"  # two organisations in one wijk: whoever is contact person now


QUICK_REPLIES: dict[Kind, tuple[str, str, str]] = {
    Kind.WIJK: (mark("Dat kan ik doen."), mark("Dat lukt ons niet."), mark("Dank je wel!")),
    Kind.REQUEST: (mark("Ik bel je zo."), mark("Dat is goed."), mark("Dat lukt ons niet.")),
    Kind.DUTY: (mark("Overgenomen."), mark("Ik bel je zo."), mark("Geen bijzonderheden.")),
    Kind.CONTACT: (mark("Ik bel je zo."), mark("Dat is goed."), mark("Daar kom ik op terug.")),
}
"""Three answers that are given often."""


def may_edit(said_at: datetime, moment: datetime) -> bool:
    """Is it still so short ago that nobody acted on it?"""
    return moment - said_at <= EDITABLE


def kept(agreed: timedelta) -> timedelta:
    """How long a closed thread is kept, when an agreement says so long."""
    return min(agreed, KEPT_AFTER_CLOSING)
