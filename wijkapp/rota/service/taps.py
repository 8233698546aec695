"""One tap on a lock screen or in a mail, without logging in: I am here, I stand in, your messages arrive.

The ticket says who taps, for which duty and what. Whether that still may be is asked anew each time.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from wijkapp.kit import tickets, time
from wijkapp.kit.db import reading
from wijkapp.kit.tickets import NoTicket
from wijkapp.people.models import Account
from wijkapp.rota.checkin import MISSED, Tap
from wijkapp.rota.models import Duty
from wijkapp.rota.rules import Line
from wijkapp.rota.service import check_in, holding, reach
from wijkapp.rota.service.who import account_of, backups, published

BUTTON, LINK = "rota-button", "rota-link"
"""What a ticket is for: a button of a notification, or the page behind a mail."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """What one tap did, and for whom."""

    tap: Tap
    language: str  # of whoever tapped
    until: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What is behind a mail. open: it may still be answered."""

    tap: Tap
    duty: Duty
    open: bool


def button_ticket(duty: Duty, account_id: UUID, tap: Tap) -> str:
    """The ticket of a button on one person's phone; good until the duty ends."""
    return tickets.write(BUTTON, (duty.id.hex, account_id.hex, tap.value), duty.ends_at)


def link_ticket(duty: Duty, account_id: UUID, tap: Tap) -> str:
    """The ticket in one person's mail."""
    return tickets.write(LINK, (duty.id.hex, account_id.hex, tap.value), duty.ends_at)


def tap_button(ticket: str) -> Tapped:
    """Do what the button said. Raises NoTicket, TicketIsOver, and what the deed itself refuses."""
    return _do(*_read(BUTTON, ticket))


def tap_link(ticket: str) -> Tapped:
    """Do what the page behind the mail asks. Raises as `tap_button`."""
    return _do(*_read(LINK, ticket))


def behind_link(ticket: str) -> tuple[Asked, Account]:
    """What the page behind the mail shows, and to whom; changes nothing. Raises as `tap_button`."""
    duty_id, account_id, tap = _read(LINK, ticket)
    with reading() as db:
        duty, account = published(db, duty_id), db.get(Account, account_id)
        if duty is None or account is None:
            raise NoTicket
        return Asked(tap, duty, _is_open(db, duty, account_id, tap)), account


def question(duty_id: UUID, account_id: UUID, tap: Tap) -> Duty | None:
    """The duty this person is asked about; None when nobody need answer any more."""
    with reading() as db:
        duty = published(db, duty_id)
        return duty if duty and _is_open(db, duty, account_id, tap) else None


def _read(purpose: str, ticket: str) -> tuple[UUID, UUID, Tap]:
    duty_id, account_id, tap = tickets.read(purpose, ticket, time.now())
    return UUID(duty_id), UUID(account_id), Tap(tap)


def _do(duty_id: UUID, account_id: UUID, tap: Tap) -> Tapped:
    with reading() as db:
        duty, account = published(db, duty_id), db.get(Account, account_id)
    if duty is None or account is None:
        raise NoTicket
    if tap is Tap.REACHED:
        reach.reached(account, duty_id)
    else:
        deed = check_in.come if tap is Tap.HERE else check_in.stand_in
        deed(account, duty_id)
    return Tapped(tap, account.language, duty.ends_at)


def _is_open(db: Session, duty: Duty, account_id: UUID, tap: Tap) -> bool:
    moment = time.now()
    if duty.ends_at <= moment:
        return False
    if tap is Tap.STEP_IN:
        hold = holding.last_hold(db, duty.id)
        missing = hold is not None and hold.checked_in_at is None and hold.step in MISSED
        return missing and account_id in dict(backups(db, duty, moment))
    if account_of(db, duty.member_id) != account_id:
        return False
    if tap is Tap.REACHED:
        known = reach.of_duty(db, duty)
        return known is not None and known.reached_at is None
    hold = holding.last_hold(db, duty.id)
    return hold is not None and hold.checked_in_at is None and duty.line is Line.MAIN
