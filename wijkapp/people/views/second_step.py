"""The second step: giving it, setting it up, and changing what protects an account."""

from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit.errors import Invalid, NotSignedIn
from wijkapp.kit.words import gettext as _
from wijkapp.people import factors, proving, service
from wijkapp.people import session as device
from wijkapp.people.forms import CodeForm, NewPasskeyForm, PasskeyNameForm, PasswordForm
from wijkapp.people.models import Account
from wijkapp.people.rules import device_label
from wijkapp.people.views.room import bp
from wijkapp.people.views.sign_in import CHALLENGE, passkey_answer

UNPROVEN = "new_authenticator"  # its secret, sealed, until a code proves that the app has it


def _someone() -> Account:
    """Whoever is here, also before their second step is set up."""
    account = device.arriving()
    if account is None:
        raise NotSignedIn
    return account


def _check_code(account: Account, form: CodeForm) -> None:
    """Raises Invalid, and TooMany after a few wrong codes."""
    form.check()
    proving.check_code(account, form.code.data)


# --- after the first step


@bp.get("/inloggen/code")
def second_step() -> ResponseReturnValue:
    half = device.half_way()
    if half is None:
        return redirect(url_for("people.sign_in"))
    return render_template("people/second_step.html", form=CodeForm(formdata=None), account=half[0])


@bp.post("/inloggen/code")
def give_code() -> ResponseReturnValue:
    half = device.half_way()
    if half is None:
        raise NotSignedIn(_("Dit duurde te lang. Begin opnieuw met inloggen."))
    account, wanted = half
    form = CodeForm()
    try:
        _check_code(account, form)
    except Invalid as wrong:
        form.blame(wrong)
        return render_template("people/second_step.html", form=form, account=account), 422
    return device.enter(account, wanted, second_step_done=True)


# --- once more, before changing what protects the account


@bp.get("/account/bevestig")
def confirm() -> ResponseReturnValue:
    return _confirm_page(CodeForm(formdata=None))


def _confirm_page(form: CodeForm) -> str:
    wanted = device.safe_path(request.args.get("next"), url_for("people.account"))
    return render_template("people/confirm.html", form=form, account=device.signed_in(), wanted=wanted)


@bp.post("/account/bevestig")
def give_confirmation() -> ResponseReturnValue:
    form = CodeForm()
    try:
        _check_code(device.signed_in(), form)
    except Invalid as wrong:
        form.blame(wrong)
        return _confirm_page(form), 422
    return _confirmed()


@bp.post("/account/bevestig/passkey")
def confirm_by_passkey() -> ResponseReturnValue:
    owner = factors.owner_by_passkey(passkey_answer(), session.pop(CHALLENGE, ""))
    if owner.id != device.signed_in().id:
        raise factors.NotRecognised(_("Deze passkey is van een ander account."))
    return _confirmed()


def _confirmed() -> ResponseReturnValue:
    device.confirm()
    return redirect(device.safe_path(request.args.get("next"), url_for("people.account")))


# --- setting it up


@bp.get("/account/beveiliging")
def set_up() -> ResponseReturnValue:
    account = _someone()
    if account.has_second_factor:
        return redirect(url_for("people.account"))
    return render_template("people/set_up.html", account=account, form=_passkey_form())


def _passkey_form() -> NewPasskeyForm:
    return NewPasskeyForm(formdata=None, name=device_label(request.user_agent.string))


def _after_set_up(had_one: bool) -> ResponseReturnValue:
    device.confirm()
    return redirect(url_for("people.account" if had_one else "people.recovery_codes"))


@bp.post("/account/passkeys/vraag")
def ask_new_passkey() -> ResponseReturnValue:
    question = factors.registration_question(_someone())
    session[CHALLENGE] = question["challenge"]
    return jsonify(question)


@bp.post("/account/passkeys")
def add_passkey() -> ResponseReturnValue:
    account, form = _someone(), NewPasskeyForm()
    try:
        form.check()
        new = factors.registered(form.credential.data, session.pop(CHALLENGE, ""))
        service.add_passkey(account, new, form.name.data, device_id=device.current_device_id())
    except Invalid as wrong:
        form.blame(wrong)
        return render_template("people/new_passkey.html", form=form), 422
    flash(_("De passkey is toegevoegd."))
    return _after_set_up(account.has_second_factor)


