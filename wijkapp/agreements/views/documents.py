"""The documents of an agreement: fill them in, offer them, read a version, and take it along."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from wijkapp.agreements import document_words, papers, register_wording
from wijkapp.agreements.differing import differences
from wijkapp.agreements.document_forms import AnswerForm, DraftTermsForm
from wijkapp.agreements.drafting import Question
from wijkapp.agreements.papers import Hand, Sheet
from wijkapp.agreements.register import Phase
from wijkapp.agreements.rota_forms import RotaTermsForm, form_for
from wijkapp.agreements.rota_terms import RotaTerms
from wijkapp.agreements.rota_words import block_word
from wijkapp.agreements.rules import DEFAULTS
from wijkapp.agreements.service import documents as service
from wijkapp.agreements.service import meanwhile, offering, signing
from wijkapp.agreements.service.documents import Desk, VersionPage
from wijkapp.agreements.service.register import Ended
from wijkapp.kit import time
from wijkapp.kit.errors import Invalid, NotAllowed, NotFound
from wijkapp.kit.words import gettext as _
from wijkapp.people.session import signed_in

bp = Blueprint("documents", __name__)
bp.add_app_template_filter(block_word)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.context_processor
def _words() -> dict[str, object]:
    return {"words": register_wording, "says": document_words}


@bp.get("/afspraken/<uuid:agreement_id>/documenten")
def index(agreement_id: UUID) -> ResponseReturnValue:
    return render_template(
        "documents/index.html", page=service.shelf(signed_in(), agreement_id), me=signed_in()
    )


@bp.get("/afspraken/<uuid:agreement_id>/documenten/<kind>")
def show(agreement_id: UUID, kind: str) -> ResponseReturnValue:
    return render_template("documents/show.html", **_desk(agreement_id, kind))


def _desk(agreement_id: UUID, kind: str) -> dict[str, object]:
    me = signed_in()
    page = service.desk(me, agreement_id, kind)
    last = page.offered or page.in_force
    waits = signing.waits_for(page.document, me.id) if page.document else None
    return {
        "page": page,
        "compared": differences(page.content, last.content if last else None),
        "last": last,
        "signed": service.signed_by(page.document, page.offered) if page.document and page.offered else set(),
        "waits": waits is not None,
        "me": me,
    }


def _managed(agreement_id: UUID, kind: str) -> Desk:
    page = service.desk(signed_in(), agreement_id, kind)
    if not page.hands.manage:
        raise NotAllowed(_("Dit doet de wijkregisseur, of de beheerder van een partij."))
    if page.agreement.phase is Phase.ENDED:
        raise Ended
    return page


# --- writing


@bp.get("/afspraken/<uuid:agreement_id>/documenten/<kind>/vraag/<code>")
def question(agreement_id: UUID, kind: str, code: str) -> ResponseReturnValue:
    page = _managed(agreement_id, kind)
    asked = _question(page, code)
    return _question_page(page, asked, AnswerForm(formdata=None, words=page.answers.get(code, "")))


def _question(page: Desk, code: str) -> Question:
    found = page.template.question(code)
    if found is None:
        raise NotFound
    return found


def _question_page(page: Desk, asked: Question, form: AnswerForm, changed: str = "") -> str:
    order, kept = page.template.asked(page.agreement.path), page.answers.get(asked.code, "")
    if changed or not form.seen.data:
        form.seen.data = meanwhile.stamp([kept])
    return render_template(
        "documents/question.html",
        page=page,
        question=asked,
        form=form,
        order=order,
        changed=changed,
        kept=kept,
    )


@bp.post("/afspraken/<uuid:agreement_id>/documenten/<kind>/vraag/<code>")
def answer(agreement_id: UUID, kind: str, code: str) -> ResponseReturnValue:
    me, form = signed_in(), AnswerForm()
    page = _managed(agreement_id, kind)
    asked = _question(page, code)
    try:
        form.check()
        offering.answer(me, agreement_id, kind, code, form.words.data, seen=form.seen.data or "")
    except Invalid as wrong:
        form.blame(wrong)
        return _question_page(page, asked, form), 422
    except meanwhile.TypedOver as changed:
        return _question_page(_managed(agreement_id, kind), asked, form, str(changed.sentence)), 409
    order = [one.code for one in page.template.asked(page.agreement.path)]
    after = order[order.index(code) + 1 :] if code in order else []
    following = next((one for one in after if not page.answers.get(one)), None)
    if following is None:
        flash(_("Bewaard."))
        return redirect(url_for(".show", agreement_id=agreement_id, kind=kind))
    return redirect(url_for(".question", agreement_id=agreement_id, kind=kind, code=following))


@bp.get("/afspraken/<uuid:agreement_id>/documenten/<kind>/app")
def terms(agreement_id: UUID, kind: str) -> ResponseReturnValue:
    page = _with_terms(agreement_id, kind)
    return render_template("documents/terms.html", page=page, form=_terms_form(page), wrong={})


def _terms_form(page: Desk) -> DraftTermsForm | RotaTermsForm:
    """As the draft fills it in, or else how the app works now; what was sent stays as it was typed."""
    document = page.document
    given = (document.terms if document else None) or page.works_by or DEFAULTS
    starts = (document.terms_from if document else None) or page.agreement.valid_from
    starts = max(starts, time.today()) if starts else None
    if isinstance(given, RotaTerms):
        return form_for(page.sharing, given, starts=starts)
    return DraftTermsForm.drafted(given, starts, mail=all(wijk.shared_mail for wijk in page.agreement.wijken))


def _with_terms(agreement_id: UUID, kind: str) -> Desk:
    page = _managed(agreement_id, kind)
    if not page.hands.leads:
        raise NotAllowed(_("Wat de app gaat doen, vult de wijkregisseur in."))
    if not page.has_terms:
        raise NotFound
    return page


@bp.post("/afspraken/<uuid:agreement_id>/documenten/<kind>/app")
def set_terms(agreement_id: UUID, kind: str) -> ResponseReturnValue:
    page = _with_terms(agreement_id, kind)
    form = _terms_form(page)
    try:
        form.check()
        offering.set_terms(signed_in(), agreement_id, kind, form.terms, form.first_day)
    except Invalid as wrong:
        form.blame(wrong)
        return render_template("documents/terms.html", page=page, form=form, wrong=dict(wrong.fields)), 422
    flash(_("Bewaard. De app verandert pas als alle partijen hebben getekend."))
    return redirect(url_for(".show", agreement_id=agreement_id, kind=kind))


@bp.post("/afspraken/<uuid:agreement_id>/documenten/<kind>/voorleggen")
def offer(agreement_id: UUID, kind: str) -> ResponseReturnValue:
    me = signed_in()
    offering.offer(me, agreement_id, kind)
    if service.desk(me, agreement_id, kind).template.signed:
        flash(_("De tekst ligt vast. Wie moet tekenen, krijgt bericht."))
    else:
        flash(_("Deze versie is klaar om te gebruiken."))
    return redirect(url_for(".show", agreement_id=agreement_id, kind=kind))


@bp.post("/afspraken/<uuid:agreement_id>/documenten/<kind>/terugnemen")
def take_back(agreement_id: UUID, kind: str) -> ResponseReturnValue:
    offering.take_back(signed_in(), agreement_id, kind)
    flash(_("Teruggenomen. Niemand hoeft deze versie nog te tekenen."))
    return redirect(url_for(".show", agreement_id=agreement_id, kind=kind))


# --- reading, and taking along


@bp.get("/afspraken/<uuid:agreement_id>/documenten/<kind>/versies/<int:number>")
def version(agreement_id: UUID, kind: str, number: int) -> ResponseReturnValue:
    page = service.version_page(signed_in(), agreement_id, kind, number)
    before = page.before.content if page.before else None
    return render_template(
        "documents/version.html",
        page=page,
        compared=differences(page.version.content, before),
        key=signing.signer().public.hex(),
    )


@bp.get("/afspraken/<uuid:agreement_id>/documenten/<kind>/concept.pdf")
def draft_pdf(agreement_id: UUID, kind: str) -> ResponseReturnValue:
    page = service.desk(signed_in(), agreement_id, kind)
    return _file(papers.pdf(_draft(page)), "application/pdf", page, "concept.pdf")


@bp.get("/afspraken/<uuid:agreement_id>/documenten/<kind>/concept.docx")
def draft_docx(agreement_id: UUID, kind: str) -> ResponseReturnValue:
    page = service.desk(signed_in(), agreement_id, kind)
    return _file(papers.word(_draft(page)), DOCX, page, "concept.docx")


def _draft(page: Desk) -> Sheet:
    return Sheet(page.content, "Concept, er kan nog van alles veranderen", (), ())


@bp.get("/afspraken/<uuid:agreement_id>/documenten/<kind>/versies/<int:number>.pdf")
def pdf(agreement_id: UUID, kind: str, number: int) -> ResponseReturnValue:
    page = service.version_page(signed_in(), agreement_id, kind, number)
    return _file(papers.pdf(_sheet(page)), "application/pdf", page, f"{number}.pdf")


@bp.get("/afspraken/<uuid:agreement_id>/documenten/<kind>/versies/<int:number>.docx")
def word(agreement_id: UUID, kind: str, number: int) -> ResponseReturnValue:
    page = service.version_page(signed_in(), agreement_id, kind, number)
    return _file(papers.word(_sheet(page)), DOCX, page, f"{number}.docx")


@bp.get("/afspraken/<uuid:agreement_id>/documenten/<kind>/versies/<int:number>.json")
def signed_file(agreement_id: UUID, kind: str, number: int) -> ResponseReturnValue:
    me = signed_in()
    page = service.version_page(me, agreement_id, kind, number)
    raw = signing.export(me, agreement_id, kind, number)
    return _file(raw, "application/json", page, f"{number}-getekend.json")


def _sheet(page: VersionPage) -> Sheet:
    version = page.version
    signed = {one.account_id: one for one in page.signatures}
    hands = [
        Hand(
            one.organisation.name,
            one.account.name,
            papers.signed_in_words(signed[one.account_id].at, signed[one.account_id].factor)
            if one.account_id in signed
            else "",
        )
        for one in sorted(version.signers, key=lambda one: (one.organisation.name, one.account.name))
    ]
    proof = [("Hash (SHA-256)", version.digest), ("Sleutel (Ed25519)", signing.signer().public.hex())]
    return Sheet(version.content, papers.standing(version), hands, proof if page.template.signed else ())


def _file(raw: bytes, kind: str, page: Desk | VersionPage, ends: str) -> Response:
    """ends: what tells this file from others of the document, as in `concept.pdf`."""
    made = Response(raw, content_type=kind)
    name = papers.file_name(page.template.title, page.agreement.title, ends)
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made
