"""Logging in to the demo with one tap. Outside the demo these pages do not exist."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from wijkapp.kit.errors import NotFound
from wijkapp.people import factors, service
from wijkapp.people import session as device
from wijkapp.people.models import Account
from wijkapp.people.views.room import bp

LINK_LASTS = 30 * 24 * 3600  # seconds


def _account(token: str) -> Account:
    """Whose link this is. Raises NotFound outside the demo, and for a link this installation did not make."""
    if not device.demo():
        raise NotFound
    try:
        name = factors.demo_signer(device.settings()).loads(token, max_age=LINK_LASTS)
    except BadSignature as wrong:
        raise NotFound from wrong
    account = service.account_by_name(str(name))
    if account is None:
        raise NotFound
    return account


@bp.get("/demo/in/<token>")
def demo(token: str) -> ResponseReturnValue:
    account = _account(token)
    return render_template("people/demo.html", token=token, account=account)


@bp.post("/demo/in/<token>")
def enter_demo(token: str) -> ResponseReturnValue:
    device.come_in(_account(token), confirmed=True)
    return redirect("/")
