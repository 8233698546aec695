"""One web push: encrypted for one browser, signed by us, and what each answer means."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from cryptography.exceptions import InvalidTag

from tests.notify.push_service import PushService, claims_of
from wijkapp.kit.config import Settings
from wijkapp.notify import push as push_module
from wijkapp.notify.push import MOST_BYTES, Message, Outcome, Pusher
from wijkapp.notify.rules import Address, can_be_pushed_to
from wijkapp.notify.saying import Haste
from wijkapp.notify.wording import WORDINGS

ABOUT = UUID("0190b5a4-0000-7000-8000-000000000001")
MESSAGE = Message(
    "Nieuwe zorgvraag", "Kun je hem aannemen?", "/zorgvragen/1", ABOUT, Haste.HIGH, timedelta(hours=8)
)
POINT, SECRET = "B" + "A" * 86, "A" * 22  # of the right length, which is all that is looked at


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(instance=tmp_path, push_private=True, mail_from="wijk@zorg.example")


@pytest.fixture
def pusher(settings: Settings) -> Pusher:
    return Pusher(settings)


def test_only_the_browser_it_is_for_can_read_it(service: PushService, pusher: Pusher) -> None:
    anna, bram = service.browser("anna"), service.browser("bram")

    assert pusher.send(anna.address, MESSAGE).outcome is Outcome.DELIVERED

    (push,) = service.received
    assert push.message == {
        "title": "Nieuwe zorgvraag",
        "body": "Kun je hem aannemen?",
        "lang": "nl",
        "url": "/zorgvragen/1",
        "tag": str(ABOUT),
    }
    body = pusher._encrypted(MESSAGE.payload(), anna.address)
    assert b"zorgvraag" not in body
    with pytest.raises(InvalidTag):
        bram.decrypt(body)


def test_the_headers_say_how_long_how_urgent_and_who_we_are(service: PushService, pusher: Pusher) -> None:
    pusher.send(service.browser("anna").address, MESSAGE)

    headers = service.received[0].headers
    assert headers["TTL"] == "28800"
    assert headers["Urgency"] == "high"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert len(headers["Topic"]) <= 32
    claims = claims_of(headers["Authorization"])
    assert claims["aud"] == service.base, "with the port"
    assert claims["sub"] == "mailto:wijk@zorg.example"
    assert 0 < claims["exp"] - time.time() <= 24 * 3600


def test_one_signature_serves_a_push_service_for_hours_and_never_too_long(
    service: PushService, settings: Settings
) -> None:
    with time_machine.travel("2026-11-20 08:00Z", tick=False) as clock:
        pusher = Pusher(settings)
        first = pusher._authorization("https://push.example")
        clock.shift(timedelta(hours=5))
        assert pusher._authorization("https://push.example") == first
        assert pusher._authorization("https://push.example:8443") != first
        clock.shift(timedelta(hours=2))
        again = pusher._authorization("https://push.example")
        assert again != first
        assert claims_of(again)["exp"] - claims_of(first)["exp"] == 7 * 3600


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.DELIVERED),
        (201, Outcome.DELIVERED),
        (301, Outcome.RETIRED),
        (400, Outcome.RETIRED),
        (403, Outcome.RETIRED),
        (404, Outcome.RETIRED),
        (410, Outcome.RETIRED),
        (413, Outcome.REFUSED),
        (429, Outcome.FAILED),
        (500, Outcome.FAILED),
        (503, Outcome.FAILED),
    ],
)
def test_what_an_answer_means(service: PushService, pusher: Pusher, status: int, outcome: Outcome) -> None:
    assert pusher.send(service.browser("anna", answers=[status]).address, MESSAGE).outcome is outcome


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Fri, 20 Nov 2026 08:10:00 GMT", timedelta(minutes=10)),
        ("Fri, 20 Nov 2026 07:00:00 GMT", timedelta(0)),
        ("999999999", timedelta(hours=6)),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
@time_machine.travel("2026-11-20 08:00Z", tick=False)
def test_how_long_a_push_service_asks_to_be_left_alone(header: str, wait: timedelta | None) -> None:
    assert push_module._asked_to_wait(header) == wait


def test_a_service_that_hangs_or_is_not_there_is_tried_again_later(
    service: PushService, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push_module, "TIMEOUT", 0.3)
    pusher = Pusher(settings)
    assert pusher.send(service.browser("anna", hangs=1).address, MESSAGE).outcome is Outcome.FAILED
    gone = Address("http://127.0.0.1:9/push/x", service.browser("b").address.p256dh, SECRET)
    assert pusher.send(gone, MESSAGE).outcome is Outcome.FAILED
    nowhere = Address("http://push.invalid/x", service.browser("b").address.p256dh, SECRET)
    assert pusher.send(nowhere, MESSAGE).outcome is Outcome.FAILED


def test_a_text_that_does_not_fit_is_refused_before_it_is_sent(service: PushService, pusher: Pusher) -> None:
    long = Message("t", "x" * MOST_BYTES, "/", ABOUT, Haste.LOW, timedelta(hours=1))
    assert pusher.send(service.browser("anna").address, long).outcome is Outcome.REFUSED
    assert service.received == []


def test_every_wording_fits_in_a_push_and_its_text_arrives_whole(
    service: PushService, pusher: Pusher
) -> None:
    anna = service.browser("anna")
    for words in WORDINGS.values():
        page = words.page(ABOUT)
        message = Message(str(words.title), str(words.sentence), page, ABOUT, words.haste, words.ttl)
        assert pusher.send(anna.address, message).outcome is Outcome.DELIVERED
        assert service.received[-1].message["body"] == str(words.sentence)


def test_keys_that_are_none_retire_the_subscription(service: PushService, pusher: Pusher) -> None:
    assert pusher.send(Address(service.base, POINT, SECRET), MESSAGE).outcome is Outcome.RETIRED


def test_a_push_never_goes_into_our_own_network(service: PushService, tmp_path: Path) -> None:
    careful = Pusher(Settings(instance=tmp_path))
    browser = service.browser("anna")
    for endpoint in (browser.address.endpoint, browser.address.endpoint.replace("127.0.0.1", "localhost")):
        sent = careful.send(Address(endpoint, browser.address.p256dh, browser.address.auth), MESSAGE)
        assert (sent.outcome, sent.why) == (Outcome.RETIRED, "private address")
    assert service.received == []


@pytest.mark.parametrize(
    ("endpoint", "fine"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com:443/wpush/v2/abc", True),
        ("http://fcm.googleapis.com/fcm/send/abc", False),
        ("https://push.example:8080/x", False),
        ("https://me:secret@push.example/x", False),
        ("https:///x", False),
        ("https://push.example:x/", False),
        ("https://push.example/a b", False),
        ("https://pusḥ.example/", False),
        ("javascript:alert(1)", False),
        ("ftp://push.example/x", False),
        ("https://push.example/" + "x" * 1500, False),
        ("", False),
    ],
)
def test_which_addresses_a_browser_could_have_given(endpoint: str, fine: bool) -> None:
    assert can_be_pushed_to(Address(endpoint, POINT, SECRET), private=False) is fine


@pytest.mark.parametrize(
    ("point", "secret"),
    [("", SECRET), (POINT, ""), ("A" * 87, SECRET), ("é", SECRET), (POINT, "x"), ("!", "!")],
)
def test_keys_of_another_length_are_no_keys(point: str, secret: str) -> None:
    assert not can_be_pushed_to(Address("https://push.example/x", point, secret), private=False)


def test_each_push_service_has_its_own_lane() -> None:
    def lane(endpoint: str) -> str:
        return Address(endpoint, POINT, SECRET).lane

    assert lane("https://fcm.googleapis.com/fcm/send/1") == lane("https://fcm.googleapis.com/fcm/send/2")
    assert lane("https://wns2-am3p.notify.windows.com/w/?token=1") == "notify.windows.com"
    assert lane("https://evilnotify.windows.com.example/").startswith("other-")
