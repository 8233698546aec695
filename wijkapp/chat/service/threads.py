"""Threads open with what they are about, close with it, and go."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from wijkapp.agreements import service as agreements
from wijkapp.agreements.rules import DEFAULTS
from wijkapp.chat.models import Reader, Thread, ThreadParty
from wijkapp.chat.rules import Kind, kept
from wijkapp.chat.service import telling
from wijkapp.chat.service.membership import inbox, speaks_in
from wijkapp.directory import service as directory
from wijkapp.directory.models import Team, Wijk
from wijkapp.kit import time
from wijkapp.kit.db import insert_new, transaction
from wijkapp.kit.errors import NotAllowed, NotFound, Refused
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account, Organisation

_CONTACT = UUID("5b0f1c62-7f0e-5d0a-9c6b-6a3f1f3c9d11")
"""Under this the ids of threads between organisations are made."""


class NotYours(NotAllowed):
    """Colleagues speak for the organisation in this wijk."""


class NobodyThere(Refused):
    """No account of the other organisation may chat."""

    sentence = _("Bij deze organisatie leest nog niemand berichten. Bel even.")


def open_thread(
    db: Session,
    kind: Kind,
    about: UUID,
    *,
    parties: Iterable[UUID],
    page_id: UUID | None,
    wijk_id: UUID | None,
    names_wijk: bool = True,
    readers: Iterable[UUID] = (),
) -> UUID:
    """Open a thread about something, or open it again; in the caller's transaction. Returns its id.

    about    an invitation or a duty: its thread has the same id
    parties  organisations
    page_id  the request or duty, for the way back
    names_wijk  False: of a profile so rare that others are told the municipality only
    readers  accounts that have to do with it and must hear of messages; of a duty these only, from now on
    """
    thread = {
        "id": about,
        "kind": kind,
        "page_id": page_id,
        "wijk_id": wijk_id,
        "names_wijk": names_wijk,
        "last_seq": 0,
        "opened_at": time.now(),
    }
    insert_new(db, Thread, [thread])
    again = Thread.closed_at.is_not(None)
    db.execute(update(Thread).where(Thread.id == about, again).values(closed_at=None, wipe_at=None))
    insert_new(
        db, ThreadParty, [{"thread_id": about, "organisation_id": one, "read_seq": 0} for one in set(parties)]
    )
    if kind is Kind.DUTY:
        _only(db, about, set(parties), set(readers))
    telling.add_readers(db, about, set(readers))
    return about


def _only(db: Session, about: UUID, parties: Collection[UUID], readers: Collection[UUID]) -> None:
    """Others have nothing to do with it any more."""
    for what, those in ((Reader.account_id, readers), (ThreadParty.organisation_id, parties)):
        table = what.class_
        db.execute(delete(table).where(table.thread_id == about, what.not_in(those)))


def close_threads(db: Session, kind: Kind, about: Collection[UUID], moment: datetime) -> None:
    """What they are about is over: read only from now on, and gone after the term of the wijk's agreement.

    What has no thread, or a closed one, stays as it is.
    """
    open_ones = (Thread.id.in_(about), Thread.kind == kind, Thread.closed_at.is_(None))
    for wijk_id in db.scalars(select(Thread.wijk_id).where(*open_ones).distinct()).all():
        terms = agreements.terms_for(db, wijk_id, moment) if wijk_id else DEFAULTS
        agreed = terms.messages_kept
        db.execute(
            update(Thread)
            .where(*open_ones, Thread.wijk_id.is_not_distinct_from(wijk_id))
            .values(closed_at=moment, wipe_at=moment + kept(agreed))
        )


def thread_for_contact(actor: Account, organisation_id: UUID, wijk_id: UUID) -> UUID:
    """The thread between the own organisation and another about a wijk; opened when there is none.

    Raises NotFound, NobodyThere, or NotYours when colleagues are contact persons in this wijk, not the actor.
    """
    access.require(actor, "chat.use")
    both = sorted((actor.organisation_id, organisation_id))
    about = uuid5(_CONTACT, f"{both[0]} {both[1]} {wijk_id}")
    with transaction() as db:
        wijk = _shared_wijk(db, actor, organisation_id, wijk_id)
        _require_voice(db, actor, wijk)
        open_thread(db, Kind.CONTACT, about, parties=both, page_id=None, wijk_id=wijk.id)
        heard = inbox(db, db.get_one(Thread, about))
        if not any(one.organisation_id == organisation_id for one in heard):
            raise NobodyThere
    return about


def _require_voice(db: Session, actor: Account, wijk: Wijk) -> None:
    if speaks_in(db, actor, wijk.id):
        return
    names = [one.name for one in directory.contacts_for(db, actor.organisation_id, wijk.id, time.today())]
    raise NotYours(
        gettext(
            "In %(wijk)s schrijft %(names)s namens jullie met andere organisaties.",
            wijk=wijk.name,
            names=", ".join(names[:2]),
        )
    )


def _shared_wijk(db: Session, actor: Account, organisation_id: UUID, wijk_id: UUID) -> Wijk:
    """A wijk both have to do with: one sees its region, and the other works there. Raises NotFound."""
    wijk, other = db.get(Wijk, wijk_id), db.get(Organisation, organisation_id)
    nothing = NotFound(str(_("Deze organisatie werkt hier niet.")))
    if wijk is None or other is None or not other.active or other.id == actor.organisation_id:
        raise nothing
    here = select(Team.organisation_id).where(Team.wijk_id == wijk.id, Team.active)
    working = set(db.scalars(here))
    if not working & {actor.organisation_id, other.id}:
        raise nothing
    for one in (actor.organisation_id, other.id):
        if one not in working and wijk.region_id not in directory.regions_of(db, one):
            raise nothing
    return wijk
