"""Ruilen: asking others to take a duty, answering, agreeing, and taking a duty over at once."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit.db import reading
from wijkapp.kit.words import gettext
from wijkapp.people.session import current_account, signed_in
from wijkapp.rota import swap_words
from wijkapp.rota.forms.swap import AskForm, SeenForm
from wijkapp.rota.rules import SwapState
from wijkapp.rota.service import swap as asking
from wijkapp.rota.service import swap_answer, swap_look
from wijkapp.rota.service import take_over as taking
from wijkapp.rota.service.swap_look import Part
from wijkapp.rota.views.room import bp


@bp.context_processor
def _part_of_a_duty() -> dict[str, object]:
    return {"swap_part": _part, "swap_states": swap_words.STATES, "swap_tags": swap_words.TAGS}


def _part(duty_id: UUID) -> Part | None:
    """What the reader can do with a duty, for its page (`_swap.html`)."""
    me = current_account()
    return swap_look.part(me, duty_id) if me else None


bp.add_app_template_filter(swap_words.behind, "points_behind")


@bp.get("/ruilen")
def swaps() -> ResponseReturnValue:
    """What is asked of me, what I asked, and how earlier swaps went."""
    with reading():
        return render_template("rota/swaps.html", page=swap_look.swaps(signed_in()))


@bp.get("/ruilen/<uuid:swap_id>")
def swap(swap_id: UUID) -> ResponseReturnValue:
    """One question, with its answers as large buttons."""
    with reading():
        return render_template("rota/swap.html", one=swap_look.swap(signed_in(), swap_id))


@bp.get("/<uuid:duty_id>/ruilen")
def ask(duty_id: UUID) -> ResponseReturnValue:
    """Whom this duty can be given to."""
    with reading():
        return render_template("rota/ask.html", page=swap_look.ask_page(signed_in(), duty_id))


@bp.post("/<uuid:duty_id>/ruilen")
def ask_swap(duty_id: UUID) -> ResponseReturnValue:
    """Ask them."""
    form = AskForm()
    form.check()
    swap_id = asking.ask(signed_in(), duty_id, form.question())
    flash(gettext("De vraag is verstuurd. Tot iemand ja zegt, blijft de dienst staan zoals hij staat."))
    return redirect(url_for(".swap", swap_id=swap_id))


@bp.post("/ruilen/<uuid:swap_id>/nemen")
def take_swap(swap_id: UUID) -> ResponseReturnValue:
    """I take it."""
    state = swap_answer.take(signed_in(), swap_id)
    flash(
        gettext("De dienst is van jou. Dank je wel!")
        if state is SwapState.DONE
        else gettext("Dank je wel! De planner moet het nog goedkeuren. Je hoort het meteen.")
    )
    return redirect(url_for(".swap", swap_id=swap_id))


@bp.post("/ruilen/<uuid:swap_id>/niet")
def decline_swap(swap_id: UUID) -> ResponseReturnValue:
    """I cannot."""
    swap_answer.decline(signed_in(), swap_id)
    flash(gettext("Goed. Je hoort hier niets meer over."))
    return redirect(url_for(".swaps"))


@bp.post("/ruilen/<uuid:swap_id>/intrekken")
def withdraw_swap(swap_id: UUID) -> ResponseReturnValue:
    """It is not needed any more."""
    swap_answer.withdraw(signed_in(), swap_id)
    flash(gettext("De vraag is ingetrokken. De dienst blijft staan zoals hij stond."))
    return redirect(url_for(".swaps"))


@bp.post("/ruilen/<uuid:swap_id>/goed")
def approve_swap(swap_id: UUID) -> ResponseReturnValue:
    """The planner agrees."""
    swap_answer.approve(signed_in(), swap_id)
    flash(gettext("Goedgekeurd. Beiden hebben bericht."))
    return redirect(url_for(".swaps"))


@bp.post("/ruilen/<uuid:swap_id>/afkeuren")
def refuse_swap(swap_id: UUID) -> ResponseReturnValue:
    """The planner does not agree."""
    swap_answer.refuse(signed_in(), swap_id)
    flash(gettext("Afgekeurd. De dienst blijft waar hij was; beiden hebben bericht."))
    return redirect(url_for(".swaps"))


@bp.post("/<uuid:duty_id>/overnemen")
def take_over(duty_id: UUID) -> ResponseReturnValue:
    """I take over a duty that runs or is about to begin."""
    taking.take_over(signed_in(), duty_id, _seen())
    flash(gettext("Jij hebt nu dienst. Wie hem had, heeft bericht."))
    return redirect(url_for(".duty", duty_id=duty_id))


@bp.post("/<uuid:duty_id>/nemen")
def take_open(duty_id: UUID) -> ResponseReturnValue:
    """I take a duty that nobody has."""
    taking.take_open(signed_in(), duty_id, _seen())
    flash(gettext("De dienst is van jou. Dank je wel!"))
    return redirect(url_for(".duty", duty_id=duty_id))


@bp.post("/<uuid:duty_id>/terug")
def undo_take_over(duty_id: UUID) -> ResponseReturnValue:
    """It was a mistake."""
    taking.undo(signed_in(), duty_id)
    flash(gettext("Teruggedraaid. De dienst is weer van wie hem had."))
    return redirect(url_for(".duty", duty_id=duty_id))


def _seen() -> int:
    form = SeenForm()
    form.check()
    return int(form.seen.data)
