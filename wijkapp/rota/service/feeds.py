"""Calendars of duties: of one person, of an organisation, of a region."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.words import gettext as _
from wijkapp.people.models import Account, Organisation
from wijkapp.rota.ical import Entry, calendar
from wijkapp.rota.models import Duty, DutyHold, Member
from wijkapp.rota.on_duty import Held, Person, Turn, held_at, spans
from wijkapp.rota.rules import AddressKind, Line
from wijkapp.rota.service import addresses, on_duty
from wijkapp.rota.service.addresses import CALENDARS, Opened

BACK = timedelta(days=31)
AHEAD = timedelta(days=400)


@dataclass(frozen=True)
class Feed:
    """A calendar as a file."""

    name: str
    body: bytes


def feed(secret: str, page: str, speaking: Callable[[str], AbstractContextManager[None]]) -> Feed:
    """The calendar behind an address. Raises NoAddress.

    page      address of a duty's page, with {duty} in it
    speaking  says it in a language: of whose duties they are, whatever program asks. Of many people: Dutch
    """
    with reading() as db:
        to = addresses.opened(db, secret, CALENDARS)
        own = db.get(Account, to.account_id) if to.kind is AddressKind.PERSON else None
        with speaking(own.language if own else "nl"):
            name = _name(db, to)
            return Feed(name, calendar(name, entries(db, to, time.now(), page)))


def entries(db: Session, to: Opened, moment: datetime, page: str) -> list[Entry]:
    """What stands in the calendar of this address at this moment; what is not theirs any more, cancelled."""
    turns = on_duty.turns(db, Duty.ends_at > moment - BACK, Duty.starts_at < moment + AHEAD, _is_about(to))
    return [_entry(to, one, page.format(duty=one.duty_id)) for one in turns]


def _is_about(to: Opened) -> ColumnElement[bool]:
    """The duties that somebody of them had at any time."""
    if to.kind is AddressKind.REGION:
        return Duty.region_id == to.region_id
    held = select(DutyHold.duty_id).join(Member, Member.id == DutyHold.member_id)
    if to.kind is AddressKind.PERSON:
        return Duty.id.in_(held.where(Member.account_id == to.account_id))
    of_organisation = Account.organisation_id == to.organisation_id
    theirs = held.join(Account, Account.id == Member.account_id).where(of_organisation)
    return (Duty.region_id == to.region_id) & Duty.id.in_(theirs)


def _entry(to: Opened, turn: Turn, address: str) -> Entry:
    spans = _theirs(to, turn)
    starts_at, ends_at = (spans[0][0], spans[-1][1]) if spans else (turn.starts_at, turn.ends_at)
    return Entry(
        duty_id=turn.duty_id,
        sequence=turn.sequence,
        changed=max(one.made_at for one in turn.holds),
        starts_at=starts_at,
        ends_at=ends_at,
        title=_title(to, turn),
        says=_says(turn),
        address=address,
        cancelled=not spans,
    )


def _theirs(to: Opened, turn: Turn) -> list[tuple[datetime, datetime]]:
    """From when until when it was or is theirs; a duty that was taken over while it ran is so in part."""
    return [(since, until) for held, since, until in spans(turn) if _is_theirs(to, held)]


def _is_theirs(to: Opened, held: Held) -> bool:
    if to.kind is AddressKind.REGION:
        return True
    if held.person is None:
        return False
    if to.kind is AddressKind.PERSON:
        return held.person.account_id == to.account_id
    return held.person.organisation_id == to.organisation_id


def _title(to: Opened, turn: Turn) -> str:
    block = _(turn.name)
    what = (
        _("Achterwacht %(block)s", block=block)
        if turn.line is Line.BACKUP
        else _("Dienst %(block)s", block=block)
    )
    if to.kind is AddressKind.PERSON:
        return what
    person = _person(turn)
    return f"{what}: {person.name}" if person else _("NIEMAND: %(what)s", what=what)


def _says(turn: Turn) -> str:
    """No numbers: a calendar goes to whoever keeps it for somebody. Those are behind the link."""
    person = _person(turn)
    if person is None:
        return _("Niemand heeft deze dienst.")
    return _("%(name)s, %(organisation)s", name=person.name, organisation=person.organisation)


def _person(turn: Turn) -> Person | None:
    held = held_at(turn, turn.ends_at - timedelta(seconds=1))
    return held.person if held and held.person and held.person.active else None


def _name(db: Session, to: Opened) -> str:
    region = db.get_one(Region, to.region_id).name
    if to.kind is AddressKind.PERSON:
        return _("Mijn diensten")
    if to.kind is AddressKind.ORGANISATION:
        return _("Diensten %(who)s", who=db.get_one(Organisation, to.organisation_id).name)
    return _("Diensten %(who)s", who=region)
