"""The pages of a client's file. Parse, one call, answer.

A GET shows the outside only: code, parties, consent. What is known of the client is the answer to a POST, and
a line in the log.
"""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from wijkapp.clients import abouts, service, wording
from wijkapp.clients.abouts import About
from wijkapp.clients.doors import keep_nowhere, seat
from wijkapp.clients.forms import (
    AppointmentForm,
    ConsentForm,
    EmergencyForm,
    HandoverForm,
    IdentityForm,
    ObjectionForm,
    RefusalForm,
    ReportForm,
    ReviewForm,
)
from wijkapp.clients.rules import ConsentState, Data, Scope
from wijkapp.clients.service import Shell, consent, ends, glass, leaflet, news, vault
from wijkapp.clients.service.vault import Content, ReportShown
from wijkapp.kit import time, wanted
from wijkapp.kit.errors import Invalid, NotAllowed
from wijkapp.kit.forms import Form
from wijkapp.kit.words import gettext as _
from wijkapp.kit.words import listed
from wijkapp.people.session import signed_in

bp = Blueprint("clients", __name__)
bp.after_request(keep_nowhere)
bp.add_app_template_filter(listed)


@bp.app_context_processor
def _words() -> dict[str, object]:
    return {"file_says": wording, "ConsentState": ConsentState, "Data": Data}


# --- the outside


@bp.get("/clienten")
def index() -> ResponseReturnValue:
    return render_template("clients/index.html", **_lists())


@bp.get("/clienten/lijst")
def index_list() -> ResponseReturnValue:
    return render_template("clients/_index.html", **_lists())


def _lists() -> dict[str, object]:
    me = signed_in()
    lines = service.my_files(me)
    return {
        "lines": lines,
        "abouts": abouts.of([line.about_id for line in lines]),
        "fresh": news.unseen(me, [line.file_id for line in lines if line.may_look]),
    }


@bp.get("/clienten/<uuid:file_id>")
def show(file_id: UUID) -> ResponseReturnValue:
    return render_template("clients/show.html", content=None, **_outside(file_id))


@bp.get("/clienten/<uuid:file_id>/stand")
def standing(file_id: UUID) -> ResponseReturnValue:
    return render_template("clients/_standing.html", **_outside(file_id))


def _outside(file_id: UUID) -> dict[str, object]:
    shell = service.show_file(signed_in(), file_id)
    return {"shell": shell, "about": _about(shell), "version": news.version(file_id)}


def _about(shell: Shell) -> About | None:
    return abouts.of([shell.about_id]).get(shell.about_id)


# --- the inside


@bp.post("/clienten/<uuid:file_id>/inzien")
def look(file_id: UUID) -> ResponseReturnValue:
    # Asked before the file is opened: what is written meanwhile makes the page look again.
    version = news.version(file_id)
    content = vault.look(signed_in(), seat(), file_id)
    shell = service.show_file(signed_in(), file_id)
    inside = {
        "shell": shell,
        "content": content,
        "forms": _forms_of(shell, content),
        "version": version,
        "day_start": time.day_starts(time.today()),
    }
    if wanted.a_part():
        return render_template("clients/_content.html", **inside)
    return render_template("clients/show.html", about=_about(shell), **inside)


def _forms_of(shell: Shell, content: Content) -> dict[str, object]:
    """Filled in with what is there."""
    return {
        "identity": IdentityForm.of(content.person),
        "handover": HandoverForm.of(content.handovers[0].sbar if content.handovers else None),
        "appointment": _appointment(shell, formdata=None),
        "report": ReportForm(formdata=None),
        "correction": _correction,
    }


def _correction(report: ReportShown) -> ReportForm:
    return ReportForm(formdata=None, data={"text": report.text, "corrects": str(report.id)})


def _appointment(shell: Shell, **given: object) -> AppointmentForm:
    form = AppointmentForm(**given)
    parties = [(party.organisation_id, party.name) for party in shell.parties]
    own = signed_in().organisation_id
    form.offer(parties, own if own in dict(parties) else parties[0][0])
    return form


