"""A region seen from outside: by an insurer, a zorgkantoor, a municipality; and by the wijkregisseur."""

from datetime import date
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.kit.forms import Form
from wijkapp.kit.words import gettext as _
from wijkapp.oversight import evidence_words, exports, region_wording
from wijkapp.oversight.forms import NewOnlookerForm, OnlookerForm
from wijkapp.oversight.rules.looks import Look
from wijkapp.oversight.rules.weeks import Quarter
from wijkapp.oversight.service import evidence as evidence_service
from wijkapp.oversight.service import looks, onlookers, region
from wijkapp.oversight.service import signals as signals_service
from wijkapp.oversight.service.looks import Looked
from wijkapp.people import access
from wijkapp.people.rules import OrganisationKind
from wijkapp.people.session import signed_in

bp = Blueprint("region", __name__)

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.context_processor
def _words() -> dict[str, object]:
    return {"told": region_wording}


@bp.after_request
def _write_down(answer: Response) -> Response:
    """No outsider sees a region without a line about it. When that fails, nothing is shown."""
    looked: list[Looked] = g.pop("looked", [])
    if looked and answer.status_code == 200 and access.is_outsider(signed_in()):
        looks.write_down(signed_in(), looked)
    # What was seen must be asked for again: the phone keeps no copy that nobody hears of.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _least() -> int:
    return int(current_app.config["SETTINGS"].smallest_shown)


def _asked() -> tuple[UUID | None, Quarter | None]:
    try:
        chosen = UUID(request.args.get("regio", ""))
    except ValueError:
        chosen = None
    return chosen, Quarter.read(request.args.get("kwartaal", ""))


def _page(what: Look) -> region.RegionPage | None:
    page = region.region_page(signed_in(), *_asked(), _least())
    if page is not None:
        g.looked = [Looked(page.region.id, what)]
    return page


@bp.get("/regio/overzicht")
def index() -> ResponseReturnValue:
    tiles = current_app.config["SETTINGS"].tiles
    return render_template("oversight/region.html", page=_page(Look.REGION), tiles=tiles)


@bp.get("/regio/overzicht/verloop")
def trend() -> ResponseReturnValue:
    return render_template("oversight/trend.html", page=_found(_page(Look.TREND)))


def _found(page: region.RegionPage | None) -> region.RegionPage:
    if page is None:
        raise NotFound
    return page


@bp.get("/regio/overzicht/wijken.csv")
def csv_wijken() -> ResponseReturnValue:
    page = _found(_page(Look.CSV))
    return _file(exports.as_csv(exports.wijken(page)), CSV, f"wijken-{page.quarter}.csv")


@bp.get("/regio/overzicht/weken.csv")
def csv_weeks() -> ResponseReturnValue:
    page = _found(_page(Look.CSV))
    return _file(exports.as_csv(exports.weeks(page)), CSV, f"weken-{page.quarter}.csv")


@bp.get("/regio/overzicht/regio.xlsx")
def xlsx() -> ResponseReturnValue:
    page = _found(_page(Look.XLSX))
    return _file(exports.as_xlsx(page), XLSX, f"regio-{page.quarter}.xlsx")


@bp.get("/regio/overzicht/regio.pdf")
def pdf() -> ResponseReturnValue:
    page = _found(_page(Look.PDF))
    return _file(exports.as_pdf(page), "application/pdf", f"regio-{page.quarter}.pdf")


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/regio/overzicht/<code>")
def wijk(code: str) -> ResponseReturnValue:
    _region, quarter = _asked()
    page = region.wijk_picture(signed_in(), code, quarter, _least())
    g.looked = [Looked(page.region.id, Look.WIJK, page.wijk.id)]
    return render_template("oversight/wijk.html", page=page)


@bp.get("/regio/overzicht/<code>/melden")
def report(code: str) -> ResponseReturnValue:
    page = region.wijk_picture(signed_in(), code, None, _least())
    g.looked = [Looked(page.region.id, Look.REPORT, page.wijk.id)]
    address = current_app.config["SETTINGS"].address + url_for(".wijk", code=code)
    return render_template("oversight/report.html", page=page, address=address)


@bp.get("/regio/afspraken/<uuid:agreement_id>/stand")
def evidence(agreement_id: UUID) -> ResponseReturnValue:
    page = evidence_service.evidence(signed_in(), agreement_id, _least())
    g.looked = [Looked(page.agreement.region_id, Look.AGREEMENT)]
    return render_template("oversight/evidence.html", page=page, proof=evidence_words)


@bp.get("/regio/signalen")
def signals() -> ResponseReturnValue:
    me = signed_in()
    page = signals_service.signals(me, _least())
    g.looked = [Looked(one.id, Look.SIGNALS) for one in region.regions_seen(me)]
    return render_template("oversight/signals.html", page=page)


@bp.get("/regio/wie-keek-mee")
def who_looked() -> ResponseReturnValue:
    try:
        until = date.fromisoformat(request.args.get("tot", ""))
    except ValueError:
        until = None
    return _looks_page(until)


def _looks_page(until: date | None = None, region_id: UUID | None = None, **sent: Form) -> str:
    """sent: a form that comes back, of this region"""
    page = looks.looks(signed_in(), until)
    forms = {}
    for one in page.may:
        if one.others is not None:
            mine = sent if one.region.id == region_id else {}
            known = mine.get("known") or OnlookerForm(formdata=None)
            forms[one.region.id] = known.offer(one.others), mine.get("new") or NewOnlookerForm(formdata=None)
    return render_template("oversight/looks.html", page=page, forms=forms)


@bp.post("/regio/wie-keek-mee/<uuid:region_id>/uitnodigen")
def invite(region_id: UUID) -> ResponseReturnValue:
    form = OnlookerForm().offer(onlookers.others(signed_in(), region_id))
    try:
        form.check()
        onlookers.invite(signed_in(), region_id, UUID(form.organisation.data))
    except Invalid as wrong:
        form.blame(wrong)
        return _looks_page(region_id=region_id, known=form), 422
    flash(_("De organisatie kan nu meekijken. De aanbieders horen het."))
    return redirect(url_for(".who_looked"))


@bp.post("/regio/wie-keek-mee/<uuid:region_id>/nieuw")
def invite_new(region_id: UUID) -> ResponseReturnValue:
    onlookers.others(signed_in(), region_id)  # who may not invite, hears so before what is wrong
    form = NewOnlookerForm()
    try:
        form.check()
        onlookers.invite_new(
            signed_in(),
            region_id,
            OrganisationKind(form.kind.data),
            form.name.data,
            (form.person.data, form.email.data),
        )
    except Invalid as wrong:
        form.blame(wrong)
        return _looks_page(region_id=region_id, new=form), 422
    flash(_("De uitnodiging is gemaild en werkt een week. De aanbieders horen het."))
    return redirect(url_for(".who_looked"))


@bp.post("/regio/wie-keek-mee/<uuid:region_id>/<uuid:organisation_id>/einde")
def end_looking(region_id: UUID, organisation_id: UUID) -> ResponseReturnValue:
    onlookers.end(signed_in(), region_id, organisation_id)
    flash(_("De organisatie kijkt niet meer mee. De aanbieders horen het."))
    return redirect(url_for(".who_looked"))
