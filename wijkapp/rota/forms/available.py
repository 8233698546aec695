"""What somebody fills in about when they cannot, or would rather not, have duty."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from typing import Any

from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than the types
from wtforms.validators import Optional

from wijkapp.kit import time
from wijkapp.kit.forms import Choice, Day, Form, Hour, Needed
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _

DAY = timedelta(days=1)


class AbsenceForm(Form):
    """Whole days, or from an hour on the first day to one on the last."""

    first = Day(_("Vanaf"), [Needed(_("Kies een dag."))])
    first_hour = Hour(_("Vanaf hoe laat"), [Optional()])
    last = Day(_("Tot en met"), [Optional()])
    last_hour = Hour(_("Tot hoe laat"), [Optional()])

    @property
    def start(self) -> datetime:
        """In UTC; `check` went before."""
        assert self.first.data is not None  # noqa: S101
        return _moment(self.first.data, self.first_hour.data or hour(0))

    @property
    def end(self) -> datetime:
        last: date | None = self.last.data or self.first.data
        assert last is not None  # noqa: S101
        until = self.last_hour.data
        return time.day_starts(last + DAY) if until is None else _moment(last, until)


def _moment(day: date, clock: hour) -> datetime:
    """In UTC: on a night with an hour less or more, clocks in one zone compare wrong."""
    return datetime.combine(day, clock, tzinfo=time.AMSTERDAM).astimezone(UTC)


class WishForm(Form):
    """A day, or one block of it, that somebody would rather be free."""

    day = Day(_("Dag"), [Needed(_("Kies een dag."))])
    block = Choice(_("Welke dienst"))

    @classmethod
    def among(cls, blocks: Mapping[str, str], **given: Any) -> "WishForm":
        """blocks: code -> name."""
        form = cls(**given)
        form.block.choices = [SelectChoice("", gettext("De hele dag"))]
        form.block.choices += [
            SelectChoice(code, gettext(name).capitalize()) for code, name in blocks.items()
        ]
        return form
