"""Answering, choosing, and what follows: the doors of an offer. Parse, one call, answer."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext as _
from wijkapp.matching import service
from wijkapp.matching.offer_forms import (
    ChooseForm,
    DeclineForm,
    OfferForm,
    ReturnForm,
    SplitForm,
    StartForm,
    TogetherForm,
)
from wijkapp.matching.pages import bp, page
from wijkapp.people.session import signed_in

__all__ = ["bp"]


def _back_to(request_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("matching.show", request_id=request_id))


@bp.post("/zorgvragen/<uuid:request_id>/aanbod")
def offer(request_id: UUID) -> ResponseReturnValue:
    """All of it with one tap, or what the form says."""
    form = OfferForm()
    if not form.validate():
        return page(request_id, offer=form), 422
    try:
        service.offer_part(signed_in(), request_id, form.able)
    except Invalid as wrong:
        form.blame(wrong)
        return page(request_id, offer=form), wrong.status
    flash(_("Je aanbod is verstuurd. De vrager bespreekt het met de cliënt."))
    return _back_to(request_id)


@bp.post("/zorgvragen/<uuid:request_id>/nee")
def decline(request_id: UUID) -> ResponseReturnValue:
    form = DeclineForm()
    if not form.validate():
        return page(request_id, decline=form), 422
    service.decline(signed_in(), request_id, form.code, form.remark.data or None, now_full=form.now_full)
    if form.now_full:
        flash(_("Je antwoord is verstuurd, en jullie staan nu op vol."))
    else:
        flash(_("Je antwoord is verstuurd. Kun je later toch? Dan kun je hier nog een aanbod doen."))
    return _back_to(request_id)


@bp.post("/aanbod/<uuid:offer_id>/intrekken")
def withdraw_offer(offer_id: UUID) -> ResponseReturnValue:
    request_id = service.withdraw_offer(signed_in(), offer_id)
    flash(_("Je aanbod is ingetrokken."))
    return _back_to(request_id)


@bp.post("/aanbod/<uuid:offer_id>/kies")
def choose_offer(offer_id: UUID) -> ResponseReturnValue:
    form = ChooseForm()
    me = signed_in()
    if not form.validate():
        return page(service.request_of(me, offer_id), choose=form), 422
    request_id = service.choose_offer(me, offer_id, form.code, form.how)
    flash(_("Geplaatst. Bel nu de contactpersoon om de start af te spreken."))
    return _back_to(request_id)


@bp.post("/zorgvragen/<uuid:request_id>/kies")
def choose(request_id: UUID) -> ResponseReturnValue:
    """A few offers together: all of them, or none."""
    form = TogetherForm()
    if not form.validate():
        return page(request_id, choose=form), 422
    service.choose(signed_in(), request_id, form.offers.data, form.code, form.how)
    flash(_("Geplaatst bij alle aanbieders samen. Bel ze om de start af te spreken."))
    return _back_to(request_id)


@bp.post("/zorgvragen/<uuid:request_id>/open-houden")
def keep_open(request_id: UUID) -> ResponseReturnValue:
    service.keep_open(signed_in(), request_id)
    flash(_("De zorgvraag blijft open. Wat er staat, kun je nog steeds kiezen."))
    return _back_to(request_id)


@bp.post("/zorgvragen/<uuid:request_id>/waarschuw")
def watch_for_place(request_id: UUID) -> ResponseReturnValue:
    service.watch_for_place(signed_in(), request_id)
    flash(_("Je krijgt bericht zodra er een plek vrijkomt."))
    return _back_to(request_id)


@bp.post("/zorgvragen/<uuid:request_id>/waarschuw-niet")
def stop_watching(request_id: UUID) -> ResponseReturnValue:
    service.stop_watching(signed_in(), request_id)
    flash(_("Je krijgt hier geen bericht meer over."))
    return _back_to(request_id)


@bp.post("/zorgvragen/<uuid:request_id>/start")
def move_start(request_id: UUID) -> ResponseReturnValue:
    form = StartForm()
    if not form.validate():
        return page(request_id, start=form), 422
    service.move_start(signed_in(), request_id, form.day)
    flash(_("De startdatum is veranderd. Wie een aanbod deed of gekozen is, hoort dat."))
    return _back_to(request_id)


@bp.post("/zorgvragen/<uuid:request_id>/splits")
def split(request_id: UUID) -> ResponseReturnValue:
    form = SplitForm()
    if not form.validate():
        return page(request_id, split=form), 422
    try:
        made = service.split(signed_in(), request_id, form.moments.data or ())
    except Invalid as wrong:
        form.blame(wrong)
        return page(request_id, split=form), wrong.status
    flash(_("De zorgvraag is gesplitst. Dit is het nieuwe deel."))
    return _back_to(made)


@bp.post("/zorgvragen/<uuid:request_id>/terug")
def return_placement(request_id: UUID) -> ResponseReturnValue:
    form = ReturnForm()
    if not form.validate():
        return page(request_id, **{"return": form}), 422
    service.return_placement(signed_in(), request_id, form.code, form.placement.data)
    flash(_("Dit gaat niet door. De plek is teruggegeven en de vraag staat weer open."))
    return _back_to(request_id)
