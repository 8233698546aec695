"""Zoek zorg. One page: without scripts the whole of it comes again, with them only what was found."""

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from wijkapp.kit import wanted
from wijkapp.kit.errors import Invalid
from wijkapp.matching import service, wording
from wijkapp.matching.search_forms import SearchForm
from wijkapp.matching.service.search import Result, search
from wijkapp.people.session import signed_in

bp = Blueprint("search", __name__)


@bp.app_context_processor
def _words() -> dict[str, object]:
    return {"distances": wording.DISTANCES}


@bp.get("/zoek")
def show() -> ResponseReturnValue:
    me = signed_in()
    choices = service.choices(me)
    asked = bool(request.args)
    form = SearchForm.of(
        choices.products, choices.skills, choices.insurers, formdata=request.args if asked else None
    )
    result: Result | None = None
    if asked and form.validate():
        try:
            result = search(me, form.query)
        except Invalid as wrong:
            form.blame(wrong)
    page = render_template(
        "matching/search.html",
        form=form,
        result=result,
        asked=asked,
        tiles=current_app.config["SETTINGS"].tiles,
    )
    # The phone keeps pages for when there is no connection, but not what somebody searched for. A part of
    # the page that is fetched while somebody still fills in the form is no failure.
    status = 422 if asked and result is None and not wanted.a_part() else 200
    return page, status, {"Cache-Control": "no-store"} if asked else {}
