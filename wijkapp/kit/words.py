"""The words people see: Dutch is the source, other languages are catalogues in `translations/`."""

from collections.abc import Callable
from functools import cache

from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel import Babel, Domain, get_locale, get_translations, gettext, ngettext
from flask_babel import lazy_gettext as lazy
from markupsafe import Markup

__all__ = ["gettext", "lazy", "mark", "ngettext"]


def mark(text: str) -> str:
    """The text itself. Says to `make words` that it is looked up later, by `gettext(...)` of a name."""
    return text


@cache
def _catalogue(folder: str, language: str) -> NullTranslations:
    return Translations.load(folder, [language])


class _Catalogues(Domain):
    """Flask-Babel's domain, but a catalogue is read once a process instead of once a request."""

    def get_translations(self) -> NullTranslations:
        return _catalogue(self.translation_directories[0], str(get_locale())) if g else NullTranslations()


class _Babel(Babel):
    @property
    def domain_instance(self) -> Domain:
        return _Catalogues()


def use(app: Flask, folder: str, language: Callable[[], str]) -> None:
    """Show the app's pages in the language that `language()` says, from the catalogues in `folder`."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = folder
    _Babel(app, locale_selector=language)


def of_this_page() -> dict[str, object]:
    """`_` and `ngettext` for one page's templates, bound to its catalogue.

    A page has hundreds of words; looking up the catalogue for each took a tenth of its time. Values that are
    filled in are escaped, as Jinja's own do.
    """
    found = get_translations()

    def one(text: str, **values: object) -> str:
        return Markup(found.gettext(text)) % values  # noqa: S704 - our own words, not what somebody typed

    def several(single: str, plural: str, num: int, **values: object) -> str:
        return Markup(found.ngettext(single, plural, num)) % {"num": num, **values}  # noqa: S704

    return {"_": one, "gettext": one, "ngettext": several}
