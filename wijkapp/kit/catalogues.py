"""The catalogues of `translations/`: each is read once, and every page speaks its reader's language."""

from collections.abc import Callable
from functools import cache

from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel import Babel, Domain, get_locale, get_translations
from markupsafe import Markup


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
