"""What is asked on the lock screen itself, with a button per answer, or in a mail with a link to them.

A button carries a ticket (`kit.tickets`), so it works without a log in and without opening the app.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from wijkapp.capacity import service as capacity
from wijkapp.capacity.rules import Tap
from wijkapp.capacity.wording import asked_in_words
from wijkapp.kit.db import reading
from wijkapp.kit.outbox import Event
from wijkapp.kit.words import gettext


@dataclass(frozen=True)
class Button:
    """One answer. action: its name for the service worker; ticket: what it may do."""

    action: str
    title: str
    ticket: str


@dataclass(frozen=True)
class Question:
    """What one person is asked, in the language in force.

    about    a later question about the same takes its place on a phone
    send_to  path that the service worker posts a ticket to
    link     path of the page with the same answers, for a mail
    """

    about: UUID
    sentence: str
    buttons: tuple[Button, ...]
    send_to: str
    link: str


def _figures(event: Event) -> Question | None:
    with reading() as db:
        asking = capacity.asking(db, event.about_id)
    if asking is None or asking.answered_by or not asking.lines:
        return None
    answers = {Tap.CONFIRM: gettext("Klopt nog"), Tap.FULL: gettext("Vol")}
    return Question(
        about=asking.team.id,
        sentence=asked_in_words(asking),
        buttons=tuple(
            Button(tap.value, title, capacity.button_ticket(asking.id, event.to_id, tap))
            for tap, title in answers.items()
        ),
        send_to="/capaciteit/tik",
        link=f"/capaciteit/herinnering/{capacity.link_ticket(asking.id, event.to_id)}",
    )


QUESTIONS: dict[str, Callable[[Event], Question | None]] = {"capacity.remind": _figures}
"""Event -> what it asks; None when that was answered meanwhile, so that nobody need be told any more."""


def mail(sentence: str, link: str) -> str:
    """The text of a mail that asks."""
    return gettext(
        "%(sentence)s\n\nKlopt dit nog, of zijn jullie vol? Antwoord hier, inloggen hoeft niet:\n%(link)s\n\n"
        "De link werkt drie dagen en is alleen voor jou.\n"
        "Je krijgt deze mail omdat er geen apparaat is waar meldingen aankomen.",
        sentence=sentence,
        link=link,
    )
