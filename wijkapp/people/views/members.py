"""Who works at the own organisation, and who is asked to join."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit import limits
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext as _
from wijkapp.people import service
from wijkapp.people import session as device
from wijkapp.people.forms import InviteForm, RolesForm
from wijkapp.people.models import Account
from wijkapp.people.rules import roles_to_give
from wijkapp.people.service import Invitee
from wijkapp.people.views.room import bp

PER_ORGANISATION = "30 per hour"


@bp.get("/organisatie/leden")
def members() -> ResponseReturnValue:
    return _page(_invite_form(empty=True))


def _invite_form(*, empty: bool = False) -> InviteForm:
    form = InviteForm(formdata=None) if empty else InviteForm()
    form.offer(roles_to_give(device.signed_in().organisation.kind))
    return form


def _page(form: InviteForm) -> str:
    me = device.signed_in()
    return render_template(
        "people/members.html",
        form=form,
        members=service.members(me),
        invitations=service.open_invitations(me),
        inviting=bool(form.errors),
    )


@bp.post("/organisatie/leden")
def invite() -> ResponseReturnValue:
    me, form = device.signed_in(), _invite_form()
    try:
        form.check()
        limits.count("invite", str(me.organisation_id), PER_ORGANISATION)
        service.invite(me, Invitee(form.email.data, form.name.data, form.chosen()))
    except Invalid as wrong:
        form.blame(wrong)
        return _page(form), 422
    flash(_("De uitnodiging is onderweg naar %(address)s.", address=form.email.data))
    return redirect(url_for("people.members"))


@bp.post("/organisatie/uitnodigingen/<uuid:invitation_id>/opnieuw")
def resend(invitation_id: UUID) -> ResponseReturnValue:
    me = device.signed_in()
    limits.count("invite", str(me.organisation_id), PER_ORGANISATION)
    service.resend(me, invitation_id)
    flash(_("De uitnodiging is opnieuw verstuurd. De oude link werkt niet meer."))
    return redirect(url_for("people.members"))


@bp.post("/organisatie/uitnodigingen/<uuid:invitation_id>/intrekken")
def withdraw(invitation_id: UUID) -> ResponseReturnValue:
    service.withdraw(device.signed_in(), invitation_id)
    flash(_("De uitnodiging is ingetrokken."))
    return redirect(url_for("people.members"))


# --- one colleague


@bp.get("/organisatie/leden/<uuid:account_id>")
def member(account_id: UUID) -> ResponseReturnValue:
    colleague = service.member(device.signed_in(), account_id)
    form = RolesForm(formdata=None, roles=sorted(colleague.role_set))
    return _member_page(colleague, form)


def _member_page(colleague: Account, form: RolesForm) -> str:
    form.offer(roles_to_give(colleague.organisation.kind, colleague.role_set))
    return render_template("people/member.html", colleague=colleague, form=form)


@bp.post("/organisatie/leden/<uuid:account_id>/rollen")
def set_roles(account_id: UUID) -> ResponseReturnValue:
    colleague, form = service.member(device.signed_in(), account_id), RolesForm()
    form.offer(roles_to_give(colleague.organisation.kind, colleague.role_set))
    try:
        form.check()
        service.set_roles(device.signed_in(), account_id, form.chosen())
    except Invalid as wrong:
        form.blame(wrong)
        return _member_page(colleague, form), 422
    flash(_("De rollen van %(name)s zijn bewaard.", name=colleague.name))
    return redirect(url_for("people.members"))


@bp.post("/organisatie/leden/<uuid:account_id>/uit")
def deactivate(account_id: UUID) -> ResponseReturnValue:
    service.deactivate(device.signed_in(), account_id)
    flash(_("Deze collega kan niet meer inloggen en is overal uitgelogd."))
    return redirect(url_for("people.members"))


@bp.post("/organisatie/leden/<uuid:account_id>/terug")
def reactivate(account_id: UUID) -> ResponseReturnValue:
    service.reactivate(device.signed_in(), account_id)
    flash(_("Deze collega kan weer inloggen."))
    return redirect(url_for("people.member", account_id=account_id))


@bp.post("/organisatie/leden/<uuid:account_id>/beveiliging")
def reset_factors(account_id: UUID) -> ResponseReturnValue:
    service.reset_factors(device.signed_in(), account_id)
    flash(_("Deze collega stelt bij de volgende keer inloggen een nieuwe tweede stap in."))
    return redirect(url_for("people.member", account_id=account_id))
