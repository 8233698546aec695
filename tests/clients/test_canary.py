"""A hundred invented clients, typed at every door without consent: not one of their words is anywhere after.

The doors are found on the pages themselves: whatever form or body the app has, gets them.
"""

import json
import logging
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import UnionType
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask
from pydantic import BaseModel
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from tests import servers
from tests.clients.canary import Identity, columns_with, copy_of, everything_in, found_in, identities, vacuum
from tests.clients.make import seat
from tests.forms import PageForm, forms_on
from tests.make import Make
from tests.matching.make import chosen, offered, posted
from tests.notify.push_service import PushService
from tests.test_guarded import every_body, every_form, fields_of
from tests.web import Visitor, make_app
from tests.world import World, make_world, openings
from wijkapp.chat.models import Thread
from wijkapp.clients import guard
from wijkapp.clients import service as clients
from wijkapp.clients.rules import GivenBy, How, Purpose, Scope
from wijkapp.clients.screening import Level
from wijkapp.clients.service import vault
from wijkapp.clients.service.consent import Given
from wijkapp.directory.imports.organisations import load_organisations
from wijkapp.directory.imports.outcome import MOST_BAD
from wijkapp.directory.imports.wijken import load_wijken
from wijkapp.kit import db as kit_db
from wijkapp.kit import socket as live
from wijkapp.kit import time
from wijkapp.kit.db import new_id, reading, transaction
from wijkapp.kit.errors import Refused
from wijkapp.kit.forms import Code, Line, PhoneField, Prose, Sealed
from wijkapp.kit.letters import Letter, words_of
from wijkapp.kit.limits import limiter
from wijkapp.kit.outbox import Event
from wijkapp.matching.models import CareRequest, Placement
from wijkapp.notify import service as notify
from wijkapp.notify import sockets as notify_sockets
from wijkapp.notify.dispatch import Dispatcher
from wijkapp.notify.models import PostedMail
from wijkapp.people.models import Account
from wijkapp.rota.models import Duty, DutyHold

pytestmark = pytest.mark.timeout(600)

PEOPLE = identities()
SEALED = ("/clienten", "/privacy")  # what is typed there is sealed: it may be kept, but not be read


@dataclass
class House:
    """The app, people in every role, and everything they could leave behind."""

    app: Flask
    engine: Engine
    world: World
    visitors: dict[str, Visitor]
    push: PushService
    browsers: list[Any]

    def openings(self, method: str, *, everybody: bool = False) -> list[tuple[str, str]]:
        """Who and address: every door; what it does with words is the same whoever types them."""
        found = openings(self.app, self.world, method, everybody=everybody)
        return [(who, path) for who, rule, path in found if rule.endpoint != "people.sign_out"]

    def forms(self) -> Iterator[tuple[str, str, PageForm]]:
        """Who, page and form: every form with words in it, once."""
        seen = set()
        for who, path in self.openings("GET", everybody=True):
            answer = self.visitors[who].get(path)
            if answer.status_code != 200 or "html" not in answer.mimetype:
                continue
            for form in forms_on(answer.text):
                action = form.action or path
                known = (self._door(action), tuple(sorted({one.name for one in form.words()})))
                if form.words() and known not in seen:
                    seen.add(known)
                    yield who, action, form

    def _door(self, path: str) -> str:
        try:
            return str(self.app.url_map.bind("localhost").match(urlsplit(path).path, method="POST")[0])
        except HTTPException as wrong:
            raise AssertionError(f"a form is posted to {path}") from wrong

    def left_behind(self) -> dict[str, bytes]:
        """All that is stored, sent or put in a cookie."""
        with reading() as db:
            letters = [json.dumps(words_of(one)) for one in db.scalars(select(Letter)) if one.sealed]
            mails = [f"{mail.subject}\n{mail.body}" for mail in db.scalars(select(PostedMail))]
        pushed = [json.dumps(one) for browser in self.browsers for one in self._pushed(browser)]
        cookies = [json.dumps(self._session(visitor), default=str) for visitor in self.visitors.values()]
        said = {"letters": letters, "mails": mails, "pushes": pushed, "cookies": cookies}
        return {"database": everything_in(self.engine)} | {
            what: "\n".join(lines).encode() for what, lines in said.items()
        }

    def canaries(self, people: list[Identity] = PEOPLE) -> dict[str, set[str]]:
        """Words about these people that were left behind, and where."""
        found = {what: found_in(raw, people) for what, raw in self.left_behind().items()}
        return {what: words for what, words in found.items() if words}

    def _pushed(self, browser: Any) -> list[dict[str, Any]]:
        return [one.message for one in self.push.accepted(browser.name)]

    def _session(self, visitor: Visitor) -> dict[str, Any]:
        cookie = visitor.client.get_cookie("wijkapp")
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        return dict(serializer.loads(cookie.value)) if cookie else {}


