"""The words people see: Dutch is the source, other languages are catalogues in `translations/`."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from io import TextIOWrapper
from typing import IO

from babel.numbers import format_decimal, get_decimal_symbol
from babel.support import NullTranslations
from flask_babel.speaklater import LazyString

# A page looks up hundreds of words. Asking Flask-Babel for the reader's catalogue at each took two thirds
# of the time to make a page, so the catalogue in use is kept here, for a request or a message at a time.
_in_use: ContextVar[NullTranslations] = ContextVar("catalogue", default=NullTranslations())  # noqa: B039


def gettext(text: str, **values: object) -> str:
    """A sentence in the reader's language, with what must be filled in."""
    found = _in_use.get().gettext(text)
    return found % values if values else found


def ngettext(one: str, several: str, num: int, **values: object) -> str:
    """The sentence for one or for several, in the reader's language."""
    return _in_use.get().ngettext(one, several, num) % {"num": num, **values}


def listed(words: Iterable[object], joined: str | None = None) -> str:
    """Words in a row: ochtend, middag en avond.

    joined  how the last two are joined, as in gettext("%(first)s of %(last)s"); without: "en"
    """
    *first, last = [str(word) for word in words] or [""]
    joined = joined or gettext("%(first)s en %(last)s")
    return joined % {"first": ", ".join(first), "last": last} if first else last


def decimal(number: Fraction | float, digits: int = 2) -> str:
    """A number as its reader writes it, with at most so many digits behind the comma: 1,5 or 2."""
    written = f"{float(number):.{digits}f}".rstrip("0").rstrip(".")
    return written.replace(".", get_decimal_symbol(spoken().info().get("language", "nl")))


def thousands(number: int) -> str:
    """43.000, with the sign that parts thousands in the language that is spoken."""
    return format_decimal(number, locale=spoken().info().get("language", "nl"))


def lazy(text: str, **values: object) -> LazyString:
    """A sentence that is looked up when somebody reads it."""
    return LazyString(gettext, text, **values)


def speak(catalogue: NullTranslations) -> None:
    """Use this catalogue from here on, in this request or thread."""
    _in_use.set(catalogue)


def spoken() -> NullTranslations:
    """The catalogue in use; Dutch needs none."""
    return _in_use.get()


@contextmanager
def speaking(catalogue: NullTranslations) -> Iterator[None]:
    """Use this catalogue for a while."""
    before = _in_use.set(catalogue)
    yield
    _in_use.reset(before)


def mark(text: str) -> str:
    """The text itself. Says to `make words` that it is looked up later, by `gettext(...)` of a name."""
    return text


def names_in_list(
    file: IO[bytes], *_how: object, **_options: object
) -> Iterator[tuple[int, None, str, list[str]]]:
    """For `make words`: the names in a CSV of reference data, in the shape that Babel asks for."""
    rows = csv.DictReader(TextIOWrapper(file, "utf-8"))
    for row in rows:
        yield rows.line_num, None, row["name"], []
