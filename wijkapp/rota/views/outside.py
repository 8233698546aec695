"""What leaves the app: the paper of tonight, calendars, and whom to ring for a telephone switch."""

from uuid import UUID

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit import catalogues, time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import Invalid
from wijkapp.kit.limits import limiter
from wijkapp.kit.words import gettext as _
from wijkapp.people.session import signed_in
from wijkapp.rota import paper
from wijkapp.rota.forms.addresses import AddressForm
from wijkapp.rota.page_words import ADDRESSES
from wijkapp.rota.rules import AddressKind
from wijkapp.rota.service import addresses, feeds, sheet
from wijkapp.rota.service.addresses import NoAddress
from wijkapp.rota.views import switch
from wijkapp.rota.views.room import asked_region, bp


@bp.get("/vannacht")
def tonight() -> ResponseReturnValue:
    """The coming night on one page; the service worker keeps it on the device."""
    with reading():
        return render_template("rota/tonight.html", sheet=sheet.sheet_for(signed_in(), asked_region()))


@bp.get("/vannacht.pdf")
def tonight_pdf() -> ResponseReturnValue:
    """The same to print."""
    page = sheet.sheet_for(signed_in(), asked_region())
    answer = make_response(paper.pdf(page))
    answer.headers["Content-Type"] = "application/pdf"
    day = time.local(page.made_at).date()
    answer.headers["Content-Disposition"] = f'inline; filename="dienst-{day}.pdf"'
    return answer


@bp.get("/adressen", endpoint="addresses")
def all_addresses() -> ResponseReturnValue:
    """Calendars to subscribe to, and the address for a telephone switch."""
    return _addresses(asked_region())


def _addresses(region_id: UUID | None, **fresh: object) -> str:
    with reading():
        page = addresses.address_page(signed_in(), region_id)
        return render_template(
            "rota/addresses.html", page=page, kinds=ADDRESSES, **{"fresh": None, "links": ()} | fresh
        )


@bp.post("/adressen")
def make_address() -> ResponseReturnValue:
    """A new address. It is shown in this answer, and never again."""
    form = AddressForm()
    if not form.validate():
        raise Invalid(fields={"kind": _("Kies wat het adres moet geven.")})
    kind = AddressKind(form.kind.data)
    secret = addresses.make(signed_in(), kind, form.region_id)
    answer = make_response(_addresses(form.region_id, fresh=kind, links=_links(kind, form.region_id, secret)))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _links(kind: AddressKind, region_id: UUID, secret: str) -> tuple[tuple[str, str], ...]:
    """What an address is called, and the address."""
    here = current_app.config["SETTINGS"].address
    if kind is not AddressKind.PHONE:
        return ((_("Adres van de agenda"), here + url_for(".feed", secret=secret)),)
    text = url_for("rota_switch.now_text", region_id=region_id, token=secret)
    return (
        (_("Nummers als tekst"), here + text),
        (_("Uitgebreid, als JSON"), here + url_for("rota_switch.now", region_id=region_id)),
        (_("Token voor de kop Authorization: Bearer"), secret),
    )


@bp.post("/adressen/<uuid:address_id>/intrekken")
def revoke_address(address_id: UUID) -> ResponseReturnValue:
    """From now on this address gives nothing."""
    addresses.revoke(signed_in(), address_id)
    flash(_("Ingetrokken. Dit adres geeft niets meer."))
    return redirect(url_for(".addresses", regio=asked_region()))


@bp.get("/agenda/<secret>.ics")
@limiter.limit("300 per minute")  # those who keep calendars ask for many people at once
def feed(secret: str) -> ResponseReturnValue:
    """A calendar to subscribe to, for whoever has its address."""
    page = current_app.config["SETTINGS"].address + "/dienst/{duty}"
    try:
        found = feeds.feed(secret, page, catalogues.speaking)
    except NoAddress as refused:  # a calendar asks, which cannot log in
        return str(refused.sentence), 404, {"Content-Type": "text/plain; charset=utf-8"}
    answer = make_response(found.body)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'inline; filename="dienst.ics"'
    answer.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    answer.add_etag()
    return answer.make_conditional(request)


@bp.teardown_request
def _write_down(_error: BaseException | None) -> None:
    switch.write_down()
