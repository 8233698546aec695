"""The rule of the house about words: every field and every column that takes them has the guard in front.

Fields, columns and bodies are found on the forms, tables and models themselves, so a new one cannot slip in.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from sqlalchemy import Column, String
from wtforms import BooleanField, DateField, Field, SelectField, SelectMultipleField

from tests import house as rules
from tests.house import House, read_house
from tests.servers import migrated
from tests.web import make_app
from wijkapp.kit import forms as kit_forms
from wijkapp.kit.db import Base, JsonTuple
from wijkapp.kit.forms import Code, Form, Label, Line, Prose, Sealed
from wijkapp.kit.freetext import FreeText

TEMPLATES = rules.ROOT / "wijkapp" / "templates"


@pytest.fixture(scope="module")
def house() -> House:
    return read_house()


@pytest.fixture(scope="module", autouse=True)
def app(tmp_path_factory, worker_id):
    """Every room's forms and tables are loaded."""
    return make_app(migrated("sqlite", f"guarded_{worker_id}"), tmp_path_factory.mktemp("instance"))


# --- fields

ASK_THE_GUARD = (Prose, Line)
NO_WORDS = (SelectField, SelectMultipleField, DateField, BooleanField, Code)
A_NUMBER = {
    "Clock": "a moment",
    "Hours": "hours a week",
    "IntegerField": "a number",
    "Moments": "28 small numbers",
    "Moves": "four small numbers",
    "Number": "a number with a comma",
    "PhoneField": "a work number, in E.164",
    "SeqField": "a number",
    "SomeMoments": "28 small numbers",
    "Week": "28 numbers of hours",
    "Whole": "a number",
    "WholeNumber": "a number",
}
"""Kinds of fields that take nothing but digits."""

OTHER = {
    "ContactForm.organisation": "an id",
    "ContactForm.wijk": "an id",
    "SayForm.message_id": "an id",
    "SayForm.vouched": "says that the writer looked",
    "AppointForm.replaces": "an id",
    "TeamForm.id": "an id",
    "TeamForm.seen": "a hash",
    "RequestForm.form_id": "an id",
    "CallForm.call_id": "an id",
    "RequestForm.follows": "an id",
    "RequestForm.follow_kind": "one of a list",
    "ReturnForm.placement": "an id",
    "TogetherForm.offers": "ids",
    "ChooseForm.seen": "a moment",
    "TogetherForm.seen": "a moment",
    "RequestForm.rare_told": "yes or no",
    "InviteForm.email": "a colleague's work address",
    "NewOnlookerForm.email": "a work address at an insurer or a municipality",
    "OrganisationForm.email": "the organisation's own address",
    "PasswordSignInForm.email": "is looked up, never stored",
    "SignInForm.email": "is looked up, never stored",
    "PasswordSignInForm.next": "a path of this app, without what comes after ?",
    "SignInForm.next": "a path of this app, without what comes after ?",
    "AbsenceForm.first_hour": "an hour of the day",
    "AbsenceForm.last_hour": "an hour of the day",
    "BlockForm.starts": "an hour of the day",
    "BlockForm.ends": "an hour of the day",
    "RotaTermsForm.blocks": "rows of BlockForm",
    "HandoverForm.seen": "a moment",
    "NewPersonForm.seen": "numbers",
    "PersonForm.seen": "numbers",
    "RotaTermsForm.seen": "an id",
    "RulesForm.seen": "an id",
    "ProfileForm.quiet_from": "an hour of the day",
    "ProfileForm.quiet_until": "an hour of the day",
    "DraftTermsForm.quiet_from": "an hour of the day",
    "DraftTermsForm.quiet_until": "an hour of the day",
    "TermsForm.seen": "an id",
    "AgreementForm.seen": "a hash",
    "PointForm.seen": "a hash",
    "AnswerForm.seen": "a hash",
    "ExitForm.seen": "a hash",
    "TickForm.done": "is there or not",
    "TermsForm.quiet_from": "an hour of the day",
    "TermsForm.quiet_until": "an hour of the day",
    "TermsForm.shared_mail": "the address of a mail group",
    "PasswordForm.password": "only its hash is stored",
    "PasswordSignInForm.password": "is compared, never stored",
    "NewPasskeyForm.credential": "what a browser signed",
    "PasskeyForm.credential": "what a browser signed",
}
ASKED_BY_THE_SERVICE = {
    # The chat's door and its live line share one service, which asks before its transaction.
    "SayForm.text": "wijkapp.chat.service.say.say",
    "SayForm.quick": "wijkapp.chat.service.say.say",
}


