"""The blueprint of this room; the modules beside it hang their pages on it."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, current_app, request, url_for

from wijkapp.agreements.rota_words import LEVELS
from wijkapp.kit import time
from wijkapp.kit.errors import NotFound
from wijkapp.kit.words import gettext, mark
from wijkapp.people import access, session
from wijkapp.people.doors import DOORS
from wijkapp.rota.on_duty import Turn
from wijkapp.rota.page_words import HOW, LINES
from wijkapp.rota.week import is_dark

bp = Blueprint("rota", __name__, url_prefix="/dienst")
bp.add_app_template_filter(is_dark)

# Label, endpoint, and under which addresses it is the current page. Who may open it says people.doors.
NAV = (
    (mark("Nu"), "rota.index", ()),
    (mark("Week"), "rota.this_week", ("/dienst/week", "/dienst/maand", "/dienst/lijst")),
    (mark("Rooster maken"), "rota.plans", ("/dienst/plannen",)),
    (mark("Ruilen"), "rota.swaps", ("/dienst/ruilen",)),
    (mark("Beschikbaar"), "rota.available", ("/dienst/beschikbaar",)),
    (mark("Wijzigingen"), "rota.changes", ("/dienst/wijzigingen",)),
    (mark("Mensen"), "rota.people", ("/dienst/mensen",)),
    (mark("Afspraken"), "rota.terms", ("/dienst/afspraken",)),
    (mark("Agenda"), "rota.addresses", ("/dienst/adressen",)),
)


def asked_region() -> UUID | None:
    """Which region a page is asked about (?regio=...); None: the reader's own. Raises NotFound."""
    try:
        return UUID(request.args["regio"]) if request.args.get("regio") else None
    except ValueError:
        raise NotFound from None


@bp.context_processor
def _on_every_page() -> dict[str, object]:
    return {"rota_nav": _nav, "lines": LINES, "how_held": HOW}


def _nav() -> list[tuple[str, str, bool]]:
    """Label, address, and is it here: the pages of this room that the reader may open."""
    me = session.current_account()
    region = asked_region()
    found = []
    for label, endpoint, paths in NAV:
        if endpoint not in current_app.view_functions or not access.may(me, DOORS[endpoint]):
            continue
        here = request.endpoint == endpoint or request.path.startswith(paths)
        found.append((gettext(label), url_for(endpoint, regio=region), here))
    return found


@bp.app_template_filter("duty_word")
def duty_word(turn: Turn) -> str:
    """What a duty is called: za nacht."""
    return gettext("%(day)s %(block)s", day=_weekday(turn.starts_at), block=gettext(turn.name))


@bp.app_template_filter("level_word")
def level_word(level: int) -> str:
    return str(LEVELS.get(level, level))


@bp.app_template_filter("local_day")
def local_day(moment: datetime) -> object:
    """The day it is in Amsterdam at this moment; for the filter `day`."""
    return time.local(moment).date()


def _weekday(moment: datetime) -> str:
    return gettext(time.WEEKDAYS[time.local(moment).weekday()])
