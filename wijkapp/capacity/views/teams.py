"""One team: taking nobody for a while, and how its figures moved."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.capacity import graph, service
from wijkapp.capacity.forms import PauseForm, pause_form
from wijkapp.capacity.rules import REASONS
from wijkapp.capacity.views.room import bp
from wijkapp.directory.models import Team
from wijkapp.kit import time
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext
from wijkapp.people.session import signed_in


@bp.get("/dicht")
def new_pause() -> ResponseReturnValue:
    """Close for a holiday, or stop."""
    teams = _own_teams()
    asked = request.args.get("team", "")
    chosen = next((team.id for team in teams if str(team.id) == asked), None)
    return _pause_page(pause_form(teams, chosen, posted=False))


def _own_teams() -> list[Team]:
    return list(dict.fromkeys(one.team for one in service.mine(signed_in())))


def _pause_page(form: PauseForm) -> str:
    return render_template("capacity/pause.html", form=form, reasons=REASONS)


@bp.post("/dicht")
def begin_pause() -> ResponseReturnValue:
    """From the first day to the last nobody is taken."""
    form = pause_form(_own_teams(), None, posted=True)
    try:
        form.check()
        service.pause(signed_in(), *form.asked())
    except Invalid as wrong:
        form.blame(wrong)
        return _pause_page(form), wrong.status
    flash(
        gettext("Bewaard. Zolang nemen jullie niemand aan; daarna vragen we of jullie cijfers nog kloppen.")
    )
    return redirect(url_for(".index"))


@bp.post("/dicht/<uuid:pause_id>/weg")
def end_pause(pause_id: UUID) -> ResponseReturnValue:
    """Open again, or not closing after all."""
    service.resume(signed_in(), pause_id)
    flash(gettext("Jullie nemen weer cliënten aan. Kloppen jullie cijfers nog?"))
    return redirect(url_for(".index"))


@bp.get("/team/<uuid:team_id>/verloop")
def story(team_id: UUID) -> ResponseReturnValue:
    """How the figures of one team moved in the last weeks."""
    told = service.story(signed_in(), team_id, request.args.get("zorg", ""))
    drawing = graph.draw(told.days)
    return render_template(
        "capacity/story.html", story=told, drawing=drawing, graph=graph, months=time.MONTHS
    )
