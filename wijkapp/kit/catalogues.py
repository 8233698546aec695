"""The catalogues of `translations/`: each is read once, and every page speaks its reader's language."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache, lru_cache
from pathlib import Path

from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, get_locale
from markupsafe import Markup

from wijkapp.kit import words

FOLDER = Path(__file__).parent.parent / "translations"


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(FOLDER, [language])


def use(app: Flask, language: Callable[[], str]) -> None:
    """Show the app's pages in the language that `language()` says."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FOLDER)
    Babel(app, locale_selector=language)
    # For templates. What is filled in is escaped, as by Flask-Babel's own, which are slower.
    app.jinja_env.globals.update(_=_one, gettext=_one, ngettext=_several)
    app.before_request(listen)
    app.teardown_request(lambda _error: words.speak(NullTranslations()))


def listen() -> None:
    """From here on, in this request or socket event, the language of whoever it is from."""
    words.speak(_catalogue(str(get_locale() or "nl")))


def speaking(language: str) -> AbstractContextManager[None]:
    """Write something for somebody who reads this language."""
    return words.speaking(_catalogue(language))


@lru_cache(maxsize=10_000)
def _safe(catalogue: NullTranslations, text: str) -> Markup:
    return Markup(catalogue.gettext(text))  # noqa: S704 - our own words, not what somebody typed


def _one(text: str, **values: object) -> Markup:
    found = _safe(words.spoken(), text)
    return found % values if values else found


def _several(single: str, plural: str, num: int, **values: object) -> Markup:
    found = words.spoken().ngettext(single, plural, num)
    return Markup(found) % {"num": num, **values}  # noqa: S704
