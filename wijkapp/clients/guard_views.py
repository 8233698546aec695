"""The guard was wrong, says the writer: for the conversation, whose text never comes by a form of its own."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from wijkapp.clients.screening import Kind
from wijkapp.clients.service import counts
from wijkapp.clients.service.counts import Outcome
from wijkapp.kit import limits
from wijkapp.people.session import signed_in

bp = Blueprint("guard", __name__)

PER_ACCOUNT = "60 per hour"


@bp.post("/privacy/vergissing")
def wrong() -> ResponseReturnValue:
    """Kinds only, as in kind=name&kind=bsn: there is no field here for what was written."""
    limits.count("guard-wrong", str(signed_in().id), PER_ACCOUNT)
    sent = set(request.form.getlist("kind"))
    counts.noticed(Outcome.WRONG, [kind for kind in Kind if kind.value in sent])
    return "", 204
