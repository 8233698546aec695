"""The pages about messages: my devices and nobody else's, and garbage that is refused in Dutch."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.make import Make
from tests.notify.push_service import Browser
from tests.web import Visitor, make_app
from wijkapp.kit.limits import limiter
from wijkapp.kit.outbox import Event
from wijkapp.notify.models import PostedMail, PushSubscription
from wijkapp.people.models import Account

Enter = Callable[[Account], Visitor]
NO_BROWSER = [
    "no json",
    "null",
    "[]",
    "{}",
    '{"endpoint": 7}',
    '{"endpoint": "https://push.example/x"}',
    '{"endpoint": "https://push.example/x", "keys": {"p256dh": "x", "auth": "x"}}',
    '{"endpoint": "http://127.0.0.1/x", "keys": {"p256dh": "x", "auth": "x"}}',
    '{"endpoint": "https://push.example/🙂", "keys": {"p256dh": "é", "auth": null}}',
    '{"endpoint": "' + "x" * 5000 + '", "keys": {"p256dh": "x", "auth": "x"}}',
]


@pytest.fixture(scope="session")
def demo_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_app(database_url, tmp_path_factory.mktemp("instance"), demo=True, push_private=True)


@pytest.fixture
def make(db: Session) -> Make:
    return Make(db)


@pytest.fixture
def enter(demo_app: Flask, db: Session) -> Enter:
    with demo_app.app_context():
        limiter.reset()
    return lambda account: Visitor(demo_app).signs_in(account)


def _browser(name: str = "phone") -> dict[str, Any]:
    return Browser(name, "http://127.0.0.1:9").as_json()


def _subscriptions(db: Session) -> list[PushSubscription]:
    db.expire_all()
    return list(db.scalars(select(PushSubscription).order_by(PushSubscription.id)))


def test_a_browser_that_subscribes_is_in_my_list_and_its_address_is_sealed(
    enter: Enter, make: Make, db: Session
) -> None:
    anna = enter(make.account())
    browser = _browser()

    assert anna.client.post("/meldingen/aanmelden", json=browser).status_code == 201

    (mine,) = _subscriptions(db)
    assert browser["endpoint"].encode() not in mine.sealed
    assert mine.endpoint_hash in anna.get("/meldingen").text


def test_the_same_browser_twice_is_one_and_belongs_to_whoever_came_last(
    enter: Enter, make: Make, db: Session
) -> None:
    anna, carla = make.account(), make.account()
    browser = _browser()
    enter(anna).client.post("/meldingen/aanmelden", json=browser)
    enter(anna).client.post("/meldingen/aanmelden", json=browser)
    assert enter(carla).client.post("/meldingen/aanmelden", json=browser).status_code == 201

    assert [one.account_id for one in _subscriptions(db)] == [carla.id]


def test_a_browser_that_got_another_address_replaces_the_old_one(
    enter: Enter, make: Make, db: Session
) -> None:
    anna = enter(make.account())
    old, new = _browser("old"), _browser("new")
    anna.client.post("/meldingen/aanmelden", json=old)
    anna.client.post("/meldingen/aanmelden", json=new | {"replaces": old["endpoint"]})

    assert [bool(one.retired_at) for one in _subscriptions(db)] == [True, False]


@pytest.mark.parametrize("body", NO_BROWSER, ids=range(len(NO_BROWSER)))
def test_what_no_browser_sends_is_refused_and_not_stored(
    enter: Enter, make: Make, db: Session, body: str
) -> None:
    anna = enter(make.account())
    answer = anna.post("/meldingen/aanmelden", data=body.encode(), content_type="application/json")
    assert answer.status_code == 422
    assert answer.get_json()["error"]
    assert _subscriptions(db) == []


@pytest.mark.parametrize("body", NO_BROWSER[:5] + NO_BROWSER[-1:], ids=range(6))
def test_garbage_turns_nothing_off(enter: Enter, make: Make, db: Session, body: str) -> None:
    anna = enter(make.account())
    anna.client.post("/meldingen/aanmelden", json=_browser())
    answer = anna.post("/meldingen/afmelden", data=body.encode(), content_type="application/json")
    assert answer.status_code == 422
    assert _subscriptions(db)[0].retired_at is None


def test_my_devices_are_mine_alone(enter: Enter, make: Make, db: Session) -> None:
    anna = make.account()
    bram, carla = make.account(anna.organisation), make.account()
    enter(anna).client.post("/meldingen/aanmelden", json=_browser())
    (hers,) = _subscriptions(db)

    for other in (bram, carla):
        visitor = enter(other)
        assert hers.endpoint_hash not in visitor.get("/meldingen").text
        assert visitor.post(f"/meldingen/{hers.id}/uit").status_code == 404
        assert visitor.post(f"/meldingen/{hers.id}/proef").status_code == 404
        assert (
            visitor.client.post("/meldingen/afmelden", json={"endpoint": _browser()["endpoint"]}).status_code
            == 200
        )
    assert _subscriptions(db)[0].retired_at is None

    assert enter(anna).post(f"/meldingen/{hers.id}/proef").status_code == 302
    assert db.scalars(select(Event.to_id).where(Event.name == "notify.test")).all() == [anna.id]
    assert enter(anna).post(f"/meldingen/{hers.id}/uit").status_code == 302
    assert _subscriptions(db)[0].retired_at
    assert enter(anna).post(f"/meldingen/{hers.id}/proef").status_code == 404, "it is off"
    assert enter(anna).post(f"/meldingen/{uuid4()}/uit").status_code == 404


def test_the_twenty_first_device_takes_the_place_of_the_oldest(enter: Enter, make: Make, db: Session) -> None:
    anna = enter(make.account())
    for number in range(21):
        assert anna.client.post("/meldingen/aanmelden", json=_browser(f"phone{number}")).status_code == 201
    assert [bool(one.retired_at) for one in _subscriptions(db)] == [True] + 20 * [False]


def test_logging_out_stops_the_messages_to_that_device(enter: Enter, make: Make, db: Session) -> None:
    account = make.account()
    anna = enter(account)
    anna.client.post("/meldingen/aanmelden", json=_browser())
    assert "Proefmelding".lower() in anna.get("/meldingen").text.lower()

    anna.post("/uitloggen")

    assert "Stuur een proefmelding" not in enter(account).get("/meldingen").text


def test_the_post_box_shows_my_mail_and_nobody_elses(enter: Enter, make: Make, db: Session) -> None:
    anna, carla = make.account(), make.account()
    mail = PostedMail(
        to_address=anna.email, subject="Nieuwe zorgvraag", body="<b>hoi</b> https://x.example/1"
    )
    db.add(mail)
    db.flush()

    assert "Nieuwe zorgvraag" in enter(anna).get("/postvak").text
    page = enter(anna).get(f"/postvak/{mail.id}").text
    assert "&lt;b&gt;hoi&lt;/b&gt;" in page
    assert 'href="https://x.example/1"' in page
    assert "Nieuwe zorgvraag" not in enter(carla).get("/postvak").text
    assert enter(carla).get(f"/postvak/{mail.id}").status_code == 404
    assert enter(anna).get(f"/postvak/{uuid4()}").status_code == 404


@pytest.mark.parametrize("path", ["/meldingen", "/postvak"])
def test_a_stranger_is_sent_to_the_log_in(demo_app: Flask, db: Session, path: str) -> None:
    assert "/inloggen" in Visitor(demo_app).get(path).headers["Location"]


def test_the_service_worker_serves_the_whole_site_and_is_looked_up_each_time(
    demo_app: Flask, db: Session
) -> None:
    answer = Visitor(demo_app).get("/sw.js")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.text.startswith(f"const ASSETS = '{demo_app.config['ASSETS']}';")


def test_everything_the_app_needs_to_be_installed_is_there(demo_app: Flask, db: Session) -> None:
    visitor = Visitor(demo_app)
    manifest = visitor.get("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    assert manifest.json
    for icon in manifest.json["icons"]:
        assert _is_there(visitor, icon["src"])
    script = visitor.get("/sw.js").text
    kept = script[script.index("KEPT_FILES") : script.index("];")].split('"')[1::2]
    for name in kept:
        assert _is_there(visitor, demo_app.config["ASSETS"] + name), name


def _is_there(visitor: Visitor, path: str) -> bool:
    answer = visitor.get(path)
    answer.close()
    return answer.status_code == 200
