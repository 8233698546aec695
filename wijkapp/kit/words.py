"""The words people see: Dutch is the source, other languages are catalogues in `translations/`."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as lazy

__all__ = ["gettext", "lazy", "mark", "ngettext"]


def mark(text: str) -> str:
    """The text itself. Says to `make words` that it is looked up later, by `gettext(...)` of a name."""
    return text
