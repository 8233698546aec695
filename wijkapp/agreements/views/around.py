"""Who takes part, who wants to, who meets in what, and what happens when it does not work."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from wijkapp.agreements.checks import YES
from wijkapp.agreements.drafting import lines_of
from wijkapp.agreements.plan_forms import (
    BodyForm,
    EscalationForm,
    EvaluatedForm,
    EvaluationForm,
    ExitForm,
    SeatForm,
    WhoseForm,
    whose_form,
)
from wijkapp.agreements.register import PartyRole
from wijkapp.agreements.register_forms import (
    AppealForm,
    ApplicationForm,
    ApplyForm,
    PartyForm,
    SignatoryForm,
    SignedForm,
)
from wijkapp.agreements.service import joining, meanwhile, signatories
from wijkapp.agreements.service import parties as service
from wijkapp.agreements.service import plans as planning
from wijkapp.agreements.views.room import bp
from wijkapp.kit import forms, time
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext as _
from wijkapp.people.session import signed_in


def _to(door: str, agreement_id: UUID) -> ResponseReturnValue:
    """Done: on to this page of the agreement."""
    return redirect(url_for(f".{door}", agreement_id=agreement_id))


# --- parties


@bp.get("/afspraken/<uuid:agreement_id>/partijen")
def parties(agreement_id: UUID) -> ResponseReturnValue:
    return _parties_page(agreement_id)


def _parties_page(agreement_id: UUID, wrong: UUID | None = None, **sent: forms.Form) -> str:
    """wrong: whose form was not right. sent: the forms that were sent."""
    page = service.parties_page(signed_in(), agreement_id)
    shown: dict[str, forms.Form] = {
        "party": PartyForm(formdata=None),
        "signatory": SignatoryForm(formdata=None),
        "signed": SignedForm(formdata=None, data={"day": time.today()}),
    } | sent
    shown["party"].offer(page.others)
    return render_template("register/parties.html", page=page, wrong=wrong, **shown)


@bp.post("/afspraken/<uuid:agreement_id>/partijen")
def add_party(agreement_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    form = PartyForm().offer(service.parties_page(me, agreement_id).others)
    try:
        form.check()
        service.add_party(me, agreement_id, UUID(form.organisation.data), PartyRole(form.role.data))
    except Invalid as wrong:
        form.blame(wrong)
        return _parties_page(agreement_id, party=form), 422
    flash(_("De partij doet mee. Toetsen en besluiten die van de partijen afhangen, staan weer open."))
    return _to("parties", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/partijen/<uuid:party_id>/weg")
def leave(agreement_id: UUID, party_id: UUID) -> ResponseReturnValue:
    service.leave(signed_in(), agreement_id, party_id)
    flash(_("De partij doet niet meer mee. Toetsen en besluiten die daarvan afhangen, staan weer open."))
    return _to("show", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/partijen/<uuid:party_id>/tekenaars")
def name_signatory(agreement_id: UUID, party_id: UUID) -> ResponseReturnValue:
    form = SignatoryForm()
    try:
        form.check()
        service.name_signatory(signed_in(), agreement_id, party_id, form.name.data, form.job_title.data)
    except Invalid:
        return _parties_page(agreement_id, party_id, signatory=form), 422
    return _to("parties", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/tekenaars/<uuid:signatory_id>/weg")
def drop_signatory(agreement_id: UUID, signatory_id: UUID) -> ResponseReturnValue:
    signatories.drop_signer(signed_in(), agreement_id, signatory_id)
    return _to("parties", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/tekenaars/<uuid:signatory_id>/getekend")
def signed(agreement_id: UUID, signatory_id: UUID) -> ResponseReturnValue:
    form = SignedForm()
    try:
        form.check()
        assert form.day.data is not None  # noqa: S101
        service.signed(signed_in(), agreement_id, signatory_id, form.day.data)
    except Invalid as wrong:
        form.blame(wrong)
        return _parties_page(agreement_id, signatory_id, signed=form), 422
    flash(_("Vastgelegd dat er is getekend."))
    return _to("parties", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/partijen/<uuid:party_id>/verzekeraar")
def told_payers(agreement_id: UUID, party_id: UUID) -> ResponseReturnValue:
    service.told_payers(signed_in(), agreement_id, party_id)
    return _to("parties", agreement_id)


# --- joining


@bp.get("/afspraken/<uuid:agreement_id>/aansluiten")
def join(agreement_id: UUID) -> ResponseReturnValue:
    return _join_page(agreement_id)


def _join_page(agreement_id: UUID, wrong: UUID | None = None, **sent: forms.Form) -> str:
    page = joining.join_page(signed_in(), agreement_id)
    shown: dict[str, forms.Form] = {
        "ask": ApplyForm(formdata=None),
        "answer": ApplicationForm(formdata=None),
        "appealing": AppealForm(formdata=None),
    } | sent
    return render_template("register/join.html", page=page, wrong=wrong, lines_of=lines_of, **shown)


@bp.post("/afspraken/<uuid:agreement_id>/aansluiten")
def apply(agreement_id: UUID) -> ResponseReturnValue:
    form = ApplyForm()
    try:
        form.check()
        joining.apply(signed_in(), agreement_id, form.why.data or "")
    except Invalid:
        return _join_page(agreement_id, ask=form), 422
    flash(_("Jullie vraag is verstuurd. Je hoort wat er is besloten, en waarom."))
    return _to("join", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/aanvragen/<uuid:application_id>")
def decide_application(agreement_id: UUID, application_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    asked = joining.application(me, agreement_id, application_id)
    form = ApplicationForm().offer(lines_of(asked.criteria))
    try:
        form.check()
        joining.decide_application(
            me,
            agreement_id,
            application_id,
            welcome=form.welcome.data == YES,
            unmet=[int(n) for n in form.unmet.data or ()],
            reasons=form.reasons.data,
        )
    except Invalid as wrong:
        form.blame(wrong)
        return _join_page(agreement_id, application_id, answer=form), 422
    flash(_("Het besluit is vastgelegd en verstuurd."))
    return _to("join", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/aanvragen/<uuid:application_id>/bezwaar")
def appeal(agreement_id: UUID, application_id: UUID) -> ResponseReturnValue:
    form = AppealForm()
    try:
        form.check()
        joining.appeal(signed_in(), agreement_id, application_id, form.appeal.data)
    except Invalid as wrong:
        form.blame(wrong)
        return _join_page(agreement_id, application_id, appealing=form), 422
    flash(_("Jullie bezwaar is verstuurd."))
    return _to("join", agreement_id)


# --- bodies, evaluation, escalation, the end


@bp.get("/afspraken/<uuid:agreement_id>/overleg")
def plans(agreement_id: UUID) -> ResponseReturnValue:
    return _plans_page(agreement_id)


def _plans_page(agreement_id: UUID, wrong: UUID | None = None, changed: str = "", **sent: forms.Form) -> str:
    page = planning.plans_page(signed_in(), agreement_id)
    shown: dict[str, forms.Form] = {
        "body": BodyForm(formdata=None),
        "seat": SeatForm(formdata=None),
        "evaluation": EvaluationForm(formdata=None),
        "outcome": EvaluatedForm(formdata=None),
        "escalation": EscalationForm(formdata=None),
        "ending": ExitForm(formdata=None, data={"exit_plan": page.agreement.exit_plan}),
    } | sent
    ending = shown["ending"]
    if changed or not ending.seen.data:
        ending.seen.data = meanwhile.stamp([page.agreement.exit_plan])
    shown["seat"].offer(page)
    whose = {
        one.id: whose_form(one, page.whose[one.id])
        for line in page.bodies
        for one in line.body.seats
        if one.id in page.whose
    }
    if wrong in whose and "whose" in sent:
        whose[wrong] = sent["whose"]
    shown["escalation"].offer([line.body for line in page.bodies])
    return render_template(
        "register/plans.html",
        **{**shown, "whose": whose},
        page=page,
        wrong=wrong,
        changed=changed,
        today=time.today(),
    )


@bp.post("/afspraken/<uuid:agreement_id>/overleg")
def add_body(agreement_id: UUID) -> ResponseReturnValue:
    form = BodyForm()
    try:
        form.check()
        planning.add_body(
            signed_in(), agreement_id, form.body, form.mandate.data or "", form.meets.data or ""
        )
    except Invalid:
        return _plans_page(agreement_id, body=form), 422
    return _to("plans", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/overleg/<uuid:body_id>/weg")
def drop_body(agreement_id: UUID, body_id: UUID) -> ResponseReturnValue:
    planning.drop_body(signed_in(), agreement_id, body_id)
    return _to("plans", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/overleg/<uuid:body_id>/stoelen")
def seat(agreement_id: UUID, body_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    form = SeatForm().offer(planning.plans_page(me, agreement_id))
    try:
        form.check()
        planning.seat(me, agreement_id, body_id, form.sits)
    except Invalid as wrong:
        form.blame(wrong)
        return _plans_page(agreement_id, body_id, seat=form), 422
    return _to("plans", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/stoelen/<uuid:seat_id>/account")
def seat_account(agreement_id: UUID, seat_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    form = WhoseForm().offer(planning.plans_page(me, agreement_id).whose.get(seat_id, ()))
    try:
        form.check()
        planning.sits_here(me, agreement_id, seat_id, UUID(form.account.data))
    except Invalid as wrong:
        form.blame(wrong)
        return _plans_page(agreement_id, seat_id, whose=form), 422
    return redirect(f"{url_for('.plans', agreement_id=agreement_id)}#seat-{seat_id}")


@bp.post("/afspraken/<uuid:agreement_id>/stoelen/<uuid:seat_id>/weg")
def unseat(agreement_id: UUID, seat_id: UUID) -> ResponseReturnValue:
    planning.unseat(signed_in(), agreement_id, seat_id)
    return _to("plans", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/evaluaties")
def plan_evaluation(agreement_id: UUID) -> ResponseReturnValue:
    form = EvaluationForm()
    try:
        form.check()
        assert form.due_on.data is not None  # noqa: S101
        planning.plan_evaluation(signed_in(), agreement_id, form.due_on.data)
    except Invalid as wrong:
        form.blame(wrong)
        return _plans_page(agreement_id, evaluation=form), 422
    return _to("plans", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/evaluaties/<uuid:evaluation_id>")
def evaluated(agreement_id: UUID, evaluation_id: UUID) -> ResponseReturnValue:
    form = EvaluatedForm()
    try:
        form.check()
        planning.evaluated(signed_in(), agreement_id, evaluation_id, form.conclusion.data)
    except Invalid as wrong:
        form.blame(wrong)
        return _plans_page(agreement_id, evaluation_id, outcome=form), 422
    return _to("plans", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/escalatie")
def add_escalation(agreement_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    bodies = [line.body for line in planning.plans_page(me, agreement_id).bodies]
    form = EscalationForm().offer(bodies)
    try:
        form.check()
        hears, body_id = form.hears
        planning.add_escalation(me, agreement_id, form.after_days.data, hears, form.step.data, body_id)
    except Invalid as wrong:
        form.blame(wrong)
        return _plans_page(agreement_id, escalation=form), 422
    return _to("plans", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/escalatie/<uuid:step_id>/weg")
def drop_escalation(agreement_id: UUID, step_id: UUID) -> ResponseReturnValue:
    planning.drop_escalation(signed_in(), agreement_id, step_id)
    return _to("plans", agreement_id)


@bp.post("/afspraken/<uuid:agreement_id>/stoppen")
def plan_exit(agreement_id: UUID) -> ResponseReturnValue:
    form = ExitForm()
    try:
        form.check()
        planning.plan_exit(signed_in(), agreement_id, form.exit_plan.data or "", seen=form.seen.data or "")
    except Invalid:
        return _plans_page(agreement_id, ending=form), 422
    except meanwhile.TypedOver as typed_over:
        return _plans_page(agreement_id, changed=str(typed_over.sentence), ending=form), 409
    flash(_("Bewaard."))
    return _to("plans", agreement_id)
