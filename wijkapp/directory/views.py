"""The pages of the sociale kaart, and those where an admin keeps the own teams and contact persons."""

import json
from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wijkapp.directory import service
from wijkapp.directory.forms import AppointForm, EndForm, TeamForm, languages
from wijkapp.directory.models import Team
from wijkapp.directory.rules import ContactDuty
from wijkapp.directory.service import Dot
from wijkapp.kit.db import reading
from wijkapp.kit.errors import Invalid
from wijkapp.kit.forms import Form, plain
from wijkapp.kit.words import gettext as _
from wijkapp.people.session import signed_in

bp = Blueprint("directory", __name__)

LONGEST_QUERY = 80
DUTIES = {"contactpersoon": ContactDuty.CONTACT, "vervanger": ContactDuty.DEPUTY}  # as in the address
Done = TypeVar("Done")


@bp.app_template_filter("map_dots")
def _map_dots(dots: Iterable[Dot]) -> str:
    """For the scripts that draw a map; Jinja escapes it."""
    return json.dumps([[dot.pc4, *dot.at, dot.wijk] for dot in dots], separators=(",", ":"))


@bp.get("/wijken")
def index() -> ResponseReturnValue:
    query = plain(request.args.get("q", ""))[:LONGEST_QUERY]
    with reading():  # the wijken and the numbers of the tabs are of one moment
        found = service.wijken_seen(signed_in(), query)
        page = render_template("directory/wijken.html", query=query, found=found)
    # The phone keeps pages for when there is no connection, but not what somebody searched for.
    return page, 200, {"Cache-Control": "no-store"} if query else {}


@bp.get("/wijken/<code>")
def show_wijk(code: str) -> ResponseReturnValue:
    page = service.wijk_page(signed_in(), code)
    return render_template("directory/wijk.html", page=page, languages=languages())


@bp.get("/organisatie/teams")
def teams() -> ResponseReturnValue:
    return render_template("directory/teams.html", own=service.own_teams(signed_in()))


@bp.get("/organisatie/teams/nieuw")
def new_team() -> ResponseReturnValue:
    return _team_page(TeamForm.of(service.choices(signed_in())))


@bp.post("/organisatie/teams/nieuw")
def start_team() -> ResponseReturnValue:
    me = signed_in()
    form = TeamForm.of(service.choices(me))
    team = _do(
        form,
        lambda: service.start_team(me, form.team_id, form.wijk.data, form.pc4.data or "", form.facts),
    )
    if team is None:
        return _team_page(form), 422
    flash(_("Het team staat in de wijk. Kies nu wie de contactpersoon is."))
    return redirect(url_for(".contacts", code=team.wijk.code))


@bp.get("/organisatie/teams/<uuid:team_id>")
def edit_team(team_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    team = service.team_of(me, team_id)
    return _team_page(TeamForm.of(service.choices(me), team), team)


@bp.post("/organisatie/teams/<uuid:team_id>")
def change_team(team_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    team = service.team_of(me, team_id)
    form = TeamForm.of(service.choices(me), team)
    if _do(form, lambda: service.change_team(me, team_id, form.seen.data or "", form.facts)) is None:
        return _team_page(form, team), 422
    flash(_("Bewaard."))
    return redirect(url_for(".teams"))


@bp.post("/organisatie/teams/<uuid:team_id>/stop")
def stop_team(team_id: UUID) -> ResponseReturnValue:
    team = service.set_active(signed_in(), team_id, False)
    flash(_("%(name)s krijgt geen zorgvragen meer.", name=team.name))
    return redirect(url_for(".teams"))


@bp.post("/organisatie/teams/<uuid:team_id>/hervat")
def resume_team(team_id: UUID) -> ResponseReturnValue:
    team = service.set_active(signed_in(), team_id, True)
    flash(_("%(name)s krijgt weer zorgvragen.", name=team.name))
    return redirect(url_for(".teams"))


@bp.get("/organisatie/wijken/<code>")
def contacts(code: str) -> ResponseReturnValue:
    return _contacts_page(service.faces(signed_in(), code))


@bp.post("/organisatie/wijken/<code>/<any(contactpersoon, vervanger):duty>")
def appoint(code: str, duty: str) -> ResponseReturnValue:
    me = signed_in()
    faces = service.faces(me, code)
    form = AppointForm.of(faces, DUTIES[duty])
    appointed = _do(form, lambda: service.appoint(me, code, form.appointment(DUTIES[duty])))
    if appointed is None:
        return _contacts_page(faces, form, DUTIES[duty]), 422
    flash(_("Bewaard."))
    return redirect(url_for(".contacts", code=code))


@bp.post("/organisatie/wijken/<code>/einde/<uuid:contact_id>")
def end_contact(code: str, contact_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    form = EndForm()
    if _do(form, lambda: service.end(me, contact_id, form.day)) is None:
        return _contacts_page(service.faces(me, code), end_form=form), 422
    flash(_("Bewaard."))
    return redirect(url_for(".contacts", code=code))


@bp.post("/organisatie/wijken/<code>/annuleer/<uuid:contact_id>")
def cancel_contact(code: str, contact_id: UUID) -> ResponseReturnValue:
    service.cancel(signed_in(), contact_id)
    flash(_("De wissel gaat niet door."))
    return redirect(url_for(".contacts", code=code))


def _do(form: Form, act: Callable[[], Done]) -> Done | None:
    """Do it; None when something filled in is wrong, with a message at every wrong field."""
    try:
        form.check()
        return act()
    except Invalid as wrong:
        form.blame(wrong)
        return None


def _team_page(form: TeamForm, team: Team | None = None) -> str:
    return render_template("directory/team.html", form=form, team=team)


def _contacts_page(
    faces: service.Faces,
    sent: AppointForm | None = None,
    sent_duty: ContactDuty | None = None,
    end_form: EndForm | None = None,
) -> str:
    forms = {
        duty: sent if sent and duty is sent_duty else AppointForm.of(faces, duty) for duty in ContactDuty
    }
    return render_template(
        "directory/contacts.html",
        faces=faces,
        forms=forms,
        end_form=end_form or EndForm(),
        duties=dict(zip(DUTIES.values(), DUTIES, strict=True)),
    )
