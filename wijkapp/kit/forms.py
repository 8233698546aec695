"""Forms: text that is safe to store, Dutch messages, and `Invalid` when something is wrong."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from hashlib import sha256
from typing import Any

from babel import Locale
from babel.support import NullTranslations, Translations
from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_babel import get_locale
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from markupsafe import Markup, escape
from wtforms import (
    DateField,
    EmailField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.i18n import messages_path
from wtforms.utils import unset_value
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import CheckboxInput, Input, ListWidget, TextArea, TextInput
from wtforms.widgets import core as widgets
from wtforms.widgets.core import clean_key  # type: ignore[attr-defined]

from wijkapp.kit import freetext
from wijkapp.kit.errors import Invalid, Refused
from wijkapp.kit.phones import to_e164
from wijkapp.kit.words import decimal, gettext
from wijkapp.kit.words import lazy as _

# Control, bidi-override and zero-width characters hide or reorder what a reader sees; no database or document
# takes the last few. The zero-width joiner stays: without it a nurse falls apart into a woman and a hat.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    "\ufeff\ud800-\udfff\ufffe\uffff]"
)


class Needed(InputRequired):
    """There has to be something. What is wrong with what was typed stays said: it tells more."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.errors:
            raise StopValidation
        if field.data in (None, ""):
            raise StopValidation(str(self.message))


def plain(text: str) -> str:
    """One line of text as it is stored: composed (NFC), no unseen characters, no space to spare."""
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", text)).split())


def prose(text: str) -> str:
    """Text of several lines as it is stored; spaces stay as typed. static/guard.js does the same."""
    lines = re.sub("\r\n?|[\u2028\u2029]", "\n", unicodedata.normalize("NFC", text))
    return _UNSEEN.sub("", lines).strip()


class Line(StringField):
    """One line of text with the name of a colleague, a team or an organisation in it; nothing of a client.

    Give it `Length(max=...)`: the limit counts what is stored.
    """

    data: str

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = plain(valuelist[0]) if valuelist else ""

    def pre_validate(self, form: Any) -> None:
        if self.data and request.method == "POST":
            try:
                self.look()
            except Refused as refused:
                raise StopValidation(str(refused.sentence)) from None

    def look(self) -> None:
        """Ask the guard. Raises Refused."""
        freetext.guard().check_name(self.data)


class Label(Line):
    """What somebody calls a thing of their own, such as a phone."""

    def look(self) -> None:
        freetext.guard().check_label(self.data)


class Code(Line):
    """A number or code, which has a pattern of its own: no words, so no guard."""

    def look(self) -> None:
        pass


class Sealed(Line):
    """A line of the vault: the one place where a client may be named."""

    def look(self) -> None:
        pass


@dataclass(frozen=True)
class Piece:
    """A stretch of a text. The others say what may not be in it, and are empty where all is well."""

    text: str
    kind: str = ""
    level: str = ""
    instead: str = ""  # what can take its place


def pieces(text: str, findings: Iterable[Mapping[str, Any]]) -> tuple[Piece, ...]:
    """A text cut at what the guard found in it (`details["findings"]` of its refusal); empty without."""
    found, at = [], 0
    for one in findings:
        found.append(Piece(text[at : one["start"]]))
        found.append(Piece(text[one["start"] : one["end"]], one["kind"], one["level"], one["instead"]))
        at = one["end"]
    return tuple(piece for piece in (*found, Piece(text[at:])) if piece.text) if found else ()


def mark_of(text: str) -> str:
    """Of a text as it is now: who vouched for another text did not vouch for this one."""
    return sha256(text.encode()).hexdigest()[:16]


class Text(StringField):
    """Several lines. Asks nobody: for what is sealed, or goes to a service that asks the guard itself."""

    widget = TextArea()
    data: str

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = prose(valuelist[0]) if valuelist else ""


class Prose(Text):
    """Text in somebody's own words. Asks the guard when it is sent. Give it `Length(max=...)`.

    Beside `<name>` these are sent, each by a button of `_guard.html`:
    <name>_redact   take out what was found, and go on
    <name>_vouched  `mark` of a text that its writer looked at: what was likely is no client
    <name>_wrong    the guard was certain and the writer says that it was wrong: counted, never kept
    """

    pieces: tuple[Piece, ...] = ()  # when the guard found something
    may_vouch = False
    reported = False

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        self._sent: Mapping[str, str] = formdata if formdata and request.method == "POST" else {}
        if self._sent.get(f"{self.name}_redact") and self.data:
            self.data = freetext.guard().without(self.data)

    @property
    def mark(self) -> str:
        return mark_of(self.data or "")

    @property
    def vouched(self) -> bool:
        return self._sent.get(f"{self.name}_vouched") == self.mark

    def pre_validate(self, form: Any) -> None:
        if not self.data or request.method != "POST":
            return
        self.reported = bool(self._sent.get(f"{self.name}_wrong"))
        if self.reported:
            freetext.guard().say_wrong(self.data)
        try:
            freetext.guard().check(self.data, vouched=self.vouched, again=self.reported)
        except Refused as refused:
            self.may_vouch = bool(refused.details.get("may_vouch"))
            self.pieces = pieces(self.data, refused.details.get("findings", ()))
            raise StopValidation(str(refused.sentence)) from None


class PhoneField(Line):
    """A phone number, as people write it in the Netherlands; `e164` is what is stored."""

    e164: str | None = None

    def pre_validate(self, form: Any) -> None:
        self.e164 = to_e164(self.data) if self.data else None
        if self.data and self.e164 is None:
            raise ValidationError(_("Dit is geen telefoonnummer. Schrijf het zo: 06 12345678."))


