"""Somebody was asked to join, and says yes."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from wijkapp.kit import limits
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext as _
from wijkapp.people import service
from wijkapp.people import session as device
from wijkapp.people.forms import ROLES, AcceptForm
from wijkapp.people.views.room import bp
from wijkapp.people.views.sign_in import PER_ADDRESS, address


@bp.get("/uitnodiging/<token>")
def invitation(token: str) -> ResponseReturnValue:
    asked = service.invitation_by_token(token)
    return _page(token, AcceptForm(formdata=None, name=asked.name))


def _page(token: str, form: AcceptForm) -> str:
    asked = service.invitation_by_token(token)
    roles = [word for role, word in ROLES.items() if role in asked.roles]
    return render_template("people/invitation.html", token=token, form=form, invitation=asked, roles=roles)


@bp.post("/uitnodiging/<token>")
def accept(token: str) -> ResponseReturnValue:
    limits.count("accept", address(), PER_ADDRESS)
    form = AcceptForm()
    try:
        form.check()
    except Invalid:
        return _page(token, form), 422
    account = service.accept(token, form.name.data, form.phone.e164)
    # The invitation came by mail, so it is a first step as good as a link.
    onward = device.enter(account)
    flash(_("Welkom, %(name)s. Je account is er.", name=account.name))
    return onward
