"""Mail: plain, without any detail, by a mail server or in the app's own post box."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest

from tests.notify.conftest import House
from wijkapp.kit import letters
from wijkapp.kit.config import Settings
from wijkapp.kit.db import transaction
from wijkapp.kit.letters import Attachment
from wijkapp.notify import mail
from wijkapp.notify.mail import Mail
from wijkapp.notify.push import Outcome
from wijkapp.notify.wording import WORDINGS

LETTER = Mail(
    "anna@zorg.example", "Nieuwe zorgvraag", "Kun je hem aannemen?\nhttps://x.example/é", UUID(int=7)
)


class MailServer:
    """Speaks enough SMTP. answers: what to say to RCPT TO."""

    def __init__(self, rcpt: str = "250 fine") -> None:
        self.rcpt, self.letters = rcpt, list[bytes]()
        outer = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"220 here\r\n")
                while line := self.rfile.readline().strip():
                    verb = line.split()[0].upper()
                    if verb == b"DATA":
                        self.wfile.write(b"354 go on\r\n")
                        text = b""
                        while (line := self.rfile.readline()) != b".\r\n":
                            text += line
                        outer.letters.append(text)
                    answer = outer.rcpt.encode() if verb == b"RCPT" else b"250 fine"
                    self.wfile.write(answer + b"\r\n")
                    if verb == b"QUIT":
                        return

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self.port = self._server.server_address[1]

    def __enter__(self) -> "MailServer":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def mail_server() -> Iterator[Callable[..., MailServer]]:
    made: list[MailServer] = []

    def make(**how: str) -> MailServer:
        made.append(MailServer(**how).__enter__())
        return made[-1]

    yield make
    for one in made:
        one.__exit__()


def _settings(folder: Path, port: int) -> Settings:
    return Settings(
        instance=folder,
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security="none",
        mail_from="wijk@zorg.example",
    )


def test_a_letter_arrives_whole_and_says_that_a_machine_wrote_it(mail_server, tmp_path: Path) -> None:
    server = mail_server()
    assert mail.send(_settings(tmp_path, server.port), LETTER).outcome is Outcome.DELIVERED
    got = message_from_bytes(server.letters[0], policy=default)
    assert got["To"] == "anna@zorg.example"
    assert got["Subject"] == "Nieuwe zorgvraag"
    assert got["From"] == "wijkapp <wijk@zorg.example>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Message-ID"] == f"<{UUID(int=7)}@zorg.example>"
    assert got.get_content().split() == LETTER.body.split()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("550 no such user", Outcome.REFUSED), ("450 later", Outcome.FAILED), ("421 busy", Outcome.FAILED)],
)
def test_what_a_mail_server_answers(mail_server, tmp_path: Path, answer: str, outcome: Outcome) -> None:
    server = mail_server(rcpt=answer)
    assert mail.send(_settings(tmp_path, server.port), LETTER).outcome is outcome


def test_no_mail_server_means_later(tmp_path: Path) -> None:
    assert mail.send(_settings(tmp_path, 9), LETTER).outcome is Outcome.FAILED


def test_an_address_cannot_smuggle_in_a_header(tmp_path: Path) -> None:
    bad = Mail("anna@zorg.example\r\nBcc: all@zorg.example", "x", "y", UUID(int=1))
    assert mail.send(_settings(tmp_path, 9), bad).outcome is Outcome.REFUSED


def test_a_letter_takes_its_files_along_and_keeps_them_sealed(tmp_path: Path) -> None:
    paper = Attachment("dienst.pdf", "application/pdf", b"%PDF-1.7 is not text: \xff\x00")
    message = mail.written(_settings(tmp_path, 25), replace(LETTER, files=(paper,)))
    (file,) = message_from_bytes(message.as_bytes(), policy=default).iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == (paper.name, paper.kind)
    assert file.get_content() == paper.body


def test_no_sentence_that_leaves_the_house_says_who_or_what_care() -> None:
    telling = ("naam", "mevrouw", "meneer", "adres", "wond", "palliatief", "dementie", "insuline", "3524")
    for name, words in WORDINGS.items():
        text = f"{words.title} {words.sentence}".lower()
        assert not [word for word in telling if word in text], name
        assert "%" not in text, "nothing is filled in"


def test_a_letter_with_a_token_is_sent_and_then_wiped(house: House) -> None:
    with transaction() as db:
        letters.post(db, "people.log_in_link", "anna@zorg.example", {"name": "Anna", "token": "s3cret"})
    house.dispatcher()

    house.wait_for(house.mails)
    assert "s3cret" in house.mails()[0].body
    house.wait_for(lambda: all(letter.sealed == b"" for letter in house.letters()))


def test_a_letter_nobody_can_write_stops_no_other(house: House) -> None:
    with transaction() as db:
        letters.post(db, "people.unheard_of", "anna@zorg.example", {})
        letters.post(db, "people.log_in_link", "bram@zorg.example", {"name": "Bram", "token": "t"})
    house.dispatcher()

    house.wait_for(lambda: all(letter.done_at for letter in house.letters()))
    assert [one.to_address for one in house.mails()] == ["bram@zorg.example"]


def test_a_letter_is_offered_again_when_the_mail_server_is_away(house: House, tmp_path: Path) -> None:
    house.settings = _settings(tmp_path, 9)
    with transaction() as db:
        letters.post(db, "people.log_in_link", "anna@zorg.example", {"name": "Anna", "token": "t"})
    house.dispatcher()

    house.wait_for(lambda: house.letters()[0].attempts == 1 and house.letters()[0].lease is None)
    assert house.letters()[0].done_at is None
    assert house.letters()[0].sealed
