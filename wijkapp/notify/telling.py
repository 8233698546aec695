"""One thing on its way to one person: all phones at once, then mail when no phone took it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog

from wijkapp.kit import time
from wijkapp.kit.config import Settings
from wijkapp.kit.letters import Letter
from wijkapp.kit.outbox import Event, Queued
from wijkapp.notify import mail
from wijkapp.notify.lanes import Lanes
from wijkapp.notify.ledger import Entry, Ledger
from wijkapp.notify.mail import Mail
from wijkapp.notify.models import Channel, PostedMail
from wijkapp.notify.push import Message, Outcome, Pusher, Sent
from wijkapp.notify.rules import Address, is_hopeless, letter_is_hopeless
from wijkapp.notify.saying import Wording

log = structlog.get_logger()

MARGIN = timedelta(seconds=12)
"""Of the lease: what sending one message may take."""

MAIL_LANE = "mail"
SLOW = "slow "
"""Who failed last time waits with others who did, and never in front of those who are reached at once."""


@dataclass
class WaysOut:
    """Everything that leaves the house goes through here."""

    settings: Settings
    pusher: Pusher
    lanes: Lanes
    ledger: Ledger
    struggling: set[UUID]  # push subscriptions whose last try failed

    def post(self, letter: Mail, entry: Entry) -> Sent:
        """Mail, or the app's own post box: that is stored together with the entry."""
        if self.settings.smtp_host:
            return mail.send(self.settings, letter)
        goes_with = "".join(f"\n\n[{file.name}]" for file in letter.files)  # the post box keeps no files
        entry.posted = PostedMail(
            to_address=letter.to_address, subject=letter.subject, body=letter.body + goes_with
        )
        return Sent(Outcome.DELIVERED)


class Telling:
    """Tells one person of one event. `start` returns at once; the ledger hears how it went."""

    def __init__(self, ways: WaysOut, event: Event, wording: Wording, message: Message, letter: Mail) -> None:
        self.ways, self.event, self.wording, self.message, self.letter = ways, event, wording, message, letter
        self.entry = Entry(event)
        self.told = False  # by push or mail, now or at an earlier try
        self._lock = threading.Lock()
        self._left = 0

    def start(self, phones: dict[UUID, Address], before: dict[tuple[Channel, str], str]) -> None:
        """phones: the person's subscriptions. before: what the ledger has of this event."""
        self.told = Outcome.DELIVERED in before.values()
        still = {id: address for id, address in phones.items() if (Channel.PUSH, str(id)) not in before}
        if self.wording.one_device:
            still = {id: address for id, address in still.items() if id == self.event.about_id}
        self._left = len(still)
        for id, address in still.items():
            lane = SLOW + address.lane if id in self.ways.struggling else address.lane
            self.ways.lanes.submit(lane, partial(self._push, id, address))
        if not still:
            self._pushed()

    def _push(self, id: UUID, address: Address) -> None:
        sent = _attempt(self.event, lambda: self.ways.pusher.send(address, self.message))
        struggles = sent is not None and sent.outcome is Outcome.FAILED
        (self.ways.struggling.add if struggles else self.ways.struggling.discard)(id)
        with self._lock:
            self._note(Channel.PUSH, str(id), sent)
            self._left -= 1
            last = self._left == 0
        if last:
            self._pushed()

    def _pushed(self) -> None:
        """Every phone answered. Mail is for whom no phone took it."""
        if self.told or Channel.MAIL not in self.wording.channels or self.entry.lost:
            self._close()
        else:
            self.ways.lanes.submit(MAIL_LANE, self._mail)

    def _mail(self) -> None:
        sent = _attempt(self.event, lambda: self.ways.post(self.letter, self.entry))
        self._note(Channel.MAIL, "mail", sent)
        self._close()

    def _note(self, channel: Channel, target: str, sent: Sent | None) -> None:
        if sent is None:
            self.entry.lost = True
        elif sent.outcome is Outcome.FAILED:
            self.entry.again = True
            self.entry.wait = max(filter(None, (self.entry.wait, sent.wait)), default=None)
            log.info("not delivered yet", event_name=self.event.name, channel=channel, why=sent.why)
        else:
            self.entry.reached.append((channel, target, sent.outcome))
            self.told = self.told or sent.outcome is Outcome.DELIVERED
            if sent.outcome is not Outcome.DELIVERED:
                log.info("will not be delivered", event_name=self.event.name, channel=channel, why=sent.why)

    def _close(self) -> None:
        by_mail = any(channel is Channel.MAIL for channel, _target, _outcome in self.entry.reached)
        if by_mail and self.told:
            self.entry.again = False  # the mail made up for the phone that did not answer
        if self.entry.again and is_hopeless(self.event.happened_at, time.now()):
            log.warning("gave up telling somebody", event_name=self.event.name)
            self.entry.again = False
            self.entry.reached.append((Channel.PUSH, "all", "given_up"))
        self.ways.ledger.add(self.entry)


def send_letter(ways: WaysOut, letter: Letter, written: Mail) -> None:
    """Send one letter to one address; the ledger hears how it went."""
    entry = Entry(letter)
    sent = _attempt(letter, lambda: ways.post(written, entry))
    entry.lost = sent is None
    if sent and sent.outcome is Outcome.FAILED:
        entry.again = not letter_is_hopeless(letter.attempts)
        log.warning("a letter did not go", letter_name=letter.name, why=sent.why, again=entry.again)
    ways.ledger.add(entry)


def _attempt(row: Queued, send: Callable[[], Sent]) -> Sent | None:
    """Send, unless too little is left of the lease: another dispatcher may take it over, so that is None."""
    if time.now() > row.try_at - MARGIN:
        return None
    try:
        return send()
    except Exception:
        log.exception("sending broke off")
        return Sent(Outcome.FAILED, "broke off")
