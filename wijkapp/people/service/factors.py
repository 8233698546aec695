"""What proves that somebody is who they say: passkeys, the authenticator app, recovery codes, a password."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from wijkapp.kit import time
from wijkapp.kit.db import changed, reading, transaction
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people.models import Account, Passkey
from wijkapp.people.service.sign_in import CodeIsUsed, revoke_all

MOST_PASSKEYS = 10


class LastFactor(Refused):
    """Without a second step nobody could log in any more."""

    sentence = _("Dit is je enige tweede stap. Voeg eerst een andere toe, dan kun je deze weghalen.")


class PasskeyIsKnown(Refused):
    """This passkey belongs to an account already."""

    sentence = _("Deze passkey is al toegevoegd.")


@dataclass(frozen=True)
class NewPasskey:
    """What a browser gave, checked. `sign_count` 0: this passkey does not count."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    backed_up: bool
    device_type: str
    transports: tuple[str, ...]


def passkey(credential_id: bytes) -> Passkey | None:
    """The passkey a browser says it used."""
    with reading() as db:
        return db.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def add_passkey(actor: Account, new: NewPasskey, name: str, *, device_id: UUID | None) -> None:
    """From now on this passkey logs somebody in. Raises Invalid, PasskeyIsKnown."""
    with transaction() as db:
        account = _locked(db, actor.id)
        _name_is_free(account, name)
        if len(account.webauthn) >= MOST_PASSKEYS:
            raise Refused(str(_("Je hebt al tien passkeys. Haal er eerst één weg.")))
        if db.scalar(select(Passkey.id).where(Passkey.credential_id == new.credential_id)):
            raise PasskeyIsKnown
        _first_factor_logs_others_out(db, account, device_id)
        account.webauthn.append(
            Passkey(
                credential_id=new.credential_id,
                public_key=new.public_key,
                sign_count=new.sign_count,
                backup_state=new.backed_up,
                device_type=new.device_type,
                transports=list(new.transports),
                lastuse_datetime=time.now(),
                name=name,
                usage="first",
            )
        )


def used_passkey(found: Passkey, sign_count: int, *, backed_up: bool) -> None:
    """Remember how far its counter was: a copied passkey runs behind. Raises CodeIsUsed."""
    with transaction() as db:
        done = changed(
            db,
            update(Passkey)
            .where(Passkey.id == found.id, or_(Passkey.sign_count < sign_count, Passkey.sign_count == 0))
            .values(sign_count=sign_count, backup_state=backed_up, lastuse_datetime=time.now()),
        )
        if done != 1:
            raise CodeIsUsed


def rename_passkey(actor: Account, passkey_id: UUID, name: str) -> None:
    """Call it something else. Raises NotFound, Invalid."""
    with transaction() as db:
        account = _locked(db, actor.id)
        mine = _own(account, passkey_id)
        if mine.name != name:
            _name_is_free(account, name)
        mine.name = name


def remove_passkey(actor: Account, passkey_id: UUID, *, must_keep_one: bool) -> None:
    """It logs nobody in any more. Raises NotFound, LastFactor."""
    with transaction() as db:
        account = _locked(db, actor.id)
        mine = _own(account, passkey_id)
        if must_keep_one and len(account.webauthn) == 1 and not account.tf_totp_secret:
            raise LastFactor
        account.webauthn.remove(mine)


def set_authenticator(actor: Account, sealed_secret: str, counter: int, *, device_id: UUID | None) -> None:
    """Codes of this app count from now on.

    sealed_secret  as Flask-Security's Totp makes it
    counter        of the code that proved that the app works: it does not work a second time
    """
    with transaction() as db:
        account = _locked(db, actor.id)
        _first_factor_logs_others_out(db, account, device_id)
        account.tf_totp_secret = sealed_secret
        account.tf_last_counter = counter


def remove_authenticator(actor: Account, *, must_keep_one: bool) -> None:
    """Codes of the app no longer count. Raises LastFactor."""
    with transaction() as db:
        account = _locked(db, actor.id)
        if must_keep_one and not account.webauthn:
            raise LastFactor
        account.tf_totp_secret = None


def use_counter(account_id: UUID, counter: int) -> None:
    """A right code came in: it works no more, nor does an older one. Raises CodeIsUsed."""
    with transaction() as db:
        done = changed(
            db,
            update(Account)
            .where(Account.id == account_id, Account.tf_last_counter < counter)
            .values(tf_last_counter=counter),
        )
        if done != 1:
            raise CodeIsUsed


def set_recovery_codes(actor: Account, hashes: tuple[str, ...]) -> None:
    """These work, once each; the older ones no more."""
    with transaction() as db:
        _locked(db, actor.id).recovery_codes = hashes


def use_recovery_code(account_id: UUID, hashed_code: str) -> bool:
    """Was this one of the account's codes? It works no more."""
    with transaction() as db:
        account = _locked(db, account_id)
        if hashed_code not in account.recovery_codes:
            return False
        account.recovery_codes = tuple(code for code in account.recovery_codes if code != hashed_code)
        return True


def set_password(actor: Account, hashed_password: str | None, *, device_id: UUID | None) -> None:
    """Log in with this password too; None: by mail or passkey only. Other devices are logged out."""
    with transaction() as db:
        _locked(db, actor.id).password = hashed_password
        revoke_all(db, actor.id, keep=device_id)


def _locked(db: Session, account_id: UUID) -> Account:
    # Two taps at once must not both see "one factor left", or the same recovery code.
    return db.get_one(Account, account_id, with_for_update={"of": Account})


def _own(account: Account, passkey_id: UUID) -> Passkey:
    for mine in account.webauthn:
        if mine.id == passkey_id:
            return mine
    raise NotFound


def _name_is_free(account: Account, name: str) -> None:
    if any(mine.name.casefold() == name.casefold() for mine in account.webauthn):
        raise Invalid(fields={"name": str(_("Je hebt al een passkey met deze naam."))})


def _first_factor_logs_others_out(db: Session, account: Account, device_id: UUID | None) -> None:
    # Whoever came in elsewhere by mail alone would share in a second step they never took.
    if not account.has_second_factor:
        revoke_all(db, account.id, keep=device_id)
