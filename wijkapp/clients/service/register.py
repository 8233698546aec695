"""The register of processing (AVG art. 30) and the start of a DPIA, from what is really done here."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Table, exists, func, select, text
from sqlalchemy.orm import Session

from wijkapp.clients.service.retention import Kept, Whose
from wijkapp.directory.models import Region, RegionOrganisation
from wijkapp.kit.db import Base, reading
from wijkapp.people import access
from wijkapp.people.models import Account, Organisation
from wijkapp.people.rules import OrganisationKind


@dataclass(frozen=True)
class Facts:
    """How this installation is set up, as far as privacy goes."""

    address: str
    https: bool
    database: str  # sqlite or postgresql
    keys_apart: bool  # the key store has an address of its own
    key_of_keys_apart: bool  # what wraps those keys comes from elsewhere
    mail_server: str  # empty: none
    shared_memory: bool  # Redis or Valkey beside it
    demo: bool
    idle_minutes: int
    log_level: str


@dataclass(frozen=True)
class Processing:
    """One row of the register."""

    kept: Kept
    fields: tuple[str, ...]  # table.column, as they are in the database
    sealed: int  # how many of them are encrypted
    in_use: bool  # is there anything?


@dataclass(frozen=True)
class Party:
    kind: OrganisationKind
    number: int


@dataclass(frozen=True)
class Register:
    organisation: str
    regions: tuple[str, ...]
    parties: tuple[Party, ...]  # in those regions, the own organisation too
    processings: tuple[Processing, ...]
    facts: Facts
    log_refuses_changes: bool  # the database has the triggers
    log_has_own_role: bool | None  # the app's database user may not even change it; None: no such thing here


def register(actor: Account, kept: Sequence[Kept], facts: Facts) -> Register:
    """For the admin of an organisation: what is processed, whose, why, how long, and how it is protected."""
    access.require(actor, "privacy.oversee", organisation_id=actor.organisation_id)
    with reading() as db:
        regions = db.execute(
            select(Region.id, Region.name)
            .join(RegionOrganisation, RegionOrganisation.region_id == Region.id)
            .where(RegionOrganisation.organisation_id == actor.organisation_id)
            .order_by(Region.name)
        ).all()
        parties = db.execute(
            select(Organisation.kind, func.count(func.distinct(Organisation.id)))
            .join(RegionOrganisation, RegionOrganisation.organisation_id == Organisation.id)
            .where(RegionOrganisation.region_id.in_([region.id for region in regions]), Organisation.active)
            .group_by(Organisation.kind)
            .order_by(Organisation.kind)
        )
        return Register(
            organisation=actor.organisation.name,
            regions=tuple(region.name for region in regions),
            parties=tuple(Party(kind, number) for kind, number in parties),
            processings=tuple(_processing(db, one) for one in kept),
            facts=facts,
            log_refuses_changes=_log_refuses_changes(db),
            log_has_own_role=_log_has_own_role(db),
        )


def personal(register: Register) -> list[Processing]:
    """What is about people."""
    return [one for one in register.processings if one.kept.whose is not Whose.NOBODY]


def _processing(db: Session, kept: Kept) -> Processing:
    tables = [_table(name) for name in kept.tables]
    fields = [column for table in tables for column in table.columns]
    return Processing(
        kept=kept,
        fields=tuple(f"{column.table.name}.{column.name}" for column in fields),
        sealed=sum(column.name.endswith("sealed") for column in fields),
        in_use=any(db.scalar(select(exists(select(text("1")).select_from(table)))) for table in tables),
    )


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _log_refuses_changes(db: Session) -> bool:
    """Are the triggers in place that refuse an UPDATE or DELETE on the log?"""
    if db.get_bind().dialect.name == "postgresql":
        asked = (
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'audit_event'::regclass"
            " AND NOT tgisinternal AND tgenabled <> 'D'"
        )
        return bool(db.scalar(text(asked)))
    asked = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
    return int(db.scalar(text(asked)) or 0) >= 3


def _log_has_own_role(db: Session) -> bool | None:
    if db.get_bind().dialect.name != "postgresql":
        return None
    may_change = "has_table_privilege(current_user, 'audit_event', 'UPDATE, DELETE, TRUNCATE')"
    return not db.scalar(text(f"SELECT {may_change}"))
