"""What is asked on the lock screen itself, with a button per answer, or in a mail with a link to them.

A button carries a ticket (`kit.tickets`), so it works without a log in and without opening the app.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from wijkapp.capacity import rules as capacity_rules
from wijkapp.capacity import service as capacity
from wijkapp.capacity.wording import asked_in_words
from wijkapp.kit.db import reading
from wijkapp.kit.outbox import Event
from wijkapp.kit.words import gettext
from wijkapp.rota.checkin import Tap
from wijkapp.rota.duty_words import ASKED
from wijkapp.rota.service import taps


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
    invites  what a mail says above that link
    arrived  ticket that a phone posts by itself when the message is there; "": not asked
    """

    about: UUID
    sentence: str
    buttons: tuple[Button, ...]
    send_to: str
    link: str
    invites: str
    arrived: str = ""


def _figures(event: Event) -> Question | None:
    with reading() as db:
        asking = capacity.asking(db, event.about_id)
    if asking is None or asking.answered_by or not asking.lines:
        return None
    answers = {
        capacity_rules.Tap.CONFIRM: gettext("Klopt nog"),
        capacity_rules.Tap.FULL: gettext("Vol"),
    }
    return Question(
        about=asking.team.id,
        sentence=asked_in_words(asking),
        buttons=tuple(
            Button(tap.value, title, capacity.button_ticket(asking.id, event.to_id, tap))
            for tap, title in answers.items()
        ),
        send_to="/capaciteit/tik",
        link=f"/capaciteit/herinnering/{capacity.link_ticket(asking.id, event.to_id)}",
        invites=gettext("Klopt dit nog, of zijn jullie vol? Antwoord hier, inloggen hoeft niet:"),
    )


def _duty(tap: Tap) -> Callable[[Event], Question | None]:
    """One button: I am here, I stand in, this arrives. That it arrived a phone says by itself."""

    def question(event: Event) -> Question | None:
        duty = taps.question(event.about_id, event.to_id, tap)
        if duty is None:
            return None
        ticket = taps.button_ticket(duty, event.to_id, tap)
        asks = ASKED[tap]
        return Question(
            about=duty.id,
            sentence=str(asks.sentence),
            buttons=(Button(tap.value, str(asks.button), ticket),),
            send_to="/dienst/tik",
            link=f"/dienst/tik/{taps.link_ticket(duty, event.to_id, tap)}",
            invites=str(asks.invites),
            arrived=ticket if tap is Tap.REACHED else "",
        )

    return question


QUESTIONS: dict[str, Callable[[Event], Question | None]] = {
    "capacity.remind": _figures,
    "rota.be_there": _duty(Tap.HERE),
    "rota.step_in": _duty(Tap.STEP_IN),
    "rota.reach_test": _duty(Tap.REACHED),
}
"""Event -> what it asks; None when that was answered meanwhile, so that nobody need be told any more."""


def mail(question: Question, address: str) -> str:
    """The text of a mail that asks. address: of this installation."""
    return gettext(
        "%(sentence)s\n\n%(invites)s\n%(link)s\n\n"
        "De link is alleen voor jou en werkt maar even.\n"
        "Je krijgt deze mail omdat er geen apparaat is waar meldingen aankomen.",
        sentence=question.sentence,
        invites=question.invites,
        link=address + question.link,
    )
