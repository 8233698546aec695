"""What the region agreed about duties, and the forms on which the wijkregisseur changes it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from wijkapp.agreements import rota_words
from wijkapp.agreements.rota_forms import RotaTermsForm, form_for
from wijkapp.agreements.rule_sets import Rule
from wijkapp.agreements.service import ChangedMeanwhile
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext as _
from wijkapp.people.session import signed_in
from wijkapp.rota.forms.rules import RulesForm, rules_form_for
from wijkapp.rota.service import terms as service
from wijkapp.rota.service.terms import RegionTerms
from wijkapp.rota.views.room import asked_region, bp
from wijkapp.rota.wording import amount


@bp.app_template_filter("figure")
def figure(rule: Rule) -> str:
    """A figure for work and rest with its unit: 11 uur; 36 nachtdiensten in 16 weken; uit; aan."""
    if not rule.is_on:
        return _("uit")
    if rule.value is True:
        return _("aan")
    text = amount(rule.value or 0, rule.unit)
    if rule.weeks < 2 or str(rule.weeks) in rule.title:
        return text
    return _("%(figure)s / %(weeks)s wk", figure=text, weeks=rule.weeks)


@bp.get("/afspraken")
def terms() -> ResponseReturnValue:
    """Every clause about duties, with what the app does because of it."""
    page = service.terms_page(signed_in(), asked_region())
    names = {one.id: one.name for one in page.organisations}
    return render_template("rota/terms.html", page=page, parts=rota_words.parts(page.terms, names))


@bp.get("/afspraken/wijzigen")
def edit_terms() -> ResponseReturnValue:
    page = service.page_to_change(signed_in(), asked_region())
    return _terms_page(page, form_for(page.organisations, page.agreed.newest, seen=page.agreed.seen))


@bp.post("/afspraken/wijzigen")
def save_terms() -> ResponseReturnValue:
    me = signed_in()
    page = service.page_to_change(me, asked_region())
    form = form_for(page.organisations, page.agreed.newest, seen=page.agreed.seen)
    try:
        form.check()
        service.agree(me, page.region.id, form.terms, form.first_day, form.seen.data or "")
    except ChangedMeanwhile as changed:
        return _terms_page(page, form, changed=str(changed.sentence)), 409
    except Invalid as wrong:
        form.blame(wrong)
        return _terms_page(page, form, wrong=wrong.fields), 422
    return _saved(page)


def _terms_page(
    page: RegionTerms, form: RotaTermsForm, *, changed: str = "", wrong: dict[str, str] | None = None
) -> str:
    return render_template("rota/edit_terms.html", page=page, form=form, changed=changed, wrong=wrong or {})


def _saved(page: RegionTerms) -> ResponseReturnValue:
    flash(_("De nieuwe afspraken staan klaar. Roosters die er al zijn, blijven zoals ze zijn."))
    return redirect(url_for(".terms", regio=page.region.id))


@bp.get("/afspraken/regels")
def edit_rules() -> ResponseReturnValue:
    page = service.page_to_change(signed_in(), asked_region())
    return _rules_page(page, _rules_form(page))


@bp.post("/afspraken/regels")
def save_rules() -> ResponseReturnValue:
    me = signed_in()
    page = service.page_to_change(me, asked_region())
    form = _rules_form(page)
    try:
        form.check()
        own = service.own_figures(page.law, form.figures)
        service.agree_on_rules(me, page.region.id, own, form.first_day, form.seen.data or "")
    except ChangedMeanwhile as changed:
        return _rules_page(page, form, changed=str(changed.sentence)), 409
    except Invalid as wrong:
        form.blame(wrong)
        return _rules_page(page, form), 422
    return _saved(page)


def _rules_form(page: RegionTerms) -> RulesForm:
    return rules_form_for(page.law.changed(page.agreed.newest.rules), page.agreed.seen)


def _rules_page(page: RegionTerms, form: RulesForm, *, changed: str = "") -> str:
    return render_template("rota/edit_rules.html", page=page, form=form, changed=changed)
