"""The log of client data: one line for each thing somebody did or was refused, each with the hash of the last."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkapp.clients.audit_rules import FIRST, Basis, Event, Outcome, line_hash
from wijkapp.clients.models import AuditEvent, AuditHead
from wijkapp.kit import time
from wijkapp.people.models import Account, Organisation
from wijkapp.people.rules import Role


@dataclass(frozen=True)
class Seat:
    """Who sits where: the person, in which roles, for which organisation, at which device. Made by the door."""

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
    """Add one line, in the caller's transaction. seat: None when the app does it by itself."""
    head = _take_head(db)
    fields: dict[str, Any] = {
        "seq": head.seq + 1,
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
        "hash_before": head.hash,
    }
    fields["hash"] = line_hash({name: _plain(value) for name, value in fields.items()})
    db.add(AuditEvent(**fields))
    head.seq, head.hash = fields["seq"], fields["hash"]
    db.flush()


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


def _take_head(db: Session) -> AuditHead:
    """The last line, held until this transaction ends: the chain never forks."""
    db.execute(update(AuditHead).values(seq=AuditHead.seq))
    head = db.scalar(select(AuditHead).with_for_update().execution_options(populate_existing=True))
    if head is None:
        head = AuditHead(id=1, seq=0, hash=FIRST)
        db.add(head)
        db.flush()
    return head


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
