"""Pages on which a rota is made: the list, one rota, the proposal, why it is fair, publishing."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit import time
from wijkapp.kit.db import reading
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.kit.words import gettext as _
from wijkapp.kit.words import ngettext
from wijkapp.people.session import signed_in
from wijkapp.rota import plan_words
from wijkapp.rota.forms.plan import FallsOutForm, NewPlanForm
from wijkapp.rota.rules import AcceptedWhy
from wijkapp.rota.service import bring_in, change, plan_page, propose, publish, runs
from wijkapp.rota.service import plans as service
from wijkapp.rota.service.publish import GapsNotSeen, NotAccepted
from wijkapp.rota.views.room import asked_region, bp

WHY = "why-"
"""Fields of the publishing form begin so; then comes the key of the fault."""


def shown(name: str, **what: object) -> str:
    """A page of this part of the room."""
    return render_template(f"rota/plan/{name}.html", words=plan_words, months=time.MONTHS, **what)


@bp.get("/plannen")
def plans() -> ResponseReturnValue:
    return _plans()


def _plans(form: NewPlanForm | None = None) -> str:
    page = service.plans_page(signed_in(), asked_region())
    form = form or NewPlanForm(formdata=None, data={"first": page.next_day, "weeks": service.WEEKS})
    return shown("index", page=page, form=form)


@bp.post("/plannen")
def make_plan() -> ResponseReturnValue:
    """A rota for some weeks; the planner goes to work on it at once."""
    form = NewPlanForm()
    try:
        form.check()
        plan_id = service.make(signed_in(), asked_region(), form.day, form.weeks.data)
    except Invalid as wrong:
        form.blame(wrong)
        return _plans(form), 422
    return redirect(url_for(".plan", plan_id=plan_id))


@bp.get("/plannen/<uuid:plan_id>")
def plan(plan_id: UUID) -> ResponseReturnValue:
    return _plan(plan_id)


def _plan(plan_id: UUID, rows: Mapping[int, str] | None = None, wrong_file: str = "") -> str:
    with reading():
        page = plan_page.page(signed_in(), plan_id, _since())
        return shown("plan", page=page, rows=rows or {}, wrong_file=wrong_file)


def _since() -> date | None:
    try:
        return date.fromisoformat(request.args["vanaf"]) if request.args.get("vanaf") else None
    except ValueError:
        raise NotFound from None


@bp.get("/plannen/<uuid:plan_id>/voortgang")
def plan_progress(plan_id: UUID) -> ResponseReturnValue:
    """How far the planner is; when it has ended the page is fetched anew."""
    plan, run = plan_page.run_of(signed_in(), plan_id)
    answer = Response(shown("_progress", plan=plan, run=run))
    if run is None or run.state not in runs.UNDER_WAY:
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.get("/plannen/<uuid:plan_id>/eerlijk")
def plan_fairness(plan_id: UUID) -> ResponseReturnValue:
    """Why it is fair: what everybody does beside their part."""
    with reading():
        return shown("fairness", page=plan_page.page(signed_in(), plan_id))


@bp.post("/plannen/<uuid:plan_id>/lijst")
def bring_in_rota(plan_id: UUID) -> ResponseReturnValue:
    """A rota from a spreadsheet, as a file."""
    sent = request.files.get("file")
    try:
        found = bring_in.bring_in(signed_in(), plan_id, sent.read() if sent else b"")
    except Invalid as wrong:
        return with_wrong_file(str(wrong.fields["file"]), plan_id), 422
    flash(ngettext("%(num)s dienst overgenomen.", "%(num)s diensten overgenomen.", found.duties))
    if found.wrong:
        flash(
            ngettext(
                "%(num)s regel is overgeslagen. Onderaan staat waarom.",
                "%(num)s regels zijn overgeslagen. Onderaan staat waarom.",
                len(found.wrong),
            ),
            "warning",
        )
    return _plan(plan_id, found.wrong) if found.wrong else _back(plan_id)


def with_wrong_file(sentence: str, plan_id: UUID) -> str:
    """The page of a rota, which says what is wrong with the list that was sent."""
    return _plan(plan_id, wrong_file=sentence)


@bp.post("/plannen/<uuid:plan_id>/opnieuw")
def plan_again(plan_id: UUID) -> ResponseReturnValue:
    propose.ask(signed_in(), plan_id)
    return _back(plan_id)


@bp.post("/plannen/<uuid:plan_id>/stop/<uuid:run_id>")
def stop_planning(plan_id: UUID, run_id: UUID) -> ResponseReturnValue:
    propose.stop(signed_in(), plan_id, run_id)
    flash(_("Gestopt. Het rooster is zoals het was."))
    return _back(plan_id)


@bp.post("/plannen/<uuid:plan_id>/voorstel/<uuid:run_id>")
def take_proposal(plan_id: UUID, run_id: UUID) -> ResponseReturnValue:
    number = propose.take(signed_in(), plan_id, run_id)
    flash(ngettext("%(num)s dienst is veranderd.", "%(num)s diensten zijn veranderd.", number))
    return _back(plan_id)


@bp.post("/plannen/<uuid:plan_id>/voorstel/<uuid:run_id>/weg")
def drop_proposal(plan_id: UUID, run_id: UUID) -> ResponseReturnValue:
    propose.put_away(signed_in(), plan_id, run_id)
    flash(_("Weggelegd. Het rooster blijft zoals het is."))
    return _back(plan_id)


@bp.post("/plannen/<uuid:plan_id>/voorstel/<uuid:run_id>/vraag")
def ask_proposal(plan_id: UUID, run_id: UUID) -> ResponseReturnValue:
    """Of a published rota: ask those who would get a duty."""
    answer = propose.ask_people(signed_in(), plan_id, run_id)
    flash(
        ngettext(
            "Voor %(num)s dienst is een collega gevraagd. Tot die ja zegt, blijft alles zoals het was.",
            "Voor %(num)s diensten is een collega gevraagd. Tot die ja zegt, blijft alles zoals het was.",
            answer.asked,
        )
    )
    for sentence in answer.refused:
        flash(sentence, "warning")
    return _back(plan_id)


@bp.get("/plannen/<uuid:plan_id>/uitval")
def falling_out(plan_id: UUID) -> ResponseReturnValue:
    return _falling_out(plan_id)


def _falling_out(plan_id: UUID, form: FallsOutForm | None = None) -> str:
    with reading():
        page = plan_page.page(signed_in(), plan_id)
        if form is None:
            form = FallsOutForm(formdata=None, data={"first": max(time.today(), page.plan.first_day)})
            form.member.choices = _people(page)
        return shown("falls_out", page=page, form=form)


def _people(page: plan_page.PlanPage) -> list[tuple[str, str]]:
    """Nobody to begin with: the first of a list is easily somebody else."""
    found = [(str(one.who.member_id), f"{one.who.name} · {one.who.organisation}") for one in page.people]
    return [("", _("Kies een collega")), *found]


@bp.post("/plannen/<uuid:plan_id>/uitval")
def fall_out(plan_id: UUID) -> ResponseReturnValue:
    """Somebody cannot: the planner looks for the fewest changes."""
    form = FallsOutForm()
    form.member.choices = _people(plan_page.page(signed_in(), plan_id))
    try:
        form.check()
        change.falls_out(signed_in(), plan_id, UUID(form.member.data), *form.days)
    except Invalid as wrong:
        form.blame(wrong)
        return _falling_out(plan_id, form), 422
    return _back(plan_id)


@bp.get("/plannen/<uuid:plan_id>/publiceren")
def publishing(plan_id: UUID) -> ResponseReturnValue:
    with reading():
        page = plan_page.page(signed_in(), plan_id)
        return _back(plan_id) if page.plan.published_at else _publishing(page)


def _publishing(page: plan_page.PlanPage, wrong: Invalid | None = None) -> str:
    with reading():
        faults = {publish.key_of(one): one for one in page.faults}
        return shown(
            "publish",
            page=page,
            faults=faults,
            wrong=wrong,
            given=_accepted(),
            gaps_seen=_gaps_seen(),
            reasons=AcceptedWhy,
        )


def _accepted() -> dict[str, AcceptedWhy]:
    """What was chosen for each fault, as far as it is one of the list."""
    known = {one.value: one for one in AcceptedWhy}
    return {
        name.removeprefix(WHY): known[value]
        for name, value in request.form.items()
        if name.startswith(WHY) and value in known
    }


def _gaps_seen() -> bool:
    return "gaps_seen" in request.form


@bp.post("/plannen/<uuid:plan_id>/publiceren")
def publish_plan(plan_id: UUID) -> ResponseReturnValue:
    try:
        publish.publish(signed_in(), plan_id, _accepted(), gaps_seen=_gaps_seen())
    except (NotAccepted, GapsNotSeen) as wrong:
        return _publishing(plan_page.page(signed_in(), plan_id), wrong), 422
    flash(_("Gepubliceerd. Iedereen die meedoet, krijgt bericht."))
    return _back(plan_id)


@bp.post("/plannen/<uuid:plan_id>/weg")
def throw_plan_away(plan_id: UUID) -> ResponseReturnValue:
    service.throw_away(signed_in(), plan_id)
    flash(_("Weggegooid. Niemand had dit rooster gezien."))
    return redirect(url_for(".plans"))


def _back(plan_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".plan", plan_id=plan_id))