def every_form() -> Iterator[type[Form]]:
    look = [Form]
    while look:
        for kind in look.pop().__subclasses__():
            look.append(kind)
            if kind.__module__.startswith("wijkapp."):
                yield kind


def fields_of(form: type[Form]) -> dict[str, type[Field]]:
    found = {name: getattr(form, name, None) for name in dir(form)}
    return {name: one.field_class for name, one in found.items() if hasattr(one, "field_class")}


def unguarded_fields() -> set[str]:
    return {
        f"{form.__name__}.{name}"
        for form in every_form()
        if not form.__module__.startswith("wijkapp.clients.")  # what is typed there is sealed
        for name, kind in fields_of(form).items()
        if not issubclass(kind, (*NO_WORDS, *ASK_THE_GUARD)) and kind.__name__ not in A_NUMBER
    }


def test_every_field_for_words_asks_the_guard():
    assert unguarded_fields() - set(OTHER) - set(ASKED_BY_THE_SERVICE) == set()


def test_every_field_that_need_not_is_still_there():
    assert set(OTHER) | set(ASKED_BY_THE_SERVICE) <= unguarded_fields()


def test_what_a_service_asks_for_a_field_it_really_asks(house):
    asks = house.leading_to("wijkapp.clients.guard.check")
    assert set(ASKED_BY_THE_SERVICE.values()) | set(ASKED_BODIES.values()) <= asks


def test_only_the_vault_has_fields_that_ask_nobody():
    elsewhere = {
        f"{form.__name__}.{name}"
        for form in every_form()
        for name, kind in fields_of(form).items()
        if issubclass(kind, Sealed) and not form.__module__.startswith("wijkapp.clients.")
    }
    assert elsewhere == set()


@pytest.mark.parametrize("kind", [kit_forms.StringField, kit_forms.Text])
def test_a_field_of_another_kind_would_be_found(kind):
    class NewForm(Form):
        remark = kind("Opmerking")

    NewForm.__module__ = "wijkapp.matching.forms"
    try:
        assert "NewForm.remark" in unguarded_fields() - set(OTHER)
    finally:
        NewForm.__module__ = "tests"


def test_every_field_that_looks_as_if_it_asks_does():
    """A subclass that overrides `look` or `pre_validate` would be let through by its name."""
    quiet = {"Code", "Sealed", "PhoneField"}
    kinds = {kind for form in every_form() for kind in fields_of(form).values()}
    for kind in kinds:
        if issubclass(kind, Line) and not issubclass(kind, Code | Sealed) and kind.__name__ not in quiet:
            assert kind.look in {Line.look, Label.look}
            assert kind.pre_validate is Line.pre_validate
        if issubclass(kind, Prose):
            assert kind.pre_validate is Prose.pre_validate


# --- what does not come by a form

BODIES = {
    "Browser.endpoint": "an address of a push service; sealed",
    "Browser.replaces": "an address of a push service; only its hash is looked up",
    "Gone.endpoint": "an address of a push service; only its hash is looked up",
    "Keys.auth": "a key",
    "Keys.p256dh": "a key",
}
ASKED_BODIES = {"Saying.text": "wijkapp.chat.service.say.say"}


def every_body() -> Iterator[type[BaseModel]]:
    look: list[type[BaseModel]] = [BaseModel]
    while look:
        for kind in look.pop().__subclasses__():
            look.append(kind)
            if kind.__module__.startswith("wijkapp.") and "config" not in kind.__module__:
                yield kind


def test_every_text_in_a_json_body_or_a_socket_message_is_known():
    texts = {
        f"{body.__name__}.{name}"
        for body in every_body()
        for name, field in body.model_fields.items()
        if "str" in re.findall(r"\w+", str(field.annotation))
    }
    assert texts - set(BODIES) - set(ASKED_BODIES) == set()