@pytest.fixture(params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest,
    fresh_database: Callable[[str], Engine],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[House]:
    monkeypatch.setattr(limiter, "enabled", False)
    engine = fresh_database(request.param)
    app = make_app(engine.url.render_as_string(hide_password=False), tmp_path, demo=True, push_private=True)
    guard.forget()
    with (
        engine.connect() as connection,
        connection.begin(),
        kit_db.within(connection),
        Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session,
    ):
        world = make_world(Make(session))
        _begins(session, UUID(world.own["nurse"]["rota.hand_over"]["duty_id"]))
        session.commit()
    with PushService() as push:
        visitors = {who: Visitor(app).signs_in(account) for who, account in world.people.items()}
        browsers = [_phone(app, push, account) for account in world.people.values()]
        yield House(app, engine, world, visitors, push, browsers)
    guard.forget()


def _begins(session: Session, duty_id: UUID) -> None:
    """An hour ago: who has this duty may write to whoever comes next."""
    duty = session.get_one(Duty, duty_id)
    began = time.now() - timedelta(hours=1)
    session.execute(update(DutyHold).where(DutyHold.duty_id == duty_id).values(from_at=began))
    duty.starts_at, duty.ends_at = began, began + timedelta(hours=6)


def _phone(app: Flask, push: PushService, account: Account) -> Any:
    browser = push.browser(f"phone-{account.id}")
    notify.subscribe(app.config["SETTINGS"], account, None, browser.address)
    return browser


def test_the_guard_is_sure_of_every_one_of_them(db):
    guard.forget()
    for n, person in enumerate(PEOPLE):
        for typed in (person.short, person.line(n)):
            assert any(one.level is Level.CERTAIN for one in guard.findings(typed)), typed


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)  # every byte of its files can be looked at
def test_typed_without_consent_they_are_nowhere(house, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    typed = _type_in_every_form(house)
    _type_in_every_field_of_every_door(house)
    _type_in_every_body(house)
    _type_in_every_socket_message(house)
    _type_in_addresses(house)
    with house.app.app_context():
        _tell_everybody(house)

    assert _fields_for_words() - typed - ELSEWHERE == set()
    assert columns_with(house.engine, PEOPLE) == set()
    assert house.canaries() == {}
    said = capfd.readouterr()
    logged = said.out + said.err + caplog.text
    assert found_in(logged.encode(), PEOPLE) == set()


ELSEWHERE = {
    "AcceptForm.name": "needs the token of an invitation: typed at its door below",
    "NewPasskeyForm.name": "needs a browser's signature: typed at its door below",
    "AppealForm.appeal": "shown to whom was refused: typed at its door below",
    "RiskForm.measure": "shown to who leads an agreement: typed at its door below",
}.keys()


def _fields_for_words() -> set[str]:
    """Every field of every form that asks the guard."""
    return {
        f"{form.__name__}.{name}"
        for form in every_form()
        if not form.__module__.startswith(("wijkapp.clients.", "tests"))
        for name, kind in fields_of(form).items()
        if issubclass(kind, Prose | Line) and not issubclass(kind, Code | Sealed | PhoneField)
    }


def _type_in_every_form(house: House) -> set[str]:
    """One in ten of them in each box for text, one in twenty in each field for a name, all somewhere.

    Says which fields that were.
    """
    names: set[str] = set()
    for who, action, form in list(house.forms()):
        for control in form.words():
            step = 10 if control.kind == "textarea" else 20
            names.add(control.name)
            for n, person in list(enumerate(PEOPLE))[len(names) % step :: step]:
                words = person.line(n) if control.kind == "textarea" else person.short
                answer = house.visitors[who].post(action, form.filled(control.name, words))
                assert answer.status_code < 500, (action, control.name)
                if not action.startswith(SEALED):
                    assert answer.status_code == 422, (action, control.name, words)
    return {field for field in _fields_for_words() if field.split(".")[1] in names}


def _type_in_every_field_of_every_door(house: House) -> None:
    """Bluntly: every name that any form knows, at every door, each with another client."""
    # Whoever taps "haal weg" sends something else: what the engine leaves of it is its own figure.
    names = {name for form in every_form() for name in fields_of(form)} - {"redact", "vouched"}
    names |= {"next", "moments-0"}
    for at, (who, path) in enumerate(house.openings("POST")):
        if path.startswith(SEALED):
            continue
        person = PEOPLE[at % len(PEOPLE)]
        for words in (person.line(at), person.short):
            assert house.visitors[who].post(path, dict.fromkeys(names, words)).status_code < 500, path
    stranger = Visitor(house.app)
    for path in (
        "/inloggen",
        "/inloggen/wachtwoord",
        f"/uitnodiging/{'x' * 43}",
        f"/inloggen/link/{'x' * 43}",
    ):
        for n, person in enumerate(PEOPLE):
            assert stranger.post(path, dict.fromkeys(names, person.line(n))).status_code < 500


def _type_in_every_body(house: House) -> None:
    names = {name for body in every_body() for name in body.model_fields}
    for at, (who, path) in enumerate(house.openings("POST")):
        if not path.startswith(SEALED):
            person = PEOPLE[at % len(PEOPLE)]
            for body in (dict.fromkeys(names, person.line(at)), {"keys": dict.fromkeys(names, person.short)}):
                answer = house.visitors[who].client.post(path, json=body)
                assert answer.status_code < 500, path


def _type_in_every_socket_message(house: House) -> None:
    """Every event, with every shape of message that the app knows, its texts about a client."""
    notify_sockets.init_app(house.app, house.app.config["SETTINGS"])  # another test may have made another app
    threads = _threads()
    for visitor in house.visitors.values():
        line = live.socketio.test_client(house.app, flask_test_client=visitor.client)
        for event in sorted(live.events):
            for at, body in enumerate(every_body()):
                for n in range(0, len(PEOPLE), 10):
                    message = {
                        name: _sample(field.annotation, PEOPLE[(n + at) % 100].line(n), threads)
                        for name, field in body.model_fields.items()
                    }
                    said = line.emit(event, message, callback=True)
                    assert (said or {}).get("status", 0) < 500, (event, body)
        line.disconnect()


def _threads() -> list[str]:
    with reading() as db:
        return [str(one) for one in db.scalars(select(Thread.id))]


def _sample(kind: Any, words: str, threads: list[str]) -> Any:
    """Something that a message of this shape may hold."""
    if typing.get_origin(kind) in {typing.Annotated, typing.Union, UnionType}:
        return _sample(typing.get_args(kind)[0], words, threads)
    if typing.get_origin(kind) is list:
        return []
    if kind is UUID:
        return threads[0] if threads else str(new_id())
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: _sample(one.annotation, words, threads) for name, one in kind.model_fields.items()}
    return {bool: False, int: 1, str: words}.get(kind, datetime.now(UTC).isoformat())


