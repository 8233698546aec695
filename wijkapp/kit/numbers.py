"""A number with a comma, as people write points and FTE."""

import re
from fractions import Fraction
from typing import Any

from wtforms import Field
from wtforms.widgets import TextInput

from wijkapp.kit.forms import plain
from wijkapp.kit.words import decimal, gettext


class Number(Field):
    """A number from `least` to `most` with at most two digits after the comma; `data` is a Fraction.

    optional  nothing typed is None; otherwise that is wrong
    """

    widget = TextInput()

    def __init__(
        self, label: Any = None, *, least: int = 0, most: int, optional: bool = False, **more: Any
    ) -> None:
        super().__init__(label, **more)
        self.least, self.most, self.optional = least, most, optional

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = plain(valuelist[0]).replace(",", ".") if valuelist else ""
        self.data = None
        if not typed and self.optional:
            return
        if re.fullmatch(r"-?\d{1,5}(\.\d{1,2})?", typed, re.ASCII):
            self.data = Fraction(typed)
        if self.data is None or not self.least <= self.data <= self.most:
            limits = {"least": self.least, "most": self.most}
            raise ValueError(gettext("Schrijf een getal van %(least)s tot en met %(most)s.", **limits))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else decimal(self.data)
