"""The first step: a link by mail, a passkey, or a password."""

from flask import flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from wijkapp.kit import limits
from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext as _
from wijkapp.people import factors, service
from wijkapp.people import session as device
from wijkapp.people.forms import PasskeyForm, PasswordSignInForm, SignInForm
from wijkapp.people.views.room import bp

CHALLENGE = "challenge"
PER_ADDRESS = "60 per 15 minutes"  # a whole practice may share one
PER_ACCOUNT = "5 per 15 minutes"


def address() -> str:
    return request.remote_addr or ""


@bp.get("/inloggen")
def sign_in() -> ResponseReturnValue:
    wanted = device.safe_path(request.args.get("next"))
    if device.arriving() and not device.demo():
        return redirect(wanted)
    return _page(SignInForm(formdata=None, next=wanted), PasswordSignInForm(formdata=None, next=wanted))


def _page(by_link: SignInForm, by_password: PasswordSignInForm, *, password_open: bool = False) -> str:
    roles = [(one, device.demo_link(one)) for one in service.demo_accounts()] if device.demo() else []
    return render_template(
        "people/sign_in.html",
        form=by_link,
        password_form=by_password,
        password_open=password_open,
        roles=roles,
    )


@bp.post("/inloggen")
def send_link() -> ResponseReturnValue:
    form = SignInForm()
    try:
        form.check()
    except Invalid:
        return _page(form, PasswordSignInForm(formdata=None, next=form.next.data)), 422
    limits.count("sign-in", address(), PER_ADDRESS)
    limits.count("link", form.email.data, PER_ACCOUNT)
    # What comes after a question mark somebody may have typed, and the link is stored.
    service.send_link(form.email.data, device.safe_path(form.next.data).partition("?")[0])
    # The same page for everybody: it does not tell who has an account.
    return redirect(url_for("people.link_sent"))


@bp.get("/inloggen/mail")
def link_sent() -> ResponseReturnValue:
    return render_template("people/link_sent.html")


@bp.get("/inloggen/link/<token>")
def link(token: str) -> ResponseReturnValue:
    """Mail scanners open every link, so opening it does nothing yet."""
    if not service.link_works(token):
        raise service.LinkIsUsed
    return render_template("people/link.html", token=token)


@bp.post("/inloggen/link/<token>")
def use_link(token: str) -> ResponseReturnValue:
    limits.count("sign-in", address(), PER_ADDRESS)
    arrival = service.use_link(token)
    return device.enter(arrival.account, arrival.next_path)


@bp.post("/inloggen/wachtwoord")
def use_password() -> ResponseReturnValue:
    form = PasswordSignInForm()
    try:
        form.check()
        limits.count("sign-in", address(), PER_ADDRESS)
        limits.check("password", form.email.data, PER_ACCOUNT)
        account = service.account_by_email(form.email.data)
        if not factors.password_is_right(account, form.password.data) or account is None:
            limits.count("password", form.email.data, PER_ACCOUNT)
            raise Invalid(fields={"password": _("Dit adres en wachtwoord horen niet bij elkaar.")})
    except Invalid as wrong:
        form.blame(wrong)
        by_link = SignInForm(formdata=None, email=form.email.data, next=form.next.data)
        return _page(by_link, form, password_open=True), 422
    return device.enter(account, device.safe_path(form.next.data))


# --- passkeys: a question to the browser, and its answer in a form


@bp.post("/inloggen/passkey/vraag")
def ask_passkey() -> ResponseReturnValue:
    limits.count("passkey", address(), PER_ADDRESS)
    question = factors.sign_in_question()
    session[CHALLENGE] = question["challenge"]
    return jsonify(question)


def passkey_answer() -> str:
    """What the browser signed, unread. Raises NotRecognised."""
    form = PasskeyForm()
    if not form.validate():
        raise factors.NotRecognised
    return str(form.credential.data)


@bp.post("/inloggen/passkey")
def use_passkey() -> ResponseReturnValue:
    account = factors.owner_by_passkey(passkey_answer(), session.pop(CHALLENGE, ""))
    half = device.half_way()
    if half is not None and half[0].id != account.id:
        raise factors.NotRecognised(_("Deze passkey is van een ander account."))
    wanted = half[1] if half else device.safe_path(request.form.get("next"))
    return device.enter(account, wanted, second_step_done=True)


@bp.post("/uitloggen")
def sign_out() -> ResponseReturnValue:
    device.leave()
    flash(_("Je bent uitgelogd."))
    return redirect(url_for("people.sign_in"))
