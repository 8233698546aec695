"""Signing: read what changed, prove that it is you, and put your name to it; and naming who signs."""

from secrets import token_hex
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from wijkapp.agreements import verifying
from wijkapp.agreements.differing import Change, differences
from wijkapp.agreements.document_forms import SignerForm, SignForm
from wijkapp.agreements.models import Factor
from wijkapp.agreements.service import signatories, signing
from wijkapp.agreements.service.signing import Paper, Proof
from wijkapp.agreements.views.documents import bp
from wijkapp.kit.crypto import to_text
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext as _
from wijkapp.people import factors, proving
from wijkapp.people.models import Account
from wijkapp.people.session import demo, signed_in

ASKED = "signing"  # nonce of what a passkey was asked to sign


@bp.get("/afspraken/<uuid:agreement_id>/documenten/<kind>/tekenen")
def paper(agreement_id: UUID, kind: str) -> ResponseReturnValue:
    return _paper_page(agreement_id, kind, SignForm(formdata=None))


def _paper_page(agreement_id: UUID, kind: str, form: SignForm) -> str:
    me = signed_in()
    waiting = signing.paper(me, agreement_id, kind, "")
    compared = differences(waiting.version.content, waiting.before.content if waiting.before else None)
    return render_template(
        "documents/paper.html",
        paper=waiting,
        changed=[one for one in compared if one.change is not Change.SAME],
        same=[one for one in compared if one.change is Change.SAME],
        form=form,
        me=me,
        in_demo=demo() and not me.has_second_factor,
    )


@bp.post("/afspraken/<uuid:agreement_id>/documenten/<kind>/tekenen/vraag")
def ask_passkey(agreement_id: UUID, kind: str) -> ResponseReturnValue:
    nonce = token_hex(16)
    waiting = signing.paper(signed_in(), agreement_id, kind, nonce)
    session[ASKED] = nonce
    return jsonify(factors.sign_in_question(verifying.challenge_of(waiting.statement)))


@bp.post("/afspraken/<uuid:agreement_id>/documenten/<kind>/tekenen")
def sign(agreement_id: UUID, kind: str) -> ResponseReturnValue:
    me, form = signed_in(), SignForm()
    asked = session.pop(ASKED, "")
    nonce = asked if form.credential.data else token_hex(16)
    try:
        form.check()
        waiting = signing.paper(me, agreement_id, kind, nonce)
        proof = _proof(me, form, waiting)
    except Invalid as wrong:
        form.blame(wrong)
        return _paper_page(agreement_id, kind, form), 422
    done = signing.sign(me, agreement_id, kind, digest=form.seen.data or "", nonce=nonce, proof=proof)
    flash(_("Getekend. Iedereen heeft getekend: dit geldt.") if done else _("Getekend. Dank je wel."))
    return redirect(url_for(".show", agreement_id=agreement_id, kind=kind))


def _proof(me: Account, form: SignForm, waiting: Paper) -> Proof:
    """That it is really them, at this moment. Raises NotRecognised, Invalid or TooMany."""
    if form.credential.data:
        challenge = to_text(verifying.challenge_of(waiting.statement))
        if factors.owner_by_passkey(form.credential.data, challenge).id != me.id:
            raise factors.NotRecognised(_("Deze passkey is van een ander account."))
        return Proof(Factor.PASSKEY, factors.evidence(form.credential.data))
    if me.tf_totp_secret:
        proving.check_code(me, form.code.data or "", recovery=False)
        return Proof(Factor.CODE)
    if demo() and not me.has_second_factor:
        return Proof(Factor.DEMO)
    raise Invalid(fields={"code": _("Teken met je passkey, of stel een authenticator-app in.")})


# --- who signs for us


@bp.get("/afspraken/<uuid:agreement_id>/ondertekenaars")
def signers(agreement_id: UUID) -> ResponseReturnValue:
    return _signers_page(agreement_id, SignerForm(formdata=None))


def _signers_page(agreement_id: UUID, form: SignerForm) -> str:
    page = signatories.own_hands(signed_in(), agreement_id)
    return render_template("documents/signers.html", page=page, form=form.offer(page.colleagues))


@bp.post("/afspraken/<uuid:agreement_id>/ondertekenaars")
def name_signer(agreement_id: UUID) -> ResponseReturnValue:
    me = signed_in()
    form = SignerForm().offer(signatories.own_hands(me, agreement_id).colleagues)
    try:
        form.check()
        signatories.name_signer(me, agreement_id, UUID(form.account.data), form.job_title.data)
    except Invalid as wrong:
        form.blame(wrong)
        return _signers_page(agreement_id, form), 422
    flash(_("Deze collega tekent voor jullie."))
    return redirect(url_for(".signers", agreement_id=agreement_id))


@bp.post("/afspraken/<uuid:agreement_id>/ondertekenaars/<uuid:signatory_id>/weg")
def drop_signer(agreement_id: UUID, signatory_id: UUID) -> ResponseReturnValue:
    signatories.drop_signer(signed_in(), agreement_id, signatory_id)
    flash(_("Deze collega tekent niet meer voor jullie."))
    return redirect(url_for(".signers", agreement_id=agreement_id))
