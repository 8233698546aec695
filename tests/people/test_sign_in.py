"""Coming in: by mail, by password, with a second step; and being shown the door."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.people.make import Make
from tests.web import Visitor
from wijkapp.kit import time
from wijkapp.people import factors, service
from wijkapp.people.models import Account, Device, LogInLink

Stranger = Callable[[], Visitor]
PASSWORD = "fiets regen koffie"


def asks_for_link(visitor: Visitor, email: str, next_path: str = "") -> None:
    answer = visitor.post("/inloggen", {"email": email, "next": next_path})
    assert (answer.status_code, answer.location) == (302, "/inloggen/mail")


def sets_up_authenticator(visitor: Visitor) -> str:
    """The sealed secret, after setting it up on the pages."""
    assert visitor.get("/account/authenticator").status_code == 200
    with visitor.client.session_transaction() as session:
        secret = session["new_authenticator"]
    done = visitor.post("/account/authenticator", {"code": code_now(visitor, secret)})
    assert done.location == "/account/herstelcodes"
    return secret


def code_now(visitor: Visitor, secret: str) -> str:
    with visitor.app.app_context():
        return factors.totp().generate_totp_password(secret)


def in_by_link(visitor: Visitor, make: Make, account: Account) -> None:
    asks_for_link(visitor, account.email)
    token = make.last_letter(account.email)["token"]
    assert visitor.post(f"/inloggen/link/{token}").status_code == 302


@pytest.fixture
def with_app(strict_app: Flask, make: Make) -> Callable[[], tuple[Account, str]]:
    """An account that has an authenticator app, and its sealed secret."""

    def made() -> tuple[Account, str]:
        with strict_app.app_context():
            secret = factors.totp().generate_totp_secret()
        return make.account(tf_totp_secret=secret), secret

    return made


# --- a link by mail


def test_the_answer_is_the_same_whether_or_not_an_address_is_known(stranger: Stranger, make: Make) -> None:
    known = make.account()
    asks_for_link(stranger(), known.email)
    asks_for_link(stranger(), "niemand@zorg.example")
    assert len(make.letters(known.email)) == 1
    assert make.letters("niemand@zorg.example") == []


def test_the_address_may_be_typed_in_capitals(stranger: Stranger, make: Make) -> None:
    account = make.account()
    asks_for_link(stranger(), f"  {account.email.upper()} ")
    assert len(make.letters(account.email)) == 1


def test_opening_a_link_does_not_use_it_up(stranger: Stranger, make: Make) -> None:
    account = make.account()
    asks_for_link(stranger(), account.email)
    token = make.last_letter(account.email)["token"]
    for _ in range(3):  # a mail scanner, twice, and then a person
        assert "Log in op dit apparaat" in stranger().get(f"/inloggen/link/{token}").text
    assert stranger().post(f"/inloggen/link/{token}").status_code == 302


def test_a_link_works_once(stranger: Stranger, make: Make) -> None:
    account = make.account()
    asks_for_link(stranger(), account.email)
    token = make.last_letter(account.email)["token"]
    assert stranger().post(f"/inloggen/link/{token}").status_code == 302
    second = stranger()
    refused = second.post(f"/inloggen/link/{token}")
    assert refused.status_code == 410
    assert "werkt niet meer" in refused.text
    assert second.get("/account").status_code == 302


def test_a_link_is_too_old_after_a_quarter(stranger: Stranger, make: Make) -> None:
    account = make.account()
    asks_for_link(stranger(), account.email)
    token = make.last_letter(account.email)["token"]
    with time_machine.travel(time.now() + timedelta(minutes=15, seconds=1)):
        assert stranger().get(f"/inloggen/link/{token}").status_code == 410
        assert stranger().post(f"/inloggen/link/{token}").status_code == 410


@pytest.mark.parametrize(
    "email", ["", "anna", "anna@", "a@b@c.nl", "anna@zorg.example\x00", "x" * 300 + "@zorg.example"]
)
def test_what_is_no_address_is_refused_and_kept(stranger: Stranger, email: str) -> None:
    answer = stranger().post("/inloggen", {"email": email})
    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        assert "field--wrong" in answer.text


def test_whoever_left_gets_no_link_and_cannot_use_one(stranger: Stranger, make: Make, db: Session) -> None:
    account = make.account()
    asks_for_link(stranger(), account.email)
    token = make.last_letter(account.email)["token"]
    db.execute(update(Account).where(Account.id == account.id).values(active=False))
    asks_for_link(stranger(), account.email)
    assert len(make.letters(account.email)) == 1
    assert stranger().post(f"/inloggen/link/{token}").status_code == 410


# --- the second step


def test_nothing_is_reachable_before_a_second_step_is_set_up(stranger: Stranger, make: Make) -> None:
    visitor, account = stranger(), make.admin()
    in_by_link(visitor, make, account)
    for path in ("/account", "/organisatie", "/organisatie/leden"):
        assert visitor.get(path).location == "/account/beveiliging"
    assert visitor.post("/account", {"name": "Anna"}).status_code == 403
    assert visitor.get("/account/beveiliging").status_code == 200
    sets_up_authenticator(visitor)
    assert visitor.get("/account").status_code == 200


def test_the_app_s_code_is_asked_from_the_next_log_in_on(stranger: Stranger, make: Make) -> None:
    account = make.account()
    first = stranger()
    in_by_link(first, make, account)
    secret = sets_up_authenticator(first)

    second = stranger()
    in_by_link(second, make, account)
    assert second.get("/account").status_code == 302
    assert "Nog een stap" in second.get("/inloggen/code").text
    with time_machine.travel(time.now() + timedelta(minutes=1)):
        assert second.post("/inloggen/code", {"code": "000000"}).status_code == 422
        assert second.post("/inloggen/code", {"code": code_now(second, secret)}).status_code == 302
        assert second.get("/account").status_code == 200


def test_a_code_works_once(
    stranger: Stranger, make: Make, with_app: Callable[[], tuple[Account, str]]
) -> None:
    account, secret = with_app()
    code = code_now(stranger(), secret)
    one, two = stranger(), stranger()
    for visitor in (one, two):
        in_by_link(visitor, make, account)
    assert one.post("/inloggen/code", {"code": code}).status_code == 302
    assert two.post("/inloggen/code", {"code": code}).status_code == 422
    assert two.get("/account").status_code == 302


def test_wrong_codes_are_refused_after_five(
    stranger: Stranger, make: Make, with_app: Callable[[], tuple[Account, str]]
) -> None:
    account, secret = with_app()
    visitor = stranger()
    in_by_link(visitor, make, account)
    for _ in range(5):
        assert visitor.post("/inloggen/code", {"code": "000000"}).status_code == 422
    refused = visitor.post("/inloggen/code", {"code": code_now(visitor, secret)})
    assert refused.status_code == 429
    assert "te vaak" in refused.text


def test_the_first_second_step_logs_out_who_came_in_by_mail_elsewhere(stranger: Stranger, make: Make) -> None:
    account = make.account()
    mine, other = stranger(), stranger()
    in_by_link(mine, make, account)
    in_by_link(other, make, account)
    sets_up_authenticator(mine)
    assert mine.get("/account").status_code == 200
    assert other.get("/account").location.startswith("/inloggen")


def test_a_recovery_code_works_once(
    stranger: Stranger, make: Make, with_app: Callable[[], tuple[Account, str]]
) -> None:
    account, secret = with_app()
    visitor = stranger()
    in_by_link(visitor, make, account)
    visitor.post("/inloggen/code", {"code": code_now(visitor, secret)})
    codes = re.findall(r'class="code">([0-9a-f-]+)<', visitor.post("/account/herstelcodes").text)
    assert len(codes) == 10
    for status in (302, 422):
        later = stranger()
        in_by_link(later, make, account)
        assert (
            later.post("/inloggen/code", {"code": codes[0].upper().replace("-", " ")}).status_code == status
        )


def test_the_last_second_step_stays(
    stranger: Stranger, make: Make, with_app: Callable[[], tuple[Account, str]]
) -> None:
    account, secret = with_app()
    visitor = stranger()
    in_by_link(visitor, make, account)
    visitor.post("/inloggen/code", {"code": code_now(visitor, secret)})
    refused = visitor.post("/account/authenticator/weg")
    assert refused.status_code == 409
    assert "enige tweede stap" in refused.text


def test_what_protects_the_account_changes_only_just_after_confirming(
    stranger: Stranger, make: Make, with_app: Callable[[], tuple[Account, str]]
) -> None:
    account, secret = with_app()
    visitor = stranger()
    in_by_link(visitor, make, account)
    visitor.post("/inloggen/code", {"code": code_now(visitor, secret)})
    assert visitor.get("/account/wachtwoord").status_code == 200
    with time_machine.travel(time.now() + timedelta(minutes=16)):
        assert visitor.get("/account/wachtwoord").location == "/account/bevestig?next=/account/wachtwoord"
        assert visitor.post("/account/herstelcodes").location.startswith("/account/bevestig")
        done = visitor.post("/account/bevestig?next=/account/wachtwoord", {"code": code_now(visitor, secret)})
        assert done.location == "/account/wachtwoord"
        assert visitor.get("/account/wachtwoord").status_code == 200


# --- a password


def test_a_password_is_a_first_step_only(
    stranger: Stranger, make: Make, with_app: Callable[[], tuple[Account, str]]
) -> None:
    account, secret = with_app()
    visitor = stranger()
    in_by_link(visitor, make, account)
    visitor.post("/inloggen/code", {"code": code_now(visitor, secret)})
    assert visitor.post("/account/wachtwoord", {"password": "te kort"}).status_code == 422
    assert visitor.post("/account/wachtwoord", {"password": PASSWORD}).location == "/account"
    assert make.db.get_one(Account, account.id, populate_existing=True).password.startswith("$argon2id$")

    later = stranger()
    wrong = later.post("/inloggen/wachtwoord", {"email": account.email, "password": PASSWORD + "x"})
    unknown = later.post("/inloggen/wachtwoord", {"email": "niemand@zorg.example", "password": PASSWORD})
    said = "Dit adres en wachtwoord horen niet bij elkaar."
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert said in wrong.text
    assert said in unknown.text
    assert (
        later.post("/inloggen/wachtwoord", {"email": account.email, "password": PASSWORD}).location
        == "/inloggen/code"
    )
    assert later.get("/account").status_code == 302


def test_guessing_a_password_stops_after_five_tries(stranger: Stranger, make: Make) -> None:
    account = make.account()
    for _ in range(5):
        wrong = stranger().post("/inloggen/wachtwoord", {"email": account.email, "password": "gok"})
        assert wrong.status_code == 422
    assert (
        stranger().post("/inloggen/wachtwoord", {"email": account.email, "password": "gok"}).status_code
        == 429
    )


def test_asking_for_links_stops_after_five(stranger: Stranger, make: Make) -> None:
    account = make.account()
    for _ in range(5):
        asks_for_link(stranger(), account.email)
    refused = stranger().post("/inloggen", {"email": account.email})
    assert refused.status_code == 429
    assert len(make.letters(account.email)) == 5


# --- devices


def signed_in(stranger: Stranger, make: Make, account: Account, secret: str, minutes_ago: int = 0) -> Visitor:
    """Somebody's browser, logged in with mail and code. No code works twice, so each at another moment."""
    visitor = stranger()
    with time_machine.travel(time.now() - timedelta(minutes=minutes_ago)):
        in_by_link(visitor, make, account)
        assert visitor.post("/inloggen/code", {"code": code_now(visitor, secret)}).status_code == 302
        assert visitor.get("/account").status_code == 200
    return visitor


