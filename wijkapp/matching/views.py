"""The pages of the journey. Parse, one call, answer."""

from collections.abc import Collection
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.clients.abouts import About
from wijkapp.kit.db import reading
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import gettext as _
from wijkapp.matching import offer_views, service, wording
from wijkapp.matching.forms import RequestForm, filled_in
from wijkapp.matching.offer_forms import WithdrawForm
from wijkapp.matching.pages import Forms, page
from wijkapp.matching.rules import Ehealth, FollowKind
from wijkapp.people import access
from wijkapp.people.session import signed_in
from wijkapp.rota.service import look as duties
from wijkapp.rota.service import swap_look

bp = offer_views.bp  # with the doors of answering and choosing


@bp.get("/")
def home() -> ResponseReturnValue:
    """Everybody's own first page."""
    me = signed_in()
    if access.may(me, "matching.answer") and me.organisation.is_provider:
        return redirect(url_for("matching.today"))
    if access.may(me, "matching.follow"):
        return redirect(url_for("matching.index"))
    if access.may(me, "oversight.view"):
        return redirect(url_for("region.index"))
    if access.may(me, "people.manage"):
        return redirect(url_for("people.organisation"))
    return redirect(url_for("directory.index"))


@bp.get("/vandaag")
def today() -> ResponseReturnValue:
    with reading():  # the cards and the numbers of the tabs are of one moment
        return render_template("matching/today.html", **_todays_cards())


@bp.get("/vandaag/kaarten")
def today_cards() -> ResponseReturnValue:
    return render_template("matching/_today.html", **_todays_cards())


def _todays_cards() -> dict[str, object]:
    me = signed_in()
    return {
        "work": service.today(me),
        "forms": Forms(),
        "duty": duties.card(me),
        "swaps": swap_look.waiting(me),
    }


@bp.get("/zorgvragen")
def index() -> ResponseReturnValue:
    with reading():
        return render_template("matching/index.html", lists=service.index(signed_in()))


@bp.get("/zorgvragen/lijst")
def index_list() -> ResponseReturnValue:
    return render_template("matching/_index.html", lists=service.index(signed_in()))


@bp.get("/zorgvragen/nieuw")
def new() -> ResponseReturnValue:
    """A question for care; after another one (?van=...&als=...) without typing that again."""
    kind = FOLLOW.get(request.args.get("als", ""), FollowKind.AGAIN)
    if wished := RequestForm.wished(request.args):  # from Zoek zorg
        return _form_page(_request_form(formdata=wished))
    if "van" not in request.args:
        given = {"follow_kind": kind.value} if kind is FollowKind.BACKUP else {}
        return _form_page(_request_form(data=given))
    try:
        before = UUID(request.args["van"])
    except ValueError:
        raise NotFound from None
    return _form_page(_request_form(data=filled_in(service.to_follow(signed_in(), before, kind))))


FOLLOW = {
    "opnieuw": FollowKind.AGAIN,
    "rest": FollowKind.REST,
    "meer": FollowKind.MORE,
    "overname": FollowKind.TAKEOVER,
    "achterwacht": FollowKind.BACKUP,
}
"""Words in an address -> why a request follows another one."""


@bp.post("/zorgvragen")
def post() -> ResponseReturnValue:
    me = signed_in()
    form = _request_form()
    if not form.validate():
        return _form_page(form), 422
    try:
        if form.outcome is Ehealth.SUFFICIENT:
            return _nobody_is_asked(form)
        request_id = service.post_following(me, UUID(form.form_id.data), form.profile())
    except Invalid as wrong:
        form.blame(wrong)
        return _form_page(form), wrong.status
    except Refused as refused:
        # What was filled in stays; the page says why nothing was sent.
        return _form_page(form, refused=str(refused.sentence)), refused.status
    flash(_("Je zorgvraag is verstuurd. Hier zie je wie antwoordt."))
    return redirect(url_for("matching.show", request_id=request_id))


def _nobody_is_asked(form: RequestForm) -> ResponseReturnValue:
    wanted = form.profile()
    service.an_aid_is_enough(signed_in(), UUID(form.form_id.data), wanted.pc4, wanted.products, wanted.aids)
    flash(_("Opgeschreven: een hulpmiddel is genoeg. Er is niemand gevraagd."))
    return redirect(url_for("matching.index"))


@bp.get("/zorgvragen/bereik")
def reach() -> ResponseReturnValue:
    """Who would be asked by what is filled in so far, and the summary of the last step."""
    form = _request_form(formdata=request.args, meta={"csrf": False})
    found, told = None, ""
    form.validate()
    if not form.pc4.errors and not form.products.errors:
        try:
            found = service.preview(signed_in(), form.sketch())
        except Invalid as wrong:
            told = wrong.fields.get("pc4", str(wrong.sentence))
    elif form.pc4.data and form.pc4.errors and len(form.pc4.data) >= 4:
        told = form.pc4.errors[0]
    return render_template("matching/_reach.html", form=form, reach=found, told=told)


def _request_form(**given: object) -> RequestForm:
    choices = service.choices(signed_in())
    return RequestForm.of(choices.products, choices.skills, choices.insurers, **given)


def _form_page(form: RequestForm, refused: str = "") -> str:
    return render_template("matching/new.html", form=form, refused=refused)


@bp.get("/zorgvragen/<uuid:request_id>")
def show(request_id: UUID) -> ResponseReturnValue:
    return page(request_id)


@bp.get("/zorgvragen/<uuid:request_id>/stand")
def standing(request_id: UUID) -> ResponseReturnValue:
    return page(request_id, template="matching/_standing.html")


@bp.post("/zorgvragen/<uuid:request_id>/gezien")
def see(request_id: UUID) -> ResponseReturnValue:
    service.see(signed_in(), request_id)
    return "", 204


@bp.post("/zorgvragen/<uuid:request_id>/breder")
def widen(request_id: UUID) -> ResponseReturnValue:
    service.widen(signed_in(), request_id)
    flash(_("Je zorgvraag is nu ook naar aanbieders verder weg gestuurd."))
    return _back_to(request_id)


@bp.post("/zorgvragen/<uuid:request_id>/intrekken")
def withdraw(request_id: UUID) -> ResponseReturnValue:
    form = WithdrawForm()
    if not form.validate():
        return page(request_id, withdraw=form), 422
    service.withdraw(signed_in(), request_id, form.code)
    flash(_("De zorgvraag is ingetrokken. Iedereen die gevraagd was, hoort dat."))
    return _back_to(request_id)


@bp.post("/zorgvragen/<uuid:request_id>/overgedragen")
def hand_over(request_id: UUID) -> ResponseReturnValue:
    service.hand_over(signed_in(), request_id)
    return _back_to(request_id)


@bp.post("/zorgvragen/<uuid:request_id>/gestart")
def start_care(request_id: UUID) -> ResponseReturnValue:
    service.start_care(signed_in(), request_id)
    return _back_to(request_id)


@bp.post("/zorgvragen/<uuid:request_id>/afgerond")
def close_care(request_id: UUID) -> ResponseReturnValue:
    service.close_care(signed_in(), request_id)
    flash(_("De zorg is afgerond. De plek is weer vrij."))
    return _back_to(request_id)


def _back_to(request_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("matching.show", request_id=request_id))


def describe(placement_ids: Collection[UUID]) -> dict[UUID, About]:
    """The care of these placements in words, for the files of their clients."""
    return {
        placement_id: About(
            care=wording.headline(line, line.names),
            where=wording.where(line),
            url=url_for("matching.show", request_id=line.id),
        )
        for placement_id, line in service.placed_requests(placement_ids).items()
    }
