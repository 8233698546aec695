"""The pages about free places: the own teams' figures, one figure, and the lights of a wijk."""

from itertools import groupby
from typing import cast
from uuid import UUID

from flask import (
    flash,
    get_template_attribute,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from wijkapp.capacity import service
from wijkapp.capacity.forms import FigureForm, PlacesForm, figure_form
from wijkapp.capacity.service import ChangedMeanwhile, Shown
from wijkapp.capacity.views.room import bp
from wijkapp.directory import service as directory
from wijkapp.kit import time, wanted
from wijkapp.kit.db import reading
from wijkapp.kit.errors import Invalid, NotFound, Refused
from wijkapp.kit.words import gettext, ngettext
from wijkapp.people.session import safe_path, signed_in


@bp.get("")
def index() -> ResponseReturnValue:
    """Everything the own teams published."""
    return _index()


def _index(clash: dict[str, object] | None = None) -> str:
    me = signed_in()
    with reading():  # all of the page is of one moment
        shown = service.mine(me)
        return render_template(
            "capacity/index.html",
            wijken=[(wijk, _by_team(ones)) for wijk, ones in groupby(shown, lambda one: one.team.wijk)],
            several=len({one.team.id for one in shown}) > 1,
            filled=sum(one.figure is not None for one in shown),
            clash=clash or {},
            pauses=service.own_pauses(me),
            rate=service.own_hit_rate(me),
        )


def _by_team(shown: object) -> list[tuple[object, list[Shown]]]:
    return [(team, list(ones)) for team, ones in groupby(shown, lambda one: one.team)]  # type: ignore[call-overload]


@bp.post("/klopt")
def confirm_all() -> ResponseReturnValue:
    """Alles klopt nog: of everything, or of one team."""
    count = service.confirm_all(signed_in(), _team_asked())
    flash(
        ngettext(
            "Bevestigd: %(num)s cijfer klopt nog.", "Bevestigd: alle %(num)s cijfers kloppen nog.", count
        )
        if count
        else gettext("Er is nog niets om te bevestigen. Vul eerst in wat jullie vrij hebben.")
    )
    return redirect(safe_path(request.form.get("next"), url_for(".index")))


def _team_asked() -> UUID | None:
    """Which team a button is about; None: all of them. Raises NotFound."""
    try:
        return UUID(request.form["team"]) if "team" in request.form else None
    except ValueError:
        raise NotFound from None


@bp.post("/<uuid:capacity_id>/klopt")
def confirm(capacity_id: UUID) -> ResponseReturnValue:
    """This one figure is still right."""
    service.confirm(signed_in(), capacity_id)
    flash(gettext("Bevestigd."))
    return redirect(url_for(".index", _anchor=f"figure-{capacity_id}"))


@bp.post("/<uuid:capacity_id>/vol")
def set_full(capacity_id: UUID) -> ResponseReturnValue:
    """Full, or room again."""
    full = request.form.get("full") == "1"
    service.set_full(signed_in(), capacity_id, full)
    flash(gettext("Jullie staan op vol.") if full else gettext("Jullie hebben weer plek."))
    return redirect(url_for(".index", _anchor=f"figure-{capacity_id}"))


@bp.post("/<uuid:capacity_id>/plekken")
def set_places(capacity_id: UUID) -> ResponseReturnValue:
    """The stepper on a card. A script asks for the card only; without one the whole page comes back."""
    me = signed_in()
    form = PlacesForm()
    try:
        form.check()
        service.set_places(me, capacity_id, form.places.data, form.seen.data)
    except (Invalid, ChangedMeanwhile) as refused:
        return _not_stepped(capacity_id, form, refused)
    if wanted.a_part():
        return _card(service.one_of_mine(me, capacity_id))
    flash(gettext("Bewaard."))
    return redirect(url_for(".index", _anchor=f"figure-{capacity_id}"))


def _not_stepped(capacity_id: UUID, form: PlacesForm, refused: Refused) -> ResponseReturnValue:
    shown = service.one_of_mine(signed_in(), capacity_id)
    clash: dict[str, object] = {
        "id": capacity_id,
        "sentence": str(refused.fields.get("places", refused.sentence)),
        "typed": form.places.data if isinstance(refused, ChangedMeanwhile) else None,
    }
    page = _card(shown, clash) if wanted.a_part() else _index(clash)
    return page, refused.status


def _card(shown: Shown, clash: dict[str, object] | None = None) -> str:
    card = get_template_attribute("capacity/_figure.html", "card")
    return cast(str, card(shown, url_for(".index"), clash or {}, time.today()))


@bp.get("/<uuid:capacity_id>")
def edit(capacity_id: UUID) -> ResponseReturnValue:
    """One figure, to change everything about it."""
    shown = service.one_of_mine(signed_in(), capacity_id)
    return _edit_page(shown, _form(shown))


@bp.post("/<uuid:capacity_id>")
def save(capacity_id: UUID) -> ResponseReturnValue:
    """Store one figure."""
    return _save(service.one_of_mine(signed_in(), capacity_id))


@bp.get("/team/<uuid:team_id>/<product>")
def new(team_id: UUID, product: str) -> ResponseReturnValue:
    """A figure that nobody filled in yet."""
    shown = service.mine_for(signed_in(), team_id, product)
    if shown.figure:
        return redirect(url_for(".edit", capacity_id=shown.figure.id))
    return _edit_page(shown, _form(shown))


@bp.post("/team/<uuid:team_id>/<product>")
def create(team_id: UUID, product: str) -> ResponseReturnValue:
    """Store a figure for the first time."""
    return _save(service.mine_for(signed_in(), team_id, product))


def _save(shown: Shown) -> ResponseReturnValue:
    form = _form(shown, posted=True)
    try:
        form.check()
        service.publish(signed_in(), shown.team.id, shown.product.code, form.published(), form.seen.data)
    except Invalid as wrong:
        form.blame(wrong)
        return _edit_page(shown, form), wrong.status
    except ChangedMeanwhile as changed:
        return _changed_meanwhile(shown, form, changed)
    flash(gettext("Bewaard: %(product)s.", product=shown.product.word))
    return redirect(url_for(".index"))


def _changed_meanwhile(shown: Shown, form: FigureForm, changed: ChangedMeanwhile) -> ResponseReturnValue:
    """Show what was typed beside what stands there now; saving again is a choice made with open eyes."""
    now = service.mine_for(signed_in(), shown.team.id, shown.product.code)
    assert now.figure is not None  # noqa: S101 - it changed, so it is there
    form.seen.data, form.seen.raw_data = now.figure.version, None
    return _edit_page(now, form, str(changed.sentence)), changed.status


def _form(shown: Shown, *, posted: bool = False) -> FigureForm:
    with reading() as db:
        names = {skill.code: skill.word for skill in directory.skills(db)}
    return figure_form(shown, names, posted=posted)


def _edit_page(shown: Shown, form: FigureForm, changed: str = "") -> str:
    action = (
        url_for(".save", capacity_id=shown.figure.id)
        if shown.figure
        else url_for(".create", team_id=shown.team.id, product=shown.product.code)
    )
    return render_template("capacity/edit.html", one=shown, form=form, action=action, changed=changed)


@bp.get("/wijk/<code>")
def wijk(code: str) -> ResponseReturnValue:
    """The lights of a wijk, as a part of its page."""
    signals = service.in_wijk(signed_in(), code)
    providers = [(name, list(ones)) for name, ones in groupby(signals, lambda one: one.organisation)]
    page = "capacity/_wijk.html" if wanted.a_part() else "capacity/wijk.html"
    return render_template(page, providers=providers, code=code)
