"""Who takes part in a thread now. No list is kept: it follows from who works where and has which duty.

WIJK     everybody who may chat, of each organisation with a team there, and the wijkregisseurs of its region
REQUEST  everybody who may chat, of the organisations that are party; DUTY too
CONTACT  of both organisations whoever is contact person or deputy in the wijk now; where nobody who may chat
         is appointed (a practice, somebody on their own), everybody who may
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, union
from sqlalchemy.orm import Session

from wijkapp.chat.models import Reader, Thread, ThreadParty
from wijkapp.chat.rules import Kind
from wijkapp.directory.models import ContactPerson, RegionOrganisation, Team, Wijk
from wijkapp.kit import time
from wijkapp.kit.db import insert_new
from wijkapp.kit.errors import NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import Role

CHATTERS = access.PERMISSIONS["chat.use"].roles

Inbox = dict[UUID, set[UUID]]
"""Organisation -> the accounts there that hear of a message."""


# --- what one person sees


def visible(actor: Account, day: date) -> ColumnElement[bool]:
    """The stored threads this person takes part in on a day."""
    party = Thread.id.in_(
        select(ThreadParty.thread_id).where(ThreadParty.organisation_id == actor.organisation_id)
    )
    return or_(
        and_(Thread.kind == Kind.WIJK, Thread.wijk_id.in_(wijken_of(actor))),
        and_(Thread.kind.in_((Kind.REQUEST, Kind.DUTY)), party),
        and_(Thread.kind == Kind.CONTACT, party, speaks_in(actor, Thread.wijk_id, day)),
    )


def wijken_of(actor: Account) -> Select[UUID]:
    """The wijken whose thread this person is in."""
    staffed = select(Team.wijk_id).where(Team.active)
    works = Wijk.id.in_(staffed.where(Team.organisation_id == actor.organisation_id))
    regions = select(RegionOrganisation.region_id).where(
        RegionOrganisation.organisation_id == actor.organisation_id
    )
    oversees: ColumnElement[bool] = false()
    if Role.COORDINATOR in actor.role_set:
        oversees = and_(Wijk.region_id.in_(regions), Wijk.id.in_(staffed))
    return select(Wijk.id).where(or_(works, oversees))


def speaks_in(actor: Account, wijk_id: Any, day: date) -> ColumnElement[bool]:
    """Does this person speak for the own organisation in this wijk?"""
    own = _appointed(day).where(ContactPerson.organisation_id == actor.organisation_id)
    wijken = own.with_only_columns(ContactPerson.wijk_id)
    return or_(wijk_id.in_(wijken.where(ContactPerson.account_id == actor.id)), wijk_id.not_in(wijken))


def _appointed(day: date) -> Select[UUID]:
    """Contact persons and deputies of a day who work there still and may chat: their accounts."""
    return (
        select(ContactPerson.account_id)
        .join(Account, Account.id == ContactPerson.account_id)
        .where(
            ContactPerson.valid_from <= day,
            ContactPerson.valid_until.is_(None) | (ContactPerson.valid_until >= day),
            Account.organisation_id == ContactPerson.organisation_id,
            _may_chat(),
        )
    )


def _may_chat() -> ColumnElement[bool]:
    holders = select(AccountRole.account_id).where(AccountRole.role.in_(CHATTERS))
    return and_(Account.active, Account.id.in_(holders))


def thread_of(db: Session, actor: Account, thread_id: UUID) -> Thread:
    """A thread this person takes part in. Raises NotFound, also when it is others'.

    The thread of a wijk is there before anybody said something in it; then it is not stored yet.
    """
    access.require(actor, "chat.use")
    found = db.scalar(select(Thread).where(Thread.id == thread_id, visible(actor, time.today())))
    if found is not None:
        return found
    wijk = db.scalar(select(Wijk).where(Wijk.id == thread_id, Wijk.id.in_(wijken_of(actor))))
    if wijk is None:
        raise NotFound(str(_("Dit gesprek is er niet (meer), of je doet er niet aan mee.")))
    return empty(wijk.id)


def empty(wijk_id: UUID) -> Thread:
    """The thread of a wijk where nothing was said yet."""
    return Thread(id=wijk_id, kind=Kind.WIJK, wijk_id=wijk_id, last_seq=0, opened_at=time.now())


def stored(db: Session, thread: Thread) -> None:
    """Something happens in it: store a thread that is not there yet. Two at once store it once."""
    if thread not in db:
        insert_new(
            db,
            Thread,
            [
                {
                    "id": thread.id,
                    "kind": thread.kind,
                    "wijk_id": thread.wijk_id,
                    "last_seq": 0,
                    "opened_at": thread.opened_at,
                }
            ],
        )


# --- everybody in one thread


def organisations_in(thread: Thread) -> Select[UUID]:
    """The organisations that are party. Of a wijk: those that work there."""
    if thread.kind is Kind.WIJK:
        return select(Team.organisation_id).where(Team.wijk_id == thread.wijk_id, Team.active).distinct()
    return select(ThreadParty.organisation_id).where(ThreadParty.thread_id == thread.id)


def members_of(thread: Thread, day: date) -> ColumnElement[bool]:
    """Which accounts take part: a condition on Account."""
    everybody = and_(Account.organisation_id.in_(organisations_in(thread)), _may_chat())
    if thread.kind is Kind.WIJK:
        return or_(everybody, _oversees(thread))
    if thread.kind is Kind.CONTACT:
        here = _appointed(day).where(ContactPerson.wijk_id == thread.wijk_id)
        represented = here.with_only_columns(ContactPerson.organisation_id)
        return and_(everybody, or_(Account.id.in_(here), Account.organisation_id.not_in(represented)))
    return everybody


def _oversees(thread: Thread) -> ColumnElement[bool]:
    regions = (
        select(RegionOrganisation.organisation_id)
        .join(Wijk, Wijk.region_id == RegionOrganisation.region_id)
        .where(Wijk.id == thread.wijk_id)
    )
    coordinators = select(AccountRole.account_id).where(AccountRole.role == Role.COORDINATOR)
    return and_(Account.active, Account.id.in_(coordinators), Account.organisation_id.in_(regions))


def inbox(db: Session, thread: Thread) -> Inbox:
    """Who hears of a message: contact persons and deputies, and whoever has had the thread open.

    Where that is nobody: everybody of that organisation who takes part.
    """
    day = time.today()
    heard: Inbox = {organisation: set() for organisation in db.scalars(organisations_in(thread))}
    for organisation, account in db.execute(_faces(thread, day)):
        heard.setdefault(organisation, set()).add(account)
    silent = [organisation for organisation, accounts in heard.items() if not accounts]
    for organisation, account in _everybody_of(db, thread, silent, day):
        heard[organisation].add(account)
    return heard


def _faces(thread: Thread, day: date) -> Select[UUID, UUID]:
    appointed = _appointed(day).where(
        ContactPerson.wijk_id == thread.wijk_id,
        ContactPerson.organisation_id.in_(organisations_in(thread)),
    )
    readers = select(Reader.account_id).where(Reader.thread_id == thread.id)
    return select(Account.organisation_id, Account.id).where(
        Account.id.in_(union(appointed, readers)), members_of(thread, day)
    )


def _everybody_of(
    db: Session, thread: Thread, organisations: Collection[UUID], day: date
) -> Iterable[tuple[UUID, UUID]]:
    if not organisations:
        return ()
    rows = select(Account.organisation_id, Account.id).where(
        Account.organisation_id.in_(organisations), members_of(thread, day)
    )
    return [(organisation, account) for organisation, account in db.execute(rows)]


def people_in(db: Session, thread: Thread) -> list[tuple[UUID, str, str | None, str]]:
    """Account id, name, job title and organisation of everybody who takes part, by organisation and name."""
    rows = db.execute(
        select(Account.id, Account.name, Account.job_title, Organisation.name)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(members_of(thread, time.today()))
        .order_by(Organisation.name, Account.name, Account.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]
