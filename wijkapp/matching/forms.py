"""The forms of the journey: choices, chips and numbers, and a remark that the guard reads."""

from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the types
    Field,
    HiddenField,
    SelectChoice,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import TextInput

from wijkapp.agreements.rules import Urgency
from wijkapp.capacity.rules import MOST_MINUTES, SLOTS
from wijkapp.directory.rules import LANGUAGES
from wijkapp.kit import time
from wijkapp.kit.db import new_id
from wijkapp.kit.forms import Chips, Choice, Code, Day, Form, Hours, RadioChoice, language_names
from wijkapp.kit.words import lazy as _
from wijkapp.matching.ehealth import Aid, EhealthReason, suggestions
from wijkapp.matching.offer_forms import own_words
from wijkapp.matching.rare import Where
from wijkapp.matching.reasons import AIDS, EHEALTH, GENDERS, NO_EHEALTH, URGENCIES, WHERE
from wijkapp.matching.rules import (
    FARTHEST_START,
    MOST_VISITS,
    Ehealth,
    FollowKind,
    Gender,
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
    ehealth_reason = Choice(
        _("Waarom niet?"),
        default=EhealthReason.DOES_NOT_FIT.value,
        choices=[SelectChoice(key.value, label) for key, label in NO_EHEALTH.items()],
    )
    aids = Chips(_("Wat helpt?"))
    shown_where = RadioChoice(
        _("Wat zien aanbieders?"),
        default=Where.PC4.value,
        choices=[SelectChoice(key.value, label) for key, label in WHERE.items()],
    )
    rare_told = HiddenField()  # the page warned that few people have this profile there
    carer_gender = RadioChoice(_("Voorkeur voor wie komt"), default="")
    language = Choice(_("Taal naast Nederlands"), default="")
    uzovi = Choice(_("Zorgverzekeraar"), default="")
    remark = own_words(_("Wil je nog iets zeggen?"))
    follows = HiddenField()  # the request this one follows, and why
    follow_kind = HiddenField()
    until_on = Day(_("Tot en met"), [Optional()])

    @classmethod
    def of(cls, products: Any, skills: Any, insurers: Any, **given: Any) -> "RequestForm":
        """The form with this installation's choices."""
        form = cls(**given)
        form.products.choices = [(one.code, one.word) for one in products]
        form.skills.choices = [(one.code, one.word) for one in skills]
        form.urgency.choices = [(key.value, label) for key, label in URGENCIES.items()]
        form.ehealth.choices = [(key.value, label) for key, label in EHEALTH.items()]
        form.aids.choices = [(aid.value, AIDS[aid]) for aid in form._aids_to_think_of()]
        form.carer_gender.choices = [
            ("", _("Maakt niet uit")),
            *((key.value, label) for key, label in GENDERS.items()),
        ]
        form.language.choices = [("", _("Nederlands is genoeg")), *language_names(LANGUAGES).items()]
        form.uzovi.choices = [("", _("Weet ik niet")), *((one.uzovi, one.name) for one in insurers)]
        if not form.form_id.data:
            form.form_id.data = str(new_id())
        return form

    @classmethod
    def wished(cls, args: MultiDict[str, str]) -> MultiDict[str, str] | None:
        """What another page fills in beforehand, by the address; None when that is nothing."""
        names = ("pc4", "products", "skills", "urgency", "start_on", "language", "uzovi")
        found = [(name, value) for name, value in args.items(multi=True) if name in names]
        return MultiDict(found) if found else None

    def _aids_to_think_of(self) -> list[Aid]:
        """Those that fit this care first; what somebody chose before may be among the others."""
        first = suggestions(self.products.data or (), self.skills.data or ())
        return [*first, *(aid for aid in Aid if aid not in first)]

    @property
    def think_of(self) -> tuple[str, ...]:
        """Codes of the aids that fit the care that is chosen so far."""
        return tuple(aid.value for aid in suggestions(self.products.data or (), self.skills.data or ()))

    @property
    def outcome(self) -> Ehealth:
        """What came of the question about e-health."""
        return Ehealth(self.ehealth.data or Ehealth.NOT_SUITABLE)

    def validate_form_id(self, field: HiddenField) -> None:
        try:
            UUID(field.data or "")
        except ValueError:
            field.data = str(new_id())
            raise ValidationError(_("Verstuur het formulier nog een keer.")) from None

    def validate_follows(self, field: HiddenField) -> None:
        try:
            field.data = str(UUID(field.data)) if field.data else ""
        except ValueError:
            field.data = ""
        if self.follow_kind.data not in set(FollowKind):
            field.data = self.follow_kind.data = ""

    def validate_until_on(self, field: Day) -> None:
        if field.data and field.data < time.today():
            raise ValidationError(_("Deze dag is al voorbij."))

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
        urgency, unsuitable = Urgency(self.urgency.data), self.outcome is Ehealth.NOT_SUITABLE
        return Profile(
            pc4=self.pc4.data or "",
            products=tuple(self.products.data or ()),
            skills=tuple(self.skills.data or ()),
            moments=self.moments.data,
            minutes_per_week=self.hours.data or minutes_of(self.moments.data),
            urgency=urgency,
            start_on=start_day(urgency, time.today(), self.start_on.data),
            ehealth=self.outcome,
            ehealth_reason=EhealthReason(self.ehealth_reason.data) if unsuitable else None,
            aids=() if unsuitable else tuple(self.aids.data or ()),
            shown_where=Where(self.shown_where.data),
            knows_rare=bool(self.rare_told.data),
            carer_gender=Gender(self.carer_gender.data) if self.carer_gender.data else None,
            language=self.language.data or None,
            uzovi=self.uzovi.data or None,
            remark=self.remark.data or None,
            follows_id=UUID(self.follows.data) if self.follows.data else None,
            follow_kind=FollowKind(self.follow_kind.data) if self.follow_kind.data else None,
            until_on=self.until_on.data,
        )


def filled_in(profile: Profile) -> dict[str, Any]:
    """A care profile as the form begins with it."""
    return {
        "pc4": profile.pc4,
        "products": list(profile.products),
        "skills": list(profile.skills),
        "moments": profile.moments,
        "hours": profile.minutes_per_week or None,
        "urgency": Urgency.PLANNED.value,  # the day is what counts: what was urgent then need not be now
        "start_on": profile.start_on,
        "ehealth": profile.ehealth.value,
        "shown_where": profile.shown_where.value,
        "carer_gender": profile.carer_gender.value if profile.carer_gender else "",
        "language": profile.language or "",
        "uzovi": profile.uzovi or "",
        "remark": profile.remark or "",
        "until_on": profile.until_on,
        "follows": str(profile.follows_id or ""),
        "follow_kind": profile.follow_kind.value if profile.follow_kind else "",
    }