READS = {"form", "args", "values", "json", "data", "files", "get_json", "get_data"}
READERS = {
    "wijkapp.kit.forms": "the form itself",
    "wijkapp.agreements.views.register.index": "what somebody looks for: looked up, never stored",
    "wijkapp.agreements.views.register._one_of": "one of a list",
    "wijkapp.capacity.views.figures": "a path of this app, an id, and yes or no",
    "wijkapp.capacity.views.taps": "one of a list",
    "wijkapp.capacity.views.teams": "an id and a code, to look up",
    "wijkapp.chat.views": "numbers and ids in an address",
    "wijkapp.clients.guard_views.wrong": "kinds out of a list; the rest is not looked at",
    "wijkapp.clients.privacy_views": "numbers and days in an address",
    "wijkapp.directory.views.index": "what somebody looks for: looked up, never stored",
    "wijkapp.matching.views.new": "an id, words out of a list, and choices to begin with",
    "wijkapp.matching.views.reach": "choices and numbers, for a first look",
    "wijkapp.matching.pages.page": "yes or no",
    "wijkapp.matching.search_views.show": "choices and numbers, to look up",
    "wijkapp.notify.views._read": "pydantic, see above",
    "wijkapp.oversight.views._period": "one of a list",
    "wijkapp.rota.views.duty._back": "one of a list",
    "wijkapp.rota.views.region": "a day in an address, and one of a list",
    "wijkapp.rota.views.room.asked_region": "an id",
    "wijkapp.rota.views.switch._token": "a secret, only compared",
    "wijkapp.rota.views.taps.tap": "a ticket, signed by us",
    "wijkapp.rota.views.plan": "a day in an address, ids, and one of a list",
    "wijkapp.rota.views.people.import_busy": "a calendar: only from when until when is read",
    "wijkapp.oversight.region_views._asked": "an id and a quarter, to look up",
    "wijkapp.oversight.region_views.who_looked": "a day in an address",
    "wijkapp.people.session": "a path of this app",
    "wijkapp.people.views": "a path of this app",
}
"""Who looks at a request without a form, and at what."""


def test_only_these_read_a_request_without_a_form(house):
    found = {
        one.name
        for one in house.functions.values()
        for node in one.own_nodes()
        if isinstance(node, ast.Attribute)
        and node.attr in READS
        and one.module.dotted(node.value) == "flask.request"
    }
    assert {name for name in found if not name.startswith(tuple(READERS))} == set()


TEXTAREAS = {"_guard.html", "chat/show.html", "chat/_composer.html"}


def test_a_page_has_no_box_for_words_but_the_guarded_one():
    """Fields make their own; a template that writes one by hand is listed."""
    found = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if "<textarea" in re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    }
    assert {name for name in found if not name.startswith("clients/")} <= TEXTAREAS


def test_every_guarded_field_is_shown_with_what_the_guard_says(house):
    """A Prose in a form comes with `guard.field(...)` on its page, or nobody could get past a question."""
    shown = set()
    for path in TEMPLATES.rglob("*.html"):
        shown |= set(re.findall(r"guard\.field\(\s*(?:\w+\.)?(\w+)", path.read_text()))
    for form in every_form():
        if not form.__module__.startswith(("wijkapp.clients.", "wijkapp.chat.")):
            wanted = {name for name, kind in fields_of(form).items() if issubclass(kind, Prose)}
            assert wanted <= shown | {"remark"}, form
    assert "_remark(offer.remark" in Path(TEMPLATES, "matching/_offer_part.html").read_text()


# --- columns

NAMES = {
    "account.name": "AcceptForm.name",
    "account.job_title": "ProfileForm.job_title",
    "account_invitation.name": "InviteForm.name",
    "agreement_seat.name": "SeatForm.name",
    "agreement_signatory.job_title": "SignatoryForm.job_title",
    "agreement_signatory.name": "SignatoryForm.name",
    "organisation.name": "OrganisationForm.name",
    "organisation.place": "OrganisationForm.place",
    "passkey.name": "NewPasskeyForm.name",
    "team.name": "TeamForm.name",
}
"""Columns with a name somebody typed, and the field that asked the guard; imports ask in `values.line`."""

