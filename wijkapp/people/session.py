"""Who is logged in on this device: Flask-Security's session, and a device that can be revoked behind it.

Every request looks up the device and its account in one short read, so a revoked device or closed account is
out at its next request. docs/decisions/0003-logging-in.md says why the pages are ours.
"""

import time as clock
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, current_app, flash, g, has_request_context, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import Security, UserDatastore, login_user, logout_user

from wijkapp.kit import letters, time
from wijkapp.kit.config import Settings
from wijkapp.kit.errors import NotAllowed, NotSignedIn
from wijkapp.kit.words import gettext as _
from wijkapp.people import factors, service
from wijkapp.people.doors import DOORS
from wijkapp.people.models import Account, AccountRole, Passkey
from wijkapp.people.rules import device_label

DEVICE = "device"
HALF = "half"  # came through the first step, not yet the second
HALF_LASTS = 10 * 60  # seconds
CONFIRMED = "confirmed_at"
CONFIRMED_LASTS = 15 * 60  # seconds that one may change what protects the account
COOKIE_LASTS = timedelta(days=30)  # the device decides sooner: settings.idle_minutes


class Accounts(UserDatastore):
    """What Flask-Security may know: who somebody is. It never writes; `people.service` does (law 1)."""

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Account | None:
        return service.account_by_name(by["fs_uniquifier"]) if "fs_uniquifier" in by else None

    def find_role(self, role: str) -> None:
        return None


def init_app(app: Flask, settings: Settings) -> None:
    """Let people log in to this app."""
    letters.use(settings.secrets.master)
    app.config.update(
        PERMANENT_SESSION_LIFETIME=COOKIE_LASTS,
        SESSION_REFRESH_EACH_REQUEST=False,  # once in five minutes will do: see guard
        SESSION_PROTECTION=None,  # it watches the network address, which changes in a car
        REMEMBER_COOKIE_NAME="wijkapp_unused",
        **factors.configuration(settings),
    )
    accounts = Accounts(Account, AccountRole, Passkey)
    security = Security(app, accounts, register_blueprint=False, totp_cls=factors.Counted)
    security.login_manager.user_loader(_on_this_device)
    security.login_manager.request_loader(lambda _request: None)  # no log-in tokens in addresses or headers


def current_account() -> Account | None:
    """Who is logged in, with a second step where one is needed. In a request or a socket event."""
    account = arriving()
    return None if account is None or must_set_up(account) else account


def signed_in() -> Account:
    """Who is logged in. Raises NotSignedIn."""
    account = current_account()
    if account is None:
        raise NotSignedIn
    return account


def arriving() -> Account | None:
    """Who is logged in, even if they must still set up their second step."""
    if not has_request_context() or not current_user.is_authenticated:
        return None
    return cast(Account, current_user._get_current_object())


def visitor(permission: str | None) -> Account | None:
    """Whom a door with this permission sees: setting up a second step comes before everything else."""
    return arriving() if permission == "account.secure" else current_account()


def must_set_up(account: Account) -> bool:
    """Outside the demo nobody works without a second step."""
    return not demo() and not account.has_second_factor


def current_device_id() -> UUID | None:
    """The device this request comes from."""
    found = session.get(DEVICE)
    return UUID(found) if found else None


def idle() -> timedelta:
    """A device that did nothing for so long is logged out."""
    return timedelta(minutes=settings().idle_minutes)


def settings() -> Settings:
    """The settings of this process."""
    return cast(Settings, current_app.config["SETTINGS"])


def demo() -> bool:
    """Is this a made-up region, where a link is enough to log in?"""
    return settings().demo


def _on_this_device(uniquifier: str) -> Account | None:
    device_id = current_device_id()
    found = service.on_device(device_id, uniquifier, idle=idle()) if device_id else None
    if found is None:
        return None
    g.device_id = device_id
    account, g.seen_at = found
    return account


# --- at every door


