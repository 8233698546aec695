"""The lists of an agreement and its checks."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from wijkapp.agreements import checks
from wijkapp.agreements.register import Check
from wijkapp.agreements.register_forms import CheckForm, PointForm, RiskForm, TickForm, asking
from wijkapp.agreements.service import judge as judging
from wijkapp.agreements.service import meanwhile
from wijkapp.agreements.service import points as service
from wijkapp.agreements.service.proofs import pointer_of
from wijkapp.agreements.views.room import bp
from wijkapp.kit import time
from wijkapp.kit.errors import Invalid, NotFound
from wijkapp.kit.words import gettext as _
from wijkapp.people.session import signed_in


@bp.get("/afspraken/<uuid:agreement_id>/lijsten/<code>")
def points(agreement_id: UUID, code: str) -> ResponseReturnValue:
    return render_template("register/points.html", page=service.list_page(signed_in(), agreement_id, code))


@bp.get("/afspraken/<uuid:agreement_id>/punten/<uuid:item_id>")
def point(agreement_id: UUID, item_id: UUID) -> ResponseReturnValue:
    page = service.point_page(signed_in(), agreement_id, item_id)
    item = page.rows[0].item
    form = PointForm(
        formdata=None,
        data={
            "status": item.status.value,
            "evidence": item.evidence,
            "shows": str(pointer_of(item) or ""),
            "owner": str(item.owner_id or ""),
            "due_on": item.due_on,
            "done_on": item.done_on,
        },
    )
    return _point_page(page, form)


def _point_page(page: service.ListPage, form: PointForm, changed: str = "") -> str:
    if changed or not form.seen.data:
        form.seen.data = meanwhile.how_far(page.rows[0].item)
    return render_template("register/point.html", page=page, form=form.offer(page), changed=changed)


@bp.post("/afspraken/<uuid:agreement_id>/punten/<uuid:item_id>")
def say(agreement_id: UUID, item_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    page = service.point_page(me, agreement_id, item_id)
    form = PointForm().offer(page)
    try:
        form.check()
        service.say(me, agreement_id, item_id, form.said, seen=form.seen.data or "")
    except Invalid as wrong:
        form.blame(wrong)
        return _point_page(page, form), 422
    except meanwhile.TypedOver as changed:
        return _point_page(service.point_page(me, agreement_id, item_id), form, str(changed.sentence)), 409
    flash(_("Bewaard."))
    return _to_list(page)


@bp.post("/afspraken/<uuid:agreement_id>/punten/<uuid:item_id>/klaar")
def tick(agreement_id: UUID, item_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    service.tick(me, agreement_id, item_id, done=bool(TickForm().done.data))
    return _to_list(service.point_page(me, agreement_id, item_id))


def _to_list(page: service.ListPage) -> ResponseReturnValue:
    at = url_for(".points", agreement_id=page.agreement.id, code=page.list.code)
    return redirect(f"{at}#p-{page.rows[0].item.id}")


def _about(name: str) -> Check:
    try:
        return Check(name)
    except ValueError:
        raise NotFound from None


@bp.get("/afspraken/<uuid:agreement_id>/toetsen/<about>")
def check(agreement_id: UUID, about: str) -> ResponseReturnValue:
    page = judging.check_page(signed_in(), agreement_id, _about(about))
    return _check_page(page, _filled(page), RiskForm(formdata=None))


def _filled(page: judging.CheckPage) -> CheckForm:
    """With what was answered last, if anything."""
    kind = asking(tuple(page.questions))
    if page.last is None:
        return kind(formdata=None)
    data: dict[str, object] = {"facts": page.last.facts, "filed_on": page.last.filed_on}
    for one in page.last.answers:
        name, _sep, value = one.partition("=")
        data |= judging.typed(name, value)
    return kind(formdata=None, data=data | {"conclusion": page.last.conclusion})


def _check_page(page: judging.CheckPage, form: CheckForm, risk: RiskForm) -> str:
    filed = page.last.filed_on if page.last else None
    return render_template(
        "register/check.html",
        page=page,
        form=form,
        risk=risk,
        thresholds=[one for one in checks.rules().thresholds if one.valid_to is None],
        high=checks.HIGH,
        nza_by=checks.nza_decides_by(filed) if filed else None,
        today=time.today(),
    )


@bp.post("/afspraken/<uuid:agreement_id>/toetsen/<about>")
def judge(agreement_id: UUID, about: str) -> ResponseReturnValue:
    me = signed_in()
    page = judging.check_page(me, agreement_id, _about(about))
    form = asking(tuple(page.questions))()
    try:
        form.check()
        judging.judge(me, agreement_id, page.about, form.answers(page.questions))
    except Invalid as wrong:
        form.blame(wrong)
        return _check_page(page, form, RiskForm(formdata=None)), 422
    flash(_("De toets is bewaard, met de datum van vandaag."))
    return redirect(url_for(".check", agreement_id=agreement_id, about=about))


@bp.post("/afspraken/<uuid:agreement_id>/risicos")
def add_risk(agreement_id: UUID) -> ResponseReturnValue:
    me, form = signed_in(), RiskForm()
    page = judging.check_page(me, agreement_id, Check.DPIA)
    try:
        form.check()
        judging.add_risk(me, agreement_id, form.facts)
    except Invalid as wrong:
        form.blame(wrong)
        return _check_page(page, _filled(page), form), 422
    return redirect(url_for(".check", agreement_id=agreement_id, about=Check.DPIA.value))


@bp.post("/afspraken/<uuid:agreement_id>/risicos/<uuid:risk_id>/weg")
def drop_risk(agreement_id: UUID, risk_id: UUID) -> ResponseReturnValue:
    judging.drop_risk(signed_in(), agreement_id, risk_id)
    return redirect(url_for(".check", agreement_id=agreement_id, about=Check.DPIA.value))
