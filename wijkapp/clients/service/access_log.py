"""Who looked at what is known of one client, when and why: for the parties, and on paper for the client."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkapp.clients.audit_rules import Basis, Event, Outcome
from wijkapp.clients.models import AuditEvent, ClientFile, FileParty
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import NotFound
from wijkapp.people import access
from wijkapp.people.models import Account

AT_ONCE = timedelta(minutes=1)
"""Lines of one person within this are one thing that happened: opening a file is a line per kind of data."""

A_PAGE = 300  # lines


@dataclass(frozen=True)
class Happened:
    """One thing that somebody did, or was refused. Nothing of the client but the code."""

    at: datetime
    seq: int  # of its last line
    event: Event
    outcome: Outcome
    kinds: tuple[str, ...]  # of data or object
    who: str | None  # name; None: wijkapp itself
    account_id: UUID | None
    organisation: str | None
    roles: tuple[str, ...]
    purpose: str | None
    basis: Basis | None
    detail: str | None


@dataclass(frozen=True)
class AccessLog:
    """What happened around one file, newest first."""

    file_id: UUID
    code: str
    since: date | None
    until: date | None
    happened: tuple[Happened, ...]
    older: int | None  # there is more: ask before this line


def access_log(
    actor: Account,
    file_id: UUID,
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
    most: int = A_PAGE,
) -> AccessLog:
    """The log of one client code, for a party of the file. Raises NotFound for everybody else.

    since, until  first and last day, in Amsterdam
    before        only lines with a lower number than this
    """
    with reading() as db:
        code = _code_for_party(db, actor, file_id)
        rows = db.scalars(_lines(code, since, until, before).limit(most + 1)).all()
    more = len(rows) > most
    lines = rows[:most]
    return AccessLog(
        file_id=file_id,
        code=code,
        since=since,
        until=until,
        happened=tuple(_grouped(lines)),
        older=lines[-1].seq if more else None,
    )


def _code_for_party(db: Session, actor: Account, file_id: UUID) -> str:
    access.require(actor, "clients.use", organisation_id=actor.organisation_id)
    code = db.scalar(
        select(ClientFile.code)
        .join(FileParty, FileParty.file_id == ClientFile.id)
        .where(ClientFile.id == file_id, FileParty.organisation_id == actor.organisation_id)
    )
    if code is None:
        raise NotFound
    return code


def _lines(code: str, since: date | None, until: date | None, before: int | None) -> Select[AuditEvent]:
    wanted = select(AuditEvent).where(AuditEvent.client_code == code)
    if since:
        wanted = wanted.where(AuditEvent.at >= time.day_starts(since))
    if until:
        wanted = wanted.where(AuditEvent.at < time.day_starts(until + timedelta(days=1)))
    if before is not None:
        wanted = wanted.where(AuditEvent.seq < before)
    return wanted.order_by(AuditEvent.seq.desc())


def _grouped(lines: Sequence[AuditEvent]) -> list[Happened]:
    """Lines that are one thing that happened, as one; newest first, as the lines."""
    found: list[list[AuditEvent]] = []
    for line in lines:
        if found and _together(found[-1][-1], line):
            found[-1].append(line)
        else:
            found.append([line])
    return [_happened(some) for some in found]


def _together(newer: AuditEvent, older: AuditEvent) -> bool:
    same = ("account_id", "event", "outcome", "organisation_id", "detail", "legal_basis", "purpose")
    alike = all(getattr(newer, name) == getattr(older, name) for name in same)
    return alike and newer.at - older.at <= AT_ONCE


def _happened(lines: list[AuditEvent]) -> Happened:
    first = lines[-1]
    return Happened(
        at=first.at,
        seq=lines[0].seq,
        event=Event(first.event),
        outcome=Outcome(first.outcome),
        kinds=tuple(dict.fromkeys(line.object_kind for line in reversed(lines) if line.object_kind)),
        who=first.account_name,
        account_id=first.account_id,
        organisation=first.organisation_name,
        roles=tuple(first.roles.split(",")) if first.roles else (),
        purpose=first.purpose,
        basis=Basis(first.legal_basis) if first.legal_basis else None,
        detail=first.detail,
    )
