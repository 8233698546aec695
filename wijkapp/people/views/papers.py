"""Until when the papers of the own organisation are valid."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit.words import gettext as _
from wijkapp.people.forms import PAPERS, PapersForm
from wijkapp.people.rules import PaperKind
from wijkapp.people.service import papers as service
from wijkapp.people.session import signed_in
from wijkapp.people.views.room import bp


@bp.get("/organisatie/bewijzen")
def papers() -> ResponseReturnValue:
    days = {one.kind.value: one.valid_until for one in service.papers(signed_in())}
    return _page(PapersForm(formdata=None, data=days))


def _page(form: PapersForm) -> str:
    states = {one.kind: one.state for one in service.papers(signed_in())}
    return render_template("people/papers.html", form=form, kinds=list(PaperKind), states=states)


@bp.post("/organisatie/bewijzen")
def save_papers() -> ResponseReturnValue:
    form = PapersForm()
    if not form.validate():
        return _page(form), 422
    service.save_papers(signed_in(), form.days())
    flash(_("De dagen zijn bewaard."))
    return redirect(url_for("people.papers"))


@bp.app_template_filter("paper_word")
def paper_word(kind: PaperKind) -> str:
    """What a paper is called."""
    return str(PAPERS[kind])
