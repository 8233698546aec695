"""Being on duty: there and gone, calls, and what is handed over."""

from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext as _
from wijkapp.people.session import signed_in
from wijkapp.rota.checkin import Tap
from wijkapp.rota.duty_words import CALLERS, OUTCOMES, tapped_in_words
from wijkapp.rota.forms.duty import AGO, MINUTES, CallForm, HandoverForm, OutcomeForm
from wijkapp.rota.models import Duty
from wijkapp.rota.service import calls, check_in, handover, reach
from wijkapp.rota.service.handover import NotNow, ReadAlready, WroteMeanwhile
from wijkapp.rota.service.who import NotYourDuty
from wijkapp.rota.views.room import bp

NEAR = timedelta(hours=2)  # the switch stands on the page of a duty from so long before until so long after


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "callers": CALLERS,
        "outcomes": OUTCOMES,
        "call_minutes": MINUTES,
        "call_ago": AGO,
        "near": NEAR,
    }


@bp.post("/<uuid:duty_id>/aanmelden")
def come(duty_id: UUID) -> ResponseReturnValue:
    duty = check_in.come(signed_in(), duty_id)
    flash(tapped_in_words(Tap.HERE, duty.ends_at)[1])
    return _back(duty)


@bp.post("/<uuid:duty_id>/afmelden")
def leave(duty_id: UUID) -> ResponseReturnValue:
    duty = check_in.leave(signed_in(), duty_id)
    flash(_("Je bent afgemeld. Rust lekker uit."))
    return _back(duty)


@bp.post("/<uuid:duty_id>/inspringen")
def stand_in(duty_id: UUID) -> ResponseReturnValue:
    duty = check_in.stand_in(signed_in(), duty_id)
    flash(tapped_in_words(Tap.STEP_IN, duty.ends_at)[1])
    return redirect(url_for(".duty", duty_id=duty_id))


@bp.post("/<uuid:duty_id>/bereikbaar")
def reached(duty_id: UUID) -> ResponseReturnValue:
    """The message of the afternoon before is read."""
    reach.reached(signed_in(), duty_id)
    flash(_("Fijn, meldingen komen bij je aan."))
    return redirect(url_for(".duty", duty_id=duty_id))


@bp.post("/<uuid:duty_id>/oproepen")
def rung(duty_id: UUID) -> ResponseReturnValue:
    form = CallForm()
    form.check()
    calls.rung(signed_in(), duty_id, form.id, form.who, timedelta(minutes=int(form.ago.data)))
    return redirect(url_for(".duty", duty_id=duty_id, _anchor="oproepen"))


@bp.post("/<uuid:duty_id>/oproepen/<uuid:call_id>")
def settle(duty_id: UUID, call_id: UUID) -> ResponseReturnValue:
    form = OutcomeForm()
    form.check()
    calls.settle(signed_in(), duty_id, call_id, form.after, form.what)
    return redirect(url_for(".duty", duty_id=duty_id, _anchor="oproepen"))


@bp.post("/<uuid:duty_id>/oproepen/<uuid:call_id>/weg")
def drop_call(duty_id: UUID, call_id: UUID) -> ResponseReturnValue:
    calls.drop(signed_in(), duty_id, call_id)
    return redirect(url_for(".duty", duty_id=duty_id, _anchor="oproepen"))


@bp.get("/<uuid:duty_id>/overdracht")
def handed_over(duty_id: UUID) -> ResponseReturnValue:
    """Read it, or write it."""
    shown = handover.look(signed_in(), duty_id)
    given = shown.answers
    form = HandoverForm(data={} if given is None else {name: getattr(given, name) for name in _QUESTIONS})
    return render_template("rota/handover.html", shown=shown, form=form)


_QUESTIONS = ("happened", "still_open", "watch")


@bp.post("/<uuid:duty_id>/overdracht")
def hand_over(duty_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    form = HandoverForm()
    try:
        form.check()
    except Invalid as wrong:
        shown = handover.look(me, duty_id)
        return render_template("rota/handover.html", shown=shown, form=form), wrong.status
    try:
        handover.write(me, duty_id, form.answers, form.seen.data)
    except (ReadAlready, WroteMeanwhile, NotNow, NotYourDuty) as late:
        page = render_template("rota/handover_late.html", duty_id=duty_id, sentence=late.sentence, form=form)
        return page, late.status
    flash(_("Je overdracht staat klaar voor wie na je komt."))
    return redirect(url_for(".handed_over", duty_id=duty_id))


@bp.post("/<uuid:duty_id>/overdracht/gelezen")
def confirm_handover(duty_id: UUID) -> ResponseReturnValue:
    handover.confirm(signed_in(), duty_id)
    flash(_("Genoteerd: je hebt de overdracht gelezen."))
    return redirect(url_for(".handed_over", duty_id=duty_id))


def _back(duty: Duty) -> ResponseReturnValue:
    """To the page where the switch was."""
    came_from = request.form.get("naar", "")
    if came_from == "vandaag":
        return redirect(url_for("matching.today"))
    if came_from == "dienst":
        return redirect(url_for(".index", regio=duty.region_id))
    return redirect(url_for(".duty", duty_id=duty.id))
