"""Asking a colleague to join: an invitation is good for one account, for a week."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from wijkapp.kit import letters, outbox, time
from wijkapp.kit.db import changed, reading, transaction
from wijkapp.kit.errors import Invalid, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import access
from wijkapp.people.models import Account, AccountInvitation, AccountRole, Organisation
from wijkapp.people.rules import FITTING_ROLES, Role, roles_to_give
from wijkapp.people.service.sign_in import hashed

INVITATION_IS_GOOD_FOR = timedelta(days=7)


class InvitationIsOver(Refused):
    """An invitation that was accepted or withdrawn, is too old, or never was."""

    status = 410
    sentence = _("Deze uitnodiging werkt niet meer. Vraag degene die je uitnodigde om een nieuwe.")


class AlreadyHere(Invalid):
    """Somebody with this address has an account, here or elsewhere."""

    def __init__(self) -> None:
        super().__init__(
            fields={"email": str(_("Dit adres heeft al een account op wijkapp. Gebruik een ander adres."))}
        )


class AlreadyInvited(Invalid):
    """An invitation to this address is open, here or elsewhere."""

    def __init__(self) -> None:
        super().__init__(fields={"email": str(_("Naar dit adres is al een uitnodiging gestuurd."))})


@dataclass(frozen=True)
class Invitee:
    """Who is asked to join, and as what."""

    email: str
    name: str
    roles: frozenset[Role]


def invite(actor: Account, invitee: Invitee) -> None:
    """Mail somebody an invitation for the actor's own organisation. Raises Invalid."""
    access.require(actor, "people.manage", organisation_id=actor.organisation_id)
    with transaction() as db:
        send_invitation(db, db.get_one(Organisation, actor.organisation_id), invitee, by=actor)


def send_invitation(db: Session, organisation: Organisation, invitee: Invitee, *, by: Account) -> None:
    """Mail an invitation for this organisation, once the caller's transaction is stored. Raises Invalid."""
    token = make_invitation(db, organisation, invitee, by=by)
    _post(db, organisation, by.name, invitee.email, invitee.name, token)


def make_invitation(db: Session, organisation: Organisation, invitee: Invitee, *, by: Account | None) -> str:
    """The token of a new invitation, within the caller's transaction. Raises Invalid."""
    email, moment = invitee.email.lower(), time.now()
    check_roles(invitee.roles, roles_to_give(organisation.kind) if by else FITTING_ROLES[organisation.kind])
    if db.scalar(select(exists().where(Account.email == email))):
        raise AlreadyHere
    db.execute(  # one that nobody answered in a week is in nobody's way
        update(AccountInvitation)
        .where(AccountInvitation.email == email, AccountInvitation.accepted_at.is_(None))
        .where(AccountInvitation.withdrawn_at.is_(None), AccountInvitation.expires_at <= moment)
        .values(withdrawn_at=moment)
    )
    token = token_urlsafe(32)
    invitation = AccountInvitation(
        organisation_id=organisation.id,
        invited_by_id=by.id if by else None,
        email=email,
        name=invitee.name,
        roles=tuple(sorted(invitee.roles)),
        token_hash=hashed(token),
        invited_at=moment,
        expires_at=moment + INVITATION_IS_GOOD_FOR,
    )
    try:
        with db.begin_nested():
            db.add(invitation)
    except IntegrityError as taken:  # the table allows one open invitation per address
        raise AlreadyInvited from taken
    return token


def check_roles(roles: Collection[Role], allowed: frozenset[Role]) -> None:
    """Raises Invalid when somebody would have no role, or one that cannot be given here."""
    if not roles:
        raise Invalid(fields={"roles": str(_("Kies minstens één rol."))})
    if not set(roles) <= allowed:
        raise Invalid(fields={"roles": str(_("Deze rol kun jij hier niet geven."))})


def open_invitations(actor: Account) -> list[AccountInvitation]:
    """Whom the actor's organisation asked and who has not answered; too old ones too."""
    access.require(actor, "people.manage", organisation_id=actor.organisation_id)
    with reading() as db:
        return list(
            db.scalars(
                _open()
                .where(AccountInvitation.organisation_id == actor.organisation_id)
                .order_by(AccountInvitation.invited_at.desc())
            )
        )


