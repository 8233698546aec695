"""The form of Zoek zorg. It stands in the address, so that one can go back to it and send it on."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from wijkapp.agreements.rules import Urgency
from wijkapp.directory.rules import LANGUAGES
from wijkapp.kit import time
from wijkapp.kit.forms import Chips, Choice, Code, Day, Form, RadioChoice, language_names
from wijkapp.kit.words import lazy as _
from wijkapp.matching.reasons import URGENCIES
from wijkapp.matching.rules import start_day
from wijkapp.matching.service.search import Query


class SearchForm(Form):
    """Where, what and when; the rest narrows it down."""

    pc4 = Code(
        _("Postcode (4 cijfers)"),
        [
            InputRequired(_("Vul de vier cijfers van de postcode in.")),
            Regexp(r"^[1-9][0-9]{3}$", message=_("Een postcode heeft vier cijfers.")),
        ],
    )
    products = Chips(_("Welke zorg?"), [InputRequired(_("Kies ten minste één soort zorg."))])
    skills = Chips(_("Bijzondere handelingen"), [Length(max=10, message=_("Kies er hooguit 10."))])
    urgency = RadioChoice(_("Hoe snel?"), default=Urgency.DAY.value)
    start_on = Day(_("Startdatum"), [Optional()])
    language = Choice(_("Taal naast Nederlands"), default="")
    uzovi = Choice(_("Zorgverzekeraar"), default="")
    room = BooleanField(_("Alleen wie dan plek heeft"))
    near = BooleanField(_("Alleen in deze wijk of ernaast"))

    @classmethod
    def of(cls, products: Any, skills: Any, insurers: Any, **given: Any) -> "SearchForm":
        """The form with this installation's choices."""
        form = cls(meta={"csrf": False}, **given)  # asks only: it changes nothing
        form.products.choices = [(one.code, one.word) for one in products]
        form.skills.choices = [(one.code, one.word) for one in skills]
        form.urgency.choices = [(key.value, label) for key, label in URGENCIES.items()]
        form.language.choices = [("", _("Maakt niet uit")), *language_names(LANGUAGES).items()]
        form.uzovi.choices = [("", _("Maakt niet uit")), *((one.uzovi, one.name) for one in insurers)]
        return form

    @property
    def query(self) -> Query:
        """What is looked for. Only after `validate()`."""
        return Query(
            pc4=self.pc4.data,
            products=tuple(self.products.data or ()),
            skills=tuple(self.skills.data or ()),
            start_on=start_day(Urgency(self.urgency.data), time.today(), self.start_on.data),
            language=self.language.data or None,
            uzovi=self.uzovi.data or None,
            room=self.room.data,
            near=self.near.data,
        )

    @property
    def as_request(self) -> dict[str, Any]:
        """The same question for the form that sends it to all."""
        wanted = {name: getattr(self, name).data for name in ("pc4", "products", "skills", "urgency")}
        if self.urgency.data == Urgency.PLANNED and self.start_on.data:
            wanted["start_on"] = self.start_on.data.isoformat()
        return wanted | {name: getattr(self, name).data for name in ("language", "uzovi") if self[name].data}
