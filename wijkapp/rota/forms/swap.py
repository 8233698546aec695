"""Forms about swapping: whom to ask, and which state of a duty somebody looked at."""

from uuid import UUID

from wtforms import ValidationError
from wtforms.validators import InputRequired, Length

from wijkapp.kit.forms import Code, Form, Whole
from wijkapp.kit.words import gettext
from wijkapp.kit.words import lazy as _
from wijkapp.rota.service.swap import Question

MOST_CHANGES = 999_999
"""A sequence number is no larger than this."""


class Key(Code):
    """The id of something in a list; empty: nothing chosen."""

    chosen: UUID | None = None

    def pre_validate(self, form: object) -> None:
        try:
            self.chosen = UUID(self.data) if self.data else None
        except ValueError:
            raise ValidationError(gettext("Kies iets uit de lijst.")) from None


class AskForm(Form):
    """Whom to ask. to: one colleague, empty means everybody who may. return_duty: what comes back."""

    to = Key(_("Collega"), [Length(max=36)])
    return_duty = Key(_("Dienst in ruil"), [Length(max=36)])

    def question(self) -> Question:
        to = frozenset({self.to.chosen}) if self.to.chosen else frozenset()
        return Question(to, self.return_duty.chosen)


class SeenForm(Form):
    """Which state of the duty the page showed."""

    seen = Whole(_("Gezien"), most=MOST_CHANGES, validators=[InputRequired()])