class Choice(SelectField):
    """One of a list."""

    def pre_validate(self, form: Any) -> None:
        _only_listed(self, [self.data])


class RadioChoice(RadioField):
    """One of a list, all of it in sight."""

    def pre_validate(self, form: Any) -> None:
        _only_listed(self, [self.data])


class Chips(SelectMultipleField):
    """Any number of a list, as chips; what is kept has the order of the list, each once."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        chosen = set(self.data or ())
        self.data = [value for value in _only_listed(self, chosen) if value in chosen]


def _only_listed(field: SelectField | SelectMultipleField, chosen: Any) -> list[Any]:
    listed = [choice[0] for choice in field.iter_choices()]
    if not set(chosen) <= set(listed):
        raise ValidationError(_("Kies iets uit de lijst."))
    return listed


class Day(DateField):
    """A day, as a browser's date field sends it, near enough to count with in any zone."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        try:
            day = date.fromisoformat(typed) if typed else None
        except ValueError:
            raise ValueError(gettext("Dit is geen dag. Schrijf het zo: 2026-11-24.")) from None
        if day and not 1900 <= day.year < 2200:
            raise ValueError(gettext("Kies een dag tussen 1900 en 2200."))
        self.data = day


class Hour(TimeField):
    """A time of the day, as a browser's time field sends it; what is left out stays as it was."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = plain(valuelist[0]) if valuelist else ""
        if typed:
            try:
                self.data = time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)
            except ValueError:
                raise ValueError(gettext("Dit is geen tijd. Schrijf het zo: 22:00.")) from None


class Email(EmailField):
    """An e-mail address; stored in lower case."""

    data: str

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = plain(valuelist[0]).lower() if valuelist else ""

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        try:
            checked = validate_email(self.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError as wrong:
            raise ValidationError(_("Dit is geen e-mailadres. Schrijf het zo: naam@voorbeeld.nl.")) from wrong
        if len(checked.normalized) > 254:
            raise ValidationError(_("Dit is te lang: hoogstens %(n)s tekens.", n=254))


class Whole(Field):
    """A whole number of something, from `least` to `most`."""

    widget = TextInput()

    def __init__(self, label: Any = None, *, least: int = 0, most: int, **more: Any) -> None:
        super().__init__(label, **more)
        self.least, self.most = least, most

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = plain(valuelist[0]) if valuelist else ""
        self.data = int(typed) if re.fullmatch(r"\d{1,6}", typed, re.ASCII) else None
        if self.data is None or not self.least <= self.data <= self.most:
            limits = {"least": self.least, "most": self.most}
            raise ValueError(gettext("Schrijf een getal van %(least)s tot en met %(most)s.", **limits))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


def language_names(codes: Iterable[str]) -> dict[str, str]:
    """Languages (ISO 639-1) by their name in the reader's language, in the order of those names."""
    names = (get_locale() or Locale("nl")).languages
    return dict(sorted(((code, names[code].capitalize()) for code in codes), key=lambda pair: pair[1]))


def hours_typed(minutes: int) -> str:
    """Minutes as one types hours: 7 or 7,5."""
    return decimal(minutes / 60)


class Hours(Field):
    """Hours a week as people write them (7, 7,5, 7.25); `data` is in minutes."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = plain(valuelist[0]).replace(",", ".") if valuelist else ""
        if not typed:
            return
        if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", typed):
            raise ValueError(gettext("Schrijf een getal, zoals 7 of 7,5."))
        self.data = round(float(typed) * 60)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else hours_typed(self.data)


def _attributes(**given: Any) -> Markup:
    """The attributes of an input. WTForms' own takes a sixth of the time of a page with a few forms."""
    shown = [(clean_key(key), value) for key, value in sorted(given.items()) if value is not False]
    written = [key if value is True else f'{key}="{_quoted(value)}"' for key, value in shown]
    return Markup(" ".join(written))  # noqa: S704 - escaped by _quoted


def _quoted(value: object) -> str:
    return str(escape(value)).replace('"', "&quot;")


Input.html_params = staticmethod(_attributes)  # type: ignore[method-assign]
widgets.html_params = _attributes  # of what is no Input


@cache
def _of_wtforms(language: str) -> NullTranslations:
    """What WTForms itself says. Flask-WTF reads it from the disk again for every page with a form."""
    return Translations.load(messages_path(), [language], domain="wtforms")


def _said(messages: list[Any]) -> str:
    """The first of them. A list of rows has a dict for each row, which no reader should see."""
    return gettext("Kijk de rode velden even na.") if isinstance(messages[0], dict) else str(messages[0])


class Form(FlaskForm):
    """A page's form: every message at its field, everything typed kept."""

    class Meta(FlaskForm.Meta):
        csrf = False  # CSRFProtect looked before any form is read, and the templates write the token

        def get_translations(self, form: Any) -> NullTranslations:
            return _of_wtforms(str(get_locale() or "nl"))

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            # Flask-WTF would read a JSON body too, and fails on one that is no object.
            posted = formdata is _Auto and request.method == "POST"
            return (request.form or None) if posted else super().wrap_formdata(form, formdata)

    def check(self) -> None:
        """Raises Invalid with a message per wrong field."""
        if not self.validate():
            raise Invalid(fields={name: _said(messages) for name, messages in self.flat_errors()})

    def flat_errors(self) -> list[tuple[str, list[str]]]:
        return [
            (field.name, list(field.errors)) for field in self if isinstance(field, Field) and field.errors
        ]

    def blame(self, wrong: Invalid) -> None:
        """Put what a service refused at its fields, for the page that shows the form again."""
        for field in self:
            message = wrong.fields.get(field.short_name)
            if message and not field.errors:
                field.errors = (str(message),)