@bp.post("/clienten/<uuid:file_id>/wie")
def write_identity(file_id: UUID) -> ResponseReturnValue:
    form = IdentityForm()
    return _write(
        file_id,
        "identity",
        form,
        lambda: vault.write_identity(signed_in(), seat(), file_id, form.person()),
    )


@bp.post("/clienten/<uuid:file_id>/overdracht")
def write_handover(file_id: UUID) -> ResponseReturnValue:
    form = HandoverForm()
    return _write(
        file_id, "handover", form, lambda: vault.write_handover(signed_in(), seat(), file_id, form.sbar())
    )


@bp.post("/clienten/<uuid:file_id>/afspraken")
def add_appointment(file_id: UUID) -> ResponseReturnValue:
    form = _appointment(service.show_file(signed_in(), file_id))
    return _write(
        file_id,
        "appointment",
        form,
        lambda: vault.add_appointment(
            signed_in(), seat(), file_id, form.at, form.what.data, UUID(form.organisation_id.data)
        ),
    )


@bp.post("/clienten/<uuid:file_id>/afspraken/<uuid:appointment_id>/afzeggen")
def cancel_appointment(file_id: UUID, appointment_id: UUID) -> ResponseReturnValue:
    vault.cancel_appointment(signed_in(), seat(), file_id, appointment_id)
    return _written(file_id, _("De afspraak gaat niet door."))


@bp.post("/clienten/<uuid:file_id>/berichten")
def add_report(file_id: UUID) -> ResponseReturnValue:
    form = ReportForm()
    return _write(
        file_id,
        "report",
        form,
        lambda: vault.add_report(signed_in(), seat(), file_id, form.text.data, form.corrects_id),
    )


def _write(file_id: UUID, name: str, form: Form, write: Callable[[], object]) -> ResponseReturnValue:
    """Store what was typed, or show the form again: what is wrong at its field, nothing typed lost."""
    if form.validate():
        try:
            write()
        except Invalid as wrong:
            form.blame(wrong)
        else:
            return _written(file_id, _("Bewaard."))
    shell = service.show_file(signed_in(), file_id)
    template = f"clients/_form_{name}.html" if wanted.a_part() else "clients/again.html"
    return render_template(template, shell=shell, form=form, name=name, closes_at=shell.closes_at), 422


def _written(file_id: UUID, sentence: str) -> ResponseReturnValue:
    """The page's own script looks again by itself; without scripts the file has to be opened again."""
    if wanted.a_part():
        return "", 204, {"HX-Trigger": "file-written"}
    flash(sentence)
    return _back_to(file_id)


# --- what the client says


@bp.get("/clienten/<uuid:file_id>/toestemming")
def ask(file_id: UUID) -> ResponseReturnValue:
    return _consent_page(file_id)


def _consent_page(file_id: UUID, **wrong: Form) -> str:
    shell = service.show_file(signed_in(), file_id)
    if not (shell.may_record or shell.may_refuse):
        raise NotAllowed(_("Alleen wie de cliënt spreekt, kan toestemming vastleggen."))
    forms = {"consent": _consent(shell, formdata=None), "objection": _objection(shell, formdata=None)}
    return render_template("clients/consent.html", shell=shell, about=_about(shell), forms=forms | wrong)


def _consent(shell: Shell, **given: object) -> ConsentForm:
    form = ConsentForm(**given)
    running = shell.state is ConsentState.GIVEN
    form.scopes.offer(
        {party.organisation_id: party.name for party in shell.parties},
        {party.organisation_id: party.scope if running else Scope.ALL for party in shell.parties},
    )
    return form


def _objection(shell: Shell, **given: object) -> ObjectionForm:
    form = ObjectionForm(prefix="b-", **given)
    form.offer({party.organisation_id: party.name for party in shell.parties})
    return form


