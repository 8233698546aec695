"""Secret addresses: a calendar to subscribe to, or whom to ring now. Whoever has one needs no log in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from threading import Lock
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from wijkapp.directory import service as directory
from wijkapp.directory.models import Region
from wijkapp.kit import time
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.errors import NotAllowed, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account, Organisation
from wijkapp.rota.models import SecretAddress
from wijkapp.rota.rules import AddressKind
from wijkapp.rota.service.regions import region_for, regions_seen, regions_where

BYTES = 32  # of chance in a secret
MOST = 10
LOOKED_AT_EVERY = timedelta(hours=1)
"""An address that is used all the time is written down once in so long."""

CALENDARS = frozenset({AddressKind.PERSON, AddressKind.ORGANISATION, AddressKind.REGION})


class NoAddress(Refused):
    """Nobody made it, or it was taken back."""

    status = 401
    sentence = _("Dit adres werkt niet (meer). Vraag wie het gaf om een nieuw.")


class TooManyAddresses(Refused):
    """So many are enough."""

    sentence = _("Er zijn al tien adressen. Trek eerst een adres in dat niemand meer gebruikt.")


@dataclass(frozen=True)
class AddressPage:
    """What somebody sees of the addresses of a region. may_make: the kinds they may make."""

    region: Region
    regions: Sequence[Region]
    mine: Sequence[SecretAddress]
    ours: Sequence[SecretAddress]
    of_region: Sequence[SecretAddress]
    may_make: frozenset[AddressKind]


@dataclass(frozen=True, slots=True)
class Opened:
    """What an address gives."""

    id: UUID
    kind: AddressKind
    region_id: UUID
    organisation_id: UUID | None
    account_id: UUID | None


def address_page(actor: Account, region_id: UUID | None = None) -> AddressPage:
    """The addresses somebody may see and take back. Raises NotFound, NotAllowed."""
    with reading() as db:
        region = region_for(db, actor, region_id, "rota.read")
        shown = db.scalars(
            select(SecretAddress)
            .where(
                SecretAddress.region_id == region.id,
                SecretAddress.revoked_at.is_(None),
                or_(SecretAddress.account_id.is_(None), SecretAddress.account_id == actor.id),
            )
            .order_by(SecretAddress.made_at)
        ).all()
        may_make = frozenset(kind for kind in AddressKind if _may(db, actor, kind, region.id))
        ours = [one for one in shown if one.organisation_id == actor.organisation_id]
        return AddressPage(
            region=region,
            regions=regions_seen(db, actor),
            mine=[one for one in shown if one.kind is AddressKind.PERSON],
            ours=ours if AddressKind.ORGANISATION in may_make else [],
            of_region=[one for one in shown if one.kind in may_make and _of_region(one.kind)],
            may_make=may_make,
        )


def make(actor: Account, kind: AddressKind, region_id: UUID) -> str:
    """A new address; its secret, which is told once. Raises NotFound, NotAllowed, TooManyAddresses."""
    secret = token_urlsafe(BYTES)
    with transaction() as db:
        region = region_for(db, actor, region_id, "rota.read")
        if not _may(db, actor, kind, region.id):
            raise NotAllowed
        account_id = actor.id if kind is AddressKind.PERSON else None
        organisation_id = actor.organisation_id if kind is AddressKind.ORGANISATION else None
        there = db.scalar(
            select(func.count()).where(
                SecretAddress.region_id == region.id,
                SecretAddress.kind == kind,
                SecretAddress.revoked_at.is_(None),
                SecretAddress.account_id == account_id,
                SecretAddress.organisation_id == organisation_id,
            )
        )
        if (there or 0) >= MOST:
            raise TooManyAddresses
        db.add(
            SecretAddress(
                id=new_id(),
                kind=kind,
                region_id=region.id,
                organisation_id=organisation_id,
                account_id=account_id,
                secret_hash=_hashed(secret),
                made_by_id=actor.id,
                made_at=time.now(),
            )
        )
    return secret


def revoke(actor: Account, address_id: UUID) -> None:
    """From now on it opens nothing. Raises NotFound for one that is none of theirs."""
    with transaction() as db:
        address = db.get(SecretAddress, address_id)
        if address is None or not _may(db, actor, address.kind, address.region_id):
            raise NotFound
        if address.account_id not in (None, actor.id):
            raise NotFound
        if address.organisation_id not in (None, actor.organisation_id):
            raise NotFound
        if address.revoked_at is None:
            address.revoked_at = time.now()


def opened(db: Session, secret: str, kinds: frozenset[AddressKind]) -> Opened:
    """What this secret gives, when it still does. Raises NoAddress.

    The address of somebody who left, or of an organisation that does, gives nothing.
    """
    found = db.scalar(
        select(SecretAddress).where(
            SecretAddress.secret_hash == _hashed(secret),
            SecretAddress.kind.in_(kinds),
            SecretAddress.revoked_at.is_(None),
        )
    )
    if found is None or not _still_there(db, found):
        raise NoAddress
    _used(found.id)
    return Opened(found.id, found.kind, found.region_id, found.organisation_id, found.account_id)


def _of_region(kind: AddressKind) -> bool:
    return kind in (AddressKind.REGION, AddressKind.PHONE)


def _may(db: Session, actor: Account, kind: AddressKind, region_id: UUID) -> bool:
    if not _of_region(kind):
        return access.may(actor, "rota.take")
    regions = regions_where(db, actor, "rota.share")
    return access.may(actor, "rota.share", region_id=region_id, regions=regions)


def _still_there(db: Session, address: SecretAddress) -> bool:
    if address.account_id is not None:
        account = db.get(Account, address.account_id)
        if account is None or not account.active:
            return False
        return address.region_id in directory.regions_of(db, account.organisation_id)
    if address.organisation_id is not None:
        organisation = db.get(Organisation, address.organisation_id)
        if organisation is None or not organisation.active:
            return False
        return address.region_id in directory.regions_of(db, organisation.id)
    return True


def _hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


# --- when it was used: remembered while looking, written down when the door is done

_waiting: dict[UUID, datetime] = {}
_written: dict[UUID, datetime] = {}
_lock = Lock()


def _used(address_id: UUID) -> None:
    moment = time.now()
    with _lock:
        last = _written.get(address_id)
        if last is None or abs(moment - last) >= LOOKED_AT_EVERY:
            _waiting[address_id] = moment


def waiting() -> bool:
    """Is there anything to write down?"""
    return bool(_waiting)


def write_down() -> None:
    """Store when addresses were used. Doors call it when they are done, outside any transaction."""
    with _lock:
        taken = dict(_waiting)
        _waiting.clear()
        _written.update(taken)
    if not taken:
        return
    with transaction(lightly=True) as db:
        for address_id, moment in taken.items():
            db.execute(update(SecretAddress).where(SecretAddress.id == address_id).values(used_at=moment))
