"""The one blueprint of this room; the modules beside it hang their pages on it."""

from flask import Blueprint, Response

from wijkapp.people.forms import ROLES
from wijkapp.people.models import Account

bp = Blueprint("people", "wijkapp")


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    """Codes, keys and who is logged in where stay out of the browser's and the service worker's caches."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.app_template_filter("role_words")
def role_words(account: Account) -> list[str]:
    """What somebody is, in words."""
    return [str(word) for role, word in ROLES.items() if role in account.role_set]
