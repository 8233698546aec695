"""The page of what a wijk agreed, and the form on which the wijkregisseur changes it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from wijkapp.agreements import service, wording
from wijkapp.agreements.forms import TermsForm
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext as _
from wijkapp.people.session import signed_in

bp = Blueprint("agreements", __name__)


@bp.get("/wijken/<code>/afspraken")
def show(code: str) -> ResponseReturnValue:
    page = service.terms_page(signed_in(), code)
    return render_template("agreements/show.html", page=page, parts=wording.parts(page.terms))


@bp.get("/wijken/<code>/afspraken/wijzigen")
def edit(code: str) -> ResponseReturnValue:
    page = service.page_to_change(signed_in(), code)
    newest = page.versions[0].clauses if page.versions else page.terms
    return _form_page(page, TermsForm.of(newest, page.wijk.shared_mail, page.seen))


@bp.post("/wijken/<code>/afspraken/wijzigen")
def save(code: str) -> ResponseReturnValue:
    me = signed_in()
    page = service.page_to_change(me, code)
    form = TermsForm()
    try:
        form.check()
        service.agree(
            me,
            page.wijk.id,
            form.terms,
            form.first_day,
            shared_mail=form.shared_mail.data or None,
            seen=form.seen.data or "",
        )
    except service.ChangedMeanwhile as changed:
        return _form_page(page, form, changed=str(changed.sentence)), 409
    except Invalid as wrong:
        form.blame(wrong)
        return _form_page(page, form, wrong=dict(wrong.fields)), 422
    flash(_("De nieuwe afspraken staan klaar. Wat al loopt, gaat door zoals het begon."))
    return redirect(url_for(".show", code=code))


def _form_page(
    page: service.TermsPage, form: TermsForm, *, changed: str = "", wrong: dict[str, str] | None = None
) -> str:
    return render_template("agreements/edit.html", page=page, form=form, changed=changed, wrong=wrong or {})
