"""The pages of the register hang on this."""

from flask import Blueprint

from wijkapp.agreements import register_wording
from wijkapp.agreements.register import Kind, Phase

bp = Blueprint("register", __name__)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"words": register_wording, "kinds": list(Kind), "phases": list(Phase)}
