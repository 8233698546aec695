"""Forms: text that is safe to store, Dutch messages, and `Invalid` when something is wrong."""

import re
import unicodedata
from datetime import date
from typing import Any

import phonenumbers
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from wijkapp.kit.errors import Invalid
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _

# Control and bidi-override characters hide or reorder what a reader sees; lone surrogates cannot be stored.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def plain(text: str) -> str:
    """One line of text as it is stored: composed (NFC), no unseen characters, single spaces, no outer space."""
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", text)).split())


class Line(StringField):
    """One line of text. Give it `Length(max=...)`: the limit counts what is stored."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = plain(valuelist[0]) if valuelist else ""


class PhoneField(Line):
    """A phone number, as people write it in the Netherlands; `e164` is what is stored."""

    e164: str | None = None

    def pre_validate(self, form: Any) -> None:
        self.e164 = to_e164(self.data) if self.data else None
        if self.data and self.e164 is None:
            raise ValidationError(_("Dit is geen telefoonnummer. Schrijf het zo: 06 12345678."))


def to_e164(text: str) -> str | None:
    """A phone number as it is stored (+31612345678), from how people write it; None when it is none."""
    try:
        number = phonenumbers.parse(text, "NL")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_as_written(e164: str | None) -> str:
    """A stored number as Dutch people write it: 06 12345678, 030 123 4567."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164, "NL")
    if number.country_code != 31:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).replace("-", " ")


class Form(FlaskForm):
    """A page's form. `check()` raises what the page shows: every message at its field, everything typed kept."""

    def check(self) -> None:
        """Raises Invalid with a message per wrong field."""
        if not self.validate():
            raise Invalid(fields={name: str(messages[0]) for name, messages in self.flat_errors()})

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
