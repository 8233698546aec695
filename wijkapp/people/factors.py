"""Checking what somebody proves: passwords and codes by Flask-Security, passkeys by py_webauthn."""

import hmac
from base64 import urlsafe_b64encode
from typing import Any, cast
from urllib.parse import urlsplit

import webauthn
from flask import current_app, request
from flask_security import Security, Totp, hash_password, verify_password
from itsdangerous import URLSafeTimedSerializer
from passlib.totp import TotpMatch
from webauthn.helpers import options_to_json_dict, parse_authentication_credential_json
from webauthn.helpers import parse_registration_credential_json as parse_registration
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from wijkapp.kit.config import Settings
from wijkapp.kit.errors import Refused
from wijkapp.kit.words import lazy as _
from wijkapp.people import service
from wijkapp.people.models import Account
from wijkapp.people.service import NewPasskey

RECOVERY_CODES = 10
CODE_WINDOW = 30  # seconds that somebody's clock may be off


class NotRecognised(Refused):
    """A passkey that did not check out. Never says why: that helps nobody but a thief."""

    status = 422
    sentence = _("Deze passkey werkt hier niet. Probeer het opnieuw, of log in met een link per mail.")


class Counted(Totp):
    """Remembers which code it was, so that the same one does not work twice."""

    def get_last_counter(self, user: Any) -> int | None:
        return cast(Account, user).tf_last_counter or None

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        user.matched_counter = tmatch.counter  # on a detached account: `service.use_counter` stores it


def configuration(settings: Settings) -> dict[str, Any]:
    """Flask-Security's settings; every key derives from the master key, so there is nothing more to keep."""
    derive = settings.secrets.master.derive
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_SALT": derive("passwords").hex(),
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TOTP_SECRETS": {"1": urlsafe_b64encode(derive("authenticator")).decode()},
        "SECURITY_TOTP_ISSUER": "wijkapp",
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
    }


def _security() -> Security:
    return cast(Security, current_app.extensions["security"])


def _settings() -> Settings:
    return cast(Settings, current_app.config["SETTINGS"])


# --- passwords


def hashed_password(password: str) -> str:
    """As it is stored: argon2, peppered with a key that is not in the database."""
    return hash_password(password)


def password_is_right(account: Account | None, password: str) -> bool:
    """Takes as long for an unknown account or one without a password: time would tell who has one."""
    known = account.password if account else None
    right = verify_password(password, known or _some_hash())
    return right and known is not None


def _some_hash() -> str:
    if "people_some_hash" not in current_app.extensions:
        current_app.extensions["people_some_hash"] = hashed_password("no account has this one")
    return cast(str, current_app.extensions["people_some_hash"])


# --- codes of an authenticator app, and codes for when everything is lost


def totp() -> Totp:
    return _security().totp_factory


def matching_counter(account: Account, code: str, sealed_secret: str | None) -> int | None:
    """The counter of the code somebody typed; None when it is wrong, too old, or was used before."""
    digits = "".join(code.split())
    if not sealed_secret or not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        return None
    if not totp().verify_totp(digits, sealed_secret, account, window=CODE_WINDOW):
        return None
    return cast(int, vars(account).pop("matched_counter"))


def new_recovery_codes() -> tuple[list[str], tuple[str, ...]]:
    """Codes to show once, and as they are stored."""
    codes = totp().generate_recovery_codes(RECOVERY_CODES)
    return codes, tuple(hashed_recovery_code(code) for code in codes)


def hashed_recovery_code(code: str) -> str:
    """Keyed: a stolen database alone does not give the codes away, however short they are."""
    typed = "".join(c for c in code.lower() if c.isalnum())
    key = _settings().secrets.master.derive("recovery codes")
    return hmac.new(key, typed.encode(), "sha256").hexdigest()[:32]


def second_step(account: Account, code: str) -> bool:
    """Is this a code of the app, or a recovery code? Whichever it was, it works no more."""
    counter = matching_counter(account, code, account.tf_totp_secret)
    if counter is not None:
        service.use_counter(account.id, counter)
        return True
    return service.use_recovery_code(account.id, hashed_recovery_code(code))


