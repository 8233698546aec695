"""The privacy pages: what is kept, who looked, a client's rights, breaches, the register."""

from datetime import date
from typing import cast
from uuid import UUID

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.clients import privacy_papers as papers
from wijkapp.clients import privacy_wording as wording
from wijkapp.clients.breach_rules import Risk, State
from wijkapp.clients.doors import keep_nowhere, seat
from wijkapp.clients.odd_rules import Verdict
from wijkapp.clients.privacy_forms import BreachForm, PeriodForm, VerdictForm, month_of
from wijkapp.clients.service import access_log as log_service
from wijkapp.clients.service import breach as breach_service
from wijkapp.clients.service import dpia as dpia_service
from wijkapp.clients.service import register as register_service
from wijkapp.clients.service import review as review_service
from wijkapp.clients.service import rights as rights_service
from wijkapp.clients.service.access_log import AccessLog
from wijkapp.clients.service.register import Facts, Register
from wijkapp.clients.service.retention import Kept
from wijkapp.kit import time
from wijkapp.kit.config import Settings
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext as _
from wijkapp.people.session import signed_in

bp = Blueprint("privacy", __name__)
bp.after_request(keep_nowhere)


@bp.app_context_processor
def _words() -> dict[str, object]:
    return {"privacy_says": wording}


# --- for everybody


@bp.get("/privacy/bewaren")
def retention() -> ResponseReturnValue:
    return render_template("privacy/retention.html", kept=_kept(), on_paper=False)


def _kept() -> tuple[Kept, ...]:
    return cast(tuple[Kept, ...], current_app.config["KEPT"])


# --- one client code


@bp.get("/privacy/clienten/<uuid:file_id>/wie-keek")
def access_log(file_id: UUID) -> ResponseReturnValue:
    form = PeriodForm(request.args)
    good = form.validate()
    return render_template(
        "privacy/access_log.html", log=_log(file_id, form), form=form
    ), 200 if good else 422


@bp.get("/privacy/clienten/<uuid:file_id>/wie-keek.pdf")
def access_log_pdf(file_id: UUID) -> ResponseReturnValue:
    form = PeriodForm(request.args)
    form.check()
    log = _log(file_id, form, most=rights_service.ALL_LINES)
    return _pdf(papers.access_log(log, signed_in().organisation.name), f"wie-keek-{log.code}.pdf")


