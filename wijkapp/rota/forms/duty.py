"""What somebody on duty fills in: a call, and three answers for whoever comes next."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the types
    HiddenField,
    SelectChoice,
    ValidationError,
)
from wtforms.validators import Length

from wijkapp.kit.forms import Form, Prose, RadioChoice
from wijkapp.kit.words import lazy as _
from wijkapp.rota.duty_words import CALLERS, OUTCOMES
from wijkapp.rota.models import LONGEST_ANSWER
from wijkapp.rota.rules import CallFrom, CallOutcome
from wijkapp.rota.service.handover import Answers

AGO = {"0": _("nu net"), "5": _("5 min geleden"), "15": _("15 min geleden"), "30": _("30 min geleden")}
MINUTES = {
    "": _("niemand ging"),
    "10": _("10 min"),
    "20": _("20 min"),
    "30": _("30 min"),
    "45": _("45 min"),
    "60": _("een uur"),
    "90": _("langer"),
}


def _choices(words: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(value), word) for value, word in words.items()]


class CallForm(Form):
    """Somebody rang: what kind of caller, and when. A form that is sent again is the same call."""

    call_id = HiddenField()
    caller = RadioChoice(_("Wie belde?"), choices=_choices(CALLERS))
    ago = RadioChoice(_("Wanneer?"), choices=_choices(AGO), default="0")

    def validate_call_id(self, field: HiddenField) -> None:
        try:
            field.data = str(UUID(field.data or ""))
        except ValueError:
            raise ValidationError(_("Verstuur het formulier nog een keer.")) from None

    @property
    def id(self) -> UUID:
        return UUID(self.call_id.data)

    @property
    def who(self) -> CallFrom:
        return CallFrom(self.caller.data)


class OutcomeForm(Form):
    """How a call ended. Whether somebody went is asked, never taken for granted: it is what is measured."""

    minutes = RadioChoice(
        _("Hoe snel was er iemand?"),
        choices=_choices(MINUTES),
    )
    outcome = RadioChoice(_("Hoe liep het af?"), choices=_choices(OUTCOMES))

    @property
    def after(self) -> int | None:
        return int(self.minutes.data) if self.minutes.data else None

    @property
    def what(self) -> CallOutcome:
        return CallOutcome(self.outcome.data)


def _answer(label: Any) -> Prose:
    return Prose(label, validators=[Length(max=LONGEST_ANSWER)])


class HandoverForm(Form):
    """Three fixed questions. Nothing to say is an answer too. seen: what the page was made of."""

    seen = HiddenField()
    happened = _answer(_("Wat speelde er?"))
    still_open = _answer(_("Wat moet er nog?"))
    watch = _answer(_("Waar let je op?"))

    @property
    def answers(self) -> Answers:
        return Answers(self.happened.data or "", self.still_open.data or "", self.watch.data or "")
