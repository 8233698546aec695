"""The forms of the journey: choices, chips and numbers, and a remark that the guard reads."""

from datetime import date
from typing import Any
from uuid import UUID

from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the types
    Field,
    HiddenField,
    SelectChoice,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp
from wtforms.widgets import TextInput

from wijkapp.agreements.rules import Urgency
from wijkapp.capacity.rules import MOST_MINUTES, SLOTS
from wijkapp.directory.rules import LANGUAGES
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.forms import Chips, Choice, Code, Day, Form, Hours, Prose, RadioChoice, language_names
from wijkapp.kit.words import lazy as _
from wijkapp.matching.reasons import (
    CHOOSERS,
    DECLINES,
    EHEALTH,
    GENDERS,
    RETURNS,
    URGENCIES,
    WITHDRAWALS,
)
from wijkapp.matching.rules import (
    FARTHEST_START,
    MOST_VISITS,
    REMARK,
    Chooser,
    DeclineReason,
    Ehealth,
    Gender,
    ReturnReason,
    WithdrawReason,
    minutes_of,
    start_day,
)
from wijkapp.matching.service.post import Profile


class Moments(Field):
    """Visits per daypart slot: 28 small numbers, sent as `moments-<slot>`."""

    widget = TextInput()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors = []
        self.data = tuple(data or (0,) * SLOTS)
        if not formdata:
            return
        typed = [(formdata.get(f"{self.name}-{slot}") or "0").strip() for slot in range(SLOTS)]
        good = all(len(text) < 3 and text.isdecimal() and int(text) <= MOST_VISITS for text in typed)
        if good:
            self.data = tuple(int(text) for text in typed)
        else:
            self.process_errors.append(
                str(_("Kies per dagdeel een aantal van 0 tot en met %(most)s.", most=MOST_VISITS))
            )

    def pre_validate(self, form: Any) -> None:
        if not self.process_errors and not any(self.data):
            raise ValidationError(_("Kies ten minste één moment in de week."))


def _remark(label: Any) -> Prose:
    """Something that has no field of its own; may stay empty."""
    return Prose(
        label, [Length(max=REMARK, message=_("Houd het korter: hooguit %(most)s tekens.", most=REMARK))]
    )


class RequestForm(Form):
    """One question for care. Everything has a default but where, what and when."""

    form_id = HiddenField()
    pc4 = Code(
        _("Postcode (4 cijfers)"),
        [
            InputRequired(_("Vul de vier cijfers van de postcode in.")),
            Regexp(r"^[1-9][0-9]{3}$", message=_("Een postcode heeft vier cijfers.")),
        ],
    )
    products = Chips(_("Welke zorg?"), [InputRequired(_("Kies ten minste één soort zorg."))])
    skills = Chips(_("Bijzondere handelingen"), [Length(max=10, message=_("Kies er hooguit 10."))])
    moments = Moments(_("Op welke momenten?"))
    hours = Hours(_("Uren per week, ongeveer"), [Optional()])
    urgency = RadioChoice(_("Hoe snel?"), default=Urgency.DAY.value)
    start_on = Day(_("Startdatum"), [Optional()])
    ehealth = RadioChoice(
        _("Kan een hulpmiddel dit doen?"),
        [InputRequired(_("Kies wat past. Dit vragen we vóór we mensen vragen."))],
    )
    carer_gender = RadioChoice(_("Voorkeur voor wie komt"), default="")
    language = Choice(_("Taal naast Nederlands"), default="")
    uzovi = Choice(_("Zorgverzekeraar"), default="")
    remark = _remark(_("Wil je nog iets zeggen?"))

    @classmethod
    def of(cls, products: Any, skills: Any, insurers: Any, **given: Any) -> "RequestForm":
        """The form with this installation's choices."""
        form = cls(**given)
        form.products.choices = [(one.code, one.word) for one in products]
        form.skills.choices = [(one.code, one.word) for one in skills]
        form.urgency.choices = [(key.value, label) for key, label in URGENCIES.items()]
        form.ehealth.choices = [(key.value, label) for key, label in EHEALTH.items()]
        form.carer_gender.choices = [
            ("", _("Maakt niet uit")),
            *((key.value, label) for key, label in GENDERS.items()),
        ]
        form.language.choices = [("", _("Nederlands is genoeg")), *language_names(LANGUAGES).items()]
        form.uzovi.choices = [("", _("Weet ik niet")), *((one.uzovi, one.name) for one in insurers)]
        if not form.form_id.data:
            form.form_id.data = str(new_id())
        return form

    def validate_form_id(self, field: HiddenField) -> None:
        try:
            UUID(field.data or "")
        except ValueError:
            field.data = str(new_id())
            raise ValidationError(_("Verstuur het formulier nog een keer.")) from None

    def validate_hours(self, field: Hours) -> None:
        if field.data is None:
            return
        if not 15 <= field.data <= MOST_MINUTES:
            raise ValidationError(_("Kies een aantal uren tussen een kwartier en 168 uur."))

    def validate_start_on(self, field: Day) -> None:
        if self.urgency.data != Urgency.PLANNED.value:
            return
        if field.data is None:
            raise ValidationError(_("Kies de dag waarop de zorg begint."))
        if not time.today() <= field.data <= time.today() + FARTHEST_START:
            raise ValidationError(_("Kies een dag vanaf vandaag en binnen een half jaar."))

    def sketch(self) -> Profile:
        """What is filled in so far, for a first look at the reach; what is missing has its default."""
        urgency = self.urgency.data if self.urgency.data in set(Urgency) else Urgency.DAY
        moments = self.moments.data
        return Profile(
            pc4=self.pc4.data or "",
            products=tuple(self.products.data or ()),
            skills=tuple(() if self.skills.errors else self.skills.data or ()),
            moments=moments,
            minutes_per_week=(None if self.hours.errors else self.hours.data) or minutes_of(moments),
            urgency=Urgency(urgency),
            start_on=start_day(Urgency(urgency), time.today(), self.start_on.data),
            language=None if self.language.errors else self.language.data or None,
            uzovi=None if self.uzovi.errors else self.uzovi.data or None,
        )

    def profile(self) -> Profile:
        """What was filled in, as a care profile. Only after `validate()`."""
        urgency = Urgency(self.urgency.data)
        return Profile(
            pc4=self.pc4.data or "",
            products=tuple(self.products.data or ()),
            skills=tuple(self.skills.data or ()),
            moments=self.moments.data,
            minutes_per_week=self.hours.data or minutes_of(self.moments.data),
            urgency=urgency,
            start_on=start_day(urgency, time.today(), self.start_on.data),
            ehealth=Ehealth(self.ehealth.data or Ehealth.NOT_SUITABLE),
            carer_gender=Gender(self.carer_gender.data) if self.carer_gender.data else None,
            language=self.language.data or None,
            uzovi=self.uzovi.data or None,
            remark=self.remark.data or None,
        )