def _log(file_id: UUID, form: PeriodForm, most: int = log_service.A_PAGE) -> AccessLog:
    before = request.args.get("voor", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    return log_service.access_log(
        signed_in(), file_id, form.since.data, form.until.data, before=number, most=most
    )


@bp.get("/privacy/clienten/<uuid:file_id>/rechten")
def rights(file_id: UUID) -> ResponseReturnValue:
    return render_template("privacy/rights.html", shell=rights_service.rights_of(signed_in(), file_id))


@bp.post("/privacy/clienten/<uuid:file_id>/kopie.json")
def export_json(file_id: UUID) -> ResponseReturnValue:
    found = rights_service.everything(signed_in(), seat(), file_id)
    answer = jsonify(rights_service.for_computers(found))
    answer.headers["Content-Disposition"] = f'attachment; filename="kopie-{found.code}.json"'
    return answer


@bp.post("/privacy/clienten/<uuid:file_id>/kopie.pdf")
def export_pdf(file_id: UUID) -> ResponseReturnValue:
    found = rights_service.everything(signed_in(), seat(), file_id)
    return _pdf(papers.everything(found), f"kopie-{found.code}.pdf")


def _pdf(paper: bytes, name: str) -> ResponseReturnValue:
    return paper, {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'attachment; filename="{name}"',
    }


# --- for the admin of an organisation


@bp.get("/privacy")
def index() -> ResponseReturnValue:
    me, month = signed_in(), time.today().replace(day=1)
    open_reviews = [one for one in review_service.to_review(me, month) if one.verdict is None]
    running = [one for one in breach_service.breaches(me) if one.state in (State.RUNNING, State.OVERDUE)]
    return render_template("privacy/index.html", open_reviews=len(open_reviews), running=len(running))


@bp.get("/privacy/controle")
def review() -> ResponseReturnValue:
    return _review_page(month_of(request.args.get("maand")))


def _review_page(month: date) -> str:
    return render_template(
        "privacy/review.html",
        month=month,
        earlier=date(month.year - (month.month == 1), month.month - 1 or 12, 1),
        later=date(month.year + month.month // 12, month.month % 12 + 1, 1),
        listed=review_service.to_review(signed_in(), month),
        verdicts=list(wording.VERDICTS.items()),
    )


@bp.post("/privacy/controle")
def mark() -> ResponseReturnValue:
    form = VerdictForm()
    form.check()
    month, (rule, first_seq) = month_of(form.month.data), form.which
    review_service.review(signed_in(), seat(), month, rule, first_seq, form.chosen)
    if form.chosen is Verdict.BREACH:
        flash(_("Vastgelegd. Schrijf het datalek hieronder op; de klok loopt."), "warning")
        return redirect(url_for("privacy.new_breach"))
    flash(_("Je oordeel is vastgelegd."))
    return redirect(url_for("privacy.review", maand=f"{month:%Y-%m}"))


@bp.get("/privacy/datalekken")
def breaches() -> ResponseReturnValue:
    return render_template("privacy/breaches.html", breaches=breach_service.breaches(signed_in()))


@bp.get("/privacy/datalekken/nieuw")
def new_breach() -> ResponseReturnValue:
    moment = time.local(time.now())
    form = BreachForm(formdata=None, found_on=moment.date(), found_at=moment.time())
    return render_template("privacy/breach_new.html", form=form)


@bp.post("/privacy/datalekken")
def write_breach() -> ResponseReturnValue:
    form = BreachForm()
    try:
        form.check()
        breach_id = breach_service.write_down(signed_in(), form.told())
    except Invalid as wrong:
        form.blame(wrong)
        return render_template("privacy/breach_new.html", form=form), 422
    flash(_("Het datalek is opgeschreven."))
    return _to_breach(breach_id)


@bp.get("/privacy/datalekken/<uuid:breach_id>")
def breach(breach_id: UUID) -> ResponseReturnValue:
    found = breach_service.show(signed_in(), breach_id)
    return _breach_page(breach_id, BreachForm.of(found))


def _breach_page(breach_id: UUID, form: BreachForm) -> str:
    found = breach_service.show(signed_in(), breach_id)
    return render_template("privacy/breach.html", breach=found, form=form, Risk=Risk, State=State)


@bp.post("/privacy/datalekken/<uuid:breach_id>")
def change_breach(breach_id: UUID) -> ResponseReturnValue:
    form = BreachForm()
    try:
        form.check()
        breach_service.change(signed_in(), breach_id, form.told())
    except Invalid as wrong:
        form.blame(wrong)
        return _breach_page(breach_id, form), 422
    flash(_("Bewaard."))
    return _to_breach(breach_id)


@bp.post("/privacy/datalekken/<uuid:breach_id>/gemeld")
def breach_reported(breach_id: UUID) -> ResponseReturnValue:
    breach_service.told_authority(signed_in(), breach_id)
    flash(_("Vastgelegd: gemeld bij de Autoriteit Persoonsgegevens."))
    return _to_breach(breach_id)


@bp.post("/privacy/datalekken/<uuid:breach_id>/verteld")
def breach_people_told(breach_id: UUID) -> ResponseReturnValue:
    breach_service.told_people(signed_in(), breach_id)
    flash(_("Vastgelegd: verteld aan de mensen om wie het gaat."))
    return _to_breach(breach_id)


@bp.post("/privacy/datalekken/<uuid:breach_id>/dicht")
def close_breach(breach_id: UUID) -> ResponseReturnValue:
    breach_service.close(signed_in(), breach_id)
    flash(_("Het datalek is gesloten."))
    return redirect(url_for("privacy.breaches"))


def _to_breach(breach_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("privacy.breach", breach_id=breach_id))


@bp.get("/privacy/register")
def register() -> ResponseReturnValue:
    return render_template("privacy/register.html", register=_register())


@bp.get("/privacy/dpia")
def dpia() -> ResponseReturnValue:
    return render_template(
        "privacy/dpia.html", register=(found := _register()), risks=dpia_service.risks(found)
    )


@bp.get("/privacy/register.pdf")
def register_pdf() -> ResponseReturnValue:
    return _pdf(papers.register(_register()), "register.pdf")


@bp.get("/privacy/dpia.pdf")
def dpia_pdf() -> ResponseReturnValue:
    return _pdf(papers.dpia(_register()), "dpia.pdf")


def _register() -> Register:
    return register_service.register(signed_in(), _kept(), _facts(current_app.config["SETTINGS"]))


def _facts(settings: Settings) -> Facts:
    return Facts(
        address=settings.address,
        https=settings.https,
        database=settings.database.partition(":")[0].partition("+")[0],
        keys_apart=bool(settings.keys_url),
        key_of_keys_apart=bool(settings.vault_key_file or settings.vault_key_command),
        mail_server=settings.smtp_host,
        shared_memory=bool(settings.redis_url),
        demo=settings.demo,
        idle_minutes=settings.idle_minutes,
        log_level=settings.log_level,
    )