@bp.get("/account/passkeys/nieuw")
def new_passkey() -> ResponseReturnValue:
    return render_template("people/new_passkey.html", form=_passkey_form())


@bp.post("/account/passkeys/<uuid:passkey_id>")
def rename_passkey(passkey_id: UUID) -> ResponseReturnValue:
    form = PasskeyNameForm()
    form.check()
    service.rename_passkey(_someone(), passkey_id, form.name.data)
    flash(_("De passkey heet nu %(name)s.", name=form.name.data))
    return redirect(url_for("people.account"))


@bp.post("/account/passkeys/<uuid:passkey_id>/weg")
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    service.remove_passkey(_someone(), passkey_id, must_keep_one=not device.demo())
    flash(_("De passkey is weg. Haal hem ook weg op het apparaat zelf."))
    return redirect(url_for("people.account"))


@bp.get("/account/authenticator")
def authenticator() -> ResponseReturnValue:
    # The same secret while the page is open, also when it is loaded again: the app may have it already.
    session.setdefault(UNPROVEN, factors.totp().generate_totp_secret())
    return _authenticator_page(CodeForm(formdata=None))


def _authenticator_page(form: CodeForm) -> str:
    show = factors.totp().fetch_setup_values(session[UNPROVEN], _someone())
    return render_template("people/authenticator.html", form=form, show=show)


@bp.post("/account/authenticator")
def set_authenticator() -> ResponseReturnValue:
    account, form = _someone(), CodeForm()
    if UNPROVEN not in session:
        return redirect(url_for("people.authenticator"))
    try:
        form.check()
        counter = factors.matching_counter(account, form.code.data, session[UNPROVEN])
        if counter is None:
            raise Invalid(
                fields={"code": _("Deze code klopt niet. Kijk of de klok van je telefoon goed staat.")}
            )
    except Invalid as wrong:
        form.blame(wrong)
        return _authenticator_page(form), 422
    secret = session.pop(UNPROVEN)
    service.set_authenticator(account, secret, counter, device_id=device.current_device_id())
    flash(_("De authenticator-app is ingesteld."))
    return _after_set_up(account.has_second_factor)


@bp.post("/account/authenticator/weg")
def remove_authenticator() -> ResponseReturnValue:
    service.remove_authenticator(_someone(), must_keep_one=not device.demo())
    flash(_("De authenticator-app telt niet meer mee."))
    return redirect(url_for("people.account"))


# --- when phone and passkey are lost


@bp.get("/account/herstelcodes")
def recovery_codes() -> ResponseReturnValue:
    return render_template("people/recovery_codes.html", codes=None, left=len(_someone().recovery_codes))


@bp.post("/account/herstelcodes")
def make_recovery_codes() -> ResponseReturnValue:
    codes, hashes = factors.new_recovery_codes()
    service.set_recovery_codes(_someone(), hashes)
    # Shown in the answer itself: they are nowhere to be read afterwards.
    return render_template("people/recovery_codes.html", codes=codes, left=len(codes))


# --- a password, for people whose mail is slow


@bp.get("/account/wachtwoord")
def password() -> ResponseReturnValue:
    return render_template("people/password.html", form=PasswordForm(formdata=None), account=_someone())


@bp.post("/account/wachtwoord")
def set_password() -> ResponseReturnValue:
    account, form = _someone(), PasswordForm()
    try:
        form.check()
        if account.email in form.password.data.lower() or len(set(form.password.data)) < 5:
            raise Invalid(fields={"password": _("Dit wachtwoord is te makkelijk te raden.")})
    except Invalid as wrong:
        form.blame(wrong)
        return render_template("people/password.html", form=form, account=account), 422
    hashed = factors.hashed_password(form.password.data)
    service.set_password(account, hashed, device_id=device.current_device_id())
    flash(_("Je wachtwoord is ingesteld. Op andere apparaten ben je uitgelogd."))
    return redirect(url_for("people.account"))


@bp.post("/account/wachtwoord/weg")
def remove_password() -> ResponseReturnValue:
    service.set_password(_someone(), None, device_id=device.current_device_id())
    flash(_("Je wachtwoord is weg. Je logt in met een passkey of een link per mail."))
    return redirect(url_for("people.account"))
