"""One duty of a rota in the making: who could have it, by tap or by drag; and asking for one that stands."""

from uuid import UUID

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit import wanted
from wijkapp.kit.db import reading
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext as _
from wijkapp.people.session import signed_in
from wijkapp.rota.service import change, plan_changes, swap
from wijkapp.rota.service.candidates import NotLawful
from wijkapp.rota.service.change import Move
from wijkapp.rota.service.swap import Question
from wijkapp.rota.views.plan import shown
from wijkapp.rota.views.room import bp


@bp.get("/plannen/<uuid:plan_id>/dienst/<uuid:duty_id>")
def plan_duty(plan_id: UUID, duty_id: UUID) -> ResponseReturnValue:
    """Who could have it, the best choice first, and why others cannot."""
    return _choices(plan_id, duty_id)


def _choices(plan_id: UUID, duty_id: UUID, wrong: NotLawful | None = None, member: str = "") -> str:
    with reading():
        page = change.choices(signed_in(), plan_id, duty_id, everybody="alle" in request.args)
        return shown("duty", page=page, wrong=wrong, member=member)


@bp.post("/plannen/<uuid:plan_id>/dienst/<uuid:duty_id>")
def put_in_duty(plan_id: UUID, duty_id: UUID) -> ResponseReturnValue:
    """This person has it from now on; an empty `member` is nobody."""
    member = request.form.get("member", "")
    move = Move(duty_id, _id("member"), _id("from_duty"), even_so="even_so" in request.form)
    try:
        change.put(signed_in(), plan_id, move)
    except NotLawful as wrong:
        if wanted.json():
            raise
        return _choices(plan_id, duty_id, wrong, member), wrong.status
    if wanted.json():
        return jsonify(ok=True)
    flash(_("Gezet."))
    return _to(plan_id, duty_id)


@bp.post("/plannen/<uuid:plan_id>/dienst/<uuid:duty_id>/vast")
def lock_duty(plan_id: UUID, duty_id: UUID) -> ResponseReturnValue:
    """The planner leaves it as it is, or may change it again."""
    change.lock(signed_in(), plan_id, duty_id, locked="locked" in request.form)
    return redirect(url_for(".plan_duty", plan_id=plan_id, duty_id=duty_id))


@bp.post("/plannen/<uuid:plan_id>/dienst/<uuid:duty_id>/vraag")
def ask_for_duty(plan_id: UUID, duty_id: UUID) -> ResponseReturnValue:
    """Of a published rota: ask this person, or everybody who may, to take it."""
    member = _id("member")
    swap.ask(signed_in(), duty_id, Question(to=frozenset({member} if member else ())))
    flash(_("Gevraagd. Tot iemand ja zegt, blijft de dienst waar die is."))
    return _to(plan_id, duty_id)


@bp.get("/plannen/<uuid:plan_id>/mag/<uuid:member_id>")
def may_have(plan_id: UUID, member_id: UUID) -> ResponseReturnValue:
    """In which duties this person can be dropped."""
    return jsonify(duties=sorted(change.may_have(signed_in(), plan_id, member_id)))


@bp.get("/plannen/<uuid:plan_id>/voor-mij")
def plan_for_me(plan_id: UUID) -> ResponseReturnValue:
    """A published rota for whoever works in it: the own duties."""
    return shown("for_me", page=plan_changes.for_me(signed_in(), plan_id))


@bp.get("/wijzigingen")
def changes() -> ResponseReturnValue:
    """What changed since it was published in duties that are or were mine."""
    return shown("changes", page=plan_changes.changes(signed_in()))


def _id(name: str) -> UUID | None:
    """An id that a form sent; None when it is empty. Raises Invalid."""
    value = request.form.get(name, "").strip()
    try:
        return UUID(value) if value else None
    except ValueError:
        raise Invalid(fields={name: _("Kies iets uit de lijst.")}) from None


def _to(plan_id: UUID, duty_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".plan", plan_id=plan_id, _anchor=f"d-{duty_id}"))
