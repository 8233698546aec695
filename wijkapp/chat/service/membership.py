"""Who takes part in a thread now. No list is kept: it follows from who works where and has which duty.

WIJK     everybody who may chat, of each organisation with a team there, and the wijkregisseurs of its region
REQUEST  everybody who may chat, of the organisations that are party
DUTY     whoever has it and whoever is next, as whoever opened it said: they are its readers
CONTACT  of both organisations whoever is contact person or deputy in the wijk now; where nobody who may chat
         is appointed (a practice, somebody on their own), everybody who may

Every message asks this, so the questions are made once; `params_of` says who asks.
"""

from collections.abc import Iterable
from datetime import time as hour
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Select, and_, bindparam, exists, or_, select, union
from sqlalchemy.orm import Session

from wijkapp.chat.models import Reader, Thread, ThreadParty
from wijkapp.chat.rules import Kind
from wijkapp.directory.models import ContactPerson, RegionOrganisation, Team, Wijk
from wijkapp.kit import time
from wijkapp.kit.db import insert_new, one_of
from wijkapp.kit.errors import NotFound
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account, AccountRole, Organisation
from wijkapp.people.rules import Role

CHATTERS = access.PERMISSIONS["chat.use"].roles

# Who looks, from where, and on which day; and at which thread.
_ME: Any = bindparam("me")
_US: Any = bindparam("us")
_TODAY: Any = bindparam("today")
_OVERSEES: Any = bindparam("oversees", type_=Boolean)
_THREAD: Any = bindparam("thread")
_WIJK: Any = bindparam("wijk")

Params = dict[str, object]


def params_of(actor: Account) -> Params:
    """What the questions about one person must know: give it along with each."""
    return {
        "me": actor.id,
        "us": actor.organisation_id,
        "today": time.today(),
        "oversees": Role.COORDINATOR in actor.role_set,
    }


def _params_of(thread: Thread) -> Params:
    return {"thread": thread.id, "wijk": thread.wijk_id, "today": time.today()}


def _may_chat() -> ColumnElement[bool]:
    # Per account, not a list of all who may: in a region those are thousands.
    holds = exists().where(AccountRole.account_id == Account.id, one_of(AccountRole.role, CHATTERS))
    return and_(Account.active, holds)


def _appointed() -> Select[UUID]:
    """Contact persons and deputies of the day who work there still and may chat: their accounts."""
    return (
        select(ContactPerson.account_id)
        .join(Account, Account.id == ContactPerson.account_id)
        .where(
            ContactPerson.valid_from <= _TODAY,
            ContactPerson.valid_until.is_(None) | (ContactPerson.valid_until >= _TODAY),
            Account.organisation_id == ContactPerson.organisation_id,
            _may_chat(),
        )
    )


def _speaks_in(wijk_id: Any) -> ColumnElement[bool]:
    wijken = _appointed().where(ContactPerson.organisation_id == _US).with_only_columns(ContactPerson.wijk_id)
    return or_(wijk_id.in_(wijken.where(ContactPerson.account_id == _ME)), wijk_id.not_in(wijken))


# --- what one person sees

_staffed = select(Team.wijk_id).where(Team.active)
_regions = select(RegionOrganisation.region_id).where(RegionOrganisation.organisation_id == _US)
WIJKEN = select(Wijk.id).where(
    or_(
        Wijk.id.in_(_staffed.where(Team.organisation_id == _US)),
        and_(_OVERSEES, Wijk.region_id.in_(_regions), Wijk.id.in_(_staffed)),
    )
)
"""The wijken whose thread this person is in."""

_read_by_me = select(Reader.thread_id).where(Reader.account_id == _ME)
_party = Thread.id.in_(select(ThreadParty.thread_id).where(ThreadParty.organisation_id == _US))
VISIBLE = or_(
    and_(Thread.kind == Kind.WIJK, Thread.wijk_id.in_(WIJKEN)),
    and_(Thread.kind == Kind.REQUEST, _party),
    and_(Thread.kind == Kind.DUTY, _party, Thread.id.in_(_read_by_me)),
    and_(Thread.kind == Kind.CONTACT, _party, _speaks_in(Thread.wijk_id)),
)
"""The stored threads this person takes part in."""

_ONE = select(Thread).where(Thread.id == _THREAD, VISIBLE)
_ONE_WIJK = WIJKEN.where(Wijk.id == _THREAD)
_SPEAKS = select(Wijk.id).where(Wijk.id == _WIJK, _speaks_in(Wijk.id))


def thread_of(db: Session, actor: Account, thread_id: UUID) -> Thread:
    """A thread this person takes part in. Raises NotFound, also when it is others'.

    The thread of a wijk is there before anybody said something in it; then it is not stored yet.
    """
    access.require(actor, "chat.use")
    asked = params_of(actor) | {"thread": thread_id}
    found = db.scalar(_ONE, asked)
    if found is not None:
        return found
    if db.scalar(_ONE_WIJK, asked) is None:
        raise NotFound(str(_("Dit gesprek is er niet (meer), of je doet er niet aan mee.")))
    return empty(thread_id)


