"""What the wijkregisseur fills in."""

from collections.abc import Iterable

from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than the types
from wtforms.validators import InputRequired

from wijkapp.agreements.fields import CHOOSE, FILL_IN, at_most
from wijkapp.kit.forms import Choice, Email, Form, Line, RadioChoice
from wijkapp.kit.words import lazy as _
from wijkapp.matching.reasons import OUTSIDE
from wijkapp.matching.rules import OutsideWhere
from wijkapp.people.models import Organisation
from wijkapp.people.rules import OrganisationKind


class OutsideForm(Form):
    """Where care was found. A code: no name of a place that says who the client is."""

    found_at = RadioChoice(
        _("Waar is zorg gevonden?"),
        [InputRequired(_("Kies waar zorg is gevonden."))],
        choices=[SelectChoice(one.value, OUTSIDE[one]) for one in OutsideWhere],
    )

    @property
    def where(self) -> OutsideWhere:
        return OutsideWhere(self.found_at.data)


class OnlookerForm(Form):
    """Who may look at a region."""

    organisation = Choice(_("Welke organisatie?"), [CHOOSE])

    def offer(self, others: Iterable[Organisation]) -> "OnlookerForm":
        named = [SelectChoice(str(one.id), one.name) for one in others]
        self.organisation.choices = [SelectChoice("", _("Kies een organisatie")), *named]
        return self


class NewOnlookerForm(Form):
    """The same, of an organisation that is not on wijkapp yet; and who gets its first account."""

    name = Line(_("Naam van de organisatie"), [FILL_IN, at_most(120)])
    kind = RadioChoice(
        _("Wat is het?"),
        [CHOOSE],
        choices=[
            SelectChoice(OrganisationKind.INSURER.value, _("Zorgverzekeraar of zorgkantoor")),
            SelectChoice(OrganisationKind.MUNICIPALITY.value, _("Gemeente")),
        ],
    )
    person = Line(_("Wie nodig je uit?"), [FILL_IN, at_most(120)])
    email = Email(_("E-mailadres"), [FILL_IN])
