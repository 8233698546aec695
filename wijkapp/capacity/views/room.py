"""The one blueprint of this room; the modules beside it hang their pages on it."""

from flask import Blueprint

from wijkapp.capacity import wording

bp = Blueprint("capacity", __name__, url_prefix="/capaciteit")
bp.add_app_template_filter(wording.week_in_words)
bp.add_app_template_filter(wording.days_ago)
bp.add_app_template_filter(wording.places_in_words)
bp.add_app_template_filter(wording.place_of)


@bp.app_template_filter("pause_word")
def pause_word(reason: str) -> str:
    """Why a team takes nobody, in words."""
    return str(wording.PAUSE_WORDS[reason])  # type: ignore[index]
