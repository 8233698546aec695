"""The form that makes a secret address."""

from uuid import UUID

from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than the types

from wijkapp.kit.errors import NotFound
from wijkapp.kit.forms import Code, Form, RadioChoice
from wijkapp.kit.words import lazy as _
from wijkapp.rota.page_words import ADDRESSES
from wijkapp.rota.rules import AddressKind


class AddressForm(Form):
    """Which kind, and of which region."""

    kind = RadioChoice(
        _("Wat moet het adres geven?"),
        choices=[SelectChoice(kind.value, ADDRESSES[kind]) for kind in AddressKind],
    )
    region = Code()

    @property
    def region_id(self) -> UUID:
        """Raises NotFound for what is no id."""
        try:
            return UUID(self.region.data or "")
        except ValueError:
            raise NotFound from None