def withdraw(actor: Account, invitation_id: UUID) -> None:
    """The link in the mail works no more. Raises InvitationIsOver."""
    access.require(actor, "people.manage", organisation_id=actor.organisation_id)
    with transaction() as db:
        done = changed(
            db,
            update(AccountInvitation)
            .where(AccountInvitation.id == invitation_id, _of(actor), *_UNANSWERED)
            .values(withdrawn_at=time.now()),
        )
        if done != 1:
            raise InvitationIsOver(str(_("Deze uitnodiging was al beantwoord of ingetrokken.")))


def resend(actor: Account, invitation_id: UUID) -> None:
    """Mail the invitation again, with a new link and a new week; the old link works no more."""
    access.require(actor, "people.manage", organisation_id=actor.organisation_id)
    token, moment = token_urlsafe(32), time.now()
    with transaction() as db:
        invitation = db.scalar(
            update(AccountInvitation)
            .where(AccountInvitation.id == invitation_id, _of(actor), *_UNANSWERED)
            .values(token_hash=hashed(token), invited_at=moment, expires_at=moment + INVITATION_IS_GOOD_FOR)
            .returning(AccountInvitation)
        )
        if invitation is None:
            raise InvitationIsOver(str(_("Deze uitnodiging was al beantwoord of ingetrokken.")))
        _post(db, actor.organisation, actor.name, invitation.email, invitation.name, token)


def invitation_by_token(token: str) -> AccountInvitation:
    """The invitation of a link, with organisation and inviter. Raises InvitationIsOver."""
    with reading() as db:
        found = db.scalar(
            _open()
            .where(AccountInvitation.token_hash == hashed(token), AccountInvitation.expires_at > time.now())
            .options(joinedload(AccountInvitation.organisation), joinedload(AccountInvitation.invited_by))
        )
    if found is None or not found.organisation.active:
        raise InvitationIsOver
    return found


def accept(token: str, name: str, phone: str | None) -> Account:
    """An account for whoever was invited. Of two taps one makes it. Raises InvitationIsOver."""
    moment = time.now()
    with transaction() as db:
        invitation = db.scalar(
            update(AccountInvitation)
            .where(
                AccountInvitation.token_hash == hashed(token),
                AccountInvitation.expires_at > moment,
                *_UNANSWERED,
            )
            .values(accepted_at=moment)
            .returning(AccountInvitation)
        )
        if invitation is None:
            raise InvitationIsOver
        account = _make_account(db, invitation, name, phone)
        if invitation.invited_by_id:
            outbox.record(db, "people.member_joined", about=account.id, to=[invitation.invited_by_id])
        return account


def _make_account(db: Session, invitation: AccountInvitation, name: str, phone: str | None) -> Account:
    organisation = db.get_one(Organisation, invitation.organisation_id)
    if not organisation.active:
        raise InvitationIsOver
    account = Account(organisation=organisation, name=name, email=invitation.email, phone=phone, webauthn=[])
    account.roles = [AccountRole(role=Role(role)) for role in invitation.roles]
    try:
        with db.begin_nested():
            db.add(account)
    except IntegrityError as taken:  # meanwhile somebody made an account with this address
        raise InvitationIsOver from taken
    return account


_UNANSWERED = (AccountInvitation.accepted_at.is_(None), AccountInvitation.withdrawn_at.is_(None))


def _open() -> Select[AccountInvitation]:
    return select(AccountInvitation).where(*_UNANSWERED)


def _of(actor: Account) -> ColumnElement[bool]:
    return AccountInvitation.organisation_id == actor.organisation_id


def _post(db: Session, organisation: Organisation, inviter: str, email: str, name: str, token: str) -> None:
    words = {"name": name, "organisation": organisation.name, "inviter": inviter, "token": token}
    letters.post(db, "people.invitation", email.lower(), words)
