"""The people of an organisation: who they are, what they may, and who may no longer come in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkapp.kit.db import reading, transaction
from wijkapp.kit.errors import NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account, AccountRole, Device, Organisation
from wijkapp.people.rules import FITTING_ROLES, Role, roles_to_give
from wijkapp.people.service.invite import check_roles
from wijkapp.people.service.sign_in import revoke_all


class LastAdmin(Refused):
    """An organisation without an admin could invite nobody and change nothing."""

    sentence = _("Dit is de laatste beheerder. Maak eerst iemand anders beheerder, dan kan dit wel.")


@dataclass(frozen=True)
class Member:
    account: Account
    seen_at: datetime | None  # None: never logged in


def members(actor: Account) -> list[Member]:
    """Everybody of the actor's own organisation, by name; those who left last."""
    access.require(actor, "people.manage", organisation_id=actor.organisation_id)
    seen = (
        select(Device.account_id, func.max(Device.seen_at).label("at")).group_by(Device.account_id).subquery()
    )
    with reading() as db:
        rows = db.execute(
            select(Account, seen.c.at)
            .outerjoin(seen, seen.c.account_id == Account.id)
            .where(Account.organisation_id == actor.organisation_id)
            .order_by(Account.active.desc(), func.lower(Account.name))
        )
        return [Member(account, at) for account, at in rows]


def member(actor: Account, account_id: UUID) -> Account:
    """One person of the actor's own organisation. Raises NotFound."""
    with reading() as db:
        return _mine(db, actor, account_id)


def set_roles(actor: Account, account_id: UUID, roles: Collection[Role]) -> None:
    """What a colleague may from now on. Raises NotFound, Invalid, LastAdmin."""
    with transaction() as db:
        account = _mine(db, actor, account_id)
        check_roles(roles, roles_to_give(account.organisation.kind, account.role_set))
        if Role.ADMIN not in roles:
            _another_admin(db, account)
        _set(account, roles)


def _set(account: Account, roles: Collection[Role]) -> None:
    account.roles = [
        next((held for held in account.roles if held.role is role), None) or AccountRole(role=role)
        for role in sorted(roles)
    ]


def appoint_coordinator(email: str, *, ends: bool = False) -> None:
    """Whoever hosts wijkapp makes somebody wijkregisseur, or ends that. Raises NotFound, Invalid."""
    with transaction() as db:
        account = db.scalar(select(Account).where(Account.email == email.lower()))
        if account is None:
            raise NotFound(str(_("Er is geen account met dit mailadres.")))
        roles = account.role_set - {Role.COORDINATOR} if ends else account.role_set | {Role.COORDINATOR}
        check_roles(roles, FITTING_ROLES[account.organisation.kind])
        _set(account, roles)


def deactivate(actor: Account, account_id: UUID) -> None:
    """Somebody left: out at once on every device, and not in again. Raises NotFound, LastAdmin."""
    with transaction() as db:
        account = _mine(db, actor, account_id)
        _another_admin(db, account)
        account.active = False
        revoke_all(db, account.id)


def reactivate(actor: Account, account_id: UUID) -> None:
    """Somebody is back and may log in again. Raises NotFound."""
    with transaction() as db:
        _mine(db, actor, account_id).active = True


def reset_factors(actor: Account, account_id: UUID) -> None:
    """A colleague lost their phone and codes: out everywhere, and a new second step at the next log in.

    Raises NotFound, and Refused for oneself: that would take the second step away from a stolen session.
    """
    if account_id == actor.id:
        raise Refused(
            str(_("Dit kan een andere beheerder voor je doen. Is die er niet? Vraag wie wijkapp beheert."))
        )
    with transaction() as db:
        forget_factors(db, _mine(db, actor, account_id))


def forget_factors(db: Session, account: Account) -> None:
    """No passkey, no authenticator, no codes, no password, no device; within the caller's transaction."""
    account.webauthn.clear()
    account.tf_totp_secret = account.password = None
    account.recovery_codes = ()
    revoke_all(db, account.id)


def _mine(db: Session, actor: Account, account_id: UUID) -> Account:
    access.require(actor, "people.manage", organisation_id=actor.organisation_id)
    account = db.get(Account, account_id)
    if account is None or account.organisation_id != actor.organisation_id:
        raise NotFound
    return account


def _another_admin(db: Session, account: Account) -> None:
    """Raises LastAdmin when this is the only active one."""
    # Two admins who drop each other at the same moment wait for one another.
    db.execute(select(Organisation.id).where(Organisation.id == account.organisation_id).with_for_update())
    others = (
        select(func.count())
        .select_from(Account)
        .join(AccountRole)
        .where(Account.organisation_id == account.organisation_id, Account.active, Account.id != account.id)
        .where(AccountRole.role == Role.ADMIN)
    )
    if Role.ADMIN in account.role_set and account.active and not db.scalar(others):
        raise LastAdmin
