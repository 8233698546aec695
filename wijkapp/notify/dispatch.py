"""The dispatcher: takes what is due from the outbox and tells each person by socket, push or mail.

At least once, each person apart: whoever cannot be reached now is tried again later and holds up nobody else.
One runs in every `wijkapp serve`; they share the work by leases, so a killed one's is taken over.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from functools import partial
from time import sleep
from typing import Any

import structlog
from flask import Flask

from wijkapp.kit import catalogues, crypto, outbox, time
from wijkapp.kit.config import Settings
from wijkapp.kit.db import reading
from wijkapp.kit.letters import Letter, files_of, words_of
from wijkapp.kit.outbox import Event, Queued
from wijkapp.kit.words import gettext as _
from wijkapp.notify import asking, service, sockets, wording
from wijkapp.notify.asking import QUESTIONS
from wijkapp.notify.lanes import Lanes
from wijkapp.notify.ledger import Entry, Ledger
from wijkapp.notify.letters import LETTERS
from wijkapp.notify.mail import Mail
from wijkapp.notify.push import Message, Pusher
from wijkapp.notify.saying import Wording
from wijkapp.notify.service import Person
from wijkapp.notify.telling import MAIL_LANE, Telling, WaysOut, send_letter
from wijkapp.notify.wording import WORDINGS

log = structlog.get_logger()

POLL = 2.0  # seconds between looks for what other processes stored
LAST_WORDS = 5.0  # seconds that stopping may take
BREATH = 0.002  # seconds: lets the open lines write what they were just given, before the slower roads begin


def start(app: Flask) -> "Dispatcher":
    """Tell people from now on, in the background of this process; look after the live line as well."""
    dispatcher = Dispatcher(app.config["SETTINGS"], app.app_context)
    dispatcher.start()
    threading.Thread(target=sockets.look_after, args=(dispatcher.stopping.wait,), daemon=True).start()
    return dispatcher


class Dispatcher:
    """Tells people what the outbox holds, until stopped.

    context    in which words get their language, such as `app.app_context`
    tell_live  tells open pages
    """

    def __init__(
        self,
        settings: Settings,
        context: Callable[[], AbstractContextManager[Any]] = nullcontext,
        tell_live: Callable[[Sequence[Event]], None] = sockets.tell,
    ) -> None:
        self.settings, self.context, self.tell_live = settings, context, tell_live
        self.ledger = Ledger()
        self.ways = WaysOut(settings, Pusher(settings), Lanes(), self.ledger, struggling=set())
        self.stopping = threading.Event()
        self.threads: list[threading.Thread] = []

    def start(self) -> None:
        """Work in two threads: one tells, one writes down."""
        for work in (self.run, partial(self.ledger.keep, self.stopping.is_set)):
            thread = threading.Thread(target=work, daemon=True)
            self.threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Begin nothing new, and write down what is done. What is under way is taken over by its lease."""
        self.stopping.set()
        self.ways.lanes.close()
        outbox.bell.set()
        for thread in self.threads:
            thread.join(LAST_WORDS)

    def run(self) -> None:
        """Tell everybody, wait for news, and so on."""
        while not self.stopping.is_set():
            try:
                if not self.round():
                    self._wait()
            except Exception:
                # The database is away, perhaps. What is due stays due.
                log.exception("the dispatcher stumbled; it tries again")
                self.stopping.wait(POLL)

    def round(self) -> int:
        """Take one batch of what is due and set it on its way. Returns how much that was."""
        outbox.bell.clear()  # before we look: what is stored from now on rings again
        events: Sequence[Event] = outbox.claim()
        if events:
            self.tell_live(events)
            sleep(BREATH)
        letters: Sequence[Letter] = outbox.claim(kind=Letter) if _is_due(Letter) else []
        with self.context():
            self._tell(events)
            for letter in letters:
                self._send(letter)
        return len(events) + len(letters)

    def _wait(self) -> None:
        moment = time.now()
        with reading() as db:
            due = [due for kind in (Event, Letter) if (due := outbox.next_due(db, kind))]
        until_due = (min(due) - moment).total_seconds() if due else POLL
        if until_due > 0:
            outbox.bell.wait(timeout=min(until_due, POLL))

    def _tell(self, events: Sequence[Event]) -> None:
        people = service.people_to_tell(self.settings, {event.to_id for event in events})
        before = service.told_before({event.id for event in events if event.attempts > 1})
        for event in events:
            words, person = WORDINGS.get(event.name), people.get(event.to_id)
            if words is None:
                log.error("an event without words", event_name=event.name)
            if person is None or words is None or not words.channels:
                self.ledger.add(Entry(event))  # an open page is all, or this person left
                continue
            with catalogues.speaking(person.language):
                written = _asked(self.settings, event, words, person)
            if written is None:
                self.ledger.add(Entry(event))  # somebody answered already
                continue
            message, letter = written
            Telling(self.ways, event, words, message, letter).start(person.phones, before.get(event.id, {}))

    def _send(self, letter: Letter) -> None:
        try:
            words, files = words_of(letter), files_of(letter)
            with catalogues.speaking(words.get("language", "nl")):
                text = LETTERS[letter.name](words, self.settings.address)
        except (crypto.CannotOpen, KeyError):
            log.exception("a letter that cannot be written", letter_name=letter.name)
            self.ledger.add(Entry(letter))
            return
        mail = Mail(letter.to_address, text.subject, text.body, letter.id, files)
        self.ways.lanes.submit(MAIL_LANE, partial(send_letter, self.ways, letter, mail))


def _written(settings: Settings, event: Event, words: Wording, person: Person) -> tuple[Message, Mail]:
    """What this person reads, in the language in force."""
    page = words.page(event.about_id)
    title, sentence = str(words.title), str(words.sentence)
    message = Message(title, sentence, page, event.about_id, words.haste, words.ttl, person.language)
    subject, body = wording.mail(words, settings.address + page)
    return message, Mail(person.email, subject, body, event.id)


def _asked(settings: Settings, event: Event, words: Wording, person: Person) -> tuple[Message, Mail] | None:
    """The same, with buttons when it is a question; None when nobody need answer any more."""
    message, letter = _written(settings, event, words, person)
    if event.name not in QUESTIONS:
        return message, letter
    question = QUESTIONS[event.name](event)
    if question is None:
        return None
    text = asking.mail(question, settings.address)
    buttons = {
        "send_to": question.send_to,
        "buttons": [asdict(button) for button in question.buttons],
        "offline": _("Geen verbinding. Tik straks nog eens."),
        "arrived": question.arrived,
    }
    shown = replace(message, body=question.sentence, about=question.about, buttons=buttons)
    return shown, replace(letter, body=text)


def _is_due(kind: type[Queued]) -> bool:
    with reading() as db:
        due = outbox.next_due(db, kind)
    return due is not None and due <= time.now()
