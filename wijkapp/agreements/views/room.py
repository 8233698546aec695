"""The pages of the register hang on this."""

from flask import Blueprint

from wijkapp.agreements import document_words, proof_words, register_wording
from wijkapp.agreements.register import Kind, Phase

bp = Blueprint("register", __name__)


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "words": register_wording,
        "says": document_words,
        "proofs": proof_words,
        "kinds": list(Kind),
        "phases": list(Phase),
    }
