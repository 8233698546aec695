"""The catalogues of `translations/`: each is read once, and every page speaks its reader's language."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
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
    app.before_request(listen)
    app.teardown_request(lambda _error: words.speak(NullTranslations()))


def listen() -> None:
    """From here on, in this request or socket event, the language of whoever it is from."""
    words.speak(_catalogue(str(get_locale() or "nl")))


def speaking(language: str) -> AbstractContextManager[None]:
    """Write something for somebody who reads this language."""
    return words.speaking(_catalogue(language))


def of_this_page() -> dict[str, object]:
    """`_` and `ngettext` for one page's templates. What is filled in is escaped, as Jinja's own do."""
    found = words.spoken()

    def one(text: str, **values: object) -> str:
        return Markup(found.gettext(text)) % values  # noqa: S704 - our own words, not what somebody typed

    def several(single: str, plural: str, num: int, **values: object) -> str:
        return Markup(found.ngettext(single, plural, num)) % {"num": num, **values}  # noqa: S704

    return {"_": one, "gettext": one, "ngettext": several}
