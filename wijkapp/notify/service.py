"""Which browsers somebody wants to be pushed on, and what the dispatcher needs to know to tell people."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session

from wijkapp.kit import crypto, outbox, time
from wijkapp.kit.config import Settings
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.kit.outbox import Event
from wijkapp.kit.words import lazy as _
from wijkapp.notify.models import Channel, Delivery, PostedMail, PushSubscription
from wijkapp.notify.rules import Address, can_be_pushed_to
from wijkapp.people.models import Account, Device

log = structlog.get_logger()

MOST_SUBSCRIPTIONS = 20
"""Browsers of one person; the oldest makes place for the newest."""


# --- my devices


def subscribe(settings: Settings, actor: Account, device_id: UUID | None, address: Address) -> UUID:
    """Push to this browser from now on. Raises Invalid for what no browser could have given."""
    if not can_be_pushed_to(address, private=settings.push_private):
        raise Invalid(_("Dit apparaat gaf een adres dat we niet kunnen gebruiken. Probeer het opnieuw."))
    with transaction() as db:
        found = db.scalar(
            select(PushSubscription).where(PushSubscription.endpoint_hash == _hash(address.endpoint))
        )
        # A browser that somebody else used before now belongs to whoever is logged in.
        mine = found or PushSubscription(id=new_id(), endpoint_hash=_hash(address.endpoint))
        mine.account_id, mine.device_id = actor.id, device_id
        mine.sealed = _seal(settings, mine.id, address)
        mine.retired_at, mine.subscribed_at = None, time.now()
        db.add(mine)
        db.flush()
        _make_place(db, actor.id)
    return mine.id


def _make_place(db: Session, account_id: UUID) -> None:
    newest_first = _live(account_id).order_by(
        PushSubscription.subscribed_at.desc(), PushSubscription.id.desc()
    )
    for old in db.scalars(newest_first.offset(MOST_SUBSCRIPTIONS)):
        old.retired_at = time.now()


def unsubscribe(actor: Account, subscription_id: UUID) -> None:
    """No more pushes on this device of mine. Raises NotFound."""
    with transaction() as db:
        mine = db.scalar(_live(actor.id).where(PushSubscription.id == subscription_id))
        if mine is None:
            raise NotFound
        mine.retired_at = time.now()


def unsubscribe_browser(actor: Account, endpoint: str) -> None:
    """This browser says itself that it wants no more. Twice is fine."""
    with transaction() as db:
        db.execute(
            update(PushSubscription)
            .where(PushSubscription.endpoint_hash == _hash(endpoint), PushSubscription.account_id == actor.id)
            .values(retired_at=time.now())
        )


def test(actor: Account, subscription_id: UUID) -> None:
    """Send a test push to this device of mine, by the road that every message takes. Raises NotFound."""
    with transaction() as db:
        mine = db.scalar(_live(actor.id).where(PushSubscription.id == subscription_id))
        if mine is None:
            raise NotFound
        outbox.record(db, "notify.test", about=mine.id, to=[actor.id])


@dataclass(frozen=True)
class Subscribed:
    """One of my devices, as the page shows it."""

    id: UUID
    label: str
    subscribed_at: datetime
    delivered_at: datetime | None
    endpoint_hash: str  # so that a browser recognises itself


def my_devices(actor: Account) -> list[Subscribed]:
    """Where my messages go, newest first."""
    with reading() as db:
        rows = db.execute(
            select(PushSubscription, Device.label)
            .outerjoin(Device, Device.id == PushSubscription.device_id)
            .where(PushSubscription.id.in_(_live(actor.id).with_only_columns(PushSubscription.id)))
            .order_by(PushSubscription.subscribed_at.desc())
        )
        return [
            Subscribed(
                one.id,
                label or str(_("Een apparaat")),
                one.subscribed_at,
                one.delivered_at,
                one.endpoint_hash,
            )
            for one, label in rows
        ]


def has_devices(actor: Account) -> bool:
    """Can this person be pushed to at all?"""
    with reading() as db:
        return db.scalar(_live(actor.id).with_only_columns(PushSubscription.id).limit(1)) is not None


def my_mail(actor: Account, most: int = 50) -> Sequence[PostedMail]:
    """Mail to me that had no mail server to go to, newest first."""
    with reading() as db:
        mine = select(PostedMail).where(PostedMail.to_address == actor.email)
        return db.scalars(mine.order_by(PostedMail.posted_at.desc(), PostedMail.id.desc()).limit(most)).all()


def one_mail(actor: Account, mail_id: UUID) -> PostedMail:
    """One mail to me. Raises NotFound."""
    with reading() as db:
        mail = db.get(PostedMail, mail_id)
        if mail is None or mail.to_address != actor.email:
            raise NotFound
        return mail


# --- for the live line and the dispatcher


def still_welcome(callers: Collection[tuple[UUID, UUID | None]]) -> set[tuple[UUID, UUID | None]]:
    """Which of these (account, device) may stay on the line: not revoked, and still working here."""
    if not callers:
        return set()
    with reading() as db:
        active = set(
            db.scalars(select(Account.id).where(Account.id.in_({a for a, _d in callers}), Account.active))
        )
        devices = {device for _a, device in callers if device}
        signed_in = set(
            db.scalars(select(Device.id).where(Device.id.in_(devices), Device.revoked_at.is_(None)))
        )
    return {(a, d) for a, d in callers if a in active and (d is None or d in signed_in)}


def told_since(account_id: UUID, moment: datetime) -> bool:
    """Did something happen for this person after this moment?"""
    return _happened(Event.to_id == account_id, moment)


def changed_since(about_id: UUID, moment: datetime) -> bool:
    """Did something happen to this thing after this moment?"""
    return _happened(Event.about_id == about_id, moment)


def _happened(which: ColumnElement[bool], moment: datetime) -> bool:
    # Keys are in order of time, so the newest is found without reading the older ones' moments.
    newest = select(Event.happened_at).where(which).order_by(Event.id.desc()).limit(1)
    with reading() as db:
        happened_at = db.scalar(newest)
    return happened_at is not None and happened_at > moment


@dataclass
class Person:
    """Somebody who must be told, and where that can be done."""

    id: UUID
    email: str
    language: str
    phones: dict[UUID, Address] = field(default_factory=dict)  # by id of the push subscription


def people_to_tell(settings: Settings, account_ids: Collection[UUID]) -> dict[UUID, Person]:
    """Where to reach these accounts. Whoever left is not in it: nothing is sent to them any more."""
    with reading() as db:
        accounts = db.execute(
            select(Account.id, Account.email, Account.language).where(
                Account.id.in_(account_ids), Account.active
            )
        )
        people = {row.id: Person(row.id, row.email, row.language) for row in accounts}
        for one in db.scalars(_live(*people)) if people else ():
            address = _unseal(settings, one)
            if address:
                people[one.account_id].phones[one.id] = address
    return people


def told_before(event_ids: Collection[UUID]) -> dict[UUID, dict[tuple[Channel, str], str]]:
    """What the ledger says of these events: (channel, target) -> outcome."""
    before: dict[UUID, dict[tuple[Channel, str], str]] = {}
    if not event_ids:
        return before
    with reading() as db:
        for row in db.scalars(select(Delivery).where(Delivery.event_id.in_(event_ids))):
            before.setdefault(row.event_id, {})[row.channel, row.target] = row.outcome
    return before


def _live(*account_ids: UUID) -> Select[PushSubscription]:
    """Subscriptions that work: not retired, and of a device that is still logged in."""
    revoked = select(Device.id).where(Device.revoked_at.is_not(None))
    return select(PushSubscription).where(
        PushSubscription.account_id.in_(account_ids),
        PushSubscription.retired_at.is_(None),
        or_(PushSubscription.device_id.is_(None), PushSubscription.device_id.not_in(revoked)),
    )


# --- an address is a secret of its browser


def _hash(endpoint: str) -> str:
    return sha256(endpoint.encode()).hexdigest()


def _seal(settings: Settings, subscription_id: UUID, address: Address) -> bytes:
    plain = json.dumps([address.endpoint, address.p256dh, address.auth]).encode()
    return crypto.seal(settings.secrets.master.derive("push"), plain, f"push_subscription:{subscription_id}")


def _unseal(settings: Settings, one: PushSubscription) -> Address | None:
    try:
        key = settings.secrets.master.derive("push")
        return Address(*json.loads(crypto.unseal(key, one.sealed, f"push_subscription:{one.id}")))
    except crypto.CannotOpen:
        # A restored database with another master key: its browsers have to subscribe again.
        log.warning("a push subscription does not open", subscription=str(one.id))
        return None
