"""The register of agreements, one agreement, its gates, and changing what is said of it."""

from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.agreements.drafting import templates
from wijkapp.agreements.register import Kind, Phase
from wijkapp.agreements.register_forms import AgreementForm, BackForm, BeginForm, GateForm
from wijkapp.agreements.service import dossier, meanwhile, points, route, tasks
from wijkapp.agreements.service import register as service
from wijkapp.agreements.views.room import bp
from wijkapp.kit import time
from wijkapp.kit.errors import Invalid, NotAllowed
from wijkapp.kit.forms import plain
from wijkapp.kit.words import gettext as _
from wijkapp.people.session import signed_in

Chosen = TypeVar("Chosen", bound=StrEnum)
LONGEST_SEARCH = 80


@bp.get("/afspraken")
def index() -> ResponseReturnValue:
    words = plain(request.args.get("q", ""))[:LONGEST_SEARCH]
    kind, phase = _one_of(Kind, "soort"), _one_of(Phase, "fase")
    page = service.register(signed_in(), words=words, kind=kind, phase=phase)
    return render_template(
        "register/index.html",
        page=page,
        words_asked=words,
        kind=kind,
        phase=phase,
        to_sign=tasks.to_sign(signed_in()),
        own=tasks.own_tasks(signed_in()),
        today=time.today(),
        templates=templates(),
    )


def _one_of(kind: type[Chosen], name: str) -> Chosen | None:
    try:
        return kind(request.args.get(name, ""))
    except ValueError:
        return None


@bp.get("/afspraken/nieuw")
def new() -> ResponseReturnValue:
    return _new_page(BeginForm(formdata=None))


@bp.post("/afspraken/nieuw")
def begin() -> ResponseReturnValue:
    me = signed_in()
    form = BeginForm().offer(service.places(me).wijken)
    try:
        form.check()
        agreement_id = service.begin(me, form.facts)
    except Invalid as wrong:
        form.blame(wrong)
        return _new_page(form), 422
    flash(_("De afspraak staat in het register. Dit is de eerste stap."))
    return redirect(url_for(".show", agreement_id=agreement_id))


def _new_page(form: BeginForm) -> str:
    places = service.places(signed_in())
    return render_template("register/new.html", form=form.offer(places.wijken), places=places)


@bp.get("/afspraken/<uuid:agreement_id>")
def show(agreement_id: UUID) -> ResponseReturnValue:
    return _page(agreement_id, BackForm(formdata=None))


def _page(agreement_id: UUID, back: BackForm) -> str:
    me = signed_in()
    page = dossier.file(me, agreement_id)
    return render_template(
        "register/show.html",
        page=page,
        seeds=service.words_of(page.agreement),
        steps=points.steps(me, agreement_id),
        back=back,
    )


@bp.get("/afspraken/<uuid:agreement_id>/wijzigen")
def edit(agreement_id: UUID) -> ResponseReturnValue:
    page = dossier.file(signed_in(), agreement_id)
    if not page.hands.manage:
        raise NotAllowed
    if page.agreement.phase is Phase.ENDED:
        raise service.Ended
    return _edit_page(page, AgreementForm.of(page.agreement))


@bp.post("/afspraken/<uuid:agreement_id>/wijzigen")
def change(agreement_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    page = dossier.file(me, agreement_id)
    form = AgreementForm().offer(service.places(me).wijken)
    try:
        form.check()
        service.change(me, agreement_id, form.facts_of(page.agreement), seen=form.seen.data or "")
    except Invalid as wrong:
        form.blame(wrong)
        return _edit_page(page, form), 422
    except meanwhile.TypedOver as changed:
        return _edit_page(dossier.file(me, agreement_id), form, str(changed.sentence)), 409
    flash(_("Bewaard."))
    return redirect(url_for(".show", agreement_id=agreement_id))


def _edit_page(page: dossier.File, form: AgreementForm, changed: str = "") -> str:
    form.offer(service.places(signed_in()).wijken)
    if changed or not form.seen.data:
        form.seen.data = meanwhile.said_of(page.agreement)
    seeds = service.words_of(page.agreement)
    return render_template("register/edit.html", page=page, form=form, seeds=seeds, changed=changed)


@bp.post("/afspraken/<uuid:agreement_id>/groei")
def grow(agreement_id: UUID) -> ResponseReturnValue:
    service.grow(signed_in(), agreement_id)
    flash(_("Jullie gaan verder op de volledige route. Wat klaar was, blijft klaar."))
    return redirect(url_for(".show", agreement_id=agreement_id))


@bp.post("/afspraken/<uuid:agreement_id>/verder")
def go_on(agreement_id: UUID) -> ResponseReturnValue:
    route.go_on(signed_in(), agreement_id)
    flash(_("Jullie zijn een stap verder."))
    return redirect(url_for(".show", agreement_id=agreement_id))


@bp.post("/afspraken/<uuid:agreement_id>/terug")
def go_back(agreement_id: UUID) -> ResponseReturnValue:
    form = BackForm()
    try:
        form.check()
        route.go_back(signed_in(), agreement_id, Phase(form.phase.data), form.reason.data)
    except Invalid as wrong:
        form.blame(wrong)
        return _page(agreement_id, form), 422
    flash(_("Jullie zijn terug in een eerdere fase. Wat klaar was, blijft klaar."))
    return redirect(url_for(".show", agreement_id=agreement_id))


@bp.get("/afspraken/<uuid:agreement_id>/poort/<int:number>")
def gate(agreement_id: UUID, number: int) -> ResponseReturnValue:
    page = dossier.gate_page(signed_in(), agreement_id, number)
    return _gate_page(page, GateForm(formdata=None, data={"decided_on": time.today()}))


@bp.post("/afspraken/<uuid:agreement_id>/poort/<int:number>")
def decide(agreement_id: UUID, number: int) -> ResponseReturnValue:
    me = signed_in()
    page = dossier.gate_page(me, agreement_id, number)
    form = GateForm().offer(page.decisions, page.back, page.agreement.path)
    try:
        form.check()
        route.decide(me, agreement_id, number, form.decided)
    except Invalid as wrong:
        form.blame(wrong)
        return _gate_page(page, form), 422
    except route.GateShut as shut:
        return _gate_page(page, form, shut=str(shut.sentence)), 409
    flash(_("Het besluit is vastgelegd."))
    return redirect(url_for(".show", agreement_id=agreement_id))


def _gate_page(page: dossier.GatePage, form: GateForm, shut: str = "") -> str:
    form.offer(page.decisions, page.back, page.agreement.path)
    seeds = service.words_of(page.agreement)
    return render_template("register/gate.html", page=page, form=form, seeds=seeds, shut=shut)
