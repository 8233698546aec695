"""The pages of the wijkregisseur, and the one on which a provider sees its own line."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit.words import gettext as _
from wijkapp.oversight import service, wording
from wijkapp.oversight.forms import OutsideForm
from wijkapp.oversight.rules import Period
from wijkapp.oversight.rules.position import LEAST_OTHERS
from wijkapp.people.session import signed_in

bp = Blueprint("oversight", __name__)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"told": wording, "periods": list(Period), "least_others": LEAST_OTHERS}


def _period() -> Period:
    try:
        return Period(request.args.get("periode", ""))
    except ValueError:
        return Period.MONTH


@bp.get("/regio")
def index() -> ResponseReturnValue:
    return render_template("oversight/index.html", page=service.overview(signed_in(), _period()))


@bp.get("/regio/verdeling")
def fairness() -> ResponseReturnValue:
    return render_template("oversight/fairness.html", page=service.fairness(signed_in(), _period()))


@bp.get("/regio/werklijst")
def work() -> ResponseReturnValue:
    return _work_page()


def _work_page(wrong: UUID | None = None, form: OutsideForm | None = None) -> str:
    page = service.work_list(signed_in())
    return render_template(
        "oversight/work.html", page=page, empty=OutsideForm(formdata=None), wrong=wrong, form=form
    )


@bp.post("/regio/werklijst/<uuid:request_id>/elders")
def record_outside(request_id: UUID) -> ResponseReturnValue:
    form = OutsideForm()
    if not form.validate():
        return _work_page(request_id, form), 422
    service.record_outside(signed_in(), request_id, form.where)
    flash(_("Vastgelegd. Wie de zorg vroeg, hoort dat er zorg is gevonden."))
    return redirect(url_for("oversight.work"))


@bp.get("/regio/voorstel")
def proposal() -> ResponseReturnValue:
    return render_template("oversight/proposal.html", page=service.proposal(signed_in()))


@bp.post("/regio/voorstel/<uuid:request_id>/<uuid:team_id>")
def accept(request_id: UUID, team_id: UUID) -> ResponseReturnValue:
    service.accept(signed_in(), request_id, team_id)
    flash(_("De aanbieder is nog eens gevraagd. Die beslist zelf, en de cliënt kiest."))
    return redirect(url_for("oversight.proposal"))


@bp.get("/onze-cijfers")
def own() -> ResponseReturnValue:
    me, period = signed_in(), _period()
    page, ours = service.own_line(me, period), service.ours(me, period)
    return render_template("oversight/own.html", page=page, ours=ours)