def speaks_in(db: Session, actor: Account, wijk_id: UUID) -> bool:
    """Does this person speak for the own organisation in this wijk?"""
    return db.scalar(_SPEAKS, params_of(actor) | {"wijk": wijk_id}) is not None


def empty(wijk_id: UUID) -> Thread:
    """The thread of a wijk where nothing was said yet."""
    return Thread(
        id=wijk_id, kind=Kind.WIJK, wijk_id=wijk_id, names_wijk=True, last_seq=0, opened_at=time.now()
    )


def stored(db: Session, thread: Thread) -> None:
    """Something happens in it: store a thread that is not there yet. Two at once store it once."""
    if thread not in db:
        new = {"id": thread.id, "kind": thread.kind, "wijk_id": thread.wijk_id, "last_seq": 0}
        insert_new(db, Thread, [new | {"opened_at": thread.opened_at}])


# --- everybody in one thread


class Hearer(NamedTuple):
    """Somebody who hears of a message. The numbers are None to whom never had the thread open."""

    organisation_id: UUID
    account_id: UUID
    quiet_from: hour
    quiet_until: hour
    read_seq: int | None
    told_seq: int | None


_SOME: Any = bindparam("some", expanding=True)
_HEARER: Any = select(
    Account.organisation_id,
    Account.id,
    Account.quiet_from,
    Account.quiet_until,
    Reader.read_seq,
    Reader.told_seq,
).outerjoin(Reader, and_(Reader.account_id == Account.id, Reader.thread_id == _THREAD))


@cache
def _organisations(of_wijk: bool) -> Select[UUID]:
    """The organisations that are party. Of a wijk: those that work there."""
    if of_wijk:
        return select(Team.organisation_id).where(Team.wijk_id == _WIJK, Team.active).distinct()
    return select(ThreadParty.organisation_id).where(ThreadParty.thread_id == _THREAD)


@cache
def _members(kind: Kind) -> ColumnElement[bool]:
    """Which accounts take part."""
    everybody = and_(Account.organisation_id.in_(_organisations(kind is Kind.WIJK)), _may_chat())
    if kind is Kind.WIJK:
        return or_(everybody, _coordinators())
    if kind is Kind.CONTACT:
        here = _appointed().where(ContactPerson.wijk_id == _WIJK)
        represented = here.with_only_columns(ContactPerson.organisation_id)
        return and_(everybody, or_(Account.id.in_(here), Account.organisation_id.not_in(represented)))
    if kind is Kind.DUTY:
        return and_(everybody, Account.id.in_(select(Reader.account_id).where(Reader.thread_id == _THREAD)))
    return everybody


def _coordinators() -> ColumnElement[bool]:
    regions = (
        select(RegionOrganisation.organisation_id)
        .join(Wijk, Wijk.region_id == RegionOrganisation.region_id)
        .where(Wijk.id == _WIJK)
    )
    holders = select(AccountRole.account_id).where(AccountRole.role == Role.COORDINATOR)
    return and_(Account.active, Account.id.in_(holders), Account.organisation_id.in_(regions))


@cache
def _faces(kind: Kind) -> Any:
    appointed = _appointed().where(
        ContactPerson.wijk_id == _WIJK, ContactPerson.organisation_id.in_(_organisations(kind is Kind.WIJK))
    )
    readers = select(Reader.account_id).where(Reader.thread_id == _THREAD)
    return _HEARER.where(Account.id.in_(union(appointed, readers)), _members(kind))


@cache
def _everybody_of(kind: Kind) -> Any:
    return _HEARER.where(Account.organisation_id.in_(_SOME), _members(kind))


@cache
def _chosen(kind: Kind) -> Any:
    return _HEARER.where(Account.id.in_(_SOME), _members(kind))


def organisations_in(db: Session, thread: Thread) -> list[UUID]:
    """The organisations that are party."""
    return list(db.scalars(_organisations(thread.kind is Kind.WIJK), _params_of(thread)))


def inbox(db: Session, thread: Thread) -> list[Hearer]:
    """Who hears of a message: contact persons and deputies, and whoever has had the thread open.

    Where that is nobody: everybody of that organisation who takes part.
    """
    params = _params_of(thread)
    heard = [Hearer(*row) for row in db.execute(_faces(thread.kind), params)]
    silent = set(organisations_in(db, thread)) - {one.organisation_id for one in heard}
    if silent:
        rows = db.execute(_everybody_of(thread.kind), params | {"some": list(silent)})
        heard += [Hearer(*row) for row in rows]
    return heard


def members_among(db: Session, thread: Thread, accounts: Iterable[UUID]) -> list[Hearer]:
    """Those of these accounts that take part."""
    rows = db.execute(_chosen(thread.kind), _params_of(thread) | {"some": list(accounts)})
    return [Hearer(*row) for row in rows]


def people_in(db: Session, thread: Thread) -> list[tuple[UUID, str, str | None, str]]:
    """Account id, name, job title and organisation of everybody who takes part, by organisation and name."""
    rows = db.execute(
        select(Account.id, Account.name, Account.job_title, Organisation.name)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(_members(thread.kind))
        .order_by(Organisation.name, Account.name, Account.id),
        _params_of(thread),
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]