def guard() -> ResponseReturnValue | None:
    """Before each request: is this device still in, may it pass? A response stops the request."""
    account = arriving()
    if account is None:
        if "_user_id" in session:
            leave()
            flash(_("Je bent uitgelogd op dit apparaat. Log opnieuw in."), "warning")
        return None
    permission = DOORS.get(request.endpoint or "")
    if g.seen_at < time.now() - service.SEEN_EVERY:
        # The one write that a GET may cause, once in five minutes: how else would an idle device be known?
        service.seen(g.device_id)
        session.modified = True  # and the browser keeps its cookie for another COOKIE_LASTS
    if permission == "account.secure" and account.has_second_factor and not _confirmed():
        return redirect(url_for("people.confirm", next=_came_from()))
    if permission not in {"public", "account.secure"} and must_set_up(account):
        if request.method != "GET":
            raise NotAllowed(_("Stel eerst een tweede stap in om in te loggen."))
        return redirect(url_for("people.set_up"))
    return None


def _confirmed() -> bool:
    return clock.time() - float(session.get(CONFIRMED, 0)) < CONFIRMED_LASTS


def _came_from() -> str:
    """Where to go back to after confirming: this page, or the one its form stood on."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return safe_path(urlsplit(request.referrer or "").path, url_for("people.account"))


def to_sign_in() -> ResponseReturnValue:
    """The log-in page, which comes back to the page that was asked for; not to what was searched for."""
    wanted = request.path
    return redirect(url_for("people.sign_in", next=None if wanted == "/" else wanted))


def safe_path(wanted: str | None, otherwise: str = "/") -> str:
    """A page of this app to go to, whatever an address says: never somebody else's site."""
    path = wanted or ""
    # Browsers read \ as / and leave out tabs and line ends; "//evil" is a site.
    if not path.startswith("/") or path[1:2] in {"/", "\\"} or any(c < " " or c == "\\" for c in path):
        return otherwise
    return path if len(path) <= 500 else otherwise


# --- coming in


def enter(account: Account, next_path: str = "/", *, second_step_done: bool = False) -> ResponseReturnValue:
    """The first step went well: on to the second when the account has one, else in."""
    if account.has_second_factor and not second_step_done:
        _start_afresh()
        session[HALF] = {"name": account.fs_uniquifier, "at": int(clock.time()), "next": next_path}
        return redirect(url_for("people.second_step"))
    come_in(account, confirmed=second_step_done)
    return redirect(next_path)


def come_in(account: Account, *, confirmed: bool) -> None:
    """Log this account in on this device."""
    if arriving() is not None:
        leave()
    device_id = service.open_device(account.id, device_label(request.user_agent.string))
    _start_afresh()
    session[DEVICE] = str(device_id)
    login_user(account, remember=False)
    if confirmed:
        confirm()


def _start_afresh() -> None:
    # Nothing of before the log in stays: no fixed session, no CSRF token that somebody else knew.
    session.clear()
    session.permanent = True
    g.pop(current_app.config["WTF_CSRF_FIELD_NAME"], None)


def half_way() -> tuple[Account, str] | None:
    """Who took the first step a moment ago on this device, and the page they were on their way to."""
    half = session.get(HALF)
    if not half or clock.time() - half["at"] > HALF_LASTS:
        return None
    account = service.account_by_name(half["name"])
    return (account, half["next"]) if account else None


def confirm() -> None:
    """Just now somebody proved who they are: they may change what protects the account, for a while."""
    session[CONFIRMED] = int(clock.time())


def leave() -> None:
    """Log this device out."""
    account, device_id = arriving(), current_device_id()
    if account is not None and device_id is not None:
        service.close_device(device_id)
    logout_user()
    _start_afresh()


# --- the demo


def demo_link(account: Account) -> str:
    """A path that logs in as this account, in the demo only."""
    return f"/demo/in/{factors.demo_signer(settings()).dumps(account.fs_uniquifier)}"
