"""What is kept, how long and why: the shape of the table that everybody may read; `wijkapp.kept` fills it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask_babel.speaklater import LazyString

from wijkapp.kit.words import lazy, ngettext

AUDIT_KEPT = timedelta(days=5 * 365 + 2)
"""Of each line of the log, from the day it was written. Source: Besluit elektronische gegevensverwerking door
zorgaanbieders with NEN 7513; Stcrt. 2019, 38007: at least five years. The app itself never removes a line."""

BREACHES_KEPT = timedelta(days=5 * 365 + 2)
"""As long as the log it is held against."""


class Whose(StrEnum):
    """Whom it is about."""

    CLIENT = "client"
    STAFF = "staff"  # people who work with wijkapp
    NOBODY = "nobody"


@dataclass(frozen=True)
class Kept:
    """One kind of data: a row of the retention table, and of the register of processing (AVG art. 30).

    tables  where it is; every table of the database stands in one row
    ends    when it goes, in words
    how     what becomes of it then
    since   from which day this holds
    """

    name: LazyString
    whose: Whose
    tables: tuple[str, ...]
    what: LazyString
    why: LazyString
    basis: LazyString
    ends: LazyString
    how: LazyString
    seen_by: LazyString
    since: date


def span(length: timedelta) -> LazyString:
    """A length of time in words, in the reader's language: 48 uur, 14 dagen, 5 jaar."""
    return lazy("%(span)s", span=_Span(length))


class _Span:
    """Looked up when it is read."""

    def __init__(self, length: timedelta) -> None:
        self.length = length

    def __str__(self) -> str:
        days = self.length.days
        if days >= 365:
            return ngettext("%(num)s jaar", "%(num)s jaar", days // 365)
        if days >= 3:
            return ngettext("%(num)s dag", "%(num)s dagen", days)
        minutes = int(self.length.total_seconds() // 60)
        if minutes >= 60:
            return ngettext("%(num)s uur", "%(num)s uur", minutes // 60)
        return ngettext("%(num)s minuut", "%(num)s minuten", minutes)
