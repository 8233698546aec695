"""Coming in and going out: links by mail, devices, and what a second factor leaves behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload

from wijkapp.kit import letters, time
from wijkapp.kit.db import changed, reading, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account, Device, LogInLink, Organisation

LINK_IS_GOOD_FOR = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=5)
FORGET_DEVICES_AFTER = timedelta(days=90)


class LinkIsUsed(Refused):
    """A log-in link that was used before, is too old, or never was."""

    status = 410
    sentence = _("Deze link werkt niet meer. Een link werkt één keer, een kwartier lang. Vraag een nieuwe.")


class CodeIsUsed(Invalid):
    """A right code that somebody used before."""

    sentence = _("Deze code is al gebruikt. Wacht op de volgende.")


@dataclass(frozen=True)
class Arrival:
    """Somebody with a valid link, and the page they were on their way to."""

    account: Account
    next_path: str


def hashed(token: str) -> str:
    """A token as it is stored: enough to recognise it, not to use it."""
    return sha256(token.encode()).hexdigest()


def may_come_in() -> Select[Account]:
    """Everybody who may log in: neither they nor their organisation left."""
    return (
        select(Account)
        .join(Account.organisation)
        .options(contains_eager(Account.organisation))
        .where(Account.active, Organisation.active)
    )


def account_by_email(email: str) -> Account | None:
    """Who may log in with this address."""
    with reading() as db:
        return db.scalar(may_come_in().where(Account.email == email.lower()))


def account_by_name(uniquifier: str) -> Account | None:
    """Who may log in, by the random name that a session knows them by."""
    with reading() as db:
        return db.scalar(may_come_in().where(Account.fs_uniquifier == uniquifier))


def account_by_id(account_id: UUID) -> Account | None:
    """Who may log in, by the owner of a passkey."""
    with reading() as db:
        return db.scalar(may_come_in().where(Account.id == account_id))


# Every request asks this: one look instead of three, and the question itself is made once.
_ON_DEVICE = (
    may_come_in()
    .add_columns(Device.seen_at)
    .join(Device, Device.account_id == Account.id)
    .where(Device.id == bindparam("device_id"), Account.fs_uniquifier == bindparam("uniquifier"))
    .where(Device.revoked_at.is_(None), Device.seen_at > bindparam("since"))
    .options(joinedload(Account.roles), joinedload(Account.webauthn))
)


def on_device(device_id: UUID, uniquifier: str, *, idle: timedelta) -> tuple[Account, datetime] | None:
    """Who is logged in on a device, and when it was last seen.

    None when it was logged out, or did nothing for longer than `idle`.
    """
    asked = {"device_id": device_id, "uniquifier": uniquifier, "since": time.now() - idle}
    with reading() as db:
        one = db.execute(_ON_DEVICE, asked).unique().one_or_none()
        return (one[0], one[1]) if one else None


# --- a link by mail


def send_link(email: str, next_path: str) -> None:
    """Mail a log-in link to this address, if somebody has it. Whoever asks never learns which."""
    with transaction() as db:
        account = db.scalar(may_come_in().where(Account.email == email.lower()))
        if account is not None:
            token = make_link(db, account.id, next_path)
            words = {"name": account.name, "token": token, "language": account.language}
            letters.post(db, "people.log_in_link", account.email, words)


def make_link(db: Session, account_id: UUID, next_path: str = "/") -> str:
    """The token of a new log-in link, within the caller's transaction. Cleans up this account's old ones."""
    moment = time.now()
    db.execute(
        delete(LogInLink).where(
            LogInLink.account_id == account_id, LogInLink.expires_at < moment - LINK_IS_GOOD_FOR
        )
    )
    token = token_urlsafe(32)
    db.add(
        LogInLink(
            account_id=account_id,
            token_hash=hashed(token),
            next_path=next_path,
            expires_at=moment + LINK_IS_GOOD_FOR,
        )
    )
    return token


def link_works(token: str) -> bool:
    """Would this link log somebody in? Looking does not use it up."""
    with reading() as db:
        found = db.scalar(
            select(LogInLink.id).where(
                LogInLink.token_hash == hashed(token),
                LogInLink.used_at.is_(None),
                LogInLink.expires_at > time.now(),
            )
        )
        return found is not None


def use_link(token: str) -> Arrival:
    """Whose link this is; it works no more. Raises LinkIsUsed."""
    moment = time.now()
    with transaction() as db:
        link = db.scalar(
            update(LogInLink)
            .where(
                LogInLink.token_hash == hashed(token),
                LogInLink.used_at.is_(None),
                LogInLink.expires_at > moment,
            )
            .values(used_at=moment)
            .returning(LogInLink)
        )
        account = db.scalar(may_come_in().where(Account.id == link.account_id)) if link else None
        if link is None or account is None:
            raise LinkIsUsed
        return Arrival(account, link.next_path)


# --- devices


def open_device(account_id: UUID, label: str) -> UUID:
    """This account logs in on a browser; the id of the device is what its cookie holds."""
    moment = time.now()
    device = Device(account_id=account_id, label=label, signed_in_at=moment, seen_at=moment)
    with transaction() as db:
        db.execute(
            delete(Device).where(
                Device.account_id == account_id,
                or_(
                    Device.revoked_at < moment - FORGET_DEVICES_AFTER,
                    Device.seen_at < moment - FORGET_DEVICES_AFTER,
                ),
            )
        )
        db.add(device)
    return device.id


def devices_of(actor: Account, *, idle: timedelta) -> list[Device]:
    """Where somebody is logged in, the device last used first."""
    with reading() as db:
        return list(
            db.scalars(
                select(Device)
                .where(Device.account_id == actor.id, Device.revoked_at.is_(None))
                .where(Device.seen_at > time.now() - idle)
                .order_by(Device.seen_at.desc())
            )
        )


def seen(device_id: UUID) -> None:
    """A device is in use. Stored once in five minutes at most."""
    moment = time.now()
    with transaction() as db:
        db.execute(
            update(Device)
            .where(Device.id == device_id, Device.seen_at < moment - SEEN_EVERY)
            .values(seen_at=moment)
        )


def close_device(device_id: UUID) -> None:
    """Somebody logs out on this device."""
    with transaction() as db:
        db.execute(update(Device).where(Device.id == device_id).values(revoked_at=time.now()))


def revoke_device(actor: Account, device_id: UUID) -> None:
    """Log one of somebody's own devices out. Raises NotFound."""
    with transaction() as db:
        done = changed(
            db,
            update(Device)
            .where(Device.id == device_id, Device.account_id == actor.id, Device.revoked_at.is_(None))
            .values(revoked_at=time.now()),
        )
        if done != 1:
            raise NotFound(str(_("Dit apparaat was al uitgelogd.")))


def revoke_others(actor: Account, keep: UUID | None) -> None:
    """Log somebody out everywhere but on this device."""
    with transaction() as db:
        revoke_all(db, actor.id, keep)


def revoke_all(db: Session, account_id: UUID, keep: UUID | None = None) -> None:
    """Log an account out everywhere, within the caller's transaction."""
    every = update(Device).where(Device.account_id == account_id, Device.revoked_at.is_(None))
    db.execute((every.where(Device.id != keep) if keep else every).values(revoked_at=time.now()))