# --- passkeys; always with a finger, a face or a PIN, so one passkey is two steps


def _origin() -> str:
    return _settings().base_url or request.host_url.rstrip("/")


def _site() -> str:
    return urlsplit(_origin()).hostname or ""


def registration_question(account: Account) -> dict[str, Any]:
    """What a browser needs to make a passkey; its `challenge` must come back signed."""
    options = webauthn.generate_registration_options(
        rp_id=_site(),
        rp_name="wijkapp",
        user_id=account.fs_webauthn_user_handle.encode(),
        user_name=account.email,
        user_display_name=account.name,
        exclude_credentials=[_descriptor(one.credential_id, one.transports) for one in account.webauthn],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json_dict(options)


def registered(answer: str, challenge: str) -> NewPasskey:
    """The passkey a browser made. Raises NotRecognised."""
    try:
        credential = parse_registration(answer)
        checked = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=webauthn.base64url_to_bytes(challenge),
            expected_origin=_origin(),
            expected_rp_id=_site(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise NotRecognised from wrong
    return NewPasskey(
        credential_id=checked.credential_id,
        public_key=checked.credential_public_key,
        sign_count=checked.sign_count,
        backed_up=checked.credential_backed_up,
        device_type=checked.credential_device_type.value,
        transports=tuple(one.value for one in credential.response.transports or ()),
    )


def sign_in_question(challenge: bytes | None = None) -> dict[str, Any]:
    """What a browser needs to use a passkey. The same for everybody: it does not tell who has one.

    challenge  what the passkey signs; None: something that was never asked before
    """
    options = webauthn.generate_authentication_options(
        rp_id=_site(), challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json_dict(options)


def evidence(answer: str) -> dict[str, Any]:
    """What a passkey made that was recognised a moment ago, for whoever checks it without us, years later."""
    credential = parse_authentication_credential_json(answer)
    found = service.passkey(credential.raw_id)
    if found is None:
        raise NotRecognised
    said = credential.response
    response = {
        "clientDataJSON": webauthn.helpers.bytes_to_base64url(said.client_data_json),
        "authenticatorData": webauthn.helpers.bytes_to_base64url(said.authenticator_data),
        "signature": webauthn.helpers.bytes_to_base64url(said.signature),
    }
    named = {"id": credential.id, "rawId": webauthn.helpers.bytes_to_base64url(credential.raw_id)}
    return {
        "credential": named | {"type": "public-key", "response": response},
        "public_key": found.public_key.hex(),
        "origin": _origin(),
        "site": _site(),
    }


def owner_by_passkey(answer: str, challenge: str) -> Account:
    """Whose passkey signed the challenge. Raises NotRecognised."""
    try:
        credential = parse_authentication_credential_json(answer)
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise NotRecognised from wrong
    found = service.passkey(credential.raw_id)
    account = service.account_by_id(found.user_id) if found else None
    if found is None or account is None:
        raise NotRecognised
    if credential.response.user_handle not in (None, account.fs_webauthn_user_handle.encode()):
        raise NotRecognised
    try:
        checked = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=webauthn.base64url_to_bytes(challenge),
            expected_origin=_origin(),
            expected_rp_id=_site(),
            credential_public_key=found.public_key,
            credential_current_sign_count=found.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as wrong:
        raise NotRecognised from wrong
    service.used_passkey(found, checked.new_sign_count, backed_up=checked.credential_backed_up)
    return account


def _descriptor(credential_id: bytes, transports: list[str] | None) -> PublicKeyCredentialDescriptor:
    known = {one.value for one in AuthenticatorTransport}
    return PublicKeyCredentialDescriptor(
        id=credential_id, transports=[AuthenticatorTransport(one) for one in transports or () if one in known]
    )


# --- the demo


def demo_signer(settings: Settings) -> URLSafeTimedSerializer:
    """Signs the links of the demo with a key of this installation."""
    return URLSafeTimedSerializer(settings.secrets.master.derive("demo links"), salt="demo")
