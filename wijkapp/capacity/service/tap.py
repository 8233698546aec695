"""Answering a reminder with one tap, from the lock screen or a mail, without logging in.

Who holds the ticket may do this one thing for one reminder and no more. Whether that person still works
here is asked anew each time, and the first answer of a team counts.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.capacity.models import Capacity, CapacityAsk
from wijkapp.capacity.rules import Change, Tap
from wijkapp.capacity.service.place import note, tell
from wijkapp.capacity.service.remind import REMIND, Asking, asking, unchanged
from wijkapp.directory.models import Team
from wijkapp.directory.service import contacts_for
from wijkapp.kit import outbox, tickets, time
from wijkapp.kit.db import changed, reading, transaction
from wijkapp.kit.errors import Refused
from wijkapp.kit.tickets import NoTicket
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account

BUTTON, LINK = "capacity-button", "capacity-link"
"""What a ticket is for: one answer by a button of a notification, or the page behind a mail."""

BUTTON_WORKS, LINK_WORKS = timedelta(hours=12), timedelta(days=3)


class SomebodyWasFirst(Refused):
    """A colleague answered this reminder already."""


class NothingLeftToTap(Refused):
    """Every figure was confirmed or changed since the reminder, so it is about nothing any more."""

    sentence = _("Jullie cijfers zijn na deze herinnering al bevestigd of aangepast. Er hoeft niets meer.")


@dataclass(frozen=True, slots=True)
class Tapped:
    """What one tap did."""

    tap: Tap
    language: str  # of whoever tapped
    figures: int


def button_ticket(ask_id: UUID, account_id: UUID, tap: Tap) -> str:
    """The ticket of one button on one person's phone."""
    return tickets.write(BUTTON, (ask_id.hex, account_id.hex, tap.value), time.now() + BUTTON_WORKS)


def link_ticket(ask_id: UUID, account_id: UUID) -> str:
    """The ticket in one person's mail. What is answered is chosen on the page behind it."""
    return tickets.write(LINK, (ask_id.hex, account_id.hex), time.now() + LINK_WORKS)


def tap_button(ticket: str) -> Tapped:
    """Do what the button said.

    Raises NoTicket, TicketIsOver, SomebodyWasFirst, NothingLeftToTap, NotAllowed.
    """
    ask_id, account_id, tap = tickets.read(BUTTON, ticket, time.now())
    return _answer(UUID(ask_id), UUID(account_id), Tap(tap))


def tap_link(ticket: str, tap: Tap) -> Tapped:
    """Do what was chosen on the page behind the mail. Raises as `tap_button`."""
    ask_id, account_id = tickets.read(LINK, ticket, time.now())
    return _answer(UUID(ask_id), UUID(account_id), tap)


def behind_link(ticket: str) -> tuple[Asking, Account]:
    """What the page behind the mail shows, and to whom; changes nothing. Raises as `tap_button`."""
    ask_id, account_id = tickets.read(LINK, ticket, time.now())
    with reading() as db:
        asked = asking(db, UUID(ask_id))
        account = db.get(Account, UUID(account_id))
        if asked is None or account is None:
            raise NoTicket
        access.require(account, "capacity.publish", organisation_id=asked.team.organisation_id)
        return asked, account


def _answer(ask_id: UUID, account_id: UUID, tap: Tap) -> Tapped:
    with transaction() as db:
        ask, account = db.get(CapacityAsk, ask_id), db.get(Account, account_id)
        if ask is None or account is None:
            raise NoTicket
        team = db.get_one(Team, ask.team_id)
        access.require(account, "capacity.publish", organisation_id=team.organisation_id)
        figures = unchanged(db, ask, team)
        if not _claim(db, ask, account, tap):
            return _again(db, ask, account, tap)
        if not figures:
            raise NothingLeftToTap
        for one in figures:
            (_confirm if tap is Tap.CONFIRM or one.full else _fill)(db, one, account)
        _others_need_not(db, ask, team)
        return Tapped(tap, account.language, len(figures))


def _claim(db: Session, ask: CapacityAsk, account: Account, tap: Tap) -> bool:
    claimed = changed(
        db,
        update(CapacityAsk)
        .where(CapacityAsk.id == ask.id, CapacityAsk.tapped_at.is_(None))
        .values(tap=tap, tapped_at=time.now(), tapped_by_id=account.id),
    )
    return claimed == 1


def _again(db: Session, ask: CapacityAsk, account: Account, tap: Tap) -> Tapped:
    """A phone that did not hear the answer taps again: that is fine. Anything else came too late."""
    db.refresh(ask)
    if ask.tapped_by_id == account.id and ask.tap is tap:
        return Tapped(tap, account.language, len(ask.figures))
    name = db.scalars(select(Account.name).where(Account.id == ask.tapped_by_id)).one()
    if ask.tapped_by_id == account.id:
        raise SomebodyWasFirst(gettext("Je hebt dit al beantwoord. Open wijkapp om iets te wijzigen."))
    raise SomebodyWasFirst(gettext("%(name)s heeft dit al gedaan.", name=name.split()[0]))


def _confirm(db: Session, figure: Capacity, account: Account) -> None:
    _set(db, figure, account, Change.CONFIRMED, {})


def _fill(db: Session, figure: Capacity, account: Account) -> None:
    _set(db, figure, account, Change.PUBLISHED, {"full": True, "version": figure.version + 1})


def _set(db: Session, figure: Capacity, account: Account, what: Change, values: dict[str, object]) -> None:
    moment = time.now()
    done = changed(
        db,
        update(Capacity)
        .where(Capacity.id == figure.id, Capacity.version == figure.version)
        .values(confirmed_at=moment, confirmed_by_id=account.id, **values),
    )
    if done:  # not when a placement took from it just now: that is newer
        note(db, figure.id, what, moment, account.id)
        tell(db, figure.id, moment)


def _others_need_not(db: Session, ask: CapacityAsk, team: Team) -> None:
    """Colleagues who were asked too and are left alone until their quiet hours end, need not hear it then."""
    contacts = contacts_for(db, team.organisation_id, team.wijk_id, time.today())
    outbox.take_back(db, [REMIND], about=ask.id, to=[one.id for one in contacts])
