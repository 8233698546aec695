"""Who is on duty in the region: now and next, by week, by month, as a list."""

from flask import render_template
from flask.typing import ResponseReturnValue

from wijkapp.rota.views.room import bp


@bp.get("")
def index() -> ResponseReturnValue:
    """Who is on duty now, who is next, and the own duties."""
    return render_template("rota/index.html")