class OfferForm(Form):
    """A provider's offer: from when, how many hours."""

    start_on = Day(_("Wij kunnen starten op"), [DataRequired(_("Kies een dag."))])
    hours = Hours(_("Uren per week"), [DataRequired(_("Vul het aantal uren in."))])
    remark = _remark(_("Wil je er iets bij zeggen?"))

    def validate_start_on(self, field: Day) -> None:
        if field.data and field.data < time.today():
            raise ValidationError(_("Deze dag is al voorbij."))

    @property
    def day(self) -> date:
        """The start day. Only after `validate()`."""
        return self.start_on.data or time.today()


class DeclineForm(Form):
    """A provider cannot, for one of these reasons; each is a button."""

    reason = RadioChoice(
        _("Waarom niet?"),
        [InputRequired(_("Kies een reden."))],
        choices=[SelectChoice(key.value, label) for key, label in DECLINES.items()],
    )
    remark = _remark(_("Wil je er iets bij zeggen?"))

    @property
    def code(self) -> DeclineReason:
        return DeclineReason(self.reason.data)


class ChooseForm(Form):
    """Who made the choice."""

    chosen_by = RadioChoice(
        _("Wie heeft gekozen?"),
        [InputRequired(_("Kies wie de keuze maakte."))],
        choices=[SelectChoice(key.value, label) for key, label in CHOOSERS.items()],
    )

    @property
    def code(self) -> Chooser:
        return Chooser(self.chosen_by.data)


class WithdrawForm(Form):
    """Why the request is off the table."""

    reason = RadioChoice(
        _("Waarom trek je de zorgvraag in?"),
        [InputRequired(_("Kies een reden."))],
        choices=[SelectChoice(key.value, label) for key, label in WITHDRAWALS.items()],
    )

    @property
    def code(self) -> WithdrawReason:
        return WithdrawReason(self.reason.data)


class ReturnForm(Form):
    """Why a placement falls through."""

    reason = RadioChoice(
        _("Waarom gaat het niet door?"),
        [InputRequired(_("Kies een reden."))],
        choices=[SelectChoice(key.value, label) for key, label in RETURNS.items()],
    )

    @property
    def code(self) -> ReturnReason:
        return ReturnReason(self.reason.data)