def _type_in_addresses(house: House) -> None:
    """What comes after a question mark, and pages that do not exist."""
    for who, path in house.openings("GET"):
        asked = {name: PEOPLE[0].line(1) for name in ("q", "next", "voor", "na", "wijzig", "words", "remark")}
        assert house.visitors[who].get(path, query_string=asked).status_code < 500, path
    for n, person in enumerate(PEOPLE[:10]):
        assert house.visitors["nurse"].get(f"/wijken/{person.line(n)}").status_code < 500
        assert Visitor(house.app).get("/wijken", query_string={"q": person.line(n)}).status_code < 500


def _tell_everybody(house: House) -> None:
    """Push and mail all that was recorded, also to whoever is left alone until later."""
    with transaction() as db:
        db.execute(update(Event).values(try_at=time.now()))
    dispatcher = Dispatcher(
        house.app.config["SETTINGS"], house.app.app_context, tell_live=lambda _events: None
    )
    dispatcher.start()
    try:
        for _round in range(100):
            with reading() as db:
                if not db.scalar(select(func.count()).where(Event.done_at.is_(None))):
                    break
            dispatcher.stopping.wait(0.1)
    finally:
        dispatcher.stop()


def test_what_may_be_said_is_found_where_the_canaries_are_looked_for(house):
    """The search would see them: a harmless remark is in the database, and its event on a phone."""
    remark, doctor = "Zwaluwstaartverbinding", house.visitors["doctor"]
    [asks] = [form for form in forms_on(doctor.get("/zorgvragen/nieuw").text) if form.action == "/zorgvragen"]
    assert doctor.post("/zorgvragen", asks.filled("remark", remark)).status_code == 302
    with house.app.app_context():
        _tell_everybody(house)
    with reading() as db:
        assert remark in db.scalars(select(CareRequest.remark)).all()
    assert remark.encode() in house.left_behind()["database"]
    assert any(house._pushed(browser) for browser in house.browsers)


