"""The forms of a client's file. What is typed here is sealed, so it does not pass the guard of free text."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Any, cast
from uuid import UUID

from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the types
    BooleanField,
    Field,
    HiddenField,
    SelectChoice,
    ValidationError,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import TextInput

from wijkapp.clients.rules import (
    LONGEST_LINE,
    LONGEST_TEXT,
    Data,
    EmergencyReason,
    GivenBy,
    How,
    Purpose,
    Scope,
    Verdict,
    code_of,
)
from wijkapp.clients.service.consent import Given, Objection
from wijkapp.clients.service.vault import Person, Sbar
from wijkapp.clients.wording import DATA, EMERGENCIES, GIVEN_BY, HOW, PURPOSES, SCOPES, VERDICTS
from wijkapp.kit import time
from wijkapp.kit.forms import Chips, Choice, Day, Form, RadioChoice, Sealed, Text
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _

_LINE = [Length(max=LONGEST_LINE, message=_("Houd het korter: hooguit %(most)s tekens.", most=LONGEST_LINE))]
_TEXT = [Length(max=LONGEST_TEXT, message=_("Houd het korter: hooguit %(most)s tekens.", most=LONGEST_TEXT))]

MONTH, QUARTER, YEAR = "30", "91", "365"
LASTS: Mapping[str, object] = {MONTH: _("1 maand"), QUARTER: _("3 maanden"), YEAR: _("1 jaar")}


def _choices(words: Mapping[Any, Any]) -> list[Any]:
    return [SelectChoice(str(value), word) for value, word in words.items()]


class BirthDate(Field):
    """A day long ago, as people say it: 12-3-1941. A picker of days would need eighty years of tapping."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        said = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", typed, re.ASCII)
        try:
            self.data = date(int(said[3]), int(said[2]), int(said[1])) if said else date.fromisoformat(typed)
        except ValueError:
            raise ValueError(gettext("Schrijf de geboortedatum zo: 12-03-1941.")) from None
        if not date(1900, 1, 1) <= self.data <= time.today():
            raise ValueError(gettext("Deze geboortedatum kan niet."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%d-%m-%Y}" if self.data else ""


class Clock(Field):
    """A time of day: 8.30, 08:30, 8u30."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        said = re.fullmatch(r"([01]?\d|2[0-3])(?:[:.u]([0-5]\d))?", typed, re.ASCII)
        if typed and not said:
            raise ValueError(gettext("Schrijf de tijd zo: 8.30."))
        if said:
            self.data = clock(int(said[1]), int(said[2] or 0))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M}" if self.data else ""


class Scopes(Field):
    """How much each party may see, sent as `scopes-<organisation>`; `data` is organisation -> Scope."""

    widget = TextInput()
    names: Mapping[UUID, str] = {}

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.data: dict[UUID, Scope] = {}
        self._sent = formdata

    def offer(self, names: Mapping[UUID, str], kept: Mapping[UUID, Scope]) -> None:
        """These parties are asked about. kept: what it is now, or was proposed."""
        self.names = names
        for organisation_id in names:
            sent = self._sent.get(f"{self.name}-{organisation_id}") if self._sent else None
            self.data[organisation_id] = Scope(sent) if sent in set(Scope) else kept[organisation_id]
            if sent and sent not in set(Scope):
                self.process_errors.append(gettext("Kies iets uit de lijst."))

    def choices(self) -> list[tuple[str, str]]:
        return [(scope.value, str(word)) for scope, word in SCOPES.items()]

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            return
        if not any(scope is not Scope.NONE for scope in self.data.values()):
            raise ValidationError(
                _("Minstens één organisatie moet iets mogen zien. Zegt de cliënt nee? Kies nee.")
            )


class AnswerForm(Form):
    """What every answer of a client says: from whom, and how it was given."""

    given_by = RadioChoice(_("Wie zei het?"), choices=_choices(GIVEN_BY), default=GivenBy.CLIENT)
    how = RadioChoice(_("Hoe?"), choices=_choices(HOW), default=How.SPOKEN)
    mitz_checked = BooleanField(_("Ik keek ook in Mitz"))


class ConsentForm(AnswerForm):
    """The client says yes. Everything has a default: to ask takes the time, not to write it down."""

    purposes = Chips(
        _("Waarvoor?"),
        [InputRequired(_("Kies waarvoor de cliënt toestemming geeft."))],
        choices=_choices(PURPOSES),
        default=[Purpose.HANDOVER, Purpose.CONTINUITY],
    )
    data_kinds = Chips(
        _("Welke gegevens?"),
        [InputRequired(_("Kies welke gegevens gedeeld mogen worden."))],
        choices=_choices(DATA),
        default=list(DATA),
    )
    scopes = Scopes(_("Wie mag wat zien?"))
    lasts = RadioChoice(_("Hoe lang?"), choices=_choices(LASTS), default=QUARTER)

    def given(self) -> Given:
        """What was filled in. Only after `validate()`."""
        kinds = tuple(Data(kind) for kind in self.data_kinds.data or ())
        return Given(
            given_by=GivenBy(self.given_by.data),
            how=How(self.how.data),
            purposes=tuple(Purpose(code) for code in self.purposes.data or ()),
            scopes=dict(self.scopes.data),
            data=() if set(kinds) == set(Data) else kinds,
            mitz_checked=bool(self.mitz_checked.data),
            until=time.day_starts(time.today() + timedelta(days=int(self.lasts.data) + 1)),
        )


class RefusalForm(AnswerForm):
    """The client says no to everything."""

    def no(self) -> Objection:
        return Objection(
            given_by=GivenBy(self.given_by.data),
            how=How(self.how.data),
            mitz_checked=bool(self.mitz_checked.data),
        )


class ObjectionForm(RefusalForm):
    """A no to one party, to some kinds of data, or to both."""

    party = RadioChoice(_("Wie mag het niet zien?"), default="")
    kinds = Chips(_("Welke gegevens niet?"), choices=_choices(DATA))

    def offer(self, names: Mapping[UUID, str]) -> None:
        self.party.choices = [
            ("", _("Alle organisaties")),
            *((str(organisation_id), name) for organisation_id, name in names.items()),
        ]

    def no(self) -> Objection:
        kinds = tuple(Data(kind) for kind in self.kinds.data or ())
        return Objection(
            given_by=GivenBy(self.given_by.data),
            how=How(self.how.data),
            organisation_id=UUID(self.party.data) if self.party.data else None,
            data=() if set(kinds) == set(Data) else kinds,
            mitz_checked=bool(self.mitz_checked.data),
        )


class IdentityForm(Form):
    """Who the client is."""

    name = Sealed(_("Naam"), [InputRequired(_("Vul de naam van de cliënt in.")), *_LINE])
    birth_date = BirthDate(_("Geboortedatum"))
    address = Sealed(_("Adres"), _LINE)
    phone = Sealed(_("Telefoon"), _LINE)
    contact = Sealed(_("Familie of vertegenwoordiger"), _LINE)
    entry = Sealed(_("Hoe kom je binnen?"), _LINE)

    @classmethod
    def of(cls, person: Person | None) -> "IdentityForm":
        return cls(formdata=None, data=vars(person) if person else None)

    def person(self) -> Person:
        return Person(
            name=self.name.data,
            birth_date=self.birth_date.data,
            address=self.address.data,
            phone=self.phone.data,
            contact=self.contact.data,
            entry=self.entry.data,
        )


class HandoverForm(Form):
    """The handover of care: situation, background, assessment, recommendation (SBAR)."""

    situation = Text(
        _("Situatie: wat is er aan de hand?"), [InputRequired(_("Schrijf op wat er aan de hand is.")), *_TEXT]
    )
    background = Text(_("Achtergrond: wat moet je weten?"), _TEXT)
    assessment = Text(_("Beoordeling: wat vind jij ervan?"), _TEXT)
    recommendation = Text(_("Advies: wat moet er gebeuren?"), _TEXT)

    @classmethod
    def of(cls, sbar: Sbar | None) -> "HandoverForm":
        return cls(formdata=None, data=vars(sbar) if sbar else None)

    def sbar(self) -> Sbar:
        return Sbar(
            situation=self.situation.data,
            background=self.background.data,
            assessment=self.assessment.data,
            recommendation=self.recommendation.data,
        )


class AppointmentForm(Form):
    """Who comes when, and for what."""

    day = Day(_("Dag"), [InputRequired(_("Kies een dag."))])
    hour = Clock(_("Tijd"), [InputRequired(_("Vul een tijd in."))])
    what = Sealed(_("Waarvoor?"), [InputRequired(_("Schrijf op waarvoor jullie komen.")), *_LINE])
    organisation_id = Choice(_("Wie komt?"))

    def offer(self, names: Iterable[tuple[UUID, str]], own: UUID) -> None:
        self.organisation_id.choices = [(str(organisation_id), name) for organisation_id, name in names]
        self.organisation_id.data = self.organisation_id.data or str(own)

    def validate_day(self, field: Day) -> None:
        if field.data and not time.today() <= field.data <= time.today() + timedelta(days=366):
            raise ValidationError(_("Kies een dag vanaf vandaag en binnen een jaar."))

    @property
    def at(self) -> datetime:
        """The moment, UTC. Only after `validate()`."""
        day = cast(date, self.day.data)
        return datetime.combine(day, self.hour.data, time.AMSTERDAM).astimezone(UTC)


class ReportForm(Form):
    """A message to the other parties about this client; `corrects` names the one that it puts right."""

    text = Text(_("Je bericht"), [InputRequired(_("Schrijf eerst je bericht.")), *_TEXT])
    corrects = HiddenField()

    def process(self, *given: Any, **more: Any) -> None:
        super().process(*given, **more)
        if self.corrects.data:
            self.text.label.text = str(_("Verbeterd bericht"))

    def validate_corrects(self, field: HiddenField) -> None:
        try:
            UUID(field.data) if field.data else None
        except ValueError:
            raise ValidationError(_("Dit bericht is er niet meer.")) from None

    @property
    def corrects_id(self) -> UUID | None:
        return UUID(self.corrects.data) if self.corrects.data else None


class EmergencyForm(Form):
    """Opening a file in an emergency."""

    code = Sealed(
        _("Cliëntcode"), [InputRequired(_("Vul de cliëntcode in. Die staat in het eigen dossier."))]
    )
    reason = RadioChoice(
        _("Waarom is het nood?"),
        [InputRequired(_("Kies waarom dit niet kan wachten."))],
        choices=_choices(EMERGENCIES),
    )
    why = Text(
        _("Wat is er aan de hand?"),
        [InputRequired(_("Schrijf in een paar woorden wat er aan de hand is.")), *_TEXT],
    )

    def validate_code(self, field: Sealed) -> None:
        if code_of(field.data) is None:
            raise ValidationError(_("Een cliëntcode ziet er zo uit: K7QM-4X2P."))

    @property
    def emergency_reason(self) -> EmergencyReason:
        return EmergencyReason(self.reason.data)


class ReviewForm(Form):
    """What somebody of the source thinks of an emergency, looking back."""

    verdict = RadioChoice(
        _("Was het terecht?"),
        [InputRequired(_("Kies of het terecht was."))],
        choices=_choices(VERDICTS),
    )

    @property
    def chosen(self) -> Verdict:
        return Verdict(self.verdict.data)