@bp.post("/clienten/<uuid:file_id>/toestemming")
def record_consent(file_id: UUID) -> ResponseReturnValue:
    form = _consent(service.show_file(signed_in(), file_id))
    if not form.validate():
        return _consent_page(file_id, consent=form), 422
    try:
        consent.record(signed_in(), seat(), file_id, form.given())
    except Invalid as wrong:
        form.blame(wrong)
        return _consent_page(file_id, consent=form), wrong.status
    flash(_("Toestemming vastgelegd. Je kunt nu gegevens delen."))
    return _back_to(file_id)


@bp.post("/clienten/<uuid:file_id>/toestemming/nee")
def refuse(file_id: UUID) -> ResponseReturnValue:
    shell = service.show_file(signed_in(), file_id)
    form = RefusalForm()
    if not form.validate():
        return _consent_page(file_id, consent=_consent(shell)), 422
    consent.refuse(signed_in(), seat(), file_id, form.no())
    flash(_("Vastgelegd: de cliënt zei nee. Er wordt niets gedeeld."))
    return _back_to(file_id)


@bp.post("/clienten/<uuid:file_id>/toestemming/bezwaar")
def record_objection(file_id: UUID) -> ResponseReturnValue:
    form = _objection(service.show_file(signed_in(), file_id))
    if not form.validate():
        return _consent_page(file_id, objection=form), 422
    consent.record_objection(signed_in(), seat(), file_id, form.no())
    flash(_("Het bezwaar is vastgelegd. Het geldt vanaf nu."))
    return _back_to(file_id)


@bp.post("/clienten/<uuid:file_id>/toestemming/<uuid:answer_id>/terug")
def lift(file_id: UUID, answer_id: UUID) -> ResponseReturnValue:
    consent.lift(signed_in(), seat(), file_id, answer_id)
    flash(_("De cliënt nam dit terug. Het geldt niet meer."))
    return _back_to(file_id)


@bp.post("/clienten/<uuid:file_id>/intrekken")
def withdraw(file_id: UUID) -> ResponseReturnValue:
    consent.withdraw(signed_in(), seat(), file_id)
    flash(_("De toestemming is ingetrokken. De gegevens zijn vernietigd; niemand kan ze nog lezen."))
    return _back_to(file_id)


@bp.post("/clienten/<uuid:file_id>/wissen")
def erase(file_id: UUID) -> ResponseReturnValue:
    ends.erase(signed_in(), seat(), file_id)
    flash(_("Alles over deze cliënt is gewist."))
    return _back_to(file_id)


# --- emergencies


@bp.get("/clienten/nood")
def emergency() -> ResponseReturnValue:
    return render_template("clients/emergency.html", form=EmergencyForm(formdata=None))


@bp.post("/clienten/nood")
def break_glass() -> ResponseReturnValue:
    form = EmergencyForm()
    if not form.validate():
        return render_template("clients/emergency.html", form=form), 422
    try:
        file_id = glass.break_glass(signed_in(), seat(), form.code.data, form.emergency_reason, form.why.data)
    except Invalid as wrong:
        form.blame(wrong)
        return render_template("clients/emergency.html", form=form), wrong.status
    flash(_("Noodtoegang open voor 48 uur. De verantwoordelijke organisatie heeft bericht."), "warning")
    return _back_to(file_id)


@bp.post("/clienten/<uuid:file_id>/nood/<uuid:glass_id>/oordeel")
def review(file_id: UUID, glass_id: UUID) -> ResponseReturnValue:
    service.watch(signed_in(), file_id)  # an outsider hears that there is no file, whatever the form says
    form = ReviewForm()
    form.check()
    glass.review(signed_in(), seat(), glass_id, form.chosen)
    flash(_("Je oordeel is vastgelegd."))
    return _back_to(file_id)


# --- on paper


@bp.get("/clienten/informatie.pdf")
def information() -> ResponseReturnValue:
    """The leaflet for the client: the same for everybody, without anything of anybody."""
    return (
        leaflet.pdf(),
        200,
        {
            "Content-Type": "application/pdf",
            "Content-Disposition": 'inline; filename="toestemming.pdf"',
            "Cache-Control": "public, max-age=3600",
        },
    )


def _back_to(file_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("clients.show", file_id=file_id))
