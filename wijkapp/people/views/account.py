"""The own account: who am I, how do I log in, and where."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit.errors import Invalid
from wijkapp.kit.phones import phone_as_written
from wijkapp.kit.words import gettext as _
from wijkapp.people import service
from wijkapp.people import session as device
from wijkapp.people.forms import ProfileForm
from wijkapp.people.rules import looks_right
from wijkapp.people.service import Profile
from wijkapp.people.views.room import bp


@bp.get("/account")
def account() -> ResponseReturnValue:
    me = device.signed_in()
    form = ProfileForm(formdata=None, obj=me)
    form.phone.data = phone_as_written(me.phone)
    return _page(form)


def _page(form: ProfileForm) -> str:
    me = device.signed_in()
    return render_template(
        "people/account.html",
        form=form,
        account=me,
        odd_big_number=bool(me.big_number) and not looks_right("big_number", me.big_number or ""),
        devices=service.devices_of(me, idle=device.idle()),
        here=device.current_device_id(),
    )


@bp.post("/account")
def save_account() -> ResponseReturnValue:
    form = ProfileForm()
    me = device.signed_in()
    try:
        form.check()
    except Invalid:
        return _page(form), 422
    service.save_profile(
        me,
        Profile(
            name=form.name.data,
            phone=form.phone.e164,
            job_title=form.job_title.data or None,
            big_number=form.big_number.data or None,
            language=form.language.data,
            quiet_from=form.quiet_from.data or me.quiet_from,
            quiet_until=form.quiet_until.data or me.quiet_until,
        ),
    )
    flash(_("Je gegevens zijn bewaard."))
    return redirect(url_for("people.account"))


@bp.post("/account/apparaten/<uuid:device_id>/uit")
def revoke_device(device_id: UUID) -> ResponseReturnValue:
    service.revoke_device(device.signed_in(), device_id)
    flash(_("Dat apparaat is uitgelogd."))
    return redirect(url_for("people.account"))


@bp.post("/account/apparaten/overige/uit")
def revoke_others() -> ResponseReturnValue:
    service.revoke_others(device.signed_in(), device.current_device_id())
    flash(_("Je bent overal uitgelogd, behalve hier."))
    return redirect(url_for("people.account"))