def test_a_revoked_device_is_out_at_its_next_request(
    stranger: Stranger, make: Make, with_app: Callable[[], tuple[Account, str]], db: Session
) -> None:
    account, secret = with_app()
    lost, mine = (signed_in(stranger, make, account, secret, minutes_ago) for minutes_ago in (2, 0))
    with lost.client.session_transaction() as session:
        lost_id = session["device"]
    assert mine.get("/account").text.count("dit apparaat") == 1
    assert mine.post(f"/account/apparaten/{lost_id}/uit").location == "/account"
    out = lost.get("/account")
    assert out.location == "/inloggen?next=/account"
    assert "Je bent uitgelogd op dit apparaat" in lost.get(out.location).text
    assert mine.get("/account").status_code == 200


def test_everywhere_but_here(
    stranger: Stranger, make: Make, with_app: Callable[[], tuple[Account, str]]
) -> None:
    account, secret = with_app()
    other, mine = (signed_in(stranger, make, account, secret, minutes_ago) for minutes_ago in (2, 0))
    mine.post("/account/apparaten/overige/uit")
    assert mine.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def test_somebody_else_s_device_cannot_be_revoked(
    stranger: Stranger, make: Make, with_app: Callable[[], tuple[Account, str]], db: Session
) -> None:
    account, secret = with_app()
    mine = signed_in(stranger, make, account, secret)
    carla = make.account()
    hers = service.open_device(carla.id, "Chrome op Android")
    assert mine.post(f"/account/apparaten/{hers}/uit").status_code == 404
    assert db.get_one(Device, hers, populate_existing=True).revoked_at is None


