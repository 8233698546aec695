"""What the words of an event are made of: its sentence, its page, its channels and its haste."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from wijkapp.notify.models import Channel


class Haste(StrEnum):
    """How soon a push must wake the phone; RFC 8030 section 5.3."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


PUSH = frozenset({Channel.PUSH})
PUSH_ELSE_MAIL = frozenset({Channel.PUSH, Channel.MAIL})  # mail only to whom no push reached
LIVE_ONLY: frozenset[Channel] = frozenset()


@dataclass(frozen=True)
class Wording:
    """How one event is told. An open page hears of every event; `channels` are what comes on top of that.

    path  of the page it is about; {about} becomes the id
    ttl   how long a push service keeps it for a phone that is off
    """

    title: str
    sentence: str
    path: str
    channels: frozenset[Channel] = PUSH
    haste: Haste = Haste.NORMAL
    ttl: timedelta = timedelta(hours=24)
    one_device: bool = False  # `about` is the push subscription it is meant for

    def page(self, about_id: UUID) -> str:
        return self.path.format(about=about_id)
