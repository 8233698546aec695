"""What the wijkregisseur fills in."""

from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than the types
from wtforms.validators import InputRequired

from wijkapp.kit.forms import Form, RadioChoice
from wijkapp.kit.words import lazy as _
from wijkapp.matching.reasons import OUTSIDE
from wijkapp.matching.rules import OutsideWhere


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
