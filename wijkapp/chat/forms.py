"""What is typed in a conversation, and how it is read."""

import re
from typing import Any
from uuid import UUID

from wtforms import BooleanField, Field, HiddenField, StringField
from wtforms.widgets import HiddenInput

from wijkapp.chat.rules import MOST_MENTIONS
from wijkapp.chat.service import Member
from wijkapp.kit.db import new_id
from wijkapp.kit.errors import Invalid
from wijkapp.kit.forms import Form, Line, Text, mark_of, prose
from wijkapp.kit.words import lazy as _


class SayForm(Form):
    """A message. Its id is made before it is sent, so that sending twice is saying once."""

    message_id = HiddenField()
    text = Text(_("Bericht"))
    quick = StringField()  # the words of a quick reply that was tapped
    priority = BooleanField(_("Spoed: vraag om bevestiging"))
    vouched = HiddenField()  # `mark` of the text that its writer says has no client in it
    redact = BooleanField()

    @classmethod
    def empty(cls) -> "SayForm":
        return cls(formdata=None, message_id=str(new_id()))

    @property
    def id(self) -> UUID:
        """Raises Invalid."""
        return uuid_of(self.message_id.data)

    @property
    def words(self) -> str:
        return prose(self.quick.data or "") or self.text.data or ""

    @property
    def mark(self) -> str:
        return mark_of(self.words)

    @property
    def is_vouched(self) -> bool:
        return self.vouched.data in ("1", self.mark)


class SearchForm(Form):
    words = Line(_("Zoek in je berichten"))
    vouched = BooleanField()


class SeqField(Field):
    """The number of a message."""

    widget = HiddenInput()
    data: int | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = seq_of(valuelist[0] if valuelist else None)


class ReadForm(Form):
    seq = SeqField()


class ContactForm(Form):
    """To which organisation, about which wijk."""

    organisation = HiddenField()
    wijk = HiddenField()


def seq_of(text: str | None) -> int | None:
    """The number of a message in an address; None when it is none."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,15}", text) else None


def uuid_of(text: str | None) -> UUID:
    """Raises Invalid."""
    try:
        return UUID(text or "")
    except ValueError:
        raise Invalid(str(_("Deze pagina stond te lang open. Ververs de pagina."))) from None


def mentioned(text: str, members: tuple[Member, ...]) -> list[UUID]:
    """Who is called by name in a text, as in "@Anna Peeters"."""
    if "@" not in text:
        return []
    return [one.account_id for one in members if f"@{one.name}" in text][:MOST_MENTIONS]
