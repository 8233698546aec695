"""The log of client data: a line for each thing done or refused, with the hash of the line before."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from wijkapp.clients.audit_rules import FIRST, Basis, Break, Event, Outcome, first_break, line_hash
from wijkapp.clients.models import AuditEvent, AuditHead
from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.people.models import Account, Organisation
from wijkapp.people.rules import Role


@dataclass(frozen=True)
class Seat:
    """Who sits where: the person, the roles, for which organisation, at which device. A door makes it."""

    account: Account
    roles: frozenset[Role]
    organisation: Organisation
    ip: str | None = None
    device_id: UUID | None = None


def record(
    db: Session,
    seat: Seat | None,
    event: Event,
    *,
    code: str | None = None,
    object_kind: str | None = None,
    object_id: UUID | None = None,
    purpose: str | None = None,
    basis: Basis | None = None,
    consent_id: UUID | None = None,
    outcome: Outcome = Outcome.DONE,
    detail: str | None = None,
    on_behalf_of: str | None = None,
) -> None:
    """Add one line, in the caller's transaction. seat: None when the app does it by itself.

    Whoever adds a line holds the end of the log until its transaction is over: do this last, others wait.
    """
    seq, before = _take_end(db)
    fields: dict[str, Any] = {
        "seq": seq,
        "at": time.now(),
        "event": event.value,
        "client_code": code,
        **_who(seat),
        "on_behalf_of": on_behalf_of or (seat.organisation.name if seat else None),
        "object_kind": object_kind,
        "object_id": object_id,
        "purpose": purpose,
        "legal_basis": basis.value if basis else None,
        "consent_id": consent_id,
        "outcome": outcome.value,
        "detail": detail,
        "hash_before": before,
    }
    fields["hash"] = line_hash(fields)
    db.execute(insert(AuditEvent), [fields])
    db.execute(update(AuditHead).values(hash=fields["hash"]).execution_options(synchronize_session=False))


def _take_end(db: Session) -> tuple[int, str]:
    """The number of the next line and the hash of the last.

    Taking it by an UPDATE lets one writer through at a time: the chain never forks.
    """
    taken = (
        update(AuditHead)
        .values(seq=AuditHead.seq + 1)
        .returning(AuditHead.seq, AuditHead.hash)
        .execution_options(synchronize_session=False)
    )
    seq, before = db.execute(taken).one()
    return seq, before


def _who(seat: Seat | None) -> dict[str, Any]:
    return {
        "account_id": seat.account.id if seat else None,
        "account_name": seat.account.name if seat else None,
        "roles": ",".join(sorted(seat.roles)) if seat else None,
        "organisation_id": seat.organisation.id if seat else None,
        "organisation_name": seat.organisation.name if seat else None,
        "ip": seat.ip if seat else None,
        "device_id": seat.device_id if seat else None,
    }


# --- is it whole?


@dataclass(frozen=True)
class End:
    """Where the log ends: note it elsewhere, and nobody can cut lines off unseen."""

    seq: int
    hash: str


def head() -> End:
    """The number and the hash of the last line."""
    with reading() as db:
        last = db.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    return End(last.seq, last.hash) if last else End(0, "")


def verify(noted: End | None = None, kept_from: End | None = None) -> Break | None:
    """The first line that is not as it was written; None when the whole log is.

    noted      an end that was written down elsewhere earlier: that line must still be there
    kept_from  the last line that was removed after the five years it must be kept
    """
    # In one statement: a line that is added meanwhile is in neither the lines nor the end.
    ends = AuditHead.seq.label("end_seq"), AuditHead.hash.label("end_hash")
    lines = select(*AuditEvent.__table__.columns, *ends).outerjoin(AuditHead, AuditHead.id == 1)
    with reading() as db:
        end = db.execute(select(*ends)).mappings().one_or_none()
        asked = lines.order_by(AuditEvent.seq).execution_options(yield_per=1000)
        with db.execute(asked) as found:  # closed at the first broken line too
            rows = iter(found.mappings())
            first = next(rows, None)
            return first_break(
                (_line(row) for row in chain([first], rows)) if first else (),
                end=_numbers(first or end),
                noted=(noted.seq, noted.hash) if noted else None,
                begin=(kept_from.seq, kept_from.hash) if kept_from else (0, FIRST),
            )


def _line(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {"end_seq", "end_hash"}}


def _numbers(row: Mapping[Any, Any] | None) -> tuple[int, str] | None:
    return None if row is None or row["end_seq"] is None else (row["end_seq"], row["end_hash"])