def test_an_idle_device_is_logged_out(
    stranger: Stranger, make: Make, with_app: Callable[[], tuple[Account, str]]
) -> None:
    account, secret = with_app()
    visitor = signed_in(stranger, make, account, secret)
    start = time.now()
    for hours in (11, 22, 33):  # in use: stays in
        with time_machine.travel(start + timedelta(hours=hours)):
            assert visitor.get("/account").status_code == 200
    with time_machine.travel(start + timedelta(hours=33 + 12, minutes=1)):
        assert visitor.get("/account").status_code == 302


def test_a_page_within_five_minutes_writes_nothing(
    stranger: Stranger,
    make: Make,
    with_app: Callable[[], tuple[Account, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account, secret = with_app()
    visitor = signed_in(stranger, make, account, secret)
    monkeypatch.setattr("wijkapp.people.service.sign_in.transaction", None)
    assert visitor.get("/account").status_code == 200


def test_logging_out_ends_the_device_too(
    stranger: Stranger, make: Make, with_app: Callable[[], tuple[Account, str]], db: Session
) -> None:
    account, secret = with_app()
    visitor = signed_in(stranger, make, account, secret)
    stolen = visitor.client.get_cookie("wijkapp").value
    assert visitor.post("/uitloggen").location == "/inloggen"
    thief = stranger()
    thief.client.set_cookie("wijkapp", stolen)
    assert thief.get("/account").status_code == 302
    assert db.scalar(select(Device.revoked_at).where(Device.account_id == account.id)) is not None


# --- hygiene


@pytest.mark.parametrize(
    "wanted",
    [
        "https://kwaad.example",
        "//kwaad.example",
        "/\\kwaad.example",
        "/\t/kwaad.example",
        "javascript:alert(1)",
        "\\\\x",
    ],
)
def test_coming_in_never_leads_to_another_site(stranger: Stranger, make: Make, wanted: str) -> None:
    account, visitor = make.account(), stranger()
    asks_for_link(visitor, account.email, wanted)
    token = make.last_letter(account.email)["token"]
    assert visitor.post(f"/inloggen/link/{token}").location == "/"


def test_coming_in_leads_to_the_page_that_was_asked_for(stranger: Stranger, make: Make) -> None:
    account, visitor = make.account(), stranger()
    to = visitor.get("/organisatie/leden").location
    assert to == "/inloggen?next=/organisatie/leden"
    asks_for_link(visitor, account.email, "/organisatie/leden")
    token = make.last_letter(account.email)["token"]
    assert visitor.post(f"/inloggen/link/{token}").location == "/organisatie/leden"


def test_what_somebody_searched_for_is_not_kept_in_the_link(stranger: Stranger, make: Make) -> None:
    account, visitor = make.account(), stranger()
    assert visitor.get("/wijken?q=Jansen").location == "/inloggen?next=/wijken"
    asks_for_link(visitor, account.email, "/wijken?q=Jansen")
    assert make.db.scalars(select(LogInLink.next_path)).all() == ["/wijken"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: Stranger, make: Make) -> None:
    account, visitor = make.account(), stranger()
    asks_for_link(visitor, account.email)
    token = make.last_letter(account.email)["token"]
    cookie = visitor.post(f"/inloggen/link/{token}").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_post_without_its_token_is_refused(strict_app: Flask, stranger: Stranger, make: Make) -> None:
    strict_app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert stranger().post("/inloggen", {"email": make.account().email}).status_code == 403
    finally:
        strict_app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize(
    "answer", ["", "x", "{}", "[]", "null", '{"id": "x", "rawId": "x", "response": {}}', "é" * 100]
)
@pytest.mark.parametrize("path", ["/inloggen/passkey", "/account/passkeys"])
def test_what_is_no_passkey_is_refused(
    stranger: Stranger, make: Make, with_app: Callable[[], tuple[Account, str]], path: str, answer: str
) -> None:
    account, secret = with_app()
    visitor = signed_in(stranger, make, account, secret)
    visitor.post("/inloggen/passkey/vraag")
    assert visitor.post(path, {"credential": answer, "name": "telefoon"}).status_code == 422


def test_a_door_of_the_demo_is_not_there_outside_the_demo(
    stranger: Stranger, make: Make, strict_app: Flask
) -> None:
    from wijkapp.people import session

    with strict_app.app_context():
        link = session.demo_link(make.account())
    assert stranger().get(link).status_code == 404
    assert stranger().post(link).status_code == 404
    assert "Kijk rond als" not in stranger().get("/inloggen").text


def test_in_the_demo_one_button_logs_in(visitor: Callable[..., Visitor], make: Make, db: Session) -> None:
    account = make.account()
    browser = visitor(account)
    assert browser.get("/account").status_code == 200
    assert account.name in visitor().get("/inloggen").text
    assert visitor().get("/demo/in/verzonnen").status_code == 404
