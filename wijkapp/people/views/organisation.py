"""What the own organisation tells about itself."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit.errors import Invalid
from wijkapp.kit.phones import phone_as_written
from wijkapp.kit.words import gettext as _
from wijkapp.people import service
from wijkapp.people import session as device
from wijkapp.people.forms import KINDS, OrganisationForm
from wijkapp.people.rules import WtzaStatus
from wijkapp.people.service import Details
from wijkapp.people.views.room import bp


@bp.get("/organisatie")
def organisation() -> ResponseReturnValue:
    mine = service.organisation_of(device.signed_in())
    form = OrganisationForm(formdata=None, obj=mine)
    form.phone.data = phone_as_written(mine.phone)
    form.on_public_page.data = mine.is_public
    return _page(form)


def _page(form: OrganisationForm) -> str:
    mine = service.organisation_of(device.signed_in())
    odd = service.odd_numbers(mine)
    return render_template(
        "people/organisation.html", form=form, organisation=mine, kind=KINDS[mine.kind], odd=odd
    )


@bp.post("/organisatie")
def save_organisation() -> ResponseReturnValue:
    form = OrganisationForm()
    try:
        form.check()
        service.save_organisation(
            device.signed_in(),
            Details(
                name=form.name.data,
                agb_code=form.agb_code.data or None,
                kvk_number=form.kvk_number.data or None,
                wtza_status=WtzaStatus(form.wtza_status.data),
                phone=form.phone.e164,
                email=form.email.data or None,
                place=form.place.data or None,
                on_public_page=form.on_public_page.data,
            ),
        )
    except Invalid as wrong:
        form.blame(wrong)
        return _page(form), 422
    flash(_("De gegevens zijn bewaard."))
    return redirect(url_for("people.organisation"))