def test_an_import_stores_none_of_them(house, tmp_path, caplog):
    """Each in every column for words of a file of organisations and one of wijken."""
    organisations = ["organisatie;soort;agb;kvk;telefoon;email;plaats;regio"]
    for n, person in enumerate(PEOPLE):
        cells = [f"Zorg {n}", "thuiszorg", "", "", "", "", "Utrecht", ""]
        column = (0, 1, 2, 3, 5, 6, 7)[n % 7]
        cells[column] = person.short
        organisations.append(";".join(cells))
    wijken = ["code;naam;gemeentecode;gemeente;regio"]
    for n, person in enumerate(PEOPLE):
        cells = [f"WK0344{n:02d}", f"Wijk {n}", "GM0344", "Utrecht", "Midden"]
        cells[(1, 3, 4)[n % 3]] = person.short
        wijken.append(";".join(cells))
    for load, lines, name in (
        (load_organisations, organisations, "organisaties.csv"),
        (load_wijken, wijken, "wijken.csv"),
    ):
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        outcome = load([path], skip_bad=True)
        assert outcome.new == 0
        assert len(outcome.bad) == MOST_BAD
    assert house.canaries() == {}
    assert found_in(caplog.text.encode(), PEOPLE) == set()


# --- and with consent: sealed, and after the withdrawal gone for good


def test_after_consent_and_withdrawal_nothing_can_be_read_not_even_in_an_older_backup(house, tmp_path):
    """Ten of them in the vault, with every kind of data; then the client takes it back."""
    some = PEOPLE[:10]
    with house.app.app_context():
        files = [_placed(house) for _ in some]
        for person, (file_id, asker, consented) in zip(some, files, strict=True):
            consented()
            _write_down(asker, file_id, person)
        assert house.canaries(some) == {}, "sealed from the start"
        backup = copy_of(house.engine, tmp_path / "backup.sqlite")
        for file_id, asker, _consented in files:
            clients.consent.withdraw(asker, seat(asker), file_id)
        vacuum(house.engine)
        assert house.canaries(some) == {}
        assert (
            found_in(b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()), some)
            == set()
        )
        for file_id, asker, _consented in files:
            with pytest.raises(Refused):
                clients.vault.look(asker, seat(asker), file_id)
        _opens_nothing(house, backup, files)


def _placed(house: House) -> tuple[UUID, Account, Callable[[], UUID]]:
    """A request of the doctor that is placed with the nurse's provider: its file, and the consent to give."""
    doctor, nurse = house.world.people["doctor"], house.world.people["nurse"]
    request_id = posted(doctor)
    chosen(doctor, offered(nurse, request_id))
    with reading() as db:
        placement = db.scalars(select(Placement.id).where(Placement.care_request_id == request_id)).one()
        state = clients.file_about(db, doctor, placement)
    assert state is not None
    scopes = {doctor.organisation_id: Scope.ALL, nurse.organisation_id: Scope.ALL}
    given = Given(GivenBy.CLIENT, How.SPOKEN, (Purpose.HANDOVER,), scopes)
    return state.file_id, doctor, lambda: clients.consent.record(doctor, seat(doctor), state.file_id, given)


def _write_down(asker: Account, file_id: UUID, person: Identity) -> None:
    here = seat(asker)
    day, month, year = (int(part) for part in person.born.split("-"))
    identity = vault.Person(
        name=f"{person.first} {person.surname}",
        birth_date=date(year, month, day),
        address=f"{person.street} {person.number}, {person.pc6}",
        phone=person.phone,
        contact=person.email,
    )
    vault.write_identity(asker, here, file_id, identity)
    vault.write_handover(asker, here, file_id, vault.Sbar(*person.lines[:4]))
    vault.add_report(asker, here, file_id, person.lines[7])
    assert clients.vault.look(asker, here, file_id).person == identity


def _opens_nothing(house: House, backup: str, files: list[tuple[UUID, Account, Callable[[], UUID]]]) -> None:
    """Somebody puts the backup back; the keys of today open none of it."""
    kept = kit_db._database
    copy = kit_db.connect(backup)
    try:
        for file_id, asker, _consented in files:
            with pytest.raises(Refused):
                clients.vault.look(asker, seat(asker), file_id)
        assert found_in(everything_in(copy), PEOPLE[:10]) == set()
    finally:
        copy.dispose()
        kit_db._database = kept
        if copy.dialect.name == "postgresql":
            servers.drop("postgresql", str(copy.url.database))
