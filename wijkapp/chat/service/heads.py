"""What threads are called, for whoever looks at them."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkapp.chat.models import Thread, ThreadParty
from wijkapp.chat.rules import Kind
from wijkapp.chat.service.lines import Head
from wijkapp.directory.models import Wijk
from wijkapp.kit.words import gettext as _
from wijkapp.people.models import Account, Organisation


def heads(db: Session, actor: Account, threads: Iterable[Thread]) -> dict[UUID, Head]:
    """By thread id. A thread with another organisation has its name."""
    threads = list(threads)
    wijken = {
        wijk.id: wijk
        for wijk in db.scalars(select(Wijk).where(Wijk.id.in_({thread.wijk_id for thread in threads})))
    }
    others = _others(db, actor, [thread.id for thread in threads if thread.kind is not Kind.WIJK])
    return {
        thread.id: _head(thread, wijken.get(thread.wijk_id) if thread.wijk_id else None, others)
        for thread in threads
    }


def _others(db: Session, actor: Account, thread_ids: list[UUID]) -> dict[UUID, list[str]]:
    rows = db.execute(
        select(ThreadParty.thread_id, Organisation.name)
        .join(Organisation, Organisation.id == ThreadParty.organisation_id)
        .where(ThreadParty.thread_id.in_(thread_ids), ThreadParty.organisation_id != actor.organisation_id)
        .order_by(Organisation.name)
    )
    names: dict[UUID, list[str]] = {}
    for thread_id, name in rows:
        names.setdefault(thread_id, []).append(name)
    return names


def _head(thread: Thread, wijk: Wijk | None, others: dict[UUID, list[str]]) -> Head:
    # Of a rare profile others are told the municipality only.
    where = (wijk.name if thread.names_wijk else wijk.municipality) if wijk else ""
    title, about = {
        Kind.WIJK: (_("Wijk %(wijk)s", wijk=where), _("Iedereen die hier werkt")),
        Kind.REQUEST: ("", _("Zorgvraag in %(wijk)s", wijk=where)),
        Kind.DUTY: ("", _("Overdracht van een dienst")),
        Kind.CONTACT: ("", _("Contactpersonen in %(wijk)s", wijk=where)),
    }[thread.kind]
    return Head(
        id=thread.id,
        kind=thread.kind,
        title=title or ", ".join(others.get(thread.id, ())) or about,
        about=about,
        back=_back(thread, wijk),
        opened_at=thread.opened_at,
        closed_at=thread.closed_at,
        wipe_at=thread.wipe_at,
    )


def _back(thread: Thread, wijk: Wijk | None) -> str | None:
    if thread.kind is Kind.REQUEST:
        return f"/zorgvragen/{thread.page_id}"
    if thread.kind is Kind.DUTY:
        return f"/dienst/{thread.page_id}"
    return f"/wijken/{wijk.code}" if wijk else None
