"""The forms of the privacy pages: a period, a verdict, a breach. What is typed about a breach is sealed."""

from datetime import UTC, date, datetime
from typing import Any, cast

from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the types
    Field,
    HiddenField,
    IntegerField,
    SelectChoice,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from wijkapp.clients.breach_rules import LONGEST_WORDS, Kind, Risk
from wijkapp.clients.forms import Clock
from wijkapp.clients.odd_rules import Rule, Verdict
from wijkapp.clients.privacy_wording import BREACH_KINDS, RISKS, VERDICTS, Words
from wijkapp.clients.service.breach import BreachShown, Told
from wijkapp.kit import time
from wijkapp.kit.errors import NotFound
from wijkapp.kit.forms import Choice, Day, Form, RadioChoice, Text
from wijkapp.kit.words import lazy as _

FIRST_YEAR = 2020
MOST_PEOPLE = 20_000_000

_CHOOSE = InputRequired(_("Kies iets uit de lijst."))
_WORDS = [
    Length(max=LONGEST_WORDS, message=_("Houd het korter: hooguit %(most)s tekens.", most=LONGEST_WORDS))
]


def _listed(words: Words) -> list[SelectChoice]:
    return [SelectChoice(value.value, word) for value, word in words.items()]


class PeriodForm(Form):
    """From which day until which day; both may be left out."""

    since = Day(_("Van"), name="van")
    until = Day(_("Tot en met"), name="tot")

    class Meta(Form.Meta):
        csrf = False  # only a question

    def validate_until(self, field: Day) -> None:
        if self.since.data and field.data and field.data < self.since.data:
            raise ValidationError(_("Deze dag ligt vóór de eerste."))


class VerdictForm(Form):
    """What came out of a look at something odd."""

    rule = HiddenField(validators=[InputRequired()])
    first_seq = HiddenField(validators=[InputRequired()])
    month = HiddenField(validators=[InputRequired()])
    verdict = Choice(_("Wat kwam eruit?"), [_CHOOSE], choices=_listed(VERDICTS))

    @property
    def which(self) -> tuple[Rule, int]:
        """The rule and the line it begins with. Raises NotFound."""
        number = str(self.first_seq.data)
        if self.rule.data not in set(Rule) or not (
            number.isascii() and number.isdigit() and len(number) < 19
        ):
            raise NotFound
        return Rule(self.rule.data), int(number)

    @property
    def chosen(self) -> Verdict:
        return Verdict(self.verdict.data)


def month_of(text: str | None) -> date:
    """The first day of a month as in 2026-11; this month when it is left out. Raises NotFound."""
    today = time.today()
    if not text:
        return today.replace(day=1)
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound from None
    if not date(FIRST_YEAR, 1, 1) <= month <= today or len(text) != 7:
        raise NotFound
    return month


class BreachForm(Form):
    """What is known of a breach now."""

    found_on = Day(_("Wanneer ontdekt?"), [InputRequired(_("Vul de dag in."))])
    found_at = Clock(_("Hoe laat?"))
    kind = Choice(_("Wat ging er mis?"), [_CHOOSE], choices=_listed(BREACH_KINDS))
    what = Text(_("Wat gebeurde er?"), [InputRequired(_("Schrijf op wat er gebeurde.")), *_WORDS])
    people_touched = IntegerField(
        _("Om hoeveel mensen gaat het?"),
        [Optional(), NumberRange(0, MOST_PEOPLE, message=_("Schrijf een getal, zoals 12."))],
    )
    risk = RadioChoice(_("Wat is het risico voor hen?"), [_CHOOSE], choices=_listed(RISKS))
    measures = Text(_("Wat hebben jullie gedaan?"), _WORDS)

    def process(self, *args: Any, **kwargs: Any) -> None:
        super().process(*args, **kwargs)
        number = self.people_touched
        if number.process_errors:  # WTForms says it in English
            number.process_errors = [str(_("Schrijf een getal, zoals 12."))]

    def validate_found_at(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError(_("Schrijf de tijd zo: 8.30."))

    def told(self) -> Told:
        """As the service wants it."""
        local = datetime.combine(cast(date, self.found_on.data), self.found_at.data, tzinfo=time.AMSTERDAM)
        return Told(
            found_at=local.astimezone(UTC),
            kind=Kind(self.kind.data),
            risk=Risk(self.risk.data),
            what=self.what.data,
            measures=self.measures.data,
            people_touched=self.people_touched.data,
        )

    @classmethod
    def of(cls, breach: BreachShown) -> "BreachForm":
        """Filled in with what is known."""
        found = time.local(breach.line.found_at)
        return cls(
            formdata=None,
            found_on=found.date(),
            found_at=found.time(),
            kind=breach.line.kind.value,
            risk=breach.line.risk.value,
            what=breach.what,
            measures=breach.measures,
            people_touched=breach.line.people_touched,
        )
