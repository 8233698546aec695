"""Who hears that a step of what happens when the cooperation does not work is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from wijkapp.agreements.models import Agreement, Escalation, Party, Seat, Signatory
from wijkapp.agreements.register import Hears
from wijkapp.agreements.service.register import in_charge
from wijkapp.directory.models import RegionOrganisation
from wijkapp.people.models import Account, AccountRole
from wijkapp.people.rules import Role

Asked = ColumnElement[bool]


@dataclass(frozen=True)
class Hearers:
    """Who hears of a step. instead: everybody in charge, as nobody who was chosen can be told."""

    people: Sequence[Account]
    instead: bool = False


def hearers(db: Session, agreement: Agreement, step: Escalation) -> Hearers:
    """Who hears of this step as things are now, by name."""
    chosen = _found(db, _asked(db, agreement, step))
    return Hearers(chosen) if chosen else Hearers(_found(db, _all(db, agreement)), instead=True)


def _found(db: Session, asked: Asked) -> Sequence[Account]:
    return db.scalars(select(Account).where(Account.active, asked).order_by(Account.name, Account.id)).all()


def _asked(db: Session, agreement: Agreement, step: Escalation) -> Asked:
    parties = _parties(agreement)
    match step.hears:
        case Hears.SIGNERS:
            return _signers(agreement)
        case Hears.LEAD:
            return (Account.id == agreement.lead_id) & _all(db, agreement)
        case Hears.ADMINS:
            return _admins(parties)
        case Hears.BODY:
            seats = select(Seat.account_id).where(Seat.body_id == step.body_id)
            return Account.id.in_(seats) & Account.organisation_id.in_(parties)
        case Hears.COORDINATOR:
            return _coordinators(agreement)
        case Hears.ALL:
            return _all(db, agreement)


def _parties(agreement: Agreement) -> Select[UUID]:
    return select(Party.organisation_id).where(Party.agreement_id == agreement.id, Party.left_on.is_(None))


def _signers(agreement: Agreement) -> Asked:
    """Who signs for a party; of a party that signs on paper its admins."""
    here = (
        select(Party.organisation_id, Signatory.account_id)
        .join(Signatory, Signatory.party_id == Party.id)
        .join(Account, Account.id == Signatory.account_id)
        .where(Party.agreement_id == agreement.id, Party.left_on.is_(None), Account.active)
        .subquery()
    )
    on_paper = _parties(agreement).where(Party.organisation_id.not_in(select(here.c.organisation_id)))
    return Account.id.in_(select(here.c.account_id)) | _admins(on_paper)


def _admins(organisation_ids: Select[UUID]) -> Asked:
    return Account.organisation_id.in_(organisation_ids) & _is(Role.ADMIN)


def _coordinators(agreement: Agreement) -> Asked:
    region = select(RegionOrganisation.organisation_id).where(
        RegionOrganisation.region_id == agreement.region_id
    )
    return Account.organisation_id.in_(region) & _is(Role.COORDINATOR)


def _all(db: Session, agreement: Agreement) -> Asked:
    return Account.id.in_(in_charge(db, agreement.id))


def _is(role: Role) -> Asked:
    return Account.roles.any(AccountRole.role == role)