CODES = {
    "account.big_number": "digits",
    "account.email": "a mail address",
    "account.fs_uniquifier": "random",
    "account.fs_webauthn_user_handle": "random",
    "account.language": "nl or en",
    "account.password": "an argon2 hash",
    "account.phone": "E.164",
    "account.tf_totp_secret": "sealed",
    "account_invitation.email": "a mail address",
    "account_invitation.token_hash": "a hash",
    "agreement.seeds": "a version of the lists",
    "agreement_check.rules": "a version of the questions",
    "agreement_item.code": "a point of the lists",
    "care_product.code": "reference data",
    "care_product.kind": "reference data",
    "care_product.law": "reference data",
    "care_product.name": "reference data",
    "care_request.language": "ISO 639-1, from a list",
    "delivery.outcome": "a code",
    "delivery.target": "a code and a hash",
    "device.label": "the app's own words: Chrome op Android",
    "agreement_document.kind": "a code",
    "document_answer.code": "a code",
    "document_signature.digest": "a hash",
    "document_signature.seal": "a signature",
    "document_version.digest": "a hash",
    "event.name": "a code",
    "insurer.concern": "reference data",
    "insurer.name": "reference data",
    "insurer.uzovi": "reference data",
    "letter.name": "a code",
    "letter.to_address": "a mail address",
    "log_in_link.next_path": "a path of this app, without what comes after ?",
    "duty.block": "an agreed block",
    "log_in_link.token_hash": "a hash",
    "plan_run.problem": "ids and moments",
    "plan_run.rota": "ids and points",
    "rota_address.secret_hash": "a hash",
    "rota_exception.rule": "a code",
    "rota_wish.block": "an agreed block",
    "organisation.agb_code": "digits",
    "organisation.email": "a mail address",
    "organisation.kvk_number": "digits",
    "organisation.phone": "E.164",
    "passkey.device_type": "a code",
    "passkey.extensions": "what a browser says of its key",
    "passkey.transports": "codes",
    "passkey.usage": "a code",
    "postcode.pc4": "digits",
    "postcode.place": "imported, and asked there",
    "posted_mail.body": "a mail by the app itself",
    "posted_mail.subject": "a mail by the app itself",
    "posted_mail.to_address": "a mail address",
    "push_subscription.endpoint_hash": "a hash",
    "region.name": "imported, and asked there",
    "skill.code": "reference data",
    "skill.name": "reference data",
    "team.phone": "E.164",
    "wijk.code": "CBS",
    "wijk.municipality": "imported, and asked there",
    "wijk.municipality_code": "CBS",
    "wijk.name": "imported, and asked there",
    "wijk.shared_mail": "the address of a mail group",
    "wijk.shared_phone": "E.164",
    "rollup_mark.name": "a code",
    "wijk_population.source": "of a list of numbers; the import asks the guard",
}


def texts() -> set[str]:
    """Columns outside the vault that could hold words and have no guard of their own."""
    of_clients = {
        mapper.local_table.name for mapper in Base.registry.mappers if ".clients." in mapper.class_.__module__
    }
    return {
        str(column)
        for table in Base.metadata.tables.values()
        if table.name not in of_clients
        for column in table.columns
        if _takes_words(column)
    }


def _takes_words(column: Column) -> bool:
    kind = column.type
    words = isinstance(kind, String) and not hasattr(kind, "enums") and not isinstance(kind, JsonTuple)
    return words and not isinstance(kind, FreeText) and not column.foreign_keys


def test_every_column_for_words_is_behind_the_guard_or_has_a_reason():
    assert texts() - set(NAMES) - set(CODES) == set()


def test_every_reason_is_still_needed():
    transports = {"passkey.transports"}  # Flask-Security's own kind of list
    assert set(NAMES) | set(CODES) <= texts() | transports


def test_every_name_is_asked_for_by_a_field_that_asks_the_guard():
    forms = {form.__name__: fields_of(form) for form in every_form()}
    for field in NAMES.values():
        form, name = field.split(".")
        assert issubclass(forms[form][name], Line), field
        assert not issubclass(forms[form][name], Code), field


def test_a_column_of_free_text_stores_nothing_without_asking(monkeypatch):
    from wijkapp.kit import freetext

    asked = []

    class Deaf:
        def last_line(self, text: str) -> None:
            asked.append(text)

    monkeypatch.setattr(freetext, "_guard", Deaf())
    FreeText(20).process_bind_param("hallo", None)
    assert asked == ["hallo"]


def test_without_a_guard_nothing_can_be_stored(monkeypatch):
    from wijkapp.kit import freetext

    monkeypatch.setattr(freetext, "_guard", freetext._Nobody())
    with pytest.raises(RuntimeError):
        FreeText(20).process_bind_param("hallo", None)
